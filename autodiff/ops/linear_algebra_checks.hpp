#pragma once

// What the ops of linear algebra ask of their arguments' shapes, and what they tell of themselves.

#include <autodiff/ops/matmul.hpp>
#include <autodiff/ops/shape_ops.hpp>

namespace autodiff::detail {

/// @throws ShapeError unless the last two axes are a square matrix.
void require_square(const char* op, const Shape& shape);

/// @throws ShapeError unless A is square and B has as many rows.
void require_system(const char* op, const Shape& a, const Shape& b);

/// "the matrix", or "matrix (1, 0) of the batch": the one at a row-major position of the batch.
std::string matrix_name(const Shape& shape, Index position);

/// A system for explanations: "A B", or "Aᵀ B", with "…" for a constant, which is not on the tape.
template <class T>
std::string system_in_words(const Tensor<T>& a, const Tensor<T>& b, Transpose transpose)
{
    const char* const matrix = transpose == Transpose::yes ? "Aᵀ" : "A";
    return std::string(a.session() == 0 ? "…" : matrix) + (b.session() == 0 ? " …" : " B");
}

/// f of a matrix of columns; of a vector, as one column.
template <class T, class F>
Tensor<T> with_columns(const Tensor<T>& b, F f)
{
    if (b.rank() > 1) return f(b);
    return squeeze(f(unsqueeze(b, {1})), {-1});
}

}  // namespace autodiff::detail
