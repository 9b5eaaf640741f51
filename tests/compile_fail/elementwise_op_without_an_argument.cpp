// An elementwise op has as many arguments as partials.
// expect: an elementwise op takes as many arguments as it has partials

#include <autodiff/transforms/gradient.hpp>

using namespace autodiff;

constexpr auto product = elementwise(
    "product", [](auto a, auto b) { return a * b; }, [](auto, auto, auto b) { return b; },
    [](auto, auto a, auto) { return a; });

#ifdef CONTROL
Tensor<> result(const Tensor<>& x) { return product(x, x); }
#else
Tensor<> result(const Tensor<>& x) { return product(x); }
#endif
