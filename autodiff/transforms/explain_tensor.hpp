#pragma once

// explain and to_dot of functions of tensors.
//
//     auto f = [](const Tensor<>& x, const Tensor<>& w) { return sum(named("h", tanh(matmul(x, w)))); };
//     fmt::print("{}", explain(f, input("x", Tensor<>{{1, 2}}), input("w", Tensor<>{{3}, {4}})));
//     fmt::print("{}", explain([&] { return nn::mse(model(x), y); }, model.parameters()));
//
// f is recorded as for gradient, and swept as for gradient: the numbers are the same. Pullbacks are made of
// ops, so each is also run while recording goes on: what it leaves on the tape is its formula.
//
// Axes are written as in a call, but not where a reduction is over all of them: sum(x, {1}). Slices are as in
// Python, slice(x, :, 0:2); pad(x, :, 0:2) has x there and zeros elsewhere. A tape does not keep constants: a
// formula has one only where the values of the statement tell it, else "…" in its place. A change of shape
// within a formula is written only where it decides how shapes are aligned.

#include <autodiff/transforms/explain.hpp>
#include <autodiff/transforms/gradient.hpp>

#include <map>

namespace autodiff {

namespace detail {

/// A recording that keeps the value of each statement, and the names that are given to them.
template <class T>
class ExplainedTrace {
public:
    explicit ExplainedTrace(const std::vector<NamedInput<Tensor<T>>>& inputs);
    ExplainedTrace(const ExplainedTrace&) = delete;
    ExplainedTrace& operator=(const ExplainedTrace&) = delete;
    ~ExplainedTrace();

    Trace<T>& trace() { return trace_; }
    /// Where `named` tells names to, while a function is explained.
    static ExplainedTrace*& innermost();
    /// A constant becomes a leaf, so that it has a line.
    Tensor<T> name(const Tensor<T>& x, std::string name);
    /// The recording and its sweep, put into words. @throws ShapeError unless the result is a single number.
    ExplainedGraph graph(const char* transform);

private:
    using Space = TensorSpace<T>;

    Trace<T> trace_;
    typename Space::Notes::Options options_;
    typename Space::Notes::Options* options_before_;
    /// With the value, because a node may be given to another statement when an inner recording ends.
    std::map<Node, std::pair<std::string, Array<T>>> names_;
};

extern template class ExplainedTrace<double>;
extern template class ExplainedTrace<float>;

template <class T, class F>
ExplainedGraph explained_graph(const char* transform, F&& f, const std::vector<NamedInput<Tensor<T>>>& inputs)
{
    ExplainedTrace<T> explained(inputs);
    {
        struct Scope {
            ExplainedTrace<T>* before;
            ~Scope() { ExplainedTrace<T>::innermost() = before; }
        } scope{std::exchange(ExplainedTrace<T>::innermost(), &explained)};
        run(explained.trace(), [&] { return f(explained.trace().variables()); });
    }
    return explained.graph(transform);
}

template <class T, class F, class... X>
ExplainedGraph explained_graph_of(const char* transform, F& f, const X&... inputs)
{
    return explained_graph<T>(
        transform, [&](const std::vector<Tensor<T>>& x) { return spread(f)(to_array<T, sizeof...(X)>(x)); },
        {inputs...});
}

template <class F, class T>
ExplainedGraph explained_graph_of(const char* transform, F& f, const Parameters<T>& parameters)
{
    BoundParameters<T> bound(parameters, transform);
    std::vector<NamedInput<Tensor<T>>> inputs;
    for (const Parameter<T>& parameter : parameters) inputs.push_back({parameter.name, *parameter.tensor});
    return explained_graph<T>(
        transform,
        [&](const std::vector<Tensor<T>>& variables) {
            bound.bind(variables);
            return f();
        },
        inputs);
}

}  // namespace detail

/// The derivation of the gradient of a function of tensors: values forwards, then the chain rule backwards,
/// each line as a formula and its value; of more than 12 elements the shape only. Where a value is used more
/// than once, the terms of its adjoint follow one by one.
/// @throws ShapeError if f does not return a single number.
template <class F, class T, std::same_as<NamedInput<Tensor<T>>>... More>
std::string explain(F&& f, const NamedInput<Tensor<T>>& x, const More&... more)
{
    return detail::explained_graph_of<T>("explain", f, x, more...).text();
}

/// The derivation of the gradient of f() with respect to a model's parameters, which have their own names
/// there: hidden.weight, and hidden.w̄eight for its adjoint.
/// @throws ShapeError if f does not return a single number, RecordingError if a tensor is named twice.
template <class F, class T>
    requires std::invocable<F&>
std::string explain(F&& f, const Parameters<T>& parameters)
{
    return detail::explained_graph_of("explain", f, parameters).text();
}

/// The graph of a function of tensors, in Graphviz's language: each node with its formula, value and adjoint
/// (of more than 12 elements the shape only). `dot -Tsvg` draws it.
/// @throws ShapeError if f does not return a single number.
template <class F, class T, std::same_as<NamedInput<Tensor<T>>>... More>
std::string to_dot(F&& f, const NamedInput<Tensor<T>>& x, const More&... more)
{
    return detail::explained_graph_of<T>("to_dot", f, x, more...).dot();
}
/// Of f() and a model's parameters.
template <class F, class T>
    requires std::invocable<F&>
std::string to_dot(F&& f, const Parameters<T>& parameters)
{
    return detail::explained_graph_of("to_dot", f, parameters).dot();
}

}  // namespace autodiff
