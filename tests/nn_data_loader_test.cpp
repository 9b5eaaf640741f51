// Datasets, splits, and mini-batches made in order or ahead on a thread.

#include <autodiff/autodiff.hpp>
#include <autodiff/error.hpp>
#include <nn/nn.hpp>

#include "support/errors.hpp"

#include <range/v3/view.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <set>
#include <thread>

using namespace autodiff;
using autodiff::tests::error_text;
using boost::test_tools::per_element;
using nn::data::Dataset;
using nn::data::Loader;
using nn::data::Prefetcher;

namespace {

/// Sample i is (10 i, 10 i + 1), its label i.
auto numbered(Index samples)
{
    std::vector<double> x;
    for (Index i = 0; i < samples; ++i)
        x.insert(x.end(), {static_cast<double>(10 * i), static_cast<double>(10 * i + 1)});
    IndexArray labels = IndexArray::uninitialized(Shape{samples});
    for (Index i = 0; i < samples; ++i) labels.writable()[i] = i;
    return Dataset(Tensor<>(Shape{samples, 2}, x), labels);
}

/// The labels of an epoch, and that x belongs to them.
std::vector<Index> labels_of(const auto& epoch)
{
    std::vector<Index> all;
    for (const auto& [x, y] : epoch) {
        BOOST_TEST(x.shape() == (Shape{y.size(), 2}));
        for (Index i = 0; i < y.size(); ++i) {
            BOOST_TEST(x(i, 1) == static_cast<double>(10 * y(i) + 1));
            all.push_back(y(i));
        }
    }
    return all;
}

std::vector<Index> sizes_of(const auto& epoch)
{
    std::vector<Index> sizes;
    for (const auto& [x, y] : epoch) sizes.push_back(y.size());
    return sizes;
}

}  // namespace

BOOST_AUTO_TEST_CASE(dataset_arrays_have_one_first_size)
{
    const auto dataset = numbered(3);
    BOOST_TEST(dataset.size() == 3);
    BOOST_TEST(
        error_text<ShapeError>([] { Dataset(Tensor<>::zeros({3, 2}), Tensor<float>::zeros({2})); }) ==
        "dataset: arrays of shapes (3, 2) and (2,); their first sizes, which count the samples, must be "
        "equal");
    BOOST_CHECK_THROW(Dataset(Tensor<>(1.0)), ShapeError);
    BOOST_TEST(error_text<RecordingError>(
                   [] { gradient([](const Tensor<>& x) { return Dataset(x), sum(x); }, Tensor<>{1, 2}); }) ==
               "dataset: a tensor of shape (2,) is a variable, whose derivatives would be lost; samples are "
               "constants, "
               "as stop_gradient makes them");
}

BOOST_AUTO_TEST_CASE(dataset_selects_samples)
{
    const auto selected = numbered(4).select(IndexArray(Shape{3}, {2, 0, 2}));
    const auto& [x, y] = selected.arrays();
    BOOST_TEST(x.to_vector() == (std::vector<double>{20, 21, 0, 1, 20, 21}), per_element());
    BOOST_TEST(y.to_vector() == (std::vector<Index>{2, 0, 2}), per_element());
    BOOST_TEST(error_text<IndexError>([] { numbered(4).select(IndexArray(Shape{1}, {4})); }) ==
               "dataset: there is no sample 4; they are 0 to 3");
    BOOST_CHECK_THROW(numbered(4).select(IndexArray(Shape{1}, {-1})), IndexError);
    // Of a view, too.
    const Dataset columns(transpose(Tensor<>{{1, 2, 3}, {4, 5, 6}}));
    BOOST_TEST(std::get<0>(columns.select(IndexArray(Shape{1}, {1})).arrays()).to_vector() ==
                   (std::vector<double>{2, 5}),
               per_element());
}

