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

#include <autodiff/column.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <new>
#include <utility>

namespace autodiff {

/// The position of a statement on its tape.
using Node = std::uint32_t;
/// Which use of which tape a variable belongs to; 0 is a constant.
using Session = std::uint32_t;

namespace detail {

/// @throws LimitError
[[noreturn]] void throw_full_tape(std::size_t statements, std::size_t links, std::size_t bytes,
                                  const char* why);

}  // namespace detail

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
        row_.make_room_for(1, 1 + max_statements);
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

    /// While a tape is watched it has no room but what make_room was last called for, so that each statement
    /// of scalars takes the way around.
    void watch(bool watched)
    {
        is_watched_ = watched;
        if (watched) argument_.hide_room(0);
        else argument_.show_room();
    }
    bool is_watched() const { return is_watched_; }
    /// Makes room, unless the tape is watched.
    [[gnu::noinline, gnu::cold]] bool grow_unwatched(std::size_t links)
    {
        if (is_watched_) return false;
        grow(links);
        return true;
    }

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
        if (!row_.has_room_for(count)) grow(0, count);
        row_.append_copies(count, static_cast<Node>(argument_.size()));
        for (std::size_t i = 0; i < count; ++i) notes_.push_back();
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

    /// Lets go of what a statement's linear maps and notes have saved: no sweep is to pass it again.
    void release(Node statement)
    {
        for (Node link = first_link(statement); link < end_link(statement); ++link) map_[link] = Map{};
        notes_.release(statement);
    }

    /// Forgets the statements from `statement` on; their memory stays for the next ones.
    void truncate(Node statement)
    {
        const Node links = first_link(statement);
        argument_.truncate(links);
        map_.truncate(links);
        row_.truncate(statement + std::size_t{1});
        notes_.truncate(statement);
        if (is_watched_) watch(true);
        if (statement == 0) has_nested_sweeps_ = false;
    }
    /// Forgets an unfinished statement, after an exception while it was written.
    void drop_open_links()
    {
        argument_.truncate(row_.back());
        map_.truncate(row_.back());
        if (is_watched_) watch(true);
    }

private:
    [[gnu::noinline, gnu::cold]] void grow(std::size_t links, std::size_t statements = 1)
    {
        if (link_count() + links > max_links || size() + statements > max_statements)
            fail_full("are all a tape can hold");
        try {
            row_.make_room_for(statements, 1 + max_statements);
            map_.make_room_for(links, max_links);
            argument_.show_room();
            argument_.make_room_for(links, max_links);  // the last one: has_room asks it
            if (is_watched_) argument_.hide_room(links);
        } catch (const std::bad_alloc&) {
            fail_full("are all that memory can hold");
        }
    }
    [[noreturn]] void fail_full(const char* why) const
    {
        detail::throw_full_tape(size(), link_count(), bytes(), why);
    }

    std::size_t growing_ = 0;  // the size of row_ after the statement that may grow
    Column<Node> row_;         // [s], [s + 1]: where the links of statement s begin and end
    Column<Node> argument_;
    Column<Map> map_;
    typename Space::Notes notes_;
    bool has_nested_sweeps_ = false;
    bool is_watched_ = false;
};

}  // namespace autodiff
