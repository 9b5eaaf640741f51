#include <nn/data/npy.hpp>

#include <nn/data/atomic_file.hpp>
#include <nn/data/npy_format.hpp>

namespace nn::data {

namespace {

/// Elements that were read in column-major order are those of the reversed shape in row-major order.
template <class T>
Array<T> from_column_major(const Array<T>& elements, const Shape& shape)
{
    Dims strides = Dims::filled(shape.rank(), 1);
    for (std::size_t axis = 1; axis < shape.rank(); ++axis)
        strides[axis] = strides[axis - 1] * shape[axis - 1];
    return elements.view(shape, strides, 0).contiguous();
}

}  // namespace

template <Element T>
ArrayOf<T> read_npy(Source& source)
{
    const NpyHeader header = read_npy_header(source);
    auto elements = read_elements<T>(source, header.shape, header.type, header.order);
    source.expect_end();
    if (header.column_major && header.shape.rank() > 1) return from_column_major(elements, header.shape);
    return elements;
}

template <Element T>
ArrayOf<T> read_npy(const std::string& path, const ReadOptions& options)
{
    Source source("read_npy", path, options);
    return read_npy<T>(source);
}

void write_npy(const std::string& path, const AnyArray& array)
{
    AtomicFile file("write_npy", path);
    const std::string header = npy_header(array);
    file.write(std::as_bytes(std::span(header)));
    array.visit([&](const auto& a) {
        const auto elements = a.contiguous();
        file.write(std::as_bytes(std::span(elements.data(), static_cast<std::size_t>(elements.size()))));
    });
    file.commit();
}

template Tensor<double> read_npy<double>(Source&);
template Tensor<float> read_npy<float>(Source&);
template IndexArray read_npy<Index>(Source&);
template BoolArray read_npy<bool>(Source&);
template Tensor<double> read_npy<double>(const std::string&, const ReadOptions&);
template Tensor<float> read_npy<float>(const std::string&, const ReadOptions&);
template IndexArray read_npy<Index>(const std::string&, const ReadOptions&);
template BoolArray read_npy<bool>(const std::string&, const ReadOptions&);

}  // namespace nn::data
