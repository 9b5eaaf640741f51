// Pictures, which gnuplot writes: whole, or an error.

#include "../file_size_limit.hpp"

#include <support/plot.hpp>
#include <support/temporary_directory.hpp>

#include <boost/test/unit_test.hpp>

namespace autodiff::tests {

BOOST_AUTO_TEST_CASE(a_picture_that_a_full_disk_cuts_off_is_no_picture)
{
    const TemporaryDirectory directory;
    const std::string path = directory.path("curve.svg");
    const support::CurvePlot plot{
        .title = "loss", .x_label = "x", .y_label = "y", .curves = {{"a", {1, 2, 3}, {3, 2, 1}}}};
    support::write_svg(path, plot);
    const auto size = std::filesystem::file_size(path);
    for (const std::size_t limit : {std::size_t{0}, std::size_t{size / 2}, std::size_t{size - 10}}) {
        const FileSizeLimit full(limit);
        BOOST_CHECK_THROW(support::write_svg(path, plot), std::runtime_error);
    }
    const FileSizeLimit just_enough(size);
    support::write_svg(path, plot);
    BOOST_TEST(std::filesystem::file_size(path) == size);
}

}  // namespace autodiff::tests
