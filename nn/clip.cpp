#include <nn/clip.hpp>

#include <autodiff/error.hpp>
#include <autodiff/ops/elementwise.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/update.hpp>

namespace nn {

using autodiff::DomainError;
using autodiff::fail;

namespace {

template <class T>
void require_no_variables(const char* name, const std::vector<Tensor<T>>& gradients)
{
    for (const Tensor<T>& gradient : gradients)
        if (gradient.session() != 0)
            fail<autodiff::RecordingError>(
                "{}: a gradient is being recorded; clip after value_and_gradient has returned", name);
}

/// The length of all gradients as one vector: of their lengths, in double.
template <class T>
double global_norm(const std::vector<Tensor<T>>& gradients)
{
    using autodiff::Array;
    Array<double> norms = Array<double>::uninitialized({static_cast<autodiff::Index>(gradients.size())});
    for (std::size_t i = 0; i < gradients.size(); ++i)
        norms.writable()[i] = static_cast<double>(norm(gradients[i]).item());
    return norm(Tensor<double>(norms)).item();
}

}  // namespace

template <class T>
void clip_by_value(std::vector<Tensor<T>>& gradients, double limit)
{
    if (!(limit >= 0)) fail<DomainError>("clip_by_value: limit is {}; it must not be negative", limit);
    require_no_variables("clip_by_value", gradients);
    const T high = static_cast<T>(limit);
    for (Tensor<T>& gradient : gradients)
        autodiff::update_in_place(
            "clip_by_value",
            [high](auto& g) {
                using G = std::remove_cvref_t<decltype(g)>;
                g = where(g > G(high), G(high), g);
                g = where(g < G(-high), G(-high), g);
            },
            gradient);
}

template <class T>
double clip_by_global_norm(std::vector<Tensor<T>>& gradients, double max_norm)
{
    if (!(max_norm >= 0))
        fail<DomainError>("clip_by_global_norm: max_norm is {}; it must not be negative", max_norm);
    require_no_variables("clip_by_global_norm", gradients);
    const double length = global_norm(gradients);
    const double factor = max_norm / (length + 1e-6);
    if (factor >= 1) return length;
    for (Tensor<T>& gradient : gradients)
        autodiff::update_in_place(
            "clip_by_global_norm", [by = static_cast<T>(factor)](auto& g) { g = by * g; }, gradient);
    return length;
}

template void clip_by_value(std::vector<Tensor<double>>&, double);
template void clip_by_value(std::vector<Tensor<float>>&, double);
template double clip_by_global_norm(std::vector<Tensor<double>>&, double);
template double clip_by_global_norm(std::vector<Tensor<float>>&, double);

}  // namespace nn
