#pragma once

// Ranges of numbers, as the array primitives read them.

#include <autodiff/error.hpp>
#include <autodiff/numbers/batch.hpp>
#include <autodiff/transforms/part.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <ranges>
#include <span>
#include <utility>

namespace autodiff {

/// Numbers that follow each other.
template <class R>
concept NumberRange = std::ranges::contiguous_range<R> && std::ranges::sized_range<R> &&
                      Number<std::ranges::range_value_t<R>> && !is_tensor<std::remove_cvref_t<R>>;

namespace detail {

inline void require_same_size(const char* op, std::size_t a, std::size_t b)
{
    if (a != b) fail<ShapeError>("{}: {} numbers and {}; both must have as many", op, a, b);
}

/// What an array primitive computes with: T for recorded Scalar<T>; integers count as doubles.
template <class X>
struct Plain {
    using type = X;
};
template <class T>
struct Plain<Scalar<T>> {
    using type = T;
};
template <std::integral T>
struct Plain<T> {
    using type = double;
};

/// Numbers that a block keeps.
template <class T>
class Kept {
public:
    Kept() = default;
    /// Not initialized.
    explicit Kept(std::size_t size) : size_(size), data_(std::make_unique_for_overwrite<T[]>(size)) {}
    Kept(Kept&& other) noexcept : size_(std::exchange(other.size_, 0)), data_(std::move(other.data_)) {}
    Kept& operator=(Kept&& other) noexcept
    {
        size_ = std::exchange(other.size_, 0);
        data_ = std::move(other.data_);
        return *this;
    }

    std::size_t size() const { return size_; }
    T* data() { return data_.get(); }
    const T* data() const { return data_.get(); }
    const T* begin() const { return data(); }
    const T* end() const { return data() + size_; }
    const T& operator[](std::size_t i) const { return data()[i]; }
    std::span<const T> all() const { return {data(), size_}; }

private:
    std::size_t size_ = 0;
    std::unique_ptr<T[]> data_;
};
template <class T, class To>
struct Rebound<Kept<T>, To> {
    using type = std::vector<To>;
};

/// Recorded numbers that may be a run: all of the recording, their statements at equal distances, as those of
/// variables, of a column of them, or of an op's results.
template <std::floating_point T>
class Run {
public:
    Run(const char*, std::span<const Scalar<T>> x) : x_(x)
    {
        if (x.empty()) return;
        first_ = x[0].statement();
        if (x.size() > 1) step_ = x[1].statement() - first_;
    }

    /// What can be said at once. All that is loaded then decides. As first and last are the recording's and
    /// no step leads out of it and back, so are those between.
    bool may_be_one() const
    {
        const auto is_own = [](StatementId id) {
            return session_of(id) == recorder<ScalarSpace<T>>.recorded;
        };
        constexpr std::ptrdiff_t most = std::ptrdiff_t{1} << 30;
        return !x_.empty() && is_own(first_) && is_own(x_.back().settled_statement()) && -most <= step() &&
               step() <= most && x_.back().settled_statement() == first_ + (x_.size() - 1) * step_;
    }
    /// What a kernel loads from.
    Run source() const { return *this; }
    Node first() const { return node_of(first_); }
    /// From one node to the next.
    std::ptrdiff_t step() const { return static_cast<std::ptrdiff_t>(step_); }

