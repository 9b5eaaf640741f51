// Checkpoints hold all that training stands on, and appear whole or not at all.

#include <autodiff/autodiff.hpp>
#include <nn/adam.hpp>
#include <nn/io/io.hpp>
#include <nn/linear.hpp>
#include <nn/loss.hpp>

#include "nn_data_files/files.hpp"

#include <cmath>

#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

using namespace autodiff;
using namespace autodiff::tests;
using boost::test_tools::per_element;
using nn::io::read_checkpoint;
using nn::io::write_checkpoint;

namespace {

struct Net {
    nn::Linear<> hidden, output;
    explicit Net(std::uint64_t seed) : hidden(2, 3, Key(seed)), output(3, 1, Key(seed + 1)) {}

    auto parameters() { return nn::parameters("hidden", hidden, "output", output); }
    Tensor<> loss() const
    {
        return nn::mse(output(tanh(hidden(Tensor<>{{0, 1}, {1, 0}, {1, 1}}))), Tensor<>{{1}, {1}, {0}});
    }
};

void step(Net& net, nn::Adam<>& adam)
{
    adam.step(net.parameters(), gradient([&] { return net.loss(); }, net.parameters()));
}

std::vector<double> numbers(Net& net)
{
    std::vector<double> all;
    for (const auto& parameter : net.parameters())
        for (const double number : parameter.tensor->to_vector()) all.push_back(number);
    return all;
}

nn::History history_of_two()
{
    nn::History history{{.epoch = 1, .training_loss = 0.1 + 0.2, .metrics = {0.5, 1}, .learning_rate = 0.1},
                        {.epoch = 2,
                         .training_loss = 0.1,
                         .validation_loss = 1.0 / 3,
                         .metrics = {std::nan(""), 0},
                         .learning_rate = 0.01,
                         .seconds = 1.5}};
    history.metric_names = {"z", "a, b"};
    return history;
}

}  // namespace

BOOST_AUTO_TEST_CASE(training_goes_on_from_a_checkpoint_to_the_same_bits)
{
    const TemporaryDirectory directory;
    const std::string path = directory.path("last.safetensors");
    Net net(1);
    nn::Adam adam{{.learning_rate = 0.1, .amsgrad = true}};
    for (int i = 0; i < 3; ++i) step(net, adam);
    write_checkpoint(path, net.parameters(), adam.state, history_of_two(), {{"seed", "1"}});
    for (int i = 0; i < 3; ++i) step(net, adam);

    Net other(7);
    nn::Adam fresh{{.learning_rate = 0.1, .amsgrad = true}};
    const nn::History history = read_checkpoint(path, other.parameters(), fresh.state, {{"seed", "1"}});
    BOOST_TEST(fresh.state.steps == 3);
    for (int i = 0; i < 3; ++i) step(other, fresh);
    BOOST_TEST(numbers(other) == numbers(net), per_element());

    BOOST_TEST(history.size() == 2u);
    BOOST_TEST(history.metric_names == (std::vector<std::string>{"z", "a, b"}), per_element());
    BOOST_TEST(history[0].epoch == 1);
    BOOST_TEST(history[0].training_loss == 0.1 + 0.2);
    BOOST_TEST(!history[0].validation_loss);
    BOOST_TEST(history[1].epoch == 2);
    BOOST_TEST(history[1].validation_loss.value() == 1.0 / 3);
    BOOST_TEST(std::isnan(history[1].metrics[0]));
    BOOST_TEST(history[1].metrics[1] == 0);
    BOOST_TEST(history[1].learning_rate == 0.01);
    BOOST_TEST(history[1].seconds == 1.5);
}

