#include <autodiff/format.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>

// The rules are those of NumPy's array2string with its default options.

namespace autodiff {

namespace {

constexpr Index most_elements = 1000;  // more are summarised
constexpr Index edge = 3;              // elements shown at either end of an axis
constexpr std::size_t line_width = 75;
constexpr int most_digits = 8;  // after the decimal point

// ---------------------------------------- elements ----------------------------------------------------

/// A number's text in three parts: "-1" "25" "e-05".
struct Digits {
    std::string whole;
    std::string fraction;
    std::string exponent;
};

template <class T>
Digits digits(T value, std::chars_format format, int precision = -1)
{
    char buffer[512];
    const auto end = precision < 0 ? std::to_chars(buffer, std::end(buffer), value, format).ptr
                                   : std::to_chars(buffer, std::end(buffer), value, format, precision).ptr;
    const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
    const std::size_t e = std::min(text.find('e'), text.size());
    const std::size_t point = std::min(text.find('.'), e);
    return {std::string(text.substr(0, point)), std::string(text.substr(point, e - point)).erase(0, 1),
            std::string(text.substr(e))};
}

/// As short as it can be read back, or rounded to most_digits without zeros at the end.
template <class T>
Digits shortest(T value, std::chars_format format)
{
    Digits result = digits(value, format);
    if (result.fraction.size() <= most_digits) return result;
    result = digits(value, format, most_digits);
    result.fraction.erase(result.fraction.find_last_not_of('0') + 1);
    return result;
}

/// One format for all finite numbers of an array.
template <class T>
class FloatingFormat {
public:
    explicit FloatingFormat(const std::vector<T>& values)
    {
        T largest = 0, smallest = std::numeric_limits<T>::infinity();
        for (T value : values) {
            if (!std::isfinite(value) || value == 0) continue;
            largest = std::max(largest, std::abs(value));
            smallest = std::min(smallest, std::abs(value));
        }
        has_exponent_ =
            largest >= T(1e8) || (largest > 0 && (smallest < T(1e-4) || largest / smallest > 1000));
        for (T value : values) {
            if (!std::isfinite(value)) continue;
            const Digits d = shortest(value, style());
            whole_ = std::max(whole_, d.whole.size());
            fraction_ = std::max(fraction_, d.fraction.size());
            exponent_ = std::max(exponent_, d.exponent.size());
        }
    }

    std::string operator()(T value) const
    {
        if (!std::isfinite(value)) return std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
        const Digits d =
            has_exponent_ ? digits(value, style(), static_cast<int>(fraction_)) : shortest(value, style());
        std::string text = std::string(whole_ - d.whole.size(), ' ') + d.whole + '.' + d.fraction;
        if (!has_exponent_) return text.append(fraction_ - d.fraction.size(), ' ');
        return text + d.exponent.substr(0, 2) + std::string(exponent_ - d.exponent.size(), '0') +
               d.exponent.substr(2);
    }

private:
    std::chars_format style() const
    {
        return has_exponent_ ? std::chars_format::scientific : std::chars_format::fixed;
    }

    bool has_exponent_ = false;
    std::size_t whole_ = 0;
    std::size_t fraction_ = 0;
    std::size_t exponent_ = 0;
};

/// The words that stand for the elements, of one width.
template <class T>
std::vector<std::string> words_for(const std::vector<T>& values, std::string_view spec)
{
    std::vector<std::string> words;
    if constexpr (std::is_floating_point_v<T>) {
        if (spec.empty()) {
            const FloatingFormat<T> format(values);
            for (T value : values) words.push_back(format(value));
        }
    } else if constexpr (std::is_same_v<T, bool>) {
        if (spec.empty())
            for (bool value : values) words.push_back(value ? "True" : "False");
    }
    if (words.empty())
        for (T value : values) words.push_back(detail::number_text(value, spec));
    std::size_t width = 0;
    for (const std::string& word : words) width = std::max(width, word.size());
    for (std::string& word : words) word.insert(0, width - word.size(), ' ');
    return words;
}

// ---------------------------------------- lines and brackets ------------------------------------------

/// The positions along an axis that are shown; -1 stands for those left out.
std::vector<Index> shown_positions(Index size, bool is_summary)
{
    std::vector<Index> positions;
    for (Index i = 0; i < size; ++i) {
        if (!is_summary || size <= 2 * edge || i < edge || i >= size - edge) positions.push_back(i);
        else if (i == edge) positions.push_back(-1);
    }
    return positions;
}

template <class T>
void collect(const Array<T>& array, const T* at, std::size_t axis, bool is_summary, std::vector<T>& values)
{
    if (axis == array.rank()) return values.push_back(*at);
    for (Index i : shown_positions(array.shape()[axis], is_summary))
        if (i >= 0) collect(array, at + i * array.strides()[axis], axis + 1, is_summary, values);
}

class Layout {
public:
    Layout(const Shape& shape, bool is_summary, const std::vector<std::string>& words)
        : shape_(shape), is_summary_(is_summary), word_(words.begin())
    {
    }

