// What the documentation says of every op is found by running it: see op_reference/reference.hpp. The tables,
// one for each section of docs/ops.md, go to the folder op_reference in the working directory.

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

/// How ops.md calls ops that are no functions.
const std::map<std::string, std::string> operators{
    {"a + b", "add"}, {"a - b", "subtract"}, {"a * b", "multiply"}, {"a / b", "divide"}, {"-x", "negative"}};

/// A section of docs/ops.md: the lines of its table that are typed, the ops that they describe, and the name
/// of the generated table that follows.
struct Section {
    std::string table;
    std::vector<std::string> lines, ops;
};

std::vector<std::string> described(const std::string& line)
{
    static const std::regex call("`([a-z_0-9]+)\\([^`]*`|`([^`]+)`");
    const std::string calls = line.substr(0, line.find(" | "));
    std::vector<std::string> ops;
    for (std::sregex_iterator match(calls.begin(), calls.end(), call), end; match != end; ++match)
        ops.push_back((*match)[1].matched ? (*match)[1].str() : operators.at((*match)[2]));
    return ops;
}

const std::vector<Section>& sections()
{
    static const std::vector<Section> all = [] {
        const std::regex included(R"(\\include\{doc\} docs/output/op_reference/([a-z]+)\.md)");
        std::vector<Section> result(1);
        std::istringstream lines(text_of(docs / "ops.md"));
        std::smatch match;
        for (std::string line; std::getline(lines, line);)
            if (line.starts_with("| `")) {
                result.back().lines.push_back(line);
                std::ranges::copy(described(line), std::back_inserter(result.back().ops));
            } else if (std::regex_match(line, match, included)) {
                result.back().table = match[1];
                result.emplace_back();
            }
        BOOST_REQUIRE(result.back().ops.empty());  // a generated table follows each that is typed
        result.pop_back();
        return result;
    }();
    return all;
}

/// Of an op with several sections the first is on numbers, and the others are on tensors.
bool belongs(const Row& row, const Section& section)
{
    const auto has_it = [&](const Section& each) {
        return std::ranges::find(each.ops, row.op) != each.ops.end();
    };
    const auto first = std::ranges::find_if(sections(), has_it);
    const bool is_first = first != sections().end() && &*first == &section;
    const bool is_alone = std::ranges::count_if(sections(), has_it) == 1;
    return has_it(section) && (is_alone || is_first == row.has_scalars());
}

std::string table(const Section& section)
{
    std::map<std::string, std::vector<const Row*>> ops;
    for (const Row& row : op_table()) {
        if (!belongs(row, section)) continue;
        auto& rows = ops[row.op];
        const auto is_alike = [&](const Row* other) { return other->has_scalars() == row.has_scalars(); };
        if (std::ranges::none_of(rows, is_alike)) rows.push_back(&row);
    }
    std::string lines = "| Op | Value | Pullback | Where | At a kink |\n|---|---|---|---|---|\n";
    for (const auto& [op, rows] : ops) lines += line(op, rows);
    return lines;
}

/// The generated tables, by name.
const std::map<std::string, std::string>& tables()
{
    static const std::map<std::string, std::string> all = [] {
        std::map<std::string, std::string> result;
        for (const Section& section : sections()) result[section.table] = table(section);
        return result;
    }();
    return all;
}

bool is_in_a_table(const std::string& text)
{
    const auto has_it = [&](const auto& named) { return std::regex_search(named.second, std::regex(text)); };
    return std::ranges::any_of(tables(), has_it);
}

struct WriteTables {
    ~WriteTables()
    {
        std::filesystem::create_directories("op_reference");
        for (const auto& [name, lines] : tables())
            fmt::output_file("op_reference/" + name + ".md").print("{}", lines);
    }
};

}  // namespace

BOOST_TEST_GLOBAL_FIXTURE(WriteTables);

BOOST_AUTO_TEST_CASE(every_op_has_formulas)
{
    for (const Row& row : op_table())
        BOOST_TEST(is_in_a_table("\\| `" + row.op + "` \\| `[^|]+` \\| `[^|]+ = [^|]+` \\|"),
                   row.op << " has no formulas");
}

BOOST_AUTO_TEST_CASE(every_op_that_is_described_is_in_the_op_table)
{
    std::size_t ops = 0;
    for (const Section& section : sections())
        for (const std::string& op : section.ops) {
            BOOST_TEST(tables().at(section.table).find("\n| `" + op + "` |") != std::string::npos,
                       "docs/ops.md describes " << op << ", which the op table has not in " << section.table);
            ++ops;
        }
    BOOST_TEST(ops > 90u);  // the pattern finds rows
}

// Nobody types what the tables are for.
BOOST_AUTO_TEST_CASE(no_derivative_of_an_op_is_typed)
{
    const std::regex derivative("\u0304|Ā|ā|ȳ|∂");
    for (const Section& section : sections())
        for (const std::string& line : section.lines)
            BOOST_TEST(!std::regex_search(line, derivative), "docs/ops.md has a typed derivative: " << line);
}

BOOST_AUTO_TEST_CASE(the_published_tables_are_the_generated_ones)
{
    for (const auto& [name, lines] : tables()) {
        const std::filesystem::path file = docs / "output" / "op_reference" / (name + ".md");
        BOOST_TEST((text_of(file) == lines), file << " is not what is found now; ./dev verify ops writes it");
    }
}
