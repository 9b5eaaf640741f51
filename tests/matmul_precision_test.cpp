// Products of floats in bf16, where the machine has instructions for it, and what is said where it has not.

#include <autodiff/error.hpp>
#include <autodiff/kernels/onednn.hpp>
#include <autodiff/matmul_precision.hpp>
#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/ops/elementwise.hpp>
#include <autodiff/ops/matmul.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/random.hpp>

#include "support/errors.hpp"

#include <cmath>

using namespace autodiff;
using autodiff::tests::error_text;

namespace {

/// bf16 for a scope.
struct InBf16 {
    InBf16() { set_matmul_precision(MatmulPrecision::bf16); }
    InBf16(const InBf16&) = delete;
    InBf16& operator=(const InBf16&) = delete;
    ~InBf16() { set_matmul_precision(MatmulPrecision::f32); }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_machine_without_bf16_says_so)
{
    BOOST_TEST((matmul_precision() == MatmulPrecision::f32));
    if (has_bf16()) return;
    const std::string text = error_text<Error>([] { set_matmul_precision(MatmulPrecision::bf16); });
    BOOST_TEST(text.find("set_matmul_precision: bf16 needs ") == 0U);
    BOOST_TEST((matmul_precision() == MatmulPrecision::f32));
}

// Whole numbers up to 256 are bfloat16 numbers, and their sums floats: the product is exact. oneDNN computes
// it without such instructions, too, if there is AVX-512.
BOOST_AUTO_TEST_CASE(the_kernel_takes_operands_of_any_layout)
{
    if (!kernels::has_onednn) return;
    constexpr Index m = 37, n = 29, k = 45;
    const IndexArray left = randint(Key(1), {m, k}, -256, 257), right = randint(Key(2), {k, n}, -256, 257);
    for (const char of_a : {'N', 'T'})
        for (const char of_b : {'N', 'T'}) {
            std::vector<float> a(m * (k + m)), b(k * (n + k)), c(m * (n + 3), -1);
            const Index a_row = of_a == 'N' ? k + 1 : m, b_row = of_b == 'N' ? n : k + 2;
            for (Index i = 0; i < m; ++i)
                for (Index p = 0; p < k; ++p)
                    a[static_cast<std::size_t>(of_a == 'N' ? i * a_row + p : p * a_row + i)] =
                        static_cast<float>(left(i, p));
            for (Index p = 0; p < k; ++p)
                for (Index j = 0; j < n; ++j)
                    b[static_cast<std::size_t>(of_b == 'N' ? p * b_row + j : j * b_row + p)] =
                        static_cast<float>(right(p, j));
            try {
                kernels::onednn_gemm_bf16(m, n, k, {of_a, a.data(), a_row}, {of_b, b.data(), b_row}, c.data(),
                                          n + 3);
            } catch (const Error& error) {
                BOOST_TEST_MESSAGE("left out: " << error.what());
                BOOST_TEST(!has_bf16());
                return;
            }
            for (Index i = 0; i < m; ++i)
                for (Index j = 0; j < n; ++j) {
                    Index sum = 0;
                    for (Index p = 0; p < k; ++p) sum += left(i, p) * right(p, j);
                    BOOST_TEST_REQUIRE(c[static_cast<std::size_t>(i * (n + 3) + j)] ==
                                       static_cast<float>(sum));
                }
            BOOST_TEST(c[n] == -1);  // between rows nothing is written
        }
}

BOOST_AUTO_TEST_CASE(large_products_of_floats_are_computed_in_it_where_there_is_one)
{
    if (!has_bf16()) return;
    const Tensor<float> a = uniform<float>(Key(1), {96, 200}), b = uniform<float>(Key(2), {200, 64});
    const Tensor<double> c = uniform(Key(3), {96, 200}), d = uniform(Key(4), {200, 64});
    const Tensor<float> exact = matmul(a, b);
    const Tensor<double> of_doubles = matmul(c, d);
    const InBf16 scope;
    const float worst = max(abs(matmul(a, b) / exact - 1.0F)).item();
    BOOST_TEST(worst > 0);
    BOOST_TEST(worst < 0x1p-8);  // each factor is rounded by at most 2⁻⁹
    BOOST_TEST((matmul(c, d).to_vector() == of_doubles.to_vector()));
}
