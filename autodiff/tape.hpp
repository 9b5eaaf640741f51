#pragma once

// A tape is a list of linear maps; a gradient is one sweep over it, backwards.
//
// Every recorded value is a statement: a row of links (argument, linear map), one for each argument that
// carries a derivative. What a linear map is depends on the vector space of the values: between numbers it is
// a number, between tensors a small closure. The tape knows nothing more of it than pull (adjoints,
// backwards), push (tangents, forwards) and how values are added.
//
//     pull:  x̄ += map.pull(ȳ)   for each link of each statement, last statement first
//     push:  ẏ += map.push(ẋ)   for each link of each statement, first statement first
//
// A session is the use of a tape from its first statement to its release. Variables carry its number, so that
// one that outlives its session, or comes from another, is found out instead of giving a wrong derivative.

#include <autodiff/error.hpp>

#include <algorithm>
#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

namespace autodiff {

/// The position of a statement on its tape.
using Node = std::uint32_t;
/// Which use of which tape a variable belongs to; 0 is a constant.
using Session = std::uint32_t;

/// A growing array. Room is made in advance, so that appending is a store and an addition.
template <class T>
class Column {
public:
    Column() = default;
    Column(Column&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)),
          size_(std::exchange(other.size_, 0)),
          capacity_(std::exchange(other.capacity_, 0))
    {
    }
    Column& operator=(Column&&) = delete;
    ~Column()
    {
        truncate(0);
        std::allocator<T>().deallocate(data_, capacity_);
    }

    std::size_t size() const { return size_; }
    const T& operator[](std::size_t i) const { return data_[i]; }
    T& operator[](std::size_t i) { return data_[i]; }
    T& back() { return data_[size_ - 1]; }
    const T* data() const { return data_; }

    bool has_room_for(std::size_t count) const { return capacity_ - size_ >= count; }
    void make_room_for(std::size_t count)
    {
        if (!has_room_for(count)) [[unlikely]]
            grow(count);
    }
    /// Needs room.
    void append(T value) { std::construct_at(data_ + size_++, std::move(value)); }
    void truncate(std::size_t size)
    {
        std::destroy(data_ + size, data_ + size_);
        size_ = size;
    }

private:
    [[gnu::noinline, gnu::cold]] void grow(std::size_t count)
    {
        const std::size_t capacity = std::max({2 * capacity_, size_ + count, std::size_t{256}});
        T* data = std::allocator<T>().allocate(capacity);
        std::uninitialized_move_n(data_, size_, data);
        std::destroy_n(data_, size_);
        std::allocator<T>().deallocate(data_, capacity_);
        data_ = data;
        capacity_ = capacity;
    }

    T* data_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

/// A vector space, as the tape sees it: Value, LinearMap with pull and push, Notes (what else is kept for
/// each statement), add, is_zero, and whether its linear maps can themselves be recorded
/// (maps_are_recordable).
template <class Space>
class Tape {
public:
    using Map = typename Space::LinearMap;
    /// Nodes and links are numbered by 31 and 32 bits.
    static constexpr std::size_t max_statements = (std::size_t{1} << 31) - 2;
    static constexpr std::size_t max_links = std::numeric_limits<Node>::max() - 1;

    Tape()
    {
        row_.make_room_for(1);
        row_.append(0);
    }

    Node size() const { return static_cast<Node>(row_.size() - 1); }
    std::size_t link_count() const { return argument_.size(); }
    std::size_t bytes() const
    {
        return size() * sizeof(Node) + link_count() * (sizeof(Node) + sizeof(Map)) + notes_.bytes();
    }

    /// Room for a statement with this many more links, before they are written.
    /// @throws LimitError if the tape is full.
    void make_room(std::size_t links)
    {
        if (!has_room(links)) [[unlikely]]
            grow(links);
    }
    bool has_room(std::size_t links) const
    {
        return argument_.has_room_for(links) && row_.has_room_for(1);  // map_ has grown with argument_
    }
    /// Adds a link to the statement being written; needs room.
    void write_link(Node argument, Map map)
    {
        argument_.append(argument);
        map_.append(std::move(map));
    }
    /// Ends the statement being written, and gives it a position; needs room.
    template <class... Note>
    Node write_statement(Note&&... note)
    {
        row_.append(static_cast<Node>(argument_.size()));
        notes_.push_back(std::forward<Note>(note)...);
        return size() - 1;
    }
    /// The links written since the last statement become links of that statement.
    void extend_last_statement() { row_.back() = static_cast<Node>(argument_.size()); }
    /// Whether the last statement may still be extended: nobody but the variable it was written for has it.
    bool last_may_grow() const { return growing_ == row_.size(); }
    void let_last_grow() { growing_ = row_.size(); }
    void stop_growth() { growing_ = 0; }

