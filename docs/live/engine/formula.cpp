#include "formula.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <map>
#include <numbers>
#include <optional>

namespace live {

namespace {

constexpr std::size_t longest_text = 2000, deepest_nesting = 100;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

}  // namespace

/// By recursive descent, one function for each line of the grammar. The first error ends it: what is read
/// after that has no meaning, and parse() reports the error.
///     formula = line { (newline | ;) line }        line   = [name =] sum
///     sum     = product { (+ | -) product }        factor = - factor | power
///     product = factor { (* | /) factor }          power  = atom [^ factor]
class Parser {
public:
    explicit Parser(std::string_view text) : text_(text) {}

    std::variant<Formula, SyntaxError> formula()
    {
        if (text_.size() > longest_text) fail("the text is too long", longest_text);
        do {
            if (!ends_line()) line();
        } while (!error_ && (take('\n') || take(';')));
        skip_blanks();
        if (!error_ && at_ < text_.size()) fail(fmt::format("'{}' is not expected here", character()), at_);
        if (formula_.steps_.empty()) fail("there is nothing to compute", 0);
        if (error_) return *error_;
        return std::move(formula_);
    }

private:
    using Op = Formula::Op;

    void line()
    {
        const std::size_t start = at_;
        const std::string_view name = take_name();
        skip_blanks();
        const bool is_definition = !name.empty() && take('=');
        if (!is_definition) at_ = start;
        else if (lines_.contains(name) || is_variable(name) || name == "pi")
            fail(fmt::format("{} has a value already", name), start);
        formula_.result_ = sum();
        if (!is_definition) return;
        lines_.emplace(name, formula_.result_);
        if (!error_ && formula_.steps_[formula_.result_].op != Op::variable)
            formula_.steps_[formula_.result_].name = name;
    }

    std::size_t sum()
    {
        std::size_t left = product();
        while (true)
            if (take('+')) left = add(Op::add, left, product());
            else if (take('-')) left = add(Op::subtract, left, product());
            else return left;
    }

    std::size_t product()
    {
        std::size_t left = factor();
        while (true)
            if (take('*')) left = add(Op::multiply, left, factor());
            else if (take('/')) left = add(Op::divide, left, factor());
            else return left;
    }

    std::size_t factor()
    {
        if (++depth_ > deepest_nesting) fail("too many levels", at_);
        const std::size_t result = error_ ? 0 : take('-') ? add(Op::negate, factor()) : power();
        --depth_;
        return result;
    }

    std::size_t power()
    {
        const std::size_t base = atom();
        if (!take('^')) return base;
        const std::size_t exponent = factor();
        const bool is_two =
            !error_ && formula_.steps_[exponent].op == Op::constant && formula_.steps_[exponent].number == 2;
        return is_two ? add(Op::square, base) : add(Op::power, base, exponent);
    }

    std::size_t atom()
    {
        skip_blanks();
        if (take('(')) {
            const std::size_t inner = sum();
            expect(')');
            return inner;
        }
        if (is_digit(character()) || character() == '.') return number();
        const std::size_t start = at_;
        const std::string_view name = take_name();
        if (name.empty())
            return fail(
                at_ < text_.size() ? "a number, a name or ( is expected" : "something is missing at the end",
                at_);
        return take('(') ? call(name, start) : value_of(name);
    }

    std::size_t number()
    {
        const std::string rest(text_.substr(at_));
        char* end = nullptr;
        const double value = std::strtod(rest.c_str(), &end);
        if (end == rest.c_str()) return fail("this is no number", at_);
        at_ += static_cast<std::size_t>(end - rest.c_str());
        return add_constant(value);
    }

    std::size_t call(std::string_view name, std::size_t start)
    {
        const auto& all = functions<autodiff::Explained>;
        const auto found =
            std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == name; });
        if (found == all.end()) return fail(fmt::format("there is no function {}", name), start);
        const std::size_t first = sum();
        std::size_t second = first;
        if (found->arguments == 2) {
            expect(',');
            second = sum();
        }
        expect(')');
        return add(Op::call, first, second, static_cast<std::size_t>(found - all.begin()));
    }

    /// A line's result, pi, or a variable.
    std::size_t value_of(std::string_view name)
    {
        if (const auto line = lines_.find(name); line != lines_.end()) return line->second;
        if (name == "pi") return add_constant(std::numbers::pi);
        auto& variables = formula_.variables_;
        const auto found = std::find(variables.begin(), variables.end(), name);
        const auto place = static_cast<std::size_t>(found - variables.begin());
        if (found == variables.end()) variables.emplace_back(name);
        return add(Op::variable, 0, 0, place);
    }

    bool is_variable(std::string_view name) const
    {
        return std::find(formula_.variables_.begin(), formula_.variables_.end(), name) !=
               formula_.variables_.end();
    }

    std::size_t add(Op op, std::size_t a, std::size_t b = 0, std::size_t place = 0)
    {
        formula_.steps_.push_back({op, a, b, place});
        return formula_.steps_.size() - 1;
    }
    std::size_t add_constant(double value)
    {
        formula_.steps_.push_back({.op = Op::constant, .number = value});
        return formula_.steps_.size() - 1;
    }

    std::size_t fail(std::string message, std::size_t position)
    {
        if (!error_) error_ = SyntaxError{std::move(message), position};
        return 0;
    }

    char character() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    void skip_blanks()
    {
        while (character() == ' ' || character() == '\t' || character() == '\r') ++at_;
    }
    bool ends_line()
    {
        skip_blanks();
        return at_ == text_.size() || character() == '\n' || character() == ';';
    }
    bool take(char c)
    {
        if (error_) return false;
        if (c != '\n') skip_blanks();
        if (character() != c) return false;
        ++at_;
        return true;
    }
    void expect(char c)
    {
        if (!take(c)) fail(fmt::format("'{}' is missing", c), at_);
    }
    std::string_view take_name()
    {
        skip_blanks();
        const std::size_t start = at_;
        if (is_letter(character()))
            while (is_letter(character()) || is_digit(character())) ++at_;
        return text_.substr(start, at_ - start);
    }

    std::string_view text_;
    std::size_t at_ = 0, depth_ = 0;
    std::map<std::string_view, std::size_t> lines_;  ///< the results that lines have given names
    Formula formula_;
    std::optional<SyntaxError> error_;
};

std::variant<Formula, SyntaxError> parse(std::string_view text) { return Parser(text).formula(); }

}  // namespace live
