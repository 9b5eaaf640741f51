// The snippets of docs/guide, compiled and checked: here those of its first page, the others in tests/guide.
// A snippet is what stands between two markers.

#include <guide/checks.hpp>

#include <autodiff/autodiff.hpp>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace autodiff;
using namespace autodiff::tests;

void autodiff::tests::require_documented(const std::string& file, const std::string& text)
{
    const auto path = std::filesystem::path(__FILE__).parent_path().parent_path() / "docs" / file;
    if (std::getenv("ADJOINT_WRITE_DOCS")) std::ofstream(path) << text;
    std::stringstream documented;
    documented << std::ifstream(path).rdbuf();
    BOOST_TEST(text == documented.str(), path << " should read\n" << text);
}

BOOST_AUTO_TEST_CASE(a_function_of_numbers_has_a_gradient)
{
    //! [numbers]
    auto f = [](const auto& x, const auto& y) { return sin(x) * y + exp(-x * x); };

    const double plain = f(0.5, 2.0);                             // a plain function
    const auto [value, slope] = value_and_gradient(f, 0.5, 2.0);  // f and (∂f/∂x, ∂f/∂y)
    fmt::print("f = {:.6f}, gradient = ({:.6f}, {:.6f})\n", value, slope[0], slope[1]);
    //! [numbers]
    require_near(plain, std::sin(0.5) * 2 + std::exp(-0.25));
    require_near(value, plain);
    require_near(slope[0], 2 * std::cos(0.5) - 2 * 0.5 * std::exp(-0.25));
    require_near(slope[1], std::sin(0.5));
    require_documented("output/guide_numbers.txt",
                       fmt::format("f = {:.6f}, gradient = ({:.6f}, {:.6f})\n", value, slope[0], slope[1]));
}

BOOST_AUTO_TEST_CASE(a_vector_of_numbers_has_a_vector_of_derivatives)
{
    //! [container]
    auto rosenbrock = [](const auto& x) {
        auto sum = 0 * x[0];
        for (std::size_t i = 0; i + 1 < x.size(); ++i)
            sum += 100 * square(x[i + 1] - square(x[i])) + square(1 - x[i]);
        return sum;
    };
    const std::vector<double> slope = gradient(rosenbrock, std::vector{1.2, 1.0, 0.8});
    //! [container]
    BOOST_TEST(slope.size() == 3u);
    require_near(slope[0], -400 * 1.2 * (1.0 - 1.44) - 2 * (1 - 1.2), 1e-13);
    require_near(slope[1], 200 * (1.0 - 1.44) - 400 * (0.8 - 1.0), 1e-13);
    require_near(slope[2], 200 * (0.8 - 1.0), 1e-13);
}

BOOST_AUTO_TEST_CASE(loops_and_branches_are_differentiated_as_executed)
{
    //! [control flow]
    auto newton_root = [](const auto& a) {  // the square root of a, by Newton's method
        auto x = 1 + 0 * a;
        for (int i = 0; i < 8; ++i) x = (x + a / x) / 2;
        if (x < 0) x = -x;
        return x;
    };
    const auto [root, slope] = value_and_gradient(newton_root, 2.0);  // √2 and 1 / (2 √2)
    //! [control flow]
    require_near(root, std::sqrt(2.0));
    require_near(slope, 0.5 / std::sqrt(2.0));
}

BOOST_AUTO_TEST_CASE(a_function_of_tensors_has_a_gradient)
{
    //! [tensors]
    const Tensor<> a{{1, 2, 3}, {4, 5, 6}};  // shape (2, 3)
    const Tensor<> x{0.1, -0.2, 0.3};        // shape (3)

    auto energy = [](const Tensor<>& matrix, const Tensor<>& vector) {
        return sum(square(matmul(matrix, vector)));
    };
    const auto [value, slope] = value_and_gradient(energy, a, x);
    // slope[0] has the shape of a: 2 (a x) xᵀ;   slope[1] has the shape of x: 2 aᵀ (a x)
    //! [tensors]
    require_near(value.item(), 0.6 * 0.6 + 1.2 * 1.2);
    BOOST_TEST((slope[0].shape() == a.shape()));
    require_near(slope[0](1, 2), 2 * 1.2 * 0.3);
    require_near(slope[1](0), 2 * (1 * 0.6 + 4 * 1.2));
}

BOOST_AUTO_TEST_CASE(tensors_broadcast_as_in_numpy)
{
    //! [broadcasting]
    const Tensor<> rows{{1, 2, 3}, {4, 5, 6}};
    const Tensor<> offset{10, 20, 30};

    const Tensor<> shifted = rows + offset;         // (2, 3) + (3): added to each row
    const Tensor<> halved = 0.5 * shifted;          // plain numbers mix in on either side
    const Tensor<> column_sums = sum(halved, {0});  // over axis 0: shape (3)
    const double last = column_sums(2);
    //! [broadcasting]
    require_near(last, 0.5 * (33 + 36));
}
