#pragma once

// Parts of a computation on numbers that are differentiated on their own: their arguments, apart from the
// recording around them, and the tape on which they are recorded and swept. What the scoped calls share.

#include <autodiff/kernels/ranges.hpp>
#include <autodiff/transforms/functions.hpp>
#include <autodiff/transforms/pull_numbers.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <tuple>
#include <vector>

namespace autodiff::detail {

/// The recorded scalars among the arguments of a scoped call; void if there are none.
template <class A>
struct NumberIn {
    using type = typename NumberOf<A>::type;
};
template <NumberContainer C>
struct NumberIn<C> {
    using type = typename NumberOf<typename C::value_type>::type;
};
template <class X>
inline constexpr bool is_scalar = false;
template <class T>
inline constexpr bool is_scalar<Scalar<T>> = true;
template <class X>
inline constexpr bool is_expression = false;
template <class T, std::size_t N>
inline constexpr bool is_expression<Expression<T, N>> = true;

template <class... A>
concept WithScalars = sizeof...(A) > 0 && is_scalar<Deepest<typename NumberIn<A>::type...>>;

/// Calls f with the tuple's arguments after those given.
template <class F, class... First>
[[gnu::always_inline]] constexpr decltype(auto) call(F& f, const auto& x, const First&... first)
{
    return [&]<std::size_t... I>(std::index_sequence<I...>) __attribute__((always_inline)) -> decltype(auto) {
        return f(first..., std::get<I>(x)...);
    }(std::make_index_sequence<std::tuple_size_v<std::remove_cvref_t<decltype(x)>>>{});
}

template <class A, class To>
struct Mapped {
    using type = To;
};
template <NumberContainer C, class To>
struct Mapped<C, To> : Rebound<C, To> {};
template <class X, class... A>
using ArgumentsOf = std::tuple<typename Mapped<A, X>::type...>;

/// g of an argument or result, or of each in a container of them.
template <class A>
auto mapped_argument(const auto& argument, auto&& g)
{
    if constexpr (NumberContainer<A>)
        return mapped(argument, [&g](const auto& x, std::size_t) { return g(x); });
    else return g(argument);
}
auto mapped_results(const auto& results, auto&& g)
{
    return mapped_argument<std::remove_cvref_t<decltype(results)>>(results, g);
}

/// Moves a part's variables to another session.
template <class T>
void renew(Scalar<T>& x, Session session)
{
    if (x.session() != 0) x.renew(session);
}
template <NumberContainer C>
void renew(C& argument, Session session)
{
    for (auto& x : argument) renew(x, session);
}
template <class... A>
void renew(std::tuple<A...>& variables, Session session)
{
    std::apply([session](auto&... argument) { (renew(argument, session), ...); }, variables);
}

/// The arguments A… (numbers or containers of them) of a part: their values, and the nodes of those that the
/// recording around it records. Constants stay constants.
template <class T, class... A>
class Arguments {
public:
    /// @throws RecordingError if one belongs to another recording.
    explicit Arguments([[maybe_unused]] const char* name, const A&... x)
    {
        nodes_.resize((count(x) + ... + std::size_t{0}));
        variables_ = ArgumentsOf<Scalar<T>, A...>{
            mapped_argument<A>(x, [&](const auto& number) { return variable(name, number); })...};
        nodes_.resize(recorded_);
    }

    /// Of the recorded ones, in order.
    const std::vector<Node>& nodes() const { return nodes_; }
    void append_to(std::vector<Node>& nodes) const
    {
        nodes.insert(nodes.end(), nodes_.begin(), nodes_.end());
    }
    /// Whether the j-th number of the first container is one of them.
    bool records(std::size_t j) const { return std::get<0>(variables_)[j].session() != 0; }
    std::size_t bytes() const
    {
        const auto numbers =
            std::apply([](const auto&... x) { return (count(x) + ... + std::size_t{0}); }, variables_);
        return numbers * sizeof(Scalar<T>) + nodes_.size() * sizeof(Node);
    }

    ArgumentsOf<T, A...> values() const
    {
        return each([](const Scalar<T>& x) { return x.value(); });
    }
    /// As variables of a part's recording, whose leaves they are from `first` on.
    ArgumentsOf<Scalar<T>, A...> variables(Session session, Node first = 0) const&
    {
        return each([=](const Scalar<T>& x) {
            return x.session() != 0 ? Scalar<T>(x.value(), session, first + x.node()) : x;
        });
    }
    ArgumentsOf<Scalar<T>, A...> variables(Session session) &&
    {
        renew(variables_, session);
        return std::move(variables_);
    }
    /// Each recorded one with a direction of its own, from `first` on.
    ArgumentsOf<Lanes<T>, A...> duals(std::size_t first = 0) const
    {
        return each([=](const Scalar<T>& x) {
            return x.session() != 0 ? dual(x.value(), first + x.node()) : Lanes<T>(x.value());
        });
    }

private:
    /// Of the variables before they belong to a part.
    static constexpr Session unbound = 1;

