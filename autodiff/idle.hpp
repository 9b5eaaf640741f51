#pragma once

#include <utility>
#include <vector>

namespace autodiff::detail {

/// A thing lent for a scope, with the memory it had the last time: a tape, say. Each thread keeps a few of a
/// kind at rest.
template <class T>
class Lent {
public:
    /// None.
    Lent() = default;
    /// One at rest, or a new one.
    static Lent take()
    {
        Lent lent;
        Resting& kept = resting();
        lent.thing_ = kept.count > 0 ? kept.things[--kept.count] : new T();
        return lent;
    }
    Lent(Lent&& other) noexcept : thing_(std::exchange(other.thing_, nullptr)) {}
    Lent& operator=(Lent&& other) noexcept
    {
        std::swap(thing_, other.thing_);
        return *this;
    }
    ~Lent()
    {
        if (!thing_) return;
        Resting& kept = resting();
        if (kept.count >= 0 && kept.count < most) kept.things[kept.count++] = thing_;
        else delete thing_;
    }

    explicit operator bool() const { return thing_ != nullptr; }
    T& operator*() const { return *thing_; }
    T* operator->() const { return thing_; }

private:
    static constexpr int most = 16;
    struct Resting {
        T* things[most] = {};
        int count = 0;  // -1 when the thread is ending
        ~Resting()
        {
            while (count > 0) delete things[--count];
            count = -1;
        }
    };
    /// Of this thread. (As a static member of the template, GCC 12 defines its guard twice.)
    static Resting& resting()
    {
        static thread_local constinit Resting kept;
        return kept;
    }

    T* thing_ = nullptr;
};
/// A vector with the memory of an earlier one, empty at first.
template <class T>
class LentVector {
public:
    LentVector() : memory_(Lent<std::vector<T>>::take()) {}
    LentVector(LentVector&&) noexcept = default;
    LentVector& operator=(LentVector&&) noexcept = default;
    ~LentVector()
    {
        if (memory_) memory_->clear();
    }

    std::vector<T>& operator*() { return *memory_; }
    std::vector<T>* operator->() { return &*memory_; }
    const std::vector<T>& operator*() const { return *memory_; }
    const std::vector<T>* operator->() const { return &*memory_; }

private:
    Lent<std::vector<T>> memory_;
};

}  // namespace autodiff::detail
