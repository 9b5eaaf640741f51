#pragma once

#include <cstddef>
#include <limits>
#include <new>
#include <utility>

namespace autodiff {

namespace detail {

// Not std::allocator: <memory> alone takes longer to compile than all of the scalars.
template <class T>
T* allocate(std::size_t count)
{
    if (count > std::numeric_limits<std::size_t>::max() / sizeof(T)) throw std::bad_array_new_length();
    return static_cast<T*>(::operator new(count * sizeof(T), std::align_val_t{alignof(T)}));
}
template <class T>
void deallocate(T* data)
{
    ::operator delete(data, std::align_val_t{alignof(T)});
}
/// Moves `size` values to memory for `capacity`, and gives the memory that they were in back.
template <class T>
void reallocate(T*& data, std::size_t size, std::size_t capacity)
{
    T* const to = allocate<T>(capacity);
    for (std::size_t i = 0; i < size; ++i) {
        ::new (to + i) T(std::move(data[i]));
        data[i].~T();
    }
    deallocate(std::exchange(data, to));
}
template <class T>
void destroy(T* data, std::size_t from, std::size_t end)
{
    if constexpr (!std::is_trivially_destructible_v<T>)
        while (end > from) data[--end].~T();
}
/// The capacity of an array of `size` that is to grow by `count`, to no more than `most`.
constexpr std::size_t grown(std::size_t capacity, std::size_t size, std::size_t count, std::size_t most)
{
    capacity *= 2;
    if (capacity < 256) capacity = 256;
    if (capacity < size + count) capacity = size + count;
    return capacity < most ? capacity : most;
}

}  // namespace detail

/// A growing array. Room is made in advance, so that appending is a store and an addition.
template <class T>
class Column {
public:
    Column() = default;
    Column(Column&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)),
          size_(std::exchange(other.size_, 0)),
          capacity_(std::exchange(other.capacity_, 0))
    {
    }
    Column& operator=(Column&&) = delete;
    ~Column()
    {
        truncate(0);
        detail::deallocate(data_);
    }

    /// How many values were appended.
    std::size_t size() const { return size_; }
    const T& operator[](std::size_t i) const { return data_[i]; }
    T& operator[](std::size_t i) { return data_[i]; }
    /// The last value; there must be one.
    T& back() { return data_[size_ - 1]; }
    const T& back() const { return data_[size_ - 1]; }
    /// All values in a row, up to the next make_room_for(); null before the first.
    const T* data() const { return data_; }

    /// How many more values there is memory for.
    std::size_t room() const { return capacity_ - size_; }
    /// For `count` more, in memory for no more than `most` (size() + count at least).
    void make_room_for(std::size_t count, std::size_t most)
    {
        if (room() < count) [[unlikely]]
            grow(count, most);
    }
    /// Needs room.
    void append(T value) { ::new (data_ + size_++) T(std::move(value)); }
    /// Needs room for `count`.
    void append_copies(std::size_t count, const T& value)
    {
        for (T* const end = data_ + size_ + count; data_ + size_ != end; ++size_)
            ::new (data_ + size_) T(value);
    }
    /// Keeps the first `size` values; the memory stays.
    void truncate(std::size_t size)
    {
        detail::destroy(data_, size, size_);
        size_ = size;
    }

private:
    [[gnu::noinline, gnu::cold]] void grow(std::size_t count, std::size_t most)
    {
        const std::size_t capacity = detail::grown(capacity_, size_, count, most);
        detail::reallocate(data_, size_, capacity);
        capacity_ = capacity;
    }

    T* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

/// Two growing arrays of one length, appended to side by side, up to a limit: the room that there is, or
/// less.
template <class A, class B>
class TwoColumns {
public:
    TwoColumns() = default;
    TwoColumns(TwoColumns&& other) noexcept
        : first_(std::exchange(other.first_, nullptr)),
          second_(std::exchange(other.second_, nullptr)),
          size_(std::exchange(other.size_, 0)),
          limit_(std::exchange(other.limit_, 0)),
          capacity_(std::exchange(other.capacity_, 0))
    {
    }
    TwoColumns& operator=(TwoColumns&&) = delete;
    ~TwoColumns()
    {
        truncate(0);
        detail::deallocate(first_);
        detail::deallocate(second_);
    }

    /// How many pairs were appended.
    std::size_t size() const { return size_; }
    /// In a row, up to the next make_room_for(); null before the first.
    const A* first() const { return first_; }
    /// In a row, up to the next make_room_for(); null before the first.
    const B* second() const { return second_; }
    B* second() { return second_; }

    /// Up to the limit.
    std::size_t room() const { return limit_ - size_; }
    /// Lets no more than `room` be appended; fewer, if there is no memory for so many.
    void limit_room(std::size_t room)
    {
        const std::size_t all = capacity_ - size_;
        limit_ = size_ + (room < all ? room : all);
    }
    /// As Column::make_room_for, whatever the limit, which is then to be set.
    void make_room_for(std::size_t count, std::size_t most)
    {
        if (capacity_ - size_ >= count) return;
        const std::size_t capacity = detail::grown(capacity_, size_, count, most);
        detail::reallocate(first_, size_, capacity);
        detail::reallocate(second_, size_, capacity);
        capacity_ = capacity;
    }
    /// Needs room.
    void append(A a, B b)
    {
        ::new (first_ + size_) A(std::move(a));
        ::new (second_ + size_) B(std::move(b));
        ++size_;
    }
    /// The limit stays.
    void truncate(std::size_t size)
    {
        detail::destroy(first_, size, size_);
        detail::destroy(second_, size, size_);
        size_ = size;
    }

private:
    A* first_ = nullptr;
    B* second_ = nullptr;
    std::size_t size_ = 0;
    std::size_t limit_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace autodiff
