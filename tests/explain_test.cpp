// explain and to_dot say what the library computes, in the notation of a hand derivation.

#include <autodiff/autodiff.hpp>
#include <nn/linear.hpp>
#include <nn/loss.hpp>
#include <support/errors.hpp>
#include <support/random.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <functional>

using namespace autodiff;

namespace {

const auto neuron = [](const auto& x, const auto& w, const auto& b) {
    return sigmoid(named("z", w * x + b));
};

std::string adjoint_of(const ExplainedGraph& graph, std::string_view name)
{
    for (const auto& node : graph.nodes)
        if (node.name == name) return node.adjoint;
    return "none";
}

}  // namespace

BOOST_AUTO_TEST_CASE(adjoints_are_those_of_gradient)
{
    const auto f = [](const auto& x, const auto& y) {
        auto sum = sin(x) * y;
        for (int i = 0; i < 3; ++i) sum = tanh(sum) * x + exp(-y * y) / (1 + x * x) - where(x > y, x, y);
        return sum;
    };
    tests::Random random(1);
    for (int i = 0; i < 100; ++i) {
        const double x = random.uniform(-2, 2), y = random.uniform(-2, 2);
        const auto graph =
            autodiff::explained_graph(autodiff::detail::spread(f), std::array{input("x", x), input("y", y)});
        const auto expected = gradient(f, x, y);
        // Seven digits are printed.
        BOOST_TEST(std::abs(std::stod(adjoint_of(graph, "x")) - expected[0]) <=
                   1e-6 * std::max(1.0, std::abs(expected[0])));
        BOOST_TEST(std::abs(std::stod(adjoint_of(graph, "y")) - expected[1]) <=
                   1e-6 * std::max(1.0, std::abs(expected[1])));
    }
}

BOOST_AUTO_TEST_CASE(a_neuron_is_derived_as_by_hand)
{
    const std::string text = explain(neuron, input("x", 0.5), input("w", 2.0), input("b", -1.0));
    BOOST_TEST_MESSAGE(text);
    for (const char* part : {"x = 0.5", "z = w · x + b", "= sigmoid(z)", "z\u0304", "w\u0304", "0.25"})
        BOOST_TEST(text.find(part) != std::string::npos, "no '" << part << "' in\n" << text);
}

BOOST_AUTO_TEST_CASE(a_value_used_twice_has_a_term_for_each_use)
{
    const auto f = [](const auto& x) { return named("a", x * x) + named("b", 3 * x); };
    const auto graph = autodiff::explained_graph(autodiff::detail::spread(f), std::array{input("x", 2.0)});
    BOOST_TEST(adjoint_of(graph, "x") == "7");
}

BOOST_AUTO_TEST_CASE(a_function_of_a_vector_is_explained)
{
    const auto f = [](const auto& v) { return v[0] * v[1]; };
    const std::vector<NamedInput<double>> inputs{input("p", 2.0), input("q", 3.0)};
    const std::string text = explain(f, inputs);
    BOOST_TEST(text.find("p\u0304") != std::string::npos, text);
    BOOST_TEST(to_dot(f, inputs).starts_with("digraph"));
}

BOOST_AUTO_TEST_CASE(the_graph_names_nodes_values_and_partials)
{
    const std::string dot = to_dot(neuron, input("x", 0.5), input("w", 2.0), input("b", -1.0));
    BOOST_TEST(dot.starts_with("digraph"));
    for (const char* part : {"x", "w", "b", "z", "sigmoid", "->", "0.5", "0.25"})
        BOOST_TEST(dot.find(part) != std::string::npos, "no '" << part << "' in\n" << dot);
    BOOST_TEST(std::count(dot.begin(), dot.end(), '{') == std::count(dot.begin(), dot.end(), '}'));
}

BOOST_AUTO_TEST_CASE(a_result_that_is_an_input_or_a_constant_can_be_explained)
{
    BOOST_CHECK_NO_THROW(explain([](const auto& x) { return x; }, input("x", 1.0)));
    BOOST_CHECK_NO_THROW(explain([](const auto&) { return 3.0; }, input("x", 1.0)));
    BOOST_CHECK_NO_THROW(to_dot([](const auto&) { return 3.0; }, input("x", 1.0)));
}

BOOST_AUTO_TEST_CASE(outside_of_explain_a_name_changes_nothing)
{
    BOOST_TEST(named("z", 2.0) == 2.0);
    BOOST_TEST(gradient([](const auto& x) { return named("z", x * x); }, 3.0) == 6);
}

