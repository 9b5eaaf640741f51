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
    return new_slot();
}

Program::Slot Program::new_slot()
{
    values_.emplace_back();
    slots_of_.emplace_back();
    return static_cast<Slot>(values_.size() - 1);
}

void Program::finish(const std::vector<Slot>& results)
{
    slots_.clear();
    values_stay_ = bytes_ <= most_that_stays;
    if (values_stay_) return;
    for (std::size_t slot = 0; slot < values_.size(); ++slot) {
        const auto [kind, last_use] = slots_of_[slot];
        const bool is_result = std::ranges::find(results, slot) != results.end();
        if (kind == Kind::computed && !is_result && last_use < steps_.size())
            steps_[last_use]->released.push_back(static_cast<Slot>(slot));
    }
}

void Program::run()
{
    for (const std::unique_ptr<Step>& step : steps_) {
        step->run(*this);
        for (const Slot slot : step->released) values_[slot] = std::monostate();
    }
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
