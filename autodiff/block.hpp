#pragma once

// Blocks: several results of one computation on numbers whose linear map is kept whole, as an object, not as
// rows of links. An array primitive or a loop is one; the sweep hands it the adjoints and goes on before it.

#include <autodiff/tape.hpp>

#include <memory>
#include <vector>

namespace autodiff {

/// Whether a product asks if a zero meets an infinity (and wins), or leaves NaN to show that it happened.
enum class Products { plain, careful };

/// The linear map of a block, whose results are statements one after the other.
template <class T>
class BlockMap {
public:
    virtual ~BlockMap() = default;
    /// Adds to the adjoints of the block's arguments from those of its results, which it clears.
    /// `adjoint[node]` is that of a node, `first` the first result. Careful whatever is asked, if that costs
    /// nothing.
    virtual void pull(T* adjoint, Node first, Products products) const = 0;
    /// Appends the nodes of all its arguments: every result may depend on each of them.
    virtual void append_arguments(std::vector<Node>& nodes) const = 0;
    /// The memory it keeps, about.
    virtual std::size_t bytes() const = 0;
};

/// The blocks of a tape of numbers: what it notes beside its statements.
template <class T>
class Blocks {
public:
    struct Block {
        Node first, end;  // its results: statements without links
        std::unique_ptr<BlockMap<T>> map;
    };

    void add(Block block)
    {
        const std::size_t bytes = block.map->bytes() + sizeof(Block);
        blocks_.push_back(std::move(block));
        bytes_ += bytes;
    }
    const std::vector<Block>& all() const { return blocks_; }
    /// Where a sweep from node `end` - 1 has to begin, so that it does not begin within a block.
    Node end_of_sweep(Node end) const
    {
        for (auto block = blocks_.rbegin(); block != blocks_.rend() && block->end >= end; ++block)
            if (block->first < end) return block->end;
        return end;
    }

    // As the tape asks for.
    std::size_t bytes() const { return bytes_; }
    void push_back() {}
    void truncate(Node statement)
    {
        for (; !blocks_.empty() && blocks_.back().end > statement; blocks_.pop_back())
            bytes_ -= blocks_.back().map->bytes() + sizeof(Block);
    }

private:
    std::vector<Block> blocks_;
    std::size_t bytes_ = 0;
};

}  // namespace autodiff
