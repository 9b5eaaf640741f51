#pragma once

// Scoped reverse: parts of a computation on numbers that are swept as soon as they are recorded, so that
// their tape stays small and in cache. What is left of a part is one statement.
//
//     X total = sum_over(points.size(), [&](std::size_t i, const auto& p) { return density(points[i], p); },
//     p);
//
// With plain numbers these are the plain calls and loops, so generic code can use them for every kind.

#include <autodiff/transforms/functions.hpp>
#include <autodiff/transforms/pull_numbers.hpp>

#include <vector>

namespace autodiff {

namespace detail {

/// The recorded scalars among the arguments of a scoped call; void if there are none.
template <class A>
struct NumberIn {
    using type = typename NumberOf<A>::type;
};
template <NumberContainer C>
struct NumberIn<C> {
    using type = typename NumberOf<typename C::value_type>::type;
};
template <class X>
inline constexpr bool is_scalar = false;
template <class T>
inline constexpr bool is_scalar<Scalar<T>> = true;

template <class... A>
concept WithScalars = sizeof...(A) > 0 && is_scalar<Deepest<typename NumberIn<A>::type...>>;

/// A part of a recording, on a tape of its own.
template <class T>
class Scope {
public:
    using Space = ScalarSpace<T>;

    explicit Scope(const char* name) : name_(name) {}

    /// An argument, as the part's own variables. Constants stay constants.
    template <class A>
    auto variables_of(const A& argument)
    {
        if constexpr (NumberContainer<A>)
            return mapped(argument, [this](const auto& x, std::size_t) { return variable(x); });
        else return variable(argument);
    }

    /// Records f(), which may use the part's variables only. @throws RecordingError if it uses others.
    template <class F>
    auto run(F&& f) const
    {
        RecorderScope<Space> running(recording_.running());
        auto results = f();
        if constexpr (NumberContainer<decltype(results)>)
            return mapped(results, [this](const auto& y, std::size_t) { return checked(y); });
        else return checked(results);
    }

    /// Adds ∂y/∂x to what the part's variables have got so far.
    void sweep(const Scalar<T>& y)
    {
        if (y.session() == 0) return;
        adjoint_.resize(std::max<std::size_t>(adjoint_.size(), y.node() + std::size_t{1}));
        adjoint_[y.node()] = adjoint_[y.node()] + lift<T>(1);
        const auto first = static_cast<Node>(outer_.size());
        if (y.node() >= first)
            pull_numbers<Products::careful>(recording_.tape(), adjoint_.data(), first, y.node() + 1);
    }
    /// Forgets what has been recorded, for the next term: variables that it may have left elsewhere become
    /// foreign, the part's own (a tuple of arguments) stay.
    void forget(auto& variables)
    {
        recording_.tape().truncate(static_cast<Node>(outer_.size()));
        recording_.renew_session();
        std::apply([this](auto&... argument) { (renew(argument), ...); }, variables);
    }

    /// The part's result in the recording around it, which depends on its variables by what has been swept.
    Scalar<T> statement(const T& value)
    {
        Tape<Space>* const tape = recorder<Space>.tape;
        bool depends = false;
        for (std::size_t i = 0; i < outer_.size(); ++i) {
            const T partial = std::exchange(adjoint_[i], T{});
            if (contributes_nothing(partial)) continue;
            tape->add_link(outer_[i], partial);
            depends = true;
        }
        if (!depends) return value;
        return Scalar<T>(value, recorder<Space>.session, tape->end_statement());
    }

private:
    void renew(Scalar<T>& x) const
    {
        if (x.session() != 0) x.renew(recording_.session());
    }
    template <NumberContainer C>
    void renew(C& argument) const
    {
        for (Scalar<T>& x : argument) renew(x);
    }
    template <class X>
    Scalar<T> variable(const X& number)
    {
        const Scalar<T> x = lift<Scalar<T>>(number);
        if (!is_recorded<Space>(x.session(), name_)) return Scalar<T>(x.value());
        outer_.push_back(x.node());
        adjoint_.push_back(T{});
        return Scalar<T>(x.value(), recording_.session(), recording_.tape().add_leaf());
    }
    template <class X>
    Scalar<T> checked(const X& number) const
    {
        const Scalar<T> y = lift<Scalar<T>>(number);
        is_recorded<Space>(y.session(), name_);
        return y;
    }

    const char* name_;
    Recording<Space> recording_;
    std::vector<Node> outer_;  // of the part's variables, in the recording around it
    std::vector<T> adjoint_;
};

}  // namespace detail

/// f(x…), recorded as one statement for each number of its result, with a link to each of x… that it depends
/// on, however much f computes on the way. Worth it where f has few arguments and a long computation. x… are
/// numbers or containers of them; f may use no other recorded number, and nothing recorded may leave it but
/// its result.
/// @throws RecordingError if f uses a recorded number that is not one of x….
template <class F, class... A>
auto preaccumulate(F&& f, const A&... x)
{
    if constexpr (detail::WithScalars<A...>) {
        using X = Deepest<typename detail::NumberIn<A>::type...>;
        detail::Scope<typename X::value_type> scope("preaccumulate");
        const auto variables = std::tuple(scope.variables_of(x)...);
        const auto results = scope.run([&] { return std::apply(f, variables); });
        const auto statement = [&](const X& y) {
            scope.sweep(y);
            return scope.statement(y.value());
        };
        if constexpr (NumberContainer<std::remove_cvref_t<decltype(results)>>)
            return detail::mapped(results, [&](const X& y, std::size_t) { return statement(y); });
        else return statement(results);
    } else return f(x...);
}

/// Σ f(i, x…) for i = 0 … count - 1, each term swept as soon as it is recorded: the tape holds one term at a
/// time, and afterwards one statement. x… are numbers or containers of them; f may use no other recorded
/// number, and nothing recorded may leave it but its result. Sums that follow each other cost the time of
/// the plain loop or less.
/// @throws RecordingError if f uses a recorded number that is not one of x….
template <class F, class... A>
auto sum_over(std::size_t count, F&& f, const A&... x)
{
    if constexpr (detail::WithScalars<A...>) {
        using X = Deepest<typename detail::NumberIn<A>::type...>;
        using T = typename X::value_type;
        detail::Scope<T> scope("sum_over");
        auto variables = std::tuple(scope.variables_of(x)...);
        T sum{};
        for (std::size_t i = 0; i < count; ++i) {
            const X term = scope.run(
                [&] { return std::apply([&](const auto&... own) { return f(i, own...); }, variables); });
            scope.sweep(term);
            scope.forget(variables);
            sum = sum + term.value();
        }
        return scope.statement(sum);
    } else {
        using Y = std::remove_cvref_t<decltype(f(std::size_t{0}, x...))>;
        typename NumberOf<Y>::type sum{};
        for (std::size_t i = 0; i < count; ++i) sum = sum + f(i, x...);
        return sum;
    }
}

}  // namespace autodiff
