#pragma once

// Printing through fmt. Arrays and tensors look as in NumPy, numbers of the library as plain ones:
//
//     fmt::print("{}\n", x);        [[0.5    0.0625]
//                                    [1.     2.    ]]
//     fmt::print("{:.2f}\n", x);    [[0.50 0.06]
//                                    [1.00 2.00]]

#include <autodiff/scalar.hpp>
#include <autodiff/tensor.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace autodiff {

/// An array as NumPy prints it; `spec` is the format specification of an element, such as ".3f". Without one,
/// floating numbers are as short as they can be read back, rounded to eight digits and aligned at the decimal
/// point, all of them with an exponent where their sizes differ too much. Of more than a thousand elements
/// the first and last three along each axis are shown.
template <class T>
std::string to_string(const Array<T>& array, std::string_view spec = {});

namespace detail {

template <class T>
std::string number_text(T value, std::string_view spec);
/// "a + bε"
std::string dual_text(const std::string& value, const std::string& tangent, bool are_sums);

template <class X>
inline constexpr bool is_sum = false;
template <class T>
inline constexpr bool is_sum<Dual<T>> = true;
template <class T>
inline constexpr bool is_sum<Scalar<T>> = is_sum<T>;
template <class T, std::size_t N>
inline constexpr bool is_sum<Expression<T, N>> = is_sum<T>;

template <class X>
std::string text(const X& x, std::string_view spec)
{
    if constexpr (std::is_arithmetic_v<X>) return number_text(x, spec);
    else if constexpr (requires { x.tangent; })
        return dual_text(text(x.value, spec), text(x.tangent, spec),
                         is_sum<std::remove_cvref_t<decltype(x.value)>>);
    else if constexpr (requires { x.array(); }) return to_string(x.array(), spec);
    else if constexpr (requires { x.strides(); }) return to_string(x, spec);
    else return text(x.value(), spec);
}

/// Formats an X made of numbers T, by T's format specification.
template <class X, class T>
struct Formatter {
    fmt::formatter<T> number;
    std::string_view spec{};

    constexpr auto parse(fmt::format_parse_context& context)
    {
        const char* begin = context.begin();
        const char* end = number.parse(context);
        spec = std::string_view(begin, static_cast<std::size_t>(end - begin));
        return end;
    }
    auto format(const X& x, fmt::format_context& context) const
    {
        const std::string result = text(x, spec);
        return std::copy(result.begin(), result.end(), context.out());
    }
};

}  // namespace detail

}  // namespace autodiff

/// @cond
template <class T>
struct fmt::formatter<autodiff::Array<T>> : autodiff::detail::Formatter<autodiff::Array<T>, T> {};
template <class T>
struct fmt::formatter<autodiff::Tensor<T>> : autodiff::detail::Formatter<autodiff::Tensor<T>, T> {};
template <class T>
struct fmt::formatter<autodiff::Scalar<T>> : autodiff::detail::Formatter<autodiff::Scalar<T>, T> {};
template <class T, std::size_t N>
struct fmt::formatter<autodiff::Expression<T, N>>
    : autodiff::detail::Formatter<autodiff::Expression<T, N>, T> {};
template <class T>
struct fmt::formatter<autodiff::Dual<T>> : autodiff::detail::Formatter<autodiff::Dual<T>, T> {};
/// @endcond