BOOST_AUTO_TEST_CASE(a_checkpoint_that_does_not_fit_changes_nothing)
{
    const TemporaryDirectory directory;
    const std::string path = directory.path("last.safetensors");
    Net net(1);
    nn::Adam adam;
    step(net, adam);
    write_checkpoint(path, net.parameters(), adam.state, {}, {{"batch_size", "64"}});

    const auto before = numbers(net);
    nn::Adam fresh;
    const auto error_with = [&](const nn::Parameters<>& parameters, const nn::io::Metadata& settings = {}) {
        return file_error([&] { read_checkpoint(path, parameters, fresh.state, settings); });
    };
    BOOST_TEST(
        error_with(net.parameters(), {{"batch_size", "128"}}) ==
        "read_checkpoint: last.safetensors: it was written with batch_size 64, not 128; a run goes on with "
        "the settings that it began with");
    BOOST_TEST(error_with(net.parameters(), {{"key", "1"}}).find("key unknown, not 1") != std::string::npos);
    BOOST_TEST(error_with(nn::parameters("hidden", net.hidden)).find("the model lacks model/output.bias") !=
               std::string::npos);
    BOOST_TEST(error_with(nn::parameters("hidden", net.output, "output", net.output))
                   .find("double (3, 2), not double (1, 3)") != std::string::npos);
    nn::io::save(path, net);
    BOOST_TEST(error_with(net.parameters()).find("it is no checkpoint") != std::string::npos);
    BOOST_TEST(fresh.state.steps == 0);
    BOOST_TEST(fresh.state.tensors.empty());
    BOOST_TEST(numbers(net) == before, per_element());

    adam.state.tensors["a/b"] = {};
    BOOST_CHECK_THROW(write_checkpoint(path, net.parameters(), adam.state, {}), DomainError);
    adam.state.tensors.erase("a/b");
    nn::History history = history_of_two();
    history[1].metrics.pop_back();
    BOOST_CHECK_THROW(write_checkpoint(path, net.parameters(), adam.state, history), DomainError);
}

BOOST_AUTO_TEST_CASE(a_damaged_checkpoint_is_refused_or_read)
{
    const TemporaryDirectory directory;
    const std::string path = directory.path("last.safetensors");
    Tensor<> weight{1, 2};
    nn::OptimizerState<> state;
    state.tensors["m"] = {Tensor<>{3, 4}};
    const nn::Parameters<> parameters{{"w", &weight}};
    write_checkpoint(path, parameters, state, history_of_two());
    check_damaged(read_bytes(path), ".safetensors", [&](const std::string& p) {
        nn::OptimizerState<> read;
        read_checkpoint(p, parameters, read);
    });
}

BOOST_AUTO_TEST_CASE(a_process_killed_at_any_moment_leaves_a_whole_checkpoint)
{
    const TemporaryDirectory directory;
    const std::string path = directory.path("last.safetensors");
    // All numbers of a checkpoint are that of its steps, so that a mixture of two would show.
    const auto write = [&](Index number) {
        Tensor<> weight = Tensor<>::filled({20'000}, static_cast<double>(number));
        nn::OptimizerState<> state;
        state.steps = number;
        state.tensors["m"] = {weight};
        write_checkpoint(path, {{"w", &weight}}, state, {});
    };
    write(0);
    Random random(1);
    Index last = 0;
    for (int kills = 1; kills <= 15 || last == 0; ++kills) {
        const pid_t child = fork();
        if (child == 0)
            for (Index number = last + 1;; ++number) write(number);
        usleep(static_cast<useconds_t>(random.below(1000) * static_cast<std::size_t>(kills)));
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);

        Tensor<> weight = Tensor<>::zeros({20'000});
        nn::OptimizerState<> state;
        read_checkpoint(path, {{"w", &weight}}, state);
        BOOST_TEST(state.steps >= last);
        last = state.steps;
        const auto is_whole = [&](const Tensor<>& tensor) {
            return std::ranges::all_of(tensor.to_vector(),
                                       [&](double x) { return x == static_cast<double>(last); });
        };
        BOOST_TEST((is_whole(weight) && is_whole(state.tensors.at("m")[0])));
    }
}
