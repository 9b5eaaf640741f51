#include <autodiff/error.hpp>
#include <autodiff/expression.hpp>
#include <autodiff/recording.hpp>

#include <atomic>
#include <exception>

namespace autodiff::detail {

void SessionNumbers::take_more()
{
    static constinit std::atomic<Session> taken{1};
    // More and more for those who go on, so that short-lived threads do not use the numbers up.
    constexpr Session most = 256;
    next = taken.fetch_add(lot, std::memory_order_relaxed);
    end = next + lot;
    if (lot < most) lot *= 2;
}

namespace {

thread_local std::exception_ptr kept;

}  // namespace

void keep_exception() noexcept { kept = std::current_exception(); }

void rethrow_kept() { std::rethrow_exception(std::exchange(kept, nullptr)); }

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
