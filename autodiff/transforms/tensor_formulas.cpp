#include <autodiff/transforms/tensor_formulas.hpp>

#include <autodiff/format.hpp>
#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/ops/matmul.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace autodiff::detail {

namespace {

constexpr std::size_t longest_formula = 64;
constexpr std::size_t longest_row = 20;
const Symbol unknown{"…", 0, 3, false};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& ops, std::string_view op)
{
    return std::find(ops.begin(), ops.end(), op) != ops.end();
}

constexpr std::array<std::string_view, 5> arithmetic{"add", "subtract", "multiply", "divide",
                                                     "chain_product"};
/// Others that have more than one argument, or options that matter.
constexpr std::array<std::string_view, 9> with_more{"pow", "max",   "min",    "clamp",      "matmul",
                                                    "dot", "slice", "gather", "scatter_add"};

template <class T>
Tensor<T> computed(std::string_view op, const Tensor<T>& a, const Tensor<T>& b)
{
    if (op == "add") return a + b;
    if (op == "subtract") return a - b;
    if (op == "divide") return a / b;
    return a * b;
}

template <class T>
bool are_equal(const Tensor<T>& a, const Tensor<T>& b)
{
    return a.shape() == b.shape() && a.to_vector() == b.to_vector();
}

Symbol transposed(const Symbol& x)
{
    static constexpr std::string_view sign = "ᵀ";
    if (x.text.ends_with(sign)) return {x.text.substr(0, x.text.size() - sign.size()), 0, 3, false};
    return {enclosed(x, 3).append(sign), 0, 3, false};
}

}  // namespace

template <class T>
Symbol TensorFormulas<T>::shown(Node node) const
{
    if (node < first_) return unknown;
    if (has_name(node)) return {name_of(node), 0, 3, false};
    const auto known = shown_.find(node);
    return known != shown_.end() ? known->second : shown_[node] = formula(node);
}

template <class T>
Symbol TensorFormulas<T>::formula(Node node) const
{
    const std::string_view op = op_of(node);
    const bool is_arithmetic = is_one_of(arithmetic, op);
    std::vector<Symbol> x;
    for (Node link = tape_.first_link(node); link < tape_.end_link(node); ++link) {
        Node argument = tape_.argument(link);
        if (is_arithmetic) argument = skipping("broadcast_to", argument);
        x.push_back(shown(skipping("reshape", argument)));
    }
    if (x.empty()) return unknown;
    if (op == "where") x.insert(x.begin(), unknown);  // the condition

    const Node argument = skipping("reshape", tape_.argument(tape_.first_link(node)));
    const bool is_only_reshaped = op == "reshape" && argument >= first_ && !has_name(argument);
    Symbol result;
    if (op == "variable" || is_only_reshaped) result = x[0];  // the former is an inner recording's
    else if (op == "transpose") result = transposed(x[0]);
    else if (op == "matmul" && x.size() == 2) result = matrix_product(node, x);
    else if (is_arithmetic && x.size() == 1) result = with_constant(node, x[0]);
    else if (is_one_of(with_more, op) && x.size() == 1) result = symbolic_op(op, {x[0], unknown}, 0);
    else result = symbolic_op(op, x, 0);
    return result.text.size() <= longest_formula ? result : symbolic_op(op, {unknown}, 0);
}

/// The argument of a statement without a name, if it is this op.
template <class T>
Node TensorFormulas<T>::skipping(std::string_view op, Node node) const
{
    while (node >= first_ && !has_name(node) && op_of(node) == op)
        node = tape_.argument(tape_.first_link(node));
    return node;
}

/// y = x + c, x - c, c - x, c x, x / c or c / x. The tape has y, x and the linear map, which is diagonal. A c
/// that is one number, of at most six digits, is named if it gives y back to the last bit; of products, which
/// have it in the linear map, also a short row.
template <class T>
Symbol TensorFormulas<T>::with_constant(Node node, const Symbol& x) const
{
    const PauseRecording<Space> paused;
    const std::string_view op = op_of(node);
    const Node link = tape_.first_link(node);
    const Tensor<T> y = value_of(node), argument = value_of(tape_.argument(link));
    if (y.shape() != argument.shape() || y.size() == 0) return symbolic_op(op, {x, unknown}, 0);

    const Tensor<T> diagonal = Space::pull(tape_, link, node, Tensor<T>::ones(y.shape()));
    const std::vector<T> slopes = diagonal.to_vector(), xs = argument.to_vector();
    const auto largest =
        std::max_element(xs.begin(), xs.end(), [](T a, T b) { return std::abs(a) < std::abs(b); });
    const auto at = static_cast<std::size_t>(largest - xs.begin());
    const T slope = slopes[at], x_at = xs[at], y_at = y.to_vector()[at];
    const bool is_first = op == "subtract" ? slope < 0
                          : op == "divide" ? slope * x_at * y_at < 0
                                           : op != "add";
    const T c = op == "add"        ? y_at - x_at
                : op == "subtract" ? (is_first ? y_at + x_at : x_at - y_at)
                : op == "divide"   ? (is_first ? y_at * x_at : 1 / slope)
                                   : slope;
    const double rounded = std::strtod(fmt::format("{:.6g}", c).c_str(), nullptr);
    Tensor<T> constant(static_cast<T>(rounded));
    Symbol symbol = Symbol::number(rounded, true);
    const bool is_one_number = std::count(slopes.begin(), slopes.end(), slope) == std::ssize(slopes);
    if (!is_one_number && !(op == "divide" && is_first)) {
        constant = diagonal;
        symbol = {fmt::format("{}", diagonal), 0, 3, false};
        if (symbol.text.size() > longest_row || symbol.text.find('\n') != std::string::npos) symbol = unknown;
    }
    const Tensor<T> again = is_first ? computed(op, constant, argument) : computed(op, argument, constant);
    if (!are_equal(again, y)) symbol = unknown;
    return symbolic_op(op, is_first ? std::vector{symbol, x} : std::vector{x, symbol}, 0);
}

/// A B, Aᵀ B, A Bᵀ or Aᵀ Bᵀ, the first that gives the value.
template <class T>
Symbol TensorFormulas<T>::matrix_product(Node node, const std::vector<Symbol>& x) const
{
    const PauseRecording<Space> paused;
    const Node link = tape_.first_link(node);
    const Tensor<T> a = value_of(tape_.argument(link)), b = value_of(tape_.argument(link + 1));
    if (a.rank() < 2 || b.rank() < 2)
        return symbolic_op("matmul", x, 0);  // an op of the user's, of that name
    for (const auto of_a : {Transpose::no, Transpose::yes})
        for (const auto of_b : {Transpose::no, Transpose::yes}) {
            if (a.size(of_a == Transpose::yes ? -2 : -1) != b.size(of_b == Transpose::yes ? -1 : -2))
                continue;
            if (!are_equal(matmul(a, b, of_a, of_b), Tensor<T>(value_of(node)))) continue;
            const Symbol left = of_a == Transpose::yes ? transposed(x[0]) : x[0];
            const Symbol right = of_b == Transpose::yes ? transposed(x[1]) : x[1];
            return {enclosed(left, 2) + " " + enclosed(right, 2), 0, 1, false};
        }
    return symbolic_op("matmul", x, 0);
}

template class TensorFormulas<double>;
template class TensorFormulas<float>;

}  // namespace autodiff::detail
