#pragma once

// How a row is made of a transform on numbers or on tensors, which is given as a generic function of
// std::vector<X> or Tensor<T>.

#include <autodiff/autodiff.hpp>
#include <transform_table/derivatives.hpp>

namespace autodiff::tests {

template <class X>
auto flat(const X& result)
{
    if constexpr (Number<X>) return std::vector<X>{result};
    else if constexpr (is_tensor<X>) return reshape(result, {result.size()});
    else if constexpr (NumberContainer<X>)
        return std::vector<typename X::value_type>(result.begin(), result.end());
    else {
        decltype(flat(result[0])) all;
        for (const auto& row : result)
            for (const auto& number : flat(row)) all.push_back(number);
        return all;
    }
}

template <class T>
Numbers to_double(const std::vector<T>& numbers)
{
    return Numbers(numbers.begin(), numbers.end());
}
template <class T>
Numbers to_double(const Tensor<T>& tensor)
{
    return to_double(tensor.to_vector());
}

template <class T = double>
Tensor<T> to_tensor(const Numbers& numbers)
{
    const std::vector<T> elements(numbers.begin(), numbers.end());
    return Tensor<T>(Shape{static_cast<Index>(elements.size())}, std::span<const T>(elements));
}

template <class X>
X inner_product(const std::vector<X>& a, const Numbers& b)
{
    X total = lift<X>(0);
    for (std::size_t i = 0; i < a.size(); ++i) total = total + a[i] * lift<X>(b[i]);
    return total;
}
inline Tensor<double> inner_product(const Tensor<double>& a, const Numbers& b)
{
    return sum(a * to_tensor(b));
}

/// The points of the table: floats, so that float and double start from the same numbers.
inline Numbers some_numbers(std::size_t count, std::uint64_t seed)
{
    Random random(seed);
    Numbers numbers;
    while (numbers.size() < count) numbers.push_back(static_cast<float>(random.uniform(-1, 1)));
    return numbers;
}

inline std::vector<Numbers> unit_vectors(std::size_t size)
{
    std::vector<Numbers> units(size, Numbers(size));
    for (std::size_t i = 0; i < size; ++i) units[i][i] = 1;
    return units;
}

/// c as numbers of the kind that v has, constants where v is recorded.
constexpr auto constants = []<class C>(const C&, const Numbers& c) {
    using X = typename C::value_type;
    if constexpr (is_tensor<C>) return to_tensor<X>(c);
    else {
        std::vector<X> numbers;
        for (const double number : c) numbers.push_back(lift<X>(number));
        return numbers;
    }
};

enum class Nests { no, yes };

/// Whose derivatives, along these directions, the transform's result should be.
template <class Primal>
struct Expected {
    Primal primal;
    std::vector<Numbers> directions;
};

/// A transform on numbers at x.
template <Nests nests = Nests::yes, class Transform, class Primal>
Derivative on_numbers(std::string name, std::string variant, Numbers x, Transform transform,
                      Expected<Primal> expected)
{
    const auto seeded = [x](const Numbers& x_dot) {
        std::vector<Dual<double>> duals;
        for (std::size_t i = 0; i < x.size(); ++i) duals.emplace_back(x[i], x_dot[i]);
        return duals;
    };
    Derivative d;
    d.subject = {std::move(name), std::move(variant), "numbers", ""};
    d.x = x;
    d.directions = std::move(expected.directions);
    d.primal = [primal = expected.primal](const Numbers& at) { return flat(primal(at)); };
    d.result = [=](const Numbers& at) { return flat(transform(at)); };
    d.other_mode = [=, primal = expected.primal](const Numbers& x_dot) {
        Numbers tangents;
        for (const auto& y : flat(primal(seeded(x_dot)))) tangents.push_back(y.tangent);
        return tangents;
    };
    d.single = to_double(flat(transform(std::vector<float>(x.begin(), x.end()))));
    if constexpr (nests == Nests::yes)
        d.second_order = {[=](const Numbers& w) {
                              return gradient(
                                  [&](const std::vector<Scalar<double>>& at) {
                                      return inner_product(flat(transform(at)), w);
                                  },
                                  x);
                          },
                          [=](const Numbers& w, const Numbers& x_dot) {
                              return inner_product(flat(transform(seeded(x_dot))), w).tangent;
                          }};
    return d;
}

/// A transform on a tensor x.
template <Nests nests = Nests::yes, class Transform, class Primal>
Derivative on_tensors(std::string name, std::string variant, Numbers x, Transform transform,
                      Expected<Primal> expected)
{
    Derivative d;
    d.subject = {std::move(name), std::move(variant), "tensors", ""};
    d.x = x;
    d.directions = std::move(expected.directions);
    d.primal = [primal = expected.primal](const Numbers& at) { return to_double(primal(to_tensor(at))); };
    d.result = [=](const Numbers& at) { return to_double(transform(to_tensor(at))); };
    d.other_mode = [=, primal = expected.primal](const Numbers& x_dot) {
        return to_double(jvp(primal, to_tensor(x), to_tensor(x_dot)).tangent);
    };
    d.single = to_double(transform(to_tensor<float>(x)));
    if constexpr (nests == Nests::yes) {
        const auto along = [=](const Numbers& w) {
            return [=](const Tensor<double>& at) { return inner_product(flat(transform(at)), w); };
        };
        d.second_order = {[=](const Numbers& w) { return to_double(gradient(along(w), to_tensor(x))); },
                          [=](const Numbers& w, const Numbers& x_dot) {
                              return jvp(along(w), to_tensor(x), to_tensor(x_dot)).tangent.item();
                          }};
    }
    return d;
}

/// The gradient of f by forward mode, along each of the unit vectors.
template <class F>
auto gradient_forwards(F f)
{
    return [f]<class C>(const C& x) {
        if constexpr (is_tensor<C>) {
            std::vector<C> partials;
            for (const Numbers& e : unit_vectors(static_cast<std::size_t>(x.size())))
                partials.push_back(jvp(f, x, constants(x, e)).tangent);
            return stack(partials);
        } else {
            C partials;
            for (const Numbers& e : unit_vectors(x.size()))
                partials.push_back(jvp(f, x, constants(x, e)).tangent);
            return partials;
        }
    };
}

}  // namespace autodiff::tests
