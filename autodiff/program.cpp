#include <autodiff/program.hpp>

#include <autodiff/error.hpp>

#include <algorithm>

namespace autodiff {

Program::Slot Program::slot_of(const char* op, const void* storage, Index size)
{
    if (size > 0) {
        if (const auto found = slots_.find(storage); found != slots_.end()) return found->second;
        fail<ReplayError>(
            "replay: {} reads an array that is neither an argument nor a parameter nor computed from them "
            "by an op that can be replayed; pass it as an argument",
            op);
    }
    // Nothing has a slot of its own: it may be a view of an array that has elements.
    values_.emplace_back();
    last_use_.push_back(0);
    return static_cast<Slot>(values_.size() - 1);
}

void Program::finish(const std::vector<Slot>& results)
{
    for (std::size_t slot = 0; slot < values_.size(); ++slot) {
        const auto is_this = [&](Slot other) { return other == slot; };
        const bool is_kept = std::ranges::any_of(results, is_this) ||
                             std::ranges::any_of(constants_, [&](const auto& c) { return is_this(c.first); });
        if (!is_kept && last_use_[slot] < steps_.size())
            steps_[last_use_[slot]]->released.push_back(static_cast<Slot>(slot));
    }
    slots_.clear();
    last_use_.clear();
    for (const auto& [slot, value] : constants_) values_[slot] = value;
}

void Program::run()
{
    for (const std::unique_ptr<Step>& step : steps_) {
        step->run(*this);
        for (const Slot slot : step->released) values_[slot] = std::monostate();
    }
}

void Program::release(Slot slot)
{
    const bool is_constant =
        std::ranges::find(constants_, slot, &std::pair<Slot, AnyArray>::first) != constants_.end();
    if (!is_constant) values_[slot] = std::monostate();
}

namespace detail {

void forget_in_capture(const void* storage) { capturing->forget(storage); }

void fail_reading_in_capture()
{
    fail<ReplayError>(
        "replay: the computation reads a number, so that its course may depend on it; return the tensor "
        "and read it afterwards, or choose with where()");
}

template <class T>
void note_constant_in_capture(const Array<T>& x)
{
    capturing->add_constant(x);
}
template void note_constant_in_capture(const Array<double>&);
template void note_constant_in_capture(const Array<float>&);
template void note_constant_in_capture(const Array<Index>&);
template void note_constant_in_capture(const Array<bool>&);

}  // namespace detail

}  // namespace autodiff
