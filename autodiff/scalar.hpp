#pragma once

// Scalar<T>: a number that records what is computed from it. Between numbers a linear map is a number, so a
// statement on the tape is a row of (argument, partial).
//
// Ops on scalars return an Expression<T, N>: a value and N links that are not on the tape yet. Where it is
// used as a temporary, its links become links of the statement it is used in; where it is given a name, it is
// recorded at its first use. So one assignment is one statement, whatever stands on its right-hand side, and
// what has a name is recorded once, however often it is used. All operands are kept by value: `auto` is safe.

#include <autodiff/block.hpp>
#include <autodiff/numbers/dual.hpp>
#include <autodiff/recording.hpp>

#include <limits>

namespace autodiff {

/// The space of numbers T, for the tape.
template <class T>
struct ScalarSpace {
    /// Of a statement, an adjoint or a tangent.
    using Value = T;
    /// Where an adjoint or a tangent is summed up.
    using Slot = T;
    /// A partial derivative.
    using LinearMap = T;
    /// A partial is a number, not an op: a derivative of a derivative nests the type, Scalar<Scalar<double>>.
    static constexpr bool maps_are_recordable = false;

    /// What a tape keeps beside its statements.
    using Notes = Blocks<T>;

    /// Whether a sweep may pass it by: see contributes_nothing().
    static bool is_zero(const T& x);
    /// The sum, which is zero afterwards.
    static T take(T& slot) { return std::exchange(slot, T{}); }
    /// The sum, which stays.
    static const T& read(const T& slot) { return slot; }
    /// slot += value
    static void add(T& slot, const T& value) { slot = slot + value; }
    /// x̄ from ȳ along one link: ȳ · ∂y/∂x.
    static T pull(const Tape<ScalarSpace>& tape, Node link, Node, const T& y_bar)
    {
        return chain_product(y_bar, tape.map(link));
    }
    /// ẏ from ẋ along one link: ẋ · ∂y/∂x.
    static T push(const Tape<ScalarSpace>& tape, Node link, Node, const T& x_dot)
    {
        return chain_product(x_dot, tape.map(link));
    }
};

namespace detail {

/// A statement that is about to be written, for a DetectAnomalies. A leaf has no arguments; of a block the
/// partials are not known.
template <class T>
struct WatchedStatement {
    const Tape<ScalarSpace<T>>& tape;
    Node node;
    const char* op;
    T value;
    std::size_t count = 0;
    const Node* arguments = nullptr;
    const T* partials = nullptr;
};
/// @throws AnomalyError if the value is not finite though the arguments are.
template <class T>
void watch_statement(const WatchedStatement<T>& statement);
/// The sweep over statements [first, end), as pull_rows. @throws AnomalyError if a finite adjoint makes one
/// that is not.
template <class T>
void pull_watched(const Tape<ScalarSpace<T>>& tape, T* adjoint, Node first, Node end);
/// To be called when the sweep has passed a block. @throws AnomalyError if it has made an adjoint that is not
/// finite: all were until then.
template <class T>
void watch_pulled_block(const Tape<ScalarSpace<T>>& tape, const BlockMap<T>& block, Node first,
                        const T* adjoint);

}  // namespace detail

template <class T, std::size_t N>
class Expression;

/// A number whose statements are recorded, and so differentiated, while a recording runs. It is written like
/// a double; T is double, float, or another kind of number for derivatives of derivatives. It belongs to the
/// thread that records it: others may not even copy it until the recording is over.
template <class T = double>
class Scalar {
    static_assert(!std::is_integral_v<T>, "autodiff: integers have no derivatives; use Scalar<double>");

public:
    using value_type = T;
    /// What the tape of its statements is of.
    using Space = ScalarSpace<T>;

    constexpr Scalar() = default;
    /// A constant.
    template <class V>
        requires(!std::is_same_v<V, Scalar> && Operand<V> && Kind<V>::depth <= Kind<T>::depth)
    constexpr Scalar(const V& constant) : value_(lift<T>(constant))
    {
    }
    /// The result of the statement that computes the expression. Links that appear twice are merged where the
    /// compiler sees it.
    template <std::size_t N>
    Scalar(const Expression<T, N>& expression) : Scalar(expression.recorded())
    {
    }
    template <std::size_t N>
    [[gnu::always_inline]] Scalar(Expression<T, N>&& expression) : value_(expression.value())
    {
        statement_ = expression.write_statement();
    }
    /// A recorded value; for the library.
    constexpr Scalar(const T& value, Session session, Node node)
        : value_(value), statement_(statement_id(session, node))
    {
    }
    constexpr Scalar(const Scalar& other) : value_(other.value_), statement_(other.statement()) {}
    constexpr Scalar& operator=(const Scalar& other)
    {
        value_ = other.value_;
        statement_ = other.statement();
        return *this;
    }

