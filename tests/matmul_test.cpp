// Products of vectors, matrices and batches: values against plain loops, for every layout in memory.

#include <support/derivatives.hpp>
#include <support/errors.hpp>
#include <support/layouts.hpp>
#include <support/random.hpp>

#include <autodiff/autodiff.hpp>
#include <autodiff/kernels/blas.hpp>

#include <boost/test/unit_test.hpp>

// OpenBLAS's own; absent if another BLAS is linked.
extern "C" [[gnu::weak]] void openblas_set_num_threads(int);

using namespace autodiff;
using namespace autodiff::tests;

namespace {

/// The number at a position, of axes that may be stretched.
double at(const Tensor<>& x, const std::vector<Index>& position)
{
    Index offset = 0;
    for (std::size_t axis = 0; axis < x.rank(); ++axis)
        if (x.shape()[axis] > 1)
            offset += x.array().strides()[axis] * position[position.size() - x.rank() + axis];
    return x.array().data()[offset];
}

/// A B by its definition, for operands of rank two or more.
Tensor<> product_in_loops(const Tensor<>& a, const Tensor<>& b)
{
    const auto batch_of = [](Shape shape) {
        shape.erase(shape.rank() - 1);
        shape.erase(shape.rank() - 1);
        return shape;
    };
    Shape shape = broadcast_shapes("test", batch_of(a.shape()), batch_of(b.shape()));
    shape.push_back(a.size(-2));
    shape.push_back(b.size(-1));
    Array<double> c = Array<double>::uninitialized(shape);
    const std::size_t rank = shape.rank();
    for (Index i = 0; i < c.size(); ++i) {
        std::vector<Index> position(rank);
        for (Index rest = i, axis = static_cast<Index>(rank); axis-- > 0;) {
            position[static_cast<std::size_t>(axis)] = rest % shape[static_cast<std::size_t>(axis)];
            rest /= shape[static_cast<std::size_t>(axis)];
        }
        double sum = 0;
        for (Index k = 0; k < a.size(-1); ++k) {
            std::vector<Index> left = position, right = position;
            left[rank - 1] = k;
            right[rank - 2] = k;
            sum += at(a, left) * at(b, right);
        }
        c.writable()[i] = sum;
    }
    return c;
}

Shape random_batch(Random& random, const Shape& full)
{
    Shape shape;
    for (std::size_t axis = random.below(full.rank() + 1); axis < full.rank(); ++axis)
        shape.push_back(random.below(2) ? full[axis] : 1);
    return shape;
}

Shape with_matrix(Shape batch, Index rows, Index columns)
{
    batch.push_back(rows);
    batch.push_back(columns);
    return batch;
}

Tensor<> in_some_layout(Random& random, const Tensor<>& x)
{
    switch (random.below(5)) {
        case 0: return column_major(x);
        case 1: return spaced(x);
        case 2: return backwards(x);
        case 3:
            return x.rank() > 1 ? swap_axes(Tensor<>(swap_axes(x, -1, -2).array().contiguous()), -1, -2) : x;
        default: return x;
    }
}

// A sum of k products of numbers below 1, in another order: far within 1e-13 for the sizes here.
constexpr double rounding = 1e-13;

}  // namespace

BOOST_AUTO_TEST_CASE(matmul_agrees_with_loops_for_random_shapes_and_layouts)
{
    Random random(1);
    const std::vector<Index> sizes{0, 1, 1, 2, 3, 4, 5, 7, 12, 33};
    for (int round = 0; round < 400; ++round) {
        Shape batch;
        for (std::size_t axis = random.below(3); axis > 0; --axis) batch.push_back(sizes[random.below(6)]);
        const auto size = [&] { return sizes[random.below(sizes.size())]; };
        const Index m = size(), n = size(), k = size();
        const Tensor<> a = in_some_layout(random, sample(with_matrix(random_batch(random, batch), m, k), 1));
        const Tensor<> b = in_some_layout(random, sample(with_matrix(random_batch(random, batch), k, n), 2));
        BOOST_TEST_CONTEXT(fmt::format("{} x {}", a.shape(), b.shape()))
        {
            const Tensor<> c = product_in_loops(a, b);
            check_equal(matmul(a, b), c, rounding);
            check_equal(matmul(swap_axes(a, -1, -2), b, Transpose::yes, Transpose::no), c, rounding);
            check_equal(matmul(a, swap_axes(b, -1, -2), Transpose::no, Transpose::yes), c, rounding);
            check_equal(matmul(swap_axes(a, -1, -2), swap_axes(b, -1, -2), Transpose::yes, Transpose::yes), c,
                        rounding);
        }
    }
}

