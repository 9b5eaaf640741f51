#pragma once

// The shape of an array: up to eight sizes, the last one varying fastest in memory (row-major).
// Shapes broadcast as in NumPy: aligned at the last axis, a size of one stretches to any size.

#include <autodiff/error.hpp>

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace autodiff {

/// Sizes, strides and positions: signed, so that negative axes and reversed strides need no casts.
using Index = std::int64_t;

/// The most axes that a tensor has.
inline constexpr std::size_t max_rank = 8;

/// A short list of indices: sizes of a shape, strides of a view, or a choice of axes.
class Dims {
public:
    constexpr Dims() = default;
    constexpr Dims(std::initializer_list<Index> values) { assign(values.begin(), values.end()); }
    template <class Range>
        requires(!std::same_as<Range, Dims> &&
                 requires(const Range& r) {
                     Index(*r.begin());
                     r.end();
                 })
    explicit constexpr Dims(const Range& values)
    {
        assign(values.begin(), values.end());
    }
    /// `count` times the same value. @throws ShapeError for more than max_rank.
    static constexpr Dims filled(std::size_t count, Index value)
    {
        Dims dims;
        for (std::size_t i = 0; i < count; ++i) dims.push_back(value);
        return dims;
    }

    /// How many there are, at most max_rank.
    constexpr std::size_t count() const { return count_; }
    /// Whether there is none.
    constexpr bool empty() const { return count_ == 0; }
    constexpr Index operator[](std::size_t i) const { return values_[i]; }
    constexpr Index& operator[](std::size_t i) { return values_[i]; }
    /// The last one; there must be one.
    constexpr Index back() const { return values_[count_ - 1]; }
    /// The first one; the others lie after it.
    constexpr const Index* begin() const { return values_.data(); }
    /// One past the last one.
    constexpr const Index* end() const { return values_.data() + count_; }
    /// @throws ShapeError if there are max_rank already.
    constexpr void push_back(Index value)
    {
        if (count_ == max_rank) too_many();
        values_[count_++] = value;
    }
    /// Before the one at `position`, or after the last one. @throws ShapeError if there are max_rank already.
    constexpr void insert(std::size_t position, Index value)
    {
        push_back(value);
        std::rotate(values_.begin() + position, values_.begin() + (count_ - 1), values_.begin() + count_);
    }
    /// The one at `position`, which must be there.
    constexpr void erase(std::size_t position)
    {
        std::copy(values_.begin() + position + 1, values_.begin() + count_, values_.begin() + position);
        --count_;
    }
    /// Whether one of them is `value`.
    constexpr bool contains(Index value) const { return std::find(begin(), end(), value) != end(); }
    friend constexpr bool operator==(const Dims& a, const Dims& b)
    {
        if (a.count_ != b.count_) return false;
        for (std::size_t i = 0; i < a.count_; ++i)
            if (a.values_[i] != b.values_[i]) return false;
        return true;
    }

private:
    template <class Iterator>
    constexpr void assign(Iterator first, Iterator last)
    {
        for (; first != last; ++first) push_back(static_cast<Index>(*first));
    }
    [[noreturn]] static void too_many();

    std::array<Index, max_rank> values_{};
    std::size_t count_ = 0;
};

/// How many elements further the next one along each axis is.
using Strides = Dims;
/// Axes by number; negative ones count from the last, -1.
using Axes = Dims;

/// The sizes of an array along its axes. Rank 0 is a single number; a size of 0 an empty array.
class Shape : public Dims {
public:
    constexpr Shape() = default;
    constexpr Shape(std::initializer_list<Index> sizes) : Dims(sizes) {}
    explicit constexpr Shape(const Dims& sizes) : Dims(sizes) {}

    /// How many axes there are.
    constexpr std::size_t rank() const { return count(); }
    /// The number of elements. @throws LimitError if a size is negative or the product overflows.
    Index element_count() const;
    /// Row-major strides in elements.
    Strides contiguous_strides() const;
};

/// Whether a reduction keeps the reduced axes with size one.
enum class KeepDims : bool {
    no,  ///< they disappear
    yes  ///< they stay, so that the result broadcasts against what was reduced
};

/// "(2, 3)", "(4,)", "()": as NumPy and this library's errors print a shape.
std::string to_string(const Dims& dims);

/// "{0, 2}": as axes are written in a call.
std::string in_braces(const Axes& axes);
/// The axes of a reduction as in a call: nothing if it is over all, else "{1}", with "keep_dims" where
/// leaving the reduced axes out would align the others differently.
std::string axes_in_words(const Axes& axes, std::size_t rank, KeepDims keep_dims);

/// The common shape of two operands under NumPy's rules. @throws ShapeError naming op and both shapes.
Shape broadcast_shapes(std::string_view op, const Shape& a, const Shape& b);

/// True if `from` can be stretched to `to`.
bool broadcasts_to(const Shape& from, const Shape& to);

/// Strides that read an array of `shape` and `strides` as if it had the shape `to`: 0 where it stretches.
Strides broadcast_strides(const Shape& shape, const Strides& strides, const Shape& to);

/// A position counted from the end when negative. @throws AxisError naming op, axis and rank.
std::size_t normalized_axis(std::string_view op, Index axis, std::size_t rank);

/// Sorted, unique, non-negative axes; an empty list means all axes. @throws AxisError.
Axes normalized_axes(std::string_view op, const Axes& axes, std::size_t rank);

/// The shape after reducing `axes`: each becomes 1 (keep_dims) or disappears.
Shape reduced_shape(const Shape& shape, const Axes& axes, bool keep_dims);

/// a * b for sizes. @throws LimitError on overflow.
Index checked_product(std::string_view op, Index a, Index b);
/// a + b for sizes. @throws LimitError on overflow.
Index checked_sum(std::string_view op, Index a, Index b);

}  // namespace autodiff

// For each type, so that they win over fmt's own formatter of ranges.
template <>
struct fmt::formatter<autodiff::Dims> {
    constexpr auto parse(format_parse_context& context) { return context.begin(); }
    auto format(const autodiff::Dims& dims, format_context& context) const
    {
        const std::string text = autodiff::to_string(dims);
        return std::copy(text.begin(), text.end(), context.out());
    }
};
template <>
struct fmt::formatter<autodiff::Shape> : fmt::formatter<autodiff::Dims> {};
