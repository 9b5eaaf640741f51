#include <autodiff/error.hpp>
#include <autodiff/random.hpp>
#include <autodiff/transforms/checkpoint.hpp>

#include <autodiff/ops/elementwise.hpp>
#include <autodiff/sweep.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>

namespace autodiff::detail {

namespace {

/// Statements before `first` that `last` depends on through the statements between, ascending.
template <class T>
std::vector<Node> read_from_before(const Tape<TensorSpace<T>>& tape, Node first, Node last)
{
    std::vector<bool> needed(last - first + 1, false);
    needed[last - first] = true;
    std::vector<Node> nodes;
    for (Node node = last + 1; node-- > first;) {
        if (!needed[node - first]) continue;
        for (Node link = tape.first_link(node); link < tape.end_link(node); ++link) {
            const Node argument = tape.argument(link);
            if (argument < first) nodes.push_back(argument);
            else needed[argument - first] = true;
        }
    }
    std::sort(nodes.begin(), nodes.end());
    nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
    return nodes;
}

/// A checkpointed function and the adjoints its last recomputation found, handed out in the order of the
/// nodes. A sweep may leave nodes out, so what is left of one must not be taken for the next one's.
template <class T>
struct Segment {
    using Space = TensorSpace<T>;

    std::function<Tensor<T>()> f;
    Node last_node = 0;
    KeySequence keys{};
    mutable std::map<Node, Tensor<T>> adjoints{};
    mutable Tensor<T> of{};
    mutable bool recorded = false;
    mutable Node next_node = 0;

    bool is_of_this_sweep(Node node, const Tensor<T>& y_bar) const
    {
        return !adjoints.empty() && node >= next_node && same_block(y_bar.array(), of.array()) &&
               y_bar.session() == of.session() && y_bar.node() == of.node() &&
               recorded == recorder<Space>.recording();
    }
    void forget() const
    {
        adjoints.clear();
        of = {};
    }

    /// Records f again, sweeps it, and collects what flows to statements before it.
    void recompute(const Tensor<T>& y_bar) const
    {
        Recording<Space> recording;
        Tensor<T> y;
        {
            RecorderScope<Space> running(recording.running());
            KeySequence again = keys;
            again.is_repetition = true;
            const KeyScope same_keys(again);
            y = f();
        }
        RecorderScope<Space> sweeping(recording.sweeping());
        if (y.session() == 0) return;
        const auto collect = [this](Node node, Tensor<T> value) {
            const auto [place, is_new] = adjoints.try_emplace(node, value);
            if (!is_new) place->second = place->second + value;
        };
        if (y.node() < recording.first()) return collect(y.node(), y_bar);
        Cotangents<Space> cotangents(recording.first(), y.node() + 1);
        cotangents.add(y.node(), y_bar);
        pull(recording.tape(), cotangents, 0, nullptr, collect);
    }

    Tensor<T> adjoint_of(Node node, const Tensor<T>& y_bar) const
    {
        if (!is_of_this_sweep(node, y_bar)) {
            forget();
            recompute(y_bar);
            of = y_bar;
            recorded = recorder<Space>.recording();
        }
        const auto found = adjoints.find(node);
        if (found == adjoints.end())
            fail<RecordingError>(
                "checkpoint: the function read other variables when it was computed again; it must do "
                "the same every time");
        Tensor<T> result = found->second;
        next_node = node + 1;
        if (node == last_node) forget();
        return result;
    }
};

template <class T>
class SegmentClosure final : public Closure<T> {
public:
    SegmentClosure(std::shared_ptr<const Segment<T>> segment, Node node)
        : segment_(std::move(segment)), node_(node)
    {
    }

    Tensor<T> pull(const Tensor<T>& y_bar, const Tensor<T>&) const override
    {
        return segment_->adjoint_of(node_, y_bar);
    }
    Tensor<T> push(const Tensor<T>& x_dot, const Tensor<T>& y) const override
    {
        return transpose_pullback<T>(Alone(*segment_, node_), x_dot, y);
    }
    bool keeps_value() const override { return true; }

private:
    /// This argument's map alone, for transposing.
    struct Alone final : Closure<T> {
        Alone(const Segment<T>& s, Node n) : segment(s), node(n) {}
        Tensor<T> pull(const Tensor<T>& y_bar, const Tensor<T>&) const override
        {
            const Segment<T> fresh{segment.f, node, segment.keys};
            return fresh.adjoint_of(node, y_bar);
        }
        Tensor<T> push(const Tensor<T>&, const Tensor<T>&) const override { return {}; }
        bool keeps_value() const override { return true; }

        const Segment<T>& segment;
        Node node;
    };

    std::shared_ptr<const Segment<T>> segment_;
    Node node_;
};

}  // namespace

template <class T>
Tensor<T> checkpointed(std::function<Tensor<T>()> f)
{
    using Space = TensorSpace<T>;
    if (!recorder<Space>.recording()) return f();
    Tape<Space>& tape = *recorder<Space>.tape;
    const Node first = tape.size();
    const KeySequence keys = current_keys;
    Tensor<T> y = f();
    if (y.session() == 0 || y.node() < first) return y;
    const std::vector<Node> arguments = read_from_before<T>(tape, first, y.node());
    tape.truncate(first);

    const auto segment = std::make_shared<const Segment<T>>(
        Segment<T>{std::move(f), arguments.empty() ? 0 : arguments.back(), keys});
    for (Node node : arguments)
        tape.add_link(node, std::unique_ptr<Closure<T>>(new SegmentClosure<T>(segment, node)));
    return end_statement("checkpoint", y.array(), true);
}

template Tensor<double> checkpointed(std::function<Tensor<double>()>);
template Tensor<float> checkpointed(std::function<Tensor<float>()>);

}  // namespace autodiff::detail
