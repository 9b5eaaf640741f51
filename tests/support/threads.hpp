#pragma once

#include <autodiff/threads.hpp>

namespace autodiff::tests {

/// Sets the number of threads for a scope.
struct Threads {
    explicit Threads(int count) { set_num_threads(count); }
    Threads(const Threads&) = delete;
    Threads& operator=(const Threads&) = delete;
    ~Threads() { set_num_threads(before); }
    int before = num_threads();
};

}  // namespace autodiff::tests
