#include <nn/io/safetensors_header.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <optional>
#include <set>
#include <utility>

namespace nn::io {

namespace {

using autodiff::Index;
using data::ElementType;
using data::in_quotes;
using nlohmann::json;

/// As much as the format's own library reads.
constexpr std::uint64_t longest_header = 100'000'000;
constexpr std::string_view metadata_key = "__metadata__";

/// In the order of ElementType.
constexpr std::array<std::string_view, 11> type_names{"BOOL", "U8",  "I8",  "U16", "I16", "U32",
                                                      "I32",  "U64", "I64", "F32", "F64"};

/// Characters for the parser, which tells nobody else where it stands.
struct Cursor {
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    const char* at = nullptr;
    const char** reached = nullptr;

    reference operator*() const { return *at; }
    Cursor& operator++()
    {
        *reached = ++at;
        return *this;
    }
    Cursor operator++(int)
    {
        const Cursor before = *this;
        ++*this;
        return before;
    }
    friend bool operator==(const Cursor& a, const Cursor& b) { return a.at == b.at; }
};

/// Takes the parser's events one by one, so that nothing that does not belong there is ever stored:
///   {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, "__metadata__": {"key": "text"}}
class HeaderReader final : public nlohmann::json_sax<json> {
public:
    HeaderReader(const Source& source, std::string_view text, std::uint64_t offset)
        : source_(source), text_(text), offset_(offset)
    {
    }

    SafetensorsHeader read()
    {
        reached_ = text_.data();
        json::sax_parse(Cursor{text_.data(), &reached_}, Cursor{text_.data() + text_.size(), &reached_},
                        this);
        return std::move(header_);
    }

    // What the parser calls.
    bool start_object(std::size_t) override
    {
        if (place_ == Place::outside) place_ = Place::file;
        else if (place_ == Place::file) {
            place_ = name_ == metadata_key ? Place::metadata : Place::tensor;
            entry_ = {};
            entry_.name = name_;
            seen_.clear();
        } else fail("an object");
        return true;
    }
    bool end_object() override
    {
        if (place_ == Place::tensor) {
            for (const char* const needed : {"dtype", "shape", "data_offsets"})
                if (!seen_.contains(needed)) fail("the end of the object", fmt::format("\"{}\"", needed));
            header_.entries.push_back(std::move(entry_));
        }
        place_ = place_ == Place::file ? Place::outside : Place::file;
        return true;
    }
    bool key(string_t& key) override
    {
        std::set<std::string, std::less<>>& keys = place_ == Place::file ? names_ : seen_;
        if (!keys.insert(key).second) fail(in_quotes(key) + " once more", "each name once");
        (place_ == Place::file ? name_ : key_) = key;
        if (place_ == Place::tensor && key != "dtype" && key != "shape" && key != "data_offsets")
            fail(in_quotes(key), "\"dtype\", \"shape\" or \"data_offsets\"");
        return true;
    }
    bool string(string_t& text) override
    {
        if (place_ == Place::metadata) header_.metadata.emplace(key_, text);
        else if (place_ == Place::tensor && key_ == "dtype") entry_.type = type_of(text);
        else fail(in_quotes(text));
        return true;
    }
    bool start_array(std::size_t) override
    {
        if (place_ != Place::tensor || key_ == "dtype") fail("an array");
        place_ = key_ == "shape" ? Place::shape : Place::offsets;
        offsets_ = 0;
        return true;
    }
    bool end_array() override
    {
        if (place_ == Place::offsets && offsets_ != 2) fail("one offset", "two, of begin and end");
        place_ = Place::tensor;
        return true;
    }
    bool number_unsigned(number_unsigned_t number) override
    {
        if (place_ == Place::shape) {
            if (number > static_cast<std::uint64_t>(std::numeric_limits<Index>::max()))
                fail(fmt::to_string(number), "a size below 2^63");
            if (entry_.shape.rank() == autodiff::max_rank)
                fail("one more size", fmt::format("at most {} axes", autodiff::max_rank));
            entry_.shape.push_back(static_cast<Index>(number));
        } else if (place_ == Place::offsets) {
            if (offsets_ == 2) fail(fmt::to_string(number), "two offsets, of begin and end");
            (offsets_++ == 0 ? entry_.begin : entry_.end) = number;
        } else fail(fmt::to_string(number));
        return true;
    }
    bool number_integer(number_integer_t number) override { fail(fmt::to_string(number)); }
    bool number_float(number_float_t, const string_t& text) override { fail(text); }
    bool null() override { fail("null"); }
    bool boolean(bool value) override { fail(value ? "true" : "false"); }
    bool binary(binary_t&) override { fail("bytes"); }
    bool parse_error(std::size_t, const std::string& token, const json::exception& error) override
    {
        const std::string_view text = error.what();
        const std::size_t reason = text.rfind("; ");
        fail(in_quotes(token),
             reason == text.npos ? "JSON" : fmt::format("JSON ({})", text.substr(reason + 2)));
    }

private:
    enum class Place { outside, file, metadata, tensor, shape, offsets };

