#include <support/op_checks.hpp>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace autodiff::tests {

namespace {

constexpr const char* check_names[check_count] = {"differences",
                                                  "forward mode",
                                                  "differences, second order",
                                                  "other nestings",
                                                  "float",
                                                  "constants",
                                                  "same variable",
                                                  "fan-out",
                                                  "layouts",
                                                  "scalars",
                                                  "plain computation"};

std::string name(const Subject& subject)
{
    return fmt::format("{}{}{} on {}", subject.name, subject.variant.empty() ? "" : " ", subject.variant,
                       subject.on);
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
    double& worst = worst_[subject.name][check];
    worst = std::max(worst, error);
    combinations_.insert(fmt::format("{}: {}", name(subject), static_cast<int>(check)));
}

void Account::add_failure(const Subject& subject, Check check, const std::string& text)
{
    failures_.push_back(
        {check, fmt::format("{}: {}: {} {}", name(subject), check_names[static_cast<std::size_t>(check)],
                            text, subject.where)});
}

std::map<Check, double> Account::worst_of_all() const
{
    std::map<Check, double> all;
    for (const auto& [name, worst] : worst_)
        for (const auto& [check, error] : worst) all[check] = std::max(all[check], error);
    return all;
}

std::string Account::summary(std::string_view kind, std::size_t rows) const
{
    std::string text =
        fmt::format("{} {}s, {} rows, {} {} x check combinations; worst errors:", worst_.size(), kind, rows,
                    combinations_.size(), kind);
    for (const auto& [check, error] : worst_of_all())
        text += fmt::format(" {} {:.1e},", check_names[static_cast<std::size_t>(check)], error);
    text.back() = '.';
    return text;
}

std::string Account::markdown(std::string_view kind) const
{
    const std::map<Check, double> columns = worst_of_all();
    std::string text = fmt::format("| {} |", kind);
    std::string line = "|---|";
    for (const auto& [check, of_all] : columns) {
        text += fmt::format(" {} |", check_names[static_cast<std::size_t>(check)]);
        line += "---|";
    }
    text += "\n" + line + "\n";
    for (const auto& [name, worst] : worst_) {
        text += fmt::format("| {} |", name);
        for (const auto& [check, of_all] : columns) {
            const auto error = worst.find(check);
            text += error == worst.end() ? " |" : fmt::format(" {:.0e} |", error->second);
        }
        text += "\n";
    }
    return text;
}

void Account::report() const
{
    for (const Failure& failure : failures_) BOOST_ERROR(failure.text);
}

Account& account()
{
    static Account instance;
    return instance;
}

std::vector<Failure> failures_of(const std::function<void()>& checks)
{
    Account before = std::exchange(account(), {});
    checks();
    return std::exchange(account(), std::move(before)).failures();
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
