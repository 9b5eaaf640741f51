#pragma once

// The parameters of a model, as the transforms take them.

#include <autodiff/idle.hpp>
#include <autodiff/tensor.hpp>
#include <autodiff/transforms/functions.hpp>

#include <string>
#include <vector>

namespace autodiff {

/// A parameter of a model: its name, such as "hidden.weight", and the tensor that an optimizer updates.
template <class T = double>
struct Parameter {
    std::string name;             ///< that of its part and its own, joined by a point
    Tensor<T>* tensor = nullptr;  ///< in the model, which owns it
};

/// The parameters of a model, in the order in which its gradients are returned.
template <class T = double>
struct Parameters : std::vector<Parameter<T>> {
    using std::vector<Parameter<T>>::vector;

    /// Tensors that belong to the model but are not learned from gradients, such as running means. They are
    /// no variables, and no optimizer sees them; who saves a model saves them, too.
    std::vector<Parameter<T>> state;
};

namespace detail {

/// Makes a model's parameters variables for a scope, and gives them back their values after it.
template <class T>
class BoundParameters {
public:
    explicit BoundParameters(const Parameters<T>& parameters, const char* transform = "gradient");
    BoundParameters(const BoundParameters&) = delete;
    BoundParameters& operator=(const BoundParameters&) = delete;
    ~BoundParameters();

    const std::vector<Tensor<T>>& values() const { return *values_; }
    void bind(const std::vector<Tensor<T>>& variables);

private:
    const Parameters<T>& parameters_;
    LentVector<Tensor<T>> values_;
};

extern template class BoundParameters<double>;
extern template class BoundParameters<float>;

}  // namespace detail

}  // namespace autodiff
