#pragma once

// Elementwise rules on tensors: the forward kernel, and for each argument the pullback as one fused kernel,
// x̄ = ȳ · ∂y/∂x. Included where kernels are to be compiled: by the library for its own rules, by autodiff.hpp
// for users' rules.

#include <autodiff/kernels/map.hpp>
#include <autodiff/numbers/dual.hpp>
#include <autodiff/numbers/known_directions.hpp>
#include <autodiff/ops/elementwise.hpp>
#include <autodiff/tensor.hpp>

#include <memory>

namespace autodiff {

template <class T>
Tensor<T> sum_to_shape(const Tensor<T>& x, const Shape& shape);
template <class T>
Tensor<T> broadcast_to(const Tensor<T>& x, const Shape& shape);

namespace detail {

/// ∂y/∂x_I of a formula on batches, by plain products: NaN where a zero meets an infinity.
template <std::size_t I, class Value, class... B>
auto derivative_in_batch(const Value& value, const B&... x)
{
    using V = KnownDirections<Deepest<B...>, 1>;
    using D = Dual<Deepest<B...>, V>;
    return [&]<std::size_t... J>(std::index_sequence<J...>) {
        return lift<D>(value(D(x, J == I ? V::unit(0) : V{})...)).tangent.of[0];
    }(std::index_sequence_for<B...>{});
}

/// The diagonal linear map to and from argument I of an elementwise op with N arguments.
template <class T, class Rule, std::size_t I, std::size_t N>
class ElementwiseClosure final : public Closure<T> {
    static constexpr unsigned sources = Rule::template sources<I, N>();
    static constexpr bool uses_y = sources & 1u;
    static constexpr bool uses(std::size_t j) { return sources & (2u << j); }

    /// Stands where an argument is not kept.
    struct NotKept {
        template <class X>
        explicit NotKept(const X&)
        {
        }
    };
    template <std::size_t J>
    using Kept = std::conditional_t<uses(J), Tensor<T>, NotKept>;
    template <std::size_t... J>
    static std::tuple<Kept<J>...> kept_tuple(std::index_sequence<J...>);
    using KeptTuple = decltype(kept_tuple(std::make_index_sequence<N>{}));

public:
    template <class... X>
    ElementwiseClosure(const Rule& rule, const Shape& y_shape, const X&... x)
        : ElementwiseClosure(std::make_index_sequence<N>{}, rule, y_shape, x...)
    {
    }

    Tensor<T> pull(const Tensor<T>& y_bar, const Tensor<T>& y) const override
    {
        return sum_to_shape(scaled(y_bar, y), x_shape_);
    }
    Tensor<T> push(const Tensor<T>& x_dot, const Tensor<T>& y) const override
    {
        return broadcast_to(scaled(x_dot, y), y_shape_);
    }
    bool keeps_value() const override { return uses_y; }

private:
    template <std::size_t... J, class... X>
    ElementwiseClosure(std::index_sequence<J...>, const Rule& rule, const Shape& y_shape, const X&... x)
        : rule_(rule), kept_(Kept<J>(x)...), x_shape_(std::get<I>(std::tie(x...)).shape()), y_shape_(y_shape)
    {
    }

    /// v · ∂y/∂x_I, for an adjoint or a tangent v.
    Tensor<T> scaled(const Tensor<T>& v, const Tensor<T>& y) const
    {
        if constexpr (Rule::template partial_is<I, N>(Constant<1>{})) return v;
        else if constexpr (Rule::template partial_is<I, N>(Constant<-1>{})) return -v;
        else if (recorder<TensorSpace<T>>.recording())
            return scaled_by_ops(v, y, std::make_index_sequence<N>{});
        else return scaled_by_kernel(v, y, std::make_index_sequence<N>{});
    }

