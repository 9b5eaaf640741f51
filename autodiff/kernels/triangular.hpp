#pragma once

// Systems of linear equations with a triangular matrix, in a fixed order of operations: the same bits for any
// number of threads.

#include <autodiff/kernels/matrix.hpp>

namespace autodiff::kernels {

/// The part of a matrix that is read, and whether its diagonal is taken to be ones.
struct TriangularPart {
    bool lower;          ///< else the upper triangle
    bool unit_diagonal;  ///< else the diagonal is read

    /// What is read of the transpose.
    TriangularPart transposed() const { return {!lower, unit_diagonal}; }
};

/// B becomes A⁻¹ B; A is not checked to be regular.
template <class T>
void solve_triangular(const Matrix<T>& a, TriangularPart part, const MutableMatrix<T>& b);

}  // namespace autodiff::kernels
