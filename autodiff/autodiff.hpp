#pragma once

// Everything of autodiff in one include.

#include <autodiff/array.hpp>
#include <autodiff/elementwise_tensor.hpp>
#include <autodiff/error.hpp>
#include <autodiff/format.hpp>
#include <autodiff/numbers/dual.hpp>
#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/ops/concatenate.hpp>
#include <autodiff/ops/creation.hpp>
#include <autodiff/ops/einsum.hpp>
#include <autodiff/ops/elementwise.hpp>
#include <autodiff/ops/indexing.hpp>
#include <autodiff/ops/linear_algebra.hpp>
#include <autodiff/ops/matmul.hpp>
#include <autodiff/ops/permute.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/ops/scan.hpp>
#include <autodiff/ops/shape_ops.hpp>
#include <autodiff/ops/slice.hpp>
#include <autodiff/ops/softmax.hpp>
#include <autodiff/ops/sort.hpp>
#include <autodiff/ops/triangle.hpp>
#include <autodiff/random.hpp>
#include <autodiff/scalar.hpp>
#include <autodiff/shape.hpp>
#include <autodiff/tensor.hpp>
#include <autodiff/transforms/check_gradient.hpp>
#include <autodiff/transforms/checkpoint.hpp>
#include <autodiff/transforms/custom_op.hpp>
#include <autodiff/transforms/explain.hpp>
#include <autodiff/transforms/gradient.hpp>
#include <autodiff/transforms/hessian.hpp>
#include <autodiff/transforms/jacobian.hpp>
#include <autodiff/transforms/jvp.hpp>
#include <autodiff/transforms/vjp.hpp>
