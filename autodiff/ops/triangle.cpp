#include <autodiff/error.hpp>
#include <autodiff/ops/triangle.hpp>

#include <autodiff/ops/reduce.hpp>
#include <autodiff/program.hpp>

#include <algorithm>

namespace autodiff {

namespace {

void require_matrix(const char* op, const Shape& shape)
{
    if (shape.rank() < 2)
        fail<ShapeError>("{}: shape {} has no matrix, which needs two axes; reshape it first", op, shape);
}

template <class T>
Array<T> on_diagonal(const Array<T>& x, Index rows, Index columns)
{
    Shape shape = x.shape();
    const Index length = shape.back();
    shape[shape.rank() - 1] = rows;
    shape.push_back(columns);
    Array<T> y = Array<T>::filled(shape, 0);
    const Index matrices = length == 0 ? 0 : x.size() / length;
    for (Index matrix = 0; matrix < matrices; ++matrix)
        for (Index i = 0; i < length; ++i)
            y.writable()[(matrix * rows + i) * columns + i] = x.data()[matrix * length + i];
    return y;
}

/// A matrix of zeros with x on its diagonal.
template <class T>
Tensor<T> with_diagonal(const Tensor<T>& x, Index rows, Index columns)
{
    return record("diagonal_matrix",
                  replayable("diagonal_matrix", on_diagonal<T>, x.array().contiguous(), rows, columns),
                  argument(
                      x, [](const auto& y_bar) { return diagonal(y_bar); },
                      [=](const auto& x_dot) { return with_diagonal(x_dot, rows, columns); }));
}

enum class Part { lower, upper };

template <class T>
Array<T> part_of(const Array<T>& x, Part part, Index offset)
{
    const Index rows = x.shape()[x.rank() - 2];
    const Index columns = x.shape().back();
    Array<T> y = Array<T>::uninitialized(x.shape());
    copy_elements(x, y.writable());
    T* row = y.writable();
    for (Index r = 0; columns > 0 && r < y.size() / columns; ++r, row += columns) {
        const Index diagonal = r % rows + std::clamp(offset, -rows, columns);
        if (part == Part::lower)
            std::fill(row + std::clamp(diagonal + 1, Index{0}, columns), row + columns, T{0});
        else std::fill(row, row + std::clamp(diagonal, Index{0}, columns), T{0});
    }
    return y;
}

template <class T>
Tensor<T> triangle(const char* op, const Tensor<T>& x, Part part, Index offset)
{
    require_matrix(op, x.shape());
    const auto same = [=](const auto& bar) { return triangle(op, bar, part, offset); };
    return record(op, replayable(op, part_of<T>, x.array(), part, offset), argument(x, same, same));
}

}  // namespace

template <class T>
Tensor<T> diagonal(const Tensor<T>& x)
{
    require_matrix("diagonal", x.shape());
    const Index rows = x.size(-2);
    const Index columns = x.size(-1);
    Shape shape = x.shape();
    Strides strides = x.array().strides();
    const std::size_t last = shape.rank() - 1;
    shape[last - 1] = std::min(rows, columns);
    strides[last - 1] += strides[last];
    shape.erase(last);
    strides.erase(last);
    return record("diagonal", x.array().view(shape, strides, 0),
                  argument(
                      x, [=](const auto& y_bar) { return with_diagonal(y_bar, rows, columns); },
                      [](const auto& x_dot) { return diagonal(x_dot); }));
}

template <class T>
Tensor<T> diagonal_matrix(const Tensor<T>& x)
{
    if (x.rank() == 0)
        fail<ShapeError>("diagonal_matrix: a single number is no diagonal; reshape it to (1,)");
    return with_diagonal(x, x.size(-1), x.size(-1));
}

template <class T>
Tensor<T> trace(const Tensor<T>& x)
{
    require_matrix("trace", x.shape());
    return sum(diagonal(x), {-1});
}

template <class T>
Tensor<T> lower_triangle(const Tensor<T>& x, Index offset)
{
    return triangle("lower_triangle", x, Part::lower, offset);
}

template <class T>
Tensor<T> upper_triangle(const Tensor<T>& x, Index offset)
{
    return triangle("upper_triangle", x, Part::upper, offset);
}

template Tensor<double> diagonal(const Tensor<double>&);
template Tensor<float> diagonal(const Tensor<float>&);
template Tensor<double> diagonal_matrix(const Tensor<double>&);
template Tensor<float> diagonal_matrix(const Tensor<float>&);
template Tensor<double> trace(const Tensor<double>&);
template Tensor<float> trace(const Tensor<float>&);
template Tensor<double> lower_triangle(const Tensor<double>&, Index);
template Tensor<float> lower_triangle(const Tensor<float>&, Index);
template Tensor<double> upper_triangle(const Tensor<double>&, Index);
template Tensor<float> upper_triangle(const Tensor<float>&, Index);

}  // namespace autodiff
