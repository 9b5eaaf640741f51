#include "support/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include <unistd.h>

namespace support {

Progress::Progress(std::string label, long total, bool quiet)
    : label_(std::move(label)),
      total_(std::max(total, 1L)),
      quiet_(quiet),
      terminal_(isatty(STDERR_FILENO) != 0),
      start_(Clock::now()),
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
    const double seconds = std::chrono::duration<double>(now - start_).count();
    if (terminal_) {
        if (done < total_ && now - drawn_at_ < std::chrono::milliseconds(100)) return;
        drawn_at_ = now;
        draw_bar(done, seconds, note);
        return;
    }
    const long tenth = 10 * done / total_;
    if (tenth == tenth_) return;
    tenth_ = tenth;
    fmt::print(stderr, "{}: {}/{} in {:.1f} s {}\n", label_, done, total_, seconds, note);
}

void Progress::draw_bar(long done, double seconds, const std::string& note)
{
    constexpr long width = 30;
    const long filled = width * done / total_;
    const double rate = static_cast<double>(done) / std::max(seconds, 1e-9);
    const double left = static_cast<double>(total_ - done) / std::max(rate, 1e-9);
    fmt::print(stderr, "\r\033[K{} [{:#<{}}{:.<{}}] {}/{}  {:.0f}/s  {:.0f} s left  {}", label_, "", filled,
               "", width - filled, done, total_, rate, left, note);
    std::fflush(stderr);
    drawn_ = true;
}

}  // namespace support
