#pragma once

// Expression<T, N>: what ops on scalars return, a statement that is still being built. See scalar.hpp.

#include <autodiff/scalar.hpp>

#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

namespace autodiff {

/// An expression with more links than these is split into several statements.
inline constexpr std::size_t max_links_of_expression = 16;

namespace detail {

/// A partial derivative, and the recorded number that it is with respect to.
template <class T>
struct ExpressionLink {
    T partial;
    StatementId argument;
};

// Whoever may throw, and be caught within the user's function, keeps its numbers out of registers. So the way
// around (write_any_links) throws nothing but keeps it, and returns this.
inline constexpr StatementId thrown = statement_id(no_session, 0);

/// Keeps the exception being handled, for rethrow_kept of this thread.
void keep_exception() noexcept;
[[noreturn, gnu::cold]] void rethrow_kept();

template <class T>
void watch_links(const char* op, const T& value, std::span<const ExpressionLink<T>> links)
{
    std::vector<Node> arguments;
    std::vector<T> partials;
    for (const ExpressionLink<T>& link : links) {
        if (link.argument == 0) continue;
        arguments.push_back(node_of(link.argument));
        partials.push_back(link.partial);
    }
    const Tape<ScalarSpace<T>>& tape = *recorder<ScalarSpace<T>>.tape;
    watch_statement<T>({tape, tape.size(), op, value, arguments.size(), arguments.data(), partials.data()});
}
/// Writes a statement whatever its links: some may be constants, the tape may be watched or have no room, or
/// nothing is recorded. With `extends`, they become links of the last statement.
template <class T>
[[gnu::noinline, gnu::cold]] StatementId write_any_links(const char* op, const T& value,
                                                         std::span<const ExpressionLink<T>> links,
                                                         bool extends) noexcept
try {
    using Space = ScalarSpace<T>;
    bool any = false;
    for (const ExpressionLink<T>& link : links) any |= is_recorded<Space>(session_of(link.argument), op);
    if (!any) return 0;
    Tape<Space>& tape = *recorder<Space>.tape;
    if constexpr (std::floating_point<T>)
        if (tape.is_watched()) watch_links(op, value, links);
    tape.make_room(links.size());
    for (const ExpressionLink<T>& link : links)
        if (link.argument != 0) tape.write_link(node_of(link.argument), link.partial);
    if (!extends) {
        recorder<Space>.end_growth();
        return statement_id(recorder<Space>.session, tape.end_statement());
    }
    tape.extend_last_statement();  // a tape that is not watched
    return 0;
} catch (...) {
    keep_exception();
    return thrown;
}

}  // namespace detail

/// An unfinished statement: a value, and the partial derivative with respect to each of N variables.
template <class T, std::size_t N>
class Expression {
public:
    using value_type = T;
    /// What the tape of its statements is of.
    using Space = ScalarSpace<T>;
    /// A partial derivative, and the recorded number that it is with respect to.
    using Link = detail::ExpressionLink<T>;

    /// For the library: links are to be put in.
    Expression(const char* op, const T& value) : result_(value), op_(op) {}
    Expression(const char* op, const Scalar<T>& x) : result_(x.value()), op_(op)
    {
        links_[0] = {lift<T>(1), x.statement()};
    }
    /// The links of an argument, times the partial with respect to it.
    template <std::size_t At, class P>
    [[gnu::always_inline]] void put(const Scalar<T>& argument, const P& partial)
    {
        links_[At] = {lift<T>(partial), argument.statement()};
    }
    template <std::size_t At, std::size_t M, class P>
    [[gnu::always_inline]] void put(const Expression<T, M>& argument, const P& partial)
    {
        [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
            ((links_[At + I] = {times(argument.link(I).partial, partial), argument.link(I).argument}), ...);
            if constexpr (std::same_as<P, T> && std::floating_point<T>)
                if (std::isnan((links_[At + I].partial + ...))) [[unlikely]]
                    ((links_[At + I].partial = chain_product(argument.link(I).partial, partial)), ...);
        }(std::make_index_sequence<M>{});
    }

