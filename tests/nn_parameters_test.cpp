// How the parameters of a model get their names.

#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

#include "support/errors.hpp"

#include <map>
#include <memory>
#include <type_traits>

using namespace autodiff;
using autodiff::tests::error_text;

namespace {

struct Xor {
    nn::Linear<> hidden{2, 3}, output{3, 1};
    auto parameters() { return nn::parameters("hidden", hidden, "output", output); }
};

template <class T>
std::vector<std::string> names_of(const Parameters<T>& parameters)
{
    std::vector<std::string> names;
    for (const auto& parameter : parameters) names.push_back(parameter.name);
    return names;
}

using Names = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_CASE(parameters_are_named_by_their_path)
{
    Xor model;
    const auto parameters = model.parameters();
    BOOST_TEST(
        names_of(parameters) == (Names{"hidden.weight", "hidden.bias", "output.weight", "output.bias"}),
        boost::test_tools::per_element());
    BOOST_TEST(parameters[0].tensor == &model.hidden.weight);
    BOOST_TEST(parameters[3].tensor == &model.output.bias);
    BOOST_TEST(nn::parameter_count(parameters) == 2 * 3 + 3 + 3 + 1);
}

BOOST_AUTO_TEST_CASE(models_nest)
{
    struct Siamese {
        Xor left, right;
        Tensor<> scale{1.0, 2.0};
        auto parameters() { return nn::parameters("left", left, "right", right, "scale", scale); }
    } model;
    const auto parameters = model.parameters();
    BOOST_TEST(parameters.size() == 9u);
    BOOST_TEST(parameters[4].name == "right.hidden.weight");
    BOOST_TEST(parameters[8].name == "scale");
}

BOOST_AUTO_TEST_CASE(elements_of_containers_are_named_by_position)
{
    struct Deep {
        std::vector<nn::Linear<>> blocks{{2, 2}, {2, 2, nn::Bias::no}};
        std::array<Tensor<>, 2> scales;
        std::vector<std::vector<nn::Linear<>>> grid{{{1, 1, nn::Bias::no}}};
        auto parameters() { return nn::parameters("blocks", blocks, "scales", scales, "grid", grid); }
    } model;
    BOOST_TEST(names_of(model.parameters()) == (Names{"blocks.0.weight", "blocks.0.bias", "blocks.1.weight",
                                                      "scales.0", "scales.1", "grid.0.0.weight"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(parts_of_a_sequential_model_are_named_by_position)
{
    nn::Sequential model{nn::Linear<>{2, 4}, nn::LeakyRelu{},
                         nn::Sequential{nn::Linear<>{4, 1, nn::Bias::no}}};
    BOOST_TEST(names_of(model.parameters()) == (Names{"0.weight", "0.bias", "2.0.weight"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_shared_tensor_is_listed_once_under_its_first_name)
{
    struct Tied {
        std::shared_ptr<nn::Linear<>> encoder = std::make_shared<nn::Linear<>>(3, 3), decoder = encoder;
        Tensor<> bias{0.0};
        std::unique_ptr<Xor> absent;
        auto parameters()
        {
            return nn::parameters("encoder", encoder, "decoder", decoder, "bias", bias, "again", bias,
                                  "absent", absent);
        }
    } model;
    BOOST_TEST(names_of(model.parameters()) == (Names{"encoder.weight", "encoder.bias", "bias"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_gradient_of_a_tied_weight_is_the_sum_over_its_uses)
{
    struct Tied {
        nn::Linear<> layer{Tensor<>{{2.0}}, Tensor<>{0.5}};
        auto operator()(const Tensor<>& x) const { return layer(layer(x)); }
        auto parameters() { return nn::parameters("first", layer, "second", layer); }
    } model;
    // y = w (w x + b) + b,  ∂y/∂w = 2 w x + b,  ∂y/∂b = w + 1;  at w = 2, b = 1/2, x = 3 these are 12.5
    // and 3.
    const auto gradients = gradient([&] { return sum(model(Tensor<>{{3.0}})); }, model.parameters());
    BOOST_TEST(gradients.size() == 2u);
    BOOST_TEST(gradients[0].item() == 12.5);
    BOOST_TEST(gradients[1].item() == 3.0);
}

BOOST_AUTO_TEST_CASE(models_are_of_one_kind_of_number)
{
    struct Single {
        nn::Linear<float> layer{2, 2};
        nn::Elu activation;
        auto parameters() { return nn::parameters("activation", activation, "layer", layer); }
    } model;
    static_assert(std::is_same_v<decltype(model.parameters()), Parameters<float>>);
    static_assert(nn::Model<Single>);
    static_assert(!nn::Model<nn::Elu>);
    nn::Sequential nothing_to_learn{nn::Sigmoid{}, nn::Elu{}};
    static_assert(std::is_same_v<decltype(nothing_to_learn.parameters()), nn::NoParameters>);
    BOOST_TEST(model.parameters().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_copied_model_has_parameters_of_its_own)
{
    Xor model;
    nn::initialize(model, nn::Key(1));
    Xor copy = model;
    const double before = model.hidden.weight(0, 0);
    copy.hidden.weight = copy.hidden.weight + 1;
    BOOST_TEST(model.hidden.weight(0, 0) == before);
    BOOST_TEST(copy.parameters()[0].tensor == &copy.hidden.weight);
}

BOOST_AUTO_TEST_CASE(a_parameter_is_found_by_name)
{
    Xor model;
    BOOST_TEST(&nn::parameter(model, "output.bias") == &model.output.bias);
    BOOST_TEST(error_text<Error>([&] { nn::parameter(model, "hiden.weight"); }) ==
               "parameter: there is no 'hiden.weight'; the model has hidden.weight, hidden.bias, "
               "output.weight, output.bias");
}

BOOST_AUTO_TEST_CASE(two_parts_cannot_have_one_name)
{
    Tensor<> a, b;
    BOOST_TEST(error_text<Error>([&] { nn::parameters("a", a, "a", b); }) ==
               "parameters: two parts are called 'a'; give each a name of its own");
}

BOOST_AUTO_TEST_CASE(summary_lists_names_shapes_and_counts)
{
    Xor model;
    BOOST_TEST(nn::summary(model) ==
               "hidden.weight  (3, 2)   6\n"
               "hidden.bias    (3,)     3\n"
               "output.weight  (1, 3)   3\n"
               "output.bias    (1,)     1\n"
               "4 parameters           13 numbers, 104 bytes\n");
    BOOST_TEST(nn::summary(Parameters<float>{}) == "0 parameters    0 numbers, 0 bytes\n");
}
