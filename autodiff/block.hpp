#pragma once

// Blocks: several results of one computation on numbers whose linear map is kept whole, as an object, not as
// rows of links. An array primitive or a loop is one; the sweep hands it the adjoints and goes on before it.

#include <autodiff/rule.hpp>
#include <autodiff/tape.hpp>

#include <utility>
#include <vector>

namespace autodiff {

/// The linear map of a block, whose results are statements one after the other.
template <class T>
class BlockMap {
public:
    virtual ~BlockMap() = default;
    /// Adds to the adjoints of the block's arguments from those of its results, which it clears.
    /// `adjoint[node]` is that of a node, `first` the first result. Careful whatever is asked, if that costs
    /// nothing.
    virtual void pull(T* adjoint, Node first, Products products) const = 0;
    /// Appends the nodes of all its arguments. Every result may depend on each of them, unless it has links.
    virtual void append_arguments(std::vector<Node>& nodes) const = 0;
    /// Whether each result has links of its own, as a statement has.
    virtual bool has_links() const { return false; }
    /// Appends those of result i.
    virtual void append_links(std::size_t, std::vector<Node>&, std::vector<T>&) const {}
    /// The memory it keeps, about.
    virtual std::size_t bytes() const = 0;
};

/// The blocks of a tape of numbers: what it notes beside its statements.
template <class T>
class Blocks {
public:
    /// Statements that have one map together, in a row.
    struct Block {
        Node first,              ///< its results are the statements [first, end), without links
            end;                 ///< one past the last result
        const BlockMap<T>* map;  ///< from the adjoints of its results to those of its arguments
        std::size_t bytes;       ///< of the map and of this

        /// Owns the map.
        Block(Node from, Node to, const BlockMap<T>* linear_map)
            : first(from), end(to), map(linear_map), bytes(linear_map->bytes() + sizeof(Block))
        {
        }
        Block(Block&& other) noexcept
            : first(other.first), end(other.end), map(std::exchange(other.map, nullptr)), bytes(other.bytes)
        {
        }
        Block& operator=(Block&&) = delete;
        ~Block() { delete map; }
    };

    /// For results that come after those of all blocks before.
    void add(Block block)
    {
        blocks_.make_room_for(1, max_blocks);
        bytes_ += block.bytes;
        blocks_.append(std::move(block));
    }
    /// In the order of their results.
    const Column<Block>& all() const { return blocks_; }
    /// Where a sweep from node `end` - 1 has to begin, so that it does not begin within a block.
    Node end_of_sweep(Node end) const
    {
        for (std::size_t i = blocks_.size(); i-- > 0 && blocks_[i].end >= end;)
            if (blocks_[i].first < end) return blocks_[i].end;
        return end;
    }

    // As the tape asks for.
    /// What all blocks keep, about.
    std::size_t bytes() const { return bytes_; }
    /// A single statement has nothing to note.
    void push_back() {}
    /// Forgets the blocks with a result at `statement` or after it.
    void truncate(Node statement)
    {
        std::size_t count = blocks_.size();
        for (; count > 0 && blocks_[count - 1].end > statement; --count) bytes_ -= blocks_[count - 1].bytes;
        blocks_.truncate(count);
    }

private:
    static constexpr std::size_t max_blocks = std::numeric_limits<Node>::max();

    Column<Block> blocks_;
    std::size_t bytes_ = 0;
};

}  // namespace autodiff
