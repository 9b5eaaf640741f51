// A file that is replaced as a whole. What the disk is asked for is seen by standing in for two functions of
// the system, which can be made to fail.

#include <nn/data/atomic_file.hpp>
#include <nn_data_files/files.hpp>

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace autodiff::tests;
using nn::data::AtomicFile;
using nn::data::FileError;

namespace {

std::vector<std::string> asked_for;
std::string failing;

int failure_or(const std::string& what, auto call)
{
    asked_for.push_back(what);
    if (what != failing) return static_cast<int>(call());
    errno = EIO;
    return -1;
}

}  // namespace

extern "C" int fsync(int descriptor)
{
    struct stat status{};
    fstat(descriptor, &status);
    const std::string what = S_ISDIR(status.st_mode) ? "flush the directory"
                                                     : "flush " + std::to_string(status.st_size) + " bytes";
    return failure_or(what, [&] { return syscall(SYS_fsync, descriptor); });
}

extern "C" int rename(const char* from, const char* to) noexcept
{
    return failure_or("rename", [&] { return syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0U); });
}

namespace {

void replace(const std::string& path, const std::string& text)
{
    AtomicFile file("replace", path);
    file.write(std::as_bytes(std::span(text)));
    file.commit();
}

/// Replacing a file of old text fails, and leaves that file and nothing else.
void check_failure(const std::string& what)
{
    const TemporaryDirectory directory;
    const std::string path = directory.write("text", "old");
    failing = what;
    BOOST_CHECK_THROW(replace(path, "new text"), FileError);
    failing.clear();
    BOOST_TEST(read_bytes(path) == "old");
    BOOST_TEST(directory.file_count() == 1u);
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_file_is_on_the_disk_before_it_takes_its_name)
{
    const TemporaryDirectory directory;
    asked_for.clear();
    replace(directory.path("text"), "new text");
    const std::vector<std::string> expected{"flush 8 bytes", "rename", "flush the directory"};
    BOOST_TEST(asked_for == expected, boost::test_tools::per_element());
    BOOST_TEST(read_bytes(directory.path("text")) == "new text");
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_flushed_does_not_replace_another)
{
    check_failure("flush 8 bytes");
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_renamed_goes_away) { check_failure("rename"); }

BOOST_AUTO_TEST_CASE(a_file_that_is_not_committed_goes_away)
{
    const TemporaryDirectory directory;
    const std::string path = directory.write("text", "old");
    {
        AtomicFile file("replace", path);
        file.write(std::as_bytes(std::span(std::string_view("new"))));
        BOOST_TEST(directory.file_count() == 2u);
        BOOST_TEST(read_bytes(path) == "old");
    }
    BOOST_TEST(directory.file_count() == 1u);
}
