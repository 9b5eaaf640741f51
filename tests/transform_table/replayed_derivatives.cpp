// Row: Replay, beside recording each step.

#include <transform_table/row_of.hpp>

namespace autodiff::tests {

namespace {

const Numbers x = some_numbers(4, 7);

/// How far a layer is from data, and how uncertain it is: loss(w)(a, b).
constexpr auto loss = [](const auto& w) {
    return [&w](const auto& a, const auto& b) {
        const auto z = matmul(a, reshape(w, {4, 1}));
        return mean(square(tanh(z) - b)) * sum(exp(-square(z))) + log(1 + sum(exp(z)));
    };
};
template <class T>
const Tensor<T> a{{T(0.5), T(-1), T(0.25), T(1)}, {T(1), T(0.75), T(-0.5), T(-0.25)}};
template <class T>
const Tensor<T> b{{T(0.5)}, {T(-0.25)}};

/// The gradient by a run that is replayed: the first two, at another point and on other data, are recorded.
constexpr auto replayed = []<class T>(const Tensor<T>& v) {
    Tensor<T> w = v + 1;
    Replay step(loss(w), Parameters<T>{{"w", &w}});
    for (int i = 0; i < 2; ++i) step(a<T> + 1, b<T> + 1);
    w = v;
    return step(a<T>, b<T>).gradient[0];
};
constexpr auto recorded = []<class T>(const Tensor<T>& v) {
    return gradient([](const Tensor<T>& w) { return loss(w)(a<T>, b<T>); }, v);
};

}  // namespace

std::vector<Derivative> replayed_derivatives()
{
    const auto primal = []<class T>(const Tensor<T>& w) { return loss(w)(a<T>, b<T>); };
    Derivative row = on_tensors<Nests::no>("Replay", "", x, replayed, Expected{primal, unit_vectors(4)});
    row.agreements.push_back({Check::plain, row.result(x), to_double(recorded(to_tensor(x))), 0});
    return {row};
}

}  // namespace autodiff::tests
