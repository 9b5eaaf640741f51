#pragma once

// One recording of a function of tensors: its variables, and the sweeps back from and forward to its result.
// What the transforms (gradient, vjp, jvp, jacobian, …) have in common, compiled once.

#include <autodiff/idle.hpp>
#include <autodiff/sweep.hpp>
#include <autodiff/tensor.hpp>

namespace autodiff {

/// A recording of a function of tensors, with its leaves and its result: what the transforms sweep.
template <class T>
class Trace {
public:
    /// What its tape is of.
    using Space = TensorSpace<T>;

    /// Starts a recording with a variable for each of x. A variable of an outer recording stays linked to it.
    explicit Trace(std::span<const Tensor<T>> x);

    /// One for each of x, to call the function with.
    const std::vector<Tensor<T>>& variables() const { return *variables_; }
    /// Ops are recorded while this scope lives.
    RecorderScope<Space> running() const { return RecorderScope<Space>(recording_.running()); }

    /// To be told the function's results, which are returned as the outside may use them: as constants, or as
    /// variables of the outer recording. @throws RecordingError if one is a variable of another recording.
    std::vector<Tensor<T>> finish(std::vector<Tensor<T>> results);
    Tensor<T> finish(const Tensor<T>& result);

    /// x̄ for each variable, from ȳ for each result. @throws ShapeError if their shapes differ from the
    /// results'.
    std::vector<Tensor<T>> pull(std::span<const Tensor<T>> y_bar) const;
    std::vector<Tensor<T>> pull(const Tensor<T>& y_bar) const { return pull(std::span(&y_bar, 1)); }
    /// The same, into a vector whose memory is used again.
    void pull(std::span<const Tensor<T>> y_bar, std::vector<Tensor<T>>& x_bar,
              LeafAdjoints wanted = LeafAdjoints::values) const;
    /// For the one result and the only sweep: what the tape has saved is let go as the sweep passes it,
    /// unless an outer recording still needs it.
    void pull_once(const Tensor<T>& y_bar, std::vector<Tensor<T>>& x_bar);
    /// ẏ for each result, from ẋ for each variable. @throws ShapeError if their shapes differ from the
    /// variables'.
    std::vector<Tensor<T>> push_all(std::span<const Tensor<T>> x_dot) const;
    /// ẏ of the only result.
    Tensor<T> push(std::span<const Tensor<T>> x_dot) const { return push_all(x_dot).front(); }

    /// @throws ShapeError unless the result is a single number of rank 0.
    void require_scalar_result(const char* transform) const;

    /// The one it is recorded on, with all that an outer recording has put there.
    const Tape<Space>& tape() const { return recording_.tape(); }
    Tape<Space>& tape() { return recording_.tape(); }
    /// As the function returned them: recorded where they depend on variables.
    const std::vector<Tensor<T>>& results() const { return *results_; }
    /// The first of them.
    const Tensor<T>& result() const { return results_->front(); }
    /// What its variables carry.
    Session session() const { return recording_.session(); }
    /// The statement of the first variable.
    Node first() const { return recording_.first(); }
    /// How many variables there are: statements first() to first() + leaves() - 1.
    Node leaves() const { return static_cast<Node>(variables_->size()); }

private:
    template <class After>
    void pull(std::span<const Tensor<T>> y_bar, std::vector<Tensor<T>>& x_bar, LeafAdjoints wanted,
              After after) const;
    void keep(const Tensor<T>& result);
    Tensor<T> seen_from_outside(const Tensor<T>& result) const;
    bool is_on_tape(const Tensor<T>& result) const
    {
        return result.session() != 0 && result.node() >= first();
    }
    /// One past the last statement that a sweep has to visit.
    Node end() const;

    Recording<Space> recording_;
    detail::LentVector<Tensor<T>> variables_;
    detail::LentVector<Tensor<T>> results_;
};

extern template class Trace<double>;
extern template class Trace<float>;

}  // namespace autodiff
