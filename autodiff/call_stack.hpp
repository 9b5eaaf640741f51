#pragma once

// Which line of a user's program has called the library: the stack's addresses, and what the debug
// information says of them (decision 0016).

#include <cstdint>
#include <string>
#include <vector>

namespace autodiff::detail {

/// The addresses of the calls that have led here, innermost first.
using CallStack = std::vector<std::uintptr_t>;
CallStack call_stack();

/// The innermost call outside the library, as "file:line"; without debug information the name of the function
/// and what to do about it. `header` is any header of the library, as the user's compiler names it.
std::string users_line(const CallStack& stack, const std::string& header);

}  // namespace autodiff::detail
