#include <random_programs/row_source.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <stdexcept>

namespace autodiff::tests {

namespace {

std::string text_of(const std::filesystem::path& path)
{
    std::ifstream file(path);
    if (!file) throw std::runtime_error(fmt::format("cannot read {}", path.string()));
    return {std::istreambuf_iterator<char>(file), {}};
}

/// From `begin` to the brace that closes the first one opened.
std::string through_braces(const std::string& text, std::size_t begin)
{
    int depth = 0;
    for (std::size_t i = begin; i < text.size(); ++i) {
        if (text[i] == '{') ++depth;
        if (text[i] == '}' && --depth == 0) return text.substr(begin, i + 1 - begin);
    }
    throw std::runtime_error("a lambda without an end");
}

std::string on_one_line(const std::string& text) { return std::regex_replace(text, std::regex("\\s+"), " "); }

/// The expression of "[](…) { return EXPRESSION; }", or nothing.
std::string returned(const std::string& lambda)
{
    std::smatch found;
    static const std::regex one_return("\\{ return ([^;]*); \\}$");
    return std::regex_search(lambda, found, one_return) ? found[1].str() : "";
}

std::vector<std::string> parameters(const std::string& lambda)
{
    std::vector<std::string> names;
    static const std::regex parameter("const auto& (\\w+)[,)]");
    for (std::sregex_iterator i(lambda.begin(), lambda.end(), parameter), end; i != end; ++i)
        names.push_back((*i)[1]);
    return names;
}

/// In parentheses, unless it is a name or a call, which no operator around it can take apart.
std::string enclosed(const std::string& text)
{
    return std::regex_match(text, std::regex("\\w+(\\([^()]*\\))?")) ? text : "(" + text + ")";
}

/// The text with each pattern replaced by its argument, all at once.
std::string substituted(std::string text, const std::vector<std::string>& patterns,
                        const std::vector<std::string>& arguments)
{
    for (std::size_t k = 0; k < patterns.size(); ++k)
        text = std::regex_replace(text, std::regex(patterns[k]), fmt::format("@{}@", k));
    for (std::size_t k = 0; k < patterns.size(); ++k)
        text = std::regex_replace(text, std::regex(fmt::format("@{}@", k)), enclosed(arguments[k]));
    return text;
}

}  // namespace

std::string test_source(const std::string& path)
{
    return text_of(std::filesystem::path(ADJOINT_TESTS) / path);
}

RowSources::RowSources(const std::vector<std::string>& more_files)
{
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::path(ADJOINT_TESTS) / "op_table"))
        read(text_of(entry.path()));
    for (const std::string& path : more_files) read(test_source(path));
}

void RowSources::read(const std::string& text)
{
    static const std::regex row(
        "(?:elementwise|tensor)_row\\(\\s*\"([^\"]*)\",\\s*(?:\"([^\"]*)\",\\s*)?(?=\\[\\])");
    for (std::sregex_iterator i(text.begin(), text.end(), row), end; i != end; ++i) {
        const auto begin = static_cast<std::size_t>(i->position() + i->length());
        lambdas_[{(*i)[1], (*i)[2]}] = on_one_line(through_braces(text, begin));
    }
}

std::string RowSources::call(const Row& row, const std::vector<std::string>& arguments) const
{
    const auto found = lambdas_.find({row.op, row.variant});
    if (found == lambdas_.end())
        throw std::runtime_error(fmt::format("no source of the row {} {}", row.op, row.variant));
    const std::string& lambda = found->second;
    const std::string expression = returned(lambda);
    const std::string all = fmt::format("{}", fmt::join(arguments, ", "));
    std::vector<std::string> patterns;
    if (row.has_scalars()) {
        for (const std::string& name : parameters(lambda))
            patterns.push_back(fmt::format("\\b{}\\b(?!\\()", name));
        if (expression.empty() || patterns.size() != arguments.size())
            return fmt::format("({})({})", lambda, all);
        return substituted(expression, patterns, arguments);
    }
    for (std::size_t k = 0; k < arguments.size(); ++k) patterns.push_back(fmt::format("\\bx\\[{}\\]", k));
    const std::string text = substituted(expression, patterns, arguments);
    const bool takes_all = std::regex_search(expression, std::regex("\\bx\\b(?!\\[)"));
    if (!expression.empty() && !takes_all) return text;
    return fmt::format("({})(std::span<const Tensor<>>(std::array{{{}}}))", lambda, all);
}

}  // namespace autodiff::tests
