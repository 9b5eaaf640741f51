#pragma once

// Convolutions of images: x (samples, channels, rows, columns) with weights (filters, channels / groups,
// rows, columns). Filter o belongs to group o · groups / filters, and sees the channels of its group only.
//
//     const Tensor<float> y = conv2d(x, w, b, {.stride = 2, .padding = {1, 0}});

#include <autodiff/ops/window.hpp>
#include <autodiff/tensor.hpp>

namespace autodiff {

/// How a convolution goes over its images.
struct ConvolutionOptions {
    RowsColumns stride = 1;    ///< how far the window moves
    RowsColumns padding = 0;   ///< zeros around x, on either side
    RowsColumns dilation = 1;  ///< distance of the inputs that neighbouring weights see
    Index groups = 1;          ///< parts of channels and filters that do not see one another; divides both
};

/// y[n, o, i, j] = Σ over c, u, v of w[o, c, u, v] x[n, c, i s + u d - p, j s + v d - p], with s the stride,
/// d the dilation, p the padding: (N, C, H, W) (O, C / groups, R, S) -> (N, O, H', W'),
///   H' = ⌊(H + 2 p - d (R - 1) - 1) / s⌋ + 1,   W' likewise.
/// x̄ is conv_transpose2d of ȳ and w;   w̄[o, c, u, v] = Σ over n, i, j of ȳ[n, o, i, j] and the x it met
/// It is a correlation, as everywhere in machine learning: w is not flipped (Dumoulin and Visin 2016, section
/// 1.1).
/// @throws ShapeError if the sizes do not fit, DomainError for an option out of range, LimitError if the
/// padded image is too large to count.
template <class T>
Tensor<T> conv2d(const Tensor<T>& x, const Tensor<T>& w, const ConvolutionOptions& options = {});

/// conv2d(x, w) + b[o], with b of shape (O);   b̄ = Σ ȳ over samples, rows and columns
/// @throws ShapeError, DomainError as above.
template <class T, std::same_as<Tensor<T>> Bias>
Tensor<T> conv2d(const Tensor<T>& x, const Tensor<T>& w, const Bias& b,
                 const ConvolutionOptions& options = {});

/// The transposed map of conv2d with the same w and options, from the shape of its y to that of its x:
///   (N, O, H', W') (O, C / groups, R, S) -> (N, C, H, W),
///   H = (H' - 1) s - 2 p + d (R - 1) + 1 + output_padding,   W likewise.
/// As several H have the same H', output_padding chooses; it is below the stride or the dilation.
///   ȳ is conv2d of x̄ and w;   w̄ as for conv2d, with x̄ in place of x
/// @throws ShapeError if the sizes do not fit, DomainError for an option out of range.
template <class T>
Tensor<T> conv_transpose2d(const Tensor<T>& y, const Tensor<T>& w, const ConvolutionOptions& options = {},
                           RowsColumns output_padding = 0);

}  // namespace autodiff