    /// In terms of ops, so that it is itself recorded.
    template <std::size_t... J>
    Tensor<T> scaled_by_ops(const Tensor<T>& v, const Tensor<T>& y, std::index_sequence<J...>) const
    {
        const auto value = [&]<std::size_t K>(std::integral_constant<std::size_t, K>) {
            if constexpr (uses(K)) return std::get<K>(kept_);
            else return Tensor<T>();
        };
        return chain_product(
            v, rule_.template partial<I>()(y, value(std::integral_constant<std::size_t, J>{})...));
    }

    /// One pass over memory, reading only what the partial uses.
    template <std::size_t... J>
    Tensor<T> scaled_by_kernel(const Tensor<T>& v, const Tensor<T>& y, std::index_sequence<J...>) const
    {
        const auto arrays =
            std::tuple_cat(std::tie(v.array()), tie_if<uses_y>(y), tie_if<uses(J)>(std::get<J>(kept_))...);
        // Of the arrays' batches, y first if it is used, then the arguments that are.
        const auto product_by = [](const auto& multiply, const auto& partial) {
            return [=](const auto& v_lanes, const auto&... kept) {
                using B = std::remove_cvref_t<decltype(v_lanes)>;
                const auto all = std::tie(kept...);
                constexpr auto place = [](std::size_t j) {
                    std::size_t before = uses_y;
                    for (std::size_t k = 0; k < j; ++k) before += uses(k);
                    return before;
                };
                const auto pick = [&]<bool Used, std::size_t Place>(
                                      std::bool_constant<Used>, std::integral_constant<std::size_t, Place>) {
                    if constexpr (Used) return std::get<Place>(all);
                    else return B();
                };
                return B(multiply(
                    v_lanes,
                    partial(pick(std::bool_constant<uses_y>{}, std::integral_constant<std::size_t, 0>{}),
                            pick(std::bool_constant<uses(J)>{},
                                 std::integral_constant<std::size_t, place(J)>{})...)));
            };
        };
        const auto careful =
            product_by([](const auto& v_lanes, const auto& p) { return chain_product(v_lanes, p); },
                       rule_.template partial<I>());
        const auto apply = [&](const auto& product) {
            return std::apply(
                [&](const auto&... array) { return kernels::map<T>(rule_.name, product, array...); }, arrays);
        };
        if constexpr (Rule::is_derived) {
            const auto plain = product_by([](const auto& v_lanes, const auto& p) { return v_lanes * p; },
                                          [value = rule_.value](const auto&, const auto&... x) {
                                              return derivative_in_batch<I>(value, x...);
                                          });
            return apply(kernels::Retried{plain, careful});
        } else return apply(careful);
    }

    template <bool Used, class X>
    static auto tie_if(const X& x)
    {
        if constexpr (Used) return std::tie(x.array());
        else return std::tuple<>();
    }

    Rule rule_;
    [[no_unique_address]] KeptTuple kept_;
    Shape x_shape_;
    Shape y_shape_;
};

template <class T, class Rule, class... X>
Tensor<T> compiled_elementwise_op(const Rule& rule, const X&... x)
{
    const auto formula = [value = rule.value](const auto&... lanes) { return value(lanes...); };
    Array<T> y = kernels::map<T>(rule.name, formula, x.array()...);
    if (watch) [[unlikely]]
        watch_op_on<T>(rule.name, y, true, x...);
    if (!any_recorded(rule.name, x...)) return y;
    Tape<TensorSpace<T>>& tape = *recorder<TensorSpace<T>>.tape;
    int keeps_value = 0;
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        ((keeps_value |= static_cast<int>(link(tape, x,
                                               [&] {
                                                   using C = ElementwiseClosure<T, Rule, I, sizeof...(X)>;
                                                   return std::unique_ptr<Closure<T>>(
                                                       new C(rule, y.shape(), x...));
                                               }))),
         ...);
    }(std::index_sequence_for<X...>{});
    return end_statement(rule.name, std::move(y), keeps_value != 0);
}

}  // namespace detail

}  // namespace autodiff
