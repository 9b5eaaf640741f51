#include <nn/data/npy_format.hpp>

#include <algorithm>
#include <charconv>

namespace nn::data {

namespace {

constexpr std::string_view magic = "\x93NUMPY";
/// NumPy itself needs some hundred bytes, and refuses more than 10000.
constexpr std::uint64_t longest_header = std::uint64_t{1} << 16;

std::string_view as_text(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Reads {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }, whose keys may come in any order.
class HeaderParser {
public:
    HeaderParser(const Source& source, std::string_view text, std::uint64_t offset)
        : source_(source), text_(text), offset_(offset)
    {
    }

    NpyHeader parse()
    {
        bool has_type = false, has_order = false, has_shape = false;
        expect("{");
        while (!accept("}")) {
            const std::size_t begin = position_;
            const std::string_view key = quoted();
            expect(":");
            bool& seen = key == "descr"           ? has_type
                         : key == "fortran_order" ? has_order
                         : key == "shape"         ? has_shape
                                                  : unknown_key(begin);
            if (seen) fail(begin, "each key once");
            seen = true;
            if (key == "descr") parse_type();
            else if (key == "shape") parse_shape();
            else parse_order();
            if (!accept(",") && !rest().starts_with("}")) fail(position_, "',' or '}'");
        }
        if (!has_type || !has_order || !has_shape)
            fail(position_, "the keys 'descr', 'fortran_order' and 'shape' before the end");
        skip_blanks();
        if (position_ < text_.size()) fail(position_, "the end of the header");
        return header_;
    }

private:
    void parse_type()
    {
        skip_blanks();
        const std::size_t begin = position_;
        if (rest().starts_with("[")) fail(begin, "one type of element, not a structure");
        const std::string_view type = quoted();
        constexpr std::string_view names[] = {"b1", "u1", "i1", "u2", "i2", "u4",
                                              "i4", "u8", "i8", "f4", "f8"};
        const auto* const found =
            type.empty() ? std::end(names) : std::find(std::begin(names), std::end(names), type.substr(1));
        if (found == std::end(names) || std::string_view("<>|=").find(type[0]) == std::string_view::npos)
            fail(begin, "'<', '>', '=' or '|' and one of b1, i1, i2, i4, i8, u1, u2, u4, u8, f4, f8");
        header_.type = static_cast<ElementType>(found - std::begin(names));
        header_.order = type[0] == '<'   ? std::endian::little
                        : type[0] == '>' ? std::endian::big
                                         : std::endian::native;
    }

    void parse_order()
    {
        header_.column_major = accept("True");
        if (!header_.column_major && !accept("False")) fail(position_, "True or False");
    }

    void parse_shape()
    {
        expect("(");
        while (!accept(")")) {
            if (header_.shape.rank() == autodiff::max_rank)
                fail(position_, fmt::format("at most {} axes", autodiff::max_rank));
            header_.shape.push_back(size());
            accept("L");  // the mark of a long integer in Python 2
            if (!accept(",") && !rest().starts_with(")")) fail(position_, "',' or ')'");
        }
    }

    Index size()
    {
        skip_blanks();
        Index value = 0;
        const auto [end, error] =
            std::from_chars(text_.data() + position_, text_.data() + text_.size(), value);
        if (error != std::errc{} || value < 0) fail(position_, "a size below 2^63");
        position_ = static_cast<std::size_t>(end - text_.data());
        return value;
    }

    std::string_view quoted()
    {
        skip_blanks();
        if (!rest().starts_with("'") && !rest().starts_with("\"")) fail(position_, "a text in quotes");
        const std::size_t end = text_.find(text_[position_], position_ + 1);
        if (end == std::string_view::npos) fail(position_, "a closing quote");
        const std::string_view text = text_.substr(position_ + 1, end - position_ - 1);
        position_ = end + 1;
        return text;
    }

    bool accept(std::string_view word)
    {
        skip_blanks();
        const bool found = rest().starts_with(word);
        if (found) position_ += word.size();
        skip_blanks();
        return found;
    }
    void expect(std::string_view word)
    {
        if (!accept(word)) fail(position_, fmt::format("'{}'", word));
    }
    void skip_blanks()
    {
        while (position_ < text_.size() &&
               std::string_view(" \t\r\n").find(text_[position_]) != std::string_view::npos)
            ++position_;
    }
    std::string_view rest() const { return text_.substr(position_); }

    [[noreturn]] bool& unknown_key(std::size_t position) const
    {
        fail(position, "the key 'descr', 'fortran_order' or 'shape'");
    }
    [[noreturn]] void fail(std::size_t position, std::string_view expected) const
    {
        source_.fail_at(offset_ + position, "found {}; expected {}",
                        position < text_.size() ? in_quotes(text_.substr(position)) : "the end of the header",
                        expected);
    }

    const Source& source_;
    std::string_view text_;
    std::uint64_t offset_;
    std::size_t position_ = 0;
    NpyHeader header_{};
};

}  // namespace

NpyHeader read_npy_header(Source& source)
{
    const auto start = source.take(magic.size() + 2, "the magic number and the version");
    if (as_text(start).substr(0, magic.size()) != magic)
        source.fail_at(0, "found {}; expected {}, with which a .npy file begins",
                       in_hexadecimal(std::span(start).first(magic.size())),
                       in_hexadecimal(std::as_bytes(std::span(magic))));
    const auto major = std::to_integer<int>(start[6]), minor = std::to_integer<int>(start[7]);
    if (major < 1 || major > 3 || minor != 0)
        source.fail_at(magic.size(), "found version {}.{}; expected 1.0, 2.0 or 3.0", major, minor);

    const std::uint64_t length_offset = source.offset();
    const auto length_bytes = source.take(major == 1 ? 2 : 4, "the length of the header");
    std::uint64_t length = 0;
    for (std::size_t i = length_bytes.size(); i-- > 0;)
        length = length * 256 + std::to_integer<std::uint64_t>(length_bytes[i]);
    if (length > longest_header)
        source.fail_at(length_offset, "found a header of {} bytes; expected at most {}", length,
                       longest_header);

    const std::uint64_t offset = source.offset();
    const auto text = source.take(length, "the header");
    return HeaderParser(source, as_text(text), offset).parse();
}

std::string npy_header(const AnyArray& array)
{
    const char order = std::endian::native == std::endian::little ? '<' : '>';
    std::string text = array.visit([&]<class T>(const Array<T>& a) {
        const std::string type = std::same_as<T, bool>    ? "|b1"
                                 : std::same_as<T, Index> ? fmt::format("{}i8", order)
                                                          : fmt::format("{}f{}", order, sizeof(T));
        return fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}", type, a.shape());
    });
    const std::size_t before = magic.size() + 4;  // version and length
    text.append(63 - (before + text.size()) % 64, ' ');
    text += '\n';
    const auto length = static_cast<unsigned>(text.size());
    return fmt::format("{}\x01", magic) + '\0' + static_cast<char>(length % 256) +
           static_cast<char>(length / 256) + text;
}

}  // namespace nn::data
