// The vector space of tensors, in terms of ops: how adjoints are added, and how a pullback is transposed.

#include <autodiff/error.hpp>
#include <autodiff/kernels/map.hpp>
#include <autodiff/ops/elementwise.hpp>
#include <autodiff/ops/reduce.hpp>
#include <autodiff/ops/shape_ops.hpp>
#include <autodiff/sweep.hpp>

#include <memory>

namespace autodiff {

template <class T>
void TensorSpace<T>::add(Slot& slot, Tensor<T> value)
{
    if (!slot) {
        slot = std::move(value);
        return;
    }
    // In place where nobody else sees the sum so far and no outer recording needs it.
    const bool may_write = !recorder<TensorSpace>.recording() && !detail::capturing && !detail::watch &&
                           value.shape() == slot->shape();
    if (!may_write || !slot->array().is_contiguous() || !slot->array().is_unique()) {
        slot = *slot + value;
        return;
    }
    Array<T> sum = slot->array();
    const kernels::MapInput<T> inputs[] = {{sum.data(), sum.strides()},
                                           {value.array().data(), value.array().strides()}};
    kernels::map_rows<T>(
        sum.shape(), inputs, sum.writable(),
        [](const void*, const T* const* rows, const bool* stretched, T* out, Index n) {
            kernels::detail::map_row([](const auto& a, const auto& b) { return a + b; }, rows, stretched, out,
                                     n, std::make_index_sequence<2>{});
        },
        nullptr);
    slot = Tensor<T>(std::move(sum));
}

template <class T>
void TensorSpace<T>::add_pull(Slot& slot, const Tape<TensorSpace>& tape, Node link, Node statement,
                              const Tensor<T>& y_bar)
{
    if (!slot || recorder<TensorSpace>.recording()) return add(slot, pull(tape, link, statement, y_bar));
    const detail::SumSoFar scope(&slot);
    Tensor<T> part = pull(tape, link, statement, y_bar);
    add(slot, std::move(part));
}

namespace detail {

template <class T>
Tensor<T> transpose_pullback(const Closure<T>& closure, const Tensor<T>& x_dot, const Tensor<T>& y)
{
    using Space = TensorSpace<T>;
    Recording<Space> recording;
    const Node leaf = recording.tape().add_leaf();
    Tensor<T> inner_product;
    {
        RecorderScope<Space> running(recording.running());
        const Tensor<T> y_bar(Array<T>::filled(y.shape(), 0), recording.session(), leaf);
        inner_product = sum(closure.pull(y_bar, y) * x_dot);
    }
    RecorderScope<Space> sweeping(recording.sweeping());
    if (inner_product.session() == 0) return Tensor<T>::zeros(y.shape());
    Cotangents<Space> adjoints(recording.first(), inner_product.node() + 1);
    adjoints.add(inner_product.node(), Tensor<T>(T{1}));
    pull(recording.tape(), adjoints, 1);
    return adjoints[leaf] ? *adjoints[leaf] : Tensor<T>::zeros(y.shape());
}

namespace {

/// The adjoints that a joint pullback gives at once, handed out argument by argument, in order. A sweep may
/// leave arguments out, and what is left of one must not be taken for the next one's: it may be recorded
/// where the tape has been cut off since.
template <class T>
struct JointState {
    JointPullback<T> pull;
    std::size_t last_argument = 0;
    std::vector<Tensor<T>> adjoints;
    Tensor<T> y_bar;
    bool recorded = false;
    std::size_t next_argument = 0;

