#pragma once

#include <autodiff/anomalies.hpp>
#include <autodiff/error.hpp>
#include <support/errors.hpp>

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

#include <source_location>
#include <string>

namespace autodiff::tests {

inline unsigned this_line(std::source_location at = std::source_location::current()) { return at.line(); }

/// What AnomalyError says when f runs under DetectAnomalies.
template <class F>
std::string anomaly(F&& f)
{
    const DetectAnomalies scope;
    return error_text<AnomalyError>(f);
}

inline std::string file_name(const std::source_location& at)
{
    const std::string path = at.file_name();
    return path.substr(path.rfind('/') + 1);
}

/// The text names this line of the file.
inline void check_line(const std::string& text, unsigned line,
                       std::source_location at = std::source_location::current())
{
    BOOST_TEST(text.find(fmt::format("/{}:{}", file_name(at), line)) != std::string::npos,
               text << " does not name line " << line);
}
inline void check_text(const std::string& text, const std::string& beginning, unsigned line,
                       std::source_location at = std::source_location::current())
{
    BOOST_TEST(text.substr(0, text.find("; computed in")) == beginning);
    check_line(text, line, at);
}

}  // namespace autodiff::tests
