// Rows: preaccumulate, sum_over, map_over and iterate, beside the plain calls and loops. Up to eight recorded
// arguments go forwards, more come to a tape, so there are rows of few arguments and of many.

#include <transform_table/rows.hpp>

namespace autodiff::tests {

namespace {

/// The square of how far a decaying oscillation is from a datum.
constexpr auto misfit = [](std::size_t i, const auto& a, const auto& b, const auto& c) {
    using X = std::remove_cvref_t<decltype(a)>;
    const X t = lift<X>(static_cast<double>(i) / 4);
    const auto decay = a * exp(-b * t);
    return square(decay * cos(c * t) + decay - (2 - t));
};
/// The same of one of many, as a function of the numbers around it.
constexpr auto tension = [](std::size_t i, const auto& x) {
    const auto& next = x[(i + 1) % x.size()];
    return sqrt(1 + square(next - x[i])) * exp(x[i] / 4) + x[0] * next / 8;
};

/// A long computation of few numbers: logistic growth, ten steps of it.
constexpr auto growth = [](const auto& size, const auto& rate) {
    using X = std::remove_cvref_t<decltype(size)>;
    X x = size;
    for (int i = 0; i < 10; ++i) x = x + rate * x * (1 - x / 4) / 8;
    return std::array<X, 2>{x * rate, tanh(x) - x};
};
/// The potential of many numbers, each of which pushes the next.
constexpr auto potential = [](const auto& x) {
    std::remove_cvref_t<decltype(x[0])> total = square(x[0]);
    for (std::size_t i = 0; i < x.size(); ++i) total = total + tension(i, x);
    return total;
};

/// Predators and prey (Lotka and Volterra), a step of Euler's.
constexpr auto hunt = [](std::size_t i, const auto& state, const auto& birth, const auto& death) {
    using X = std::remove_cvref_t<decltype(state[0])>;
    const X step = lift<X>(i % 2 == 0 ? 0.0625 : 0.125);
    const auto met = state[0] * state[1];
    return std::array<X, 2>{state[0] + step * (birth * state[0] - met),
                            state[1] + step * (met - death * state[1])};
};
/// Heat that flows round a ring and is lost.
constexpr auto flow = [](std::size_t, const auto& state, const auto& loss) {
    auto after = state;
    const std::size_t n = state.size();
    for (std::size_t j = 0; j < n; ++j)
        after[j] = state[j] + (state[(j + 1) % n] - state[j] + sin(state[(j + n - 1) % n])) / 8 -
                   loss * tanh(state[j]) / 16;
    return after;
};

/// Σ f(i), by a loop.
template <class F>
auto loop(std::size_t count, F f)
{
    using X = typename NumberOf<decltype(f(std::size_t{0}))>::type;
    X total = lift<X>(0);
    for (std::size_t i = 0; i < count; ++i) total = total + f(i);
    return total;
}

constexpr std::size_t many = 10;
constexpr std::size_t steps = 9;

}  // namespace

std::vector<Row> scoped_rows()
{
    const std::vector<Domain> numbers(many, within({-1, 1}));
    return {
        numbers_row(
            "preaccumulate", "few arguments",
            [](const auto& x) { return combined(preaccumulate(growth, x[0], x[1])) * x[0]; },
            [](const auto& x) { return combined(growth(x[0], x[1])) * x[0]; }, {positive, positive}),
        numbers_row(
            "preaccumulate", "many arguments",
            [](const auto& x) { return sin(preaccumulate(potential, x) / 8) * x[1]; },
            [](const auto& x) { return sin(potential(x) / 8) * x[1]; }, numbers),
        numbers_row(
            "sum_over", "few arguments",
            [](const auto& x) { return sqrt(1 + sum_over(6, misfit, x[0], x[1], x[2])) * x[1]; },
            [](const auto& x) {
                const auto term = [&](std::size_t i) { return misfit(i, x[0], x[1], x[2]); };
                return sqrt(1 + loop(6, term)) * x[1];
            },
            {positive, positive, positive}),
        numbers_row(
            "sum_over", "many arguments",
            [](const auto& x) { return log(sum_over(many, tension, x) + square(x[1])); },
            [](const auto& x) {
                return log(loop(many, [&](std::size_t i) { return tension(i, x); }) + square(x[1]));
            },
            numbers),
        numbers_row(
            "map_over", "few arguments",
            [](const auto& x) { return combined(map_over(5, misfit, x[0], x[1], x[2])) * x[0]; },
            [](const auto& x) {
                std::remove_cvref_t<decltype(x)> y;
                for (std::size_t i = 0; i < 5; ++i) y.push_back(misfit(i, x[0], x[1], x[2]));
                return combined(y) * x[0];
            },
            {positive, positive, positive}),
        numbers_row(
            "map_over", "many arguments", [](const auto& x) { return combined(map_over(many, tension, x)); },
            [](const auto& x) {
                std::remove_cvref_t<decltype(x)> y;
                for (std::size_t i = 0; i < many; ++i) y.push_back(tension(i, x));
                return combined(y);
            },
            numbers),
        numbers_row(
            "iterate", "few arguments",
            [](const auto& x) {
                return combined(iterate(steps, std::array{x[0], x[1]}, hunt, x[2], x[3])) * x[3];
            },
            [](const auto& x) {
                std::array state{x[0], x[1]};
                for (std::size_t i = 0; i < steps; ++i) state = hunt(i, state, x[2], x[3]);
                return combined(state) * x[3];
            },
            {positive, positive, positive, positive}),
        numbers_row(
            "iterate", "many arguments, every fourth state kept",
            [](const auto& x) { return combined(iterate(Steps(steps, 4), x, flow, x[0])); },
            [](const auto& x) {
                auto state = x;
                for (std::size_t i = 0; i < steps; ++i) state = flow(i, state, x[0]);
                return combined(state);
            },
            numbers),
    };
}

}  // namespace autodiff::tests