    Expression() : Expression(Scalar<T>()) {}
    // It is a number as any other: generic code may declare, assign and add to what has an expression's type.
    // (From a Scalar only explicitly, so that condition ? x * x : x has a type.)
    template <class V>
        requires(!std::is_same_v<V, Scalar<T>> && Operand<V> && Kind<V>::depth <= Kind<T>::depth)
    Expression(const V& constant) : Expression(Scalar<T>(constant))
    {
    }
    template <std::size_t M>
        requires(M != N)
    Expression(const Expression<T, M>& other) : Expression(other.recorded())
    {
    }
    explicit Expression(const Scalar<T>& x) : result_(x), is_recorded_(true), op_("value")
    {
        const T zero = lift<T>(0);
        for (Link& link : links_) link = {zero, 0};
        links_[0] = {lift<T>(1), result_.statement()};
    }
    template <Operand X>
        requires(!std::is_same_v<X, Expression>)
    Expression& operator=(const X& x)
    {
        return *this = Expression(Scalar<T>(x));
    }
    template <class X>
    Expression& operator+=(X&& x)
    {
        return *this = Scalar<T>(recorded() + std::forward<X>(x));
    }
    template <class X>
    Expression& operator-=(X&& x)
    {
        return *this = Scalar<T>(recorded() - std::forward<X>(x));
    }
    template <class X>
    Expression& operator*=(X&& x)
    {
        return *this = Scalar<T>(recorded() * std::forward<X>(x));
    }
    template <class X>
    Expression& operator/=(X&& x)
    {
        return *this = Scalar<T>(recorded() / std::forward<X>(x));
    }

    /// Computed already, whether it is recorded or not.
    const T& value() const { return result_.value(); }
    /// The value of an expression of constants. @throws RecordingError if it is recorded.
    const T& constant() const { return recorded().constant(); }
    /// Of the i-th variable, i < N; a constant in its place has the argument 0.
    const Link& link(std::size_t i) const { return links_[i]; }
    /// The result of the statement, which the first call writes to the tape (while recording is paused,
    /// none).
    const Scalar<T>& recorded() const
    {
        if (is_recorded_ || !has_active_links()) return result_;
        result_ = Scalar<T>(Expression(*this));
        is_recorded_ = recorder<Space>.recording();
        return result_;
    }
    /// Of the statement, which is recorded if it was not; 0 of a constant.
    Session session() const { return recorded().session(); }
    /// Its statement, which is recorded if it was not; 0 of a constant.
    StatementId statement() const { return recorded().statement(); }
    /// The position of its statement, which is recorded if it was not.
    Node node() const { return recorded().node(); }