BOOST_AUTO_TEST_CASE(dataset_splits_by_key)
{
    const auto dataset = numbered(10);
    const auto [training, validation] = dataset.split(0.3, Key(1));
    const auto labels = [](const auto& part) { return std::get<1>(part.arrays()).to_vector(); };
    BOOST_TEST(training.size() == 7);
    BOOST_TEST(labels(validation) == (std::vector<Index>{2, 4, 5}), per_element());
    std::set<Index> all;
    for (const auto& part : {labels(training), labels(validation)}) all.insert(part.begin(), part.end());
    BOOST_TEST(all.size() == 10);
    BOOST_TEST((labels(dataset.split(0.3, Key(2)).second) != labels(validation)));
    BOOST_TEST(dataset.split(0, Key(1)).second.size() == 0);
    BOOST_TEST(dataset.split(1, Key(1)).first.size() == 0);
    BOOST_TEST(error_text<DomainError>([&] { dataset.split(1.5, Key(1)); }) ==
               "split: the fraction 1.5 for validation is not in [0, 1]");
    BOOST_CHECK_THROW(dataset.split(std::nan(""), Key(1)), DomainError);
}

BOOST_AUTO_TEST_CASE(batches_have_the_order_that_key_and_epoch_decide)
{
    for (const Index prefetch : {0, 1, 3}) {
        const Loader loader(numbered(7), {.batch_size = 3, .key = Key(1), .prefetch = prefetch});
        // The same on every machine.
        BOOST_TEST(labels_of(loader.epoch(0)) == (std::vector<Index>{2, 3, 5, 4, 0, 6, 1}), per_element());
        BOOST_TEST(labels_of(loader.epoch(1)) == (std::vector<Index>{1, 3, 0, 2, 4, 5, 6}), per_element());
        const Loader other(numbered(7), {.batch_size = 3, .key = Key(2), .prefetch = prefetch});
        BOOST_TEST((labels_of(other.epoch(0)) != labels_of(loader.epoch(0))));
        const Loader in_order(numbered(7), {.batch_size = 3, .shuffle = false, .prefetch = prefetch});
        BOOST_TEST(labels_of(in_order.epoch(5)) == (std::vector<Index>{0, 1, 2, 3, 4, 5, 6}), per_element());
    }
}

BOOST_AUTO_TEST_CASE(the_last_batch_is_short_or_dropped)
{
    for (const Index prefetch : {0, 2}) {
        const auto sizes = [&](Index samples, bool drop_last) {
            const Loader loader(numbered(samples),
                                {.batch_size = 3, .drop_last = drop_last, .prefetch = prefetch});
            const auto list = sizes_of(loader.epoch(0));
            BOOST_TEST(loader.batches() == static_cast<Index>(list.size()));
            return list;
        };
        BOOST_TEST(sizes(7, false) == (std::vector<Index>{3, 3, 1}), per_element());
        BOOST_TEST(sizes(7, true) == (std::vector<Index>{3, 3}), per_element());
        BOOST_TEST(sizes(6, false) == (std::vector<Index>{3, 3}), per_element());
        BOOST_TEST(sizes(2, false) == (std::vector<Index>{2}), per_element());
        BOOST_TEST(sizes(2, true).empty());
        BOOST_TEST(sizes(0, false).empty());
    }
    BOOST_TEST(error_text<DomainError>([] { Loader(numbered(2), {.batch_size = 0}); }) ==
               "loader: the batch_size 0 is not positive");
    BOOST_CHECK_THROW(Loader(numbered(2), {.prefetch = -1}), DomainError);
}

BOOST_AUTO_TEST_CASE(batches_that_are_kept_stay_as_they_are)
{
    for (const Index prefetch : {0, 1}) {
        const Loader loader(numbered(20), {.batch_size = 2, .shuffle = false, .prefetch = prefetch});
        std::vector<Tensor<>> kept;
        for (const auto& [x, y] : loader.epoch(0)) kept.push_back(x);
        for (std::size_t i = 0; i < kept.size(); ++i)
            BOOST_TEST(kept[i](1, 0) == static_cast<double>(10 * (2 * i + 1)));
    }
}

BOOST_AUTO_TEST_CASE(an_epoch_takes_no_memory_from_the_system_once_others_ran)
{
    pool_limit(std::size_t{1} << 20);  // sanitized builds cache nothing of their own
    const Loader loader(numbered(1000), {.batch_size = 10, .prefetch = 2});
    const auto run = [&] {
        double total = 0;
        for (const auto& [x, y] : loader.epoch(1)) total += sum(x).item();
        return total;
    };
    run();
    const auto before = pool_statistics();
    run();
    BOOST_TEST(pool_statistics().system_allocations == before.system_allocations);
    BOOST_TEST(pool_statistics().cached_bytes == before.cached_bytes);
}

