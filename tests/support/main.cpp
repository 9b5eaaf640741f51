// The main() of every suite, which is named like its program.

#include <boost/test/unit_test.hpp>

#include <filesystem>

#ifdef __SANITIZE_THREAD__
/// Children of a process with threads start their own, which ThreadSanitizer refuses unless told otherwise.
extern "C" const char* __tsan_default_options() { return "die_after_fork=0"; }
#endif

int main(int argc, char** argv)
{
    boost::unit_test::framework::master_test_suite().p_name.value = std::filesystem::path(argv[0]).stem();
    return boost::unit_test::unit_test_main([] { return true; }, argc, argv);
}
