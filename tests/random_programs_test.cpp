// Random programs, on which all modes must agree: see random_programs/check.hpp for what is compared, and
// random_programs/program.hpp for what a program is. One that fails is made smaller and printed as C++.
//
//     random_programs_test -- COUNT SEED [FOLDER]
//
// writes into the folder, as C++ that compiles, the first program of each form.

#include <random_programs/check.hpp>
#include <random_programs/generate.hpp>
#include <random_programs/print.hpp>
#include <random_programs/shrink.hpp>

#include <fmt/core.h>
#include <fmt/os.h>
#include <boost/test/unit_test.hpp>

#include <set>

using namespace autodiff;
using namespace autodiff::tests;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t usual_count = 200;  // instrumented code is slow
#else
constexpr std::uint64_t usual_count = 2000;
#endif

std::uint64_t argument(int position, std::uint64_t otherwise)
{
    const auto& suite = boost::unit_test::framework::master_test_suite();
    return suite.argc > position ? std::stoull(suite.argv[position]) : otherwise;
}

/// The smallest case in which the same check fails.
Case shrunk_disagreement(const std::vector<Row>& rows, const Case& of, const Disagreement& disagreement)
{
    return shrunk(of, [&](const Case& candidate) {
        Tally tally;
        const auto found = check(rows, candidate, tally);
        return found && found->check == disagreement.check &&
               (found->check != "throws" || found->text == disagreement.text);
    });
}

/// What programs are made of, to see that nothing is left out.
struct Drawn {
    std::set<std::size_t> rows;
    std::set<Form> forms;

    /// Whether a form is new.
    bool add(const tests::Program& program)
    {
        bool is_new = false;
        for (const Statement& statement : program.statements) {
            is_new |= forms.insert(statement.form).second;
            if (statement.form == Form::op) rows.insert(statement.row);
            for (const tests::Program& body : statement.bodies) is_new |= add(body);
        }
        return is_new;
    }
};

void check_programs(bool of_tensors)
{
    const std::uint64_t count = argument(1, usual_count) / 2, first = argument(2, 1);
    const RowSources sources;
    Tally tally;
    Drawn drawn;
    const auto& suite = boost::unit_test::framework::master_test_suite();
    const char* const kind = of_tensors ? "tensors" : "numbers";
    int failures = 0;
    for (std::uint64_t seed = first; seed < first + count && failures < 5; ++seed) {
        Random random(2 * seed + (of_tensors ? 1 : 0));
        const Case made = random_case(op_table(), {.of_tensors = of_tensors}, random);
        if (drawn.add(made.program) && suite.argc > 3)
            fmt::output_file(fmt::format("{}/{}_{}.cpp", suite.argv[3], kind, seed))
                .print("{}", printed_file(op_table(), sources, made));
        const auto disagreement = check(op_table(), made, tally);
        if (!disagreement) continue;
        ++failures;
        const Case small = shrunk_disagreement(op_table(), made, *disagreement);
        Tally again;
        const auto left = check(op_table(), small, again);
        BOOST_ERROR(fmt::format("seed {}: {}: {}\n\n{}", seed, disagreement->check, left->text,
                                printed_file(op_table(), sources, small)));
    }
    fmt::print("random_programs of {}: {}\n", kind, tally.text());
    for (const auto& [name, skipped] : tally.skipped)
        // A program that branches on a number is not replayed.
        BOOST_TEST(skipped <= tally.programs / (name == "replay" ? 3 : 20), name << " was skipped too often");
    BOOST_TEST(failures == 0);
    if (count < usual_count / 2 || usual_count < 2000) return;
    for (std::size_t row = 0; row < op_table().size(); ++row)
        if (of_tensors || op_table()[row].has_scalars())
            BOOST_TEST(drawn.rows.contains(row), op_table()[row].op << " was never drawn for " << kind);
    const std::set<Form> other = of_tensors
                                     ? std::set{Form::preaccumulate, Form::sum_over, Form::iterate, Form::map}
                                     : std::set{Form::hessian, Form::checkpoint};
    for (int i = 0; i <= static_cast<int>(Form::checkpoint); ++i) {
        const auto form = static_cast<Form>(i);
        BOOST_TEST(drawn.forms.contains(form) != other.contains(form), "form " << i << " for " << kind);
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(all_modes_agree_on_programs_of_numbers) { check_programs(false); }

BOOST_AUTO_TEST_CASE(all_modes_agree_on_programs_of_tensors) { check_programs(true); }
