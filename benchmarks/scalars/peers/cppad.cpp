// CppAD: recorded and optimised once, before anything is timed; each gradient is a replay forwards and back.

#include <cppad/cppad.hpp>

#include <algorithm>
#include <memory>

#include "peers.hpp"

namespace scalars::peers {

namespace {

auto replayed(auto& w)
{
    using X = CppAD::AD<double>;
    CppAD::thread_alloc::hold_memory(true);
    std::vector<X> x(w.point.begin(), w.point.end());
    CppAD::Independent(x);
    const std::vector<X> y{w(x)};
    auto f = std::make_shared<CppAD::ADFun<double>>(x, y);
    f->optimize("no_compare_op no_conditional_skip no_print_for_op");
    return [&w, f](Numbers& x_bar) {
        const double value = f->Forward(0, w.point)[0];
        const Numbers gradient = f->Reverse(1, Numbers{1});
        std::ranges::copy(gradient, x_bar.begin());
        return value;
    };
}

}  // namespace

std::vector<Variant> cppad(AnyWorkload workload)
{
    return {peer_variant("cppad", workload, [](auto& w) { return replayed(w); })};
}

}  // namespace scalars::peers