    /// The value of the i-th. Sets `is_broken` if it does not belong to the run.
    [[gnu::always_inline]] T load(std::size_t i, bool& is_broken) const
    {
        is_broken |= x_[i].settled_statement() != first_ + i * step_;
        return x_[i].value();
    }
    /// The values of the next N from the i-th on.
    template <int N>
    [[gnu::always_inline]] Batch<T, N> load(std::size_t i, Mask<T, N>& is_broken) const
    {
        Batch<T, N> values;
        if constexpr (sizeof(T) == sizeof(StatementId)) {
            static_assert(sizeof(Scalar<T>) == 2 * sizeof(StatementId));
            using Words [[gnu::vector_size(N * sizeof(T))]] = StatementId;
            Words low, high;  // value, statement, value, statement…
            std::memcpy(&low, static_cast<const void*>(&x_[i]), sizeof low);
            std::memcpy(&high, static_cast<const void*>(&x_[i + N / 2]), sizeof high);
            [&]<int... Lane>(std::integer_sequence<int, Lane...>) __attribute__((always_inline)) {
                const Words value = __builtin_shufflevector(low, high, (2 * Lane)...);
                const Words statement = __builtin_shufflevector(low, high, (2 * Lane + 1)...);
                std::memcpy(&values.lanes, &value, sizeof value);
                is_broken.lanes |= statement != Words{Lane...} * step_ + (first_ + i * step_);
            }(std::make_integer_sequence<int, N>());
        } else
            for (int lane = 0; lane < N; ++lane) {
                bool is_stranger = false;
                values.lanes[lane] = load(i + static_cast<std::size_t>(lane), is_stranger);
                is_broken.lanes[lane] |= -SameSizeInteger<T>{is_stranger};
            }
        return values;
    }

private:
    std::span<const Scalar<T>> x_;
    StatementId first_ = 0, step_ = 1;
};

/// Plain numbers, loaded in the same way.
template <std::floating_point T>
struct Values {
    const T* x;

    [[gnu::always_inline]] T load(std::size_t i, bool&) const { return x[i]; }
    template <int N>
    [[gnu::always_inline]] Batch<T, N> load(std::size_t i, Mask<T, N>&) const
    {
        return Batch<T, N>::load(x + i);
    }
};

/// A range of numbers X read apart: their values, and the nodes of those that are recorded.
template <class T, class X>
class Read {
public:
    Read(const char* op, std::span<const X> x) : nodes_(x.size())
    {
        if constexpr (std::same_as<X, T>) values_ = x;
        else {
            own_ = Kept<T>(x.size());
            values_ = own_.all();
            if constexpr (!is_scalar<X>)
                std::ranges::transform(x, own_.data(), [](const X& number) { return lift<T>(number); });
            else if (!x.empty()) read(op, x);
        }
    }
    Read(const Read&) = delete;
    Read& operator=(const Read&) = delete;

    std::span<const T> values() const { return values_; }
    auto source() const { return Values<T>{values_.data()}; }
    const Nodes& nodes() const { return nodes_; }
    bool is_recorded() const { return !nodes_.are_constants(); }
    // For a block to keep.
    Kept<T> take_values()
    {
        if (own_.size() > 0) return std::move(own_);
        Kept<T> copy(values_.size());
        std::ranges::copy(values_, copy.data());
        return copy;
    }
    Nodes take_nodes() { return std::move(nodes_); }

private:
    void read(const char* op, std::span<const X> x)
    {
        if constexpr (std::floating_point<T>) {
            const Run<T> run(op, x);
            if (read_run(run) && run.may_be_one()) {
                nodes_ = Nodes(x.size(), run.first(), run.step());
                return;
            }
        } else std::ranges::transform(x, own_.data(), [](const X& number) { return number.value(); });
        std::vector<Node> list(x.size());
        bool has_one = false;
        for (std::size_t i = 0; i < x.size(); ++i) {
            const bool is_one = autodiff::is_recorded<ScalarSpace<T>>(x[i].session(), op);
            list[i] = is_one ? x[i].node() : no_node;
            has_one |= is_one;
        }
        if (has_one) nodes_ = Nodes(std::move(list));
    }
    /// Writes the values; returns whether they are a run.
    bool read_run(const auto& run)
    {
        bool is_broken = false;
        T* const values = own_.data();
        const std::size_t count = own_.size();
        for_instruction_set([&](auto bytes) {
            constexpr int lanes = lanes_of<T, bytes()>;
            Mask<T, lanes> is_broken_in_lane;
            const auto source = run.source();
            std::size_t i = 0;
            for (; i + lanes <= count; i += lanes) source.load(i, is_broken_in_lane).store(values + i);
            for (; i < count; ++i) values[i] = source.load(i, is_broken);
            is_broken |= any(is_broken_in_lane);
        });
        return !is_broken;
    }

    Kept<T> own_;
    std::span<const T> values_;
    Nodes nodes_;
};

}  // namespace detail

}  // namespace autodiff
