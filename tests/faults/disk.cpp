// Disks that are full or read-only, and paths that lead nowhere.

#include "file_size_limit.hpp"
#include "writers.hpp"

#include <support/child.hpp>

#include "../nn_fit/circle.hpp"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>

namespace autodiff::tests {

namespace {

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

constexpr int cannot_mount = 2;

/// f(directory) in a process of its own that has mounted a file system there; cannot_mount where it may not.
template <class F>
int with_file_system(const char* size, F f)
{
    const TemporaryDirectory directory;
    return exit_code_in_child([&] {
        const std::string path = directory.path("");
        const bool mounted = (unshare(CLONE_NEWNS) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) &&
                             mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                             mount("tmpfs", path.c_str(), "tmpfs", 0, size) == 0;
        return mounted ? f(path) : cannot_mount;
    });
}

/// A code of with_file_system that says that all was as it should be, or that there was no such file system.
void check_code(int code)
{
    if (code == cannot_mount) BOOST_TEST_MESSAGE("no file system can be mounted here");
    else BOOST_TEST(code == 0);
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_a_full_disk_does_not_hold_leaves_the_file_as_it_was)
{
    for (const Writer& writer : writers()) {
        BOOST_TEST_CONTEXT(writer.name)
        {
            const TemporaryDirectory directory;
            const std::string path = directory.path("file");
            writer.write(path);
            const std::string whole = read_bytes(path);
            BOOST_REQUIRE(whole.size() > 100);
            directory.write("file", "as it was");
            for (const std::size_t limit :
                 {std::size_t{0}, std::size_t{1}, whole.size() / 2, whole.size() - 1}) {
                std::string text;
                {
                    const FileSizeLimit full(limit);
                    text = refusal(writer, path);
                }
                BOOST_TEST(contains(text, path), text);
                BOOST_TEST(contains(text, "File too large"), text);
                BOOST_TEST(read_bytes(path) == "as it was");
                BOOST_TEST(directory.file_count() == 1u);
            }
            const FileSizeLimit just_enough(whole.size());
            BOOST_TEST(refusal(writer, path) == "");
            BOOST_TEST(read_bytes(path) == whole);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_file_system_without_space_is_named_as_the_cause)
{
    check_code(with_file_system("size=16k", [](const std::string& directory) {
        const std::string path = directory + "file";
        std::ofstream(path) << "as it was";
        std::ofstream(directory + "filler") << std::string(12'000, 'x');
        for (const Writer& writer : writers()) {
            const std::string text = refusal(writer, path);
            if (!contains(text, "No space left on device") || read_bytes(path) != "as it was") return 1;
            if (std::distance(std::filesystem::directory_iterator(directory), {}) != 2) return 1;
        }
        return 0;
    }));
}

BOOST_AUTO_TEST_CASE(a_read_only_file_system_is_named_as_the_cause)
{
    check_code(with_file_system("size=1m", [](const std::string& directory) {
        if (mount(nullptr, directory.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) != 0)
            return cannot_mount;
        for (const Writer& writer : writers())
            if (!contains(refusal(writer, directory + "file"), "Read-only file system")) return 1;
        Net net;
        Options options{.epochs = 1};
        options.checkpoint_directory = directory + "run";
        const std::string text = error_text<nn::data::FileError>([&] { run(net, options); });
        return contains(text, "Read-only file system") ? 0 : 1;
    }));
}

BOOST_AUTO_TEST_CASE(paths_that_lead_nowhere_are_named)
{
    const TemporaryDirectory directory;
    const std::string file = directory.write("file", "as it was");
    std::filesystem::create_directory(directory.path("folder"));
    directory.write("folder/inside", "");
    for (const Writer& writer : writers()) {
        for (const std::string& path :
             {directory.path("none/x"), file + "/x", std::string("/proc/x"), directory.path("folder")}) {
            const std::string text = refusal(writer, path);
            BOOST_TEST(contains(text, path), text);
        }
        BOOST_TEST(directory.file_count() == 2u);
    }
    BOOST_TEST(read_bytes(file) == "as it was");

    Net net;
    Options options{.epochs = 1};
    for (const std::string& path : {file, file + "/x", std::string("/proc/x")}) {
        options.checkpoint_directory = path;
        BOOST_TEST(contains(error_text<nn::data::FileError>([&] { run(net, options); }), path));
    }
}

BOOST_AUTO_TEST_CASE(a_run_whose_checkpoint_did_not_fit_goes_on_from_the_one_before)
{
    const TemporaryDirectory directory;
    Options options{.epochs = 6, .batch_size = 8, .key = Key(5)};
    Net whole;
    run(whole, options);

    options.checkpoint_directory = directory.path("run");
    options.resume = true;
    std::size_t size = 0;
    options.after_epoch = [&](const nn::EpochResult& result) {
        size = std::filesystem::file_size(directory.path("run/last.safetensors"));
        return result.epoch < 3;
    };
    Net net;
    run(net, options);
    options.after_epoch = {};
    {
        Net lost;
        const FileSizeLimit full(size / 2);
        BOOST_CHECK_THROW(run(lost, options), nn::data::FileError);
    }
    Net resumed;
    const nn::History history = run(resumed, options);
    BOOST_TEST(history.size() == 6u);
    BOOST_TEST(numbers(resumed) == numbers(whole), boost::test_tools::per_element());
}

}  // namespace autodiff::tests
