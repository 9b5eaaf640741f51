#pragma once

// A function, computed in all the ways there are.

#include <edge_values/edge_table.hpp>
#include <support/recorded_gradient.hpp>

namespace autodiff::tests {

namespace detail {

template <class T, class F, std::size_t N, std::size_t... I>
auto called(const F& f, const std::array<T, N>& x, std::index_sequence<I...>)
{
    return f(x[I]...);
}

template <class T>
std::vector<double> as_doubles(const std::vector<T>& numbers)
{
    return {numbers.begin(), numbers.end()};
}

/// f(x…) for an array x.
template <std::size_t N, class F>
auto of_array(const F& f)
{
    return [f]<class X>(const std::array<X, N>& x) -> X {
        return called<X>(f, x, std::make_index_sequence<N>{});
    };
}

template <class T, std::size_t N>
std::array<T, N> unit(std::size_t k)
{
    std::array<T, N> result{};
    result[k] = 1;
    return result;
}

template <class T, std::size_t N, class F>
void add_answers_of_numbers(std::vector<Answer>& all, const F& f, const std::array<T, N>& x)
{
    const auto [value, g] = recorded_value_and_gradient(of_array<N>(f), x);
    all.push_back({"numbers, recorded", value, {g.begin(), g.end()}});
    Answer forwards{"numbers, forwards", 0, {}};
    for (std::size_t k = 0; k < N; ++k) {
        const auto along = jvp(of_array<N>(f), x, unit<T, N>(k));
        forwards.value = along.value;
        forwards.slopes.push_back(along.tangent);
    }
    all.push_back(forwards);
}

/// On tensors of equal elements, enough for a SIMD batch and a rest: all must have the same answer.
template <class T, std::size_t N, class F>
void add_answers_of_tensors(std::vector<Answer>& all, const F& f, const std::array<T, N>& x,
                            const Shape& shape, const char* how)
{
    std::array<Tensor<T>, N> tensors;
    for (std::size_t k = 0; k < N; ++k) tensors[k] = Tensor<T>::filled(shape, x[k]);
    const auto values = called<Tensor<T>>(f, tensors, std::make_index_sequence<N>{}).to_vector();
    Trace<T> trace(tensors);
    autodiff::detail::run(trace, [&] {
        return called<Tensor<T>>(f, autodiff::detail::to_array<T, N>(trace.variables()),
                                 std::make_index_sequence<N>{});
    });
    const auto adjoints = trace.pull(Tensor<T>::ones(shape));
    for (std::size_t element = 0; element < values.size();
         element += values.size() > 1 ? values.size() - 1 : 1) {
        Answer backwards{how, values[element], {}}, forwards = backwards;
        forwards.how += ", forwards";
        for (std::size_t k = 0; k < N; ++k) {
            backwards.slopes.push_back(adjoints[k].to_vector()[element]);
            std::vector<Tensor<T>> direction;
            for (std::size_t j = 0; j < N; ++j) direction.push_back(Tensor<T>::filled(shape, j == k ? 1 : 0));
            forwards.slopes.push_back(trace.push(direction).to_vector()[element]);
        }
        all.push_back(backwards);
        all.push_back(forwards);
    }
}

template <class T, std::size_t N, class F>
std::vector<Answer> elementwise_answers(const F& f, const std::vector<double>& at)
{
    std::array<T, N> x;
    for (std::size_t k = 0; k < N; ++k) x[k] = static_cast<T>(at[k]);
    std::vector<Answer> all;
    add_answers_of_numbers(all, f, x);
    add_answers_of_tensors(all, f, x, Shape{}, "tensor of rank 0");
    add_answers_of_tensors(all, f, x, Shape{19}, "long tensor");
    return all;
}

template <class T, class F>
std::vector<Answer> vector_answers(const F& f, const std::vector<double>& at)
{
    const std::vector<T> elements(at.begin(), at.end());
    const Tensor<T> x(Shape{static_cast<Index>(at.size())}, std::span<const T>(elements));
    const auto [value, g] = value_and_gradient(f, x);
    Answer forwards{"tensor, forwards", static_cast<double>(value.item()), {}};
    for (std::size_t k = 0; k < at.size(); ++k) {
        std::vector<T> direction(at.size());
        direction[k] = 1;
        forwards.slopes.push_back(
            jvp(f, x, Tensor<T>(x.shape(), std::span<const T>(direction))).tangent.item());
    }
    return {{"tensor", static_cast<double>(value.item()), as_doubles(g.to_vector())}, forwards};
}

}  // namespace detail

/// f is a generic lambda of N numbers.
template <std::size_t N = 1, class F>
Edge elementwise_edge(std::string op, F f, std::vector<Point> points)
{
    return {std::move(op), std::move(points), [f](const std::vector<double>& at, bool in_float) {
                return in_float ? detail::elementwise_answers<float, N>(f, at)
                                : detail::elementwise_answers<double, N>(f, at);
            }};
}

/// f is a generic lambda of a tensor, called with a vector, that returns a number.
template <class F>
Edge vector_edge(std::string op, F f, std::vector<Point> points)
{
    return {std::move(op), std::move(points), [f](const std::vector<double>& at, bool in_float) {
                return in_float ? detail::vector_answers<float>(f, at)
                                : detail::vector_answers<double>(f, at);
            }};
}

}  // namespace autodiff::tests
