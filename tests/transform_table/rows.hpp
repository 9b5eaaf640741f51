#pragma once

// Rows of the table of transforms that are a part of a function, as ops are: a function that uses the
// transform, and the same function without it. They go through the checks of the op table.

#include <op_table.hpp>
#include <transform_table/functions.hpp>

namespace autodiff::tests {

namespace detail {

template <class F, class X>
X call_on_numbers(std::span<const X> x)
{
    return lift<X>(F{}(std::vector<X>(x.begin(), x.end())));
}

template <class F>
Functions functions_of_numbers()
{
    Functions functions{};
    const auto set = []<class X>(FunctionOn<X>& function) {
        if constexpr (!is_tensor<X>) function = &call_on_numbers<F, X>;
    };
    std::apply([&](auto&... function) { (set(function), ...); }, functions);
    return functions;
}

}  // namespace detail

/// A number that depends on each of several ones in its own way.
inline constexpr auto combined = [](const auto& y) {
    using X = ElementOf<decltype(y)>;
    X total = y[0] * y[y.size() - 1];
    for (std::size_t i = 0; i < y.size(); ++i)
        total = total + lift<X>(1 + static_cast<double>(i % 4) / 2) * sin(y[i]);
    return total;
};

/// f and plain are generic lambdas of a std::vector of numbers that return a number.
template <class F, class Plain>
Row numbers_row(std::string transform, std::string variant, F, Plain, std::vector<Domain> domains)
{
    return {std::move(transform),
            std::move(variant),
            detail::functions_of_numbers<F>(),
            std::move(domains),
            {},
            {.constants = rounding},
            detail::functions_of_numbers<Plain>()};
}

/// f and plain are generic lambdas of a span of tensors.
template <class F, class Plain>
Row tensors_row(std::string transform, std::string variant, F f, Plain plain, std::vector<Domain> domains,
                std::vector<Shapes> shapes)
{
    Row row = tensor_row(std::move(transform), std::move(variant), f, std::move(domains), std::move(shapes));
    row.plain = tensor_row("", "", plain, {}, {}).functions;
    return row;
}

/// Parts of a computation on numbers.
std::vector<Row> scoped_rows();
/// Array primitives on ranges of numbers.
std::vector<Row> array_rows();
/// Parts of a computation on tensors.
std::vector<Row> part_of_tensors_rows();

}  // namespace autodiff::tests
