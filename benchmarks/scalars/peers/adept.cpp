// Adept: one stack for all; each gradient is a new recording.

#include <adept.h>

#include <memory>

#include "peers.hpp"

namespace scalars::peers {

namespace {

adept::Stack stack;

auto taped(auto& w)
{
    auto inputs = std::make_shared<std::vector<adept::adouble>>(w.point.size());
    return [&w, inputs](Numbers& x_bar) {
        std::vector<adept::adouble>& x = *inputs;
        adept::set_values(x.data(), static_cast<adept::Index>(x.size()), w.point.data());
        stack.new_recording();
        adept::adouble y = w(x);
        y.set_gradient(1.0);
        stack.reverse();
        adept::get_gradients(x.data(), static_cast<adept::Index>(x.size()), x_bar.data());
        return y.value();
    };
}

}  // namespace

std::vector<Variant> adept(AnyWorkload workload)
{
    return {peer_variant("adept", workload, [](auto& w) { return taped(w); })};
}

}  // namespace scalars::peers
