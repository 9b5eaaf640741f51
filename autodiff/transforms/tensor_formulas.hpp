#pragma once

// What is on a tape of tensors, as formulas: for explain and to_dot.

#include <autodiff/tensor.hpp>
#include <autodiff/transforms/explain.hpp>

#include <map>

namespace autodiff::detail {

/// Writes statements in terms of those that have names. Every statement needs its value in its note, and
/// whoever asks has to be recording: closures are tried out.
template <class T>
class TensorFormulas {
public:
    using Space = TensorSpace<T>;

    /// Statements before `first` are constants.
    TensorFormulas(const Tape<Space>& tape, Node first) : tape_(tape), first_(first) {}

    void name(Node node, std::string name) { names_[node] = std::move(name); }
    bool has_name(Node node) const { return names_.contains(node); }
    const std::string& name_of(Node node) const { return names_.at(node); }
    std::string_view op_of(Node node) const { return tape_.notes().notes[node].name; }
    const Array<T>& value_of(Node node) const { return *tape_.notes().notes[node].value; }

    /// What the op was told beside its arguments, such as axes; null if nothing.
    const std::string* options_of(Node node) const;

    /// The op and its arguments; "…" is what the tape does not know.
    Symbol formula(Node node) const;
    /// The statement's name, or its formula if it has none.
    Symbol shown(Node node) const;

private:
    bool has_constants(Node node) const;
    Symbol aligned(Node node) const;
    Node skipping(std::string_view op, Node node) const;
    Symbol with_constant(Node node, const Symbol& x) const;

    const Tape<Space>& tape_;
    Node first_;
    std::map<Node, std::string> names_;
    mutable std::map<Node, Symbol> shown_;  // of those without a name
};

extern template class TensorFormulas<double>;
extern template class TensorFormulas<float>;

}  // namespace autodiff::detail
