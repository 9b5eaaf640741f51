#pragma once

// Replay: a step of training whose shapes stay the same is recorded once; after that its kernels are run
// again, without recording, on other arguments and parameters.
//
//     const auto loss = [&](const Tensor<>& x, const Tensor<>& y) { return nn::mse(model(x), y); };
//     Replay step(loss, model.parameters());
//     for (…) {
//         const auto [value, gradients] = step(x, y);  // the bits of value_and_gradient
//         adam.step(model.parameters(), gradients);
//     }

#include <autodiff/error.hpp>
#include <autodiff/program.hpp>
#include <autodiff/transforms/gradient.hpp>

#include <functional>

namespace autodiff {

namespace detail {

/// The programs of a step, by the shapes of its arguments.
template <class T>
class Replayer {
public:
    using Result = ValueAndGradient<Tensor<T>, std::vector<Tensor<T>>>;
    /// Records the step for these arguments.
    using Record = std::function<Result(std::span<const AnyArray>)>;

    explicit Replayer(Parameters<T> parameters) : parameters_(std::move(parameters)) {}

    const Parameters<T>& parameters() const { return parameters_; }
    Result run(std::span<const AnyArray> arguments, const Record& record);

private:
    struct Recorded {
        std::vector<std::size_t> kinds;  ///< of the arguments
        std::vector<Shape> shapes;
        bool is_training = false;
        Program program;
        std::vector<Program::Slot> arguments, parameters, state;  ///< where the program finds them
        std::vector<Program::Operand<T>> results;  ///< the value, the gradients, the state afterwards
        std::size_t runs = 0;
    };

    bool fits(const Recorded& recorded, std::span<const AnyArray> arguments) const;
    Recorded* find(std::span<const AnyArray> arguments);
    Result capture(std::span<const AnyArray> arguments, const Record& record);
    std::vector<Tensor<T>> replayed(Recorded& of, std::span<const AnyArray> arguments) const;
    Result checked(std::vector<Tensor<T>> replayed, std::size_t runs, std::span<const AnyArray> arguments,
                   const Record& record);
    Result with_state_set(std::vector<Tensor<T>> results) const;

    Parameters<T> parameters_;
    std::vector<std::unique_ptr<Recorded>> recorded_;
};

extern template class Replayer<double>;
extern template class Replayer<float>;

}  // namespace detail

/// The value and the gradient of f(arguments…) with respect to a model's parameters, as value_and_gradient
/// gives them, to the last bit. The first call for shapes of arguments, in or out of training, records f and
/// keeps which kernels it called; later ones run only these. The last eight recordings are kept. Arguments
/// are tensors, IndexArrays and BoolArrays. A model's state, such as running means, is read and set as f does
/// it.
///
/// f must depend on nothing else that changes. What is seen is refused when f is recorded: a tensor that is
/// neither an argument nor a parameter nor made by f itself, reading numbers of tensors in f, and random
/// numbers. What cannot be seen, a plain number of the program around f, is noticed when runs 2, 4, 8, … are
/// recorded again and compared.
template <class F, class T>
class Replay {
public:
    /// auto [value, gradient] = replay(x): the gradient has a tensor for each parameter.
    using Result = ValueAndGradient<Tensor<T>, std::vector<Tensor<T>>>;

    /// The list points into the model, which must stay where it is.
    Replay(F f, Parameters<T> parameters) : f_(std::move(f)), replayer_(std::move(parameters)) {}

    /// @throws ReplayError as said above, RecordingError within another recording or for a variable, and what
    /// value_and_gradient throws.
    template <class... X>
    Result operator()(const X&... arguments)
    {
        const std::array<AnyArray, sizeof...(X)> arrays{AnyArray(array_of(arguments).contiguous())...};
        return replayer_.run(arrays, [this](std::span<const AnyArray> given) {
            return recorded<X...>(given, std::index_sequence_for<X...>{});
        });
    }

private:
    template <class U>
    static const Array<U>& array_of(const Array<U>& x)
    {
        return x;
    }
    template <class U>
    static const Array<U>& array_of(const Tensor<U>& x)
    {
        if (x.session() != 0)
            fail<RecordingError>("replay: an argument is a variable of a recording; replay takes constants");
        return x.array();
    }
    template <class... X, std::size_t... I>
    Result recorded(std::span<const AnyArray> given, std::index_sequence<I...>)
    {
        return value_and_gradient(
            [&] {
                return f_(
                    X(std::get<std::remove_cvref_t<decltype(array_of(std::declval<X>()))>>(given[I]))...);
            },
            replayer_.parameters());
    }

    F f_;
    detail::Replayer<T> replayer_;
};

template <class F, class T>
Replay(F, Parameters<T>) -> Replay<F, T>;

}  // namespace autodiff
