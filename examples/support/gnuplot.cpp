#include "support/gnuplot.hpp"

// The header brings its own warnings; it is included as a system header.
#include <gnuplot-iostream.h>

#include <csignal>
#include <filesystem>
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
    if (!std::filesystem::exists(path) || std::filesystem::file_size(path) == 0)
        throw std::runtime_error("no picture at " + path +
                                 ": is gnuplot installed and the directory writable?");
}

}  // namespace support
