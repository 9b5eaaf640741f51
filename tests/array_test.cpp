// Shapes, arrays and their memory.

#include <autodiff/autodiff.hpp>
#include <autodiff/large_blocks.hpp>
#include <autodiff/pages.hpp>
#include <support/errors.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <thread>
#include <vector>

using namespace autodiff;
using autodiff::tests::error_text;

namespace {

constexpr Index huge = Index{1} << 40;

}  // namespace

BOOST_AUTO_TEST_SUITE(shapes)

BOOST_AUTO_TEST_CASE(shapes_are_printed_as_numpy_prints_them)
{
    BOOST_TEST(to_string(Shape{}) == "()");
    BOOST_TEST(to_string(Shape{4}) == "(4,)");
    BOOST_TEST(to_string(Shape{2, 3}) == "(2, 3)");
    BOOST_TEST(fmt::format("{} {}", Shape{2, 0}, Axes{-1}) == "(2, 0) (-1,)");
}

BOOST_AUTO_TEST_CASE(a_shape_counts_its_elements)
{
    BOOST_TEST(Shape{}.element_count() == 1);
    BOOST_TEST((Shape{2, 3, 4}.element_count()) == 24);
    BOOST_TEST((Shape{5, 0}.element_count()) == 0);
}

BOOST_AUTO_TEST_CASE(sizes_that_overflow_are_errors)
{
    const std::string text =
        "shape: 1099511627776 x 1099511627776 elements exceed what a 64-bit size can count";
    BOOST_TEST(error_text<LimitError>([] { return Shape{huge, huge}.element_count(); }) == text);
    BOOST_TEST(error_text<LimitError>([] { return Array<double>::filled(Shape{huge, huge}, 0); }) == text);
    BOOST_TEST(error_text<LimitError>([] { return Tensor<>::zeros(Shape{huge, huge}); }) == text);
    BOOST_TEST(error_text<LimitError>([] { return broadcast_to(Tensor<>(1.0), Shape{huge, huge}); }) == text);
    BOOST_TEST(error_text<LimitError>([] { return reshape(Tensor<>(1.0), Shape{huge, huge}); }) ==
               "reshape: 1099511627776 x 1099511627776 elements exceed what a 64-bit size can count");
    BOOST_TEST(error_text<LimitError>([] { return Array<double>::uninitialized(Shape{Index{1} << 61}); }) ==
               "array: 2305843009213693952 x 8 elements exceed what a 64-bit size can count");
    BOOST_CHECK_THROW(Array<double>::uninitialized(Shape{Index{1} << 50}), std::bad_alloc);
}

BOOST_AUTO_TEST_CASE(a_column_and_a_row_that_are_too_large_together_are_an_error)
{
    const Tensor<> column = broadcast_to(Tensor<>(1.0), Shape{huge, 1});
    const Tensor<> row = broadcast_to(Tensor<>(1.0), Shape{1, huge});
    BOOST_CHECK_THROW(column + row, LimitError);
    BOOST_CHECK_THROW(where(column > row, column, row), LimitError);
}

BOOST_AUTO_TEST_CASE(negative_sizes_and_too_many_axes_are_errors)
{
    BOOST_TEST(error_text<ShapeError>([] { return Tensor<>::zeros(Shape{2, -3}); }) ==
               "shape: negative size in (2, -3)");
    BOOST_TEST(error_text<ShapeError>([] { return Shape{1, 1, 1, 1, 1, 1, 1, 1, 1}; }) ==
               "shape: more than 8 axes; merge axes with reshape first");
    BOOST_CHECK_THROW(outer(Tensor<>{1}, Tensor<>::ones(Shape{1, 1})), ShapeError);
}

BOOST_AUTO_TEST_CASE(shapes_broadcast_from_the_last_axis)
{
    BOOST_TEST((broadcast_shapes("op", Shape{2, 3}, Shape{3}) == Shape{2, 3}));
    BOOST_TEST((broadcast_shapes("op", Shape{2, 1}, Shape{1, 3}) == Shape{2, 3}));
    BOOST_TEST((broadcast_shapes("op", Shape{}, Shape{0}) == Shape{0}));
    BOOST_TEST((broadcast_shapes("op", Shape{1}, Shape{0}) == Shape{0}));
    BOOST_TEST(broadcasts_to(Shape{1, 3}, Shape{2, 3}));
    BOOST_TEST(!broadcasts_to(Shape{2, 3}, Shape{3}));
    BOOST_TEST(!broadcasts_to(Shape{0}, Shape{2}));
    BOOST_TEST(
        error_text<ShapeError>([] { return broadcast_shapes("add", Shape{2, 3}, Shape{2}); }) ==
        "add: shapes (2, 3) and (2,) do not broadcast: 3 against 2 at axis -1; sizes must be equal or 1, "
        "counted from the last axis");
    BOOST_CHECK_THROW(broadcast_shapes("add", Shape{0}, Shape{2}), ShapeError);
}

