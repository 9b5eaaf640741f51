// A model's file and a checkpoint, which is one with more in it. Either sets all numbers, or none.

#include "reader.hpp"

#include <nn/adam.hpp>
#include <nn/io/checkpoint.hpp>
#include <nn/io/model_file.hpp>

#include <iterator>

namespace autodiff::tests {

namespace {

struct Model {
    Tensor<> weight = Tensor<>::filled({2, 2}, 1), bias{3, 4};

    nn::Parameters<> parameters()
    {
        nn::Parameters<> list;
        list.push_back({"weight", &weight});
        list.push_back({"bias", &bias});
        return list;
    }
    bool holds(double number) const
    {
        return weight(0, 0) == number && weight(1, 1) == number && bias(0) == 3 && bias(1) == 4;
    }
};

/// Reads with a model that must stay as it is if read throws.
template <class Read>
void check(std::string_view input, Read read)
{
    check_reader(input, Place::none, [&](const std::string& path) {
        Model model;
        nn::OptimizerState<double> state{.steps = 5, .tensors = {}};
        try {
            read(path, model, state);
        } catch (const nn::data::FileError&) {
            demand(model.holds(1) && state.steps == 5, "the model was changed by a file that is refused");
            throw;
        }
    });
}

void run(std::string_view input)
{
    check(input,
          [](const std::string& path, Model& model, auto&) { nn::io::load(path, model.parameters()); });
    check(input, [](const std::string& path, Model& model, auto& state) {
        const nn::History history = nn::io::read_checkpoint(path, model.parameters(), state);
        demand(history.size() <= 1000, "a history of {} epochs", history.size());
    });
}

std::vector<std::string> seeds()
{
    const TemporaryDirectory directory;
    const std::string path = directory.path("seed.safetensors");
    std::vector<std::string> list;
    const auto add = [&] {
        std::ifstream file(path, std::ios::binary);
        list.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    };
    Model model;
    nn::io::save(path, model.parameters(), {{"epoch", "3"}});
    add();
    nn::OptimizerState<double> state{.steps = 7, .tensors = {}};
    state.tensors["mean"] = {model.weight, model.bias};
    nn::History history;
    history.metric_names = {"accuracy"};
    history.push_back({.epoch = 1, .training_loss = 0.5, .validation_loss = 0.25, .metrics = {1.0}});
    nn::io::write_checkpoint(path, model.parameters(), state, history, {{"seed", "1"}});
    add();
    nn::io::write_checkpoint(path, model.parameters(), {}, {});
    add();
    return list;
}

}  // namespace

const Target model_target{"model", run, seeds};

}  // namespace autodiff::tests