    void add_link(Node argument, Map map)
    {
        make_room(1);
        write_link(argument, std::move(map));
    }
    template <class... Note>
    Node end_statement(Note&&... note)
    {
        make_room(0);
        return write_statement(std::forward<Note>(note)...);
    }
    Node add_leaf() { return end_statement(); }
    void add_leaves(std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i) add_leaf();
    }

    Node first_link(Node statement) const { return row_[statement]; }
    Node end_link(Node statement) const { return row_[statement + std::size_t{1}]; }
    const Node* arguments() const { return argument_.data(); }
    const Map* maps() const { return map_.data(); }
    Node argument(std::size_t link) const { return argument_[link]; }
    const Map& map(std::size_t link) const { return map_[link]; }
    /// Whether recordings within the recording have been swept: their statements need not depend on its
    /// leaves.
    bool has_nested_sweeps() const { return has_nested_sweeps_; }
    void note_nested_sweep() { has_nested_sweeps_ = true; }
    auto& notes() { return notes_; }
    const auto& notes() const { return notes_; }

    /// Forgets the statements from `statement` on; their memory stays for the next ones.
    void truncate(Node statement)
    {
        const Node links = first_link(statement);
        argument_.truncate(links);
        map_.truncate(links);
        row_.truncate(statement + std::size_t{1});
        notes_.truncate(statement);
        if (statement == 0) has_nested_sweeps_ = false;
    }
    /// Forgets an unfinished statement, after an exception while it was written.
    void drop_open_links()
    {
        argument_.truncate(row_.back());
        map_.truncate(row_.back());
    }

private:
    [[gnu::noinline, gnu::cold]] void grow(std::size_t links)
    {
        if (link_count() + links > max_links || size() >= max_statements)
            fail<LimitError>(
                "tape: {} statements and {} links ({} bytes) are all a tape can hold; "
                "record less at once, with checkpoint or by differentiating in parts",
                size(), link_count(), bytes());
        row_.make_room_for(1);
        map_.make_room_for(links);
        argument_.make_room_for(links);  // the last one: has_room asks it
    }

    std::size_t growing_ = 0;  // the size of row_ after the statement that may grow
    Column<Node> row_;         // [s], [s + 1]: where the links of statement s begin and end
    Column<Node> argument_;
    Column<Map> map_;
    typename Space::Notes notes_;
    bool has_nested_sweeps_ = false;
};

/// What the calling thread is recording.
template <class Space>
struct Recorder {
    Tape<Space>* tape = nullptr;
    Session session = 0;
    bool recording = false;
};

template <class Space>
inline constinit thread_local Recorder<Space> recorder{};

namespace detail {

inline std::atomic<Session> last_session{0};

inline Session new_session()
{
    Session session = 0;
    while (session == 0) session = last_session.fetch_add(1, std::memory_order_relaxed) + 1;
    return session;
}

[[noreturn]] void throw_foreign_variable(const char* op);

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

}  // namespace detail

/// Whether ops on a variable of this session are to be recorded now. @throws RecordingError if the variable
/// belongs to a recording that is over, to one of another thread, or to another one of this thread.
template <class Space>
inline bool is_recorded(Session session, const char* op)
{
    if (session == 0) return false;
    const Recorder<Space>& now = recorder<Space>;
    if (session != now.session) [[unlikely]]
        detail::throw_foreign_variable(op);
    return now.recording;
}

/// Sets what this thread records, for a scope. No statement grows across its ends: variables may be copied
/// while another tape is the recorder's.
template <class Space>
class RecorderScope {
public:
    explicit RecorderScope(Recorder<Space> state) : before_(recorder<Space>) { enter(state); }
    RecorderScope(const RecorderScope&) = delete;
    RecorderScope& operator=(const RecorderScope&) = delete;
    ~RecorderScope() { enter(before_); }

private:
    static void enter(const Recorder<Space>& state)
    {
        if (recorder<Space>.tape) recorder<Space>.tape->stop_growth();
        recorder<Space> = state;
    }

    Recorder<Space> before_;
};

/// Ops within this scope compute values only.
template <class Space>
class PauseRecording : RecorderScope<Space> {
public:
    PauseRecording() : RecorderScope<Space>({recorder<Space>.tape, recorder<Space>.session, false}) {}
};

/// A stretch of a tape, from `first` on. Where linear maps can be recorded, a recording within another
/// session continues that session's tape: the outer gradient can then differentiate the inner one's sweep.
/// Otherwise it takes a tape of its own.
template <class Space>
class Recording {
public:
    Recording()
    {
        const Recorder<Space>& outer = recorder<Space>;
        if (Space::maps_are_recordable && outer.session != 0) {
            tape_ = outer.tape;
            session_ = outer.session;
            outer_records_ = outer.recording;
            tape_->note_nested_sweep();
        } else {
            own_ = detail::take_idle<std::unique_ptr<Tape<Space>>>(
                [] { return std::make_unique<Tape<Space>>(); });
            tape_ = own_.get();
            session_ = detail::new_session();
        }
        first_ = tape_->size();
    }
    Recording(Recording&& other) noexcept
        : own_(std::move(other.own_)),
          tape_(std::exchange(other.tape_, nullptr)),
          session_(other.session_),
          first_(other.first_),
          outer_records_(other.outer_records_)
    {
    }
    Recording& operator=(Recording&&) = delete;
    ~Recording()
    {
        if (!tape_) return;
        tape_->drop_open_links();
        if (outer_records_) return;
        tape_->truncate(first_);
        if (own_) detail::give_back(std::move(own_));
    }

