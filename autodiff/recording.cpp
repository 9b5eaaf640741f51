#include <autodiff/recording.hpp>

namespace autodiff::detail {

void throw_foreign_variable(const char* op)
{
    fail<RecordingError>(
        "{}: an argument is a variable of a recording that is over, or of another one (an outer gradient of "
        "scalars, another thread); use variables only inside the function being differentiated, pass them on "
        "as arguments, or make them constants with stop_gradient",
        op);
}

void throw_pause_forwards()
{
    fail<RecordingError>(
        "PauseRecording: this scoped function (of sum_over, preaccumulate or iterate) is differentiated "
        "forwards, where there is no recording to pause; use stop_gradient");
}

}  // namespace autodiff::detail
