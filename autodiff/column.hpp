#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>

namespace autodiff {

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
        std::allocator<T>().deallocate(data_, capacity_);
    }

    std::size_t size() const { return size_; }
    const T& operator[](std::size_t i) const { return data_[i]; }
    T& operator[](std::size_t i) { return data_[i]; }
    T& back() { return data_[size_ - 1]; }
    const T* data() const { return data_; }

    bool has_room_for(std::size_t count) const { return capacity_ - size_ >= count; }
    /// For `count` more, in memory for no more than `most` (size() + count at least).
    void make_room_for(std::size_t count, std::size_t most)
    {
        if (!has_room_for(count)) [[unlikely]]
            grow(count, most);
    }
    /// Needs room.
    void append(T value) { std::construct_at(data_ + size_++, std::move(value)); }
    void append_copies(std::size_t count, const T& value)
    {
        std::uninitialized_fill_n(data_ + size_, count, value);
        size_ += count;
    }
    void truncate(std::size_t size)
    {
        std::destroy(data_ + size, data_ + size_);
        size_ = size;
    }

private:
    [[gnu::noinline, gnu::cold]] void grow(std::size_t count, std::size_t most)
    {
        const std::size_t capacity =
            std::min(std::max({2 * capacity_, size_ + count, std::size_t{256}}), most);
        T* data = std::allocator<T>().allocate(capacity);
        std::uninitialized_move_n(data_, size_, data);
        std::destroy_n(data_, size_);
        std::allocator<T>().deallocate(data_, capacity_);
        data_ = data;
        capacity_ = capacity;
    }

    T* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace autodiff
