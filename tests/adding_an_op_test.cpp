// The code of docs/guide/adding_an_op.md: ops of every kind, written as a user or as the library writes them,
// and put through every check of the op table.

#include <autodiff/error.hpp>
#include <support/op_checks.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>

using namespace autodiff;
using namespace autodiff::tests;

// ---------------------------------------- elementwise -------------------------------------------------

//! [derived]
// y = x tanh(ln(1 + eˣ))   (Misra 2019)
const auto mish = elementwise("mish", [](auto x) { return x * tanh(softplus(x)); });
//! [derived]

// clang-format off
//! [with partial]
/// y = x / √(1 + x²),   ∂y/∂x = (1 + x²)^(-3/2)
const auto soft_sign = elementwise(
    "soft_sign",
    [](auto x) { return x / math::sqrt(1 + x * x); },   // y
    [](auto, auto x) {                                  // ∂y/∂x, from y and x
        const auto r = 1 / sqrt(1 + x * x);
        return r * r * r;
    });
//! [with partial]

//! [two arguments]
/// y = a ln(a / b),   ∂y/∂a = ln(a / b) + 1,   ∂y/∂b = -a / b
const auto relative_entropy = elementwise(
    "relative_entropy",
    [](auto a, auto b) { return a * math::log(a / b); },   // y
    [](auto, auto a, auto b) { return log(a / b) + 1; },   // ∂y/∂a, from y, a and b
    [](auto, auto a, auto b) { return -a / b; });          // ∂y/∂b
//! [two arguments]
// clang-format on

// ---------------------------------------- structural --------------------------------------------------

namespace {

// clang-format off
//! [kernel]
// Kernels know arrays and numbers, no derivatives.
template <class T>
T quadratic_form_of(const Array<T>& a, const Array<T>& x)
{
    const std::vector<T> matrix = a.to_vector(), vector = x.to_vector();
    const std::size_t n = vector.size();
    T y = 0;
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) y += vector[i] * matrix[i * n + j] * vector[j];
    return y;
}
//! [kernel]

//! [structural]
/// y = xᵀ A x, (n, n) (n) -> ();   Ā = ȳ x xᵀ,   x̄ = ȳ (A + Aᵀ) x
/// @throws ShapeError unless A is square and x has its size.
template <class T>
Tensor<T> quadratic_form(const Tensor<T>& a, const Tensor<T>& x)
{
    if (x.rank() != 1 || a.shape() != Shape{x.size(), x.size()})
        fail<ShapeError>("quadratic_form: needs shapes (n, n) and (n,), not {} and {}",
                         a.shape(), x.shape());
    const auto slope = [a, x] { return matmul(a + transpose(a), x); };
    return record("quadratic_form", Array<T>(quadratic_form_of(a.array(), x.array())),
                  argument(a,
                           [x](const auto& y_bar) { return y_bar * outer(x, x); },
                           [x](const auto& a_dot) { return quadratic_form(a_dot, x); }),
                  argument(x,
                           [slope](const auto& y_bar) { return y_bar * slope(); },
                           [slope](const auto& x_dot) { return dot(slope(), x_dot); }));
}
//! [structural]

//! [with result]
/// y = x / |x|, (n) -> (n);   x̄ = (ȳ - y ⟨y, ȳ⟩) / |x|
template <class T>
Tensor<T> direction(const Tensor<T>& x)
{
    const auto project = [x](const auto& v, const auto& y) {
        return (v - y * sum(y * v)) / norm(x);
    };
    const Tensor<T> value = stop_gradient(x) / norm(stop_gradient(x));
    // The Jacobian is symmetric: both maps are the same.
    return record("direction", value.array(), argument(x, project, project));
}
//! [with result]

//! [trap]
// WRONG: the closure keeps a number computed from x.
template <class T>
Tensor<T> direction_once(const Tensor<T>& x)
{
    const T length = norm(x).item();
    const auto project = [length](const auto& v, const auto& y) {
        return (v - y * sum(y * v)) / length;
    };
    const Tensor<T> value = stop_gradient(x) / length;
    return record("direction", value.array(), argument(x, project, project));
}
//! [trap]
// clang-format on

}  // namespace

// ---------------------------------------- custom ops --------------------------------------------------

//! [custom op]
/// c = √(a² + b²),   ā = c̄ a / c,   b̄ = c̄ b / c
const auto hypotenuse = custom_op(
    "hypotenuse", [](const auto& a, const auto& b) { return sqrt(square(a) + square(b)); },
    [](const auto& c_bar, const auto& c, const auto& a, const auto& b) {
        return std::array{c_bar * a / c, c_bar * b / c};
    });
//! [custom op]

//! [straight through]
/// The sign of x, with the pullback of the identity   (Bengio et al. 2013)
const auto step_through = custom_op(
    "step_through", [](const Tensor<>& x) { return where(x < 0, Tensor<>(-1), Tensor<>(1)); },
    [](const auto& y_bar, const auto&, const auto&) { return y_bar; });
//! [straight through]

// ---------------------------------------- checks ------------------------------------------------------

