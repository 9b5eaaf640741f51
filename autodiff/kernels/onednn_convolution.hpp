#pragma once

// oneDNN's convolutions of floats, where the library was built with it: they compute on blocks of 16
// channels, into which they copy x, w and y, and back.

#include <autodiff/kernels/convolution.hpp>

namespace autodiff::kernels {

/// Whether oneDNN computes this quicker than our own products of matrices do: where blocks of channels are
/// full, or each channel is convolved alone. False where the library was built without it, and where bits
/// are to be portable.
bool onednn_is_quicker(const Convolution& sizes);

/// y = w * x + bias, with no bias where that is null; the transposed map to x; the transposed map to w. All
/// in the calling thread, of arrays as in convolution.hpp.
void onednn_convolve(const Convolution& sizes, const float* x, const float* w, const float* bias, float* y);
/// The transposed map to x.
void onednn_convolve_back(const Convolution& sizes, const float* y, const float* w, float* x);
/// The transposed map to w.
void onednn_correlate(const Convolution& sizes, const float* x, const float* y, float* w);

}  // namespace autodiff::kernels
