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
/// A statement's session and node in one number, the node in its lower half; 0 is a constant. What belongs to
/// a session is so found by one subtraction.
using StatementId = std::uint64_t;

/// The two as one number.
constexpr StatementId statement_id(Session session, Node node) { return StatementId{session} << 32 | node; }
/// Its session, 0 of a constant.
constexpr Session session_of(StatementId id) { return static_cast<Session>(id >> 32); }
/// Its node.
constexpr Node node_of(StatementId id) { return static_cast<Node>(id); }

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
    /// The linear map of a link.
    using Map = typename Space::LinearMap;
    /// Nodes and links are numbered by 31 and 32 bits.
    static constexpr std::size_t max_statements = (std::size_t{1} << 31) - 2;
    /// The largest number of links, of all statements together.
    static constexpr std::size_t max_links = std::numeric_limits<Node>::max() - 1;

    Tape()
    {
        row_.make_room_for(1, 1 + max_statements);
        row_.append(0);
    }

    /// How many statements it holds: the node of the next one.
    Node size() const { return static_cast<Node>(row_.size() - 1); }
    /// How many links it holds, those of a statement being written included.
    std::size_t link_count() const { return links_.size(); }
    /// What it holds, about, without the room made in advance.
    std::size_t bytes() const
    {
        return size() * sizeof(Node) + link_count() * (sizeof(Node) + sizeof(Map)) + notes_.bytes();
    }

    /// Room for a statement with this many more links, before they are written.
    /// @throws LimitError if the tape is full.
    void make_room(std::size_t links)
    {
        if (!has_room(links) || row_.room() == 0) [[unlikely]]
            grow(links);
    }
    /// Room for so many links, and for a statement if there are any.
    bool has_room(std::size_t links) const { return links_.room() >= links; }
    /// Adds a link to the statement being written; needs room.
    void write_link(Node argument, Map map) { links_.append(argument, std::move(map)); }
    /// Ends the statement being written, of one link at least, and gives it a position; needs room. One
    /// without links takes a row that the limit of links does not know of: end_statement sees to that.
    template <class... Note>
    Node write_statement(Note&&... note)
    {
        row_.append(static_cast<Node>(links_.size()));
        notes_.push_back(std::forward<Note>(note)...);
        return size() - 1;
    }
    /// The links written since the last statement become links of that statement.
    void extend_last_statement() { row_.back() = static_cast<Node>(links_.size()); }

    /// While a tape is watched it has no room but what make_room was last called for, so that each statement
    /// of scalars takes the way around.
    void watch(bool watched)
    {
        is_watched_ = watched;
        limit_links();
    }
    /// Whether watch(true) was called last.
    bool is_watched() const { return is_watched_; }
    /// Makes room, unless the tape is watched or cannot grow: make_room says why.
    [[gnu::noinline, gnu::cold]] bool grow_unwatched(std::size_t links) noexcept
    try {
        if (is_watched_) return false;
        grow(links);
        return true;
    } catch (...) {
        return false;
    }

    /// Adds a link to the statement being written. @throws LimitError if the tape is full.
    void add_link(Node argument, Map map)
    {
        if (!has_room(1)) [[unlikely]]
            grow(1);
        write_link(argument, std::move(map));
    }
    /// Ends the statement being written, which may have no links, and returns its position.
    /// @throws LimitError if the tape is full.
    template <class... Note>
    Node end_statement(Note&&... note)
    {
        make_room(0);
        const Node statement = write_statement(std::forward<Note>(note)...);
        if (is_watched_ || links_.room() > row_.room()) [[unlikely]]
            limit_links();
        return statement;
    }
    /// A variable: a statement without links. @throws LimitError if the tape is full.
    Node add_leaf() { return end_statement(); }
    /// So many variables in a row. @throws LimitError if the tape is full.
    void add_leaves(std::size_t count)
    {
        if (row_.room() < count) grow(0, count);
        row_.append_copies(count, static_cast<Node>(links_.size()));
        limit_links();
        for (std::size_t i = 0; i < count; ++i) notes_.push_back();
    }

    /// The links of a statement are [first_link, end_link).
    Node first_link(Node statement) const { return row_[statement]; }
    /// The links of a statement are [first_link, end_link).
    Node end_link(Node statement) const { return row_[statement + std::size_t{1}]; }
    /// Of all links, in their order.
    const Node* arguments() const { return links_.first(); }
    /// Of all links, in their order.
    const Map* maps() const { return links_.second(); }
    /// The statement that a link leads back to.
    Node argument(std::size_t link) const { return links_.first()[link]; }
    /// From the adjoint of the link's statement to that of its argument.
    const Map& map(std::size_t link) const { return links_.second()[link]; }
    /// Whether recordings within the recording have been swept: their statements need not depend on its
    /// leaves.
    bool has_nested_sweeps() const { return has_nested_sweeps_; }
    /// For has_nested_sweeps(), until the tape is empty.
    void note_nested_sweep() { has_nested_sweeps_ = true; }
    /// What Space keeps beside the statements.
    auto& notes() { return notes_; }
    const auto& notes() const { return notes_; }

    /// Lets go of what a statement's linear maps and notes have saved: no sweep is to pass it again.
    void release(Node statement)
    {
        for (Node link = first_link(statement); link < end_link(statement); ++link)
            links_.second()[link] = Map{};
        notes_.release(statement);
    }

    /// Forgets the statements from `statement` on; their memory stays for the next ones.
    void truncate(Node statement)
    {
        links_.truncate(first_link(statement));
        row_.truncate(statement + std::size_t{1});
        notes_.truncate(statement);
        limit_links();
        if (statement == 0) has_nested_sweeps_ = false;
    }
    /// Forgets an unfinished statement, after an exception while it was written.
    void drop_open_links()
    {
        links_.truncate(row_.back());
        limit_links();
    }

private:
    static constexpr std::size_t few_rows = 64;

    [[gnu::noinline, gnu::cold]] void grow(std::size_t links, std::size_t statements = 1)
    {
        const std::size_t rows = links > statements ? links : statements;  // see limit_links
        const std::size_t most_rows = max_statements - size();
        if (link_count() + links > max_links || rows > most_rows) fail_full("are all a tape can hold");
        try {
            // Not few: a statement that is extended takes links, but no row that would make this grow.
            const std::size_t wanted = rows < few_rows ? few_rows : rows;
            row_.make_room_for(wanted < most_rows ? wanted : most_rows, 1 + max_statements);
            links_.make_room_for(links, max_links);
            limit_links(links);
        } catch (const std::bad_alloc&) {
            fail_full("are all that memory can hold");
        }
    }
    /// Each statement that is written has a link, so that as many links as there are rows left need no look
    /// at the rows.
    void limit_links(std::size_t watched = 0) { links_.limit_room(is_watched_ ? watched : row_.room()); }
    [[noreturn]] void fail_full(const char* why) const
    {
        detail::throw_full_tape(size(), link_count(), bytes(), why);
    }

    Column<Node> row_;  // [s], [s + 1]: where the links of statement s begin and end
    TwoColumns<Node, Map> links_;
    typename Space::Notes notes_;
    bool has_nested_sweeps_ = false;
    bool is_watched_ = false;
};

}  // namespace autodiff
