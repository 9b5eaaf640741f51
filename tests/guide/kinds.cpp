// Numbers and tensors, shapes and broadcasting.

#include <guide/checks.hpp>

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <vector>

using namespace autodiff;
using namespace autodiff::tests;

BOOST_AUTO_TEST_CASE(one_function_is_of_numbers_and_of_tensors)
{
    //! [either kind]
    const auto softplus_squared = [](const auto& x) { return square(log1p(exp(x))); };

    const double slope = gradient(softplus_squared, 0.5);
    const Tensor<> slopes = gradient([&](const Tensor<>& x) { return sum(softplus_squared(x)); },
                                     Tensor<>{-1, 0.5, 2});  // of all three at once
    //! [either kind]
    require_near(slope, 2 * std::log1p(std::exp(0.5)) / (1 + std::exp(-0.5)));
    require_near(slopes(1), slope);
}

BOOST_AUTO_TEST_CASE(code_that_decides_by_values_is_of_numbers)
{
    //! [decides]
    // The highest point of a ball that is thrown upwards, step by step. How many steps there are depends on
    // x.
    const auto height = [](const auto& speed) {
        auto v = 1 * speed;
        auto y = 0 * speed;
        while (v > 0) {
            y += 0.01 * v;
            v -= 0.01 * 9.81;
        }
        return y;
    };
    const double slope = gradient(height, 5.0);  // close to speed / 9.81
    //! [decides]
    // Each of the steps with v > 0 adds 0.01: there are ⌈5 / 0.0981⌉.
    require_near(slope, 0.01 * std::ceil(5 / 0.0981), 1e-12);
}

BOOST_AUTO_TEST_CASE(the_gradient_of_what_is_stretched_is_summed)
{
    //! [stretched]
    const Tensor<> x{{1, 2, 3}, {4, 5, 6}};  // (2, 3)
    const Tensor<> b{10, 20, 30};            // (3), stretched to (2, 3)
    const auto loss = [&](const Tensor<>& bias) { return sum(square(x + bias)); };
    const Tensor<> b_bar = gradient(loss, b);  // (3): Σ over the two rows of 2 (x + b)
    //! [stretched]
    BOOST_TEST((b_bar.shape() == b.shape()));
    require_near(b_bar(0), 2 * (1 + 10) + 2 * (4 + 10));
}

BOOST_AUTO_TEST_CASE(axes_of_size_one_make_all_pairs)
{
    //! [pairs]
    const Tensor<> a{{0, 0}, {3, 4}}, b{{0, 0}, {6, 8}, {3, 0}};  // points of the plane: (2, 2), (3, 2)
    // (2, 1, 2) - (1, 3, 2) = (2, 3, 2), from each point of a to each of b
    const Tensor<> differences = unsqueeze(a, {1}) - unsqueeze(b, {0});
    const Tensor<> distances = norm(differences, {-1});  // (2, 3)
    //! [pairs]
    BOOST_TEST((distances.shape() == Shape{2, 3}));
    require_near(distances(1, 0), 5);
    require_near(distances(1, 1), 5);
    require_near(distances(1, 2), 4);
}

BOOST_AUTO_TEST_CASE(views_share_memory_and_values_do_not_change)
{
    //! [views]
    const Tensor<> a{{1, 2, 3}, {4, 5, 6}};
    const Tensor<> t = transpose(a);                     // (3, 2): a view, nothing is copied
    const Tensor<> first = select(a, 0);                 // (3)
    const Tensor<> corner = slice(a, {{0, 1}, {1, 3}});  // (1, 2): row 0, columns 1 and 2
    //! [views]
    require_near(t(2, 1), 6);
    require_near(first(2), 3);
    BOOST_TEST((corner.shape() == Shape{1, 2}));
    require_near(corner(0, 1), 3);
}

BOOST_AUTO_TEST_CASE(shapes_go_wrong_in_four_ways)
{
    const Tensor<> prediction = Tensor<>::ones({3, 1}), target = Tensor<>::ones({3}), x{{1, 2, 3}, {4, 5, 6}};
    BOOST_TEST(((prediction - target).shape() == Shape{3, 3}));
    BOOST_CHECK_THROW(nn::mse(prediction, target), ShapeError);
    BOOST_TEST((sum(x).shape() == Shape{}));
    BOOST_TEST((sum(x, {0}, KeepDims::yes).shape() == Shape{1, 3}));
    require_near(reshape(x, {3, 2})(0, 1), 2);
    require_near(transpose(x)(0, 1), 4);
    BOOST_TEST((matmul(Tensor<>::ones({3}), Tensor<>::ones({3, 4})).shape() == Shape{4}));
}
