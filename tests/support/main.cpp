// The main() of every suite, which is named like its program.

#include <boost/test/unit_test.hpp>

#include <filesystem>

int main(int argc, char** argv)
{
    boost::unit_test::framework::master_test_suite().p_name.value = std::filesystem::path(argv[0]).stem();
    return boost::unit_test::unit_test_main([] { return true; }, argc, argv);
}
