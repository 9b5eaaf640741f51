#pragma once

// One recording of a function of a container of numbers, and the sweep back from its results.

#include <autodiff/kernels/ranges.hpp>
#include <autodiff/sweep.hpp>
#include <autodiff/transforms/functions.hpp>
#include <autodiff/transforms/pull_numbers.hpp>

namespace autodiff {

/// A recording of a function of numbers, with its variables: what the transforms sweep.
template <NumberContainer C>
class ScalarTrace {
public:
    /// The kind of number in the container.
    using T = typename C::value_type;
    /// What its tape is of.
    using Space = ScalarSpace<T>;
    /// A container of the same kind, of Scalar<T>.
    using Variables = typename detail::Rebound<C, Scalar<T>>::type;

    explicit ScalarTrace(const C& x)
    {
        recording_.tape().add_leaves(x.size());
        if constexpr (std::floating_point<T>)
            if (detail::watch) [[unlikely]]
                watch_leaves(x);
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
            if (!kernels::has_nan(std::span<const T>(x_bar))) return x_bar;
        }
        return pull<Products::careful>(results, y_bar);
    }

    /// x̄ for a one in turn for each of `count` results from the `first` on, and zeros for the others: as many
    /// sweeps at once as there are lanes.
    template <class Y>
    std::vector<C> pull_units(const Y& results, std::size_t first, std::size_t count) const
    {
        using Bar = Batch<T, detail::lanes<T>>;
        const std::vector<Bar> bars =
            pull_as<Bar>(results, first, count, [](std::size_t k) { return detail::dual(T{}, k).tangent; });
        std::vector<C> rows;
        for (std::size_t k = 0; k < count; ++k)
            rows.push_back(detail::mapped(variables_,
                                          [&](const Scalar<T>&, std::size_t i) { return bars[i].lanes[k]; }));
        return rows;
    }

    /// x̄ as adjoints A: batches of numbers, for several sweeps at once, or sets of results. seed(k) is ȳ of
    /// the k-th of `count` results from the `first` on.
    template <class A, class Y, class Seed>
    std::vector<A> pull_as(const Y& results, std::size_t first, std::size_t count, Seed seed) const
    {
        const auto leaves = static_cast<Node>(variables_.size());
        if constexpr (is_batch<A>)
            if (has_whole_blocks() || detail::watch) return pull_lane_by_lane<A>(results, first, count, seed);
        const Node end = end_of_sweep(results, first, count);
        const auto memory = detail::Lent<std::vector<A>>::take();  // that of an earlier sweep
        std::vector<A>& adjoints = *memory;
        adjoints.assign(end, A{});
        for (std::size_t k = 0; k < count; ++k)
            if (const Scalar<T>& y = results[first + k]; y.session() != 0)
                adjoints[y.node()] = adjoints[y.node()] + seed(k);
        pull_numbers<Products::careful>(tape(), adjoints.data(), leaves, end);
        return std::vector<A>(adjoints.begin(), adjoints.begin() + leaves);
    }
    /// ẏ as tangents A; seed(k) is ẋ of the k-th of `count` variables from the `first` on. Only without
    /// blocks whose results have no links: those go backwards only.
    template <class A, class Y, class Seed>
    std::vector<A> push_as(const Y& results, std::size_t first, std::size_t count, Seed seed) const
    {
        const auto leaves = static_cast<Node>(variables_.size());
        std::vector<A> tangents(tape().size());
        for (std::size_t k = 0; k < count; ++k) tangents[first + k] = seed(k);
        const auto push = [&](Node node, const Node* arguments, const T* partials, std::size_t links) {
            A y_dot{};
            for (std::size_t link = 0; link < links; ++link)
                y_dot = y_dot + lift<A>(chain_product(tangents[arguments[link]], partials[link]));
            tangents[node] = y_dot;
        };
        Node next = leaves;
        const auto push_rows = [&](Node end) {
            for (; next < end; ++next)
                push(next, tape().arguments() + tape().first_link(next),
                     tape().maps() + tape().first_link(next),
                     tape().end_link(next) - tape().first_link(next));
        };
        const auto& blocks = tape().notes().all();
        ResultLinks<T> links;
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            push_rows(blocks[i].first);
            for (Node node = blocks[i].first; node < blocks[i].end; ++node) {
                links.read(blocks[i], node);
                push(node, links.arguments.data(), links.partials.data(), links.arguments.size());
            }
            next = blocks[i].end;
        }
        push_rows(tape().size());
        std::vector<A> y_dot;
        for (const Scalar<T>& y : results) y_dot.push_back(y.session() != 0 ? tangents[y.node()] : A{});
        return y_dot;
    }
    /// Whether there are blocks whose results have no links of their own.
    bool has_whole_blocks() const
    {
        const auto& blocks = tape().notes().all();
        for (std::size_t i = 0; i < blocks.size(); ++i)
            if (!blocks[i].map->has_links()) return true;
        return false;
    }

private:
    void watch_leaves(const C& x) const
    {
        Node node = 0;
        for (const T& value : x) detail::watch_statement<T>({tape(), node++, "variable", value});
    }
    const Tape<Space>& tape() const { return recording_.tape(); }

    template <class Y>
    Node end_of_sweep(const Y& results, std::size_t first, std::size_t count) const
    {
        auto end = static_cast<Node>(variables_.size());
        for (std::size_t i = first; i < first + count; ++i)
            if (const Scalar<T>& y = results[i]; y.session() != 0 && y.node() >= end) end = y.node() + 1;
        return tape().notes().end_of_sweep(end);
    }
    /// Blocks are swept with numbers.
    template <class A, class Y, class Seed>
    std::vector<A> pull_lane_by_lane(const Y& results, std::size_t first, std::size_t count, Seed seed) const
    {
        std::vector<A> adjoints(variables_.size());
        for (int lane = 0; lane < A::size; ++lane) {
            std::vector<T> y_bar(results.size());
            for (std::size_t k = 0; k < count; ++k) y_bar[first + k] = seed(k).lanes[lane];
            bool has_seed = false;
            for (const T& bar : y_bar) has_seed |= bar != 0;
            if (!has_seed) continue;
            const C x_bar = pull(results, y_bar);
            for (std::size_t j = 0; j < adjoints.size(); ++j) adjoints[j].lanes[lane] = x_bar[j];
        }
        return adjoints;
    }
    template <Products P, class Y, class YBar>
    C pull(const Y& results, const YBar& y_bar) const
    {
        const auto leaves = static_cast<Node>(variables_.size());
        const Node end = end_of_sweep(results, 0, results.size());
        Cotangents<Space> adjoints(0, end);
        for (std::size_t i = 0; i < results.size(); ++i)
            if (const Scalar<T>& y = results[i]; y.session() != 0) adjoints.add(y.node(), y_bar[i]);
        if (end > 0) pull_numbers<P>(tape(), &adjoints[0], leaves, end);
        const T* const x_bar = leaves > 0 ? &adjoints[0] : nullptr;
        if constexpr (requires { C(x_bar, x_bar); }) return C(x_bar, x_bar + leaves);
        else return detail::mapped(variables_, [&](const Scalar<T>&, std::size_t i) { return x_bar[i]; });
    }

    Recording<Space> recording_;
    Variables variables_;
};

}  // namespace autodiff
