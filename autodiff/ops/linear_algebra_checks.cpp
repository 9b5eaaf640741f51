#include <autodiff/error.hpp>
#include <autodiff/ops/linear_algebra_checks.hpp>

namespace autodiff::detail {

void require_square(const char* op, const Shape& shape)
{
    if (shape.rank() < 2 || shape[shape.rank() - 1] != shape[shape.rank() - 2])
        fail<ShapeError>("{}: shape {} is not that of a square matrix; the last two axes must be equal", op,
                         shape);
}

void require_system(const char* op, const Shape& a, const Shape& b)
{
    require_square(op, a);
    const Index rows = b.empty() ? -1 : b.rank() == 1 ? b[0] : b[b.rank() - 2];
    if (rows != a.back())
        fail<ShapeError>(
            "{}: sizes differ: {} x {}; the right-hand side must be a vector or matrix of {} rows", op, a, b,
            a.back());
}

std::string matrix_name(const Shape& shape, Index position)
{
    if (shape.rank() == 2) return "the matrix";
    Dims index = Dims::filled(shape.rank() - 2, 0);
    for (std::size_t axis = index.count(); axis-- > 0;) {
        index[axis] = position % shape[axis];
        position /= shape[axis];
    }
    if (index.count() == 1) return fmt::format("matrix {} of the batch", index[0]);
    return fmt::format("matrix {} of the batch", index);
}

}  // namespace autodiff::detail
