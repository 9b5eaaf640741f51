#include <nn/data/csv_records.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace nn::data {

namespace {

constexpr std::size_t longest_record = std::size_t{1} << 24;
constexpr std::size_t most_fields = std::size_t{1} << 20;  // empty ones take memory, too

}  // namespace

CsvRecords::CsvRecords(Source source, char delimiter)
    : source_(std::move(source)), delimiter_(delimiter), buffer_(std::size_t{1} << 16)
{
    constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
    refill();
    if (std::string_view(buffer_.data(), size_).starts_with(byte_order_mark))
        position_ = byte_order_mark.size();
}

void CsvRecords::fail(std::string_view text) const
{
    source_.fail_in(fmt::format("line {}", record_line_), text);
}

bool CsvRecords::refill()
{
    position_ = 0;
    size_ = source_.read(std::as_writable_bytes(std::span(buffer_)));
    return size_ > 0;
}

/// At the end of a line, or of the file. A return that no line feed follows is text.
bool CsvRecords::at_break()
{
    const int c = peek();
    if (c == '\n' || c == end) return true;
    if (c != '\r') return false;
    if (position_ + 1 == size_) {  // the next byte is not here yet: make room for it behind this one
        buffer_[0] = '\r';
        position_ = 0;
        size_ = 1 + source_.read(std::as_writable_bytes(std::span(buffer_).subspan(1)));
    }
    return size_ > position_ + 1 && buffer_[position_ + 1] == '\n';
}

void CsvRecords::skip_break()
{
    if (peek() == '\r') ++position_;
    if (peek() == end) return;
    ++position_;
    ++line_;
}

bool CsvRecords::next()
{
    text_.clear();
    ends_.clear();
    while (peek() != end && at_break()) skip_break();
    record_line_ = line_;
    if (peek() == end) return false;
    read_field();
    while (peek() == static_cast<unsigned char>(delimiter_)) {
        ++position_;
        read_field();
    }
    skip_break();
    return true;
}

void CsvRecords::read_field()
{
    if (peek() == '"') read_quoted();
    else read_plain();
    if (ends_.size() == most_fields)
        fail(fmt::format("found more than {} fields; expected the end of the line", most_fields));
    ends_.push_back(text_.size());
}

void CsvRecords::keep(const char* first, std::size_t count)
{
    text_.append(first, count);
    if (text_.size() > longest_record)
        fail(fmt::format("found more than {} bytes; expected the end of the line: is a quote left open?",
                         longest_record));
}

void CsvRecords::read_plain()
{
    const std::size_t begin = text_.size();
    while (peek() != static_cast<unsigned char>(delimiter_) && !at_break()) {
        const char* const first = buffer_.data() + position_;
        const char* const last = buffer_.data() + size_;
        const char* const stop = std::find_if(first + 1, last, [this](char c) {
            return c == delimiter_ || c == '\n' || c == '\r' || c == '"';
        });
        keep(first, static_cast<std::size_t>(stop - first));
        position_ += static_cast<std::size_t>(stop - first);
        if (peek() == '"')
            fail(fmt::format("found a quote after {} in column {}; expected none but around a whole field",
                             in_quotes(std::string_view(text_).substr(begin)), ends_.size() + 1));
    }
}

void CsvRecords::read_quoted()
{
    ++position_;
    while (true) {
        const int c = peek();
        if (c == end)
            fail(fmt::format("found the end of the file in column {}; expected a quote that closes the field",
                             ends_.size() + 1));
        const char kept = static_cast<char>(c);
        ++position_;
        if (c == '"') {
            if (peek() != '"') break;
            ++position_;
        }
        if (c == '\n') ++line_;
        keep(&kept, 1);
    }
    if (peek() != static_cast<unsigned char>(delimiter_) && !at_break()) {
        const char found = static_cast<char>(peek());
        fail(
            fmt::format("found {} after the quote that closes column {}; expected a delimiter or the end of "
                        "the line",
                        in_quotes({&found, 1}), ends_.size() + 1));
    }
}

}  // namespace nn::data
