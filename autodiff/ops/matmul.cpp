#include <autodiff/error.hpp>
#include <autodiff/ops/matmul.hpp>

#include <autodiff/kernels/gemm.hpp>
#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/ops/shape_ops.hpp>
#include <autodiff/sweep.hpp>

namespace autodiff {

namespace {

Transpose operator!(Transpose t) { return t == Transpose::yes ? Transpose::no : Transpose::yes; }

Index rows_of(const Shape& shape, Transpose t) { return shape[shape.rank() - (t == Transpose::yes ? 1 : 2)]; }

Index columns_of(const Shape& shape, Transpose t) { return rows_of(shape, !t); }

[[noreturn]] void fail_inner_sizes(const Shape& a, const Shape& b, Transpose of_a, Transpose of_b)
{
    fail<ShapeError>("matmul: inner sizes differ: {}{} x {}{}", a,
                     of_a == Transpose::yes ? " transposed" : "", b,
                     of_b == Transpose::yes ? " transposed" : "");
}

Shape with_last(Shape shape, std::size_t axes_replaced, std::initializer_list<Index> sizes)
{
    for (; axes_replaced > 0; --axes_replaced) shape.erase(shape.rank() - 1);
    for (Index size : sizes) shape.push_back(size);
    return shape;
}

/// For explanations: "A Bᵀ", with "…" for a constant, which is not on the tape.
template <class T>
std::string in_words(const Tensor<T>& a, const Tensor<T>& b, Transpose of_a, Transpose of_b)
{
    const auto factor = [](const Tensor<T>& x, const std::string& name, Transpose t) {
        if (x.session() == 0) return std::string("…");
        return name + (t == Transpose::yes ? "ᵀ" : "");
    };
    return factor(a, "A", of_a) + " " + factor(b, "B", of_b);
}

/// A batch of matrices times one matrix is one product of all rows: (…, m, k) (k, n) as (… m, k) (k, n).
template <class T>
Tensor<T> matmul_of_all_rows(const Tensor<T>& a, const Tensor<T>& b, Transpose of_b)
{
    const Shape shape = with_last(a.shape(), 1, {columns_of(b.shape(), of_b)});
    const Index rows = with_last(a.shape(), 1, {}).element_count();
    return reshape(matmul(reshape(a, Shape{rows, a.shape().back()}), b, Transpose::no, of_b), shape);
}

/// The shape of a product of matrices or batches of them.
Shape product_shape(const Shape& a, const Shape& b, Transpose of_a, Transpose of_b)
{
    const Shape batch = broadcast_shapes("matmul (batch axes)", with_last(a, 2, {}), with_last(b, 2, {}));
    return with_last(batch, 0, {rows_of(a, of_a), columns_of(b, of_b)});
}

template <class T>
Tensor<T> recorded_product(Array<T> product, const Tensor<T>& a, const Tensor<T>& b, Transpose of_a,
                           Transpose of_b);

/// A product that a pullback returns: added to the adjoint so far, if there is one that it will be added to;
/// without its value, which is most of the work, where only its place on the tape is wanted.
template <class T>
Tensor<T> adjoint_product(const Tensor<T>& a, const Tensor<T>& b, Transpose of_a, Transpose of_b)
{
    const Shape shape = product_shape(a.shape(), b.shape(), of_a, of_b);
    if (detail::value_is_wanted) {
        using Slot = typename TensorSpace<T>::Slot;
        Slot* const sum = static_cast<Slot*>(std::exchange(detail::sum_so_far, nullptr));
        if (!sum || shape.rank() != 2 || (*sum)->shape() != shape) return matmul(a, b, of_a, of_b);
        Array<T> so_far = (*sum)->array();
        sum->reset();
        return kernels::plus_matmul(std::move(so_far), a.array(), of_a == Transpose::yes, b.array(),
                                    of_b == Transpose::yes);
    }
    return recorded_product(Array<T>(T{0}).view(shape, Strides::filled(shape.rank(), 0), 0), a, b, of_a,
                            of_b);
}

template <class T>
Tensor<T> recorded_product(Array<T> product, const Tensor<T>& a, const Tensor<T>& b, Transpose of_a,
                           Transpose of_b)
{
    if (!any_recorded("matmul", a, b)) {
        detail::watch_value("matmul", product, a, b);
        return product;
    }
    // With A' = Aᵀ where flagged:  Ā' = C̄ B'ᵀ, so that Ā = B' C̄ᵀ where A is transposed; likewise B̄ = C̄ᵀ A'.
    return record(
        {"matmul", [&] { return in_words(a, b, of_a, of_b); }}, std::move(product),
        argument(
            a,
            [b, of_a, of_b, shape = a.shape()](const auto& c_bar) {
                return sum_to_shape(of_a == Transpose::yes ? adjoint_product(b, c_bar, of_b, Transpose::yes)
                                                           : adjoint_product(c_bar, b, Transpose::no, !of_b),
                                    shape);
            },
            [b, of_a, of_b](const auto& a_dot) { return matmul(a_dot, b, of_a, of_b); }),
        argument(
            b,
            [a, of_a, of_b, shape = b.shape()](const auto& c_bar) {
                return sum_to_shape(of_b == Transpose::yes ? adjoint_product(c_bar, a, Transpose::yes, of_a)
                                                           : adjoint_product(a, c_bar, !of_a, Transpose::no),
                                    shape);
            },
            [a, of_a, of_b](const auto& b_dot) { return matmul(a, b_dot, of_a, of_b); }));
}

}  // namespace

template <class T>
Tensor<T> matmul(const Tensor<T>& a, const Tensor<T>& b, Transpose of_a, Transpose of_b)
{
    if (a.rank() < 2 || b.rank() < 2)
        fail<ShapeError>(
            "matmul: only matrices can be transposed: {} x {}; reshape a vector to one row or column",
            a.shape(), b.shape());
    if (columns_of(a.shape(), of_a) != rows_of(b.shape(), of_b))
        fail_inner_sizes(a.shape(), b.shape(), of_a, of_b);
    if (a.rank() > 2 && b.rank() == 2 && of_a == Transpose::no) return matmul_of_all_rows(a, b, of_b);
    return recorded_product(
        kernels::matmul(a.array(), of_a == Transpose::yes, b.array(), of_b == Transpose::yes), a, b, of_a,
        of_b);
}

template <class T>
Tensor<T> matmul(const Tensor<T>& a, const Tensor<T>& b)
{
    const Shape& left = a.shape();
    const Shape& right = b.shape();
    if (left.empty() || right.empty())
        fail<ShapeError>("matmul: an operand has no axes: {} x {}; a number times a tensor is written with *",
                         left, right);
    if (left.back() != right[right.rank() < 2 ? 0 : right.rank() - 2])
        fail_inner_sizes(left, right, Transpose::no, Transpose::no);
    any_recorded("matmul", a, b);  // a foreign variable is refused in the name of matmul, not of reshape
    if (left.rank() == 1 && right.rank() == 1) return dot(a, b);
    if (left.rank() == 1) {
        const Tensor<T> row = matmul(reshape(a, Shape{1, left[0]}), b, Transpose::no, Transpose::no);
        return reshape(row, with_last(right, 2, {right.back()}));
    }
    if (right.rank() == 1) {
        const Tensor<T> column = matmul(a, reshape(b, Shape{right[0], 1}), Transpose::no, Transpose::no);
        return reshape(column, with_last(left, 1, {}));
    }
    return matmul(a, b, Transpose::no, Transpose::no);
}

template <class T>
Tensor<T> linear(const Tensor<T>& x, const Tensor<T>& w, const Tensor<T>& b)
{
    if (w.rank() != 2 || x.rank() == 0 || x.shape().back() != w.shape()[1] ||
        b.shape() != Shape{w.shape()[0]})
        fail<ShapeError>(
            "linear: x has shape {}, w {}, b {}; they must be (…, inputs), (outputs, inputs), (outputs)",
            x.shape(), w.shape(), b.shape());
    if (x.rank() != 2) {
        any_recorded("linear", x, w, b);
        const Index rows = with_last(x.shape(), 1, {}).element_count();
        return reshape(linear(reshape(x, Shape{rows, x.shape().back()}), w, b),
                       with_last(x.shape(), 1, {w.shape()[0]}));
    }
    const auto words = [&] {
        return in_words(x, w, Transpose::no, Transpose::yes) + (b.session() == 0 ? " + …" : " + b");
    };
    return record(
        {"linear", words}, kernels::linear(x.array(), w.array(), b.array()),
        argument(
            x, [w](const auto& y_bar) { return matmul(y_bar, w, Transpose::no, Transpose::no); },
            [w](const auto& x_dot) { return matmul(x_dot, w, Transpose::no, Transpose::yes); }),
        argument(
            w, [x](const auto& y_bar) { return adjoint_product(y_bar, x, Transpose::yes, Transpose::no); },
            [x](const auto& w_dot) { return matmul(x, w_dot, Transpose::no, Transpose::yes); }),
        argument(
            b, [](const auto& y_bar) { return sum(y_bar, {0}); },
            [shape = Shape{x.size(0), w.size(0)}](const auto& b_dot) { return broadcast_to(b_dot, shape); }));
}

template <class T>
Tensor<T> dot(const Tensor<T>& a, const Tensor<T>& b)
{
    if (a.rank() != 1 || a.shape() != b.shape())
        fail<ShapeError>("dot: needs two vectors of one length: {} x {}; other products are matmul",
                         a.shape(), b.shape());
    return record("dot", kernels::dot(a.array(), b.array()),
                  argument(
                      a, [b](const auto& c_bar) { return c_bar * b; },
                      [b](const auto& a_dot) { return dot(a_dot, b); }),
                  argument(
                      b, [a](const auto& c_bar) { return c_bar * a; },
                      [a](const auto& b_dot) { return dot(a, b_dot); }));
}

template <class T>
Tensor<T> outer(const Tensor<T>& a, const Tensor<T>& b)
{
    if (a.rank() != 1 || b.rank() != 1)
        fail<ShapeError>("outer: needs two vectors: {} x {}; reshape them to rank one", a.shape(), b.shape());
    return matmul(reshape(a, Shape{a.size(), 1}), reshape(b, Shape{1, b.size()}));
}

template Tensor<double> matmul(const Tensor<double>&, const Tensor<double>&);
template Tensor<float> matmul(const Tensor<float>&, const Tensor<float>&);
template Tensor<double> matmul(const Tensor<double>&, const Tensor<double>&, Transpose, Transpose);
template Tensor<float> matmul(const Tensor<float>&, const Tensor<float>&, Transpose, Transpose);
template Tensor<double> linear(const Tensor<double>&, const Tensor<double>&, const Tensor<double>&);
template Tensor<float> linear(const Tensor<float>&, const Tensor<float>&, const Tensor<float>&);
template Tensor<double> dot(const Tensor<double>&, const Tensor<double>&);
template Tensor<float> dot(const Tensor<float>&, const Tensor<float>&);
template Tensor<double> outer(const Tensor<double>&, const Tensor<double>&);
template Tensor<float> outer(const Tensor<float>&, const Tensor<float>&);

}  // namespace autodiff
