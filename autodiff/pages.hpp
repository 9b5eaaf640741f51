#pragma once

// Pages of memory from the system, in a file of their own: tests that count memory, or let it run out, bring
// others.

#include <cstddef>

namespace autodiff::detail {

/// Fresh pages, or null if there are none; at `wanted`, if that is not null.
char* take_pages(std::size_t bytes, char* wanted = nullptr) noexcept;
/// Gives pages back, which may be a part of what was taken; says whether the system took them.
bool give_back_pages(void* pages, std::size_t bytes) noexcept;

}  // namespace autodiff::detail
