// Functions of the user's that throw, wherever the library calls them.

#include "right.hpp"

#include "../nn_fit/circle.hpp"

#include <memory/counted.hpp>

namespace autodiff::tests {

namespace {

struct Stop {};

/// f throws a Stop. Afterwards nothing is recorded, gradients are right, and all memory is where it was: of
/// the program, and of the pool.
template <class F>
void check_unwound(F f)
{
    const auto again = [&] {
        BOOST_CHECK_THROW(f(), Stop);
        BOOST_TEST(nothing_is_recorded());
        check_gradients();
    };
    for (int i = 0; i < 3; ++i) again();
    const std::size_t live = live_bytes(), cached = pool_statistics().cached_bytes;
    for (int i = 0; i < 10; ++i) again();
    BOOST_TEST(live_bytes() == live);
    BOOST_TEST(pool_statistics().cached_bytes == cached);
}

const Tensor<> x{1, 2, 3};

/// True, which the compiler does not know.
bool always() { return x.size() == 3; }

/// An op that throws in its value or its pullback.
auto throwing_op(bool in_value)
{
    return custom_op(
        "throwing",
        [in_value](const Tensor<>& v) {
            if (in_value) throw Stop{};
            return exp(v);
        },
        [](const Tensor<>& y_bar, const Tensor<>& y, const Tensor<>&) -> Tensor<> {
            if (y_bar.size() > 0) throw Stop{};
            return y_bar * y;
        });
}

}  // namespace

BOOST_AUTO_TEST_CASE(an_op_of_the_users_may_throw_in_its_value_and_in_its_pullback)
{
    for (const bool in_value : {true, false}) {
        const auto op = throwing_op(in_value);
        const auto f = [&](const Tensor<>& v) { return sum(sin(v) * op(square(v))); };
        check_unwound([&] { gradient(f, x); });
        check_unwound([&] { gradient([&](const Tensor<>& v) { return sum(gradient(f, v)); }, x); });
        check_unwound([&] { jvp(f, x, x); });
        check_unwound([&] { jacobian([&](const Tensor<>& v) { return op(v) * v; }, x); });
        check_unwound([&] { hvp(f, x, x); });
    }
}

BOOST_AUTO_TEST_CASE(a_function_may_throw_wherever_it_stands)
{
    const auto after_some = [](const auto& v) {
        auto y = v;
        for (int i = 0; i < 1000; ++i) y = sin(y) + v;
        if (always()) throw Stop{};
        return y;
    };
    check_unwound([&] { recorded_gradient(after_some, 0.5); });
    check_unwound([&] { gradient([&](const Tensor<>& v) { return sum(after_some(v)); }, x); });
    check_unwound([&] {
        gradient(
            [&](const Tensor<>& v) {
                return sum(v * gradient([&](const Tensor<>& w) { return sum(after_some(w)); }, v));
            },
            x);
    });
    check_unwound([&] { check_gradient([&](const Tensor<>& v) { return sum(after_some(v)); }, x); });
    check_unwound([&] { vjp(after_some, x); });
    Tensor<> w = x;
    check_unwound([&] { value_and_gradient([&] { return sum(after_some(w)); }, Parameters<>{{"w", &w}}); });
    BOOST_TEST(w.session() == 0u);
    check_unwound([&] {
        Replay step([&](const Tensor<>& v) { return sum(after_some(w * v)); }, Parameters<>{{"w", &w}});
        step(x);
    });
}

BOOST_AUTO_TEST_CASE(a_checkpointed_function_may_throw_when_it_is_computed_again)
{
    int calls = 0;
    check_unwound([&] {
        calls = 0;
        gradient(
            [&](const Tensor<>& v) {
                return sum(checkpoint(
                    [&](const Tensor<>& a) {
                        if (++calls == 2) throw Stop{};
                        return exp(sin(a));
                    },
                    v * 2));
            },
            x);
    });
    BOOST_TEST(calls == 2);
}

// Each of them calls its function when it computes values, and some again when they are swept.
BOOST_AUTO_TEST_CASE(a_function_of_a_part_may_throw_in_any_of_its_calls)
{
    int calls = 0, last = 0;
    const auto count = [&] {
        if (++calls == last) throw Stop{};
    };
    const auto in_any_call = [&](const auto& f) {
        const auto run = [&] {
            calls = 0;
            recorded_gradient(f, std::vector{0.5, 2.0});
        };
        last = 0;
        run();
        const int all = calls;
        BOOST_TEST(all > 1);
        for (last = 1; last <= all; ++last) check_unwound(run);
    };
    in_any_call([&](const auto& v) {
        return sum_over(4, [&](std::size_t, const auto& a) { return count(), sin(a[0]) * a[1]; }, v);
    });
    in_any_call([&](const auto& v) {
        const auto part = [&](const auto& a) { return count(), sin(a[0]) * a[1]; };
        return preaccumulate(part, v) * preaccumulate(part, v);
    });
    in_any_call([&](const auto& v) {
        return sum(map_over(
            4, [&](std::size_t, const auto& a, const auto& b) { return count(), sin(a) * b; }, v[0], v[1]));
    });
    in_any_call([&]<class X>(const std::vector<X>& v) {
        const auto step = [&](std::size_t, const auto& s, const auto& a) {
            count();
            auto next = s;
            next[0] = sin(s[0]) * a;
            return next;
        };
        return X(iterate(Steps(9, 3), v, step, v[1])[0]);
    });
    last = 0;
}

BOOST_AUTO_TEST_CASE(callbacks_metrics_schedules_and_transforms_of_training_may_throw)
{
    const auto check = [](auto change) {
        Options options{.epochs = 2, .batch_size = 16, .validation_fraction = 0.3};
        change(options);
        check_unwound([&] {
            Net net;
            run(net, options);
        });
    };
    check([](Options& o) { o.after_epoch = [](const nn::EpochResult&) { throw Stop{}; }; });
    check([](Options& o) { o.after_batch = [](const nn::BatchResult&) { throw Stop{}; }; });
    check([](Options& o) { o.schedule = [](Index) -> double { throw Stop{}; }; });
    check([](Options& o) {
        o.metrics = {{"none", [](const Tensor<>&, const IndexArray&) -> double { throw Stop{}; }}};
    });
    for (const Index prefetch : {0, 1, 3})
        check([prefetch](Options& o) {
            o.prefetch = prefetch;
            o.transform = [](const auto& batch, Key) { return always() ? throw Stop{} : batch; };
        });
}

BOOST_AUTO_TEST_CASE(what_a_chunk_of_a_thread_throws_is_unwound)
{
    check_unwound([] {
        gradient(
            [](const Tensor<>& v) {
                const Tensor<> y = exp(v);
                for_each_chunk(20, [](Index i) {
                    if (i == 11) throw Stop{};
                });
                return sum(y);
            },
            x);
    });
}

}  // namespace autodiff::tests
