// A part that has data but does not name its parameters would silently not be trained.
// expect: this part has data but no parameters()

#include <nn/linear.hpp>
#include <nn/sequential.hpp>

struct Scale {
    autodiff::Tensor<> factor{2.0};
    auto operator()(const autodiff::Tensor<>& x) const { return factor * x; }
#ifdef CONTROL
    auto parameters() { return nn::parameters("factor", factor); }
#endif
};

auto parameters_of(nn::Sequential<nn::Linear<>, Scale>& model) { return model.parameters(); }
