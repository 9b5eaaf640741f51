#include "support/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include <unistd.h>

namespace support {

namespace {

std::string duration(double seconds)
{
    if (seconds < 100) return fmt::format("{:.0f} s", seconds);
    if (seconds < 6000) return fmt::format("{:.0f} min", seconds / 60);
    return fmt::format("{:.1f} h", seconds / 3600);
}

}  // namespace

Progress::Progress(std::string label, long total, bool quiet, const std::string& unit)
    : label_(std::move(label)),
      unit_(unit.empty() ? "" : ' ' + unit),
      total_(std::max(total, 1L)),
      quiet_(quiet),
      terminal_(isatty(STDERR_FILENO) != 0),
      start_(Clock::now()),
      first_at_(start_),
      drawn_at_(start_)
{
}

Progress::~Progress() { clear(); }

void Progress::clear()
{
    if (drawn_) fmt::print(stderr, "\r\033[K");
    drawn_ = false;
}

void Progress::update(long done, const std::string& note)
{
    if (quiet_) return;
    const auto now = Clock::now();
    if (first_done_ < 0) {
        first_done_ = done;
        first_at_ = now;
    }
    if (terminal_) {
        if (done < total_ && now - drawn_at_ < std::chrono::milliseconds(100)) return;
        drawn_at_ = now;
        draw_bar(done, note);
        return;
    }
    const long tenth = 10 * done / total_;
    if (tenth == tenth_) return;
    tenth_ = tenth;
    const double seconds = std::chrono::duration<double>(now - start_).count();
    fmt::print(stderr, "{}: {}/{} in {:.1f} s {}\n", label_, done, total_, seconds, note);
}

void Progress::draw_bar(long done, const std::string& note)
{
    constexpr long width = 30;
    const long filled = width * done / total_;
    fmt::print(stderr, "\r\033[K{} [{:#<{}}{:.<{}}] {}/{}", label_, "", filled, "", width - filled, done,
               total_);
    if (done > first_done_) {
        const double rate = static_cast<double>(done - first_done_) /
                            std::max(std::chrono::duration<double>(drawn_at_ - first_at_).count(), 1e-9);
        fmt::print(stderr, "  {:.0f}{}/s  {} left", rate, unit_,
                   duration(static_cast<double>(total_ - done) / rate));
    }
    fmt::print(stderr, "  {}", note);
    std::fflush(stderr);
    drawn_ = true;
}

}  // namespace support