    /// Whether all its arguments belong to this session.
    [[gnu::always_inline]] bool is_of(Session session) const
    {
        return [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
            const StatementId start = statement_id(session, 0);
            return ((links_[I].argument - start) | ...) <= std::numeric_limits<Node>::max();
        }(std::make_index_sequence<N>{});
    }
    /// Whether they are, besides, among its first nodes.
    [[gnu::always_inline]] bool is_of(Session session, Node end) const
    {
        return [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
            const StatementId start = statement_id(session, 0);
            return (int{links_[I].argument - start < end} & ...) != 0;  // one branch for all
        }(std::make_index_sequence<N>{});
    }
    /// take(partial, node) for each link, merged where the compiler sees that two have the same
    /// argument.
    template <class Take>
    [[gnu::always_inline]] void for_each_link(const Take& take) const
    {
        [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
            // Which links are merged is settled before any is taken: that may change what the compiler knows.
            bool is_merged[N]{};
            T partial[N]{links_[I].partial...};
            (merge<N - 1 - I>(partial, is_merged), ...);
            ((is_merged[I] ? void() : take(partial[I], node_of(links_[I].argument))), ...);
        }(std::make_index_sequence<N>{});
    }
    /// Writes the statement to the tape; nowhere, if it depends on nothing that is recorded.
    /// @throws RecordingError if a link leads to another recording.
    [[gnu::always_inline]] StatementId write_statement() const
    {
        const Session session = recorder<Space>.recorded;
        if (may_write(session)) [[likely]] {
            Tape<Space>& tape = *recorder<Space>.tape;
            write_links(tape);
            recorder<Space>.end_growth();
            return statement_id(session, tape.write_statement());
        }
        return write_any_links(false);
    }
    /// Adds the links to the last statement of the tape.
    [[gnu::always_inline]] void extend_statement() const
    {
        if (may_write(recorder<Space>.recorded)) [[likely]] {
            Tape<Space>& tape = *recorder<Space>.tape;
            write_links(tape);
            tape.extend_last_statement();
        } else write_any_links(true);
    }

private:
    /// Whether there is room for all links, and all are this session's.
    [[gnu::always_inline]] bool may_write(Session session) const
    {
        Tape<Space>* const tape = recorder<Space>.tape;
        return is_of(session) && (tape->has_room(N) || tape->grow_unwatched(N));
    }
    /// Links are merged whether or not the tape has had to grow.
    [[gnu::always_inline]] void write_links(Tape<Space>& tape) const
    {
        for_each_link([&](const T& partial, Node argument)
                          __attribute__((always_inline)) { tape.write_link(argument, partial); });
    }
    [[gnu::always_inline]] StatementId write_any_links(bool extends) const
    {
        // Of copies, so that the expression stays in registers.
        const StatementId written = [&]<std::size_t... I>(std::index_sequence<I...>)
                                        __attribute__((always_inline)) {
                                            const T value = result_.value();
                                            const Link links[]{{links_[I].partial, links_[I].argument}...};
                                            return detail::write_any_links<T>(op_, value, links, extends);
                                        }(std::make_index_sequence<N>{});
        if (written == detail::thrown) [[unlikely]]
            detail::rethrow_kept();
        return written;
    }

    bool has_active_links() const
    {
        for (const Link& link : links_)
            if (link.argument != 0) return true;
        return false;
    }
    /// In numbers, the zero that wins over infinity is seen to once for all links.
    template <class P>
    static T times(const T& partial_of_argument, const P& partial)
    {
        if constexpr (std::same_as<P, T> && std::floating_point<T>) return partial_of_argument * partial;
        else return lift<T>(chain_product(partial_of_argument, partial));
    }

    /// Adds link J to an earlier one that is known at compile time to have the same argument.
    template <std::size_t J>
    [[gnu::always_inline]] void merge(T (&partial)[N], bool (&is_merged)[N]) const
    {
        [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
            (merge_into<I, J>(partial, is_merged), ...);
        }(std::make_index_sequence<J>{});
    }
    template <std::size_t I, std::size_t J>
    [[gnu::always_inline]] void merge_into(T (&partial)[N], bool (&is_merged)[N]) const
    {
        const bool is_same = links_[I].argument == links_[J].argument;
        if (!__builtin_constant_p(is_same) || !is_same || is_merged[J]) return;
        partial[I] = partial[I] + partial[J];
        is_merged[J] = true;
    }

    mutable Scalar<T> result_;
    mutable bool is_recorded_ = false;
    Link links_[N];
    const char* op_;
};

/// An expression is assigned to a Scalar.
template <class T, std::size_t N>
struct NumberOf<Expression<T, N>> {
    using type = Scalar<T>;
};

/// Recorded numbers among the operands: an op on them is an expression.
template <class T>
struct Kind<Scalar<T>> {
    /// What the tape of these numbers is of.
    using Space = ScalarSpace<T>;
    static constexpr int depth = 10 + Kind<T>::depth;
    static constexpr Scalar<T> constant(const auto& v) { return Scalar<T>(lift<T>(v)); }
    template <std::size_t N>
    static Scalar<T> constant(const Expression<T, N>& expression)
    {
        return expression;
    }

