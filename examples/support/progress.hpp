#pragma once

// Progress on stderr: a bar with rate and time left on a terminal, a plain line every tenth otherwise,
// nothing if quiet.

#include <chrono>
#include <string>

namespace support {

class Progress {
public:
    /// `unit` is what is counted: "samples".
    Progress(std::string label, long total, bool quiet, const std::string& unit = "");
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// `done` of the total are done; `note` is shown beside the bar. What was done before the first call does
    /// not count for the rate.
    void update(long done, const std::string& note = "");
    /// Removes the bar, so that results can be printed.
    void clear();

private:
    using Clock = std::chrono::steady_clock;
    void draw_bar(long done, const std::string& note);

    std::string label_;
    std::string unit_;
    long total_;
    bool quiet_;
    bool terminal_;
    long tenth_ = 0;
    bool drawn_ = false;
    long first_done_ = -1;
    Clock::time_point start_;
    Clock::time_point first_at_;
    Clock::time_point drawn_at_;
};

}  // namespace support
