#include "support/command_line.hpp"

#include <fmt/core.h>

#include <array>
#include <filesystem>
#include <iostream>
#include <string_view>

namespace support {

namespace po = boost::program_options;

namespace {

struct HelpShown {};

/// Boost's errors have these words replaced by what was given, and again in what was given, without end.
constexpr std::array<std::string_view, 5> placeholders{"%original_token%", "%canonical_option%", "%option%",
                                                       "%value%", "%prefix%"};

void refuse_placeholders(const std::string& name, std::string_view argument)
{
    for (const std::string_view placeholder : placeholders)
        require(argument.find(placeholder) == argument.npos,
                fmt::format("{}: an argument cannot contain {}\nTry '{} --help'.", name, placeholder, name));
}

}  // namespace

CommandLine::CommandLine(std::string name, std::string purpose)
    : name_(std::move(name)), purpose_(std::move(purpose))
{
    options_.add_options()("help,h", "show this text and exit")     //
        ("quiet,q", po::bool_switch(&quiet_), "print no progress")  //
        ("out", po::value<std::string>(&out_), "directory to write pictures (SVG) and other files to");
}

void CommandLine::parse(int argc, char** argv)
{
    for (int i = 1; i < argc; ++i) refuse_placeholders(name_, argv[i]);
    po::variables_map values;
    try {
        const po::positional_options_description no_positional;
        po::store(po::command_line_parser(argc, argv).options(options_).positional(no_positional).run(),
                  values);
        po::notify(values);
    } catch (const po::error& error) {
        throw UsageError(fmt::format("{}: {}\nTry '{} --help'.", name_, error.what(), name_));
    }
    if (values.count("help") == 0) return;
    std::cout << purpose_ << "\n\nUsage: " << name_ << " [options]\n\n" << options_;
    throw HelpShown{};
}

std::string CommandLine::picture(const std::string& file) const
{
    std::filesystem::create_directories(out_);
    return (std::filesystem::path(out_) / file).string();
}

void require(bool condition, const std::string& text)
{
    if (!condition) throw UsageError(text);
}

int run(const std::function<int()>& main)
{
    try {
        return main();
    } catch (const HelpShown&) {
        return 0;
    } catch (const UsageError& error) {
        std::cerr << error.what() << '\n';
        return 2;
    } catch (const std::exception& error) {
        std::cerr << "error: " << error.what() << '\n';
        return 1;
    }
}

}  // namespace support
