// Steps that are recorded once and replayed: the bits of recorded ones, no memory asked for, and refusal of
// whatever would make a replay wrong.

#include <autodiff/error.hpp>
#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/ops/elementwise.hpp>
#include <autodiff/ops/indexing.hpp>
#include <autodiff/ops/matmul.hpp>
#include <autodiff/ops/permute.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/ops/shape_ops.hpp>
#include <autodiff/ops/slice.hpp>
#include <autodiff/ops/sort.hpp>
#include <autodiff/random.hpp>
#include <autodiff/transforms/replay.hpp>
#include <nn/nn.hpp>

#include "replay/training.hpp"
#include "support/errors.hpp"

using namespace autodiff;
using autodiff::tests::check_training;
using autodiff::tests::error_text;

namespace {

struct Xor {
    nn::Linear<> hidden{2, 4, Key(1)}, output{4, 1, Key(2)};
    Tensor<> operator()(const Tensor<>& x) const { return sigmoid(output(sigmoid(hidden(x)))); }
    auto parameters() { return nn::parameters("hidden", hidden, "output", output); }
};

const Tensor<> x{{0, 0}, {0, 1}, {1, 0}, {1, 1}}, y{{0}, {1}, {1}, {0}};

/// What a step whose only parameter is w says, when it is first run on x.
template <class F>
std::string refusal(F f)
{
    Tensor<> w{{1, 2}, {3, 4}};
    const Parameters<> parameters{{"w", &w}};
    Replay step([&](const Tensor<>& v) { return f(v, w); }, parameters);
    const std::string text = error_text<ReplayError>([&] { step(x); });
    BOOST_TEST((w.to_vector() == std::vector<double>{1, 2, 3, 4}));
    BOOST_TEST(w.session() == 0U);
    return text;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_replayed_step_has_the_bits_of_a_recorded_one)
{
    const auto loss = [](const Xor& model, const Tensor<>& a, const Tensor<>& b) {
        return nn::mse(model(a), b);
    };
    check_training(
        Xor{}, nn::Sgd<>{{.learning_rate = 0.5, .momentum = 0.9}}, loss,
        [](std::uint64_t) { return std::tuple(x, y); }, 100);
    // Arguments that change, and parameters in new places: Adam's first step, and views.
    check_training(
        Xor{}, nn::Adam<>{}, loss,
        [](std::uint64_t step) {
            const Tensor<> batch = normal(Key(step), {2, 4});
            return std::tuple(transpose(batch),
                              sum(batch, {0}, KeepDims::yes).array().view(Shape{4, 1}, Strides{1, 1}, 0));
        },
        20);
}

BOOST_AUTO_TEST_CASE(so_has_a_classifier_with_batches_of_two_sizes)
{
    nn::Sequential model{nn::Linear<float>{6, 8}, nn::LayerNorm<float>{8}, nn::Gelu{},
                         nn::Linear<float>{8, 3}};
    nn::initialize(model, Key(1));
    check_training(
        model, nn::AdamW<float>{},
        [](const auto& m, const Tensor<float>& a, const IndexArray& labels) {
            return nn::cross_entropy(m(a), labels);
        },
        [](std::uint64_t step) {
            const Index samples = step % 3 == 2 ? 5 : 7;
            return std::tuple(normal<float>(Key(step), {samples, 6}), randint(Key(step), {samples}, 0, 3));
        },
        30);
}

BOOST_AUTO_TEST_CASE(so_has_a_network_for_images_whose_running_means_move)
{
    nn::Sequential model{nn::Conv2d<>{2, 3, 3, {.padding = 1}},
                         nn::BatchNorm<>{3},
                         nn::Relu{},
                         nn::MaxPool2d{2},
                         nn::Conv2d<>{3, 4, 2},
                         nn::AvgPool2d{2},
                         nn::Flatten{},
                         nn::Linear<>{4, 2}};
    nn::initialize(model, Key(1));
    check_training(
        model, nn::RmsProp<>{},
        [](const auto& m, const Tensor<>& a, const IndexArray& labels) {
            return nn::cross_entropy(m(a), labels);
        },
        [](std::uint64_t step) {
            return std::tuple(normal(Key(step), {4, 2, 6, 6}), randint(Key(step), {4}, 0, 2));
        },
        10);
}

BOOST_AUTO_TEST_CASE(so_has_a_network_that_uses_its_weights_again_and_again)
{
    struct Recurrent {
        nn::Linear<> step{4, 4, Key(1)};
        Tensor<> operator()(Tensor<> state) const
        {
            for (int i = 0; i < 3; ++i) state = tanh(matmul(tanh(step(state)), step.weight));
            return state;
        }
        auto parameters() { return nn::parameters("step", step); }
    };
    check_training(
        Recurrent{}, nn::Sgd<>{{.learning_rate = 0.1}},
        [](const Recurrent& model, const Tensor<>& a, const Tensor<>& b) { return nn::mse(model(a), b); },
        [](std::uint64_t step) {
            return std::tuple(normal(Key(step), {5, 4}), normal(Key(step + 99), {5, 4}));
        },
        10);
}

BOOST_AUTO_TEST_CASE(results_stay_what_they_are_when_the_step_runs_again)
{
    Xor model;
    Replay step([&](const Tensor<>& a) { return nn::mse(model(a), y); }, model.parameters());
    BOOST_TEST(error_text<ReplayError>([&] { step(x); }).find("pass it as an argument") != std::string::npos);
    Replay both([&](const Tensor<>& a, const Tensor<>& b) { return nn::mse(model(a), b); },
                model.parameters());
    for (int i = 0; i < 4; ++i) both(x, y);
    const auto [value, gradients] = both(x, y);
    const auto before = gradients[0].to_vector();
    const double loss = value.item();
    both(x + 1.0, y);
    BOOST_TEST((gradients[0].to_vector() == before));
    BOOST_TEST(value.item() == loss);
}

BOOST_AUTO_TEST_CASE(a_small_step_that_is_replayed_asks_for_no_memory)
{
    Xor model;
    nn::Sgd<> sgd{{.learning_rate = 0.5}};
    Replay step([&](const Tensor<>& a, const Tensor<>& b) { return nn::mse(model(a), b); },
                model.parameters());
    const auto train = [&](int steps) {
        const std::size_t before = pool_statistics().requests;
        for (int i = 0; i < steps; ++i) sgd.step(model.parameters(), step(x, y).gradient);
        return pool_statistics().requests - before;
    };
    train(5);  // runs 1, 2 and 4 are recorded
    BOOST_TEST(train(2) == 0U);
    step(x, y);  // run 8, recorded
    train(2);
    const auto [value, gradients] = step(x, y);
    BOOST_TEST(train(1) > 0U);  // what somebody has is not written to
    BOOST_TEST(gradients[0].array().data() != step(x, y).gradient[0].array().data());
}

BOOST_AUTO_TEST_CASE(a_label_that_is_no_class_is_refused_in_every_run)
{
    nn::Linear<> model{2, 3, Key(1)};
    Replay step(
        [&](const Tensor<>& a, const IndexArray& labels) { return nn::cross_entropy(model(a), labels); },
        model.parameters());
    const IndexArray labels(Shape{4}, {0, 1, 2, 0});
    for (int i = 0; i < 3; ++i) step(x, labels);
    BOOST_TEST(error_text<IndexError>([&] { step(x, IndexArray(Shape{4}, {0, 1, 3, 0})); }) ==
               "cross_entropy: label 3 is not one of 3 classes, 0 to 2");
    step(x, labels);
}

BOOST_AUTO_TEST_CASE(what_would_make_a_second_run_wrong_is_refused)
{
    const std::string outside =
        "neither an argument nor a parameter nor computed from them by an op that can be "
        "replayed; pass it as an argument";
    const auto elsewhere = Tensor<>{{1, 1}, {1, 1}};
    BOOST_TEST(refusal([&](const auto& v, const auto& w) {
                   return sum(matmul(v, w + elsewhere));
               }).find(outside) != std::string::npos);
    const auto branches = [](const auto& v, const auto& w) {
        return sum(v).item() > 0 ? sum(matmul(v, w)) : sum(w);
    };
    BOOST_TEST(
        refusal(branches) ==
        "replay: the computation reads a number, so that its course may depend on it; return the tensor and "
        "read it afterwards, or choose with where()");
    BOOST_TEST(refusal([](const auto& v, const auto& w) {
                   return v(0, 0) * sum(w);
               }).find("reads a number") != std::string::npos);
    const auto draws = [](const auto& v, const auto& w) {
        return sum(matmul(v, w) * uniform(Key(1), {4, 2}));
    };
    BOOST_TEST(refusal(draws).find("multiply reads an array that is " + outside) != std::string::npos);
}

// A view of no elements shares the storage of what it is a view of, here the adjoint of both sums.
BOOST_AUTO_TEST_CASE(a_part_without_elements_leaves_the_others_alone)
{
    Tensor<> w{1, 2}, nothing;
    Replay step([&] { return sum(square(w)) + sum(square(nothing)) + sum(slice(w, Slice{1, 1}, 0)); },
                Parameters<>{{"w", &w}, {"nothing", &nothing}});
    for (int i = 0; i < 4; ++i) {
        const auto [value, gradients] = step();
        BOOST_TEST(value.item() == 5);
        BOOST_TEST((gradients[0].to_vector() == std::vector<double>{2, 4}));
    }
}

// How a norm is computed depends on its size: that is a part of its kernel, not of the program.
BOOST_AUTO_TEST_CASE(a_norm_that_begins_at_zero_is_replayed_where_it_is_not)
{
    Tensor<> w{0, 0};
    Replay step([&](const Tensor<>& v) { return norm(w - v) + standard_deviation(w - v); },
                Parameters<>{{"w", &w}});
    for (const double size : {0.0, 1.0, 1e200, 1e-200, 3.0}) {
        const Tensor<> at{0.3 * size, 0.4 * size};
        const double expected = (norm(w - at) + standard_deviation(w - at)).item();
        BOOST_TEST(step(at).value.item() == expected);
        BOOST_TEST(expected == (0.5 + 0.05) * size, boost::test_tools::tolerance(1e-13));
    }
}

// A tensor that shares its elements with an argument or a parameter is not taken for it.
BOOST_AUTO_TEST_CASE(another_tensor_of_the_same_elements_is_not_mistaken)
{
    Tensor<> w{{1, 2}, {3, 4}};
    const Tensor<> target = w;
    const Parameters<> parameters{{"w", &w}};
    Replay distance([&](const Tensor<>& v) { return sum(square(w - target) * sum(v)); }, parameters);
    BOOST_TEST(error_text<ReplayError>([&] { distance(x); }).find("pass it as an argument") !=
               std::string::npos);
    Replay twice([&](const Tensor<>& a, const Tensor<>& b) { return sum(w) * sum(a - 2.0 * b); }, parameters);
    twice(x, x);
    for (const double factor : {2.0, 3.0, 4.0, 5.0})
        BOOST_TEST(twice(x, factor * x).value.item() == 10 * (4 - 2 * 4 * factor));
}

BOOST_AUTO_TEST_CASE(a_parameter_that_is_not_used_has_gradient_zero_in_every_run)
{
    Tensor<> w{{1, 2}, {3, 4}}, unused{5, 6};
    const Parameters<> parameters{{"w", &w}, {"unused", &unused}};
    Replay step([&](const Tensor<>& v) { return sum(matmul(v, w)); }, parameters);
    for (int run = 0; run < 6; ++run)
        BOOST_TEST((step(x).gradient[1].to_vector() == std::vector<double>{0, 0}));
}

BOOST_AUTO_TEST_CASE(a_number_that_changes_unseen_is_noticed_at_the_second_run)
{
    Tensor<> w{{1, 2}, {3, 4}};
    double factor = 1;
    Replay step([&](const Tensor<>& v) { return factor * sum(matmul(v, w)); }, Parameters<>{{"w", &w}});
    step(x);
    factor = 2;
    const std::string text = error_text<ReplayError>([&] { step(x); });
    BOOST_TEST(text.find("replay: run 2 of the step gave other numbers than recording it again") == 0U);
    // What was found to be wrong is not used again.
    for (int i = 0; i < 3; ++i) BOOST_TEST(step(x).value.item() == 2 * sum(matmul(x, w)).item());
}

BOOST_AUTO_TEST_CASE(variables_and_outer_recordings_are_refused)
{
    Tensor<> w{{1, 2}, {3, 4}};
    Replay step([&](const Tensor<>& v) { return sum(matmul(v, w)); }, Parameters<>{{"w", &w}});
    BOOST_TEST(error_text<RecordingError>([&] {
                   gradient([&](const Tensor<>& v) { return step(v).value; }, x);
               }).find("an argument is a variable of a recording") != std::string::npos);
    BOOST_TEST(error_text<RecordingError>([&] {
                   gradient([&](const Tensor<>& v) { return step(x).value + sum(v); }, x);
               }).find("cannot be replayed within a recording") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(arguments_of_another_number_kind_or_mode_are_recorded_anew)
{
    Tensor<> w{{1, 2}, {3, 4}};
    const Parameters<> parameters{{"w", &w}};
    struct Loss {
        const Tensor<>& w;
        Tensor<> operator()(const Tensor<>& v) const { return sum(matmul(v, w)); }
        Tensor<> operator()(const Tensor<>& v, const BoolArray& chosen) const
        {
            return sum(where(chosen, matmul(v, w), Tensor<>(0)));
        }
        Tensor<> operator()(const Tensor<>& v, const IndexArray& rows) const
        {
            return sum(take(matmul(v, w), rows));
        }
    };
    Replay step(Loss{w}, parameters);
    const BoolArray first(Shape{4, 1}, {false, true, false, true});
    const IndexArray second(Shape{4, 1}, {3, 3, 3, 0});
    for (int i = 0; i < 5; ++i) {
        BOOST_TEST(step(x).value.item() == 20);
        BOOST_TEST(step(x, first).value.item() == 17);
        BOOST_TEST(step(x, second).value.item() == 30);
    }
    nn::BatchNorm<> norm(2);
    Replay normalized([&](const Tensor<>& v) { return sum(square(norm(v))); }, norm.parameters());
    for (int i = 0; i < 3; ++i) {
        {
            const nn::TrainingMode training{Key(1)};
            normalized(x);
        }
        const double expected = sum(square(norm(x))).item();
        BOOST_TEST(normalized(x).value.item() == expected);
    }
}

BOOST_AUTO_TEST_CASE(a_weight_without_a_value_is_refused_as_ever)
{
    nn::Linear<> layer{2, 3};
    Replay step([&](const Tensor<>& v) { return sum(layer(v)); }, layer.parameters());
    BOOST_TEST(error_text<DomainError>([&] { step(x); }).find("has no value yet") != std::string::npos);
    nn::initialize(layer, Key(1));
    BOOST_TEST(step(x).value.item() == sum(layer(x)).item());
}
