#include <random_programs/torch/ops.hpp>

namespace autodiff::tests {

namespace {

using Ops = std::map<std::pair<std::string, std::string>, TorchOp>;
using X = TorchTensors;

TorchOp unary(torch::Tensor (*f)(const torch::Tensor&))
{
    return [f](const X& x) { return f(x[0]); };
}
TorchOp binary(torch::Tensor (*f)(const torch::Tensor&, const torch::Tensor&))
{
    return [f](const X& x) { return f(x[0], x[1]); };
}

/// A matrix is one image.
torch::Tensor of_images(const torch::Tensor& x, auto pool)
{
    return x.dim() == 2 ? pool(x.unsqueeze(0)).squeeze(0) : pool(x);
}

Ops arithmetic()
{
    return {
        {{"add", ""}, [](const X& x) { return x[0] + x[1]; }},
        {{"add", "number on the right"}, [](const X& x) { return x[0] + 2; }},
        {{"subtract", ""}, [](const X& x) { return x[0] - x[1]; }},
        {{"subtract", "number on the left"}, [](const X& x) { return 0.5 - x[0]; }},
        {{"multiply", ""}, [](const X& x) { return x[0] * x[1]; }},
        {{"multiply", "number on the left"}, [](const X& x) { return 0.5 * x[0]; }},
        {{"divide", ""}, [](const X& x) { return x[0] / x[1]; }},
        {{"divide", "number on the left"}, [](const X& x) { return 0.5 / x[0]; }},
        {{"negative", ""}, [](const X& x) { return -x[0]; }},
        {{"max", ""}, binary(torch::maximum)},
        {{"min", ""}, binary(torch::minimum)},
        {{"clamp", "between numbers"}, [](const X& x) { return torch::clamp(x[0], -1, 1.0); }},
        {{"where", ""}, [](const X& x) { return torch::where(x[0] > 0, x[1], x[2]); }},
        {{"abs", ""}, unary(torch::abs)},
        {{"square", ""}, unary(torch::square)},
        {{"pow", ""}, [](const X& x) { return torch::pow(x[0], x[1]); }},
        {{"pow", "integer exponent, negative base"}, [](const X& x) { return torch::pow(x[0], 3); }},
        {{"pow", "negative exponent"}, [](const X& x) { return torch::pow(x[0], -2); }},
        {{"pow", "base is a number"}, [](const X& x) { return torch::pow(2, x[0]); }},
    };
}

Ops functions()
{
    return {
        {{"exp", ""}, unary(torch::exp)},
        {{"exp2", ""}, unary(torch::exp2)},
        {{"expm1", ""}, unary(torch::expm1)},
        {{"log", ""}, unary(torch::log)},
        {{"log1p", ""}, unary(torch::log1p)},
        {{"log2", ""}, unary(torch::log2)},
        {{"log10", ""}, unary(torch::log10)},
        {{"sqrt", ""}, unary(torch::sqrt)},
        {{"sin", ""}, unary(torch::sin)},
        {{"cos", ""}, unary(torch::cos)},
        {{"tan", ""}, unary(torch::tan)},
        {{"asin", ""}, unary(torch::asin)},
        {{"acos", ""}, unary(torch::acos)},
        {{"atan", ""}, unary(torch::atan)},
        {{"atan2", ""}, binary(torch::atan2)},
        {{"hypot", ""},
         [](const X& x) {
             const torch::Tensor y = torch::hypot(x[0], x[1]);
             TORCH_CHECK(y.ne(0).all().item<bool>(), "hypot: libtorch's derivative at 0, 0 is NaN, not 0");
             return y;
         }},
        {{"sinh", ""}, unary(torch::sinh)},
        {{"cosh", ""}, unary(torch::cosh)},
        {{"tanh", ""}, unary(torch::tanh)},
        {{"asinh", ""}, unary(torch::asinh)},
        {{"acosh", ""}, unary(torch::acosh)},
        {{"atanh", ""}, unary(torch::atanh)},
        {{"erf", ""}, unary(torch::erf)},
        {{"erfc", ""}, unary(torch::erfc)},
        {{"sigmoid", ""}, unary(torch::sigmoid)},
        {{"log_sigmoid", ""}, unary(torch::log_sigmoid)},
        {{"softplus", ""}, [](const X& x) { return torch::logaddexp(x[0], torch::zeros_like(x[0])); }},
        {{"relu", ""}, unary(torch::relu)},
        {{"gelu", ""}, [](const X& x) { return torch::gelu(x[0]); }},
        {{"silu", ""}, unary(torch::silu)},
        {{"leaky_relu", "slope 0.01"}, [](const X& x) { return torch::leaky_relu(x[0]); }},
        {{"elu", "alpha 1"}, [](const X& x) { return torch::elu(x[0]); }},
    };
}

Ops reductions()
{
    return {
        {{"sum", "all"}, [](const X& x) { return x[0].sum(); }},
        {{"sum", "axis 0"}, [](const X& x) { return x[0].sum(0); }},
        {{"sum", "axis -1, kept"}, [](const X& x) { return x[0].sum(-1, true); }},
        {{"mean", "all"}, [](const X& x) { return x[0].mean(); }},
        {{"mean", "axis 0"}, [](const X& x) { return x[0].mean(0); }},
        {{"mean", "axis 1, kept"}, [](const X& x) { return x[0].mean(1, true); }},
        {{"prod", "all"}, [](const X& x) { return x[0].prod(); }},
        {{"prod", "axis 0"}, [](const X& x) { return x[0].prod(0); }},
        {{"prod", "with zeros"}, [](const X& x) { return x[0].prod(1); }},
        {{"cumsum", "axis 0"}, [](const X& x) { return x[0].cumsum(0); }},
        {{"max", "axis 0"}, [](const X& x) { return x[0].amax(0); }},
        {{"min", "all"}, [](const X& x) { return x[0].amin(); }},
        {{"variance", "all"}, [](const X& x) { return x[0].var(false); }},
        {{"standard_deviation", "all"}, [](const X& x) { return x[0].std(false); }},
        {{"norm", "all"}, [](const X& x) { return x[0].norm(); }},
        {{"logsumexp", "axis 0"}, [](const X& x) { return x[0].logsumexp(0); }},
        {{"softmax", "last axis"}, [](const X& x) { return torch::softmax(x[0], -1); }},
        {{"log_softmax", "axis 0"}, [](const X& x) { return torch::log_softmax(x[0], 0); }},
        {{"layer_norm", ""},
         [](const X& x) { return torch::layer_norm(x[0], x[1].sizes(), x[1], x[2], 0.1); }},
    };
}

Ops products_and_shapes()
{
    return {
        {{"matmul", ""}, binary(torch::matmul)},
        {{"matmul", "batches"}, binary(torch::matmul)},
        {{"linear", ""}, [](const X& x) { return torch::linear(x[0], x[1], x[2]); }},
        {{"dot", ""}, binary(torch::dot)},
        {{"outer", ""}, binary(torch::outer)},
        {{"einsum", "bi,ij,bj->b"}, [](const X& x) { return torch::einsum("bi,ij,bj->b", x); }},
        {{"inverse", ""}, [](const X& x) { return torch::inverse(x[0]); }},
        {{"determinant", ""}, [](const X& x) { return torch::det(x[0]); }},
        {{"conv2d", ""},
         [](const X& x) {
             TORCH_CHECK(x[1].size(1) > 0,
                         "conv2d: libtorch 1.13 leaves sums over no channels uninitialized");
             return torch::conv2d(x[0], x[1]);
         }},
        {{"max_pool2d", ""},
         [](const X& x) {
             return of_images(x[0], [](const auto& images) { return torch::max_pool2d(images, 2); });
         }},
        {{"avg_pool2d", ""},
         [](const X& x) {
             return of_images(x[0], [](const auto& images) { return torch::avg_pool2d(images, 2); });
         }},
        {{"permute", ""}, [](const X& x) { return x[0].permute({2, 0, 1}); }},
        {{"swap_axes", ""}, [](const X& x) { return x[0].transpose(0, -1); }},
        {{"flip", "axis 1"}, [](const X& x) { return x[0].flip(1); }},
        {{"concatenate", "axis -1"}, [](const X& x) { return torch::cat(x, -1); }},
        {{"stack", ""}, [](const X& x) { return torch::stack(x); }},
        {{"select", "axis 1"}, [](const X& x) { return x[0].select(1, 0); }},
        {{"diagonal", ""}, [](const X& x) { return x[0].diagonal(0, -2, -1); }},
        {{"lower_triangle", ""}, [](const X& x) { return x[0].tril(); }},
        {{"sort", "ascending"}, [](const X& x) { return std::get<0>(x[0].sort(-1)); }},
    };
}

}  // namespace

const Ops& torch_ops()
{
    static const Ops all = [] {
        Ops ops;
        for (Ops family : {arithmetic(), functions(), reductions(), products_and_shapes()}) ops.merge(family);
        return ops;
    }();
    return all;
}

}  // namespace autodiff::tests