// ---------------------------------------- tensors -----------------------------------------------------

namespace {

const auto network = [](const Tensor<>& x, const Tensor<>& W, const Tensor<>& b, const Tensor<>& V,
                        const Tensor<>& c) {
    const Tensor<> target{{1}};
    const auto h = named("h", sigmoid(named("z1", matmul(x, transpose(W)) + b)));
    const auto p = named("p", sigmoid(named("z2", matmul(h, transpose(V)) + c)));
    return named("L", nn::mse(p, target));
};

const auto twice_used = [](const auto& x) {
    const auto b = named("b", 3 - x), a = named("a", square(x));
    return sum(a * b);
};

template <class T>
void check_adjoint_is_that_of_gradient()
{
    const auto f = [](const Tensor<T>& x, const Tensor<T>& w) {
        Tensor<T> state = x;
        for (int i = 0; i < 3; ++i) state = tanh(matmul(state, w)) * x + exp(-square(state)) / (1 + abs(x));
        return mean(logsumexp(state, {-1}) + norm(state, {-1}));
    };
    tests::Random random(1);
    const auto drawn = [&](const Shape& shape) {
        std::vector<T> values;
        for (Index i = 0; i < shape.element_count(); ++i)
            values.push_back(static_cast<T>(random.uniform(-2, 2)));
        return Tensor<T>(shape, values);
    };
    const Tensor<T> x = drawn({2, 3}), w = drawn({3, 3});
    const auto graph = autodiff::detail::explained_graph_of<T>("explain", f, input("x", x), input("w", w));
    const auto expected = gradient(f, x, w);
    BOOST_TEST(adjoint_of(graph, "x") == fmt::format("{}", expected[0]));
    BOOST_TEST(adjoint_of(graph, "w") == fmt::format("{}", expected[1]));
}

}  // namespace

BOOST_AUTO_TEST_CASE(adjoints_of_tensors_are_those_of_gradient)
{
    // Not of float, whose last digits are shown: the terms of w's adjoint are added one by one here, and
    // within a product in gradient.
    check_adjoint_is_that_of_gradient<double>();
}

BOOST_AUTO_TEST_CASE(a_network_of_tensors_is_derived_as_by_hand)
{
    const std::string text =
        explain(network, input("x", Tensor<>{{1, 0}}), input("W", Tensor<>{{0.5, -1}, {1, 0.25}}),
                input("b", Tensor<>{0.1, -0.2}), input("V", Tensor<>{{1, -1}}), input("c", Tensor<>{0.5}));
    BOOST_TEST(text == R"(Values, forwards:
  x  = [[1. 0.]]
  W  = [[ 0.5  -1.  ]
        [ 1.    0.25]]
  b  = [ 0.1 -0.2]
  V  = [[ 1. -1.]]
  c  = [0.5]
  z1 = x Wᵀ + b       = [[0.6 0.8]]
  h  = sigmoid(z1)    = [[0.64565631 0.68997448]]
  z2 = h Vᵀ + c       = [[0.45568183]]
  p  = sigmoid(z2)    = [[0.61198929]]
  L  = mean((p - 1)²) = 0.15055231
Adjoints, backwards (x̄ = ∂L/∂x):
  L̄  = 1
  p̄  = L̄ · 2 · (p - 1) = [[-0.77602143]]
  z̄2 = p̄ · p · (1 - p) = [[-0.18427281]]
  h̄  = z̄2 V            = [[-0.18427281  0.18427281]]
  z̄1 = h̄ · h · (1 - h) = [[-0.04215871  0.03941774]]
  c̄  = sum(z̄2, {0})    = [-0.18427281]
  V̄  = (hᵀ z̄2)ᵀ        = [[-0.1189769  -0.12714353]]
  b̄  = sum(z̄1, {0})    = [-0.04215871  0.03941774]
  W̄  = (xᵀ z̄1)ᵀ        = [[-0.04215871  0.        ]
                          [ 0.03941774  0.        ]]
  x̄  = z̄1 W            = [[0.01833838 0.05201315]]
)");
}

