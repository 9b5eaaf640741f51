#pragma once

// Scalar<T>: a number that records what is computed from it. Between numbers a linear map is a number, so a
// statement on the tape is a row of (argument, partial).

#include <autodiff/numbers/dual.hpp>
#include <autodiff/tape.hpp>

namespace autodiff {

/// The space of numbers T, for the tape.
template <class T>
struct ScalarSpace {
    using Value = T;
    using Slot = T;
    using LinearMap = T;
    /// A partial is a number, not an op: a derivative of a derivative nests the type, Scalar<Scalar<double>>.
    static constexpr bool maps_are_recordable = false;

    struct Notes {
        static constexpr std::size_t bytes() { return 0; }
        void push_back() {}
        void truncate(Node) {}
    };

    static bool is_zero(const T& x);
    static T take(T& slot) { return std::exchange(slot, T{}); }
    static const T& read(const T& slot) { return slot; }
    static void add(T& slot, const T& value) { slot = slot + value; }
    static T pull(const Tape<ScalarSpace>& tape, Node link, Node, const T& y_bar)
    {
        return chain_product(y_bar, tape.map(link));
    }
    static T push(const Tape<ScalarSpace>& tape, Node link, Node, const T& x_dot)
    {
        return chain_product(x_dot, tape.map(link));
    }
};

template <class T = double>
class Scalar {
    static_assert(!std::is_integral_v<T>, "autodiff: integers have no derivatives; use Scalar<double>");

public:
    using value_type = T;
    using Space = ScalarSpace<T>;

    constexpr Scalar() = default;
    /// A constant.
    template <Operand V>
        requires(!std::same_as<V, Scalar> && Kind<V>::depth <= Kind<T>::depth)
    constexpr Scalar(const V& constant) : value_(lift<T>(constant))
    {
    }
    /// A recorded value; for the library.
    constexpr Scalar(const T& value, Session session, Node node)
        : value_(value), session_(session), node_(node)
    {
    }

    constexpr const T& value() const { return value_; }
    constexpr Session session() const { return session_; }
    constexpr Node node() const { return node_; }

    // Compound assignment makes a new value of the same name; nothing recorded is changed.
    Scalar& operator+=(const auto& x) { return *this = *this + x; }
    Scalar& operator-=(const auto& x) { return *this = *this - x; }
    Scalar& operator*=(const auto& x) { return *this = *this * x; }
    Scalar& operator/=(const auto& x) { return *this = *this / x; }

private:
    T value_{};
    Session session_ = 0;
    Node node_ = 0;
};

template <class T>
struct Kind<Scalar<T>> {
    using Space = ScalarSpace<T>;
    static constexpr int depth = 10 + Kind<T>::depth;
    static constexpr Scalar<T> constant(const auto& v) { return Scalar<T>(lift<T>(v)); }

    template <class Rule, class... X>
    static Scalar<T> evaluate(const Rule& rule, const X&... x)
    {
        const T y = rule(x.value()...);
        const int recorded = (static_cast<int>(is_recorded<Space>(x.session(), rule.name)) | ...);
        if (recorded == 0) return Scalar<T>(y);
        Tape<Space>& tape = *recorder<Space>.tape;
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            (link<I>(tape, rule, x, y, x.value()...), ...);
        }(std::index_sequence_for<X...>{});
        return Scalar<T>(y, recorder<Space>.session, tape.end_statement());
    }
    static constexpr auto compare(auto op, const Scalar<T>& a, const Scalar<T>& b)
    {
        return op(a.value(), b.value());
    }
    static constexpr Scalar<T> where(bool condition, const Scalar<T>& a, const Scalar<T>& b)
    {
        return condition ? a : b;
    }

private:
    template <std::size_t I, class Rule, class... V>
    static void link(Tape<Space>& tape, const Rule& rule, const Scalar<T>& argument, const T& y,
                     const V&... x)
    {
        if (argument.session() != 0)
            tape.add_link(argument.node(), lift<T>(rule.template partial<I>()(y, x...)));
    }
};

// Zero in every component that could contribute: a recorded zero or one with a tangent is not.
template <class T>
bool contributes_nothing(const T& x)
{
    if constexpr (std::is_arithmetic_v<T>) return x == 0;
    else if constexpr (requires { x.tangent; })
        return contributes_nothing(x.value) && contributes_nothing(x.tangent);
    else return x.session() == 0 && contributes_nothing(x.value());
}

template <class T>
bool ScalarSpace<T>::is_zero(const T& x)
{
    return contributes_nothing(x);
}

}  // namespace autodiff