    template <class X>
    static std::size_t count(const X& x)
    {
        if constexpr (NumberContainer<X>) return x.size();
        else return 1;
    }
    Scalar<T> variable(const char* name, const auto& number)
    {
        const Scalar<T>& x = lift<Scalar<T>>(number);
        if (!is_recorded<ScalarSpace<T>>(x.session(), name)) return x.value();
        nodes_[recorded_] = x.node();
        return {x.value(), unbound, static_cast<Node>(recorded_++)};
    }
    auto each(auto g) const
    {
        return std::apply(
            [&g](const auto&... argument) { return std::tuple{mapped_argument<A>(argument, g)...}; },
            variables_);
    }

    std::vector<Node> nodes_;
    std::size_t recorded_ = 0;
    ArgumentsOf<Scalar<T>, A...> variables_;
};

/// The recording of a part, on a tape of its own, and the adjoints of its leaves.
template <class T>
class Part {
public:
    using Space = ScalarSpace<T>;

    Part(const char* name, std::size_t leaves) : name_(name), leaves_(leaves), adjoint_(leaves)
    {
        recording_.tape().add_leaves(leaves);
    }

    Session session() const { return recording_.session(); }
    T& adjoint(std::size_t leaf) { return adjoint_[leaf]; }
    T take_adjoint(std::size_t leaf) { return std::exchange(adjoint_[leaf], T{}); }

    /// Of all leaves.
    std::vector<T> take_adjoints() { return std::exchange(adjoint_, std::vector<T>(leaves_)); }

    /// While it lives, the part is what is recorded.
    RecorderScope<Space> running() const { return RecorderScope<Space>(recording_.running()); }

    /// A result as a number of the part. @throws RecordingError if it depends on something else recorded.
    template <class X>
    Scalar<T> result(const X& number) const
    {
        const Scalar<T> y = lift<Scalar<T>>(number);
        is_recorded<Space>(y.session(), name_);
        return y;
    }

    /// Adds y_bar to the adjoint of a result, for the next sweep.
    void seed(const Scalar<T>& y, const T& y_bar)
    {
        if (y.session() == 0) return;
        const std::size_t node = y.node();
        if (node >= adjoint_.size()) adjoint_.resize(node + 1);
        adjoint_[node] = adjoint_[node] + y_bar;
        end_ = std::max(end_, node + 1);
    }
    /// The same for all of a container of results, while the part is running.
    void seed_all(const auto& results, const std::vector<T>& y_bar)
    {
        adjoint_.resize(std::max<std::size_t>(adjoint_.size(), recording_.tape().size()));
        const StatementId own = statement_id(session(), 0);
        for (std::size_t j = 0; j < y_bar.size(); ++j) {
            T* const adjoint = adjoint_.data();
            const std::size_t room = adjoint_.size();
            std::size_t last = 0;
            if constexpr (is_scalar<std::remove_cvref_t<decltype(results[j])>>)
                for (; j < y_bar.size(); ++j) {
                    const StatementId node = results[j].settled_statement() - own;
                    if (node >= room) break;
                    adjoint[node] = adjoint[node] + y_bar[j];
                    last = std::max<std::size_t>(last, node);
                }
            end_ = std::max(end_, last + 1);
            if (j < y_bar.size()) seed(result(results[j]), y_bar[j]);
        }
    }
    /// Adds to the adjoints of the leaves from those of the results, beginning with the last one.
    void sweep()
    {
        const Node end = recording_.tape().notes().end_of_sweep(static_cast<Node>(std::max(end_, leaves_)));
        adjoint_.resize(end);
        pull_numbers<Products::careful>(recording_.tape(), adjoint_.data(), static_cast<Node>(leaves_), end);
        adjoint_.resize(leaves_);
        end_ = 0;
    }
    /// Forgets what has been recorded and swept. Variables that may have been left elsewhere become foreign,
    /// but for those given (a tuple of arguments).
    void forget(auto& variables)
    {
        recording_.tape().truncate(static_cast<Node>(leaves_));
        recording_.renew_session();
        if (Recorder<Space>& now = recorder<Space>; now.tape == &recording_.tape()) now.renew(session());
        renew(variables, session());
    }
    /// To be called between terms: sweeps and forgets them when there are many statements.
    void settle(auto& variables)
    {
        const std::size_t count = recording_.tape().size() - leaves_;
        if (count < few_statements || count < leaves_) return;
        sweep();
        forget(variables);
    }