BOOST_AUTO_TEST_CASE(a_tensor_used_twice_has_a_line_for_each_use)
{
    BOOST_TEST(explain(twice_used, input("x", Tensor<float>{1, 2})) == R"(Values, forwards:
  x = [1. 2.]
  b = 3 - x      = [2. 1.]
  a = x²         = [1. 4.]
  y = sum(a · b) = 6
Adjoints, backwards (x̄ = ∂y/∂x):
  ȳ = 1
  ā = ȳ · b            = [2. 1.]
  b̄ = ȳ · a            = [1. 4.]
  x̄ = ā · 2 · x + (-b̄) = [3. 0.]
      ā · 2 · x        = [4. 4.]
      -b̄               = [-1. -4.]
)");
}

BOOST_AUTO_TEST_CASE(constants_of_tensors_are_named_only_where_the_values_tell_them)
{
    const auto f = [](const Tensor<>& w) {
        const auto a = named("a", w * Tensor<>{1, 2});
        return sum(named("b", 0.5 - named("c", relu(1 - 2 / a) / 4) + Tensor<>{1, 2}));
    };
    BOOST_TEST(explain(f, input("w", Tensor<>{1, -2})) == R"(Values, forwards:
  w  = [ 1. -2.]
  a  = [1. 2.] · w = [ 1. -4.]
  v1 = 2 / a       = [ 2.  -0.5]
  v2 = 1 - v1      = [-1.   1.5]
  v3 = relu(v2)    = [0.  1.5]
  c  = v3 / 4      = [0.    0.375]
  b  = 0.5 - c + … = [1.5   2.125]
  y  = sum(b)      = 3.625
Adjoints, backwards (x̄ = ∂y/∂x):
  ȳ  = 1
  b̄  = broadcast_to(ȳ)  = [1. 1.]
  c̄  = -b̄               = [-1. -1.]
  v̄3 = 0.25 · c̄         = [-0.25 -0.25]
  v̄2 = [0. 1.] · v̄3     = [ 0.   -0.25]
  v̄1 = -v̄2              = [-0.    0.25]
  ā  = v̄1 · ((-v1) / a) = [ 0.      -0.03125]
  w̄  = [1. 2.] · ā      = [ 0.     -0.0625]
)");
}

BOOST_AUTO_TEST_CASE(of_a_large_tensor_the_shape_is_shown)
{
    const auto f = [](const auto& x, const auto& y) { return sum(named("z", matmul(x, y))); };
    const std::string text =
        explain(f, input("x", Tensor<>::ones({2, 7})), input("y", Tensor<>::ones({7, 2})));
    BOOST_TEST(text == R"(Values, forwards:
  x = […] of shape (2, 7)
  y = […] of shape (7, 2)
  z = x y    = [[7. 7.]
                [7. 7.]]
  f = sum(z) = 28
Adjoints, backwards (x̄ = ∂f/∂x):
  f̄ = 1
  z̄ = broadcast_to(f̄) = [[1. 1.]
                         [1. 1.]]
  ȳ = xᵀ z̄            = […] of shape (7, 2)
  x̄ = z̄ yᵀ            = […] of shape (2, 7)
)");
}

