#pragma once

// What large products of matrices of floats (matmul, linear, einsum) are computed in, forwards and backwards.
// Opt-in: bfloat16 has 8 bits of precision instead of 24, and the range of float.
//
//     set_matmul_precision(MatmulPrecision::bf16);
//
// The factors are rounded to bfloat16 for the product; sums, results, parameters and gradients stay floats,
// so that small steps of an optimizer are not lost. Convolutions, and doubles, are computed as ever.

namespace autodiff {

/// How precise the factors of a product are.
enum class MatmulPrecision {
    f32,  ///< as floats are: 24 bits
    bf16  ///< rounded to 8 bits
};

/// Whether this machine multiplies bfloat16 numbers (AMX or AVX-512-BF16) and the library was built with
/// oneDNN.
bool has_bf16();

/// The one in force.
MatmulPrecision matmul_precision();
/// For all threads. @throws Error for bf16 where has_bf16() is false, saying what is missing.
void set_matmul_precision(MatmulPrecision precision);

}  // namespace autodiff
