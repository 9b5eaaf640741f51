#pragma once

#include <boost/test/unit_test.hpp>

#include <string>

namespace autodiff::tests {

/// The text of the E that f throws; a failed test if it throws none.
template <class E, class F>
std::string error_text(F&& f)
{
    try {
        f();
    } catch (const E& error) {
        return error.what();
    }
    BOOST_ERROR("nothing was thrown");
    return {};
}

}  // namespace autodiff::tests