    /// A temporary expression stays one; what has a name is recorded; anything else is a constant.
    [[gnu::always_inline]] static constexpr const Scalar<T>& operand(const Scalar<T>& x) { return x; }
    template <std::size_t N>
    static Expression<T, N>&& operand(Expression<T, N>&& x)
    {
        return std::move(x);
    }
    template <std::size_t N>
    static const Scalar<T>& operand(const Expression<T, N>& x)
    {
        return x.recorded();
    }
    template <std::size_t N>
    static const Scalar<T>& operand(Expression<T, N>& x)
    {
        return x.recorded();
    }
    template <Operand X>
    static constexpr T operand(const X& x)
    {
        return lift<T>(x);
    }

    template <class Rule, class... X>
    [[gnu::always_inline]] static auto evaluate(const Rule& rule, X&&... x)
    {
        constexpr std::size_t links = offsets<std::remove_cvref_t<X>...>().back();
        constexpr bool can_be_shortened =
            ((link_count(static_cast<std::remove_cvref_t<X>*>(nullptr)) > 1) || ...);
        if constexpr (links > max_links_of_expression && can_be_shortened)
            return evaluate(rule, shortened(x)...);
        else return unfinished(rule, x...);
    }
    /// Looks at values only: nothing is recorded.
    template <Operand A, Operand B>
    static constexpr auto compare_values(auto op, const A& a, const B& b)
    {
        return op(value_of(a), value_of(b));
    }
    /// Only the one that is taken is recorded.
    static Expression<T, 1> where(bool condition, const auto& a, const auto& b)
    {
        return Expression<T, 1>(condition ? Scalar<T>(a) : Scalar<T>(b));
    }

private:
    // The result is a variable of the outermost scope: only there g++ 12 returns it without a copy.
    template <class Rule, class... X>
    [[gnu::always_inline]] static auto unfinished(const Rule& rule, const X&... x)
    {
        constexpr auto places = offsets<X...>();
        Expression<T, places.back()> y(rule.name, T(rule(value_of(x)...)));
        [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
            (put<places[I]>(y, x, [&] { return rule.template partial<I>()(y.value(), value_of(x)...); }),
             ...);
        }(std::index_sequence_for<X...>{});
        return y;
    }

    /// How many links an operand brings along.
    static constexpr std::size_t link_count(const T*) { return 0; }
    static constexpr std::size_t link_count(const Scalar<T>*) { return 1; }
    template <std::size_t N>
    static constexpr std::size_t link_count(const Expression<T, N>*)
    {
        return N;
    }
    template <class... X>
    static constexpr std::array<std::size_t, sizeof...(X) + 1> offsets()
    {
        std::array<std::size_t, sizeof...(X) + 1> ends{0, link_count(static_cast<const X*>(nullptr))...};
        for (std::size_t i = 1; i < ends.size(); ++i) ends[i] += ends[i - 1];
        return ends;
    }

    static constexpr const T& value_of(const Scalar<T>& x) { return x.value(); }
    template <std::size_t N>
    static constexpr const T& value_of(const Expression<T, N>& x)
    {
        return x.value();
    }
    template <Operand X>
    static constexpr decltype(auto) value_of(const X& x)
    {
        return lift<T>(x);
    }

    template <std::size_t At, std::size_t N, class X>
    [[gnu::always_inline]] static void put(Expression<T, N>& y, const X& x, auto partial)
    {
        if constexpr (!std::same_as<X, T>) y.template put<At>(x, partial());
    }

    static const Scalar<T>& shortened(const Scalar<T>& x) { return x; }
    static const T& shortened(const T& x) { return x; }
    template <std::size_t N>
    static decltype(auto) shortened(Expression<T, N>& x)
    {
        if constexpr (N > 1) return x.recorded();
        else return std::move(x);
    }
};

/// Expressions among the operands: an op on them is a larger expression.
template <class T, std::size_t N>
struct Kind<Expression<T, N>> {
    static constexpr int depth = Kind<Scalar<T>>::depth;
    static Expression<T, N> constant(const auto& v) { return Expression<T, N>(lift<T>(v)); }
};

}  // namespace autodiff

/// @cond
template <class T, std::size_t N>
struct std::numeric_limits<autodiff::Expression<T, N>> : std::numeric_limits<T> {};
/// @endcond
