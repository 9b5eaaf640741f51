#include <autodiff/array.hpp>
#include <autodiff/error.hpp>
#include <autodiff/program.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <new>

namespace autodiff {

namespace {

constexpr std::size_t round_up(std::size_t bytes) { return (bytes + 63) / 64 * 64; }

bool strides_are_contiguous(const Shape& shape, const Strides& strides)
{
    Index expected = 1;
    for (std::size_t axis = shape.rank(); axis-- > 0;) {
        if (shape[axis] != 1 && strides[axis] != expected) return false;
        expected *= shape[axis];
    }
    return true;
}

/// The number of elements of a row-major array, and its strides, in one pass where it is not empty.
struct RowMajor {
    Index size = 1;
    Strides strides;

    explicit RowMajor(const Shape& shape) : strides(shape)
    {
        for (std::size_t axis = shape.rank(); axis-- > 0;) {
            strides[axis] = size;
            if (shape[axis] <= 0 || __builtin_mul_overflow(size, shape[axis], &size)) [[unlikely]] {
                size = shape.element_count();
                strides = shape.contiguous_strides();
                return;
            }
        }
    }
};

/// A copy of elements from some strides to others.
template <class T>
class StridedCopy {
public:
    StridedCopy(const Shape& shape, const Strides& from, const Strides& to)
    {
        for (std::size_t axis = 0; axis < shape.rank(); ++axis)
            if (shape[axis] != 1) axes_[count_++] = {shape[axis], from[axis], to[axis]};
        // Inner loops go through memory in small steps: the last one where it is written, the one around it
        // where it is read.
        move_last(0, [](const Axis& axis) { return axis.to; });
        if (count_ > 1 && axes_[count_ - 1].from != 1)
            move_last(1, [](const Axis& axis) { return axis.from; });
    }
    void operator()(const T* from, T* to) const { copy(from, to, 0); }

private:
    struct Axis {
        Index size, from, to;
    };
    static constexpr Index tile = 16;  // rows and columns whose cache lines stay for each other

    void move_last(std::size_t places_before_end, auto step)
    {
        if (count_ == 0) return;
        const auto end = axes_.begin() + static_cast<std::ptrdiff_t>(count_ - places_before_end);
        const auto smallest = std::min_element(axes_.begin(), end, [&](const Axis& a, const Axis& b) {
            return std::abs(step(a)) < std::abs(step(b));
        });
        std::rotate(smallest, smallest + 1, end);
    }
    void copy(const T* from, T* to, std::size_t axis) const
    {
        if (axis == count_) {
            *to = *from;
            return;
        }
        if (axis + 1 == count_) return copy_row(from, to, axes_[axis].size);
        if (axis + 2 == count_ && axes_[axis + 1].from != 1) return copy_tiles(from, to, axes_[axis]);
        const auto [size, from_step, to_step] = axes_[axis];
        for (Index i = 0; i < size; ++i) copy(from + i * from_step, to + i * to_step, axis + 1);
    }
    void copy_row(const T* from, T* to, Index count) const
    {
        const auto [size, from_step, to_step] = axes_[count_ - 1];
        if (from_step == 1 && to_step == 1) std::copy_n(from, count, to);
        else
            for (Index i = 0; i < count; ++i) to[i * to_step] = from[i * from_step];
    }
    void copy_tiles(const T* from, T* to, const Axis& rows) const
    {
        const Axis& columns = axes_[count_ - 1];
        for (Index i = 0; i < rows.size; i += tile)
            for (Index j = 0; j < columns.size; j += tile)
                for (Index k = i; k < std::min(i + tile, rows.size); ++k)
                    copy_row(from + k * rows.from + j * columns.from, to + k * rows.to + j * columns.to,
                             std::min(tile, columns.size - j));
    }

