#pragma once

#include <fstream>
#include <string>

/// How many bytes the process has come to need while this lives, more than it needed before: of memory that
/// was asked for, without the pages of programs and libraries, which are read when they first run.
class PeakMemory {
public:
    PeakMemory() : before_(kilobytes("RssAnon:")) { std::ofstream("/proc/self/clear_refs") << 5; }
    double bytes() const
    {
        return 1024.0 * (kilobytes("VmHWM:") - kilobytes("RssFile:") - kilobytes("RssShmem:") - before_);
    }

private:
    static double kilobytes(const std::string& what)
    {
        std::ifstream status("/proc/self/status");
        std::string word;
        double number = 0;
        while (status >> word)
            if (word == what) status >> number;
        return number;
    }

    double before_;
};
