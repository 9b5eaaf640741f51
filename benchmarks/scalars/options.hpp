#pragma once

#include <string>

namespace scalars {

struct Options {
    std::string filter, json, markdown;
    int repeats = 15;
};

/// False if only the help was wanted, which is printed. @throws boost::program_options::error
bool parse(int argc, char** argv, Options& options);

}  // namespace scalars
