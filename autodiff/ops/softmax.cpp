#include <autodiff/ops/softmax.hpp>

#include <autodiff/kernels/map.hpp>
#include <autodiff/kernels/reduce.hpp>
#include <autodiff/kernels/softmax.hpp>
#include <autodiff/numbers/math.hpp>
#include <autodiff/ops/elementwise.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/ops/shape_ops.hpp>
#include <autodiff/program.hpp>

namespace autodiff {

namespace {

/// Whether sorted axes follow each other: then kernels take them together.
bool are_adjacent(const Axes& axes)
{
    return axes.empty() || axes.back() - axes[0] == static_cast<Index>(axes.count()) - 1;
}

/// The kernel over adjacent axes.
template <class T>
Array<T> of_adjacent(kernels::Softmax which, const Array<T>& x, const Axes& axes)
{
    if (axes.empty())
        return replayable("softmax", kernels::softmax<T>, which, x.contiguous(), std::size_t{0},
                          std::size_t{0});
    return replayable("softmax", kernels::softmax<T>, which, x.contiguous(),
                      static_cast<std::size_t>(axes[0]), static_cast<std::size_t>(axes.back()) + 1);
}
template <class T>
Tensor<T> pull_of_adjacent(kernels::Softmax which, const Tensor<T>& y_bar, const Tensor<T>& y,
                           const Axes& axes)
{
    const std::size_t first = axes.empty() ? 0 : static_cast<std::size_t>(axes[0]);
    return replayable("softmax", kernels::pull_softmax<T>, which, y_bar.array().contiguous(), y.array(),
                      first, first + axes.count());
}

// x - m, 0 where they are equal (∞ - ∞, too)
constexpr auto shifted = [](const auto& x, const auto& m) {
    using B = std::remove_cvref_t<decltype(x)>;
    return math::select(x == m, B(0), x - m);
};

/// Over the axes, which are kept: the largest element m, e^(x - m), and its sum.
template <class T>
struct Shifted {
    Array<T> largest;
    Array<T> exponentials;
    Array<T> total;

    Shifted(const Array<T>& x, const Axes& axes)
        : largest(kernels::max(x, axes, true)),
          exponentials(kernels::map<T>(
              "softmax", [](const auto& a, const auto& m) { return math::exp(shifted(a, m)); }, x, largest)),
          total(kernels::sum(exponentials, axes, true))
    {
    }
};

/// For explanations: the default is the last axis, so all are not as obvious as for a reduction.
template <class T>
std::string axes_unless_only(const Axes& axes, const Tensor<T>& x)
{
    return x.rank() > 1 ? in_braces(axes) : "";
}

}  // namespace

template <class T>
Tensor<T> logsumexp(const Tensor<T>& x, const Axes& axes, KeepDims keep_dims)
{
    const Axes over = normalized_axes("logsumexp", axes, x.rank());
    const Shifted<T> s(x.array(), over);
    const Array<T> kept = kernels::map<T>(
        "logsumexp", [](const auto& m, const auto& total) { return m + math::log(total); }, s.largest,
        s.total);
    const Shape shape = reduced_shape(x.shape(), over, keep_dims == KeepDims::yes);
    return record({"logsumexp", [&] { return axes_in_words(over, x.rank(), keep_dims); }},
                  reshape(Tensor<T>(kept), shape).array(),
                  argument(
                      x,
                      [x, over, to = kept.shape()](const auto& y_bar) {
                          return chain_product(reshape(y_bar, to), softmax(x, over));
                      },
                      [x, over, keep_dims](const auto& x_dot) {
                          return sum(chain_product(x_dot, softmax(x, over)), over, keep_dims);
                      }));
}

template <class T>
Tensor<T> softmax(const Tensor<T>& x, const Axes& axes)
{
    const Axes over = normalized_axes("softmax", axes, x.rank());
    const auto value = [&] {
        if (are_adjacent(over)) return of_adjacent(kernels::Softmax::plain, x.array(), over);
        const Shifted<T> s(x.array(), over);
        return (Tensor<T>(s.exponentials) / Tensor<T>(s.total)).array();
    };
    const auto derivative = [over](const Tensor<T>& cotangent, const Tensor<T>& y) {
        if (are_adjacent(over) && !recorder<TensorSpace<T>>.recording())
            return pull_of_adjacent(kernels::Softmax::plain, cotangent, y, over);
        return chain_product(y, cotangent - sum(chain_product(cotangent, y), over, KeepDims::yes));
    };
    return record({"softmax", [&] { return axes_unless_only(over, x); }}, value(),
                  argument(x, derivative, derivative));
}

template <class T>
Tensor<T> log_softmax(const Tensor<T>& x, const Axes& axes)
{
    const Axes over = normalized_axes("log_softmax", axes, x.rank());
    const auto value = [&] {
        if (are_adjacent(over)) return of_adjacent(kernels::Softmax::logarithm, x.array(), over);
        const Shifted<T> s(x.array(), over);
        return kernels::map<T>(
            "log_softmax",
            [](const auto& a, const auto& m, const auto& total) { return shifted(a, m) - math::log(total); },
            x.array(), s.largest, s.total);
    };
    return record({"log_softmax", [&] { return axes_unless_only(over, x); }}, value(),
                  argument(
                      x,
                      [over](const Tensor<T>& y_bar, const Tensor<T>& y) {
                          if (are_adjacent(over) && !recorder<TensorSpace<T>>.recording())
                              return pull_of_adjacent(kernels::Softmax::logarithm, y_bar, y, over);
                          return y_bar - chain_product(exp(y), sum(y_bar, over, KeepDims::yes));
                      },
                      [over](const auto& x_dot, const auto& y) {
                          return x_dot - sum(chain_product(exp(y), x_dot), over, KeepDims::yes);
                      }));
}

template Tensor<double> logsumexp(const Tensor<double>&, const Axes&, KeepDims);
template Tensor<float> logsumexp(const Tensor<float>&, const Axes&, KeepDims);
template Tensor<double> softmax(const Tensor<double>&, const Axes&);
template Tensor<float> softmax(const Tensor<float>&, const Axes&);
template Tensor<double> log_softmax(const Tensor<double>&, const Axes&);
template Tensor<float> log_softmax(const Tensor<float>&, const Axes&);

}  // namespace autodiff
