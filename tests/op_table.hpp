#pragma once

// The table of all ops: one row says how an op is called, where its arguments are drawn from, and in which
// shapes. Every row goes through every check (support/op_checks.hpp), on scalars where the op has a meaning
// there, and on tensors.
//
// Adding an op is one row here:
//
//     elementwise_row("tan", [](const auto& x) { return tan(x); }, {within({-1.2, 1.2})})
//     tensor_row("sum", "axis 0", [](auto x) { return sum(x[0], {0}); }, {real},
//                {{Shape{3, 4}}, {Shape{0, 2}}, {Shape{1}}})
//         .without(ArgumentForm::rank_zero, "it works along an axis")

#include <support/function_on.hpp>

#include <map>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace autodiff::tests {

struct Interval {
    double low, high;
};

/// Where the elements of an argument are drawn from: any of the intervals, within each of which the op must
/// be smooth. What lies between them is a kink or a pole, and no difference reaches across it.
struct Domain {
    std::vector<Interval> intervals;
    /// How far apart the argument's elements are kept, for ops with a kink where two are equal (max, sort).
    double separation = 0;
    /// Makes the elements more than independent numbers: a matrix that can be inverted, say.
    void (*prepare)(std::span<double> elements, const Shape& shape) = nullptr;
};

using Shapes = std::vector<Shape>;

/// Rounding of two different ways to compute the same numbers: against forward mode, between nestings,
/// between layouts.
inline constexpr double rounding = 1e-12;

/// How far a row may be from the truth. Errors are relative to the largest number in the same array, or to 1.
struct Tolerances {
    /// Against extrapolated differences. Their own error is 1e-13 to 1e-12 where values and derivatives are
    /// near 1 (rounding ε |f| / h, the best step h being some 0.01); a wrong formula is off by far more.
    double differences = 1e-11;
    /// The same, of gradients, whose rounding is larger than that of values.
    double second_differences = 2e-11;
    /// float against double, both from the same arguments: some ten roundings of 6e-8.
    double single = 1e-6;
    /// One argument a variable and the others constants, against all variables, on scalars: the same bits. A
    /// transform may go another way for few variables, which rounds differently.
    double constants = 0;
    /// Against the plain computation that a transform stands for: rounding, or 0 where the bits are promised.
    double plain = rounding;
};

using Functions =
    std::tuple<FunctionOn<Tensor<double>>, FunctionOn<Tensor<float>>, FunctionOn<double>,
               FunctionOn<Scalar<double>>, FunctionOn<Scalar<float>>, FunctionOn<Dual<double>>,
               FunctionOn<Scalar<Dual<double>>>, FunctionOn<Scalar<Scalar<double>>>,
               FunctionOn<Dual<Scalar<double>>>, FunctionOn<Dual<Dual<double>>>, FunctionOn<float>,
               FunctionOn<autodiff::detail::Lanes<double>>, FunctionOn<autodiff::detail::Lanes<float>>>;

/// The forms in which arguments come; every row is checked in all of them, or says why it cannot be.
enum class ArgumentForm {
    contiguous,  ///< several elements in a row
    strided,     ///< several elements, apart or in another order
    broadcast,   ///< one element that stands for several, or shapes that are stretched to one another
    empty,       ///< an argument without elements
    size_one,    ///< of one element each, and not all without axes
    rank_zero,   ///< an argument without axes
};
inline constexpr std::size_t form_count = 6;

struct Row {
    std::string op;
    /// What distinguishes this row from others of the same op.
    std::string variant;
    /// Null where the op has no meaning.
    Functions functions;
    std::vector<Domain> domains;
    std::vector<Shapes> shapes;
    Tolerances tolerances;
    /// What a transform stands for; none of an op.
    Functions plain{};
    /// Why arguments cannot come in a form: the op refuses all of its shapes, or has no finite value there.
    std::map<ArgumentForm, std::string> refused{};

    /// The row, with such a reason.
    Row without(ArgumentForm form, std::string reason) &&
    {
        refused[form] = std::move(reason);
        return std::move(*this);
    }
    template <class X>
    bool has() const
    {
        return std::get<FunctionOn<X>>(functions) != nullptr;
    }
    bool has_scalars() const { return has<double>(); }
};

/// The shapes in which elementwise ops of one, two or three arguments are tested: ranks 0 to 3, sizes 0 and
/// 1, rows longer than a SIMD batch, and broadcasting in every direction.
const std::vector<Shapes>& elementwise_shapes(std::size_t arguments);

/// f is a generic lambda of one to three numbers.
template <class F>
Row elementwise_row(std::string op, std::string variant, F, std::vector<Domain> domains,
                    Tolerances tolerances = {})
{
    Functions functions;
    std::apply(
        []<class... X>(FunctionOn<X>&... function) { ((function = &detail::call_elementwise<F, X>), ...); },
        functions);
    const auto& shapes = elementwise_shapes(domains.size());
    return {std::move(op), std::move(variant), functions, std::move(domains), shapes, tolerances};
}
template <class F>
Row elementwise_row(std::string op, F f, std::vector<Domain> domains, Tolerances tolerances = {})
{
    return elementwise_row(std::move(op), "", f, std::move(domains), tolerances);
}

/// f is a generic lambda of a span of tensors.
template <class F>
Row tensor_row(std::string op, std::string variant, F, std::vector<Domain> domains,
               std::vector<Shapes> shapes, Tolerances tolerances = {})
{
    Functions functions{};
    std::get<FunctionOn<Tensor<double>>>(functions) = &detail::call_on_tensors<F, double>;
    std::get<FunctionOn<Tensor<float>>>(functions) = &detail::call_on_tensors<F, float>;
    return {std::move(op), std::move(variant), functions, std::move(domains), std::move(shapes), tolerances};
}

inline Domain within(Interval interval) { return {{interval}}; }
inline Domain within(Interval below, Interval above) { return {{below, above}}; }

// Domains that many rows share.
inline const Domain real{{{-2, 2}}};
inline const Domain positive{{{0.3, 2}}};
inline const Domain nonzero{{{-2, -0.3}, {0.3, 2}}};
/// Elements that differ by more than any step.
inline const Domain distinct{{{-2, 2}}, 0.05};

std::vector<Row> joined(std::vector<std::vector<Row>> families);

/// Rows that all have the same reason why their arguments cannot come in a form.
std::vector<Row> without(ArgumentForm form, const std::string& reason, std::vector<Row> rows);

/// The row of an op on a number, which comes in one form only.
Row of_a_number(Row row);

// The rows, by family.
std::vector<Row> arithmetic_rows();
std::vector<Row> function_rows();
std::vector<Row> activation_rows();
std::vector<Row> reduction_rows();
std::vector<Row> shape_rows();
std::vector<Row> product_rows();
std::vector<Row> linear_algebra_rows();
std::vector<Row> image_rows();

/// All rows.
const std::vector<Row>& op_table();

}  // namespace autodiff::tests