    ElementType type_of(const std::string& name) const
    {
        const auto* const found = std::find(type_names.begin(), type_names.end(), name);
        if (found == type_names.end())
            fail(in_quotes(name), fmt::format("one of {}", fmt::join(type_names, ", ")));
        return static_cast<ElementType>(found - type_names.begin());
    }

    std::string expected_here() const
    {
        switch (place_) {
            case Place::outside: return "an object";
            case Place::file: return "an object with the entries of a tensor";
            case Place::metadata: return "a text";
            case Place::shape: return "a size below 2^63";
            case Place::offsets: return "an offset";
            case Place::tensor: break;
        }
        return key_ == "dtype" ? "a text" : "an array";
    }
    [[noreturn]] void fail(std::string_view found) const { fail(found, expected_here()); }
    [[noreturn]] void fail(std::string_view found, std::string_view expected) const
    {
        const auto place = offset_ + static_cast<std::uint64_t>(reached_ - text_.data());
        source_.fail_at(place, "found {}{}; expected {}", found,
                        name_.empty() ? "" : " at " + in_quotes(name_), expected);
    }

    const Source& source_;
    std::string_view text_;
    std::uint64_t offset_;
    const char* reached_ = nullptr;

    Place place_ = Place::outside;
    std::set<std::string, std::less<>> names_, seen_;
    std::string name_, key_;
    SafetensorsEntry entry_;
    int offsets_ = 0;
    SafetensorsHeader header_;
};

/// The elements must follow one another from the first byte on, each tensor with as many as its shape says.
void check_places(const Source& source, std::vector<SafetensorsEntry>& entries, std::uint64_t offset)
{
    std::ranges::sort(entries, {}, [](const SafetensorsEntry& e) { return std::pair(e.begin, e.end); });
    std::uint64_t expected = 0;
    for (const auto& [name, type, shape, begin, end] : entries) {
        if (begin != expected || end < begin)
            source.fail_at(
                offset,
                "found {} at data_offsets [{}, {}]; expected its begin at {}, where the one before ends",
                in_quotes(name), begin, end, expected);
        const std::uint64_t bytes = data::byte_count(source, offset, shape, type);
        if (end - begin != bytes)
            source.fail_at(
                offset, "found {} at data_offsets [{}, {}]; expected {} bytes, as its shape is {} of {}",
                in_quotes(name), begin, end, bytes, shape, type_names[static_cast<std::size_t>(type)]);
        expected = end;
    }
    source.expect(expected, "the elements");
}

/// A text of JSON. (Only texts: objects of the parser's library allocate when they are destroyed, which ends
/// the program where there is no memory.)
std::string in_json(std::string_view text)
{
    try {
        return json(text).dump();
    } catch (const json::type_error&) {
        autodiff::fail<autodiff::DomainError>("write_safetensors: a name or a text is not UTF-8");
    }
}

}  // namespace

SafetensorsHeader read_safetensors_header(Source& source)
{
    const auto length_bytes = source.take(8, "the length of the header");
    std::uint64_t length = 0;
    for (std::size_t i = length_bytes.size(); i-- > 0;)
        length = length * 256 + std::to_integer<std::uint64_t>(length_bytes[i]);
    if (length > longest_header)
        source.fail_at(0, "found a header of {} bytes; expected at most {}", length, longest_header);

    const std::uint64_t offset = source.offset();
    const auto bytes = source.take(length, "the header");
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (!text.starts_with('{'))
        source.fail_at(offset, "found {}; expected '{{'", in_quotes(text.substr(0, 1)));
    SafetensorsHeader header = HeaderReader(source, text, offset).read();
    check_places(source, header.entries, source.offset());
    return header;
}

std::string safetensors_header(const SafetensorsHeader& header)
{
    std::string text;
    const auto add = [&text](std::string_view name, std::string_view value) {
        text += fmt::format("{}{}:{}", text.empty() ? "{" : ",", in_json(name), value);
    };
    if (!header.metadata.empty()) {
        std::string texts;
        for (const auto& [key, value] : header.metadata)
            texts += fmt::format("{}{}:{}", texts.empty() ? "" : ",", in_json(key), in_json(value));
        add(metadata_key, "{" + texts + "}");
    }
    for (const auto& [name, type, shape, begin, end] : header.entries)
        add(name, fmt::format(R"({{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}})",
                              type_names[static_cast<std::size_t>(type)], fmt::join(shape, ","), begin, end));
    text += text.empty() ? "{}" : "}";
    text.append((8 - text.size() % 8) % 8, ' ');
    std::string length(8, '\0');
    for (std::size_t i = 0; i < 8; ++i) length[i] = static_cast<char>(text.size() >> 8 * i & 0xff);
    return length + text;
}

}  // namespace nn::io
