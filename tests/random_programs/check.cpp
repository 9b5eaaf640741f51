#include <random_programs/check.hpp>
#include <random_programs/derivatives.hpp>
#include <support/differences.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace autodiff::tests {

std::string Tally::text() const
{
    std::string text = fmt::format("{} programs of {} statements", programs, statements);
    for (const auto& [name, count] : made) {
        text += fmt::format("; {}: {}", name, count);
        if (const auto found = skipped.find(name); found != skipped.end())
            text += fmt::format(" and {} skipped", found->second);
    }
    return text;
}

namespace {

constexpr double double_rounding = 0x1p-53, single_rounding = 0x1p-24;

double largest(const Vector& v)
{
    double most = 0;
    for (const double element : v) most = std::max(most, std::abs(element));
    return most;
}

bool is_finite(const Vector& v)
{
    return std::ranges::all_of(v, [](double element) { return std::isfinite(element); });
}

double distance(const Vector& a, const Vector& b)
{
    if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
    double most = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double apart = std::abs(a[i] - b[i]);
        most = std::isnan(apart) ? std::numeric_limits<double>::infinity() : std::max(most, apart);
    }
    return most;
}

bool has_scoped_calls(const Program& program)
{
    return std::ranges::any_of(program.statements, [](const Statement& statement) {
        return statement.form >= Form::preaccumulate ||
               std::ranges::any_of(statement.bodies, has_scoped_calls);
    });
}

/// Numbers, and how much of a disturbance of each statement arrives in them.
struct Conditioned {
    Vector numbers;
    double scale = 1, amplification = 0;

    /// What a few roundings in each statement may make of them.
    double bound(double rounding) const { return 1e4 * rounding * scale + 50 * rounding * amplification; }
};

class Checks {
public:
    Checks(const std::vector<Row>& rows, const Case& of, Tally& tally)
        : exact_{rows}, case_(of), of_(derivatives(of)), tally_(tally)
    {
        for (const Input& input : of.inputs) {
            x_.insert(x_.end(), input.values.begin(), input.values.end());
            v_.insert(v_.end(), input.direction.begin(), input.direction.end());
        }
    }

    std::optional<Disagreement> run()
    {
        gradient_ = conditioned([&](const Mode& mode) { return of_->gradient(mode, x_); });
        require("finite", is_finite(gradient_.numbers), "the gradient is not finite");
        if (failure_) return failure_;
        first_order();
        if (case_.of_tensors) of_tensors();
        if (case_.of_tensors || order(case_.program) == 0) single();
        if (order(case_.program) <= (case_.of_tensors ? 1 : 0)) second_order();
        return failure_;
    }

private:
    template <class F>
    Conditioned conditioned(F f) const
    {
        constexpr double noise = 0x1p-30;
        Conditioned result{f(exact_)};
        result.scale = std::max(1.0, largest(result.numbers));
        for (const std::uint64_t seed : {0x5555555555555555u, 0x3333333333333333u, 0x0f0f0f0f0f0f0f0fu}) {
            const Vector disturbed = f(Mode{exact_.rows, false, noise, seed});
            result.amplification =
                std::max(result.amplification, distance(disturbed, result.numbers) / noise);
        }
        return result;
    }

    void first_order()
    {
        const double slope = inner_product(gradient_.numbers, v_);
        const double size = std::max<double>(1, static_cast<double>(v_.size()));
        compare("forward mode", {of_->slope(exact_, x_, v_)}, {slope},
                size * gradient_.bound(double_rounding));
        against_differences("differences", slope, largest(gradient_.numbers),
                            [&](const Vector& at) { return of_->value(exact_, at); });
        if (has_scoped_calls(case_.program))
            compare("scoped calls", gradient_.numbers, of_->gradient(Mode{exact_.rows, true}, x_),
                    gradient_.bound(double_rounding));
    }

    void of_tensors()
    {
        compare("layouts", of_->gradient_of_contiguous(exact_, x_), gradient_.numbers,
                gradient_.bound(double_rounding));
        const auto replayed = of_->replayed_gradient(exact_, x_);
        if (replayed) compare("replay", *replayed, gradient_.numbers, 0);
        else ++tally_.skipped["replay"];
    }

    void single()
    {
        const double bound = gradient_.bound(single_rounding);
        if (bound > 0.1 * gradient_.scale) ++tally_.skipped["float"];
        else compare("float", of_->gradient_in_single(exact_, x_), gradient_.numbers, bound);
    }

    void second_order()
    {
        const auto by_name = of_->second(exact_, x_, v_);
        const Conditioned curvature = conditioned(
            [&](const Mode& mode) { return of_->second(mode, x_, v_).at("forward over reverse"); });
        for (const auto& [name, numbers] : by_name)
            compare("nestings", numbers, curvature.numbers, curvature.bound(double_rounding), name);
        against_differences("second order", inner_product(curvature.numbers, v_), largest(curvature.numbers),
                            [&](const Vector& at) { return inner_product(of_->gradient(exact_, at), v_); });
        if (has_scoped_calls(case_.program))
            compare("scoped calls", curvature.numbers,
                    of_->second(Mode{exact_.rows, true}, x_, v_).at("forward over reverse"),
                    curvature.bound(double_rounding), "second order");
    }

    template <class F>
    void against_differences(const char* name, double derivative, double scale, F f)
    {
        if (failure_) return;
        scale = std::max(1.0, scale);
        const Difference difference = central_difference(
            [&](double step) {
                Vector at = x_;
                for (std::size_t i = 0; i < at.size(); ++i) at[i] += step * v_[i];
                return f(at);
            },
            0.02);
        if (!difference.is_known()) ++tally_.skipped[name];
        else compare(name, {derivative}, {difference.value}, 1e-9 * scale + 3 * difference.error);
    }

    void compare(const std::string& name, const Vector& actual, const Vector& expected, double bound,
                 const std::string& detail = "")
    {
        const double apart = distance(actual, expected);
        require(name, apart <= bound,
                fmt::format("{}: {:.17g} and {:.17g} are {:.1e} apart, more than {:.1e}",
                            detail.empty() ? name : detail, fmt::join(actual, " "), fmt::join(expected, " "),
                            apart, bound));
    }
    void require(const std::string& name, bool holds, const std::string& text)
    {
        ++tally_.made[name];
        if (!holds && !failure_) failure_ = Disagreement{name, text};
    }

    Mode exact_;
    const Case& case_;
    std::unique_ptr<Derivatives> of_;
    Tally& tally_;
    Vector x_, v_;
    Conditioned gradient_;
    std::optional<Disagreement> failure_;
};

}  // namespace

std::optional<Disagreement> check(const std::vector<Row>& rows, const Case& of, Tally& tally)
{
    ++tally.programs;
    tally.statements += of.program.statements.size();
    try {
        return Checks(rows, of, tally).run();
    } catch (const std::exception& error) {
        return Disagreement{"throws", error.what()};
    }
}

}  // namespace autodiff::tests
