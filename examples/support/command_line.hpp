#pragma once

// The command line of an example: its options with defaults, --help, --quiet and --out, and the exit codes
// 0 (ran and succeeded), 1 (ran, but did not converge or disagreed) and 2 (wrong use).

#include <boost/program_options.hpp>

#include <functional>
#include <stdexcept>
#include <string>

namespace support {

/// Wrong use of the command line.
struct UsageError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class CommandLine {
public:
    CommandLine(std::string name, std::string purpose);

    /// Adds --name VALUE; `value` holds the default and then what was given.
    template <class T>
    CommandLine& add(const char* name, T& value, const char* help)
    {
        options_.add_options()(name, boost::program_options::value<T>(&value)->default_value(value), help);
        return *this;
    }

    /// Adds --name, which sets `value` to true.
    CommandLine& flag(const char* name, bool& value, const char* help)
    {
        options_.add_options()(name, boost::program_options::bool_switch(&value), help);
        return *this;
    }

    /// @throws UsageError for options there are not. After --help the program ends with exit code 0.
    void parse(int argc, char** argv);

    bool quiet() const { return quiet_; }
    /// Whether pictures are wanted, and the path of one of them, or of another file, in the directory --out,
    /// which is made if needed.
    bool wants_pictures() const { return !out_.empty(); }
    std::string picture(const std::string& file) const;

private:
    std::string name_;
    std::string purpose_;
    boost::program_options::options_description options_{"Options"};
    bool quiet_ = false;
    std::string out_;
};

/// @throws UsageError with the text unless the condition holds.
void require(bool condition, const std::string& text);

/// Runs an example's main function and turns what it throws into a message and an exit code.
int run(const std::function<int()>& main);

}  // namespace support
