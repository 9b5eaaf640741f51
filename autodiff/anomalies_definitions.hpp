#pragma once

// What a DetectAnomalies knows: of every recorded statement the op, the call stack, and what it was computed
// from.

#include <autodiff/anomalies.hpp>
#include <autodiff/call_stack.hpp>
#include <autodiff/tensor.hpp>

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace autodiff::detail {

/// What is known of the statements of a tape, by node. Those behind the last one that was told of are those
/// of an earlier recording.
template <class Note>
class NotesOf {
public:
    void put(const void* tape, std::size_t node, Note note)
    {
        auto& notes = of_[tape];
        notes.resize(node);
        notes.emplace_back(std::move(note));
    }
    const Note* find(const void* tape, std::size_t node) const
    {
        const auto notes = of_.find(tape);
        if (notes == of_.end() || node >= notes->second.size() || !notes->second[node]) return nullptr;
        return &*notes->second[node];
    }

private:
    std::map<const void*, std::vector<std::optional<Note>>> of_;
};

/// A recorded number.
template <class T>
struct NumberNote {
    const char* op;
    const CallStack* stack;
    T value;
    std::size_t links;
};
/// A recorded op on tensors.
template <class T>
struct OpNote {
    const char* op;
    const CallStack* stack;
    bool is_finite, is_elementwise;
    std::vector<Array<T>> arguments;
    std::vector<std::size_t> recorded;  // which of them have a link
};

/// Of one DetectAnomalies.
class Watch {
public:
    explicit Watch(const char* header) : header_(header) {}

    /// The stack that has led here; within a pullback, that of the op whose pullback it is.
    const CallStack* stack()
    {
        if (pulled_) return pulled_;
        // Loops come from one place again and again.
        return &*stacks_.insert(call_stack()).first;
    }
    std::string line(const CallStack* stack) const
    {
        return stack ? users_line(*stack, header_) : "an unknown line, before DetectAnomalies was there";
    }
    std::string line() { return line(stack()); }

    template <class T>
    NotesOf<NumberNote<T>>& numbers()
    {
        if constexpr (std::same_as<T, double>) return doubles_;
        else return floats_;
    }
    template <class T>
    NotesOf<OpNote<T>>& ops()
    {
        if constexpr (std::same_as<T, double>) return ops_on_doubles_;
        else return ops_on_floats_;
    }

    /// The first derivative that was not finite, of a function that goes forwards.
    std::optional<std::string> forwards;
    /// Whether a sweep over numbers has passed on something that was not finite from the start: what a block
    /// makes of it is then no anomaly, and blocks cannot be told apart any more.
    bool has_passed_on = false;

    /// Ops within a pullback are not looked at: only what it returns counts.
    class Pullback {
    public:
        Pullback(Watch& whose, const CallStack* of)
            : watch_(whose), depth_(whose.pullbacks_++), before_(std::exchange(whose.pulled_, of))
        {
        }
        Pullback(const Pullback&) = delete;
        Pullback& operator=(const Pullback&) = delete;
        ~Pullback()
        {
            watch_.pullbacks_ = depth_;
            watch_.pulled_ = before_;
        }

    private:
        Watch& watch_;
        int depth_;
        const CallStack* before_;
    };
    bool is_in_pullback() const { return pullbacks_ > 0; }

private:
    std::string header_;
    std::set<CallStack> stacks_;
    int pullbacks_ = 0;
    const CallStack* pulled_ = nullptr;
    NotesOf<NumberNote<double>> doubles_;
    NotesOf<NumberNote<float>> floats_;
    NotesOf<OpNote<double>> ops_on_doubles_;
    NotesOf<OpNote<float>> ops_on_floats_;
};

constexpr const char* although = "although what it is computed from is finite";

/// A number in a message; which sign a NaN has does not matter.
template <class T>
std::string in_words(T x)
{
    return std::isnan(x) ? "nan" : fmt::format("{}", x);
}

}  // namespace autodiff::detail
