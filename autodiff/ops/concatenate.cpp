#include <autodiff/error.hpp>
#include <autodiff/ops/concatenate.hpp>

#include <autodiff/kernels/copy.hpp>
#include <autodiff/ops/shape_ops.hpp>
#include <autodiff/ops/slice.hpp>
#include <autodiff/program.hpp>

#include <memory>

namespace autodiff {

namespace {

/// Where a part lies in the whole: `size` positions along `axis`, after `before` and in front of `after`
/// others.
struct Place {
    std::size_t axis;
    Index before;
    Index size;
    Index after;

    template <class T>
    Tensor<T> of(const Tensor<T>& whole) const
    {
        return slice(whole, Slice{before, before + size}, static_cast<Index>(axis));
    }
    template <class T>
    Tensor<T> among_zeros(const Tensor<T>& part) const
    {
        std::vector<Padding> padding(part.rank());
        padding[axis] = {before, after};
        return pad(part, std::span<const Padding>(padding));
    }
};

/// An op with any number of arguments, each with its own linear map: argument_of(i).
template <class T>
Tensor<T> record_all(const OpName& op, Array<T> value, std::span<const Tensor<T>> parts, auto argument_of)
{
    int recorded = 0;
    for (const Tensor<T>& part : parts) recorded |= static_cast<int>(any_recorded(op, part));
    if (recorded == 0) return value;
    bool keeps_value = false;
    for (std::size_t i = 0; i < parts.size(); ++i)
        keeps_value |= detail::link(*recorder<TensorSpace<T>>.tape, parts[i], [&] {
            auto argument = argument_of(i);
            using C = detail::ArgumentClosure<T, decltype(argument.pull), decltype(argument.push)>;
            return std::unique_ptr<Closure<T>>(new C(std::move(argument.pull), std::move(argument.push)));
        });
    return detail::end_statement(op, std::move(value), keeps_value);
}

template <class T>
void require_parts(const char* op, std::span<const Tensor<T>> parts)
{
    if (parts.empty()) fail<ShapeError>("{}: no tensors were given, so the result has no shape", op);
}

template <class T>
void require_fitting_parts(std::span<const Tensor<T>> parts, std::size_t axis)
{
    const Shape& first = parts[0].shape();
    for (std::size_t i = 1; i < parts.size(); ++i) {
        Shape shape = parts[i].shape();
        if (shape.rank() == first.rank()) shape[axis] = first[axis];
        if (shape != first)
            fail<ShapeError>(
                "concatenate: part 0 has shape {}, but part {} {}; only their sizes along axis {} may "
                "differ",
                first, i, parts[i].shape(), axis);
    }
}

}  // namespace

template <class T>
Tensor<T> concatenate(std::span<const Tensor<T>> parts, Index axis)
{
    require_parts("concatenate", parts);
    const std::size_t along = normalized_axis("concatenate", axis, parts[0].rank());
    require_fitting_parts(parts, along);
    if (parts.size() == 1) return parts[0];
    std::vector<Array<T>> arrays;
    std::vector<Place> places;
    Index total = 0;
    for (const Tensor<T>& part : parts) {
        arrays.push_back(part.array());
        places.push_back({along, total, part.shape()[along], 0});
        total = checked_sum("concatenate", total, part.shape()[along]);
    }
    for (Place& place : places) place.after = total - place.before - place.size;
    return record_all(
        {"concatenate", [&] { return std::to_string(along); }},
        replayable("concatenate", kernels::concatenate<T>, arrays, along), parts, [&](std::size_t i) {
            return argument(
                parts[i], [place = places[i]](const Tensor<T>& y_bar) { return place.of(y_bar); },
                [place = places[i]](const Tensor<T>& x_dot) { return place.among_zeros(x_dot); });
        });
}

template <class T>
Tensor<T> stack(std::span<const Tensor<T>> parts, Index axis)
{
    require_parts("stack", parts);
    const Index along = static_cast<Index>(normalized_axis("stack", axis, parts[0].rank() + 1));
    std::vector<Tensor<T>> with_axis;
    for (const Tensor<T>& part : parts) {
        if (part.shape() != parts[0].shape())
            fail<ShapeError>("stack: part 0 has shape {}, but part {} {}; they must be equal",
                             parts[0].shape(), with_axis.size(), part.shape());
        with_axis.push_back(unsqueeze(part, {along}));
    }
    return concatenate(std::span<const Tensor<T>>(with_axis), along);
}

template Tensor<double> concatenate(std::span<const Tensor<double>>, Index);
template Tensor<float> concatenate(std::span<const Tensor<float>>, Index);
template Tensor<double> stack(std::span<const Tensor<double>>, Index);
template Tensor<float> stack(std::span<const Tensor<float>>, Index);

}  // namespace autodiff