BOOST_AUTO_TEST_CASE(a_gradient_within_an_explained_function_is_explained)
{
    const auto f = [](const Tensor<>& x) {
        const auto slope = gradient([](const Tensor<>& t) { return sum(named("s", square(t))); }, x);
        return sum(named("g", slope));
    };
    const std::string text = explain(f, input("x", Tensor<>{1, 2}));
    BOOST_TEST(text.find("x\u0304  = v\u03041 ") != std::string::npos, text);
    BOOST_TEST(text.find("= [2. 2.]\n") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(a_name_ends_with_the_recording_it_was_given_in)
{
    const auto f = [](const Tensor<>& x) {
        {
            const PauseRecording<TensorSpace<double>> paused;
            gradient([](const Tensor<>& t) { return sum(named("gone", square(t))); }, Tensor<>{1, 2});
        }
        return sum(exp(x));
    };
    const std::string text = explain(f, input("x", Tensor<>{1, 2}));
    BOOST_TEST(text.find("gone") == std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(a_function_of_tensors_can_be_explained_within_a_recording)
{
    const Tensor<> x{1, 2};
    const auto f = [](const Tensor<>& t) {
        explain(twice_used, input("t", t));
        return twice_used(t);
    };
    BOOST_TEST(gradient(f, x).to_vector() == gradient(twice_used, x).to_vector());
}

BOOST_AUTO_TEST_CASE(a_result_of_tensors_has_to_be_a_single_number)
{
    const auto f = [](const Tensor<>& x) { return 2 * x; };
    const auto in = input("x", Tensor<>{1, 2});
    BOOST_TEST(tests::error_text<ShapeError>([&] { explain(f, in); }).starts_with("explain: "));
    BOOST_TEST(tests::error_text<ShapeError>([&] { to_dot(f, in); }).starts_with("to_dot: "));
}

BOOST_AUTO_TEST_CASE(a_tensor_result_that_is_an_input_or_a_constant_can_be_explained)
{
    const auto x = input("x", Tensor<>(2));
    BOOST_TEST(explain([](const auto& a, const auto&) { return a; }, x, input("z", Tensor<>{1, 2})) ==
               R"(Values, forwards:
  x = 2
  z = [1. 2.]
Adjoints, backwards (x̄ = ∂x/∂x):
  z̄ = [0. 0.]
  x̄ = 1
)");
    BOOST_TEST(explain([](const auto&) { return Tensor<>(3); }, x) == R"(Values, forwards:
  x = 2
  y = 3
Adjoints, backwards (x̄ = ∂y/∂x):
  ȳ = 1
  x̄ = 0
)");
}

BOOST_AUTO_TEST_CASE(the_graph_of_tensors_has_matrices_in_its_nodes)
{
    BOOST_TEST(to_dot(twice_used, input("x", Tensor<>{{1}, {2}})) == R"(digraph {
  rankdir = LR;
  node [shape = box, style = rounded, fontname = monospace];
  n0 [label = "x̄ = [[3.]\l     [0.]]\lx\l= [[1.]\l   [2.]]\l", style = "rounded, filled"];
  n1 [label = "b̄ = [[1.]\l     [4.]]\lb = 3 - x\l= [[2.]\l   [1.]]\l"];
  n2 [label = "ā = [[2.]\l     [1.]]\la = x²\l= [[1.]\l   [4.]]\l"];
  n3 [label = "ȳ = 1\ly = sum(a · b)\l= 6\l"];
  n0 -> n2;
  n0 -> n1;
  n1 -> n3;
  n2 -> n3;
}
)");
}

namespace {

struct Model {
    nn::Linear<> hidden{Tensor<>{{0.5, -1}, {1, 0.25}}, Tensor<>{0.1, -0.2}};
    nn::Linear<> output{Tensor<>{{1, -1}}, Tensor<>{0.5}};

    auto parameters() { return nn::parameters("hidden", hidden, "output", output); }
    Tensor<> loss(const Tensor<>& x) const { return nn::mse(output(sigmoid(hidden(x))), Tensor<>{{1}}); }
};

}  // namespace

BOOST_AUTO_TEST_CASE(the_parameters_of_a_model_have_their_own_names)
{
    Model model;
    const auto f = [&] { return named("L", model.loss(named("x", Tensor<>{{1, 0}}))); };
    BOOST_TEST(explain(f, model.parameters()) == R"(Values, forwards:
  hidden.weight = [[ 0.5  -1.  ]
                   [ 1.    0.25]]
  hidden.bias   = [ 0.1 -0.2]
  output.weight = [[ 1. -1.]]
  output.bias   = [0.5]
  x             = [[1. 0.]]
  v1            = x hidden.weightᵀ + hidden.bias               = [[0.6 0.8]]
  v2            = sigmoid(v1)                                  = [[0.64565631 0.68997448]]
  L             = mean((v2 output.weightᵀ + output.bias - 1)²) = 0.29628228
Adjoints, backwards (x̄ = ∂L/∂x):
  L̄             = 1
  v̄2            = (L̄ · 2 · (v2 output.weightᵀ + output.bias - 1)) output.weight = [[-1.08863635  1.08863635]]
  v̄1            = v̄2 · v2 · (1 - v2)                                            = [[-0.24906284  0.23286987]]
  x̄             = v̄1 hidden.weight                                              = [[0.10833845 0.30728031]]
  output.b̄ias   = sum(L̄ · 2 · (v2 output.weightᵀ + output.bias - 1), {0})       = [-1.08863635]
  output.w̄eight = (L̄ · 2 · (v2 output.weightᵀ + output.bias - 1))ᵀ v2           = [[-0.70288492 -0.7511313 ]]
  hidden.b̄ias   = sum(v̄1, {0})                                                  = [-0.24906284  0.23286987]
  hidden.w̄eight = v̄1ᵀ x                                                         = [[-0.24906284  0.        ]
                                                                                   [ 0.23286987  0.        ]]
)");
    BOOST_TEST(model.hidden.weight.session() == 0u);
    const auto of_constant = [&] { return model.loss(Tensor<>{{1, 0}}); };
    const std::string text = explain(of_constant, model.parameters());
    BOOST_TEST(text.find("… hidden.weightᵀ") != std::string::npos, text);
    const std::string dot = to_dot(of_constant, model.parameters());
    BOOST_TEST(dot.find("label = \"hidden.w\u0304eight = [[") != std::string::npos, dot);
}

BOOST_AUTO_TEST_CASE(parameters_are_explained_once_each)
{
    nn::Linear<> layer(Tensor<>{{1}}, Tensor<>{0});
    const Parameters<> twice{{"a", &layer.weight}, {"b", &layer.weight}};
    const auto f = [&] { return sum(layer.weight); };
    const std::string same = ": parameters 'a' and 'b' are the same tensor; list it once";
    BOOST_TEST(tests::error_text<RecordingError>([&] { explain(f, twice); }) == "explain" + same);
    BOOST_TEST(tests::error_text<RecordingError>([&] { to_dot(f, twice); }) == "to_dot" + same);
    BOOST_TEST(explain([] { return Tensor<>(3); }, Parameters<>{}).starts_with("Values, forwards:\n  y = 3"));
}

namespace {

/// The formulas of y = op(x) and of x̄, for an x of shape (2, 3).
std::string formulas(const std::function<Tensor<>(const Tensor<>&)>& op)
{
    const auto f = [&](const std::vector<Tensor<>>& x) { return sum(square(named("y", op(x[0])))); };
    const auto graph =
        autodiff::detail::explained_graph<double>("explain", f, {input("x", Tensor<>{{1, 2, 3}, {4, 5, 6}})});
    std::string text, adjoint;
    for (const auto& node : graph.nodes) {
        if (node.name == "y") text = node.symbols;
        if (node.name != "x") continue;
        for (const auto& term : node.terms) adjoint += (adjoint.empty() ? "" : " + ") + term.symbols;
    }
    return text + " <- " + adjoint;
}

}  // namespace

BOOST_AUTO_TEST_CASE(axes_are_written_as_in_the_call)
{
    const Axes rows{1}, columns{0};
    const auto keep = KeepDims::yes;
    const IndexArray first(Shape{1}, {0}), each(Shape{2, 1}, {0, 2});
    const auto check = [](const auto& op, const std::string& expected) {
        BOOST_TEST(formulas(op) == expected);
    };
    check([&](const auto& x) { return sum(x, rows); }, "sum(x, {1}) <- broadcast_to(reshape(ȳ, (2, 1)))");
    check([&](const auto& x) { return sum(x, columns); }, "sum(x, {0}) <- broadcast_to(ȳ)");
    check([&](const auto& x) { return sum(x, {0, 1}); }, "sum(x) <- broadcast_to(ȳ)");
    check([&](const auto& x) { return sum(x, rows, keep); }, "sum(x, {1}, keep_dims) <- broadcast_to(ȳ)");
    check([&](const auto& x) { return sum(x, columns, keep); }, "sum(x, {0}) <- broadcast_to(ȳ)");
    check([&](const auto& x) { return mean(x, rows); },
          "mean(x, {1}) <- broadcast_to(reshape(ȳ / 3, (2, 1)))");
    check([&](const auto& x) { return prod(x, rows); },
          "prod(x, {1}) <- reshape(ȳ, (2, 1)) · slice(concatenate(…), :, 0:3)");
    check([&](const auto& x) { return max(x, rows); }, "max(x, {1}) <- reshape(ȳ, (2, 1)) · …");
    check([&](const auto& x) { return min(x); }, "min(x) <- ȳ · …");
    check([&](const auto& x) { return variance(x, rows); },
          "variance(x, {1}) <- reshape(… · ȳ, (2, 1)) · (x - mean(x, {1}, keep_dims))");
    check([&](const auto& x) { return norm(x, columns); }, "norm(x, {0}) <- ȳ · where(…, x / where(…, y))");
    check([&](const auto& x) { return logsumexp(x, rows); },
          "logsumexp(x, {1}) <- reshape(ȳ, (2, 1)) · softmax(x, {1})");
    check([&](const auto& x) { return softmax(x, columns); }, "softmax(x, {0}) <- y · (ȳ - sum(ȳ · y, {0}))");
    check([&](const auto& x) { return log_softmax(x); },
          "log_softmax(x, {1}) <- ȳ - exp(y) · sum(ȳ, {1}, keep_dims)");
    check([&](const auto& x) { return x - mean(x, rows, keep); }, "x - v1 <- ȳ + broadcast_to(v̄1 / 3)");
    check([&](const auto& x) { return cumsum(x, 1); }, "cumsum(x, 1) <- flip(cumsum(flip(ȳ, {1}), 1), {1})");
    check([&](const auto& x) { return flip(x, rows); }, "flip(x, {1}) <- flip(ȳ, {1})");
    check([&](const auto& x) { return permute(x, {1, 0}); }, "permute(x, {1, 0}) <- permute(ȳ, {1, 0})");
    check([&](const auto& x) { return swap_axes(x, 0, 1); }, "swap_axes(x, 0, 1) <- swap_axes(ȳ, 0, 1)");
    check([&](const auto& x) { return concatenate({x, exp(x)}, 1); },
          "concatenate({x, v1}, 1) <- slice(ȳ, :, 0:3) + v̄1 · v1");
    check([&](const auto& x) { return concatenate({x, Tensor<>{{1}, {2}}}, 1); },
          "concatenate({x, …}, 1) <- slice(ȳ, :, 0:3)");
    check([&](const auto& x) { return slice(x, Slice{0, 2}, 1); }, "slice(x, :, 0:2) <- pad(ȳ, :, 0:2)");
    check([&](const auto& x) { return slice(x, {Slice{.step = -1}, Slice{0, 3, 2}}); },
          "slice(x, 1::-1, 0:3:2) <- pad(ȳ, 1::-1, 0:3:2)");
    check([&](const auto& x) { return split(x, 3, 1)[2]; }, "split(x, :, 2:3) <- pad(ȳ, :, 2:3)");
    check([&](const auto& x) { return take(x, first, 1); }, "take(x, …, 1) <- scatter_add(ȳ, …, 1)");
    check([&](const auto& x) { return gather(x, each, 1); }, "gather(x, …, 1) <- scatter_add(ȳ, …, 1)");
    check([&](const auto& x) { return sort(x, 1); }, "sort(x, 1) <- scatter_add(ȳ, …, 1)");
    check([&](const auto& x) { return max(x, 2); }, "max(x, …) <- … · ȳ");
    check([&](const auto& x) { return matmul(x, Tensor<>::ones({3, 1})); }, "x … <- ȳ …");
    check([&](const auto& x) { return matmul(Tensor<>::ones({1, 2}), x); }, "… x <- … ȳ");
}

BOOST_AUTO_TEST_CASE(the_adjoints_of_a_system_are_those_of_the_transposed_one)
{
    const auto a = input("a", Tensor<>{{2, 0}, {1, 3}}), b = input("b", Tensor<>{{1, 2}, {3, 4}});
    const auto check = [&](auto op, const std::string& name) {
        const std::string text =
            explain([&](const auto& m, const auto& r) { return sum(named("x", op(m, r))); }, a, b);
        BOOST_TEST(text.find(" x = " + name + "(a, b)") != std::string::npos, text);
        BOOST_TEST(text.find(" b̄ = " + name + "(aᵀ, x̄)") != std::string::npos, text);
        BOOST_TEST(text.find(name + "(aᵀ, x̄) xᵀ") != std::string::npos, text);
        const std::string of_constant =
            explain([&](const auto& r) { return sum(named("x", op(Tensor<>{{2, 0}, {1, 3}}, r))); }, b);
        BOOST_TEST(of_constant.find(" b̄ = " + name + "(…, x̄)") != std::string::npos, of_constant);
    };
    check([](const auto& m, const auto& r) { return solve(m, r); }, "solve");
    check([](const auto& m, const auto& r) { return triangular_solve(m, r, Triangle::lower); },
          "triangular_solve");
}

BOOST_AUTO_TEST_CASE(outside_of_explain_a_tensors_name_changes_nothing)
{
    const Tensor<> x{1, 2};
    BOOST_TEST(named("z", x).to_vector() == x.to_vector());
    BOOST_TEST(named("z", x).session() == 0u);
    BOOST_TEST(gradient([](const auto& t) { return sum(named("z", t * t)); }, x).to_vector() ==
               (std::vector<double>{2, 4}));
}
