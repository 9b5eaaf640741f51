#pragma once

// Parts of a computation on numbers that are differentiated on their own: their arguments, apart from the
// recording around them, and the tape on which they are recorded and swept. What the scoped calls share.

#include <autodiff/transforms/functions.hpp>
#include <autodiff/transforms/pull_numbers.hpp>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <vector>

namespace autodiff::detail {

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
template <class X>
inline constexpr bool is_expression = false;
template <class T, std::size_t N>
inline constexpr bool is_expression<Expression<T, N>> = true;

template <class... A>
concept WithScalars = sizeof...(A) > 0 && is_scalar<Deepest<typename NumberIn<A>::type...>>;

/// A dual number with a direction for each of a few arguments: all derivatives in one evaluation.
template <class T>
inline constexpr int lanes = 8;
template <class T>
struct LanesOf {
    using type = T;  // only plain numbers have them
};
template <std::floating_point T>
struct LanesOf<T> {
    using type = Dual<T, Batch<T, lanes<T>>>;
};
template <class T>
using Lanes = typename LanesOf<T>::type;

/// The value with the given direction's tangent 1.
template <class T>
Lanes<T> dual(const T& value, std::size_t direction)
{
    T unit[lanes<T>]{};
    unit[direction] = 1;
    return {value, Batch<T, lanes<T>>::load(unit)};
}
/// Whether a zero may have met an infinity among the derivatives in several directions.
template <class T, int N>
bool has_nan(const Batch<T, N>& tangent)
{
    T numbers[N];
    tangent.store(numbers);
    return std::any_of(numbers, numbers + N, [](T number) { return std::isnan(number); });
}

/// Calls f with the tuple's arguments after those given.
template <class F, class... First>
[[gnu::always_inline]] constexpr decltype(auto) call(F& f, const auto& x, const First&... first)
{
    return std::apply([&](const auto&... own) -> decltype(auto) { return f(first..., own...); }, x);
}

template <class A, class To>
struct Mapped {
    using type = To;
};
template <NumberContainer C, class To>
struct Mapped<C, To> : Rebound<C, To> {};
template <class X, class... A>
using ArgumentsOf = std::tuple<typename Mapped<A, X>::type...>;

/// g of an argument or result, or of each in a container of them.
template <class A>
auto mapped_argument(const auto& argument, auto&& g)
{
    if constexpr (NumberContainer<A>)
        return mapped(argument, [&g](const auto& x, std::size_t) { return g(x); });
    else return g(argument);
}
auto mapped_results(const auto& results, auto&& g)
{
    return mapped_argument<std::remove_cvref_t<decltype(results)>>(results, g);
}

/// The arguments A… (numbers or containers of them) of a part: their values, and the nodes of those that the
/// recording around it records. Constants stay constants.
template <class T, class... A>
class Arguments {
    struct Captured {
        T value;
        bool is_recorded;
    };

public:
    /// @throws RecordingError if one belongs to another recording.
    explicit Arguments(const char* name, const A&... x)
        : captured_{mapped_argument<A>(x, [&](const auto& number) { return captured(name, number); })...}
    {
    }

    /// Of the recorded ones, in order.
    const std::vector<Node>& nodes() const { return nodes_; }

    /// Whether the j-th number of the first container is one of them.
    bool records(std::size_t j) const { return std::get<0>(captured_)[j].is_recorded; }
    std::size_t bytes() const { return count_ * sizeof(Captured) + nodes_.size() * sizeof(Node); }

    ArgumentsOf<T, A...> values() const
    {
        return each([](const Captured& x) { return x.value; });
    }
    /// As variables of a part's recording, whose leaves they are from `first` on.
    ArgumentsOf<Scalar<T>, A...> variables(Session session, Node first = 0) const
    {
        return each([session, next = first](const Captured& x) mutable {
            return x.is_recorded ? Scalar<T>(x.value, session, next++) : Scalar<T>(x.value);
        });
    }
    /// Each recorded one with a direction of its own, from `first` on.
    ArgumentsOf<Lanes<T>, A...> duals(std::size_t first = 0) const
    {
        return each([next = first](const Captured& x) mutable {
            return x.is_recorded ? dual(x.value, next++) : Lanes<T>(x.value);
        });
    }

private:
    Captured captured(const char* name, const auto& number)
    {
        ++count_;
        const Scalar<T> x = lift<Scalar<T>>(number);
        if (!is_recorded<ScalarSpace<T>>(x.session(), name)) return {x.value(), false};
        nodes_.push_back(x.node());
        return {x.value(), true};
    }
    auto each(auto g) const
    {
        return std::apply(
            [&g](const auto&... argument) {
                return std::tuple{mapped_argument<A>(argument, g)...};  // braces: from left to right
            },
            captured_);
    }

