#pragma once

#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

namespace autodiff::tests {

/// f() in a process of its own, which ends with the exit code that f returns, or with 100 for an exception.
template <class F>
pid_t start_child(F f)
{
    const pid_t child = fork();
    if (child != 0) return child;
    int code = 100;
    try {
        code = f();
    } catch (...) {
    }
    _exit(code);
}

/// The exit code of f in a process of its own, -1 if a signal ended it.
template <class F>
int exit_code_in_child(F f)
{
    int status = 0;
    waitpid(start_child(f), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace autodiff::tests