BOOST_AUTO_TEST_CASE(an_epoch_is_a_view_of_ranges)
{
    const Loader loader(numbered(10), {.batch_size = 2, .shuffle = false, .prefetch = 1});
    using Batches = decltype(loader.epoch(0));
    static_assert(std::ranges::input_range<Batches> && std::ranges::view<Batches>);
    static_assert(ranges::input_range<Batches> && ranges::view_<Batches>);

    std::vector<double> seen;
    for (const auto& [i, batch] : loader.epoch(0) | ranges::views::enumerate | ranges::views::take(2)) {
        const auto& [x, y] = batch;
        seen.insert(seen.end(), {static_cast<double>(i), x(0, 0), static_cast<double>(y(1))});
    }
    BOOST_TEST(seen == (std::vector<double>{0, 0, 1, 1, 20, 3}), per_element());
    BOOST_TEST(ranges::distance(Batches()) == 0);
}

BOOST_AUTO_TEST_CASE(an_epoch_outlives_its_loader)
{
    const auto epoch = Loader(numbered(5), {.batch_size = 2, .prefetch = 1}).epoch(0);
    BOOST_TEST(labels_of(epoch).size() == 5);
}

BOOST_AUTO_TEST_CASE(a_transform_changes_batches_by_a_key_of_each)
{
    std::vector<std::vector<double>> runs;
    for (const Index prefetch : {0, 2}) {
        const Loader loader(numbered(6), {.batch_size = 2, .shuffle = false, .prefetch = prefetch},
                            [](const auto& batch, Key key) {
                                const auto& [x, y] = batch;
                                return std::tuple(x + uniform(key, x.shape()), y);
                            });
        std::vector<double> values;
        for (const auto& [x, y] : loader.epoch(3))
            for (const double value : x.to_vector()) values.push_back(value);
        runs.push_back(values);
    }
    BOOST_TEST(runs[0] == runs[1], per_element());
    BOOST_TEST(runs[0][0] - std::floor(runs[0][0]) != runs[0][4] - std::floor(runs[0][4]));
}

BOOST_AUTO_TEST_CASE(what_the_thread_throws_reaches_the_loop)
{
    for (const Index prefetch : {0, 1, 5}) {
        int made = 0;
        const Loader loader(numbered(10), {.batch_size = 2, .prefetch = prefetch},
                            [&](const auto& batch, Key) {
                                if (++made == 3) fail<DomainError>("the third batch is bad");
                                return batch;
                            });
        int seen = 0;
        const auto epoch = loader.epoch(0);
        const auto train = [&] {
            for ([[maybe_unused]] const auto& batch : epoch) ++seen;
        };
        BOOST_TEST(error_text<DomainError>(train) == "the third batch is bad");
        BOOST_TEST(seen == 2);
        // Nor does it look finished to whoever asks again.
        BOOST_TEST(error_text<DomainError>(train) == "the third batch is bad");
        BOOST_TEST(seen == 2);
    }
}

BOOST_AUTO_TEST_CASE(a_loop_left_early_ends_the_thread)
{
    std::atomic<int> made = 0;
    const Loader loader(numbered(1000), {.batch_size = 1, .prefetch = 4}, [&](const auto& batch, Key) {
        ++made;
        return batch;
    });
    for (int i = 0; i < 50; ++i)
        for (const auto& [x, y] : loader.epoch(i))
            if (i % 2 == 0 || y(0) % 3 == 0) break;
    const int afterwards = made;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    BOOST_TEST(made == afterwards);
    const auto never_begun = loader.epoch(0);
}

BOOST_AUTO_TEST_CASE(prefetching_is_ahead_by_the_slots_but_one)
{
    std::atomic<int> filled = 0;
    Prefetcher prefetcher(3, [&](std::size_t) { return ++filled <= 10; });
    const auto settled = [&](int count) {
        for (int i = 0; i < 1000 && filled < count; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        return filled.load();
    };
    BOOST_TEST(settled(3) == 3);
    BOOST_TEST(prefetcher.next().value() == 0);
    BOOST_TEST(settled(3) == 3);
    BOOST_TEST(prefetcher.next().value() == 1);
    BOOST_TEST(settled(4) == 4);
    int rest = 0;
    while (prefetcher.next()) ++rest;
    BOOST_TEST(rest == 8);
    BOOST_TEST(!prefetcher.next());
}
