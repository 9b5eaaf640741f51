#include <autodiff/transforms/draw.hpp>

#include <autodiff/error.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include <spawn.h>
#include <sys/wait.h>

extern char** environ;

namespace autodiff {

namespace {

/// A file without a name that goes away: a pipe could be full, and its reader gone.
using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

File file_with(const std::string& text)
{
    File file(std::tmpfile(), &std::fclose);
    if (!file || std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() ||
        std::fflush(file.get()) != 0)
        fail<Error>("write_svg: no temporary file for the graph can be written");
    std::rewind(file.get());
    return file;
}

/// Runs a program with these files as standard input and error output. Its exit status, or what kept it from
/// starting.
struct Outcome {
    int status = 0;
    int error = 0;
};
Outcome run(const char* const* command, std::FILE* input, std::FILE* messages)
{
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, fileno(input), 0);
    posix_spawn_file_actions_adddup2(&files, fileno(messages), 2);
    pid_t child = 0;
    Outcome outcome;
    outcome.error =
        posix_spawnp(&child, command[0], &files, nullptr, const_cast<char* const*>(command), environ);
    posix_spawn_file_actions_destroy(&files);
    if (outcome.error == 0)
        while (waitpid(child, &outcome.status, 0) < 0 && errno == EINTR) continue;
    return outcome;
}

std::string first_line(std::FILE* file)
{
    char line[300] = "";
    std::rewind(file);
    if (!std::fgets(line, sizeof line, file)) return "it does not say why";
    line[std::strcspn(line, "\n")] = '\0';
    return line;
}

}  // namespace

void write_svg(const std::string& path, const std::string& graph)
{
    const File input = file_with(graph), messages = file_with("");
    const char* const command[] = {"dot", "-Tsvg", "-o", path.c_str(), nullptr};
    const auto [status, error] = run(command, input.get(), messages.get());
    if (error == ENOENT)
        fail<Error>(
            "write_svg: the program `dot` is not installed; it is part of Graphviz (Debian: graphviz)");
    if (error != 0) fail<Error>("write_svg: the program `dot` cannot be started: {}", std::strerror(error));
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fail<Error>("write_svg: {}: `dot` failed: {}", path, first_line(messages.get()));
}

}  // namespace autodiff
