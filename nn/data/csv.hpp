#pragma once

#include <nn/data/elements.hpp>

#include <optional>
#include <string>
#include <vector>

namespace nn::data {

/// How a file of numbers in text is read.
struct CsvOptions {
    char delimiter = ',';  ///< between the fields of a line
    /// Whether the first line names the columns.
    bool header = false;
    /// The columns to read, by name and in this order; all if empty. Needs a header.
    std::vector<std::string> columns = {};
    /// What an empty field stands for; none: an empty field is an error.
    std::optional<double> missing = {};
    /// In bytes, of what gzip had compressed; a larger file is an error.
    std::uint64_t decompressed_limit = ReadOptions{}.decompressed_limit;
};

/// Numbers in rows, with the names of the columns if there are any.
template <class T>
struct Table {
    std::vector<std::string> names;  ///< of the columns, from the header; empty if there is none
    Tensor<T> values;                ///< (rows, columns)
};

/// Comma-separated numbers, as RFC 4180 has them: fields may stand in double quotes, within which a delimiter
/// or a line break is text and "" is one quote. Beyond it, lines may end with \n alone; a byte order mark and
/// lines without a character are skipped, as are blanks around a number and a plus sign before it. gzip may
/// have compressed the file.
///
///     const auto [names, values] = read_csv<float>("iris.csv", {.header = true});
///
/// @throws FileError with line, column and text, for a file that cannot be read, a field that is not a number
/// that T can hold, and a line with more or fewer fields than the first.
template <class T = double>
Table<T> read_csv(const std::string& path, const CsvOptions& options = {});

}  // namespace nn::data
