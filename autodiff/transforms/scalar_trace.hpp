#pragma once

// One recording of a function of a container of numbers, and the sweep back from its results.

#include <autodiff/sweep.hpp>
#include <autodiff/transforms/functions.hpp>
#include <autodiff/transforms/pull_numbers.hpp>

#include <cmath>

namespace autodiff {

template <NumberContainer C>
class ScalarTrace {
public:
    using T = typename C::value_type;
    using Space = ScalarSpace<T>;
    using Variables = typename detail::Rebound<C, Scalar<T>>::type;

    explicit ScalarTrace(const C& x)
    {
        recording_.tape().add_leaves(x.size());
        variables_ = detail::mapped(x, [this](const T& value, std::size_t i) {
            return Scalar<T>(value, recording_.session(), static_cast<Node>(i));
        });
    }

    /// f(variables), recorded: a container of Scalar<T>.
    /// @throws RecordingError if f returns another recording's.
    template <class F>
    auto run(F&& f) const
    {
        RecorderScope<Space> running(recording_.running());
        const auto results = f(variables_);
        static_assert(
            NumberContainer<std::remove_cvref_t<decltype(results)>>,
            "autodiff: vjp and jacobian need a function that returns a container of numbers; for one "
            "number use gradient");
        return detail::mapped(results, [this](const auto& result, std::size_t) {
            const auto y = lift<Scalar<T>>(result);
            if (y.session() != 0 && y.session() != recording_.session())
                detail::throw_foreign_variable("result");
            return y;
        });
    }

    /// x̄ from ȳ for each of the results.
    template <class Y, class YBar>
    C pull(const Y& results, const YBar& y_bar) const
    {
        if constexpr (std::floating_point<T>) {
            const C x_bar = pull<Products::plain>(results, y_bar);
            bool has_nan = false;
            for (const T& bar : x_bar) has_nan |= std::isnan(bar);
            if (!has_nan) return x_bar;
        }
        return pull<Products::careful>(results, y_bar);
    }

    /// x̄ for a one in turn for each of `count` results from the `first` on, and zeros for the others: as many
    /// sweeps at once as there are lanes.
    template <class Y>
    std::vector<C> pull_units(const Y& results, std::size_t first, std::size_t count) const
    {
        using Bar = Batch<T, detail::lanes<T>>;
        const auto leaves = static_cast<Node>(variables_.size());
        const Node end = end_of(results);
        std::vector<Bar> adjoints(end);
        for (std::size_t k = 0; k < count; ++k)
            if (const Scalar<T>& y = results[first + k]; y.session() != 0)
                adjoints[y.node()] = adjoints[y.node()] + detail::dual(T{}, k).tangent;
        if (end > 0) pull_rows<Products::careful>(recording_.tape(), adjoints.data(), leaves, end);
        std::vector<C> rows;
        for (std::size_t k = 0; k < count; ++k)
            rows.push_back(detail::mapped(
                variables_, [&](const Scalar<T>&, std::size_t i) { return adjoints[i].lanes[k]; }));
        return rows;
    }
    /// Whether it can: blocks are swept with numbers.
    bool has_blocks() const { return recording_.tape().notes().all().size() > 0; }

private:
    /// One past the last statement of which a result is made.
    template <class Y>
    Node end_of(const Y& results) const
    {
        auto end = static_cast<Node>(variables_.size());
        for (const Scalar<T>& y : results)
            if (y.session() != 0 && y.node() >= end) end = y.node() + 1;
        return end;
    }
    template <Products P, class Y, class YBar>
    C pull(const Y& results, const YBar& y_bar) const
    {
        const auto leaves = static_cast<Node>(variables_.size());
        const Node end = recording_.tape().notes().end_of_sweep(end_of(results));
        Cotangents<Space> adjoints(0, end);
        for (std::size_t i = 0; i < results.size(); ++i)
            if (const Scalar<T>& y = results[i]; y.session() != 0) adjoints.add(y.node(), y_bar[i]);
        if (end > 0) pull_numbers<P>(recording_.tape(), &adjoints[0], leaves, end);
        return detail::mapped(
            variables_, [&](const Scalar<T>&, std::size_t i) { return adjoints[static_cast<Node>(i)]; });
    }

    Recording<Space> recording_;
    Variables variables_;
};

}  // namespace autodiff
