#pragma once

#include <nn/parameters.hpp>

#include <tuple>

namespace nn {

/// Parts one after the other, each fed with what the one before returns:
///
///     nn::Sequential model{nn::Linear<>{2, 4}, nn::Tanh{}, nn::Linear<>{4, 1}};
///
/// A part is anything that can be called: a layer, an activation, a function, a model. Parameters are named
/// by position: 0.weight, 0.bias, 2.weight, 2.bias.
template <class... Parts>
struct Sequential {
    std::tuple<Parts...> parts;  ///< the first is called first

    Sequential() = default;
    explicit Sequential(Parts... in_order)
        requires(sizeof...(Parts) > 0)
        : parts(std::move(in_order)...)
    {
    }

    /// The last part's result; x itself if there is no part.
    auto operator()(const auto& x) const { return apply_from<0>(x); }

    /// Part I: part<0>() is the first.
    template <std::size_t I>
    auto& part()
    {
        return std::get<I>(parts);
    }
    template <std::size_t I>
    const auto& part() const
    {
        return std::get<I>(parts);
    }

    /// Those of all parts.
    auto parameters()
    {
        return [this]<std::size_t... I>(std::index_sequence<I...>) {
            return std::apply(
                [](auto&&... all) { return nn::parameters(all...); },
                std::tuple_cat(std::tuple<std::string, Parts&>(std::to_string(I), std::get<I>(parts))...));
        }(std::index_sequence_for<Parts...>{});
    }

private:
    /// What a part was given is let go before the next one begins.
    template <std::size_t I, class X>
    auto apply_from(X x) const
    {
        if constexpr (I == sizeof...(Parts)) return x;
        else {
            auto y = std::get<I>(parts)(std::as_const(x));
            if constexpr (std::is_default_constructible_v<X> && std::is_move_assignable_v<X>) x = X();
            return apply_from<I + 1>(std::move(y));
        }
    }
};

}  // namespace nn
