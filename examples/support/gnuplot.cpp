#include "support/gnuplot.hpp"

// The header brings its own warnings; it is included as a system header.
#include <gnuplot-iostream.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace support {

std::string quoted(const std::string& text)
{
    std::string result = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        if (c == '\n') result += "\\n";
        else result += c;
    }
    return result + "\"";
}

namespace {

// gnuplot does not say when the disk is full: what is missing then is the end.
bool is_whole_picture(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    const std::string picture{std::istreambuf_iterator<char>(file), {}};
    return picture.find("</svg>") != std::string::npos;
}

}  // namespace

void draw(const std::string& path, const std::string& script, std::size_t height)
{
    std::filesystem::remove(path);
    std::signal(SIGPIPE, SIG_IGN);  // without gnuplot there is nobody to read the script
    {
        Gnuplot gnuplot("gnuplot");
        gnuplot << "set terminal svg size 640," << height
                << " dynamic background rgb 'white' font 'sans-serif,14'\n"
                << "set output " << quoted(path) << "\n"
                << script << "unset output\n";
    }
    if (!is_whole_picture(path))
        throw std::runtime_error("no whole picture at " + path +
                                 ": is gnuplot installed, the directory writable and the disk not full?");
}

}  // namespace support