BOOST_AUTO_TEST_CASE(an_op_is_checked_at_a_point)
{
    //! [check]
    check_gradient([](const Tensor<>& x) { return mish(x); }, Tensor<>{-2, 0.5, 3});
    check_gradient([](const auto& a, const auto& b) { return relative_entropy(a, b); }, 0.3, 0.8);

    // The derivative of the derivative, too:
    const auto slope = [](const Tensor<>& a, const Tensor<>& x) {
        return gradient([&](const Tensor<>& at) { return quadratic_form(a, at); }, x);
    };
    check_gradient(slope, Tensor<>{{1, 2}, {3, 4}}, Tensor<>{0.5, -1});
    //! [check]
}

BOOST_AUTO_TEST_CASE(forward_mode_is_checked_against_reverse_mode)
{
    //! [transpose]
    const Tensor<> x{3, 4, 12}, x_dot{1, -2, 0.5}, y_bar{0.3, 0.2, -1};
    const auto f = [](const Tensor<>& at) { return direction(at); };

    const double forwards = sum(y_bar * jvp(f, x, x_dot).tangent).item();    // ⟨ȳ, J ẋ⟩
    const double backwards = sum(vjp(f, x).pullback(y_bar) * x_dot).item();  // ⟨Jᵀ ȳ, ẋ⟩
    BOOST_TEST(std::abs(forwards - backwards) < 1e-15);  // a few roundings of numbers near 0.1
    //! [transpose]
}

BOOST_AUTO_TEST_CASE(ops_go_through_the_table)
{
    const std::vector<Row> rows{
        //! [rows]
        elementwise_row("mish", [](const auto& x) { return mish(x); }, {within({-3, 3})}),
        elementwise_row("soft_sign", [](const auto& x) { return soft_sign(x); }, {within({-3, 3})}),
        elementwise_row("relative_entropy",
                        [](const auto& a, const auto& b) { return relative_entropy(a, b); },
                        {positive, positive}),
        tensor_row("quadratic_form", "", [](auto x) { return quadratic_form(x[0], x[1]); }, {real, real},
                   {{Shape{3, 3}, Shape{3}}, {Shape{1, 1}, Shape{1}}, {Shape{0, 0}, Shape{0}}}),
        tensor_row("direction", "", [](auto x) { return direction(x[0]); }, {nonzero}, {{Shape{4}}}),
        tensor_row("hypotenuse", "", [](auto x) { return hypotenuse(x[0], x[1]); }, {nonzero, nonzero},
                   {{Shape{2, 3}, Shape{2, 3}}}),
        //! [rows]
    };
    Random random(1);
    for (const Row& row : rows) {
        if (row.has_scalars()) check_scalars(row, random);
        for (const Shapes& shapes : row.shapes) check_tensors(row, shapes, random);
    }
    for (const Failure& failure : account().failures()) BOOST_ERROR(failure.text);
}

BOOST_AUTO_TEST_CASE(a_closure_that_keeps_a_plain_number_loses_the_second_derivative)
{
    const Tensor<> x{3, 4};
    const auto first = [](const Tensor<>& at) { return direction_once(at); };
    check_gradient(first, x);
    const auto second = [&](const Tensor<>& at) {
        return gradient([&](const Tensor<>& t) { return sum(square(first(t)) * Tensor<>{1, 2}); }, at);
    };
    BOOST_CHECK_THROW(check_gradient(second, x), GradientError);
}

BOOST_AUTO_TEST_CASE(a_custom_pullback_need_not_be_the_derivative)
{
    const Tensor<> slope =
        gradient([](const Tensor<>& x) { return sum(3 * step_through(x)); }, Tensor<>{-2, 5});
    BOOST_TEST(slope(0) == 3.0);
    BOOST_TEST(slope(1) == 3.0);
}

// The kernel of a derived op tries plain products first, a few thousand elements at a time, in which 0 · ∞ is
// NaN.
BOOST_AUTO_TEST_CASE(a_zero_wins_over_infinity_within_a_users_elementwise_op)
{
    const auto check = []<class T>(T) {
        const auto op = elementwise("size_times", [](auto x, auto y) { return sqrt(x * x) * y; });
        for (const Index size : {1, 7, 64, 5000, 20'000})
            for (const Index at : {Index{0}, size / 2, size - 1}) {
                std::vector<T> x(static_cast<std::size_t>(size), T(4)), y(x.size(), T(3));
                const auto place = static_cast<std::size_t>(at);
                y[place == 0 ? x.size() - 1 : 0] = 5;
                std::vector<T> of_x = y, of_y = x;
                x[place] = of_x[place] = of_y[place] = 0;
                const auto f = [&](const Tensor<T>& v, const Tensor<T>& w) { return sum(op(v, w)); };
                const auto [x_bar, y_bar] = gradient(f, Tensor<T>(Shape{size}, x), Tensor<T>(Shape{size}, y));
                BOOST_TEST((x_bar.to_vector() == of_x), "size " << size << ", zero at " << at);
                BOOST_TEST((y_bar.to_vector() == of_y), "size " << size << ", zero at " << at);
            }
    };
    check(0.0);
    check(0.0f);
}

BOOST_AUTO_TEST_CASE(a_structural_op_names_its_shapes)
{
    const auto is_named = [](const ShapeError& error) {
        return std::string(error.what()) ==
               "quadratic_form: needs shapes (n, n) and (n,), not (2, 3) and (3,)";
    };
    BOOST_CHECK_EXCEPTION(quadratic_form(Tensor<>::ones(Shape{2, 3}), Tensor<>{1, 2, 3}), ShapeError,
                          is_named);
}