    /// Adds to the adjoints from y_bar, that of a result y: at once if y is an expression of the leaves
    /// alone, which then never comes to the tape, else with the next sweep. Returns y's value.
    template <class Y, class YBar>
    [[gnu::always_inline]] T pull(const Y& y, const YBar& y_bar)
    {
        if constexpr (is_expression<Y>)
            if (y.is_of(session(), static_cast<Node>(leaves_))) {
                T* const adjoint = adjoint_.data();
                y.for_each_link([&](const T& partial, Node leaf) __attribute__((always_inline)) {
                    if constexpr (std::same_as<YBar, Constant<1>>) adjoint[leaf] = adjoint[leaf] + partial;
                    else adjoint[leaf] = adjoint[leaf] + lift<T>(chain_product(y_bar, partial));
                });
                return y.value();
            }
        return pull_statement(y, y_bar);
    }

private:
    static constexpr std::size_t few_statements = 256;

    /// By value, so that an expression stays in registers where this is not called.
    template <class Y>
    [[gnu::noinline]] T pull_statement(Y number, T y_bar)
    {
        const Scalar<T> y = result(number);
        seed(y, y_bar);
        return y.value();
    }

    const char* name_;
    Recording<Space> recording_;
    std::size_t leaves_;
    std::vector<T> adjoint_;
    std::size_t end_ = 0;  // of what has been seeded
};

/// The node of a constant among others that are recorded.
inline constexpr Node no_node = std::numeric_limits<Node>::max();

/// The nodes of several numbers: as a first one where they are at equal distances, else one by one, no_node
/// for constants.
class Nodes {
public:
    /// All constants.
    explicit Nodes(std::size_t count = 0) : count_(count) {}
    Nodes(std::size_t count, Node first, std::ptrdiff_t step) : count_(count), first_(first), step_(step) {}
    Nodes(std::vector<Node> nodes) : count_(nodes.size())
    {
        bool is_run = !nodes.empty() && nodes.back() != no_node;
        for (std::size_t i = 0; i < count_; ++i) is_run &= nodes[i] == nodes[0] + i;
        if (is_run) first_ = nodes[0];
        else list_ = std::move(nodes);
    }

    std::size_t size() const { return count_; }
    bool are_constants() const { return list_.empty() && first_ == no_node; }
    std::size_t bytes() const { return list_.size() * sizeof(Node); }
    Node operator[](std::size_t i) const
    {
        if (!list_.empty()) return list_[i];
        return first_ == no_node ? no_node
                                 : first_ + static_cast<Node>(static_cast<std::ptrdiff_t>(i) * step_);
    }

    void append_to(std::vector<Node>& nodes) const
    {
        for (std::size_t i = 0; i < count_; ++i)
            if (const Node node = (*this)[i]; node != no_node) nodes.push_back(node);
    }

    /// Adds y_bar · partial to the adjoints of as many numbers as there are partials, from the given one on.
    template <class T>
    void add(T* adjoint, const T& y_bar, std::span<const T> partials, Products products,
             std::size_t from = 0) const
    {
        if (are_constants()) return;
        if constexpr (std::floating_point<T>)
            if (list_.empty() && step_ == 1 && products == Products::plain)
                return kernels::add_scaled(adjoint + first_ + from, y_bar, partials);
        for (std::size_t i = 0; i < partials.size(); ++i) {
            const Node node = (*this)[from + i];
            if (node != no_node) adjoint[node] = adjoint[node] + lift<T>(chain_product(y_bar, partials[i]));
        }
    }

    /// Adds y_barᵢ · partialᵢ to the adjoints, from the given number on, carefully.
    template <std::floating_point T>
    void add_products(T* adjoint, std::span<const T> y_bar, const T* partials, std::size_t from) const
    {
        if (are_constants()) return;
        if (list_.empty() && step_ == 1)
            return kernels::add_chain_products(adjoint + first_ + from, y_bar, {partials, y_bar.size()});
        for (std::size_t i = 0; i < y_bar.size(); ++i)
            if (const Node node = (*this)[from + i]; node != no_node)
                adjoint[node] += chain_product(y_bar[i], partials[i]);
    }

private:
    std::vector<Node> list_;
    std::size_t count_;
    Node first_ = no_node;
    std::ptrdiff_t step_ = 1;
};

/// A statement with many links, kept as a block: the partials with respect to the numbers of K lists in turn.
template <class T, std::size_t K>
class ManyLinks final : public BlockMap<T> {
public:
    ManyLinks(std::array<Nodes, K> nodes, std::vector<T> partials)
        : nodes_(std::move(nodes)), partials_(std::move(partials))
    {
    }

