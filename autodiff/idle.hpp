#pragma once

#include <utility>
#include <vector>

namespace autodiff::detail {

/// Things at rest, one list a thread, for the next one who needs such a thing: a tape, say, with its memory.
/// Null when the thread is ending.
template <class T>
std::vector<T>* idle()
{
    static constinit thread_local bool has_ended = false;
    struct List {
        std::vector<T> things;
        ~List() { has_ended = true; }
    };
    if (has_ended) return nullptr;
    thread_local List list;
    return &list.things;
}
/// An idle thing, or a new one.
template <class T>
T take_idle(auto make)
{
    std::vector<T>* const things = idle<T>();
    if (!things || things->empty()) return make();
    T thing = std::move(things->back());
    things->pop_back();
    return thing;
}
template <class T>
void give_back(T thing) noexcept
{
    try {
        if (std::vector<T>* const things = idle<T>()) things->push_back(std::move(thing));
    } catch (...) {  // no memory to remember it: it goes
    }
}

}  // namespace autodiff::detail
