#pragma once

// iterate: a loop with a state, of which the tape keeps checkpoints only.
//
//     last = iterate(steps, first, step, x…)     state = step(i, state, x…)

#include <autodiff/error.hpp>
#include <autodiff/transforms/part.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <span>

namespace autodiff {

/// How many steps iterate takes, and how often it keeps the state. If that is not given, it keeps all states
/// where they take less than a megabyte, else every √count-th.
struct Steps {
    std::size_t count;                 ///< how many there are
    std::size_t checkpoint_every = 0;  ///< in steps; 0: chosen as said above

    constexpr Steps(std::size_t steps, std::size_t every = 0) : count(steps), checkpoint_every(every) {}
};

namespace detail {

/// How often a state of this size is kept.
inline std::size_t checkpoint_interval(const Steps& steps, std::size_t state_bytes)
{
    constexpr std::size_t small = std::size_t{1} << 20;
    if (steps.checkpoint_every > 0) return steps.checkpoint_every;
    if (state_bytes == 0 || steps.count < small / state_bytes) return 1;
    return static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(steps.count))));
}

/// The block of iterate: keeps some of the states, computes the others again when it is swept, and records
/// one step at a time.
template <class T, class F, class C, class... A>
class Iteration final : public BlockMap<T> {
public:
    using State = typename Rebound<C, T>::type;

    Iteration(Steps steps, F f, Arguments<T, C> first, Arguments<T, A...> x)
        : count_(steps.count), f_(std::move(f)), first_(std::move(first)), x_(std::move(x))
    {
        auto state = std::get<0>(first_.values());
        interval_ = checkpoint_interval(steps, state.size() * sizeof(T));
        for (std::size_t i = 0; i < count_; ++i)
            if (i % interval_ == 0) {
                kept_.push_back(std::move(state));
                state = next(i, kept_.back());
            } else state = next(i, state);
        last_ = std::move(state);
    }

    bool is_recorded() const { return !first_.nodes().empty() || !x_.nodes().empty(); }
    const State& last() const { return last_; }

    void pull(T* adjoint, Node first, Products) const override
    {
        Sweep sweep(*this);
        for (std::size_t j = 0; j < last_.size(); ++j)
            sweep.state_bar[j] = std::exchange(adjoint[first + j], T{});
        if (std::ranges::all_of(sweep.state_bar, contributes_nothing<T>)) return;
        std::vector<State> states;
        for (std::size_t k = kept_.size(); k-- > 0;) {
            const std::size_t begin = k * interval_, end = std::min(begin + interval_, count_);
            std::span<const State> known(&kept_[k], 1);
            if (end - begin > 1) {
                states.assign(1, kept_[k]);
                for (std::size_t i = begin; i + 1 < end; ++i) states.push_back(next(i, states.back()));
                known = states;
            }
            sweep.pull(begin, known, end);
        }
        sweep.add_adjoints_to(adjoint);
    }
    void append_arguments(std::vector<Node>& nodes) const override
    {
        first_.append_to(nodes);
        x_.append_to(nodes);
    }
    std::size_t bytes() const override
    {
        return sizeof(*this) + (kept_.size() + 1) * last_.size() * sizeof(T) + x_.bytes();
    }

private:
    State next(std::size_t i, const State& state) const
    {
        auto result = checked(call(f_, values_, i, state), i, state);
        if constexpr (std::same_as<decltype(result), State>) return result;
        else return mapped(result, [](const auto& number, std::size_t) { return constant_of<T>(number); });
    }
    template <class Result>
    static Result checked(Result result, std::size_t i, const State& state)
    {
        if (result.size() != state.size())
            fail<ShapeError>(
                "iterate: step {} makes a state of {} numbers from one of {}; all states must have "
                "the same size",
                i, result.size(), state.size());
        return result;
    }

    /// The way back: the adjoint of the state after a step becomes that of the state before it.
    class Sweep {
    public:
        explicit Sweep(const Iteration& of)
            : state_bar(of.last_.size()),
              of_(of),
              part_("iterate", state_bar.size() + of.x_.nodes().size()),
              variables_(of.x_.variables(part_.session(), static_cast<Node>(state_bar.size())))
        {
        }

        std::vector<T> state_bar;

