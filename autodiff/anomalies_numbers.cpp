// The anomalies of numbers: of ops where a function goes forwards, else of statements and of the sweep over
// them.

#include <autodiff/anomalies_definitions.hpp>
#include <autodiff/error.hpp>
#include <autodiff/scalar.hpp>

#include <algorithm>
#include <cmath>
#include <span>

namespace autodiff::detail {

namespace {

template <class T>
std::string values_in_words(const ForwardStep<T>& step)
{
    std::string words;
    for (std::size_t i = 0; i < step.count; ++i)
        words += fmt::format("{}argument {} is {}", i == 0 ? ": " : ", ", i, in_words(step.x[i]));
    return words;
}

template <class T>
bool are_finite(std::span<const T> numbers)
{
    return std::ranges::all_of(numbers, [](const T& x) { return std::isfinite(x); });
}

/// Of a statement's arguments: values where they are known, and partials.
template <class T>
std::string arguments_in_words(const WatchedStatement<T>& of)
{
    constexpr std::size_t most = 8;
    std::string words;
    for (std::size_t i = 0; i < std::min(of.count, most); ++i) {
        const auto* const note = watch->numbers<T>().find(&of.tape, of.arguments[i]);
        words += fmt::format("{}variable {} is {}", i == 0 ? ": " : ", ", i,
                             note ? in_words(note->value) : "unknown");
        if (of.partials) words += fmt::format(" (partial {})", in_words(of.partials[i]));
    }
    return of.count > most ? words + fmt::format(" and {} more", of.count - most) : words;
}

/// Whether the argument's value is known to be finite, or nothing else is known.
template <class T>
bool may_be_finite(const WatchedStatement<T>& of, Node argument)
{
    const auto* const note = watch->numbers<T>().find(&of.tape, argument);
    return !note || std::isfinite(note->value);
}

}  // namespace

template <class T>
void watch_step(const ForwardStep<T>& step)
{
    if (!step.has_finite_x_dot || !are_finite(std::span(step.x, step.count))) return;
    if (!std::isfinite(step.y))
        fail<AnomalyError>("{}: its value is {}, {}{}; computed in {}", step.op, in_words(step.y), although,
                           values_in_words(step), watch->line());
    if (step.has_finite_y_dot || watch->forwards) return;
    std::size_t i = 0;
    while (i + 1 < step.count && std::isfinite(step.partials[i])) ++i;
    watch->forwards = fmt::format(
        "{}: the derivative with respect to argument {} is not finite (partial {}), {}{}; computed in {}",
        step.op, i, in_words(step.partials[i]), although, values_in_words(step), watch->line());
}
template void watch_step(const ForwardStep<double>&);
template void watch_step(const ForwardStep<float>&);

void watch_forwards() { watch->forwards.reset(); }

void watch_result_forwards(bool is_finite)
{
    if (const auto text = std::exchange(watch->forwards, std::nullopt); text && !is_finite)
        throw AnomalyError(*text);
}

template <class T>
void watch_statement(const WatchedStatement<T>& of)
{
    if (!watch) return;
    const std::span arguments(of.arguments, of.count);
    const bool is_computed_from_finite =
        std::ranges::all_of(arguments, [&](Node argument) { return may_be_finite(of, argument); });
    if (!std::isfinite(of.value) && of.count > 0 && is_computed_from_finite)
        fail<AnomalyError>(
            "{}: the value of this statement is {}, although the variables in it are finite{}; recorded in "
            "{}. "
            "If it has several ops, this is the last one: give its parts names to see which it is",
            of.op, in_words(of.value), arguments_in_words(of), watch->line());
    watch->numbers<T>().put(&of.tape, of.node, {of.op, watch->stack(), of.value, of.count});
}
template void watch_statement(const WatchedStatement<double>&);
template void watch_statement(const WatchedStatement<float>&);

namespace {

template <class T>
[[noreturn]] void fail_pulling(const Tape<ScalarSpace<T>>& tape, Node node, std::size_t link, const T& y_bar,
                               const T& x_bar)
{
    const auto* const note = watch->numbers<T>().find(&tape, node);
    const auto* const argument = watch->numbers<T>().find(&tape, tape.argument(link));
    fail<AnomalyError>(
        "{}: the adjoint of variable {} of this statement is {}, although that of its value is {} and all it "
        "is computed from is finite: the variable is {}, the partial {}; recorded in {}",
        note ? note->op : "an op", link - tape.first_link(node), in_words(x_bar), in_words(y_bar),
        argument ? in_words(argument->value) : "unknown", in_words(tape.map(link)),
        watch->line(note ? note->stack : nullptr));
}

}  // namespace

template <class T>
void pull_watched(const Tape<ScalarSpace<T>>& tape, T* adjoint, Node first, Node end)
{
    for (Node node = end; node-- > first;) {
        const T y_bar = std::exchange(adjoint[node], T{});
        if (y_bar == 0) continue;
        const auto* const note = watch->numbers<T>().find(&tape, node);
        const bool is_looked_at = std::isfinite(y_bar) && (!note || std::isfinite(note->value));
        for (std::size_t link = tape.end_link(node); link-- > tape.first_link(node);) {
            T& x_bar = adjoint[tape.argument(link)];
            const T product = chain_product(y_bar, tape.map(link)), sum = x_bar + product;
            if (is_looked_at && std::isfinite(x_bar) && !std::isfinite(sum))
                fail_pulling(tape, node, link, y_bar, sum);
            watch->has_passed_on |= !std::isfinite(sum);
            x_bar = sum;
        }
    }
}
template void pull_watched(const Tape<ScalarSpace<double>>&, double*, Node, Node);
template void pull_watched(const Tape<ScalarSpace<float>>&, float*, Node, Node);

template <class T>
void watch_pulled_block(const Tape<ScalarSpace<T>>& tape, const BlockMap<T>& block, Node first,
                        const T* adjoint)
{
    const auto* const note = watch->numbers<T>().find(&tape, first);
    if (watch->has_passed_on || (note && !std::isfinite(note->value))) return;
    std::vector<Node> arguments;
    block.append_arguments(arguments);
    for (std::size_t i = 0; i < arguments.size(); ++i)
        if (!std::isfinite(adjoint[arguments[i]]))
            fail<AnomalyError>("{}: the adjoint of number {} of its arguments is {}; recorded in {}",
                               note ? note->op : "a block", i, in_words(adjoint[arguments[i]]),
                               watch->line(note ? note->stack : nullptr));
}
template void watch_pulled_block(const Tape<ScalarSpace<double>>&, const BlockMap<double>&, Node,
                                 const double*);
template void watch_pulled_block(const Tape<ScalarSpace<float>>&, const BlockMap<float>&, Node, const float*);

}  // namespace autodiff::detail