    void pull(T* adjoint, Node first, Products products) const override
    {
        const T y_bar = std::exchange(adjoint[first], T{});
        if (contributes_nothing(y_bar)) return;
        std::span<const T> partials(partials_);
        for (const Nodes& nodes : nodes_) {
            nodes.add(adjoint, y_bar, partials.first(nodes.size()), products);
            partials = partials.subspan(nodes.size());
        }
    }
    void append_arguments(std::vector<Node>& nodes) const override
    {
        for (const Nodes& list : nodes_) list.append_to(nodes);
    }
    std::size_t bytes() const override
    {
        std::size_t total = sizeof(*this) + partials_.size() * sizeof(T);
        for (const Nodes& nodes : nodes_) total += nodes.bytes();
        return total;
    }

private:
    std::array<Nodes, K> nodes_;
    std::vector<T> partials_;
};

/// Tells a DetectAnomalies of a block's values before it is written.
template <class T>
void watch_block(const auto& values, const BlockMap<T>& map)
{
    std::vector<Node> arguments;
    map.append_arguments(arguments);
    const Tape<ScalarSpace<T>>& tape = *recorder<ScalarSpace<T>>.tape;
    Node node = tape.size();
    for (const T& value : values)
        watch_statement<T>({tape, node++, "block (sum, dot, matmul, map_over, …)", value, arguments.size(),
                            arguments.data()});
}

/// Statements without links, one for each value, whose adjoints `map` pulls back.
template <class T, class C>
auto block(const C& values, std::unique_ptr<BlockMap<T>> map)
{
    Recorder<ScalarSpace<T>>& now = recorder<ScalarSpace<T>>;
    if constexpr (std::floating_point<T>)
        if (watch) [[unlikely]]
            watch_block<T>(values, *map);
    now.end_growth();
    const Node first = now.tape->size();
    now.tape->add_leaves(values.size());
    if (values.size() > 0) now.tape->notes().add({first, now.tape->size(), map.release()});
    return mapped(values, [&](const T& value, std::size_t i) {
        return Scalar<T>(value, now.session, first + static_cast<Node>(i));
    });
}

template <class T, std::size_t K>
void watch_linked(const T& value, const std::array<Nodes, K>& nodes, const std::vector<T>& partials)
{
    std::vector<Node> arguments;
    std::vector<T> of_arguments;
    std::size_t next = 0;
    for (const Nodes& list : nodes)
        for (std::size_t i = 0; i < list.size(); ++i, ++next) {
            if (list[i] == no_node) continue;
            arguments.push_back(list[i]);
            of_arguments.push_back(partials[next]);
        }
    const Tape<ScalarSpace<T>>& tape = *recorder<ScalarSpace<T>>.tape;
    watch_statement<T>({tape, tape.size(), "part (sum_over, preaccumulate, sum, dot, …)", value,
                        arguments.size(), arguments.data(), of_arguments.data()});
}

/// A statement that depends on the numbers of K lists by these partials; a constant if on none. Many links
/// are kept as a block.
template <class T, std::size_t K>
Scalar<T> linked(const T& value, std::array<Nodes, K> nodes, std::vector<T> partials)
{
    constexpr std::size_t many = 32;
    if (std::ranges::all_of(nodes, &Nodes::are_constants)) return value;
    if constexpr (std::floating_point<T>)
        if (watch) [[unlikely]]
            watch_linked(value, nodes, partials);
    if (partials.size() > many)
        return block<T>(std::array{value},
                        std::make_unique<ManyLinks<T, K>>(std::move(nodes), std::move(partials)))[0];
    auto& tape = *recorder<ScalarSpace<T>>.tape;
    bool depends = false;
    std::size_t next = 0;
    for (const Nodes& list : nodes)
        for (std::size_t i = 0; i < list.size(); ++i) {
            const T& partial = partials[next++];
            if (list[i] == no_node || contributes_nothing(partial)) continue;
            if (!depends) tape.make_room(partials.size());
            tape.write_link(list[i], partial);
            depends = true;
        }
    if (!depends) return value;
    recorder<ScalarSpace<T>>.end_growth();
    return Scalar<T>(value, recorder<ScalarSpace<T>>.session, tape.end_statement());
}

}  // namespace autodiff::detail
