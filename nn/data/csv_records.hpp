#pragma once

// The records of a CSV file, one at a time (RFC 4180).

#include <nn/data/source.hpp>

namespace nn::data {

/// The records of a CSV file (RFC 4180), one after the other.
class CsvRecords {
public:
    CsvRecords(Source source, char delimiter);

    /// Reads the next record; false at the end of the file.
    bool next();
    /// Of the record that next() has read.
    std::size_t field_count() const { return ends_.size(); }
    /// Without its quotes.
    std::string_view field(std::size_t i) const
    {
        const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
        return std::string_view(text_).substr(begin, ends_[i] - begin);
    }
    /// The line on which the record begins, from 1.
    std::size_t line() const { return record_line_; }
    /// Throws a FileError: "read_csv: file, line 3: …".
    [[noreturn]] void fail(std::string_view text) const;

private:
    static constexpr int end = -1;

    int peek()
    {
        if (position_ == size_ && !refill()) return end;
        return static_cast<unsigned char>(buffer_[position_]);
    }
    bool refill();
    bool at_break();
    void skip_break();
    void read_field();
    void read_plain();
    void read_quoted();
    void keep(const char* first, std::size_t count);

    Source source_;
    char delimiter_;
    std::vector<char> buffer_;
    std::size_t position_ = 0, size_ = 0;
    std::size_t line_ = 1, record_line_ = 1;
    std::string text_;               // the fields of the record, one after the other
    std::vector<std::size_t> ends_;  // and where each of them ends
};

}  // namespace nn::data
