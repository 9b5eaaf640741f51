// XAD: the tape keeps the registered inputs; each gradient is a new recording.

#include <XAD/XAD.hpp>

#include <algorithm>
#include <memory>

#include "peers.hpp"

namespace scalars::peers {

namespace {

using Mode = xad::adj<double>;

/// Inputs are on the tape, so it has to be active when they end.
struct TapeWithInputs {
    Mode::tape_type tape{false};
    std::vector<Mode::active_type> x;

    explicit TapeWithInputs(const Numbers& point) : x(point.begin(), point.end())
    {
        tape.activate();
        tape.registerInputs(x);
        tape.deactivate();
    }
    ~TapeWithInputs()
    {
        tape.activate();
        x.clear();
        tape.deactivate();
    }
};

auto taped(auto& w)
{
    auto state = std::make_shared<TapeWithInputs>(w.point);
    return [&w, state](Numbers& x_bar) {
        auto& [tape, x] = *state;
        tape.activate();
        tape.newRecording();
        double value = 0;
        {
            Mode::active_type y = w(x);
            tape.registerOutput(y);
            xad::derivative(y) = 1;
            tape.computeAdjoints();
            value = xad::value(y);
        }
        std::ranges::transform(x, x_bar.begin(), [](const auto& input) { return xad::derivative(input); });
        tape.deactivate();
        return value;
    };
}

}  // namespace

std::vector<Variant> xad(AnyWorkload workload)
{
    return {peer_variant("xad", workload, [](auto& w) { return taped(w); })};
}

}  // namespace scalars::peers
