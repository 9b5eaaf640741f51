#include <nn/history.hpp>

#include <nn/data/atomic_file.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace nn {

namespace {

std::string csv_cell(const std::string& text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
    return quoted + '"';
}

std::string csv_row(const EpochResult& result)
{
    std::string row = fmt::format("{},{},", result.epoch, result.training_loss);
    if (result.validation_loss) row += fmt::to_string(*result.validation_loss);
    for (const double metric : result.metrics) row += fmt::format(",{}", metric);
    return row + fmt::format(",{},{:.3f}\n", result.learning_rate, result.seconds);
}

}  // namespace

const EpochResult& History::best() const
{
    if (empty()) autodiff::fail<autodiff::DomainError>("history: there is no epoch, so none is best");
    // An epoch is better than NaN, and NaN better than nothing.
    const auto better = [](const EpochResult& a, const EpochResult& b) {
        return a.compared_loss() < b.compared_loss() ||
               (b.compared_loss() != b.compared_loss() && a.compared_loss() == a.compared_loss());
    };
    return *std::min_element(begin(), end(), better);
}

int History::epochs_without_improvement(double minimal_improvement) const
{
    double best = std::numeric_limits<double>::infinity();
    int count = 0;
    for (const EpochResult& result : *this) {
        const bool improved = result.compared_loss() < best - minimal_improvement;
        if (improved) best = result.compared_loss();
        count = improved ? 0 : count + 1;
    }
    return count;
}

void History::write_csv(const std::string& path) const
{
    std::string text = "epoch,training_loss,validation_loss";
    for (const std::string& name : metric_names) text += ',' + csv_cell(name);
    text += ",learning_rate,seconds\n";
    for (const EpochResult& result : *this) text += csv_row(result);
    data::AtomicFile file("write_csv", path);
    file.write(std::as_bytes(std::span(text)));
    file.commit();
}

}  // namespace nn