    /// The part of the array from `axis` on, within brackets; the lines after the first are indented.
    std::string text(std::size_t axis, std::size_t indent, std::size_t width)
    {
        if (axis == shape_.rank()) return *word_++;
        return '[' + (axis + 1 == shape_.rank() ? row(indent, width) : blocks(axis, indent, width)) + ']';
    }

private:
    std::string row(std::size_t indent, std::size_t width)
    {
        std::string lines;
        std::string line(indent, ' ');
        const std::vector<Index> positions = shown_positions(shape_.back(), is_summary_);
        for (std::size_t i = 0; i < positions.size(); ++i) {
            const std::string word = positions[i] < 0 ? "..." : *word_++;
            const bool is_full = line.size() + word.size() > width - 1;
            if (is_full && line.size() > indent) {
                lines += line.erase(line.find_last_not_of(' ') + 1) + '\n';
                line.assign(indent, ' ');
            }
            line += word;
            if (i + 1 < positions.size()) line += ' ';
        }
        return (lines + line).substr(indent);
    }

    std::string blocks(std::size_t axis, std::size_t indent, std::size_t width)
    {
        std::string lines;
        for (Index i : shown_positions(shape_[axis], is_summary_)) {
            if (!lines.empty())
                lines += std::string(shape_.rank() - axis - 1, '\n') + std::string(indent, ' ');
            lines += i < 0 ? "..." : text(axis + 1, indent + 1, width - 1);
        }
        return lines;
    }

    const Shape& shape_;
    bool is_summary_;
    std::vector<std::string>::const_iterator word_;
};

}  // namespace

template <class T>
std::string to_string(const Array<T>& array, std::string_view spec)
{
    if (array.size() == 0) return "[]";
    if (std::is_floating_point_v<T> && array.rank() == 0 && spec.empty()) {
        const std::string text = detail::number_text(array.item(), spec);
        const bool is_whole = text.find_first_not_of("-0123456789") == std::string::npos;
        return is_whole ? text + ".0" : text;
    }
    const bool is_summary = array.size() > most_elements;
    std::vector<T> values;
    collect(array, array.data(), 0, is_summary, values);
    return Layout(array.shape(), is_summary, words_for(values, spec)).text(0, 1, line_width);
}

namespace detail {

template <class T>
std::string number_text(T value, std::string_view spec)
{
    return fmt::vformat(fmt::format("{{:{}}}", spec), fmt::make_format_args(value));
}

std::string dual_text(const std::string& value, const std::string& tangent, bool are_sums)
{
    if (are_sums) return "(" + value + ") + (" + tangent + ")ε";
    if (tangent.starts_with('-')) return value + " - " + tangent.substr(1) + "ε";
    return value + " + " + tangent + "ε";
}

template std::string number_text(double, std::string_view);
template std::string number_text(float, std::string_view);
template std::string number_text(Index, std::string_view);
template std::string number_text(int, std::string_view);
template std::string number_text(bool, std::string_view);

}  // namespace detail

template std::string to_string(const Array<double>&, std::string_view);
template std::string to_string(const Array<float>&, std::string_view);
template std::string to_string(const Array<Index>&, std::string_view);
template std::string to_string(const Array<bool>&, std::string_view);

}  // namespace autodiff
