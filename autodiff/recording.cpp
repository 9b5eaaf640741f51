#include <autodiff/error.hpp>
#include <autodiff/recording.hpp>

#include <atomic>

namespace autodiff::detail {

void SessionNumbers::take_more()
{
    static constinit std::atomic<Session> lots{0};
    constexpr Session lot = 256;
    // When all 2³² have been used they begin again; the first one of all is no session.
    next = lots.fetch_add(1, std::memory_order_relaxed) * lot;
    end = next + lot;
    if (next == 0) ++next;
}

void throw_full_tape(std::size_t statements, std::size_t links, std::size_t bytes, const char* why)
{
    fail<LimitError>(
        "tape: {} statements and {} links ({} bytes) {}; record less at once, with checkpoint, iterate or "
        "sum_over, or by differentiating in parts",
        statements, links, bytes, why);
}

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
        "PauseRecording: this function (of few numbers, or of sum_over, preaccumulate or iterate) is "
        "differentiated forwards, where there is no recording to pause; use stop_gradient");
}

}  // namespace autodiff::detail
