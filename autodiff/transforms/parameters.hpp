#pragma once

// The parameters of a model, as the transforms take them.

#include <autodiff/tensor.hpp>
#include <autodiff/transforms/functions.hpp>

#include <string>
#include <vector>

namespace autodiff {

/// A parameter of a model: its name, such as "hidden.weight", and the tensor that an optimizer updates.
template <class T = double>
struct Parameter {
    std::string name;
    Tensor<T>* tensor = nullptr;
};

/// The parameters of a model, in the order in which its gradients are returned.
template <class T = double>
using Parameters = std::vector<Parameter<T>>;

namespace detail {

/// Makes a model's parameters variables for a scope, and gives them back their values after it.
template <class T>
class BoundParameters {
public:
    explicit BoundParameters(const Parameters<T>& parameters, const char* transform = "gradient");
    BoundParameters(const BoundParameters&) = delete;
    BoundParameters& operator=(const BoundParameters&) = delete;
    ~BoundParameters();

    const std::vector<Tensor<T>>& values() const { return values_; }
    void bind(const std::vector<Tensor<T>>& variables);

private:
    const Parameters<T>& parameters_;
    std::vector<Tensor<T>> values_;
};

extern template class BoundParameters<double>;
extern template class BoundParameters<float>;

}  // namespace detail

}  // namespace autodiff