BOOST_AUTO_TEST_CASE(axes_count_from_either_end)
{
    BOOST_TEST(normalized_axis("op", -1, 3) == 2u);
    BOOST_TEST((normalized_axes("op", Axes{-1, 0}, 3) == Axes{0, 2}));
    BOOST_TEST((normalized_axes("op", Axes{}, 2) == Axes{0, 1}));
    BOOST_TEST(error_text<AxisError>([] { return sum(Tensor<>{1, 2}, {1}); }) ==
               "sum: axis 1 does not exist in an array of rank 1; axes run from -1 to 0");
    BOOST_TEST(error_text<AxisError>([] { return sum(Tensor<>(1.0), {0}); }) ==
               "sum: axis 0 of an array of rank 0, which has no axes");
    BOOST_TEST(error_text<AxisError>([] { return sum(Tensor<>{{1, 2}}, {1, -1}); }) ==
               "sum: axis 1 is named twice in (1, -1)");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(arrays)

BOOST_AUTO_TEST_CASE(an_array_without_arguments_is_empty)
{
    const Array<double> a;
    BOOST_TEST((a.shape() == Shape{0}));
    BOOST_TEST(a.to_vector().empty());
}

BOOST_AUTO_TEST_CASE(elements_are_row_major)
{
    const Array<double> a(Shape{2, 3}, {1, 2, 3, 4, 5, 6});
    BOOST_TEST(a(1, 0) == 4);
    BOOST_TEST(a(-1, -1) == 6);
    BOOST_TEST(a.size(-1) == 3);
    BOOST_TEST((a.strides() == Strides{3, 1}));
    BOOST_TEST(Array<float>(2.5f).item() == 2.5f);
    BOOST_TEST(IndexArray(Shape{2}, {7, 8})(1) == 8);
    BOOST_TEST(BoolArray(Shape{2}, {false, true})(1));
}

BOOST_AUTO_TEST_CASE(wrong_positions_and_counts_are_errors)
{
    const Array<double> a(Shape{2, 3}, {1, 2, 3, 4, 5, 6});
    BOOST_TEST(error_text<IndexError>([&] { return a(0, 3); }) ==
               "index: position 3 at axis 1 is outside shape (2, 3)");
    BOOST_TEST(error_text<IndexError>([&] { return a(-3, 0); }) ==
               "index: position -3 at axis 0 is outside shape (2, 3)");
    BOOST_TEST(error_text<IndexError>([&] { return a(0); }) ==
               "index: (0,) has 1 positions, but the array of shape (2, 3) has rank 2");
    BOOST_TEST(error_text<ShapeError>([&] { return a.item(); }) ==
               "item: shape (2, 3) has 6 elements, not one");
    BOOST_TEST(error_text<ShapeError>([] { return Array<double>(Shape{2}, {1, 2, 3}); }) ==
               "array: shape (2,) has 2 elements, but 3 values were given");
}

BOOST_AUTO_TEST_CASE(a_view_shares_elements_and_keeps_them_alive)
{
    Array<double> view;
    {
        const Array<double> a(Shape{2, 3}, {1, 2, 3, 4, 5, 6});
        view = a.view(Shape{3, 2}, Strides{1, 3}, 0);
        BOOST_TEST(view.data() == a.data());
    }
    const std::vector<double> columns{1, 4, 2, 5, 3, 6};
    BOOST_TEST(view.to_vector() == columns, boost::test_tools::per_element());
    BOOST_TEST(!view.is_contiguous());
    BOOST_TEST(!view.view(Shape{3, 2}, Strides{0, 1}, 0).is_contiguous());
    BOOST_TEST(!view.view(Shape{2}, Strides{0}, 0).is_contiguous());
    BOOST_TEST(view.contiguous().is_contiguous());
    const Array<double> view_of_view = view.view(Shape{2}, Strides{3}, 1);
    view = Array<double>();
    BOOST_TEST(view_of_view(1) == 5);
}

BOOST_AUTO_TEST_CASE(a_copy_of_a_view_has_its_elements_in_order)
{
    const Shape shape{3, 37, 53};
    Array<float> a = Array<float>::uninitialized(shape);
    for (Index i = 0; i < a.size(); ++i) a.writable()[i] = static_cast<float>(i);
    Dims axes{0, 1, 2};
    do {
        // Reversed along one of the axes, too, and stretched along another.
        for (const Index reversed : {0, 1, 2}) {
            Shape sizes{1, 1, 1, 2};
            Strides strides{0, 0, 0, 0};
            Index first = 0;
            for (std::size_t k = 0; k < 3; ++k) {
                const auto axis = static_cast<std::size_t>(axes[k]);
                sizes[k] = shape[axis];
                strides[k] = a.strides()[axis];
                if (axes[k] != reversed) continue;
                first = strides[k] * (sizes[k] - 1);
                strides[k] = -strides[k];
            }
            const Array<float> view = a.view(sizes, strides, first), copy = view.contiguous();
            bool are_equal = copy.is_contiguous() && copy.shape() == sizes;
            for (Index i = 0; i < sizes[0]; ++i)
                for (Index j = 0; j < sizes[1]; ++j)
                    for (Index k = 0; k < sizes[2]; ++k)
                        for (Index l = 0; l < 2; ++l) are_equal &= copy(i, j, k, l) == view(i, j, k, l);
            BOOST_TEST(are_equal);
        }
    } while (std::next_permutation(&axes[0], &axes[0] + 3));
}

BOOST_AUTO_TEST_CASE(only_a_sole_owner_may_write)
{
    Array<double> a = Array<double>::filled(Shape{2}, 1);
    BOOST_TEST(a.is_unique());
    {
        const Array<double> copy = a;
        BOOST_TEST(same_block(copy, a));
        BOOST_TEST(!a.is_unique());
    }
    BOOST_TEST(a.is_unique());
    const Array<double> view = a.view(Shape{}, Strides{}, 0);
    BOOST_TEST(!a.is_unique());
    BOOST_TEST(!view.is_unique());
}

BOOST_AUTO_TEST_CASE(assigning_an_array_to_itself_changes_nothing)
{
    Array<double> a(Shape{2}, {1, 2});
    const Array<double>& same = a;
    a = same;
    BOOST_TEST(a(1) == 2);
    a = std::move(a).contiguous();
    BOOST_TEST(a(0) == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(memory)

BOOST_AUTO_TEST_CASE(elements_are_aligned_for_vectors)
{
    for (Index n : {1, 3, 100})
        BOOST_TEST(reinterpret_cast<std::uintptr_t>(Array<float>::filled(Shape{n}, 0).data()) % 64 == 0u);
}

BOOST_AUTO_TEST_CASE(released_blocks_are_used_again)
{
    pool_limit(std::size_t{1} << 24);
    for (std::size_t bytes : {1u, 64u, 65u, 256u, 257u, 1000u, 4096u, 100'000u}) {
        void* block = pool_allocate(bytes);
        pool_release(block, bytes);
        BOOST_TEST(pool_allocate(bytes) == block);
        pool_release(block, bytes);
    }
    const PoolStatistics before = pool_statistics();
    for (int i = 0; i < 1000; ++i) Array<double>::filled(Shape{i % 10 + 1}, 1);
    BOOST_TEST(pool_statistics().requests == before.requests + 1000);
}

BOOST_AUTO_TEST_CASE(what_exceeds_the_limit_goes_back_to_the_system)
{
    constexpr std::size_t kib = 1024;
    pool_limit(64 * kib);
    pool_trim();
    BOOST_TEST(pool_statistics().cached_bytes == 0u);
    pool_release(pool_allocate(32 * kib), 32 * kib);
    BOOST_TEST(pool_statistics().cached_bytes == 32 * kib);
    pool_release(pool_allocate(64 * kib), 64 * kib);
    BOOST_TEST(pool_statistics().cached_bytes == 32 * kib);
    for (const std::size_t bytes : {128 * kib, 1000 * kib, 5000 * kib}) {
        pool_release(pool_allocate(bytes), bytes);
        BOOST_TEST(pool_statistics().cached_bytes <= (32 + 64) * kib);
    }
    pool_limit(kib);
    BOOST_TEST(pool_statistics().cached_bytes <= kib);
    BOOST_CHECK_THROW(pool_allocate(std::size_t{1} << 41), std::bad_alloc);
}

// Builds for AddressSanitizer have no large blocks: each array goes back to the system.
constexpr std::size_t mib = std::size_t{1} << 20;

/// A large block full of one byte.
class Filled {
public:
    Filled(std::size_t bytes, int byte)
        : memory_(static_cast<unsigned char*>(pool_allocate(bytes))), bytes_(bytes)
    {
        std::memset(memory_, byte, bytes);
    }
    Filled(const Filled&) = delete;
    Filled& operator=(const Filled&) = delete;
    ~Filled() { pool_release(memory_, bytes_); }
    bool is_full_of(int byte) const
    {
        return std::all_of(memory_, memory_ + bytes_, [byte](unsigned char b) { return b == byte; });
    }
    bool is_aligned() const { return reinterpret_cast<std::uintptr_t>(memory_) % 64 == 0; }

private:
    unsigned char* memory_;
    std::size_t bytes_;
};

BOOST_AUTO_TEST_CASE(large_blocks_are_cut_from_what_others_gave_back,
                     *boost::unit_test::enable_if<autodiff::detail::has_large_blocks>())
{
    pool_limit(64 * mib);
    std::vector<std::unique_ptr<Filled>> blocks(4);
    for (auto& block : blocks) block = std::make_unique<Filled>(4 * mib, 0);
    for (const int i : {2, 0, 1, 3}) blocks[static_cast<std::size_t>(i)].reset();
    const PoolStatistics before = pool_statistics();
    BOOST_TEST(before.cached_bytes >= 16 * mib);
    blocks.clear();
    // Whatever their sizes, as long as there is room.
    for (const std::size_t bytes : {9 * mib + 1, 3 * mib, 2 * mib, mib}) {
        blocks.push_back(std::make_unique<Filled>(bytes, static_cast<int>(bytes % 251)));
        BOOST_TEST(blocks.back()->is_aligned());
    }
    BOOST_TEST(pool_statistics().system_allocations == before.system_allocations);
    int i = 0;
    for (const std::size_t bytes : {9 * mib + 1, 3 * mib, 2 * mib, mib})
        BOOST_TEST(blocks[static_cast<std::size_t>(i++)]->is_full_of(static_cast<int>(bytes % 251)));
    blocks.clear();
    BOOST_TEST(pool_statistics().cached_bytes == before.cached_bytes);
    pool_trim();
    BOOST_TEST(pool_statistics().cached_bytes == 0u);
    BOOST_TEST(Filled(3 * mib, 7).is_full_of(7));
}

BOOST_AUTO_TEST_CASE(a_gap_that_is_too_small_for_a_block_is_left_alone,
                     *boost::unit_test::enable_if<autodiff::detail::has_large_blocks>())
{
    pool_limit(64 * mib);
    pool_trim();
    const Filled above(4 * mib, 1);
    auto gap = std::make_unique<Filled>(4 * mib, 2);
    const Filled below(4 * mib, 3);
    gap.reset();
    const Filled larger(6 * mib, 4), fits(4 * mib, 5);
    BOOST_TEST(above.is_full_of(1));
    BOOST_TEST(below.is_full_of(3));
    BOOST_TEST(larger.is_full_of(4));
    BOOST_TEST(fits.is_full_of(5));
}

BOOST_AUTO_TEST_CASE(large_blocks_go_elsewhere_where_others_have_mapped_memory,
                     *boost::unit_test::enable_if<autodiff::detail::has_large_blocks>())
{
    pool_limit(0);
    // Whatever lies below the block that was taken last is somebody else's now.
    std::vector<std::unique_ptr<Filled>> blocks;
    for (const std::size_t bytes : {mib, 3 * mib}) {
        char* const last = static_cast<char*>(pool_allocate(bytes));
        char* const page = autodiff::detail::take_pages(1 << 16, last - (std::size_t{1} << 22));
        blocks.push_back(std::make_unique<Filled>(8 * mib, 6));
        pool_release(last, bytes);
        if (page) {
            BOOST_TEST(std::all_of(page, page + (1 << 16), [](char byte) { return byte == 0; }));
            autodiff::detail::give_back_pages(page, 1 << 16);
        }
    }
    for (const auto& block : blocks) BOOST_TEST(block->is_full_of(6));
}

BOOST_AUTO_TEST_CASE(threads_share_large_blocks,
                     *boost::unit_test::enable_if<autodiff::detail::has_large_blocks>())
{
    pool_limit(8 * mib);
    pool_trim();
    void* block = nullptr;
    std::thread([&] { block = pool_allocate(mib); }).join();
    pool_release(block, mib);
    std::size_t from_system = 1;
    std::thread([&] {
        pool_release(pool_allocate(mib), mib);
        from_system = pool_statistics().system_allocations;
    }).join();
    BOOST_TEST(from_system == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