BOOST_AUTO_TEST_CASE(matmul_agrees_with_loops_where_a_product_is_cut_into_tiles)
{
    for (const auto& [m, n, k] :
         {std::array<Index, 3>{65, 64, 65}, {3, 90000, 1}, {130, 17, 300}, {2, 2, 70001}, {101, 99, 97}}) {
        const Tensor<> a = sample(Shape{m, k}, 1), b = sample(Shape{k, n}, 2);
        const Tensor<> c = product_in_loops(a, b);
        // Rounding grows with the root of the number of terms, and so do the results.
        check_equal(matmul(a, b), c, rounding);
        check_equal(matmul(column_major(a), column_major(b)), c, rounding);
    }
}

BOOST_AUTO_TEST_CASE(the_product_without_blas_is_that_of_blas)
{
    Random random(2);
    for (int round = 0; round < 200; ++round) {
        const auto size = [&] { return static_cast<Index>(1 + random.below(20)); };
        const Index m = size(), n = size(), k = size(), gap = static_cast<Index>(random.below(3));
        // Whole numbers: every order of their sums is exact.
        const auto whole = [&] { return static_cast<double>(random.below(17)) - 8; };
        const auto matrix = [&](Index rows, Index columns, std::vector<double>& elements) {
            const bool is_transposed = random.below(2) == 1;
            const Index row_length = (is_transposed ? rows : columns) + gap;
            elements.resize(static_cast<std::size_t>(row_length * (is_transposed ? columns : rows)));
            std::generate(elements.begin(), elements.end(), whole);
            return kernels::BlasOperand<double>{elements.data(), is_transposed, row_length};
        };
        std::vector<double> a, b, c(static_cast<std::size_t>(m * (n + gap)));
        const auto left = matrix(m, k, a), right = matrix(k, n, b);
        const double alpha = whole(), beta = static_cast<double>(random.below(3));
        std::generate(c.begin(), c.end(),
                      [&] { return beta == 0 ? std::numeric_limits<double>::quiet_NaN() : whole(); });
        if (beta == 0)  // what lies between the rows is not written
            for (Index i = 0; i < m; ++i) std::fill_n(c.begin() + i * (n + gap) + n, gap, 0.0);
        std::vector<double> expected = c;
        kernels::blas_gemm(m, n, k, alpha, left, right, beta, expected.data(), n + gap);
        kernels::plain_gemm(m, n, k, alpha, left, right, beta, c.data(), n + gap);
        BOOST_TEST(c == expected, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(matmul_treats_a_vector_as_a_row_on_the_left_and_a_column_on_the_right)
{
    const Tensor<> v{1, 2, 3}, a{{1, 2, 3}, {4, 5, 6}};
    check_equal(matmul(a, v), Shape{2}, {14, 32});
    check_equal(matmul(Tensor<>{1, 2}, a), Shape{3}, {9, 12, 15});
    check_equal(matmul(v, v), Shape{}, {14});
    check_equal(matmul(reshape(a, Shape{2, 1, 3}), v), Shape{2, 1}, {14, 32});
    check_equal(matmul(Tensor<>{2}, reshape(a, Shape{2, 1, 3})), Shape{2, 3}, {2, 4, 6, 8, 10, 12});
    check_equal(matmul(Tensor<>::zeros(Shape{0}), Tensor<>::zeros(Shape{0, 2})), Shape{2}, {0, 0});
    const Index many = Index{1} << 60;  // of nothing: no reason to count them
    check_equal(matmul(Tensor<>::zeros(Shape{many, 0, 3}), Tensor<>::zeros(Shape{3, 2})), Shape{many, 0, 2},
                {});
}

BOOST_AUTO_TEST_CASE(long_vectors_and_their_products_with_matrices_agree_with_loops_in_every_layout)
{
    Random random(2);
    for (Index size : {1, 15, 16, 17, 31, 64, 100, 1000}) {
        const Tensor<> a = sample(Shape{7, size}, 1), v = sample(Shape{size}, 2), w = sample(Shape{7}, 3);
        const Tensor<> av = reshape(product_in_loops(a, reshape(v, Shape{size, 1})), Shape{7});
        const Tensor<> wa = reshape(product_in_loops(reshape(w, Shape{1, 7}), a), Shape{size});
        for (int round = 0; round < 10; ++round) {
            check_equal(matmul(in_some_layout(random, a), in_some_layout(random, v)), av, rounding);
            check_equal(matmul(in_some_layout(random, w), in_some_layout(random, a)), wa, rounding);
            const Tensor<> u = in_some_layout(random, v);
            check_equal(dot(u, v),
                        product_in_loops(reshape(v, Shape{1, size}), reshape(v, Shape{size, 1}))(0, 0),
                        rounding);
        }
    }
}

BOOST_AUTO_TEST_CASE(dot_and_outer_are_the_products_of_vectors)
{
    check_equal(dot(Tensor<>{1, 2, 3}, Tensor<>{4, 5, 6}), Shape{}, {32});
    check_equal(dot(Tensor<>(), Tensor<>()), Shape{}, {0});
    check_equal(outer(Tensor<>{1, 2}, Tensor<>{3, 4, 5}), Shape{2, 3}, {3, 4, 5, 6, 8, 10});
    check_equal(outer(Tensor<>(), Tensor<>{1, 2}), Shape{0, 2}, {});
}

BOOST_AUTO_TEST_CASE(products_and_factorisations_have_the_same_bits_for_any_number_of_threads)
{
    if (!openblas_set_num_threads) return;
    const auto all = [] {
        const Tensor<> a = sample(Shape{150, 170}, 1), b = sample(Shape{170, 150}, 2), c = matmul(a, b);
        const Tensor<> positive = matmul(a, a, Transpose::no, Transpose::yes);
        std::vector<double> elements = c.to_vector();
        for (const Tensor<>& x :
             {matmul(a, sample(Shape{170}, 3)), solve(c, c), inverse(c), cholesky(positive)}) {
            const std::vector<double> more = x.to_vector();
            elements.insert(elements.end(), more.begin(), more.end());
        }
        return elements;
    };
    openblas_set_num_threads(1);
    const std::vector<double> alone = all();
    for (int threads : {2, 3, 8}) {
        openblas_set_num_threads(threads);
        BOOST_TEST((all() == alone));
    }
    openblas_set_num_threads(1);
}

BOOST_AUTO_TEST_CASE(an_infinite_element_reaches_only_its_row_and_column)
{
    const double infinity = std::numeric_limits<double>::infinity();
    check_equal(matmul(Tensor<>{{infinity, 1}, {1, 1}}, Tensor<>{{1, 1}, {1, 1}}), Shape{2, 2},
                {infinity, infinity, 2, 2});
}

BOOST_AUTO_TEST_CASE(float_products_are_those_of_double_to_float_precision)
{
    const Tensor<> a = sample(Shape{3, 40, 50}, 1), b = sample(Shape{50, 30}, 2);
    const auto as_float = [](const Tensor<>& x) {
        const std::vector<double> values = x.to_vector();
        return Tensor<float>(x.shape(),
                             std::span<const float>(std::vector<float>(values.begin(), values.end())));
    };
    const std::vector<float> c = matmul(as_float(a), as_float(b)).to_vector();
    check_equal(Tensor<>(Shape{3, 40, 30}, std::span<const double>(std::vector<double>(c.begin(), c.end()))),
                matmul(a, b), 1e-5);
}

BOOST_AUTO_TEST_CASE(derivatives_of_products_are_right_to_second_order)
{
    const auto second_fixed = [](const Shape& a, const Shape& b, Transpose of_a, Transpose of_b) {
        BOOST_TEST_CONTEXT(fmt::format("{} x {}", a, b))
        {
            check_derivatives([=](const Tensor<>& x) { return matmul(x, sample(b, 7), of_a, of_b); },
                              sample(a));
            check_derivatives([=](const Tensor<>& x) { return matmul(sample(a, 8), x, of_a, of_b); },
                              sample(b));
        }
    };
    using enum Transpose;
    second_fixed(Shape{2, 3}, Shape{3, 4}, no, no);
    second_fixed(Shape{3, 2}, Shape{3, 4}, yes, no);
    second_fixed(Shape{2, 3}, Shape{4, 3}, no, yes);
    second_fixed(Shape{3, 2}, Shape{4, 3}, yes, yes);
    second_fixed(Shape{5, 2, 3}, Shape{3, 4}, no, no);
    second_fixed(Shape{5, 3, 2}, Shape{3, 4}, yes, no);
    second_fixed(Shape{2, 3}, Shape{5, 3, 4}, no, no);
    second_fixed(Shape{2, 1, 2, 3}, Shape{4, 3, 1}, no, no);
    second_fixed(Shape{0, 3}, Shape{3, 2}, no, no);
    second_fixed(Shape{2, 0}, Shape{0, 2}, no, no);
    second_fixed(Shape{9, 11}, Shape{11, 10}, no, no);  // large enough for BLAS

    check_derivatives([](const Tensor<>& x) { return matmul(x, matmul(x, x)); }, sample(Shape{3, 3}));
    check_derivatives([](const Tensor<>& x) { return matmul(matmul(x, Tensor<>{1, 2, 3}), x); },
                      sample(Shape{3, 3}));
    check_derivatives([](const Tensor<>& x) { return dot(x, x) * outer(x, exp(x)); }, sample(Shape{4}));
}

BOOST_AUTO_TEST_CASE(the_gradient_of_a_weight_used_again_is_the_sum_over_its_uses)
{
    // Sizes for plain loops, for BLAS, and for the products in either order of factors.
    for (const Index n : {3, 40}) {
        const Tensor<> x = sample(Shape{5, n}, 1), w = sample(Shape{n, n}, 2) / static_cast<double>(n);
        const auto f = [&](const Tensor<>& a, const Tensor<>& b, const Tensor<>& c) {
            return sum(square(matmul(tanh(matmul(tanh(matmul(x, a)), b, Transpose::no, Transpose::yes)), c)));
        };
        const auto tied = gradient([&](const Tensor<>& v) { return f(v, v, v); }, w);
        const auto apart = gradient(f, w, w, w);
        check_equal(tied, std::get<0>(apart) + std::get<1>(apart) + std::get<2>(apart), rounding);
        // Within another sweep, and recorded.
        const auto outer = [&](const Tensor<>& v) { return sum(square(gradient(f, v, v, v)[0])); };
        check_gradient(outer, w);
        const auto kept = [&](const Tensor<>& v) {
            return f(v, v, v) + checkpoint([&](const Tensor<>& u) { return f(u, u, u); }, v);
        };
        check_equal(gradient(kept, w), 2 * tied, rounding);
    }
}

BOOST_AUTO_TEST_CASE(matmul_rejects_unequal_inner_sizes)
{
    const auto text = [](const Shape& a, const Shape& b) {
        return error_text<ShapeError>([&] { matmul(Tensor<>::zeros(a), Tensor<>::zeros(b)); });
    };
    BOOST_TEST(text(Shape{2, 4}, Shape{3, 2}) == "matmul: inner sizes differ: (2, 4) x (3, 2)");
    BOOST_TEST(text(Shape{2, 3}, Shape{4, 2}) == "matmul: inner sizes differ: (2, 3) x (4, 2)");
    BOOST_TEST(text(Shape{3}, Shape{4}) == "matmul: inner sizes differ: (3,) x (4,)");
    BOOST_TEST(text(Shape{5, 2, 4}, Shape{5, 3, 2}) == "matmul: inner sizes differ: (5, 2, 4) x (5, 3, 2)");
    BOOST_TEST(error_text<ShapeError>([] {
                   matmul(Tensor<>::zeros(Shape{2, 4}), Tensor<>::zeros(Shape{4, 2}), Transpose::no,
                          Transpose::yes);
               }) == "matmul: inner sizes differ: (2, 4) x (4, 2) transposed");
    BOOST_TEST(error_text<ShapeError>([] {
                   matmul(Tensor<>::zeros(Shape{2, 3}), Tensor<>::zeros(Shape{2, 4}), Transpose::no,
                          Transpose::yes);
               }) == "matmul: inner sizes differ: (2, 3) x (2, 4) transposed");
}

BOOST_AUTO_TEST_CASE(products_reject_shapes_that_they_are_not_defined_for)
{
    const Tensor<> number(2.0), vector{1, 2}, matrix{{1, 2}, {3, 4}};
    BOOST_TEST(error_text<ShapeError>([&] { matmul(number, matrix); }) ==
               "matmul: an operand has no axes: () x (2, 2); a number times a tensor is written with *");
    BOOST_TEST(error_text<ShapeError>(
                   [&] { matmul(Tensor<>::zeros(Shape{2, 1, 1}), Tensor<>::zeros(Shape{3, 1, 1})); }) ==
               "matmul (batch axes): shapes (2,) and (3,) do not broadcast: 2 against 3 at axis -1; sizes "
               "must be equal or 1, counted from the last axis");
    BOOST_TEST(
        error_text<ShapeError>([&] { matmul(vector, matrix, Transpose::no, Transpose::yes); }) ==
        "matmul: only matrices can be transposed: (2,) x (2, 2); reshape a vector to one row or column");
    BOOST_TEST(error_text<ShapeError>([&] { dot(vector, matrix); }) ==
               "dot: needs two vectors of one length: (2,) x (2, 2); other products are matmul");
    BOOST_TEST(error_text<ShapeError>([&] { outer(vector, matrix); }) ==
               "outer: needs two vectors: (2,) x (2, 2); reshape them to rank one");
}
