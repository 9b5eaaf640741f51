#include "support/history_plot.hpp"

#include "support/plot.hpp"

#include <limits>

namespace support {

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();  // gnuplot leaves it out

Curve curve(std::string title, const nn::History& history, auto number_of)
{
    Curve curve{std::move(title), {}, {}};
    for (const nn::EpochResult& result : history) {
        curve.x.push_back(result.epoch);
        curve.y.push_back(number_of(result));
    }
    return curve;
}

}  // namespace

void write_svg(const std::string& path, const std::string& title, const nn::History& history)
{
    std::vector<CurvePlot> plots{{title, "epoch", "loss", false, {}}};
    plots[0].curves.push_back(
        curve("training", history, [](const nn::EpochResult& e) { return e.training_loss; }));
    if (!history.empty() && history.back().validation_loss)
        plots[0].curves.push_back(curve("validation", history, [](const nn::EpochResult& e) {
            return e.validation_loss.value_or(nothing);
        }));
    if (!history.metric_names.empty())
        plots.push_back({"", "epoch", "metrics of the validation set", false, {}});
    for (std::size_t m = 0; m < history.metric_names.size(); ++m)
        plots[1].curves.push_back(
            curve(history.metric_names[m], history, [m](const nn::EpochResult& e) { return e.metrics[m]; }));
    if (plots.size() == 2 && plots[1].curves.size() == 1) plots[1].y_label = history.metric_names[0];
    write_svg(path, plots);
}

}  // namespace support
