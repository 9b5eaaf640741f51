#pragma once

// Scoped reverse: parts of a computation on numbers that are swept as soon as they are recorded, so that
// their tape stays small and in cache. What is left of a part is a statement.
//
//     y     = preaccumulate(f, x…)     f(x…)
//     total = sum_over(count, f, x…)   Σ f(i, x…)
//
// x… are numbers or containers of them (std::vector, std::array). f may use no other recorded number, and
// nothing recorded may leave it but its result. f is called with recorded numbers, and where few arguments
// are recorded with dual numbers, so let it take `const auto&`. With plain numbers these calls are the plain
// calls and loops, so generic code can use them for every kind.

#include <autodiff/transforms/part.hpp>

namespace autodiff {

namespace detail {

/// Whether f can be called with dual numbers D….
template <class T, class F, class D, class... First>
inline constexpr bool takes_lanes = false;
template <std::floating_point T, class F, class... D, class... First>
inline constexpr bool takes_lanes<T, F, std::tuple<D...>, First...> =
    std::invocable<F&, const First&..., const D&...>;

/// The value of Σ f(i, x…) and its derivatives in the directions of x….
template <class T, class F, class... A>
Lanes<T> sum_of_duals(std::size_t count, F& f, const std::tuple<A...>& x)
{
    Lanes<T> sum{};
    const auto evaluating = forwards<T>();
    for_instruction_set([&](auto) {
        for (std::size_t i = 0; i < count; ++i) sum += lift<Lanes<T>>(call(f, x, i));
    });
    return sum;
}

/// The statement for one of a part's results, from its derivatives in the directions of `nodes`.
template <class T>
Scalar<T> linked(const Lanes<T>& y, const std::vector<Node>& nodes)
{
    T partials[lanes<T>];
    y.tangent.store(partials);
    return linked(y.value, std::array{Nodes(nodes)}, std::vector<T>(partials, partials + nodes.size()));
}

}  // namespace detail

/// f(x…), recorded as one statement for each number of its result, with a link to each of x… that it depends
/// on, however much f computes on the way. Worth it where f has few arguments and a long computation: the
/// derivatives of up to eight are computed forwards, in one evaluation without a tape.
/// @throws RecordingError if f uses a recorded number that is not one of x….
template <class F, class... A>
auto preaccumulate(F&& f, const A&... x)
{
    if constexpr (detail::WithScalars<A...>) {
        using X = Deepest<typename detail::NumberIn<A>::type...>;
        using T = typename X::value_type;
        const char* const name = "preaccumulate";
        const detail::Arguments<T, A...> arguments(name, x...);
        const auto& nodes = arguments.nodes();

        const auto by_tape = [&] {
            detail::Part<T> part(name, nodes.size());
            const auto results = [&] {
                const auto running = part.running();
                return detail::mapped_results(std::apply(f, arguments.variables(part.session())),
                                              [&](const auto& y) { return part.result(y); });
            }();
            return detail::mapped_results(results, [&](const X& y) {
                part.seed(y, lift<T>(1));
                part.sweep();
                return detail::linked(y.value(), std::array{detail::Nodes(nodes)}, part.take_adjoints());
            });
        };
        if constexpr (detail::takes_lanes<T, F, detail::ArgumentsOf<detail::Lanes<T>, A...>>) {
            if (nodes.size() > detail::lanes<T> || detail::watch) return by_tape();
            const auto duals = arguments.duals();
            typename detail::Mapped<std::remove_cvref_t<decltype(std::apply(f, duals))>,
                                    detail::Lanes<T>>::type results;
            const auto evaluating = detail::forwards<T>();
            for_instruction_set([&](auto) {
                results = detail::mapped_results(detail::call(f, duals),
                                                 [&](const auto& y) { return lift<detail::Lanes<T>>(y); });
            });
            return detail::mapped_results(
                results, [&](const detail::Lanes<T>& y) { return detail::linked<T>(y, nodes); });
        } else return by_tape();
    } else return f(x...);
}

/// Σ f(i, x…) for i = 0 … count - 1, each term swept as soon as it is recorded: the tape holds one term at a
/// time, and afterwards one statement. A term written as one expression never comes to the tape.
/// @throws RecordingError if f uses a recorded number that is not one of x….
template <class F, class... A>
auto sum_over(std::size_t count, F&& f, const A&... x)
{
    if constexpr (detail::WithScalars<A...>) {
        using X = Deepest<typename detail::NumberIn<A>::type...>;
        using T = typename X::value_type;
        const char* const name = "sum_over";
        detail::Arguments<T, A...> arguments(name, x...);
        const auto& nodes = arguments.nodes();

        const auto by_tape = [&] {
            detail::Part<T> part(name, nodes.size());
            auto variables = std::move(arguments).variables(part.session());
            T sum{};
            {
                const auto running = part.running();
                for (std::size_t i = 0; i < count; ++i) {
                    sum = sum + part.pull(detail::call(f, variables, i), Constant<1>{});
                    part.settle(variables);
                }
            }
            part.sweep();
            return detail::linked(sum, std::array{detail::Nodes(nodes)}, part.take_adjoints());
        };
        if constexpr (detail::takes_lanes<T, F, detail::ArgumentsOf<detail::Lanes<T>, A...>, std::size_t>) {
            if (nodes.size() > detail::lanes<T> || detail::watch) return by_tape();
            return detail::linked<T>(detail::sum_of_duals<T>(count, f, arguments.duals()), nodes);
        } else return by_tape();
    } else {
        using Y = std::remove_cvref_t<decltype(f(std::size_t{0}, x...))>;
        typename NumberOf<Y>::type sum{};
        for (std::size_t i = 0; i < count; ++i) sum = sum + f(i, x...);
        return sum;
    }
}

}  // namespace autodiff
