#pragma once

// What the ops tell a DetectAnomalies (anomalies.hpp) while one lives on their thread. When none does, an op
// on tensors costs one test of a pointer, a statement of scalars nothing.

#include <cstddef>

namespace autodiff::detail {

class Watch;

/// That of the DetectAnomalies of this thread, if there is one.
inline thread_local constinit Watch* watch = nullptr;

/// An op in a function of few numbers, which goes forwards: the value y, the arguments x, and the partials,
/// ẏ = Σ partialᵢ ẋᵢ. All directions are told of at once.
template <class T>
struct ForwardStep {
    const char* op;
    T y;
    const T *x, *partials;
    std::size_t count;
    bool has_finite_x_dot, has_finite_y_dot;
};
/// @throws AnomalyError if the value is not finite though the arguments are. Of a derivative that is not, it
/// takes a note: a zero may yet win over it.
template <class T>
void watch_step(const ForwardStep<T>& step);
/// To be called before and after such a function: @throws AnomalyError with the note, if there is one and the
/// derivatives that came out are not finite.
void watch_forwards();
void watch_result_forwards(bool is_finite);

}  // namespace autodiff::detail