        /// Steps [begin, end), from states[0] on: if there are few arguments, forwards, in one evaluation
        /// each.
        void pull(std::size_t begin, std::span<const State> states, std::size_t end)
        {
            if constexpr (std::floating_point<T>)
                if (state_bar.size() + of_.x_.nodes().size() <= lanes<T>) {
                    if (!duals_) duals_.emplace(of_.x_.duals(state_bar.size()));
                    const auto evaluating = forwards<T>();
                    for_instruction_set([&](auto) {
                        for (std::size_t i = end; i-- > begin;) pull_lanes(i, states[i - begin]);
                    });
                    return;
                }
            for (std::size_t i = end; i-- > begin;) pull_tape(i, states[i - begin]);
        }
        void add_adjoints_to(T* adjoint)
        {
            std::size_t next = 0;
            const auto& nodes = of_.first_.nodes();
            for (std::size_t j = 0; j < state_bar.size(); ++j) {
                if (!of_.first_.records(j)) continue;
                T& first_bar = adjoint[nodes[next++]];
                first_bar = first_bar + state_bar[j];
            }
            for (std::size_t k = 0; k < of_.x_.nodes().size(); ++k) {
                T& x_bar = adjoint[of_.x_.nodes()[k]];
                x_bar = x_bar + part_.take_adjoint(state_bar.size() + k);
            }
        }

    private:
        void pull_tape(std::size_t i, const State& state)
        {
            {
                const auto running = part_.running();
                if constexpr (requires { own_.resize(0); }) own_.resize(state.size());
                const Session session = part_.session();
                for (std::size_t j = 0; j < state.size(); ++j)
                    own_[j].renew(state[j], session, static_cast<Node>(j));
                const auto results = checked(call(of_.f_, variables_, i, std::as_const(own_)), i, state);
                part_.seed_all(results, state_bar);
            }
            part_.sweep();
            part_.forget(variables_);
            for (std::size_t j = 0; j < state_bar.size(); ++j) state_bar[j] = part_.take_adjoint(j);
        }
        void pull_lanes(std::size_t i, const State& state)
        {
            const std::size_t size = state_bar.size(), count = size + of_.x_.nodes().size();
            const auto own = mapped(state, [](const T& value, std::size_t j) { return dual(value, j); });
            const auto results = checked(call(of_.f_, *duals_, i, own), i, state);
            Batch<T, lanes<T>> bar;
            for (std::size_t j = 0; j < size; ++j)
                bar =
                    bar + chain_product(lift<Lanes<T>>(results[j]).tangent, Batch<T, lanes<T>>(state_bar[j]));
            T bars[lanes<T>];
            bar.store(bars);
            std::copy_n(bars, size, state_bar.begin());
            for (std::size_t k = size; k < count; ++k) part_.adjoint(k) += bars[k];
        }

        const Iteration& of_;
        Part<T> part_;
        ArgumentsOf<Scalar<T>, A...> variables_;
        typename Rebound<C, Scalar<T>>::type own_{};  // the state's variables
        std::optional<ArgumentsOf<Lanes<T>, A...>> duals_;
    };

    std::size_t count_, interval_ = 1;
    F f_;
    Arguments<T, C> first_;
    Arguments<T, A...> x_;
    ArgumentsOf<T, A...> values_ = x_.values();
    std::vector<State> kept_;
    State last_;
};

}  // namespace detail

/// The state after `steps` steps from `first`, each state = step(i, state, x…): a container of numbers
/// (std::vector or std::array) of a size that stays. Only values are computed now, and some of the states
/// kept; the sweep computes the others again and records one step at a time: memory for one step and for
/// those states, whatever the number of steps. `step` is then called after this call has returned, so capture
/// by value what does not live as long; it must compute the same again.
/// @throws RecordingError if step uses a recorded number that is not one of state and x…, ShapeError if it
/// makes a state of another size.
template <class F, NumberContainer C, class... A>
auto iterate(Steps steps, C first, F step, const A&... x)
{
    if constexpr (detail::WithScalars<C, A...>) {
        using X = Deepest<typename detail::NumberIn<C>::type, typename detail::NumberIn<A>::type...>;
        using T = typename X::value_type;
        using Loop = detail::Iteration<T, F, C, A...>;
        const char* const name = "iterate";
        auto loop = std::make_unique<Loop>(steps, std::move(step), detail::Arguments<T, C>(name, first),
                                           detail::Arguments<T, A...>(name, x...));
        if (!loop->is_recorded())
            return detail::mapped(loop->last(), [](const T& y, std::size_t) { return X(y); });
        const auto last = loop->last();
        return detail::block<T>(last, std::move(loop));
    } else {
        using X = Deepest<typename detail::NumberIn<C>::type, typename detail::NumberIn<A>::type...>;
        auto state =
            detail::mapped(first, [](const auto& number, std::size_t) { return X(lift<X>(number)); });
        for (std::size_t i = 0; i < steps.count; ++i) state = step(i, std::as_const(state), x...);
        return state;
    }
}

}  // namespace autodiff
