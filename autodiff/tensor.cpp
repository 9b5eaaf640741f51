#include <autodiff/tensor.hpp>

namespace autodiff {

template <class T>
Tensor<T>::Tensor(std::initializer_list<Element<T>> values)
    : array_(Array<T>::uninitialized(Shape{static_cast<Index>(values.size())}))
{
    T* out = array_.writable();
    for (const Element<T>& element : values) *out++ = element.value;
}

template <class T>
Tensor<T>::Tensor(typename NestedList<T, 2>::type rows)
{
    const Index columns = rows.size() == 0 ? 0 : static_cast<Index>(rows.begin()->size());
    array_ = Array<T>::uninitialized(Shape{static_cast<Index>(rows.size()), columns});
    T* out = array_.writable();
    for (const auto& row : rows) {
        if (static_cast<Index>(row.size()) != columns)
            fail<ShapeError>("tensor: a row of {} numbers among rows of {}", row.size(), columns);
        for (const Element<T>& element : row) *out++ = element.value;
    }
}

template <class T>
Tensor<T>::Tensor(typename NestedList<T, 3>::type matrices)
{
    Array<T> all;
    T* out = nullptr;
    Shape matrix_shape;
    for (const auto& rows : matrices) {
        const Tensor<T> matrix(rows);
        if (!out) {
            matrix_shape = matrix.shape();
            all = Array<T>::uninitialized(
                Shape{static_cast<Index>(matrices.size()), matrix_shape[0], matrix_shape[1]});
            out = all.writable();
        }
        if (matrix.shape() != matrix_shape)
            fail<ShapeError>("tensor: a matrix of shape {} among matrices of shape {}", matrix.shape(),
                             matrix_shape);
        copy_elements(matrix.array(), out);
        out += matrix.size();
    }
    array_ = out ? all : Array<T>::uninitialized(Shape{0, 0, 0});
}

template class Tensor<double>;
template class Tensor<float>;

}  // namespace autodiff
