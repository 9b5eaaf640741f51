#pragma once

// What is fed with input that nobody meant: each target takes any bytes and throws a Violation, or crashes,
// if the library does not survive them as it should.

#include <fmt/format.h>

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace autodiff::tests {

/// Something that must not happen, whatever the input.
struct Violation : std::logic_error {
    using std::logic_error::logic_error;
};

template <class... Args>
void demand(bool condition, fmt::format_string<Args...> text, Args&&... args)
{
    if (!condition) throw Violation(fmt::vformat(text, fmt::make_format_args(args...)));
}

struct Target {
    std::string_view name;
    void (*run)(std::string_view input);
    /// Input from which others are made.
    std::vector<std::string> (*seeds)();
};

extern const Target idx_target, csv_target, npy_target, npz_target, safetensors_target, model_target,
    command_line_target, shapes_target;

inline std::vector<Target> all_targets()
{
    return {idx_target,         csv_target,   npy_target,          npz_target,
            safetensors_target, model_target, command_line_target, shapes_target};
}

/// Takes choices off the front of the input; 0 when it is used up.
class Choices {
public:
    explicit Choices(std::string_view input) : left_(input) {}

    std::size_t byte()
    {
        if (left_.empty()) return 0;
        const auto value = static_cast<unsigned char>(left_.front());
        left_.remove_prefix(1);
        return value;
    }
    std::size_t below(std::size_t end) { return byte() % end; }
    std::string_view rest() const { return left_; }

private:
    std::string_view left_;
};

}  // namespace autodiff::tests
