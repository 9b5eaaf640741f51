#pragma once

// One recording of a function of a container of numbers, and the sweep back from its results.

#include <autodiff/transforms/functions.hpp>

namespace autodiff {

template <NumberContainer C>
class ScalarTrace {
public:
    using T = typename C::value_type;
    using Space = ScalarSpace<T>;
    using Variables = typename detail::Rebound<C, Scalar<T>>::type;

    explicit ScalarTrace(const C& x)
        : variables_(detail::mapped(x, [this](const T& value, std::size_t) {
              return Scalar<T>(value, recording_.session(), recording_.tape().add_leaf());
          }))
    {
    }

    /// f(variables), recorded: a container of Scalar<T>. @throws RecordingError if f returns another
    /// recording's.
    template <class F>
    auto run(F&& f) const
    {
        RecorderScope<Space> running(recording_.running());
        auto results = f(variables_);
        static_assert(
            NumberContainer<decltype(results)>,
            "autodiff: vjp and jacobian need a function that returns a container of numbers; for one "
            "number use gradient");
        for (const Scalar<T>& y : results)
            if (y.session() != 0 && y.session() != recording_.session())
                detail::throw_foreign_variable("result");
        return results;
    }

    /// x̄ from ȳ for each of the results.
    template <class Y, class YBar>
    C pull(const Y& results, const YBar& y_bar) const
    {
        const auto leaves = static_cast<Node>(variables_.size());
        Node end = leaves;
        for (const Scalar<T>& y : results)
            if (y.session() != 0) end = std::max(end, y.node() + 1);
        Cotangents<Space> adjoints(0, end);
        for (std::size_t i = 0; i < results.size(); ++i)
            if (results[i].session() != 0) adjoints.add(results[i].node(), y_bar[i]);
        autodiff::pull(recording_.tape(), adjoints, leaves);
        return detail::mapped(
            variables_, [&](const Scalar<T>&, std::size_t i) { return adjoints[static_cast<Node>(i)]; });
    }

private:
    Recording<Space> recording_;
    Variables variables_;
};

}  // namespace autodiff
