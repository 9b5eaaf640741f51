// Updates of tensors in place.

#include <autodiff/ops/creation.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/transforms/gradient.hpp>
#include <autodiff/update.hpp>

#include "support/errors.hpp"

#include <tuple>

using namespace autodiff;
using autodiff::tests::error_text;

namespace {

using numbers = std::tuple<double, float>;

}  // namespace

BOOST_AUTO_TEST_CASE_TEMPLATE(an_update_has_the_bits_of_plain_numbers, T, numbers)
{
    const auto formula = [](auto& x, auto y, auto& z) {
        z = T(0.9) * z + y * y;
        x = x - T(0.1) * y / (sqrt(z) + T(1e-8));
    };
    for (Index count = 1; count < 70; ++count) {
        Tensor<T> x = sin(arange<T>(static_cast<T>(count))), z = exp(-x);
        const Tensor<T> y = cos(x);
        std::vector<T> xs = x.to_vector(), ys = y.to_vector(), zs = z.to_vector();
        for (int step = 0; step < 2; ++step) {
            update_in_place("update", formula, x, y, z);
            for (std::size_t i = 0; i < xs.size(); ++i) formula(xs[i], ys[i], zs[i]);
        }
        BOOST_TEST(x.to_vector() == xs);
        BOOST_TEST(z.to_vector() == zs);
        BOOST_TEST(y.to_vector() == ys);
    }
}

BOOST_AUTO_TEST_CASE(an_update_rejects_what_cannot_be_written)
{
    Tensor<> x{1.0, 2.0};
    const Tensor<> y{1.0};
    const auto add = [](auto& a, auto b) { a = a + b; };
    BOOST_TEST(error_text<ShapeError>([&] { update_in_place("add", add, x, y); }) ==
               "add: shapes (2,) and (1,) differ; an update needs tensors of one shape");
    const auto write = [&](const Tensor<>& v) {
        update_in_place("add", add, x, v);
        return sum(v);
    };
    BOOST_TEST(error_text<RecordingError>([&] { gradient(write, x); }) ==
               "add: a variable of a recording cannot be written; update after the gradient");
    BOOST_TEST(x(0) == 1.0);
}
