#pragma once

// Array<T>: an immutable N-dimensional array. A handle of one pointer to a shared block; views (transpose,
// slice, broadcast) share the elements of the array they look at. Knows nothing of derivatives.

#include <autodiff/shape.hpp>
#include <autodiff/storage.hpp>

#include <algorithm>
#include <atomic>
#include <span>
#include <utility>
#include <vector>

#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#endif

namespace autodiff {

class Program;
template <class T>
class Array;

namespace detail {

/// The program that this thread's kernels become steps of, if any (program.hpp), and what it is told by
/// arrays.
inline thread_local constinit Program* capturing = nullptr;
void forget_in_capture(const void* storage);
[[noreturn]] void fail_reading_in_capture();
template <class T>
void note_constant_in_capture(const Array<T>& x);

/// An array that nobody else has, for the next new array of its shape to be: a program that runs again offers
/// each kernel the result of its last run.
template <class T>
inline thread_local constinit Array<T>* offered = nullptr;

/// An array of numbers that are the same whenever the computation runs.
template <class T>
void note_constant(const Array<T>& x)
{
    if (capturing) [[unlikely]]
        note_constant_in_capture(x);
}
/// Before numbers are handed to the program around the library.
inline void note_reading()
{
    if (capturing) [[unlikely]]
        fail_reading_in_capture();
}

/// Whether the process has one thread only, so that counting needs no atomic addition: 1 ns instead of 6.
inline bool is_single_threaded() noexcept
{
#if __has_include(<sys/single_threaded.h>)
    return __libc_single_threaded != 0;
#else
    return false;
#endif
}

}  // namespace detail

/// The elements of a tensor, or labels and conditions: a shape, strides and a block of memory that copies,
/// slices and transposes share. Nothing is recorded of it.
template <class T>
class Array {
public:
    using value_type = T;

    /// An empty array of shape (0,).
    Array() : Array(empty()) {}
    /// A single number: rank 0.
    explicit Array(T value) : Array(filled(Shape{}, value)) { detail::note_constant(*this); }
    /// The elements of `values` in row-major order. @throws ShapeError if their count differs.
    Array(const Shape& shape, std::span<const T> values)
        requires(!std::same_as<T, bool>);
    Array(const Shape& shape, std::initializer_list<T> values)
        : Array(copied(shape, values.begin(), values.size()))
    {
    }

    /// Every element is `value`.
    static Array filled(const Shape& shape, T value)
    {
        Array result = uninitialized(shape);
        std::fill_n(result.writable(), result.size(), value);
        return result;
    }
    /// For kernels: a new contiguous array whose elements must be written through writable() before use.
    static Array uninitialized(const Shape& shape);
    /// A view of this array's elements from `data` on. The caller keeps within the elements.
    Array view(const Shape& shape, const Strides& strides, Index offset) const;
    /// A view of elements that it does not keep alive.
    static Array borrowed(const T* data, const Shape& shape, const Strides& strides);
    /// Whether elements are borrowed that it looks at.
    bool is_borrowed() const { return block_->borrowed || (block_->owner && block_->owner->borrowed); }
    /// Makes a borrowed view look at other elements.
    void look_at(const T* data) { block_->data = const_cast<T*>(data); }

    Array(const Array& other) noexcept : block_(other.block_) { block_->retain(); }
    Array(Array&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
    Array& operator=(Array other) noexcept
    {
        std::swap(block_, other.block_);
        return *this;
    }
    ~Array()
    {
        if (block_) block_->release();
    }

    /// Its sizes along the axes.
    const Shape& shape() const { return block_->shape; }
    /// In elements: 0 along an axis that is stretched, negative along one that is reversed.
    const Strides& strides() const { return block_->strides; }
    /// How many axes it has, 0 for a single number.
    std::size_t rank() const { return shape().rank(); }
    /// How many elements it has.
    Index size() const { return block_->size; }
    /// Its size along an axis, a negative one counted from the end. @throws AxisError.
    Index size(Index axis) const { return shape()[normalized_axis("size", axis, rank())]; }
    /// Whether the elements lie in row-major order without gaps.
    bool is_contiguous() const { return block_->contiguous; }
    /// The element at index (0, ..., 0); others follow by strides().
    const T* data() const { return block_->data; }
    /// Where the elements of the array begin that this one is or is a view of.
    const void* storage() const { return block_->owner ? block_->owner->data : block_->data; }
    /// Whether it is no view and has borrowed nothing: its block holds its elements and no others.
    bool is_owner() const { return !block_->owner && !block_->borrowed; }
    /// Whether this handle is the only one, so that its elements may be written in place.
    bool is_unique() const { return is_owner() && block_->count.load(std::memory_order_acquire) == 1; }
    /// For kernels that fill a new array, and for in-place sums into an array nobody else sees.
    T* writable() { return block_->data; }

    /// Row-major elements: this array if it is contiguous, else a copy.
    Array contiguous() const;
    /// The elements in row-major order, copied.
    std::vector<T> to_vector() const;
    /// The only element. @throws ShapeError if there is not exactly one.
    T item() const;
    /// The element at a position. @throws IndexError.
    template <std::convertible_to<Index>... I>
    T operator()(I... index) const
    {
        detail::note_reading();
        return data()[offset_of(Dims{static_cast<Index>(index)...})];
    }
    /// How many elements after data() the one at `index` is; negative positions count from the end.
    /// @throws IndexError.
    Index offset_of(const Dims& index) const;

    friend bool same_block(const Array& a, const Array& b) { return a.block_ == b.block_; }

private:
    // Header and elements of an owning array are one allocation.
    struct Block {
        std::atomic<std::uint32_t> count{1};
        bool contiguous = true;
        bool borrowed = false;
        T* data;
        Block* owner;
        std::size_t bytes;
        Index size;
        Shape shape;
        Strides strides;

        void retain() noexcept
        {
            if (detail::is_single_threaded()) count.store(now() + 1, std::memory_order_relaxed);
            else count.fetch_add(1, std::memory_order_relaxed);
        }
        void release() noexcept
        {
            if (!is_last()) return;
            if (owner) owner->release();
            const std::size_t block_bytes = bytes;
            this->~Block();
            pool_release(this, block_bytes);
        }

    private:
        std::uint32_t now() const noexcept { return count.load(std::memory_order_relaxed); }
        /// Counts a handle down. The only one is nobody else's to copy, so it need not be.
        bool is_last() noexcept
        {
            if (count.load(std::memory_order_acquire) == 1) return true;
            if (!detail::is_single_threaded()) return count.fetch_sub(1, std::memory_order_acq_rel) == 1;
            count.store(now() - 1, std::memory_order_relaxed);
            return false;
        }
    };

    explicit Array(Block* block) : block_(block) {}
    static const Array& empty();
    static Array copied(const Shape& shape, const T* values, std::size_t count);

    Block* block_;
};

template <class T>
Array<T>::Array(const Shape& shape, std::span<const T> values)
    requires(!std::same_as<T, bool>)
    : Array(copied(shape, values.data(), values.size()))
{
}

/// Copies the elements of `source`, in row-major order, to `target`.
template <class T>
void copy_elements(const Array<T>& source, T* target);
/// Copies them to target[Σ index · stride], for each index into its shape.
template <class T>
void copy_elements(const Array<T>& source, T* target, const Strides& strides);

extern template class Array<double>;
extern template class Array<float>;
extern template class Array<std::int64_t>;
extern template class Array<bool>;

/// Integer arrays hold labels and indices.
using IndexArray = Array<Index>;
/// Conditions: what comparing tensors returns.
using BoolArray = Array<bool>;

}  // namespace autodiff
