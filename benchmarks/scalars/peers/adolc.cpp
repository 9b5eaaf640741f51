// ADOL-C: recorded once, before anything is timed, in buffers that hold the whole trace, so that none goes to
// a file; each gradient is a replay forwards and back.

#include <adolc/adolc.h>

/// ADOL-C has no erfc.
inline adouble erfc(const badouble& x) { return 1 - erf(x); }

#include "../count_ops.hpp"
#include "peers.hpp"

#include <stdexcept>

namespace scalars::peers {

namespace {

short last_tag = 0;

auto replayed(auto& w)
{
    const short tag = ++last_tag;
    const auto room =
        static_cast<unsigned>(6 * count_ops(w) + 8 * static_cast<double>(w.point.size()) + 1000);
    trace_on(tag, 0, room, room, room, room);
    {
        std::vector<adouble> x(w.point.size());
        for (std::size_t i = 0; i < x.size(); ++i) x[i] <<= w.point[i];
        adouble y = w(x);
        double value = 0;
        y >>= value;
    }
    trace_off();
    return [&w, tag](Numbers& x_bar) {
        double value = 0, y_bar = 1;
        const int n = static_cast<int>(w.point.size());
        if (zos_forward(tag, 1, n, 1, w.point.data(), &value) < 0 ||
            fos_reverse(tag, 1, n, &y_bar, x_bar.data()) < 0)
            throw std::runtime_error("ADOL-C cannot replay its trace");
        return value;
    };
}

}  // namespace

std::vector<Variant> adolc(AnyWorkload workload)
{
    return {peer_variant("adolc", workload, [](auto& w) { return replayed(w); })};
}

}  // namespace scalars::peers
