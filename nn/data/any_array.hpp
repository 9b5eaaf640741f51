#pragma once

#include <nn/data/elements.hpp>

#include <variant>

namespace nn::data {

/// An array of whatever type, to be written to a file: from a Tensor<double> or Tensor<float>, of which the
/// values are taken, an IndexArray or a BoolArray.
class AnyArray {
public:
    template <class T>
    AnyArray(const Tensor<T>& tensor) : array_(tensor.array())
    {
    }
    template <Element T>
    AnyArray(Array<T> array) : array_(std::move(array))
    {
    }

    /// f(array) with the array's own type.
    template <class F>
    auto visit(F&& f) const
    {
        return std::visit(f, array_);
    }

private:
    std::variant<Array<double>, Array<float>, IndexArray, BoolArray> array_;
};

}  // namespace nn::data
