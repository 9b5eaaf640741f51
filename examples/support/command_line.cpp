#include "support/command_line.hpp"

#include <fmt/core.h>

#include <filesystem>
#include <iostream>

namespace support {

namespace po = boost::program_options;

namespace {

struct HelpShown {};

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
