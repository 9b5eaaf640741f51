// The anomalies of ops on tensors, forwards and backwards.

#include <autodiff/anomalies_definitions.hpp>
#include <autodiff/error.hpp>
#include <autodiff/sweep.hpp>
#include <autodiff/update.hpp>

#include <algorithm>
#include <cmath>

namespace autodiff {

namespace detail {

namespace {

/// The position in row-major order of the first element that is not finite.
template <class T>
std::optional<Index> first_anomaly(const Array<T>& x)
{
    const Array<T> rows = x.contiguous();
    const T* const end = rows.data() + rows.size();
    const T* const found = std::find_if(rows.data(), end, [](T element) { return !std::isfinite(element); });
    return found == end ? std::nullopt : std::optional<Index>(found - rows.data());
}

Dims position_of(Index element, const Shape& shape)
{
    Dims position = Dims::filled(shape.rank(), 0);
    for (std::size_t axis = shape.rank(); axis-- > 0; element /= shape[axis])
        position[axis] = element % shape[axis];
    return position;
}

std::string position_in_words(Index element, const Shape& shape)
{
    return shape.rank() == 0 ? "" : fmt::format(" at {}", position_of(element, shape));
}

/// x, stretched to a shape, at an element of that.
template <class T>
T element(const Array<T>& x, Index at, const Shape& shape)
{
    const Dims position = position_of(at, shape), strides = broadcast_strides(x.shape(), x.strides(), shape);
    Index offset = 0;
    for (std::size_t axis = 0; axis < shape.rank(); ++axis) offset += position[axis] * strides[axis];
    return x.data()[offset];
}

/// An argument of an op of which an element of a result, or of an adjoint, of this shape is not finite.
template <class T>
std::string argument_in_words(std::size_t i, const Array<T>& x, bool is_elementwise, Index at,
                              const Shape& shape)
{
    std::string words = fmt::format("argument {}, of shape {}, ", i, x.shape());
    if (x.size() == 0) return words + "is empty";
    if (is_elementwise && broadcasts_to(x.shape(), shape))
        return words +
               fmt::format("is {}{}", in_words(element(x, at, shape)), shape.rank() == 0 ? "" : " there");
    const Array<T> rows = x.contiguous();
    const auto [least, greatest] = std::minmax_element(rows.data(), rows.data() + rows.size());
    const auto place = [&](const T* of) { return position_in_words(of - rows.data(), x.shape()); };
    return words + fmt::format("is between {}{} and {}{}", *least, place(least), *greatest, place(greatest));
}

template <class T>
std::string arguments_in_words(const std::vector<Array<T>>& arguments, bool is_elementwise, Index at,
                               const Shape& shape)
{
    std::string words;
    for (std::size_t i = 0; i < arguments.size(); ++i)
        words += (i == 0 ? ": " : "; ") + argument_in_words(i, arguments[i], is_elementwise, at, shape);
    return words;
}

template <class T>
OpNote<T> note_of(const WatchedOp<T>& op)
{
    OpNote<T> note{op.name, watch->stack(), true, op.is_elementwise, {}, {}};
    for (std::size_t i = 0; i < op.arguments.size(); ++i) {
        note.is_finite &= !first_anomaly(op.arguments[i]->array());
        note.arguments.push_back(op.arguments[i]->array());
        if (op.arguments[i]->session() != 0) note.recorded.push_back(i);
    }
    return note;
}

}  // namespace

template <class T>
void watch_op(const WatchedOp<T>& op)
{
    OpNote<T> note = note_of(op);
    const std::optional<Index> at = first_anomaly(op.value);
    if (at && note.is_finite && !watch->is_in_pullback() && !note.arguments.empty())
        fail<AnomalyError>("{}: its value, of shape {}, is {}{}, {}{}; computed in {}", op.name,
                           op.value.shape(), in_words(element(op.value, *at, op.value.shape())),
                           position_in_words(*at, op.value.shape()), although,
                           arguments_in_words(note.arguments, op.is_elementwise, *at, op.value.shape()),
                           watch->line(note.stack));
    note.is_finite &= !at;
    const Recorder<TensorSpace<T>>& now = recorder<TensorSpace<T>>;
    if (now.recording() && !note.recorded.empty())
        watch->ops<T>().put(now.tape, now.tape->size(), std::move(note));
}
template void watch_op(const WatchedOp<double>&);
template void watch_op(const WatchedOp<float>&);

template <class T>
std::vector<Array<T>> values_of(std::initializer_list<const Tensor<T>*> tensors)
{
    std::vector<Array<T>> values;
    for (const Tensor<T>* tensor : tensors) values.push_back(tensor->array());
    return values;
}
template std::vector<Array<double>> values_of(std::initializer_list<const Tensor<double>*>);
template std::vector<Array<float>> values_of(std::initializer_list<const Tensor<float>*>);

template <class T>
void watch_update(const char* name, const std::vector<Array<T>>& before,
                  std::initializer_list<const Tensor<T>*> after)
{
    const auto is_finite = [](const Array<T>& x) { return !first_anomaly(x); };
    if (!std::ranges::all_of(before, is_finite)) return;
    for (const Tensor<T>* const tensor : after) {
        const Array<T>& x = tensor->array();
        if (const std::optional<Index> at = first_anomaly(x))
            fail<AnomalyError>(
                "{}: the update makes its argument {}, of shape {}, {}{}, {}{}; computed in {}", name,
                std::ranges::find(after, tensor) - after.begin(), x.shape(),
                in_words(element(x, *at, x.shape())), position_in_words(*at, x.shape()), although,
                arguments_in_words(before, true, *at, x.shape()), watch->line());
    }
}
template void watch_update(const char*, const std::vector<Array<double>>&,
                           std::initializer_list<const Tensor<double>*>);
template void watch_update(const char*, const std::vector<Array<float>>&,
                           std::initializer_list<const Tensor<float>*>);

namespace {

/// Link number `number` of a statement has made element `at` of an adjoint something that is not finite.
template <class T>
[[noreturn]] void fail_pulling(const char* op, const OpNote<T>* note, std::size_t number,
                               const Array<T>& x_bar, Index at)
{
    const Shape& shape = x_bar.shape();
    const std::size_t argument = note && number < note->recorded.size() ? note->recorded[number] : number;
    fail<AnomalyError>(
        "{}: the adjoint of argument {}, of shape {}, is {}{}, although the adjoint of its value and all it "
        "is "
        "computed from are finite{}; computed in {}",
        op, argument, shape, in_words(element(x_bar, at, shape)), position_in_words(at, shape),
        note ? arguments_in_words(note->arguments, note->is_elementwise, at, shape) : "",
        watch->line(note ? note->stack : nullptr));
}

}  // namespace

}  // namespace detail

template <class T>
Tensor<T> TensorSpace<T>::pull_watched(const Tape<TensorSpace>& tape, Node link, Node statement,
                                       const Tensor<T>& y_bar)
{
    detail::Watch& watch = *detail::watch;
    const auto note = [&] { return watch.ops<T>().find(&tape, statement); };  // a pullback may record more
    Tensor<T> x_bar;
    {
        const detail::Watch::Pullback pullback(watch, note() ? note()->stack : nullptr);
        x_bar = pull_plainly(tape, link, statement, y_bar);
    }
    const bool is_looked_at =
        !watch.is_in_pullback() && detail::value_is_wanted && (!note() || note()->is_finite);
    if (!is_looked_at || detail::first_anomaly(y_bar.array())) return x_bar;
    if (const std::optional<Index> at = detail::first_anomaly(x_bar.array()))
        detail::fail_pulling(tape.notes().notes[statement].name, note(), link - tape.first_link(statement),
                             x_bar.array(), *at);
    return x_bar;
}
template Tensor<double> TensorSpace<double>::pull_watched(const Tape<TensorSpace>&, Node, Node,
                                                          const Tensor<double>&);
template Tensor<float> TensorSpace<float>::pull_watched(const Tape<TensorSpace>&, Node, Node,
                                                        const Tensor<float>&);

}  // namespace autodiff
