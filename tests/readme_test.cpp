// README.md quotes code and output of programs that are compiled and run: this test sees to it that they are
// the same, and that the pages of the documentation do not type what a program should print.

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

const std::filesystem::path root = std::filesystem::path(__FILE__).parent_path().parent_path();

std::string text_of(const std::string& file)
{
    std::ifstream in(root / file);
    BOOST_REQUIRE_MESSAGE(in, file << " cannot be read");
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

/// The blocks between ```LANGUAGE and ``` of a Markdown text, for the languages that are quoted from files.
std::vector<std::string> quoted_blocks(const std::string& markdown)
{
    std::vector<std::string> blocks;
    std::stringstream lines(markdown);
    bool inside = false, quoted = false;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("```")) {
            inside = !inside;
            quoted = inside && line != "```sh";
            if (quoted) blocks.emplace_back();
        } else if (quoted) {
            blocks.back() += line + "\n";
        }
    }
    return blocks;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_block_of_the_readme_is_a_file_that_is_compiled_or_checked)
{
    const std::vector<std::string> blocks = quoted_blocks(text_of("README.md"));
    const std::vector<std::string> files{
        "tests/readme_programs/gradient.cpp", "docs/output/readme_gradient.txt",
        "docs/output/explain_neuron.txt",     "tests/readme_programs/network.cpp",
        "docs/output/readme_network.txt",     "tests/find_package/CMakeLists.txt"};
    BOOST_TEST_REQUIRE(blocks.size() == files.size());
    for (std::size_t i = 0; i < files.size(); ++i) {
        // A block may leave out how a file begins: its licence, say, or the comment that says what it is for.
        BOOST_TEST(text_of(files[i]).ends_with(blocks[i]), "README.md and " << files[i] << " differ:\n"
                                                                            << blocks[i]);
    }
}

BOOST_AUTO_TEST_CASE(what_the_readme_links_to_exists)
{
    const std::string text = text_of("README.md");
    std::size_t links = 0;
    for (std::size_t at = text.find("]("); at != std::string::npos; at = text.find("](", at + 1)) {
        const std::string target = text.substr(at + 2, text.find(')', at) - at - 2);
        if (target.starts_with("http") || target.find(' ') != std::string::npos)
            continue;  // a lambda is no link
        BOOST_TEST(std::filesystem::exists(root / target),
                   "README.md links to " << target << ", which does not exist");
        ++links;
    }
    BOOST_TEST(links > 0u);
}

