#include <support/op_checks.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
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

/// How many lists of arguments of a form the op was checked on; if none, why.
std::string forms_in_words(const Account& account, const std::vector<const Row*>& rows_of_op,
                           ArgumentForm form)
{
    std::size_t lists = 0;
    std::set<std::string> reasons;
    for (const Row* row : rows_of_op) {
        lists += account.lists(*row, form);
        if (const auto found = row->refused.find(form); found != row->refused.end())
            reasons.insert(found->second);
    }
    return lists > 0 ? std::to_string(lists) : fmt::format("{}", fmt::join(reasons, "; "));
}

}  // namespace

void Account::add(const Subject& subject, Check check, double error)
{
    double& worst = worst_[subject.name][check];
    worst = std::max(worst, error);
    combinations_.insert(fmt::format("{}: {}", name(subject), static_cast<int>(check)));
}

void Account::add_form(const Subject& subject, ArgumentForm form)
{
    forms_[{subject.name, subject.variant}][form].insert(subject.on);
}

std::size_t Account::lists(const Row& row, ArgumentForm form) const
{
    const auto of_row = forms_.find({row.op, row.variant});
    if (of_row == forms_.end()) return 0;
    const auto found = of_row->second.find(form);
    return found == of_row->second.end() ? 0 : found->second.size();
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

std::string Account::markdown_of_forms(std::span<const Row> rows) const
{
    std::map<std::string, std::vector<const Row*>> ops;
    for (const Row& row : rows) ops[row.op].push_back(&row);
    std::string text =
        "| op | contiguous | strided | broadcast | empty | size one | rank 0 | numbers |\n"
        "|---|---|---|---|---|---|---|---|\n";
    for (const auto& [op, rows_of_op] : ops) {
        text += fmt::format("| {} |", op);
        for (std::size_t form = 0; form < form_count; ++form)
            text += fmt::format(" {} |", forms_in_words(*this, rows_of_op, static_cast<ArgumentForm>(form)));
        const bool has_numbers = std::ranges::any_of(rows_of_op, &Row::has_scalars);
        text += has_numbers ? " yes |\n" : " of tensors only |\n";
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
    try {
        checks();
    } catch (...) {
        account() = std::move(before);
        throw;
    }
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
