#include "support/xor_pictures.hpp"

#include <fmt/format.h>

namespace support {

using namespace autodiff;

namespace {

BoundaryPlot plot_of(std::function<double(double, double)> answer, const std::string& title)
{
    return {title, std::move(answer), {{0, 0}, {0, 1}, {1, 0}, {1, 1}}, {0, 1, 1, 0}};
}

}  // namespace

BoundaryPlot answer_of(const XorModel& model, const std::string& title)
{
    return plot_of([model](double x1, double x2) { return model(Tensor<>{{x1, x2}}).item(); }, title);
}

std::vector<BoundaryPlot> neurons_of(const XorModel& model)
{
    const Tensor<>&w = model.hidden.weight, &b = model.hidden.bias;
    std::vector<BoundaryPlot> plots;
    BoundaryPlot whole = answer_of(model, "the network");
    for (Index j = 0; j < model.hidden.outputs(); ++j) {
        const auto answer = [model, j](double x1, double x2) {
            return sigmoid(model.hidden(Tensor<>{{x1, x2}}))(0, j);
        };
        plots.push_back(plot_of(answer, fmt::format("hidden neuron {}", j + 1)));
        whole.lines.push_back({w(j, 0), w(j, 1), b(j)});
    }
    plots.push_back(whole);
    return plots;
}

}  // namespace support
