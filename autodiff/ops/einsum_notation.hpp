#pragma once

// The notation of einsum, read and matched with the shapes of the operands.

#include <autodiff/shape.hpp>

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace autodiff::detail {

/// One label an axis. Axes under an ellipsis are labelled by control characters: '\1' the last one, '\2' the
/// one before, …
using Labels = std::string;

struct EinsumNotation {
    std::vector<Labels> operands;
    Labels output;
    /// By label.
    std::array<Index, 128> sizes{};
};

/// @throws DomainError, AxisError, ShapeError as einsum does.
EinsumNotation read_einsum(std::string_view notation, std::span<const Shape> shapes);

}  // namespace autodiff::detail
