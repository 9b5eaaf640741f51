#pragma once

// The parameters of a model, by name. A model is a plain struct that names its parts once:
//
//     struct Xor {
//         nn::Linear<> hidden{2, 2}, output{2, 1};
//         auto parameters() { return nn::parameters("hidden", hidden, "output", output); }
//     };
//
// and has the parameters hidden.weight, hidden.bias, output.weight and output.bias. A part is a tensor,
// anything with parameters() of its own, a container of parts (blocks.0.weight) or a pointer to one.

#include <autodiff/transforms/parameters.hpp>

#include <concepts>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace nn {

using autodiff::Index;
using autodiff::Parameter;
using autodiff::Parameters;
using autodiff::Shape;
using autodiff::Tensor;

/// What parameters() of a part returns that has data but nothing to learn.
struct NoParameters {};

/// A part that knows its own parameters.
template <class Part>
concept HasParameters = requires(Part& part) { part.parameters(); };

namespace detail {

template <class Part>
concept PointerToPart = requires(Part& part) {
    *part;
    static_cast<bool>(part);
} && !HasParameters<Part>;

template <class Part>
concept ContainerOfParts = requires(Part& part) {
    std::begin(part);
    std::end(part);
} && !HasParameters<Part> && !PointerToPart<Part>;

/// The kind of number T of a part's tensors; void if it has none.
template <class Part>
struct ValueOf {
    static_assert(std::is_empty_v<Part>,
                  "nn: this part has data but no parameters(). Give it auto parameters() { return "
                  "nn::parameters(\"name\", part, ...); }, or nn::NoParameters parameters() { return {}; }");
    using type = void;
};
template <class T>
struct ValueOf<Tensor<T>> {
    using type = T;
};
template <HasParameters Part>
struct ValueOf<Part> {
    template <class T>
    static std::type_identity<T> of(Parameters<T>);
    static std::type_identity<void> of(NoParameters);
    using type = typename decltype(of(std::declval<Part&>().parameters()))::type;
};
template <PointerToPart Part>
struct ValueOf<Part> : ValueOf<std::remove_cvref_t<decltype(*std::declval<Part&>())>> {};
template <ContainerOfParts Part>
struct ValueOf<Part> : ValueOf<std::remove_cvref_t<decltype(*std::begin(std::declval<Part&>()))>> {};

template <class Part>
using value_of = typename ValueOf<std::remove_cvref_t<Part>>::type;

/// The one kind of number that all of these parts hold; void if none holds any.
template <class T, class... Parts>
struct CommonValue {
    using type = T;
};
template <class T, class Part, class... More>
struct CommonValue<T, Part, More...> {
    using U = value_of<Part>;
    static_assert(std::is_void_v<T> || std::is_void_v<U> || std::same_as<T, U>,
                  "nn: the parts of a model hold tensors of one kind, all double or all float");
    using type = typename CommonValue<std::conditional_t<std::is_void_v<T>, U, T>, More...>::type;
};

/// Adds a tensor unless it is there already: tied weights are listed once, under their first name.
template <class T>
void add(std::vector<Parameter<T>>& list, std::string name, Tensor<T>& tensor);

template <class T, class Part>
void collect(Parameters<T>& list, const std::string& name, Part& part)
{
    static_assert(!std::is_const_v<Part>,
                  "nn: parameters() hands out tensors to be changed, so it must not be const");
    if constexpr (std::is_void_v<value_of<Part>>) return;
    else if constexpr (autodiff::is_tensor<Part>) add(list, name, part);
    else if constexpr (HasParameters<Part>) {
        const Parameters<T> of_part = part.parameters();
        for (const auto& [its_name, tensor] : of_part) add(list, name + '.' + its_name, *tensor);
        for (const auto& [its_name, tensor] : of_part.state) add(list.state, name + '.' + its_name, *tensor);
    } else if constexpr (PointerToPart<Part>) {
        if (part) collect(list, name, *part);
    } else {
        std::size_t index = 0;
        for (auto& element : part) collect(list, name + '.' + std::to_string(index++), element);
    }
}

/// @throws autodiff::Error if two parts of a model have the same name.
void require_unequal_names(std::initializer_list<std::string_view> names);

template <class T, std::size_t... I>
Parameters<T> collect_pairs(std::index_sequence<I...>, auto all)
{
    require_unequal_names({std::string_view(std::get<2 * I>(all))...});
    Parameters<T> list;
    (collect(list, std::string(std::get<2 * I>(all)), std::get<2 * I + 1>(all)), ...);
    return list;
}

template <class... All, std::size_t... I>
auto common_value(std::index_sequence<I...>, std::type_identity<std::tuple<All...>>)
{
    using Tuple = std::tuple<All...>;
    static_assert((std::convertible_to<std::tuple_element_t<2 * I, Tuple>, std::string_view> && ...),
                  "nn::parameters takes names and parts in turn: nn::parameters(\"hidden\", hidden, "
                  "\"output\", output)");
    return std::type_identity<typename CommonValue<void, std::tuple_element_t<2 * I + 1, Tuple>...>::type>{};
}

}  // namespace detail

/// The parameters of a model from its parts, each after its name: parameters("hidden", hidden, "out", out).
/// The names of a part's own parameters follow its name and a dot. A tensor that several parts share is
/// listed once, under its first name. The list points into the model: take it anew after copying or moving
/// that.
/// @throws autodiff::Error if two parts have the same name.
template <class... NamesAndParts>
auto parameters(NamesAndParts&&... names_and_parts)
{
    static_assert(sizeof...(NamesAndParts) % 2 == 0,
                  "nn::parameters takes names and parts in turn: nn::parameters(\"hidden\", hidden, "
                  "\"output\", output)");
    constexpr auto pairs = std::make_index_sequence<sizeof...(NamesAndParts) / 2>{};
    using All = std::tuple<NamesAndParts&&...>;
    using T = typename decltype(detail::common_value(pairs, std::type_identity<All>{}))::type;
    if constexpr (std::is_void_v<T>) return NoParameters{};
    else return detail::collect_pairs<T>(pairs, All(names_and_parts...));
}

/// A model: what has named parameters.
template <class M>
concept Model = HasParameters<M> && !std::is_void_v<detail::value_of<M>>;

/// The parameter of this name. @throws autodiff::Error naming those there are.
template <class T>
Tensor<T>& parameter(const Parameters<T>& parameters, std::string_view name);
template <Model M>
auto& parameter(M& model, std::string_view name)
{
    return parameter(model.parameters(), name);
}

/// How many numbers there are to learn.
template <class T>
Index parameter_count(const Parameters<T>& parameters);

}  // namespace nn
