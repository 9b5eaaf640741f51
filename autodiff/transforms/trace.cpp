#include <autodiff/error.hpp>
#include <autodiff/transforms/trace.hpp>

#include <autodiff/ops/reduce.hpp>
#include <autodiff/sweep.hpp>

#include <algorithm>

namespace autodiff {

template <class T>
Trace<T>::Trace(std::span<const Tensor<T>> x)
{
    const auto identity = [](const auto& bar) { return bar; };
    for (const Tensor<T>& tensor : x) {
        if (any_recorded("variable", tensor)) {
            variables_->push_back(record("variable", tensor.array(), argument(tensor, identity, identity)));
            continue;
        }
        const Node leaf = tape().add_leaf();
        auto& note = tape().notes().notes[leaf];
        if (tape().notes().options) note.value = tensor.array();
        variables_->emplace_back(tensor.array(), recording_.session(), leaf);
    }
}

template <class T>
void Trace<T>::keep(const Tensor<T>& result)
{
    if (result.session() != 0 && result.session() != recording_.session())
        detail::throw_foreign_variable("result");
    results_->push_back(result);
}

template <class T>
Tensor<T> Trace<T>::seen_from_outside(const Tensor<T>& result) const
{
    return recording_.is_nested() ? result : Tensor<T>(result.array());
}

template <class T>
Tensor<T> Trace<T>::finish(const Tensor<T>& result)
{
    keep(result);
    return seen_from_outside(result);
}

template <class T>
std::vector<Tensor<T>> Trace<T>::finish(std::vector<Tensor<T>> results)
{
    for (const Tensor<T>& result : results) keep(result);
    for (Tensor<T>& result : results) result = seen_from_outside(result);
    return results;
}

template <class T>
Node Trace<T>::end() const
{
    Node end = first() + leaves();
    for (const Tensor<T>& result : *results_)
        if (is_on_tape(result)) end = std::max(end, result.node() + 1);
    return end;
}

template <class T>
std::vector<Tensor<T>> Trace<T>::pull(std::span<const Tensor<T>> y_bar) const
{
    std::vector<Tensor<T>> x_bar;
    pull(y_bar, x_bar);
    return x_bar;
}

template <class T>
void Trace<T>::pull(std::span<const Tensor<T>> y_bar, std::vector<Tensor<T>>& x_bar,
                    LeafAdjoints wanted) const
{
    pull(y_bar, x_bar, wanted, nullptr);
}

template <class T>
void Trace<T>::pull_once(const Tensor<T>& y_bar, std::vector<Tensor<T>>& x_bar)
{
    const std::span all(&y_bar, 1);
    if (recording_.is_nested()) return pull(all, x_bar);
    pull(all, x_bar, LeafAdjoints::values, [&](Node statement) { tape().release(statement); });
}

template <class T>
template <class After>
void Trace<T>::pull(std::span<const Tensor<T>> y_bar, std::vector<Tensor<T>>& x_bar, LeafAdjoints wanted,
                    After after) const
{
    RecorderScope<Space> sweeping(recording_.sweeping());
    Cotangents<Space> adjoints(first(), end());
    for (std::size_t i = 0; i < results_->size(); ++i) {
        if (y_bar[i].shape() != (*results_)[i].shape())
            fail<ShapeError>("pullback: the adjoint has shape {}, but the result {}; they must be equal",
                             y_bar[i].shape(), (*results_)[i].shape());
        if (is_on_tape((*results_)[i])) adjoints.add((*results_)[i].node(), y_bar[i]);
    }
    std::vector<bool> only;
    const bool some_are_unneeded = tape().has_nested_sweeps();
    if (some_are_unneeded) only = depends_on_leaves(tape(), first(), leaves(), adjoints.end());
    autodiff::pull(tape(), adjoints, leaves(), some_are_unneeded ? &only : nullptr, nullptr, wanted, after);

    x_bar.clear();
    x_bar.reserve(variables_->size());
    for (const Tensor<T>& variable : *variables_) {
        auto& adjoint = adjoints[variable.node()];
        x_bar.push_back(adjoint ? Space::take(adjoint) : Tensor<T>::zeros(variable.shape()));
    }
}

template <class T>
std::vector<Tensor<T>> Trace<T>::push_all(std::span<const Tensor<T>> x_dot) const
{
    RecorderScope<Space> sweeping(recording_.sweeping());
    Cotangents<Space> tangents(first(), end());
    for (std::size_t i = 0; i < variables_->size(); ++i) {
        if (x_dot[i].shape() != (*variables_)[i].shape())
            fail<ShapeError>(
                "jvp: the tangent of argument {} has shape {}, but the argument {}; they must be equal", i,
                x_dot[i].shape(), (*variables_)[i].shape());
        tangents.add((*variables_)[i].node(), x_dot[i]);
    }
    autodiff::push(tape(), tangents, leaves());

    std::vector<Tensor<T>> y_dot;
    for (const Tensor<T>& result : *results_) {
        const bool reached = is_on_tape(result) && tangents[result.node()];
        y_dot.push_back(reached ? *tangents[result.node()] : Tensor<T>::zeros(result.shape()));
    }
    return y_dot;
}

template <class T>
void Trace<T>::require_scalar_result(const char* transform) const
{
    if (result().rank() != 0)
        fail<ShapeError>(
            "{}: the function returns shape {}, but only a single number (rank 0) has a gradient; reduce "
            "it with sum or mean, or use jacobian or vjp",
            transform, result().shape());
}

template class Trace<double>;
template class Trace<float>;

}  // namespace autodiff
