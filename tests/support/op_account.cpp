#include <support/op_checks.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace autodiff::tests {

namespace {

constexpr const char* check_names[check_count] = {
    "differences",    "forward mode", "differences, second order",
    "other nestings", "float",        "constants",
    "same variable",  "fan-out",      "layouts",
    "scalars"};

std::string name(const Subject& subject)
{
    const Row& row = subject.row;
    return fmt::format("{}{}{} on {}", row.op, row.variant.empty() ? "" : " ", row.variant, subject.on);
}

double scale_of(std::span<const double> values)
{
    double scale = 1;
    for (double value : values) scale = std::max(scale, std::abs(value));
    return scale;
}

}  // namespace

void Account::add(const Subject& subject, Check check, double error)
{
    double& worst = worst_[subject.row.op][check];
    worst = std::max(worst, error);
    combinations_.insert(fmt::format("{}: {}", name(subject), static_cast<int>(check)));
}

void Account::add_failure(const Subject& subject, Check check, const std::string& text)
{
    failures_.push_back(
        {check, fmt::format("{}: {}: {} {}", name(subject), check_names[static_cast<std::size_t>(check)],
                            text, subject.where)});
}

std::string Account::summary(std::size_t rows) const
{
    std::map<Check, double> worst_of_all;
    for (const auto& [op, worst] : worst_)
        for (const auto& [check, error] : worst) worst_of_all[check] = std::max(worst_of_all[check], error);
    std::string text =
        fmt::format("{} ops, {} rows, {} op x check combinations; worst errors:", worst_.size(), rows,
                    combinations_.size());
    for (const auto& [check, error] : worst_of_all)
        text += fmt::format(" {} {:.1e},", check_names[static_cast<std::size_t>(check)], error);
    text.back() = '.';
    return text;
}

std::string Account::markdown() const
{
    std::string text = "| op |";
    std::string line = "|---|";
    for (const char* check_name : check_names) {
        text += fmt::format(" {} |", check_name);
        line += "---|";
    }
    text += "\n" + line + "\n";
    for (const auto& [op, worst] : worst_) {
        text += fmt::format("| {} |", op);
        for (std::size_t column = 0; column < check_count; ++column) {
            const auto error = worst.find(static_cast<Check>(column));
            text += error == worst.end() ? " |" : fmt::format(" {:.0e} |", error->second);
        }
        text += "\n";
    }
    return text;
}

Account& account()
{
    static Account instance;
    return instance;
}

void compare(const Subject& subject, Check check, std::span<const double> actual,
             std::span<const double> expected, double tolerance)
{
    if (actual.size() != expected.size()) {
        account().add_failure(subject, check,
                              fmt::format("{} numbers instead of {}", actual.size(), expected.size()));
        return;
    }
    const double scale = scale_of(expected);
    double worst = 0;
    for (std::size_t i = 0; i < actual.size(); ++i) {
        const double error = std::abs(actual[i] - expected[i]) / scale;
        worst = error > worst || std::isnan(error) ? error : worst;
        if (!(error <= tolerance))
            account().add_failure(
                subject, check,
                fmt::format("element {} is {:.17g} instead of {:.17g} (error {:.1e}, tolerance {:.1e})", i,
                            actual[i], expected[i], error, tolerance));
    }
    account().add(subject, check, worst);
}

void require_accuracy(const Subject& subject, Check check, std::span<const Difference> differences,
                      double tolerance)
{
    for (const Difference& d : differences)
        if (!(d.error <= tolerance * std::max(1.0, std::abs(d.value))))
            account().add_failure(
                subject, check,
                fmt::format("a difference is {:.17g} ± {:.1e}, too inaccurate to check against", d.value,
                            d.error));
}

}  // namespace autodiff::tests
