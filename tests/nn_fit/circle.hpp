#pragma once

// A small network that learns which points lie within a circle, with all that makes a run hard to go on from.

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include <nn_data_files/files.hpp>

namespace autodiff::tests {

/// Draws in each step, and has numbers that are not learned but belong to the model.
struct Net {
    nn::Linear<> hidden{2, 8, Key(1)}, output{8, 2, Key(2)};
    nn::BatchNorm<> norm{8};
    nn::Dropout dropout{0.25};

    Tensor<> operator()(const Tensor<>& x) const { return output(dropout(tanh(norm(hidden(x))))); }
    auto parameters() { return nn::parameters("hidden", hidden, "norm", norm, "output", output); }
};

/// Points of the plane, and whether they lie within a circle.
inline nn::data::Dataset<Tensor<>, IndexArray> circle(Index samples)
{
    const Tensor<> x = normal(Key(3), {samples, 2});
    IndexArray labels = IndexArray::uninitialized({samples});
    for (Index i = 0; i < samples; ++i) labels.writable()[i] = x(i, 0) * x(i, 0) + x(i, 1) * x(i, 1) < 1;
    return nn::data::Dataset(x, labels);
}
using Options = nn::FitOptions<Tensor<>, IndexArray, Tensor<>>;

/// All numbers of the model, those that are not learned included.
inline std::vector<double> numbers(Net& net)
{
    std::vector<double> all;
    const nn::Parameters<> parameters = net.parameters();
    for (const auto* list :
         {static_cast<const std::vector<nn::Parameter<>>*>(&parameters), &parameters.state})
        for (const auto& parameter : *list)
            for (const double number : parameter.tensor->to_vector()) all.push_back(number);
    return all;
}

/// A network trained from its start, or from the checkpoint that there is, in a process's own words.
inline nn::History run(Net& net, const Options& options)
{
    return nn::compile(net, nn::Adam{{.learning_rate = 0.05}}, nn::cross_entropy).fit(circle(50), options);
}

/// That two runs tell the same, their times apart.
inline void require_equal(const nn::History& a, const nn::History& b)
{
    BOOST_REQUIRE(a.size() == b.size());
    BOOST_TEST(a.metric_names == b.metric_names, boost::test_tools::per_element());
    for (std::size_t i = 0; i < a.size(); ++i) {
        BOOST_TEST(a[i].epoch == b[i].epoch);
        BOOST_TEST(a[i].training_loss == b[i].training_loss);
        BOOST_TEST((a[i].validation_loss == b[i].validation_loss));
        BOOST_TEST(a[i].metrics == b[i].metrics, boost::test_tools::per_element());
        BOOST_TEST(a[i].learning_rate == b[i].learning_rate);
    }
}

}  // namespace autodiff::tests
