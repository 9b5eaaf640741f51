// What users of other libraries know, said with this one.

#include <guide/checks.hpp>
#include <guide/xor.hpp>

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <vector>

using namespace autodiff;
using namespace autodiff::tests;

BOOST_AUTO_TEST_CASE(a_step_of_training_for_users_of_pytorch)
{
    const Tensor<> x{{0, 0}, {0, 1}, {1, 0}, {1, 1}}, y{{0}, {1}, {1}, {0}};
    Xor model;
    nn::Adam adam{{.learning_rate = 0.1}};
    double last = 1;
    for (int step = 0; step < 300; ++step) {
        //! [pytorch]
        const auto [loss, gradients] =
            value_and_gradient([&] { return nn::mse(model(x), y); }, model.parameters());
        adam.step(model.parameters(), gradients);
        //! [pytorch]
        last = loss.item();
    }
    BOOST_TEST(last < 0.01);
}

BOOST_AUTO_TEST_CASE(the_readme_of_micrograd)
{
    //! [micrograd]
    const auto g = [](const auto& a, const auto& b) {
        auto c = a + b;
        auto d = a * b + b * b * b;
        auto c2 = c + c + 1;
        auto c3 = c2 + 1 + c2 - a;
        auto d2 = d + d * 2 + relu(b + a);
        auto d3 = d2 + 3 * d2 + relu(b - a);
        auto f = square(c3 - d3);
        return f / 2 + 10 / f;
    };
    const auto [value, slope] = value_and_gradient(g, -4.0, 2.0);
    //! [micrograd]
    // As its README prints them, to four places.
    require_near(value, 24.7041, 1e-5);
    require_near(slope[0], 138.8338, 1e-6);
    require_near(slope[1], 645.5773, 1e-6);
}

BOOST_AUTO_TEST_CASE(a_function_of_reals_for_users_of_codipack)
{
    //! [codipack]
    const auto f = []<class Real>(const std::vector<Real>& x) {
        std::array<Real, 2> y{Real(0), Real(1)};
        for (const Real& xi : x) {
            y[0] += xi;
            y[1] *= xi;
        }
        return std::vector<Real>(y.begin(), y.end());
    };
    const std::vector<double> x{1, 2, 3, 4, 5};
    const auto j = jacobian(f, x);  // two rows of five numbers
    //! [codipack]
    for (std::size_t i = 0; i < x.size(); ++i) {
        require_near(j[0][i], 1);
        require_near(j[1][i], 120 / x[i]);
    }
}
