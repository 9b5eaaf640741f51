#include <autodiff/error.hpp>
#include <autodiff/ops/einsum_notation.hpp>

#include <algorithm>
#include <optional>

namespace autodiff::detail {

namespace {

constexpr char ellipsis = '.';
constexpr Index unknown = -1;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// What is written, before it meets shapes: letters, and one '.' for an ellipsis.
struct Written {
    std::vector<Labels> operands{Labels{}};
    std::optional<Labels> output;
};

Written parsed(std::string_view text)
{
    Written written;
    const auto unexpected = [&](std::size_t position) {
        fail<DomainError>(
            "einsum \"{}\": unexpected '{}' at position {}; labels are letters, \"...\" stands for any "
            "axes, ',' separates operands and \"->\" precedes the output",
            text, text[position], position);
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        Labels& term = written.output ? *written.output : written.operands.back();
        if (text[i] == ' ') continue;
        if (is_letter(text[i])) term += text[i];
        else if (text.substr(i, 3) == "..." && term.find(ellipsis) == Labels::npos) {
            term += ellipsis;
            i += 2;
        } else if (text[i] == ',' && !written.output) written.operands.emplace_back();
        else if (text.substr(i, 2) == "->" && !written.output) {
            written.output.emplace();
            ++i;
        } else unexpected(i);
    }
    return written;
}

/// The ellipsis, and the labels that occur once, in alphabetical order.
Labels implicit_output(const Written& written)
{
    std::array<int, 128> count{};
    for (const Labels& labels : written.operands)
        for (char label : labels) ++count[static_cast<unsigned char>(label)];
    Labels output;
    if (count[ellipsis] > 0) output += ellipsis;
    for (char label = 'A'; label <= 'z'; ++label)
        if (count[static_cast<unsigned char>(label)] == 1) output += label;
    return output;
}

Labels ellipsis_labels(std::size_t count)
{
    Labels labels;
    for (std::size_t i = count; i > 0; --i) labels += static_cast<char>(i);
    return labels;
}

/// An operand's labels with its ellipsis written out.
Labels labels_of_axes(std::string_view notation, std::size_t operand, Labels labels, const Shape& shape)
{
    const std::size_t place = labels.find(ellipsis);
    const bool has_ellipsis = place != Labels::npos;
    const std::size_t letters = labels.size() - (has_ellipsis ? 1 : 0);
    if (has_ellipsis ? letters > shape.rank() : letters != shape.rank())
        fail<ShapeError>("einsum \"{}\": operand {} has shape {}, but {} labels{}", notation, operand, shape,
                         letters,
                         has_ellipsis ? " beside the ellipsis" : "; write \"...\" for axes without a label");
    if (has_ellipsis) labels.replace(place, 1, ellipsis_labels(shape.rank() - letters));
    return labels;
}

/// Notes the sizes of an operand's labels. Axes under an ellipsis may be stretched from size 1.
void match_sizes(std::string_view notation, const Labels& labels, const Shape& shape, EinsumNotation& result,
                 std::array<std::size_t, 128>& known_from, std::size_t operand)
{
    for (std::size_t axis = 0; axis < labels.size(); ++axis) {
        const auto label = static_cast<unsigned char>(labels[axis]);
        const Index size = shape[axis];
        Index& known = result.sizes[label];
        if (known == unknown || (!is_letter(labels[axis]) && known == 1)) {
            known = size;
            known_from[label] = operand;
        } else if (known != size && (is_letter(labels[axis]) || size != 1)) {
            const std::string name = is_letter(labels[axis]) ? fmt::format("label '{}'", labels[axis])
                                                             : fmt::format("axis -{} of the ellipsis", label);
            fail<ShapeError>(
                "einsum \"{}\": {} has size {} in operand {}, but size {} in operand {} of shape {}",
                notation, name, known, known_from[label], size, operand, shape);
        }
    }
}

void check_output(std::string_view notation, const EinsumNotation& read)
{
    for (std::size_t i = 0; i < read.output.size(); ++i) {
        const char label = read.output[i];
        if (read.sizes[static_cast<unsigned char>(label)] == unknown)
            fail<AxisError>("einsum \"{}\": no operand has the label '{}' of the output", notation, label);
        if (read.output.find(label, i + 1) != Labels::npos)
            fail<AxisError>("einsum \"{}\": the label '{}' is twice in the output", notation, label);
    }
}

}  // namespace

EinsumNotation read_einsum(std::string_view notation, std::span<const Shape> shapes)
{
    const Written written = parsed(notation);
    if (written.operands.size() != shapes.size())
        fail<ShapeError>("einsum \"{}\": {} operands in the notation, but {} given", notation,
                         written.operands.size(), shapes.size());
    EinsumNotation result;
    result.sizes.fill(unknown);
    std::array<std::size_t, 128> known_from{};
    std::size_t ellipsis_rank = 0;
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        const Labels& as_written = written.operands[i];
        const Labels labels = labels_of_axes(notation, i, as_written, shapes[i]);
        match_sizes(notation, labels, shapes[i], result, known_from, i);
        if (as_written.find(ellipsis) != Labels::npos)
            ellipsis_rank = std::max(ellipsis_rank, labels.size() + 1 - as_written.size());
        result.operands.push_back(labels);
    }
    result.output = written.output.value_or(implicit_output(written));
    const std::size_t place = result.output.find(ellipsis);
    if (place != Labels::npos) result.output.replace(place, 1, ellipsis_labels(ellipsis_rank));
    else if (ellipsis_rank > 0)
        fail<AxisError>(
            "einsum \"{}\": the output has no place for the axes under the ellipsis; write \"...\" in it",
            notation);
    check_output(notation, result);
    return result;
}

}  // namespace autodiff::detail