    std::vector<Node> nodes_;
    std::size_t count_ = 0;
    ArgumentsOf<Captured, A...> captured_;
};

/// The recording of a part, on a tape of its own, and the adjoints of its leaves.
template <class T>
class Part {
public:
    using Space = ScalarSpace<T>;

    Part(const char* name, std::size_t leaves) : name_(name), leaves_(leaves), adjoint_(leaves)
    {
        recording_.tape().add_leaves(leaves);
    }

    Session session() const { return recording_.session(); }
    std::size_t leaves() const { return leaves_; }
    T& adjoint(std::size_t leaf) { return adjoint_[leaf]; }
    T take_adjoint(std::size_t leaf) { return std::exchange(adjoint_[leaf], T{}); }

    /// While it lives, the part is what is recorded.
    RecorderScope<Space> running() const { return RecorderScope<Space>(recording_.running()); }

    /// A result as a number of the part. @throws RecordingError if it depends on something else recorded.
    template <class X>
    Scalar<T> result(const X& number) const
    {
        const Scalar<T> y = lift<Scalar<T>>(number);
        is_recorded<Space>(y.session(), name_);
        return y;
    }

    /// Adds y_bar to the adjoint of a result, for the next sweep.
    void seed(const Scalar<T>& y, const T& y_bar)
    {
        if (y.session() == 0) return;
        adjoint_.resize(std::max<std::size_t>(adjoint_.size(), y.node() + std::size_t{1}));
        adjoint_[y.node()] = adjoint_[y.node()] + y_bar;
    }
    /// Adds to the adjoints of the leaves from those of the results.
    void sweep()
    {
        const auto end = recording_.tape().notes().end_of_sweep(static_cast<Node>(adjoint_.size()));
        adjoint_.resize(end);
        pull_numbers<Products::careful>(recording_.tape(), adjoint_.data(), static_cast<Node>(leaves_), end);
        adjoint_.resize(leaves_);
    }
    /// Forgets what has been recorded. Its variables, which may have been left elsewhere, become foreign, but
    /// for those given (a tuple of arguments).
    void forget(auto& variables)
    {
        if (recording_.tape().size() == leaves_) return;
        recording_.tape().truncate(static_cast<Node>(leaves_));
        recording_.renew_session();
        if (recorder<Space>.tape == &recording_.tape()) recorder<Space>.session = session();
        std::apply([this](auto&... argument) { (renew(argument), ...); }, variables);
    }

    /// Seeds, sweeps and forgets one result y of the part, while it is running. An expression of the leaves
    /// alone never comes to the tape. Returns y's value.
    template <class Y>
    [[gnu::always_inline]] T pull(const Y& y, const T& y_bar)
    {
        if constexpr (is_expression<Y>)
            if (recording_.tape().size() == leaves_) {
                pull_links(y, y_bar);
                return y.value();
            }
        return pull_statement(y, y_bar);
    }

private:
    template <std::size_t N>
    [[gnu::always_inline]] void pull_links(const Expression<T, N>& y, const T& y_bar)
    {
        for (std::size_t i = 0; i < N; ++i) {
            const auto& link = y.link(i);
            if (link.session == 0) continue;
            if (link.session != session()) [[unlikely]]
                throw_foreign_variable(name_);
            adjoint_[link.argument] = adjoint_[link.argument] + lift<T>(chain_product(y_bar, link.partial));
        }
    }
    [[gnu::noinline]] T pull_statement(const auto& number, const T& y_bar)
    {
        const Scalar<T> y = result(number);
        seed(y, y_bar);
        sweep();
        return y.value();
    }

    void renew(Scalar<T>& x) const
    {
        if (x.session() != 0) x.renew(session());
    }
    template <NumberContainer C>
    void renew(C& argument) const
    {
        for (Scalar<T>& x : argument) renew(x);
    }

    const char* name_;
    Recording<Space> recording_;
    std::size_t leaves_;
    std::vector<T> adjoint_;
};

/// Statements without links, one for each value, whose adjoints `map` pulls back.
template <class T, class C>
auto block(const C& values, std::unique_ptr<BlockMap<T>> map)
{
    const Recorder<ScalarSpace<T>>& now = recorder<ScalarSpace<T>>;
    const Node first = now.tape->size();
    now.tape->add_leaves(values.size());
    now.tape->notes().add({first, now.tape->size(), std::move(map)});
    return mapped(values, [&](const T& value, std::size_t i) {
        return Scalar<T>(value, now.session, first + static_cast<Node>(i));
    });
}

}  // namespace autodiff::detail
