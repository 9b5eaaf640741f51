// What the documentation says of every op is found by running it: see op_reference/reference.hpp. The table
// goes to op_reference.md in the working directory.

#include <op_reference/reference.hpp>

#include <fmt/format.h>
#include <fmt/os.h>
#include <fmt/ranges.h>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

using namespace autodiff::tests;

namespace {

const std::filesystem::path docs = std::filesystem::path(__FILE__).parent_path().parent_path() / "docs";

std::string text_of(const std::filesystem::path& file)
{
    std::ifstream in(file);
    BOOST_REQUIRE_MESSAGE(in, file << " cannot be read");
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

/// The texts that are not empty, each once, as one cell of a table.
std::string cell(const std::vector<std::string>& texts)
{
    std::vector<std::string> parts;
    for (const std::string& text : texts)
        if (!text.empty() && std::ranges::find(parts, text) == parts.end())
            parts.push_back(std::regex_replace(text, std::regex("\\|"), "\\|"));
    return fmt::format("{}", fmt::join(parts, "; "));
}

/// A line of the table for each op, from its first row on numbers and its first on tensors.
std::string line(const std::string& op, const std::vector<const Row*>& rows)
{
    std::vector<std::string> values, pullbacks, domains, kinks;
    for (const Row* row : rows) {
        const Formulas formulas = formulas_of(*row);
        values.push_back(formulas.value);
        pullbacks.push_back(formulas.pullback);
        domains.push_back(domain_of(*row));
        kinks.push_back(kinks_of(*row));
    }
    return fmt::format("| `{}` | {} | {} | {} | {} |\n", op, cell(values), cell(pullbacks), cell(domains),
                       cell(kinks));
}

const std::string& markdown()
{
    static const std::string text = [] {
        std::map<std::string, std::vector<const Row*>> ops;
        for (const Row& row : op_table()) {
            auto& rows = ops[row.op];
            const auto is_alike = [&](const Row* other) { return other->has_scalars() == row.has_scalars(); };
            if (std::ranges::none_of(rows, is_alike)) rows.push_back(&row);
        }
        std::string lines = "| Op | Value | Pullback | Where | At a kink |\n|---|---|---|---|---|\n";
        for (const auto& [op, rows] : ops) lines += line(op, rows);
        return lines;
    }();
    return text;
}

struct WriteTable {
    ~WriteTable() { fmt::output_file("op_reference.md").print("{}", markdown()); }
};

/// How ops.md calls ops that are no functions.
const std::map<std::string, std::string> operators{
    {"a + b", "add"}, {"a - b", "subtract"}, {"a * b", "multiply"}, {"a / b", "divide"}, {"-x", "negative"}};

}  // namespace

BOOST_TEST_GLOBAL_FIXTURE(WriteTable);

BOOST_AUTO_TEST_CASE(every_op_has_formulas)
{
    for (const Row& row : op_table())
        BOOST_TEST(std::regex_search(markdown(),
                                     std::regex("\\| `" + row.op + "` \\| `[^|]+` \\| `[^|]+ = [^|]+` \\|")),
                   row.op << " has no formulas");
}

BOOST_AUTO_TEST_CASE(every_formula_that_is_typed_is_of_an_op_of_the_table)
{
    std::istringstream lines(text_of(docs / "ops.md"));
    const std::regex call("`([a-z_0-9]+)\\([^`]*`|`([^`]+)`");
    std::size_t ops = 0;
    bool in_table = false;
    for (std::string line; std::getline(lines, line);) {
        in_table = line.starts_with("| Op ") || (in_table && line.starts_with("|"));
        if (!in_table || !line.starts_with("| `") || line.ends_with(" none |")) continue;
        const std::string typed = line.substr(0, line.find(" | "));
        for (std::sregex_iterator match(typed.begin(), typed.end(), call), end; match != end;
             ++match, ++ops) {
            const auto name = (*match)[1].matched ? (*match)[1].str() : operators.at((*match)[2]);
            BOOST_TEST(markdown().find("\n| `" + name + "` |") != std::string::npos,
                       "docs/ops.md has a formula of " << name << ", which is not in the op table");
        }
    }
    BOOST_TEST(ops > 90u);  // the pattern finds rows
}

BOOST_AUTO_TEST_CASE(the_published_table_is_the_generated_one)
{
    BOOST_TEST((text_of(docs / "output" / "op_reference.md") == markdown()),
               "docs/output/op_reference.md is not what op_reference.md is now; ./dev verify ops writes it");
}
