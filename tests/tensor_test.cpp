// Tensors as values: how they are made, compared and combined, and what is recorded.

#include <autodiff/autodiff.hpp>
#include <support/errors.hpp>

#include <boost/test/unit_test.hpp>

#include <optional>

using namespace autodiff;
using autodiff::tests::error_text;

namespace {

template <class T>
void check_elements(const Tensor<T>& x, const Shape& shape, std::vector<T> expected)
{
    BOOST_TEST((x.shape() == shape), fmt::format("shape {} instead of {}", x.shape(), shape));
    BOOST_TEST(x.to_vector() == expected, boost::test_tools::per_element());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(construction)

BOOST_AUTO_TEST_CASE(braces_are_nested_as_the_axes_are)
{
    check_elements(Tensor<>{1, 2, 3}, Shape{3}, {1, 2, 3});
    check_elements(Tensor<>{{1, 2}, {3, 4}, {5, 6}}, Shape{3, 2}, {1, 2, 3, 4, 5, 6});
    check_elements(Tensor<>{{0}, {1}, {1}, {0}}, Shape{4, 1}, {0, 1, 1, 0});
    check_elements(Tensor<>{{{1}, {2}}, {{3}, {4}}}, Shape{2, 2, 1}, {1, 2, 3, 4});
    check_elements(Tensor<>{{{{1}, {2}}}}, Shape{1, 1, 2, 1}, {1, 2});
    check_elements(Tensor<>{{}, {}}, Shape{2, 0}, {});
    check_elements(Tensor<>(2.5), Shape{}, {2.5});
    check_elements(Tensor<>(), Shape{0}, {});
    check_elements(Tensor<float>{0.5f, 1}, Shape{2}, {0.5f, 1});
    check_elements(Tensor<>(Shape{2, 2}, {1, 2, 3, 4}), Shape{2, 2}, {1, 2, 3, 4});
    check_elements(Tensor<>::zeros(Shape{0, 2}), Shape{0, 2}, {});
}

BOOST_AUTO_TEST_CASE(rows_of_different_length_are_an_error)
{
    BOOST_TEST(error_text<ShapeError>([] { return Tensor<>{{1, 2}, {3}}; }) ==
               "tensor: a row of 1 numbers among rows of 2");
    BOOST_TEST(error_text<ShapeError>([] { return Tensor<>{{{1, 2}}, {{3, 4}, {5, 6}}}; }) ==
               "tensor: a matrix of shape (2, 2) among matrices of shape (1, 2)");
    BOOST_TEST(error_text<ShapeError>([] { return Tensor<>(Shape{3}, {1, 2}); }) ==
               "array: shape (3,) has 3 elements, but 2 values were given");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(values)

BOOST_AUTO_TEST_CASE(arithmetic_broadcasts)
{
    const Tensor<> column{{1}, {2}}, row{10, 20, 30};
    check_elements(column + row, Shape{2, 3}, {11, 21, 31, 12, 22, 32});
    check_elements(2 * row - 1, Shape{3}, {19, 39, 59});
    check_elements(1 / Tensor<>{2, 4}, Shape{2}, {0.5, 0.25});
    check_elements(-Tensor<>(3.0), Shape{}, {-3});
    check_elements(Tensor<>::ones(Shape{0, 3}) + row, Shape{0, 3}, {});
    check_elements(0.5f * Tensor<>{1}, Shape{1}, {0.5});
}

BOOST_AUTO_TEST_CASE(long_rows_of_any_stride_are_read_at_their_own_elements)
{
    const Tensor<> rows = reshape(arange(3 * 1500), Shape{1500, 3});
    std::vector<double> expected;
    for (int column = 0; column < 3; ++column)
        for (int row = 0; row < 1500; ++row) expected.push_back(3 * row + column + 1);
    check_elements(transpose(rows) + 1, Shape{3, 1500}, expected);
}

BOOST_AUTO_TEST_CASE(shapes_that_do_not_broadcast_are_an_error_that_names_the_op)
{
    const Tensor<> a = Tensor<>::ones(Shape{2, 3}), b = Tensor<>::ones(Shape{2});
    for (const auto& [op, text] : {std::pair{"add", error_text<ShapeError>([&] { return a + b; })},
                                   std::pair{"max", error_text<ShapeError>([&] { return max(a, b); })},
                                   std::pair{"pow", error_text<ShapeError>([&] { return pow(a, b); })},
                                   std::pair{"comparison", error_text<ShapeError>([&] { return a < b; })}})
        BOOST_TEST(text ==
                   fmt::format("{}: shapes (2, 3) and (2,) do not broadcast: 3 against 2 at axis -1; sizes "
                               "must be equal or 1, counted from the last axis",
                               op));
}

BOOST_AUTO_TEST_CASE(comparisons_are_elementwise)
{
    const auto check = [](const BoolArray& actual, std::vector<bool> expected) {
        for (std::size_t i = 0; i < expected.size(); ++i)
            BOOST_TEST(actual(static_cast<Index>(i)) == expected[i]);
    };
    const Tensor<> a{1, 2, 3}, b{2, 2, 2};
    check(a < b, {true, false, false});
    check(a <= b, {true, true, false});
    check(a > b, {false, false, true});
    check(a >= 2, {false, true, true});
    check(2 == a, {false, true, false});
    check(a != b, {true, false, true});
}

BOOST_AUTO_TEST_CASE(where_chooses_elementwise)
{
    const Tensor<> x{{1, -2}, {-3, 4}};
    check_elements(where(x > 0, x, 0), Shape{2, 2}, {1, 0, 0, 4});
    check_elements(where(BoolArray(Shape{2}, {true, false}), x, -x), Shape{2, 2}, {1, 2, -3, -4});
}

BOOST_AUTO_TEST_CASE(compound_assignment_leaves_other_names_alone)
{
    Tensor<> x{1, 2};
    const Tensor<> same = x;
    const Array<double> elements = x.array();
    x += 1;
    x *= Tensor<>{{2}, {3}};
    check_elements(x, Shape{2, 2}, {4, 6, 6, 9});
    check_elements(same, Shape{2}, {1, 2});
    BOOST_TEST(elements(1) == 2);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(recording)

BOOST_AUTO_TEST_CASE(constants_record_nothing)
{
    std::optional<Node> before, after;
    gradient(
        [&](const Tensor<>& x) {
            before = recorder<TensorSpace<double>>.tape->size();
            const Tensor<> a{1, 2}, b{3, 4};
            const Tensor<> c = sin(a) * b + sum(a);
            after = recorder<TensorSpace<double>>.tape->size();
            BOOST_TEST(c.session() == 0u);
            return sum(x);
        },
        Tensor<>{1});
    BOOST_TEST(*before == *after);
}

BOOST_AUTO_TEST_CASE(a_recorded_value_does_not_change)
{
    const auto f = [](const Tensor<>& x) {
        Tensor<> y = exp(x);
        const Tensor<> z = y * y;
        y += 100;
        y = y * 0;
        return sum(z + y);
    };
    const Tensor<> g = gradient(f, Tensor<>{0, 1});
    BOOST_TEST(g(0) == 2);
    BOOST_TEST(g(1) == 2 * std::exp(2), boost::test_tools::tolerance(1e-14));
}

BOOST_AUTO_TEST_CASE(a_pullback_is_kept_only_for_what_needs_it)
{
    Node links = 0;
    gradient(
        [&](const Tensor<>& x) {
            const auto& tape = *recorder<TensorSpace<double>>.tape;
            const auto before = tape.link_count();
            const Tensor<> y = x * Tensor<>{1, 2};
            links = static_cast<Node>(tape.link_count() - before);
            return sum(y);
        },
        Tensor<>{1, 2});
    BOOST_TEST(links == 1u);
}

BOOST_AUTO_TEST_CASE(a_variable_that_outlives_its_recording_is_found_out)
{
    Tensor<> kept;
    gradient([&](const Tensor<>& x) { return sum(kept = x * x); }, Tensor<>{1, 2});
    check_elements(kept, Shape{2}, {1, 4});
    const auto text = [](std::string_view op) {
        return fmt::format(
            "{}: an argument is a variable of a recording that is over, or of another one (an outer gradient "
            "of scalars, "
            "another thread); use variables only inside the function being differentiated, pass them on as "
            "arguments, "
            "or make them constants with stop_gradient",
            op);
    };
    BOOST_TEST(error_text<RecordingError>([&] { return kept + 1; }) == text("add"));
    BOOST_TEST(error_text<RecordingError>([&] { return sum(kept); }) == text("sum"));
    BOOST_TEST(error_text<RecordingError>([&] { return matmul(kept, Tensor<>{{1}, {2}}); }) ==
               text("matmul"));
    BOOST_TEST(error_text<RecordingError>([&] { return reshape(kept, Shape{1, 2}); }) == text("reshape"));
    BOOST_TEST(error_text<RecordingError>([&] { return where(kept > 0, kept, 0); }) == text("where"));
    BOOST_TEST(error_text<RecordingError>([&] {
                   return gradient([&](const Tensor<>& x) { return sum(x * kept); }, Tensor<>{1, 2});
               }) == text("multiply"));
    BOOST_TEST(error_text<RecordingError>([&] {
                   return gradient([](const Tensor<>& x) { return sum(x); }, kept);
               }) == text("variable"));
    check_elements(stop_gradient(kept) + 1, Shape{2}, {2, 5});
}

BOOST_AUTO_TEST_CASE(an_op_of_one_recording_rejects_a_variable_of_another_that_still_runs)
{
    // Two pullbacks alive at once: their recordings are separate, and so are their variables.
    Tensor<> leaked;
    const auto first = vjp([&](const Tensor<>& x) { return leaked = x * x; }, Tensor<>{1, 2});
    BOOST_CHECK_THROW(vjp([&](const Tensor<>& x) { return x * leaked; }, Tensor<>{1, 2}), RecordingError);
    const auto second = vjp([](const Tensor<>& x) { return 3 * x; }, Tensor<>{1, 2});
    check_elements(first.pullback(Tensor<>{1, 1}), Shape{2}, {2, 4});
    check_elements(second.pullback(Tensor<>{1, 1}), Shape{2}, {3, 3});
}

BOOST_AUTO_TEST_SUITE_END()