namespace {

/// What a header of autodiff declares for its users by lines that match: the names of functions, say.
std::vector<std::string> public_names(const std::string& header, const std::regex& declaration)
{
    std::vector<std::string> names;
    std::stringstream lines(text_of("autodiff/" + header));
    bool is_public = true;
    for (std::string line; std::getline(lines, line);) {
        if (line == "namespace detail {" || line == "namespace autodiff::detail {") is_public = false;
        if (line.starts_with("}  // namespace")) is_public = true;
        std::smatch match;
        if (is_public && std::regex_match(line, match, declaration)) names.push_back(match[1]);
    }
    return names;
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_op_is_listed)
{
    const std::string listed = text_of("docs/ops.md"), everything = text_of("autodiff/autodiff.hpp"),
                      published = text_of("docs/output/op_errors.md");
    const std::regex declaration(R"(^(?:\[\[[^\]]*\]\] )?[A-Za-z][A-Za-z:<> ]* ([a-z_0-9]+)\(.*)");
    std::size_t ops = 0;
    for (const auto& entry : std::filesystem::directory_iterator(root / "autodiff" / "ops")) {
        const std::string file = entry.path().filename().string();
        if (everything.find("<autodiff/ops/" + file + ">") == std::string::npos)
            continue;  // for the library only
        for (const std::string& name : public_names("ops/" + file, declaration)) {
            BOOST_TEST(std::regex_search(listed, std::regex("`" + name + "[(`]")),
                       "docs/ops.md does not list " << name << " of " << file);
            const bool has_derivatives = file != "creation.hpp" && !name.starts_with("arg");
            if (has_derivatives)
                BOOST_TEST(
                    published.find("\n| " + name + " |") != std::string::npos,
                    "docs/output/op_errors.md lacks " << name << ", which needs a row of the op table");
            ++ops;
        }
    }
    BOOST_TEST(ops > 100u);  // the pattern finds declarations
}

BOOST_AUTO_TEST_CASE(every_op_of_the_table_has_its_errors_published)
{
    const std::string published = text_of("docs/output/op_errors.md");
    const std::regex row(R"re(_row\(\s*"([a-z_0-9]+)")re");
    std::size_t rows = 0;
    for (const auto& entry : std::filesystem::directory_iterator(root / "tests" / "op_table")) {
        const std::string text = text_of("tests/op_table/" + entry.path().filename().string());
        for (std::sregex_iterator match(text.begin(), text.end(), row), end; match != end; ++match, ++rows)
            BOOST_TEST(published.find("\n| " + (*match)[1].str() + " |") != std::string::npos,
                       "docs/output/op_errors.md lacks " << (*match)[1] << "; ./dev verify ops writes it");
    }
    BOOST_TEST(rows > 100u);  // the pattern finds rows
}

BOOST_AUTO_TEST_CASE(every_transform_has_its_errors_published)
{
    const std::string published = text_of("docs/output/transform_errors.md");
    // Functions, and classes that are called like one, which have a deduction guide.
    const std::regex function(R"(^(?:\[\[[^\]]*\]\] )?[A-Za-z][\w:<>, ]*[ >]([a-z_0-9]+)\(.*)");
    const std::regex callable(R"(^([A-Z]\w*)\(.*\) -> .*)");
    // They print or draw, make another's argument, or are of the engine.
    const std::set<std::string> without_derivatives{
        "as_matrix",    "explain",   "explained_graph",       "input",  "named",    "pull_block",
        "pull_numbers", "pull_rows", "richardson_derivative", "to_dot", "write_svg"};
    std::set<std::string> transforms;
    for (const auto& entry : std::filesystem::directory_iterator(root / "autodiff" / "transforms")) {
        if (entry.path().extension() != ".hpp") continue;
        const std::string header = "transforms/" + entry.path().filename().string();
        for (const std::regex& declaration : {function, callable})
            for (const std::string& name : public_names(header, declaration))
                if (!without_derivatives.contains(name)) transforms.insert(name);
    }
    for (const std::string& name : transforms)
        BOOST_TEST(published.find("\n| " + name + " |") != std::string::npos,
                   "docs/output/transform_errors.md lacks "
                       << name << ", which needs a row in tests/transform_table; ./dev verify ops writes it");
    BOOST_TEST(transforms.size() > 20u);  // the patterns find declarations
}

namespace {

/// The text without what stands between the marks.
std::string without(std::string text, const std::string& from, const std::string& to)
{
    for (std::size_t begin = 0; (begin = text.find(from, begin)) != std::string::npos;) {
        const std::size_t end = text.find(to, begin + from.size());
        BOOST_TEST_REQUIRE(end != std::string::npos, from << " is not closed by " << to);
        text.erase(begin, end + to.size() - begin);
    }
    return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(no_chapter_of_the_story_types_a_result)
{
    // Formulas, code and the sections of books may have decimals. The text has none: results are quoted.
    const std::regex section("section [0-9.]+"), decimal("[0-9][.][0-9]");
    std::size_t chapters = 0;
    for (const auto& entry : std::filesystem::directory_iterator(root / "docs" / "story")) {
        const std::string file = entry.path().filename().string();
        if (file == "sources.md") continue;
        ++chapters;
        const std::string text = without(
            without(without(text_of("docs/story/" + file), "\\f[", "\\f]"), "\\f$", "\\f$"), "`", "`");
        std::stringstream lines(text);
        for (std::string line; std::getline(lines, line);)
            if (!line.starts_with("    "))
                BOOST_TEST(!std::regex_search(std::regex_replace(line, section, ""), decimal),
                           file << " types a number: " << line);
    }
    BOOST_TEST(chapters == 14u);
}
