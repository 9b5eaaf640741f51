#include <nn/data/csv.hpp>

#include <nn/data/csv_records.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

namespace nn::data {

namespace {

std::string_view without_blanks(std::string_view text)
{
    const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

enum class Parsed { number, no_number, out_of_range };

/// A number too small for a T is 0, as it would be in a program.
template <class T>
Parsed parse(std::string_view text, T& number)
{
    if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
    const char* const last = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), last, number);
    if (error == std::errc::invalid_argument || stop != last) return Parsed::no_number;
    if (error != std::errc::result_out_of_range) return Parsed::number;
    long double wide = 0;
    if (std::from_chars(text.data(), last, wide).ec != std::errc() || std::abs(wide) > 1)
        return Parsed::out_of_range;
    number = static_cast<T>(wide);
    return Parsed::number;
}

template <class T>
class CsvReader {
public:
    CsvReader(const std::string& path, const CsvOptions& options)
        : options_(options),
          records_(Source("read_csv", path, {.decompressed_limit = options.decompressed_limit}),
                   options.delimiter)
    {
    }

    Table<T> read()
    {
        if (!records_.next())
            records_.fail(options_.header ? "found no line; expected the names of the columns"
                                          : "found no line; expected one at least");
        field_count_ = records_.field_count();
        first_line_ = records_.line();
        for (std::size_t i = 0; options_.header && i < field_count_; ++i)
            header_.emplace_back(without_blanks(records_.field(i)));
        choose_columns();

        bool more = !options_.header || records_.next();
        while (more) {
            read_row();
            more = records_.next();
        }
        const auto columns = static_cast<Index>(columns_.size());
        const Index rows = static_cast<Index>(values_.size()) / columns;
        Table<T> table{.names = {}, .values = Tensor<T>(Shape{rows, columns}, std::span<const T>(values_))};
        for (const std::size_t i : columns_)
            if (options_.header) table.names.push_back(header_[i]);
        return table;
    }

private:
    void choose_columns()
    {
        if (options_.columns.empty()) {
            columns_.resize(field_count_);
            std::iota(columns_.begin(), columns_.end(), std::size_t{0});
        }
        for (const std::string& name : options_.columns) {
            const auto found = std::find(header_.begin(), header_.end(), name);
            if (found == header_.end())
                records_.fail(fmt::format("found the columns {:?}; expected one named {:?}",
                                          fmt::join(header_, ", "), name));
            columns_.push_back(static_cast<std::size_t>(found - header_.begin()));
        }
    }

    void read_row()
    {
        if (records_.field_count() != field_count_)
            records_.fail(fmt::format("found {} fields; expected {}, as in line {}", records_.field_count(),
                                      field_count_, first_line_));
        for (const std::size_t i : columns_) values_.push_back(number(i));
    }

    T number(std::size_t i) const
    {
        const std::string_view text = without_blanks(records_.field(i));
        if (text.empty() && options_.missing) return static_cast<T>(*options_.missing);
        T value = 0;
        const Parsed parsed = parse(text, value);
        if (parsed == Parsed::number) return value;
        const std::string name = options_.header ? fmt::format(" ({})", in_quotes(header_[i])) : "";
        records_.fail(fmt::format("found {} in column {}{}; expected a number{}",
                                  in_quotes(records_.field(i)), i + 1, name, hint(text, parsed)));
    }

    /// What may be the matter, for the end of an error.
    std::string hint(std::string_view text, Parsed parsed) const
    {
        if (parsed == Parsed::out_of_range)
            return std::same_as<T, float> ? " that a float can hold" : " that a double can hold";
        if (text.empty()) return "; CsvOptions::missing says what an empty field stands for";
        if (!options_.header && records_.line() == first_line_)
            return "; if this line names the columns, set CsvOptions::header";
        return "";
    }

    const CsvOptions& options_;
    CsvRecords records_;
    std::size_t field_count_ = 0, first_line_ = 0;
    std::vector<std::string> header_;
    std::vector<std::size_t> columns_;
    std::vector<T> values_;
};

}  // namespace

template <class T>
Table<T> read_csv(const std::string& path, const CsvOptions& options)
{
    if (!options.columns.empty() && !options.header)
        autodiff::fail<autodiff::DomainError>(
            "read_csv: columns are chosen by name, but there is no header; set CsvOptions::header");
    if (std::string_view("\"\r\n").find(options.delimiter) != std::string_view::npos)
        autodiff::fail<autodiff::DomainError>("read_csv: a quote or a line break cannot be the delimiter");
    return CsvReader<T>(path, options).read();
}

template Table<double> read_csv<double>(const std::string&, const CsvOptions&);
template Table<float> read_csv<float>(const std::string&, const CsvOptions&);

}  // namespace nn::data
