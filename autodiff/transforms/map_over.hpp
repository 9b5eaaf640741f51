#pragma once

// map_over: many results of one function of the same numbers, whose derivatives are computed when the sweep
// gets there.
//
//     y = map_over(count, f, x…)     [f(0, x…), f(1, x…), …]

#include <autodiff/transforms/part.hpp>

#include <memory>

namespace autodiff {

namespace detail {

/// The block of map_over: records f(i, x…) again for each i when it is swept.
template <class T, class F, class... A>
class MapOver final : public BlockMap<T> {
public:
    MapOver(std::size_t count, F f, Arguments<T, A...> x) : count_(count), f_(std::move(f)), x_(std::move(x))
    {
    }

    std::vector<T> values() const
    {
        std::vector<T> values;
        values.reserve(count_);
        const auto x = x_.values();
        for (std::size_t i = 0; i < count_; ++i) values.push_back(constant_of<T>(call(f_, x, i)));
        return values;
    }
    void pull(T* adjoint, Node first, Products) const override
    {
        Part<T> part("map_over", x_.nodes().size());
        auto x = x_.variables(part.session());
        {
            const auto running = part.running();
            for (std::size_t i = 0; i < count_; ++i) {
                const T y_bar = std::exchange(adjoint[first + i], T{});
                if (contributes_nothing(y_bar)) continue;
                part.pull(call(f_, x, i), y_bar);
                part.settle(x);
            }
        }
        part.sweep();
        for (std::size_t k = 0; k < x_.nodes().size(); ++k) {
            T& x_bar = adjoint[x_.nodes()[k]];
            x_bar = x_bar + part.take_adjoint(k);
        }
    }
    void append_arguments(std::vector<Node>& nodes) const override { x_.append_to(nodes); }
    std::size_t bytes() const override { return sizeof(*this) + x_.bytes(); }

private:
    std::size_t count_;
    F f_;
    Arguments<T, A...> x_;
};

}  // namespace detail

/// [f(0, x…), …, f(count - 1, x…)] as a std::vector of numbers. Only values are computed now; the sweep
/// records each f(i, x…) again, one at a time: f is then called after this call has returned, so capture by
/// value what does not live as long.
/// @throws RecordingError if f uses a recorded number that is not one of x….
template <class F, class... A>
auto map_over(std::size_t count, F f, const A&... x)
{
    if constexpr (detail::WithScalars<A...>) {
        using X = Deepest<typename detail::NumberIn<A>::type...>;
        using T = typename X::value_type;
        using Map = detail::MapOver<T, F, A...>;
        detail::Arguments<T, A...> arguments("map_over", x...);
        const bool is_recorded = !arguments.nodes().empty();
        auto map = std::make_unique<Map>(count, std::move(f), std::move(arguments));
        const std::vector<T> values = map->values();
        if (!is_recorded) return detail::mapped(values, [](const T& y, std::size_t) { return X(y); });
        return detail::block<T>(values, std::move(map));
    } else {
        using Y = typename NumberOf<std::remove_cvref_t<decltype(f(std::size_t{0}, x...))>>::type;
        std::vector<Y> y;
        y.reserve(count);
        for (std::size_t i = 0; i < count; ++i) y.push_back(f(i, x...));
        return y;
    }
}

}  // namespace autodiff
