#pragma once

#include <autodiff/anomalies.hpp>
#include <autodiff/error.hpp>
#include <support/errors.hpp>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include <string>

namespace autodiff::tests {

// Not std::source_location, which clang 14 does not have.
inline int this_line(int line = __builtin_LINE()) { return line; }

/// What AnomalyError says when f runs under DetectAnomalies.
template <class F>
std::string anomaly(F&& f)
{
    const DetectAnomalies scope;
    return error_text<AnomalyError>(f);
}

/// The text names this line of the file that calls.
inline void check_line(const std::string& text, int line, const char* file = __builtin_FILE())
{
    const std::string path = file, name = path.substr(path.rfind('/') + 1);
    BOOST_TEST(text.find(fmt::format("/{}:{}", name, line)) != std::string::npos,
               text << " does not name line " << line);
}
inline void check_text(const std::string& text, const std::string& beginning, int line,
                       const char* file = __builtin_FILE())
{
    BOOST_TEST(text.substr(0, text.find("; computed in")) == beginning);
    check_line(text, line, file);
}

}  // namespace autodiff::tests