    Tape<Space>& tape() const { return *tape_; }
    Session session() const { return session_; }
    /// Makes all its variables foreign, up to those that are told the new session.
    void renew_session() { session_ = detail::new_session(); }
    Node first() const { return first_; }
    /// True if an outer recording goes on around this one: its sweep is recorded, too.
    bool is_nested() const { return outer_records_; }
    /// The recorder's state while the function runs, and while its tape is swept.
    Recorder<Space> running() const { return {tape_, session_, true}; }
    /// @throws RecordingError if this recording is part of an outer one that is over.
    Recorder<Space> sweeping() const
    {
        if (!own_ && recorder<Space>.session != session_) detail::throw_foreign_variable("pullback");
        return {tape_, session_, outer_records_};
    }

private:
    std::unique_ptr<Tape<Space>> own_;
    Tape<Space>* tape_ = nullptr;
    Session session_ = 0;
    Node first_ = 0;
    bool outer_records_ = false;
};

/// Adjoints (or tangents) of the statements from `first` on, absent ones being zero.
template <class Space>
class Cotangents {
public:
    using Value = typename Space::Value;
    using Slot = typename Space::Slot;

    Cotangents(Node first, Node end)
        : first_(first), slots_(detail::take_idle<std::vector<Slot>>([] { return std::vector<Slot>(); }))
    {
        slots_.resize(end - first);
    }
    Cotangents(const Cotangents&) = delete;
    Cotangents& operator=(const Cotangents&) = delete;
    /// The memory serves the next sweep.
    ~Cotangents()
    {
        slots_.clear();
        detail::give_back(std::move(slots_));
    }
    Node first() const { return first_; }
    Node end() const { return first_ + static_cast<Node>(slots_.size()); }
    Slot& operator[](Node node) { return slots_[node - first_]; }
    void add(Node node, Value value) { Space::add((*this)[node], std::move(value)); }

private:
    Node first_;
    std::vector<Slot> slots_;
};

/// For each statement from `first` on: does it depend on one of the leaves [first, first + leaves)?
template <class Space>
std::vector<bool> depends_on_leaves(const Tape<Space>& tape, Node first, Node leaves, Node end)
{
    std::vector<bool> depends(end - first, false);
    std::fill_n(depends.begin(), leaves, true);
    for (Node node = first + leaves; node < end; ++node)
        for (Node link = tape.first_link(node); link < tape.end_link(node); ++link)
            if (tape.argument(link) >= first && depends[tape.argument(link) - first])
                depends[node - first] = true;
    return depends;
}

/// The reverse sweep: from the adjoints already in `adjoints` down to its first `leaves` statements, which
/// keep theirs. With `only`, contributions to statements it does not mark are not computed. Contributions to
/// statements before the first go to `below(argument, value)`, where one is given.
template <class Space, class Below = std::nullptr_t>
void pull(const Tape<Space>& tape, Cotangents<Space>& adjoints, Node leaves,
          const std::vector<bool>* only = nullptr, Below below = {})
{
    const Node first = adjoints.first();
    for (Node node = adjoints.end(); node-- > first + leaves;) {
        if (Space::is_zero(adjoints[node])) continue;
        const typename Space::Value y_bar = Space::take(adjoints[node]);
        for (Node link = tape.first_link(node); link < tape.end_link(node); ++link) {
            const Node argument = tape.argument(link);
            if (argument < first) {
                if constexpr (!std::same_as<Below, std::nullptr_t>)
                    below(argument, Space::pull(tape, link, node, y_bar));
            } else if (!only || (*only)[argument - first]) {
                adjoints.add(argument, Space::pull(tape, link, node, y_bar));
            }
        }
    }
}

/// The forward sweep: from the tangents of the first `leaves` statements up to the last one.
template <class Space>
void push(const Tape<Space>& tape, Cotangents<Space>& tangents, Node leaves)
{
    const Node first = tangents.first();
    for (Node node = first + leaves; node < tangents.end(); ++node)
        for (Node link = tape.first_link(node); link < tape.end_link(node); ++link) {
            const Node argument = tape.argument(link);
            if (argument < first || Space::is_zero(tangents[argument])) continue;
            tangents.add(node, Space::push(tape, link, node, Space::read(tangents[argument])));
        }
}

}  // namespace autodiff
