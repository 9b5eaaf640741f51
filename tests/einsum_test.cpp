// Einstein's sums: values against loops over all labels, for random notations.

#include <support/derivatives.hpp>
#include <support/errors.hpp>
#include <support/layouts.hpp>
#include <support/random.hpp>

#include <autodiff/autodiff.hpp>

#include <boost/test/unit_test.hpp>

#include <map>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

/// The element of an operand whose axes have the given labels.
double element(const Tensor<>& x, const std::string& labels, const std::map<char, Index>& position)
{
    Index offset = 0;
    for (std::size_t axis = 0; axis < labels.size(); ++axis)
        offset += x.array().strides()[axis] * position.at(labels[axis]);
    return x.array().data()[offset];
}

/// The definition: for every value of every label, the product of the operands is added to its place in the
/// output.
Tensor<> einsum_in_loops(const std::vector<std::string>& labels, const std::string& output,
                         const std::vector<Tensor<>>& operands)
{
    std::map<char, Index> sizes, position;
    for (std::size_t i = 0; i < operands.size(); ++i)
        for (std::size_t axis = 0; axis < labels[i].size(); ++axis)
            sizes[labels[i][axis]] = operands[i].shape()[axis];
    Shape shape;
    for (char label : output) shape.push_back(sizes[label]);
    Array<double> y = Array<double>::filled(shape, 0);
    Index count = 1;
    for (const auto& [label, size] : sizes) count *= size;
    for (Index i = 0; i < count; ++i) {
        Index rest = i;
        for (const auto& [label, size] : sizes) {
            position[label] = rest % size;
            rest /= size;
        }
        double product = 1;
        for (std::size_t k = 0; k < operands.size(); ++k)
            product *= element(operands[k], labels[k], position);
        Index offset = 0;
        for (std::size_t axis = 0; axis < output.size(); ++axis)
            offset += shape.contiguous_strides()[axis] * position[output[axis]];
        y.writable()[offset] += product;
    }
    return y;
}

Tensor<> einsum_of(const std::string& notation, const std::vector<Tensor<>>& operands)
{
    return einsum(notation, std::span<const Tensor<>>(operands));
}

std::string shuffled_letters(Random& random, std::string letters)
{
    for (std::size_t i = letters.size(); i-- > 1;) std::swap(letters[i], letters[random.below(i + 1)]);
    return letters;
}

// Sums of fewer than a hundred products of numbers below 1.
constexpr double rounding = 1e-13;

}  // namespace

BOOST_AUTO_TEST_CASE(einsum_agrees_with_loops_for_random_notations)
{
    Random random(1);
    for (int round = 0; round < 500; ++round) {
        const std::string letters = shuffled_letters(random, "abcXY");
        std::map<char, Index> sizes;
        for (char label : letters)
            sizes[label] = static_cast<Index>(random.below(12) == 0 ? 0 : 1 + random.below(3));
        std::vector<std::string> labels;
        std::vector<Tensor<>> operands;
        std::string used, notation;
        for (std::size_t i = 0, count = 1 + random.below(4); i < count; ++i) {
            labels.emplace_back();
            Shape shape;
            for (std::size_t axis = random.below(4); axis > 0; --axis) {
                labels.back() += letters[random.below(letters.size())];
                shape.push_back(sizes[labels.back().back()]);
            }
            used += labels.back();
            notation += (i ? "," : "") + labels.back();
            const Tensor<> x = sample(shape, i + 1);
            operands.push_back(random.below(2) ? x : spaced(x));
        }
        std::string output;
        for (char label : letters)
            if (used.find(label) != std::string::npos && random.below(2)) output += label;
        notation += "->" + output;
        BOOST_TEST_CONTEXT(notation)
        {
            check_equal(einsum_of(notation, operands), einsum_in_loops(labels, output, operands), rounding);
        }
    }
}

