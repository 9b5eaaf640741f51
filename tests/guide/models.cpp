// Models, optimizers, data and files.

#include <guide/checks.hpp>
#include <guide/xor.hpp>

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

using namespace autodiff;
using namespace autodiff::tests;

BOOST_AUTO_TEST_CASE(a_model_is_trained_by_the_gradient_of_its_parameters)
{
    //! [training]
    const Tensor<> x{{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    const Tensor<> y{{0}, {1}, {1}, {0}};

    Xor model;
    nn::Sgd sgd{{.learning_rate = 2}};
    for (int epoch = 0; epoch < 3000; ++epoch) {
        const auto [loss, gradients] =
            value_and_gradient([&] { return nn::mse(model(x), y); }, model.parameters());
        sgd.step(model.parameters(), gradients);
    }
    //! [training]
    const Tensor<> prediction = model(x);
    for (Index i = 0; i < 4; ++i) require_near(prediction(i, 0), y(i, 0), 0.1);
}

BOOST_AUTO_TEST_CASE(a_step_has_a_schedule_and_a_clipped_gradient)
{
    const Tensor<> x{{0, 0}, {0, 1}, {1, 0}, {1, 1}}, y{{0}, {1}, {1}, {0}};
    //! [optimizer]
    Xor model;
    nn::AdamW adam{{.weight_decay = 1e-4}};
    const nn::WarmUp schedule{.steps = 50, .next = nn::CosineAnnealing{.learning_rate = 0.1, .steps = 450}};
    for (Index step = 0; step < 500; ++step) {
        auto [loss, gradients] = value_and_gradient([&] { return nn::mse(model(x), y); }, model.parameters());
        nn::clip_by_global_norm(gradients, 1);
        adam.options.learning_rate = schedule(step);
        adam.step(model.parameters(), gradients);
    }
    //! [optimizer]
    const Tensor<> prediction = model(x);
    for (Index i = 0; i < 4; ++i) require_near(prediction(i, 0), y(i, 0), 0.1);
}

namespace {

//! [own optimizer]
/// Lion (Chen et al. 2023): steps of one length, in the direction of a running mean's sign.
struct Lion {
    double learning_rate = 1e-3;
    nn::OptimizerState<> state{};

    void step(const Parameters<>& parameters, const std::vector<Tensor<>>& gradients)
    {
        nn::require_step("lion", parameters, gradients, state);
        const auto formula = [rate = learning_rate](auto& theta, const auto& g, auto& m) {
            const auto direction = 0.9 * m + 0.1 * g;
            theta = where(direction > 0, theta - rate, where(direction < 0, theta + rate, theta));
            m = 0.99 * m + 0.01 * g;
        };
        std::vector<Tensor<>>& mean = state.named("mean", parameters);
        for (std::size_t i = 0; i < parameters.size(); ++i)
            update_in_place("lion", formula, *parameters[i].tensor, gradients[i], mean[i]);
    }
};
//! [own optimizer]

}  // namespace

BOOST_AUTO_TEST_CASE(an_optimizer_of_ones_own_is_its_formula)
{
    Tensor<> theta{1.0, 2.0, 3.0};
    Lion lion{.learning_rate = 0.5};
    for (double expected : {0.5, 0.0}) {
        lion.step({{"theta", &theta}}, {Tensor<>{1.0, 0.0, -1.0}});
        require_near(theta(0), expected);
        require_near(theta(1), 2);
        require_near(theta(2), 4 - expected);
    }
}

BOOST_AUTO_TEST_CASE(a_dataset_is_loaded_in_batches)
{
    const Tensor<> x = normal(Key(1), {100, 2});
    const IndexArray labels = randint(Key(2), {100}, 0, 3);
    int batches = 0;
    const auto train = [&](const Tensor<>& inputs, const IndexArray& targets) {
        BOOST_TEST(inputs.size(0) == targets.size());
        ++batches;
    };
    //! [data]
    const nn::data::Dataset dataset(x, labels);
    const auto [training, validation] = dataset.split(0.1, Key(1));  // 90 samples and 10

    const nn::data::Loader loader(training, {.batch_size = 32, .key = Key(1), .prefetch = 2});
    for (int epoch = 0; epoch < 5; ++epoch)
        for (const auto& [inputs, targets] : loader.epoch(epoch)) train(inputs, targets);
    //! [data]
    BOOST_TEST(batches == 15);
    BOOST_TEST(validation.size() == 10);
}

BOOST_AUTO_TEST_CASE(a_model_is_saved_and_loaded)
{
    const std::string path =
        (std::filesystem::temp_directory_path() / fmt::format("xor-{}.safetensors", getpid())).string();
    Xor trained;
    trained.hidden.bias = Tensor<>{1, 2, 3, 4};
    //! [save]
    nn::io::save(path, trained);

    Xor model;
    nn::io::load(path, model);
    //! [save]
    std::filesystem::remove(path);
    BOOST_TEST(model.hidden.bias.to_vector() == (std::vector<double>{1, 2, 3, 4}));
}
