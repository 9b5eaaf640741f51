#include <autodiff/recording.hpp>

namespace autodiff::detail {

void throw_foreign_variable(const char* op)
{
    fail<RecordingError>(
        "{}: an argument is a variable of a recording that is over, or of another one (an outer gradient of "
        "scalars, "
        "another thread); use variables only inside the function being differentiated, pass them on as "
        "arguments, or "
        "make them constants with stop_gradient",
        op);
}

}  // namespace autodiff::detail