    /// The number itself. What is computed from it is not recorded.
    constexpr const T& value() const { return value_; }
    /// The value of a number that is not recorded. @throws RecordingError if it is.
    const T& constant() const
    {
        if (session() != 0) detail::throw_foreign_variable("a function of dual numbers");
        return value_;
    }
    /// The one it belongs to; 0 of a constant.
    constexpr Session session() const { return session_of(statement_); }
    /// The statement that computed it. Whoever asks for it may keep it, so that the statement is not extended
    /// any more.
    [[gnu::always_inline]] constexpr StatementId statement() const
    {
        if (statement_ & is_growing) [[unlikely]]
            recorder<Space>.end_growth();
        return statement_ & ~is_growing;
    }
    /// The position of the statement that computed it; 0 of a constant.
    constexpr Node node() const { return node_of(statement()); }
    /// The same, but no statement at all if it may be extended: for loops over many variables.
    constexpr StatementId settled_statement() const { return statement_; }
    /// For the library: the same variable in another session.
    void renew(Session session) { statement_ = statement_id(session, node_of(statement_)); }
    /// For the library: another variable, whatever it was.
    void renew(const T& value, Session session, Node node)
    {
        value_ = value;
        statement_ = statement_id(session, node);
    }

    // Compound assignment makes a new value of the same name. Consecutive sums extend one statement, as long
    // as nothing else has used the value between.
    template <class X>
    [[gnu::always_inline]] Scalar& operator+=(X&& x)
    {
        return add(Kind<Scalar>::operand(std::forward<X>(x)));
    }
    template <class X>
    [[gnu::always_inline]] Scalar& operator-=(X&& x)
    {
        if constexpr (Kind<std::remove_cvref_t<X>>::depth < Kind<Scalar>::depth) return add(-lift<T>(x));
        else return add(-std::forward<X>(x));
    }
    template <class X>
    Scalar& operator*=(X&& x)
    {
        return *this = *this * std::forward<X>(x);
    }
    template <class X>
    Scalar& operator/=(X&& x)
    {
        return *this = *this / std::forward<X>(x);
    }

private:
    /// Set in a variable whose += wrote the statement, and in no copy of it. The recorder knows whether that
    /// statement may still grow: reading a variable must not change it, or the compiler could not see that
    /// two reads are the same.
    static constexpr StatementId is_growing = StatementId{1} << 31;

    Scalar& add(const T& constant)
    {
        value_ = value_ + constant;
        return *this;
    }
    [[gnu::always_inline]] Scalar& add(const Scalar& x) { return add(Expression<T, 1>("add", x)); }
    template <std::size_t N>
    [[gnu::always_inline]] Scalar& add(Expression<T, N>&& term)
    {
        if (statement_ == recorder<Space>.growing) {
            term.extend_statement();
            value_ = value_ + term.value();
        } else {
            *this = *this + std::move(term);
            // On a watched tape each value is looked at.
            if (statement_ != 0 && !recorder<Space>.tape->is_watched()) {
                statement_ |= is_growing;
                recorder<Space>.growing = statement_;
            }
        }
        return *this;
    }

    T value_{};
    StatementId statement_ = 0;
};

/// Zero in every component that could contribute: a recorded zero or one with a tangent is not.
template <class T>
bool contributes_nothing(const T& x)
{
    if constexpr (std::is_arithmetic_v<T>) return x == 0;
    else if constexpr (is_batch<T>) {
        bool is_zero = true;
        for (int lane = 0; lane < T::size; ++lane) is_zero &= x.lanes[lane] == 0;
        return is_zero;
    } else if constexpr (requires { x.tangent; })
        return contributes_nothing(x.value) && contributes_nothing(x.tangent);
    else if constexpr (requires { x.of; }) {
        bool is_zero = true;
        for (const auto& direction : x.of) is_zero &= contributes_nothing(direction);
        return is_zero;
    } else return x.session() == 0 && contributes_nothing(x.value());
}

template <class T>
bool ScalarSpace<T>::is_zero(const T& x)
{
    return contributes_nothing(x);
}

}  // namespace autodiff

/// @cond
template <class T>
struct std::numeric_limits<autodiff::Scalar<T>> : std::numeric_limits<T> {};
/// @endcond

#include <autodiff/expression.hpp>
