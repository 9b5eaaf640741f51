// CoDiPack: RealReverse, the type that it recommends first, and the faster RealReverseUnchecked, which wants
// room for the whole tape beforehand.

#include <codi.hpp>

#include <algorithm>
#include <memory>

#include "peers.hpp"

namespace scalars::peers {

namespace {

template <class X>
auto taped(auto& w)
{
    auto inputs = std::make_shared<std::vector<X>>(w.point.size());
    return [&w, inputs](Numbers& x_bar) {
        std::vector<X>& x = *inputs;
        auto& tape = X::getTape();
        tape.setActive();
        for (std::size_t i = 0; i < x.size(); ++i) {
            x[i] = w.point[i];
            tape.registerInput(x[i]);
        }
        double value = 0;
        {
            X y = w(x);
            tape.registerOutput(y);
            tape.setPassive();
            y.setGradient(1);
            tape.evaluate();
            value = y.getValue();
        }
        std::ranges::transform(x, x_bar.begin(), [](const X& input) { return input.getGradient(); });
        tape.reset();
        return value;
    };
}

}  // namespace

std::vector<Variant> codipack(AnyWorkload workload)
{
    using Unchecked = codi::RealReverseUnchecked;
    Unchecked::getTape().setParameter(codi::TapeParameters::StatementSize, 1 << 23);
    Unchecked::getTape().setParameter(codi::TapeParameters::JacobianSize, 1 << 24);
    return {peer_variant("codipack", workload, [](auto& w) { return taped<codi::RealReverse>(w); }),
            peer_variant("codipack_unchecked", workload, [](auto& w) { return taped<Unchecked>(w); })};
}

}  // namespace scalars::peers
