#pragma once

// One recording of a function of tensors: its variables, and the sweeps back from and forward to its result. What
// the transforms (gradient, vjp, jvp, jacobian, …) have in common, compiled once.

#include <autodiff/tensor.hpp>

namespace autodiff {

template <class T>
class Trace {
public:
    using Space = TensorSpace<T>;

    /// Starts a recording with a variable for each of x. A variable of an outer recording stays linked to it.
    explicit Trace(std::span<const Tensor<T>> x);

    const std::vector<Tensor<T>>& variables() const { return variables_; }
    /// Ops are recorded while this scope lives.
    RecorderScope<Space> running() const { return RecorderScope<Space>(recording_.running()); }

    /// To be told the function's result, which is returned as the outside may use it: as a constant, or as a variable
    /// of the outer recording. @throws RecordingError if it is a variable of another recording.
    Tensor<T> finish(const Tensor<T>& result);

    /// x̄ for each variable, from ȳ. @throws ShapeError if ȳ does not have the result's shape.
    std::vector<Tensor<T>> pull(const Tensor<T>& y_bar) const;
    /// ẏ from ẋ for each variable. @throws ShapeError if their shapes differ from the variables'.
    Tensor<T> push(std::span<const Tensor<T>> x_dot) const;

    /// @throws ShapeError unless the result is a single number of rank 0.
    void require_scalar_result(const char* transform) const;

    const Tape<Space>& tape() const { return recording_.tape(); }
    Tape<Space>& tape() { return recording_.tape(); }
    const Tensor<T>& result() const { return result_; }
    Node first() const { return recording_.first(); }
    Node leaves() const { return static_cast<Node>(variables_.size()); }

private:
    Recording<Space> recording_;
    std::vector<Tensor<T>> variables_;
    Tensor<T> result_;
};

extern template class Trace<double>;
extern template class Trace<float>;

}  // namespace autodiff