    std::array<Axis, max_rank> axes_;
    std::size_t count_ = 0;
};

}  // namespace

template <class T>
void copy_elements(const Array<T>& source, T* target, const Strides& strides)
{
    if (source.size() > 0) StridedCopy<T>(source.shape(), source.strides(), strides)(source.data(), target);
}

template <class T>
void copy_elements(const Array<T>& source, T* target)
{
    if (source.size() == 0) return;
    if (source.is_contiguous())
        std::memcpy(target, source.data(), static_cast<std::size_t>(source.size()) * sizeof(T));
    else copy_elements(source, target, source.shape().contiguous_strides());
}

template <class T>
Array<T> Array<T>::uninitialized(const Shape& shape)
{
    if (detail::offered<T> && detail::offered<T>->shape() == shape) [[unlikely]]
        return std::move(*std::exchange(detail::offered<T>, nullptr));
    const auto [size, strides] = RowMajor(shape);
    Index bytes = 0;
    if (__builtin_mul_overflow(size, sizeof(T), &bytes)) [[unlikely]]
        checked_product("array", size, static_cast<Index>(sizeof(T)));
    const std::size_t header = round_up(sizeof(Block));
    const std::size_t total = header + static_cast<std::size_t>(bytes);
    void* memory = pool_allocate(total);
    T* const elements = reinterpret_cast<T*>(static_cast<std::byte*>(memory) + header);
    if (detail::capturing) [[unlikely]]
        detail::forget_in_capture(elements);
    return Array(::new (memory) Block{.data = elements,
                                      .owner = nullptr,
                                      .bytes = total,
                                      .size = size,
                                      .shape = shape,
                                      .strides = strides});
}

template <class T>
Array<T> Array<T>::borrowed(const T* data, const Shape& shape, const Strides& strides)
{
    const Index size = shape.element_count();
    void* memory = pool_allocate(sizeof(Block));
    return Array(::new (memory) Block{.contiguous = strides_are_contiguous(shape, strides),
                                      .borrowed = true,
                                      .data = const_cast<T*>(data),
                                      .owner = nullptr,
                                      .bytes = sizeof(Block),
                                      .size = size,
                                      .shape = shape,
                                      .strides = strides});
}

template <class T>
const Array<T>& Array<T>::empty()
{
    static const Array shared = uninitialized(Shape{0});
    return shared;
}

template <class T>
Array<T> Array<T>::copied(const Shape& shape, const T* values, std::size_t count)
{
    if (shape.element_count() != static_cast<Index>(count))
        fail<ShapeError>("array: shape {} has {} elements, but {} values were given", shape,
                         shape.element_count(), count);
    Array result = uninitialized(shape);
    std::copy_n(values, count, result.writable());
    return result;
}

template <class T>
Array<T> Array<T>::view(const Shape& shape, const Strides& strides, Index offset) const
{
    const Index size = shape.element_count();
    Block* const owner = block_->owner ? block_->owner : block_;
    void* memory = pool_allocate(sizeof(Block));
    owner->retain();
    return Array(::new (memory) Block{.contiguous = strides_are_contiguous(shape, strides),
                                      .data = block_->data + offset,
                                      .owner = owner,
                                      .bytes = sizeof(Block),
                                      .size = size,
                                      .shape = shape,
                                      .strides = strides});
}

template <class T>
Array<T> Array<T>::contiguous() const
{
    if (is_contiguous()) return *this;
    return replayable(
        "contiguous",
        [](const Array& x) {
            Array result = uninitialized(x.shape());
            copy_elements(x, result.writable());
            return result;
        },
        *this);
}

template <class T>
std::vector<T> Array<T>::to_vector() const
{
    detail::note_reading();
    const Array elements = contiguous();
    return std::vector<T>(elements.data(), elements.data() + elements.size());
}

template <class T>
T Array<T>::item() const
{
    detail::note_reading();
    if (size() != 1) fail<ShapeError>("item: shape {} has {} elements, not one", shape(), size());
    return *data();
}

template <class T>
Index Array<T>::offset_of(const Dims& index) const
{
    if (index.count() != rank())
        fail<IndexError>("index: {} has {} positions, but the array of shape {} has rank {}", index,
                         index.count(), shape(), rank());
    Index offset = 0;
    for (std::size_t axis = 0; axis < rank(); ++axis) {
        const Index size = shape()[axis];
        const Index position = index[axis] < 0 ? index[axis] + size : index[axis];
        if (position < 0 || position >= size)
            fail<IndexError>("index: position {} at axis {} is outside shape {}", index[axis], axis, shape());
        offset += position * strides()[axis];
    }
    return offset;
}

template class Array<double>;
template class Array<float>;
template class Array<std::int64_t>;
template class Array<bool>;
template void copy_elements(const Array<double>&, double*);
template void copy_elements(const Array<double>&, double*, const Strides&);
template void copy_elements(const Array<float>&, float*);
template void copy_elements(const Array<float>&, float*, const Strides&);
template void copy_elements(const Array<std::int64_t>&, std::int64_t*);
template void copy_elements(const Array<std::int64_t>&, std::int64_t*, const Strides&);
template void copy_elements(const Array<bool>&, bool*);
template void copy_elements(const Array<bool>&, bool*, const Strides&);

}  // namespace autodiff