BOOST_AUTO_TEST_CASE(einsum_spells_the_usual_products)
{
    const Tensor<> a{{1, 2}, {3, 4}}, b{{5, 6}, {7, 8}}, v{1, 2};
    check_equal(einsum("ij,jk->ik", a, b), matmul(a, b));
    check_equal(einsum("ij,jk->ki", a, b), transpose(matmul(a, b)));
    check_equal(einsum("ij,ij->ij", a, b), a * b);
    check_equal(einsum("ij,ij", a, b), Shape{}, {70});
    check_equal(einsum("ii", a), Shape{}, {5});
    check_equal(einsum("ii->i", a), Shape{2}, {1, 4});
    check_equal(einsum("ij->j", a), Shape{2}, {4, 6});
    check_equal(einsum("i,j->ij", v, v), Shape{2, 2}, {1, 2, 2, 4});
    check_equal(einsum("i,ij,j->", v, a, v), Shape{}, {27});
    check_equal(einsum(",i->i", Tensor<>(3.0), v), Shape{2}, {3, 6});
    check_equal(einsum("iii->i", reshape(arange(8), Shape{2, 2, 2})), Shape{2}, {0, 7});
}

BOOST_AUTO_TEST_CASE(without_an_arrow_labels_that_occur_once_are_the_output_in_alphabetical_order)
{
    const Tensor<> a = sample(Shape{2, 3}, 1), b = sample(Shape{3, 4}, 2);
    check_equal(einsum("kj,jB", a, b), einsum("kj,jB->Bk", a, b));
    check_equal(einsum("ba", a), transpose(a));
    check_equal(einsum("...a,aB", a, b), einsum("...a,aB->...B", a, b));
    check_equal(einsum(" i j , j k ", a, b), matmul(a, b), rounding);
}

BOOST_AUTO_TEST_CASE(axes_under_an_ellipsis_broadcast)
{
    const Tensor<> a = sample(Shape{5, 1, 2, 3}, 1), b = sample(Shape{4, 3, 2}, 2);
    check_equal(einsum("...ij,...jk->...ik", a, b), matmul(a, b), rounding);
    check_equal(einsum("...ij,...jk->ik...", a, b), permute(matmul(a, b), {2, 3, 0, 1}), rounding);
    check_equal(einsum("i...,i...", a, sample(Shape{5}, 3)), einsum("ibcd,i->bcd", a, sample(Shape{5}, 3)),
                rounding);
    check_equal(einsum("...,...->...", sample(Shape{3, 1}, 1), sample(Shape{2}, 2)),
                sample(Shape{3, 1}, 1) * sample(Shape{2}, 2));
    check_equal(einsum("...->...", a), a);
    check_equal(einsum("...i->i", sample(Shape{3}, 1)), sample(Shape{3}, 1));  // an ellipsis of no axes
    check_equal(einsum("...i,...i->...", Tensor<>::zeros(Shape{0, 2}), Tensor<>::ones(Shape{1, 2})), Shape{0},
                {});
}

BOOST_AUTO_TEST_CASE(many_operands_are_contracted_in_an_order_that_stays_small)
{
    // From left to right this would need 10^12 products and as many numbers.
    const Index n = 1000;
    const Tensor<> u = sample(Shape{n}, 1), v = sample(Shape{n}, 2), w = sample(Shape{n}, 3),
                   x = sample(Shape{n}, 4);
    const double expected = (dot(u, x) * dot(v, w)).item();
    BOOST_TEST(std::abs(einsum("i,j,j,i->", u, v, w, x).item() - expected) <= 1e-12 * n);
}

