// Linear maps, matrices of derivatives, derivatives of derivatives.

#include <guide/checks.hpp>

#include <autodiff/autodiff.hpp>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <vector>

using namespace autodiff;
using namespace autodiff::tests;

BOOST_AUTO_TEST_CASE(gradients_nest)
{
    //! [nested]
    auto f = [](const auto& x) { return x * x * x; };
    auto first = [&](const auto& x) { return gradient(f, x); };       // 3 x²
    auto second = [&](const auto& x) { return gradient(first, x); };  // 6 x

    const double of_a_number = gradient(second, 2.0);            // 6
    const Tensor<> of_a_tensor = gradient(second, Tensor<>(2));  // 6
    //! [nested]
    require_near(of_a_number, 6);
    require_near(of_a_tensor.item(), 6);
}

BOOST_AUTO_TEST_CASE(linear_maps_are_applied_either_way)
{
    //! [vjp and jvp]
    auto f = [](const Tensor<>& x) { return sin(x) * sum(x); };
    const Tensor<> x{0.1, 0.2, 0.3};

    const auto [y, pullback] = vjp(f, x);
    const Tensor<> x_bar = pullback(Tensor<>{1, 0, 0});  // Jᵀ ȳ, for as many ȳ as wanted

    const auto [same_y, y_dot] = jvp(f, x, Tensor<>{0, 1, 0});  // J ẋ
    //! [vjp and jvp]
    require_near(x_bar(1), std::sin(0.1));
    require_near(y_dot(0), std::sin(0.1));
    require_near(y_dot(1), std::sin(0.2) + 0.6 * std::cos(0.2));
    require_near(y(2), same_y(2));
}

BOOST_AUTO_TEST_CASE(first_and_second_derivatives_come_as_matrices)
{
    //! [matrices]
    auto polar = [](const Tensor<>& x) { return x * norm(x); };
    const Tensor<> j = jacobian(polar, Tensor<>{3, 4});  // shape (2, 2)

    auto f = [](const Tensor<>& x) { return prod(x); };
    const Tensor<> x{2, 3, 5};
    const Tensor<> h = hessian(f, x);                         // shape (3, 3)
    const Tensor<> h_times_v = hvp(f, x, Tensor<>{1, 0, 0});  // one column, without the others
    //! [matrices]
    require_near(j(0, 0), 5 + 9 / 5.0);
    require_near(j(0, 1), 12 / 5.0);
    require_near(h(0, 1), 5);
    require_near(h(1, 1), 0);
    require_near(h_times_v(2), 3);
}

BOOST_AUTO_TEST_CASE(matrices_that_are_mostly_zero_come_in_few_sweeps)
{
    //! [sparse]
    auto differences = []<class X>(const std::vector<X>& x) {
        std::vector<X> y(x.size() - 1);
        for (std::size_t i = 0; i < y.size(); ++i) y[i] = x[i + 1] * x[i + 1] - x[i];
        return y;
    };
    const std::vector<double> x(1000, 0.5);
    const auto j = sparse_jacobian(differences, x);  // (999, 1000), with 1998 entries in compressed rows
    const double entry = j(10, 11);
    //! [sparse]
    BOOST_TEST(j.values.size() == 1998u);
    require_near(entry, 1);

    //! [sparse plan]
    const SparsePlan plan(jacobian_pattern(differences, x));  // two colours
    const auto elsewhere = sparse_jacobian(differences, std::vector<double>(1000, 2.0), plan);
    //! [sparse plan]
    BOOST_TEST(plan.colour_count() == 2u);
    require_near(elsewhere(10, 11), 4);
}

BOOST_AUTO_TEST_CASE(stop_gradient_makes_a_constant)
{
    //! [stop gradient]
    auto f = [](const auto& x) { return x * stop_gradient(x); };
    const double slope = gradient(f, 3.0);  // 3, not 6: the second factor is a constant
    //! [stop gradient]
    require_near(slope, 3);
}

BOOST_AUTO_TEST_CASE(newtons_method_takes_a_gradient_and_a_hessian)
{
    //! [newton]
    const auto rosenbrock = [](const Tensor<>& x) {
        const Tensor<> a = select(x, 0), b = select(x, 1);
        return 100 * square(b - square(a)) + square(1 - a);
    };
    Tensor<> x{-1.2, 1};
    for (int step = 0; step < 8; ++step)
        x = x - solve(hessian(rosenbrock, x), gradient(rosenbrock, x));  // to (1, 1)
    //! [newton]
    require_near(x(0), 1, 1e-10);
    require_near(x(1), 1, 1e-10);
}

BOOST_AUTO_TEST_CASE(a_derivative_in_a_loss_is_differentiated_again)
{
    //! [laplacian]
    // u_xx + u_yy at each of many points (x, y), which are the rows of a tensor.
    const auto laplacian = [](const auto& u, const Tensor<>& points) {
        const auto slope = [&](const Tensor<>& at) {
            return gradient([&](const Tensor<>& p) { return sum(u(p)); }, at);
        };
        Tensor<> sum_of_seconds = Tensor<>::zeros({points.size(0)});
        for (Index axis = 0; axis < 2; ++axis) {
            const auto slopes_along = [&](const Tensor<>& at) { return sum(select(slope(at), axis, 1)); };
            sum_of_seconds = sum_of_seconds + select(gradient(slopes_along, points), axis, 1);
        }
        return sum_of_seconds;
    };
    // x² y³, whose Laplacian is 2 y³ + 6 x² y
    const auto u = [](const Tensor<>& p) { return square(select(p, 0, 1)) * pow(select(p, 1, 1), 3); };
    const Tensor<> values = laplacian(u, Tensor<>{{1, 2}, {0.5, -1}});
    //! [laplacian]
    require_near(values(0), 2 * 8 + 6 * 2);
    require_near(values(1), -2 + 6 * 0.25 * -1);
}
