#pragma once

#include <cstddef>
#include <limits>
#include <new>
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
        deallocate(data_);
    }

    std::size_t size() const { return size_; }
    const T& operator[](std::size_t i) const { return data_[i]; }
    T& operator[](std::size_t i) { return data_[i]; }
    T& back() { return data_[size_ - 1]; }
    const T& back() const { return data_[size_ - 1]; }
    const T* data() const { return data_; }

    bool has_room_for(std::size_t count) const { return capacity_ - size_ >= count; }
    /// For `count` more, in memory for no more than `most` (size() + count at least).
    void make_room_for(std::size_t count, std::size_t most)
    {
        if (!has_room_for(count)) [[unlikely]]
            grow(count, most);
    }
    /// Hides the room that there is but for `count` more, until it is shown again.
    void hide_room(std::size_t count)
    {
        show_room();
        if (!has_room_for(count)) return;
        hidden_ = capacity_ - size_ - count;
        capacity_ -= hidden_;
    }
    void show_room() { capacity_ += std::exchange(hidden_, 0); }
    /// Needs room.
    void append(T value) { ::new (data_ + size_++) T(std::move(value)); }
    void append_copies(std::size_t count, const T& value)
    {
        for (T* const end = data_ + size_ + count; data_ + size_ != end; ++size_)
            ::new (data_ + size_) T(value);
    }
    void truncate(std::size_t size)
    {
        if constexpr (std::is_trivially_destructible_v<T>) size_ = size;
        else
            while (size_ > size) data_[--size_].~T();
    }

private:
    [[gnu::noinline, gnu::cold]] void grow(std::size_t count, std::size_t most)
    {
        std::size_t capacity = 2 * capacity_;
        if (capacity < 256) capacity = 256;
        if (capacity < size_ + count) capacity = size_ + count;
        if (capacity > most) capacity = most;
        T* const data = allocate(capacity);
        for (std::size_t i = 0; i < size_; ++i) {
            ::new (data + i) T(std::move(data_[i]));
            data_[i].~T();
        }
        deallocate(data_);
        data_ = data;
        capacity_ = capacity;
    }

    // Not std::allocator: <memory> alone takes longer to compile than all of the scalars.
    static T* allocate(std::size_t count)
    {
        if (count > std::numeric_limits<std::size_t>::max() / sizeof(T)) throw std::bad_array_new_length();
        return static_cast<T*>(::operator new(count * sizeof(T), std::align_val_t{alignof(T)}));
    }
    static void deallocate(T* data) { ::operator delete(data, std::align_val_t{alignof(T)}); }

    T* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
    std::size_t hidden_ = 0;
};

}  // namespace autodiff