BOOST_AUTO_TEST_CASE(derivatives_of_einsum_are_right_to_second_order)
{
    const auto with = [](const std::string& notation, const Shape& shape, const std::vector<Shape>& others) {
        BOOST_TEST_CONTEXT(notation)
        check_derivatives(
            [&](const Tensor<>& x) {
                std::vector<Tensor<>> operands{x};
                for (const Shape& other : others) operands.push_back(sample(other, operands.size() + 5));
                return einsum_of(notation, operands);
            },
            sample(shape));
    };
    with("ij,jk->ik", Shape{2, 3}, {Shape{3, 4}});
    with("jk,ij->ik", Shape{3, 4}, {Shape{2, 3}});
    with("ii->i", Shape{3, 3}, {});
    with("iij,j->i", Shape{2, 2, 3}, {Shape{3}});
    with("ijk->ki", Shape{2, 3, 2}, {});
    with("...ij,...j->...i", Shape{2, 1, 2, 3}, {Shape{4, 3}});
    with("i,j->ji", Shape{2}, {Shape{3}});
    with("bi,ij,bj->b", Shape{2, 3}, {Shape{3, 2}, Shape{2, 2}});
    with("ij,jk->", Shape{2, 0}, {Shape{0, 3}});
    check_derivatives([](const Tensor<>& x) { return einsum("ij,jk,ki->", x, x, x); }, sample(Shape{3, 3}));
}

BOOST_AUTO_TEST_CASE(einsum_says_what_is_wrong_with_the_notation_and_where)
{
    const Tensor<> a = sample(Shape{2, 4}, 1), b = sample(Shape{3, 2}, 2);
    const auto malformed = [&](const std::string& notation) {
        return error_text<DomainError>([&] { einsum(notation, a, b); });
    };
    const std::string rules =
        "; labels are letters, \"...\" stands for any axes, ',' separates operands and \"->\" precedes the "
        "output";
    BOOST_TEST(malformed("ij,j*->i") == "einsum \"ij,j*->i\": unexpected '*' at position 4" + rules);
    BOOST_TEST(malformed("ij,jk->i,k") == "einsum \"ij,jk->i,k\": unexpected ',' at position 8" + rules);
    BOOST_TEST(malformed("ij,jk->i->k") == "einsum \"ij,jk->i->k\": unexpected '-' at position 8" + rules);
    BOOST_TEST(malformed("..ij,jk") == "einsum \"..ij,jk\": unexpected '.' at position 0" + rules);
    BOOST_TEST(malformed("...i...,jk") == "einsum \"...i...,jk\": unexpected '.' at position 4" + rules);

    BOOST_TEST(
        error_text<ShapeError>([&] { einsum("ij,jk->ik", a, b); }) ==
        "einsum \"ij,jk->ik\": label 'j' has size 4 in operand 0, but size 3 in operand 1 of shape (3, 2)");
    BOOST_TEST(error_text<ShapeError>([&] { einsum("ii", a); }) ==
               "einsum \"ii\": label 'i' has size 2 in operand 0, but size 4 in operand 0 of shape (2, 4)");
    BOOST_TEST(error_text<ShapeError>([&] { einsum("...,...", a, b); }) ==
               "einsum \"...,...\": axis -2 of the ellipsis has size 2 in operand 0, but size 3 in operand 1 "
               "of shape (3, 2)");
    BOOST_TEST(error_text<ShapeError>([&] { einsum("ij,jk->ik", a); }) ==
               "einsum \"ij,jk->ik\": 2 operands in the notation, but 1 given");
    BOOST_TEST(error_text<ShapeError>([&] { einsum("ijk->i", a); }) ==
               "einsum \"ijk->i\": operand 0 has shape (2, 4), but 3 labels; write \"...\" for axes without "
               "a label");
    BOOST_TEST(error_text<ShapeError>([&] { einsum("...ijk", a); }) ==
               "einsum \"...ijk\": operand 0 has shape (2, 4), but 3 labels beside the ellipsis");
    BOOST_TEST(error_text<AxisError>([&] { einsum("ij->iz", a); }) ==
               "einsum \"ij->iz\": no operand has the label 'z' of the output");
    BOOST_TEST(error_text<AxisError>([&] { einsum("ij->ii", a); }) ==
               "einsum \"ij->ii\": the label 'i' is twice in the output");
    BOOST_TEST(
        error_text<AxisError>([&] { einsum("...j->j", a); }) ==
        "einsum \"...j->j\": the output has no place for the axes under the ellipsis; write \"...\" in it");
}
