#include <autodiff/ops/scan.hpp>

#include <autodiff/kernels/reduce.hpp>
#include <autodiff/ops/permute.hpp>
#include <autodiff/program.hpp>

namespace autodiff {

template <class T>
Tensor<T> cumsum(const Tensor<T>& x, Index axis)
{
    const std::size_t along = normalized_axis("cumsum", axis, x.rank());
    const Axes axes{static_cast<Index>(along)};
    return record({"cumsum", [&] { return std::to_string(along); }},
                  replayable("cumsum", kernels::cumsum<T>, x.array(), along),
                  argument(
                      x, [axes](const auto& y_bar) { return flip(cumsum(flip(y_bar, axes), axes[0]), axes); },
                      [axes](const auto& x_dot) { return cumsum(x_dot, axes[0]); }));
}

template Tensor<double> cumsum(const Tensor<double>&, Index);
template Tensor<float> cumsum(const Tensor<float>&, Index);

}  // namespace autodiff
