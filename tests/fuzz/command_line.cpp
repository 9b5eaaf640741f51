// The command line of an example: it is understood, or refused with the exit code of wrong use.

#include "target.hpp"

#include <support/command_line.hpp>

#include <iostream>
#include <sstream>

namespace autodiff::tests {

namespace {

/// Keeps what is printed for a scope.
class Captured {
public:
    explicit Captured(std::ostream& stream) : stream_(stream), before_(stream.rdbuf(text_.rdbuf())) {}
    ~Captured() { stream_.rdbuf(before_); }
    Captured(const Captured&) = delete;
    Captured& operator=(const Captured&) = delete;

    std::string text() const { return text_.str(); }

private:
    std::ostringstream text_;
    std::ostream& stream_;
    std::streambuf* before_;
};

/// The arguments are the lines of the input.
void run(std::string_view input)
{
    std::vector<std::string> words{"example"};
    for (std::size_t begin = 0; begin < input.size();) {
        const std::size_t end = std::min(input.find('\n', begin), input.size());
        words.emplace_back(input.substr(begin, end - begin).substr(0, input.substr(begin).find('\0')));
        begin = end + 1;
    }
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());

    const Captured out(std::cout), err(std::cerr);
    const int code = support::run([&] {
        double rate = 0.5;
        int epochs = 3;
        std::uint64_t seed = 1;
        std::string name = "x";
        bool flag = false;
        support::CommandLine command_line("example", "An example.");
        command_line.add("rate", rate, "of learning")
            .add("epochs", epochs, "how many")
            .add("seed", seed, "of numbers")
            .add("name", name, "a text")
            .flag("flag", flag, "a switch");
        command_line.parse(static_cast<int>(arguments.size()), arguments.data());
        return 0;
    });
    demand(code == 0 || code == 2, "exit code {}: {}", code, err.text());
    demand((code == 2) == !err.text().empty(), "exit code {} with the text: {}", code, err.text());
}

std::vector<std::string> seeds()
{
    return {
        "--rate\n0.1\n--epochs=12\n--flag",
        "--help",
        "-q\n--out\nx",
        "--seed=18446744073709551615\n--name=a b",
        "--epochs\n-1",
        "--rate=1e400\n--unknown",
        "--",
        "-\n\n--=\n-h-q\n--epo\n5",
    };
}

}  // namespace

const Target command_line_target{"command_line", run, seeds};

}  // namespace autodiff::tests
