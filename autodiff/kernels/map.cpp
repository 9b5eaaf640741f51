#include <autodiff/kernels/map.hpp>

#include <autodiff/program.hpp>
#include <autodiff/threads.hpp>

#include <algorithm>

namespace autodiff::kernels {

namespace {

constexpr std::size_t max_inputs = 6;
constexpr Index row_chunk = 32768;  // elements that one thread computes at a time: some 10 µs
constexpr Index gathered = 512;     // elements of a strided row copied at once

// Merges neighbouring axes that every input walks through in one stride, and drops axes of size one.
template <class T>
void merge_axes(Shape& shape, std::span<MapInput<T>> inputs)
{
    for (std::size_t axis = shape.rank(); axis-- > 0;) {
        if (shape[axis] == 1) {
            shape.erase(axis);
            for (auto& input : inputs) input.strides.erase(axis);
            continue;
        }
        if (axis + 1 >= shape.rank()) continue;
        const bool merges = std::all_of(inputs.begin(), inputs.end(), [&](const MapInput<T>& input) {
            return input.strides[axis] == input.strides[axis + 1] * shape[axis + 1];
        });
        if (!merges) continue;
        shape[axis + 1] *= shape[axis];
        shape.erase(axis);
        for (auto& input : inputs) input.strides.erase(axis);
    }
}

template <class T>
void strided_row(std::span<const MapInput<T>> inputs, const T* const* at, std::size_t axis, T* out, Index n,
                 RowFunction<T> row, const void* f)
{
    T copies[max_inputs][gathered];
    const T* rows[max_inputs];
    bool stretched[max_inputs];
    for (Index start = 0; start < n; start += gathered) {
        const Index count = std::min(gathered, n - start);
        for (std::size_t k = 0; k < inputs.size(); ++k) {
            const Index stride = inputs[k].strides[axis];
            const T* source = at[k] + start * stride;
            stretched[k] = stride == 0;
            rows[k] = source;
            if (stride == 0 || stride == 1) continue;
            for (Index i = 0; i < count; ++i) copies[k][i] = source[i * stride];
            rows[k] = copies[k];
        }
        row(f, rows, stretched, out + start, count);
    }
}

}  // namespace

template <class T>
void map_rows(const Shape& result_shape, std::span<const MapInput<T>> given, T* out, RowFunction<T> row,
              const void* f)
{
    if (result_shape.element_count() == 0) return;
    Shape shape = result_shape;
    std::array<MapInput<T>, max_inputs> storage;
    std::copy(given.begin(), given.end(), storage.begin());
    const std::span<MapInput<T>> inputs(storage.data(), given.size());
    merge_axes(shape, inputs);

    const T* at[max_inputs];
    for (std::size_t k = 0; k < inputs.size(); ++k) at[k] = inputs[k].data;
    if (shape.rank() == 0) {
        const bool stretched[max_inputs] = {true, true, true, true, true, true};
        return row(f, at, stretched, out, 1);
    }

    const std::size_t last = shape.rank() - 1;
    const Index n = shape[last];
    bool stretched[max_inputs];
    bool strided = false;
    for (std::size_t k = 0; k < inputs.size(); ++k) {
        stretched[k] = inputs[k].strides[last] == 0;
        strided |= inputs[k].strides[last] != 0 && inputs[k].strides[last] != 1;
    }

    Dims position = Dims::filled(last, 0);
    while (true) {
        if (strided) strided_row<T>(inputs, at, last, out, n, row, f);
        else row(f, at, stretched, out, n);
        out += n;
        std::size_t axis = last;
        while (axis-- > 0) {
            for (std::size_t k = 0; k < inputs.size(); ++k) at[k] += inputs[k].strides[axis];
            if (++position[axis] < shape[axis]) break;
            for (std::size_t k = 0; k < inputs.size(); ++k) at[k] -= inputs[k].strides[axis] * shape[axis];
            position[axis] = 0;
        }
        if (axis == static_cast<std::size_t>(-1)) return;
    }
}

template <class T>
const Shape* shape_of_one_row(std::span<const Array<T>* const> inputs, bool* stretched)
{
    const Array<T>* largest = inputs[0];
    for (const Array<T>* input : inputs.subspan(1))
        if (input->size() > largest->size() || input->rank() > largest->rank()) largest = input;
    for (std::size_t k = 0; k < inputs.size(); ++k) {
        const Array<T>& input = *inputs[k];
        stretched[k] = input.size() == 1;
        if (stretched[k] && input.rank() <= largest->rank()) continue;
        if (input.shape() != largest->shape()) return nullptr;
        if (input.is_contiguous()) continue;
        stretched[k] = std::all_of(input.strides().begin(), input.strides().end(),
                                   [](Index stride) { return stride == 0; });
        if (!stretched[k]) return nullptr;
    }
    return &largest->shape();
}

template <class T>
void map_one_row(std::span<const T* const> inputs, const bool* stretched, T* out, Index n, RowFunction<T> row,
                 const void* f)
{
    if (n == 0) return;
    const Index length = n < 2 * row_chunk ? n : row_chunk;
    for_each_chunk((n + length - 1) / length, [&](Index chunk) {
        const Index first = chunk * length;
        const T* from[max_inputs];
        for (std::size_t k = 0; k < inputs.size(); ++k) from[k] = inputs[k] + (stretched[k] ? 0 : first);
        row(f, from, stretched, out ? out + first : nullptr, std::min(length, n - first));
    });
}

namespace {

template <class T>
Array<T> computed_as_one_row(const Shape& shape, const bool* stretched, RowFunction<T> row, const void* f,
                             std::span<const Array<T>* const> arrays)
{
    Array<T> out = Array<T>::uninitialized(shape);
    const T* data[max_inputs];
    for (std::size_t k = 0; k < arrays.size(); ++k) data[k] = arrays[k]->data();
    map_one_row<T>({data, arrays.size()}, stretched, out.writable(), out.size(), row, f);
    return out;
}

template <class T>
Array<T> computed(const char* op, RowFunction<T> row, const void* f, std::span<const Array<T>* const> arrays)
{
    bool stretched[max_inputs];
    if (const Shape* shape = shape_of_one_row<T>(arrays, stretched))
        return computed_as_one_row(*shape, stretched, row, f, arrays);
    Shape shape = arrays[0]->shape();
    for (const Array<T>* array : arrays.subspan(1)) shape = broadcast_shapes(op, shape, array->shape());
    Array<T> out = Array<T>::uninitialized(shape);
    MapInput<T> inputs[max_inputs];
    for (std::size_t k = 0; k < arrays.size(); ++k)
        inputs[k] = {arrays[k]->data(), broadcast_strides(arrays[k]->shape(), arrays[k]->strides(), shape)};
    map_rows<T>(shape, {inputs, arrays.size()}, out.writable(), row, f);
    return out;
}

/// The step of a program that is being captured. Shapes and strides stay the same, so that it is known which
/// rows there are.
template <class T, std::size_t... K>
void add_step(Program& program, const char* op, const Rows<T>& rows, const Array<T>& y,
              std::span<const Array<T>* const> arrays, std::index_sequence<K...>)
{
    std::array<bool, max_inputs> stretched{};
    const bool is_one_row = shape_of_one_row<T>(arrays, stretched.data()) != nullptr;
    program.add(
        op,
        [op, row = rows.row, f = rows.copy(rows.f), is_one_row, stretched,
         shape = y.shape()](const auto&... x) {
            const Array<T>* const all[] = {&x...};
            if (is_one_row) return computed_as_one_row<T>(shape, stretched.data(), row, f.get(), all);
            return computed<T>(op, row, f.get(), all);
        },
        y, *arrays[K]...);
}

}  // namespace

template <class T>
Array<T> map_arrays(const char* op, const Rows<T>& rows, std::span<const Array<T>* const> arrays)
{
    Array<T> y = computed<T>(op, rows.row, rows.f, arrays);
    if (Program* const program = autodiff::detail::capturing) [[unlikely]] {
        const auto add = [&]<std::size_t Count>(std::integral_constant<std::size_t, Count>) {
            if (arrays.size() == Count)
                add_step(*program, op, rows, y, arrays, std::make_index_sequence<Count>{});
        };
        [&]<std::size_t... Less>(std::index_sequence<Less...>) {
            (add(std::integral_constant<std::size_t, Less + 1>{}), ...);
        }(std::make_index_sequence<max_inputs>{});
    }
    return y;
}

template Array<double> map_arrays(const char*, const Rows<double>&, std::span<const Array<double>* const>);
template Array<float> map_arrays(const char*, const Rows<float>&, std::span<const Array<float>* const>);
template void map_one_row(std::span<const double* const>, const bool*, double*, Index, RowFunction<double>,
                          const void*);
template void map_one_row(std::span<const float* const>, const bool*, float*, Index, RowFunction<float>,
                          const void*);
template const Shape* shape_of_one_row(std::span<const Array<double>* const>, bool*);
template const Shape* shape_of_one_row(std::span<const Array<float>* const>, bool*);
template void map_rows(const Shape&, std::span<const MapInput<double>>, double*, RowFunction<double>,
                       const void*);
template void map_rows(const Shape&, std::span<const MapInput<float>>, float*, RowFunction<float>,
                       const void*);

}  // namespace autodiff::kernels
