#pragma once

// Every error this library throws derives from autodiff::Error. The text names the op, the shapes or
// values that were wrong, and the cure; it is thrown at the public call, before anything is changed.

#include <fmt/core.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace autodiff {

/// What all errors of the library are, so that one `catch` has them all.
struct Error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Shapes that do not fit together, or do not fit the op.
struct ShapeError : Error {
    using Error::Error;
};

/// An axis that the array does not have, or that is named twice.
struct AxisError : Error {
    using Error::Error;
};

/// An index outside its array.
struct IndexError : Error {
    using Error::Error;
};

/// An argument for which the op is not defined (an empty maximum, a singular matrix, ...).
struct DomainError : Error {
    using Error::Error;
};

/// A size, an index or a tape that exceeds what can be represented.
struct LimitError : Error {
    using Error::Error;
};

/// A variable used outside its recording, or a recording used in a way that would lose a derivative.
struct RecordingError : Error {
    using Error::Error;
};

/// A computation that cannot be replayed.
struct ReplayError : Error {
    using Error::Error;
};

/// An op has made a NaN or an infinity of finite numbers, while a DetectAnomalies lives.
struct AnomalyError : Error {
    using Error::Error;
};

/// check_gradient found a derivative that disagrees with differences.
struct GradientError : Error {
    using Error::Error;
};

/// Throws an error of the given type with a formatted text: fail<ShapeError>("matmul: {} x {}", a, b).
template <class E, class... Args>
[[noreturn]] void fail(fmt::format_string<Args...> text, Args&&... args)
{
    throw E(fmt::vformat(text, fmt::make_format_args(args...)));
}

}  // namespace autodiff
