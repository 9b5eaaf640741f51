#include <autodiff/transforms/tensor_formulas.hpp>

#include <autodiff/format.hpp>
#include <autodiff/ops/arithmetic.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iterator>

namespace autodiff::detail {

namespace {

constexpr std::ptrdiff_t longest_formula = 70;  // characters
constexpr std::size_t longest_row = 20;
const Symbol unknown{"…", 0, 3, false};

/// Of UTF-8, with those that combine.
std::ptrdiff_t character_count(std::string_view text)
{
    return std::count_if(text.begin(), text.end(),
                         [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; });
}

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& ops, std::string_view op)
{
    return std::find(ops.begin(), ops.end(), op) != ops.end();
}

constexpr std::array<std::string_view, 5> arithmetic{"add", "subtract", "multiply", "divide",
                                                     "chain_product"};
/// Others that have more than one argument; the reductions max and min do not, but have options.
constexpr std::array<std::string_view, 5> with_more{"pow", "max", "min", "clamp", "dot"};
constexpr std::array<std::string_view, 3> with_indices{"take", "gather", "scatter_add"};

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

/// The sizes from the first that is not 1 on, or all that are not.
Shape without_ones(const Shape& shape, bool only_leading)
{
    Shape rest;
    for (Index size : shape)
        if (size != 1 || (only_leading && !rest.empty())) rest.push_back(size);
    return rest;
}

/// Whether a reshape puts in or takes out axes of size 1 that matter where shapes are aligned: a column.
bool realigns(const Shape& from, const Shape& to)
{
    return without_ones(from, false) == without_ones(to, false) &&
           without_ones(from, true) != without_ones(to, true);
}

/// {a, b}; with constants, which may be anywhere among them, {a, b, …}.
Symbol list(const std::vector<Symbol>& x, bool has_constants)
{
    std::string text;
    for (const Symbol& item : x) text += (text.empty() ? "{" : ", ") + item.text;
    return {text + (has_constants ? ", …}" : "}"), 0, 3, false};
}

constexpr std::string_view transposition = "ᵀ";

Symbol transposed(const Symbol& x)
{
    if (!x.text.ends_with(transposition)) return {enclosed(x, 3).append(transposition), 0, 3, false};
    return {x.text.substr(0, x.text.size() - transposition.size()), 0, 3, false};
}

using Symbols = std::vector<Symbol>::const_iterator;

/// What an op's words "A" or "Bᵀ" stand for: the next of its arguments that are not constants. Constants are
/// "…".
std::string next_argument(std::string_view in, Symbols& next, int precedence)
{
    if (in == unknown.text) return unknown.text;
    const Symbol& x = *next++;
    return enclosed(in.ends_with(transposition) ? transposed(x) : x, precedence);
}

/// Of a system such as "Aᵀ B", or "… B" with a constant.
Symbol solution(std::string_view op, std::string_view system, const std::vector<Symbol>& arguments)
{
    Symbols next = arguments.begin();
    const std::size_t space = system.find(' ');
    const std::string matrix = next_argument(system.substr(0, space), next, 0);
    return {fmt::format("{}({}, {})", op, matrix, next_argument(system.substr(space + 1), next, 0)), 0, 3,
            false};
}

constexpr std::string_view plus = " + ";

/// Of a product such as "A Bᵀ", or "… Bᵀ" with a constant.
Symbol matrix_product(std::string_view product, const std::vector<Symbol>& factors)
{
    Symbols next = factors.begin();
    const auto factor = [&next](std::string_view in) { return next_argument(in, next, 2); };
    const std::size_t space = product.find(' '), sum = product.find(plus);
    const std::string left = factor(product.substr(0, space));
    const std::string both = left + " " + factor(product.substr(space + 1, sum - space - 1));
    if (sum == std::string_view::npos) return {both, 0, 1, false};
    const bool is_known = product.substr(sum + plus.size()) != unknown.text;
    return {both + std::string(plus) + (is_known ? enclosed(*next, 0) : unknown.text), 0, 0, false};
}

}  // namespace

template <class T>
const std::string* TensorFormulas<T>::options_of(Node node) const
{
    const auto* const all = tape_.notes().options;
    const auto known = all->find(node);
    return known != all->end() && known->second ? &*known->second : nullptr;
}

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
    const std::string* const options = options_of(node);
    std::vector<Symbol> x;
    for (Node link = tape_.first_link(node); link < tape_.end_link(node); ++link) {
        Node argument = tape_.argument(link);
        if (is_arithmetic) argument = skipping("broadcast_to", argument);
        x.push_back(is_arithmetic || op == "broadcast_to" ? aligned(argument)
                                                          : shown(skipping("reshape", argument)));
    }
    if (x.empty()) return unknown;
    if (op == "where") x.insert(x.begin(), unknown);  // the condition
    if (op == "concatenate") x = {list(x, has_constants(node))};
    if (is_one_of(with_indices, op) || (is_one_of(with_more, op) && x.size() == 1 && !options))
        x.push_back(unknown);
    const bool is_product = options && (op == "matmul" || op == "linear");
    const bool is_system = options && (op == "solve" || op == "triangular_solve");
    if (options && !options->empty() && !is_product && !is_system) x.push_back({*options, 0, 3, false});

    const Node argument = skipping("reshape", tape_.argument(tape_.first_link(node)));
    const bool is_only_reshaped = op == "reshape" && argument >= first_ && !has_name(argument);
    Symbol result;
    if (op == "variable" || is_only_reshaped) result = x[0];  // the former is an inner recording's
    else if (op == "transpose") result = transposed(x[0]);
    else if (is_product) result = matrix_product(*options, x);
    else if (is_system) result = solution(op, *options, x);
    else if (is_arithmetic && x.size() == 1) result = with_constant(node, x[0]);
    else result = symbolic_op(op, x, 0);
    if (character_count(result.text) <= longest_formula) return result;
    return {fmt::format("{}(…)", op), 0, 3, false};
}

/// Whether the arguments of a concatenation are not all of it.
template <class T>
bool TensorFormulas<T>::has_constants(Node node) const
{
    Index others = value_of(node).size();
    for (Node link = tape_.first_link(node); link < tape_.end_link(node); ++link)
        others -= tape_.argument(link) < first_ ? others : value_of(tape_.argument(link)).size();
    return others > 0;
}

/// An argument of an op that broadcasts: a change of its shape is written where it decides what is aligned.
template <class T>
Symbol TensorFormulas<T>::aligned(Node node) const
{
    const Node before = skipping("reshape", node);
    Symbol x = shown(before);
    if (before < first_ || !realigns(value_of(before).shape(), value_of(node).shape())) return x;
    return symbolic_op("reshape", {x, {to_string(value_of(node).shape()), 0, 3, false}}, 0);
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

template class TensorFormulas<double>;
template class TensorFormulas<float>;

}  // namespace autodiff::detail