    bool is_of_this_sweep(const Tensor<T>& adjoint, std::size_t argument) const
    {
        return !adjoints.empty() && argument >= next_argument && same_block(adjoint.array(), y_bar.array()) &&
               adjoint.session() == y_bar.session() && adjoint.node() == y_bar.node() &&
               recorded == recorder<TensorSpace<T>>.recording();
    }
    void forget()
    {
        adjoints.clear();
        y_bar = {};
    }
};

template <class T>
void watch_joint(const char* name, const Array<T>& value, std::span<const Tensor<T>> arguments)
{
    std::vector<const Tensor<T>*> all;
    for (const Tensor<T>& x : arguments) all.push_back(&x);
    watch_op<T>({name, value, all, false});
}

template <class T>
class JointClosure final : public Closure<T> {
public:
    JointClosure(std::shared_ptr<JointState<T>> state, const char* name, std::size_t argument,
                 std::size_t count, const Shape& shape)
        : state_(std::move(state)), name_(name), argument_(argument), count_(count), shape_(shape)
    {
    }
    Tensor<T> pull(const Tensor<T>& y_bar, const Tensor<T>& y) const override
    {
        JointState<T>& state = *state_;
        if (!state.is_of_this_sweep(y_bar, argument_)) {
            state.forget();
            state.adjoints = checked(state.pull(y_bar, y));
            state.y_bar = y_bar;
            state.recorded = recorder<TensorSpace<T>>.recording();
        }
        Tensor<T> result = state.adjoints[argument_];
        state.next_argument = argument_ + 1;
        if (argument_ == state.last_argument) state.forget();
        if (result.shape() != shape_)
            fail<ShapeError>("{}: the pullback gave an adjoint of shape {} for argument {} of shape {}",
                             name_, result.shape(), argument_, shape_);
        return result;
    }
    Tensor<T> push(const Tensor<T>& x_dot, const Tensor<T>& y) const override
    {
        // Transposing needs this argument's map alone.
        const auto pull_alone = [this](const Tensor<T>& y_bar, const Tensor<T>& value) {
            return checked(state_->pull(y_bar, value))[argument_];
        };
        return ArgumentClosure<T, decltype(pull_alone), TransposedPullback>(pull_alone, {}).push(x_dot, y);
    }
    bool keeps_value() const override { return true; }

private:
    std::vector<Tensor<T>> checked(std::vector<Tensor<T>> adjoints) const
    {
        if (adjoints.size() != count_)
            fail<ShapeError>("{}: the pullback gave {} adjoints for {} arguments", name_, adjoints.size(),
                             count_);
        return adjoints;
    }

    std::shared_ptr<JointState<T>> state_;
    const char* name_;
    std::size_t argument_;
    std::size_t count_;
    Shape shape_;
};

}  // namespace

}  // namespace detail

template <class T>
Tensor<T> record_joint(const char* name, Array<T> value, std::span<const Tensor<T>> arguments,
                       JointPullback<T> pull, Keeps keeps)
{
    if (detail::watch) [[unlikely]]
        detail::watch_joint(name, value, arguments);
    int recorded = 0;
    for (const Tensor<T>& x : arguments)
        recorded |= static_cast<int>(is_recorded<TensorSpace<T>>(x.session(), name));
    if (recorded == 0) return value;
    auto state = std::make_shared<detail::JointState<T>>();
    state->pull = std::move(pull);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (arguments[i].session() == 0) continue;
        detail::link(*recorder<TensorSpace<T>>.tape, arguments[i], [&] {
            return std::unique_ptr<Closure<T>>(
                new detail::JointClosure<T>(state, name, i, arguments.size(), arguments[i].shape()));
        });
        state->last_argument = i;
    }
    Tensor<T> y = detail::end_statement(name, std::move(value), true);
    auto& notes = recorder<TensorSpace<T>>.tape->notes();
    if (keeps == Keeps::shape && !notes.options)  // explanations want every value
        notes.notes[y.node()].value = Array<T>(T{0}).view(y.shape(), Strides::filled(y.rank(), 0), 0);
    return y;
}

template struct TensorSpace<double>;
template struct TensorSpace<float>;
template Tensor<double> record_joint(const char*, Array<double>, std::span<const Tensor<double>>,
                                     JointPullback<double>, Keeps);
template Tensor<float> record_joint(const char*, Array<float>, std::span<const Tensor<float>>,
                                    JointPullback<float>, Keeps);
template Tensor<double> detail::transpose_pullback(const Closure<double>&, const Tensor<double>&,
                                                   const Tensor<double>&);
template Tensor<float> detail::transpose_pullback(const Closure<float>&, const Tensor<float>&,
                                                  const Tensor<float>&);

}  // namespace autodiff
