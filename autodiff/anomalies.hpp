#pragma once

// Where a NaN or an infinity comes from.
//
//     const DetectAnomalies scope;
//     gradient(f, x);      // log: its value, of shape (2), is -inf at (1), although what it is computed from
//                          // is finite: argument 0, of shape (2), is 0 there; computed in model.cpp:12

#include <autodiff/numbers/watch.hpp>

#include <memory>

namespace autodiff {

/// While it lives, the first op of this thread that makes a NaN or an infinity of finite numbers throws
/// AnomalyError, forwards or backwards (an adjoint), or in an optimizer's step: with the op, its arguments,
/// and the line of the program that called the library. The program has to be compiled with -g for the line.
/// A step leaves the parameter and its state as they were; the parameters before it have been updated.
///
/// Every value is looked at and every op's call stack kept, so it is slow: for finding a mistake. What is
/// recorded before it lives is looked at backwards, too, but has no line; `Replay` records anew each time. An
/// expression of recorded numbers is one statement and is looked at as one, when it is assigned or first
/// used; functions of up to eight numbers, which go forwards, op by op.
class DetectAnomalies {
public:
    DetectAnomalies() : DetectAnomalies(__FILE__) {}
    DetectAnomalies(const DetectAnomalies&) = delete;
    DetectAnomalies& operator=(const DetectAnomalies&) = delete;
    ~DetectAnomalies();

private:
    /// The name of this header tells which files are the library's.
    explicit DetectAnomalies(const char* header);

    std::unique_ptr<detail::Watch> own_;  // none within another one
};

}  // namespace autodiff
