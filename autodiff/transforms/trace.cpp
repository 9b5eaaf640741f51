#include <autodiff/transforms/trace.hpp>

#include <autodiff/ops/reduce.hpp>

namespace autodiff {

template <class T>
Trace<T>::Trace(std::span<const Tensor<T>> x)
{
    const auto identity = [](const auto& bar) { return bar; };
    for (const Tensor<T>& tensor : x) {
        if (any_recorded("variable", tensor)) {
            variables_.push_back(record("variable", tensor.array(), argument(tensor, identity, identity)));
            continue;
        }
        const Node leaf = tape().add_leaf();
        auto& note = tape().notes().notes[leaf];
        if (tape().notes().keep_values) note.value = tensor.array();
        variables_.emplace_back(tensor.array(), recording_.session(), leaf);
    }
}

template <class T>
Tensor<T> Trace<T>::finish(const Tensor<T>& result)
{
    if (result.session() != 0 && result.session() != recording_.session()) detail::throw_foreign_variable("result");
    result_ = result;
    return recording_.is_nested() ? result : Tensor<T>(result.array());
}

template <class T>
std::vector<Tensor<T>> Trace<T>::pull(const Tensor<T>& y_bar) const
{
    if (y_bar.shape() != result_.shape())
        fail<ShapeError>("pullback: the adjoint has shape {}, but the result {}; they must be equal", y_bar.shape(),
                         result_.shape());
    RecorderScope<Space> sweeping(recording_.sweeping());
    std::vector<Tensor<T>> x_bar;
    const bool depends = result_.session() != 0 && result_.node() >= first();
    const Node end = depends ? result_.node() + 1 : first();
    Cotangents<Space> adjoints(first(), std::max(end, first() + leaves()));
    if (depends) {
        adjoints.add(result_.node(), y_bar);
        std::vector<bool> only;
        const bool some_are_unneeded = tape().has_nested_sweeps();
        if (some_are_unneeded) only = depends_on_leaves(tape(), first(), leaves(), adjoints.end());
        autodiff::pull(tape(), adjoints, leaves(), some_are_unneeded ? &only : nullptr);
    }
    for (const Tensor<T>& variable : variables_) {
        auto& adjoint = adjoints[variable.node()];
        x_bar.push_back(adjoint ? Space::take(adjoint) : Tensor<T>::zeros(variable.shape()));
    }
    return x_bar;
}

template <class T>
Tensor<T> Trace<T>::push(std::span<const Tensor<T>> x_dot) const
{
    RecorderScope<Space> sweeping(recording_.sweeping());
    if (result_.session() == 0 || result_.node() < first()) return Tensor<T>::zeros(result_.shape());
    Cotangents<Space> tangents(first(), std::max(result_.node() + 1, first() + leaves()));
    for (std::size_t i = 0; i < variables_.size(); ++i) {
        if (x_dot[i].shape() != variables_[i].shape())
            fail<ShapeError>("jvp: the tangent of argument {} has shape {}, but the argument {}; they must be equal", i,
                             x_dot[i].shape(), variables_[i].shape());
        tangents.add(variables_[i].node(), x_dot[i]);
    }
    autodiff::push(tape(), tangents, leaves());
    auto& tangent = tangents[result_.node()];
    return tangent ? Space::take(tangent) : Tensor<T>::zeros(result_.shape());
}

template <class T>
void Trace<T>::require_scalar_result(const char* transform) const
{
    if (result_.rank() != 0)
        fail<ShapeError>("{}: the function returns shape {}, but only a single number (rank 0) has a gradient; reduce "
                         "it with sum or mean, or use jacobian or vjp",
                         transform, result_.shape());
}

template class Trace<double>;
template class Trace<float>;

}  // namespace autodiff
