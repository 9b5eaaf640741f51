// The checks find deliberate mistakes, and what is printed is the mistake and nothing else.

#include <random_programs/check.hpp>
#include <random_programs/generate.hpp>
#include <random_programs/print.hpp>
#include <random_programs/shrink.hpp>

#include <boost/test/unit_test.hpp>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

/// a³ with 2 a² for its derivative.
auto wrong_cube(const auto& a)
{
    return elementwise(
        "wrong_cube", [](auto b) { return b * b * b; }, [](auto, auto b) { return 2 * b * b; })(a);
}

/// The rows of x in the other order, whose pullback leaves them as they are.
template <class T>
Tensor<T> wrong_flip(const Tensor<T>& x)
{
    return custom_op(
        "wrong_flip", [](const Tensor<T>& y) { return flip(y); },
        [](const Tensor<T>& y_bar, const Tensor<T>&, const Tensor<T>&) { return y_bar; })(x);
}

/// sin x, right to first order, whose derivative is a constant.
template <class T>
Tensor<T> constant_slope(const Tensor<T>& x)
{
    return custom_op(
        "constant_slope", [](const Tensor<T>& y) { return sin(y); },
        [](const Tensor<T>& y_bar, const Tensor<T>&, const Tensor<T>& y) {
            return y_bar * cos(stop_gradient(y));
        })(x);
}

struct Fault {
    Row row;
    bool of_tensors;
    std::string check;
    std::string function;
};

std::vector<Fault> faults()
{
    return {
        {elementwise_row("wrong_cube", [](const auto& a) { return wrong_cube(a); }, {real}), false,
         "differences",
         "const auto f = []<class X>(const std::vector<X>& x) -> X {\n"
         "    X x0 = x[0];\n"
         "    X v1 = wrong_cube(x0);\n"
         "    return sin(v1);\n"
         "};\n"},
        {tensor_row("wrong_flip", "", [](auto x) { return wrong_flip(x[0]); }, {real}, {{Shape{3}}}), true,
         "differences",
         "const auto f = [](Tensor<> x0) {\n"
         "    Tensor<> v1 = wrong_flip(x0);\n"
         "    return sum(sin(v1));\n"
         "};\n"},
        {tensor_row("constant_slope", "", [](auto x) { return constant_slope(x[0]); }, {real}, {{Shape{3}}}),
         true, "second order",
         "const auto f = [](Tensor<> x0) {\n"
         "    Tensor<> v1 = constant_slope(x0);\n"
         "    return sum(sin(v1));\n"
         "};\n"},
    };
}

/// The first random programs that fail are shrunk, printed and compared with what is expected.
void find(const Fault& fault)
{
    std::vector<Row> rows = op_table();
    rows.push_back(fault.row);
    const RowSources sources({"random_programs/planted_faults.cpp"});
    int found = 0;
    for (std::uint64_t seed = 1; seed < 4000 && found < 3; ++seed) {
        Random random(seed);
        const Case made = random_case(rows, {.of_tensors = fault.of_tensors}, random);
        const auto fails = [&](const Case& of) {
            Tally tally;
            const auto disagreement = check(rows, of, tally);
            return disagreement && disagreement->check == fault.check;
        };
        if (!fails(made)) continue;
        ++found;
        const Case small = shrunk(made, fails);
        BOOST_TEST(printed_function(rows, sources, small) == fault.function,
                   "seed " << seed << "\n"
                           << printed_function(rows, sources, small));
        BOOST_TEST(small.program.statements.size() == 1U);
    }
    BOOST_TEST(found == 3);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_planted_fault_is_found_and_shrinks_to_the_statement_that_has_it)
{
    for (const Fault& fault : faults()) BOOST_TEST_CONTEXT(fault.row.op)
        {
            find(fault);
        }
}
