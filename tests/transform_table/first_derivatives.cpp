// Rows: gradient, value_and_gradient, jvp, vjp and jacobian.

#include <transform_table/functions.hpp>
#include <transform_table/row_of.hpp>

namespace autodiff::tests {

namespace {

constexpr Energy energy;
constexpr Layer<3> layer;  // fewer results than numbers: by rows
constexpr Layer<10> tall;  // more: by columns, and on numbers in two sweeps

const Numbers x = some_numbers(inputs, 1), direction = some_numbers(inputs, 2), y_bar = some_numbers(3, 3);

constexpr auto of_numbers = [](const auto& v) { return gradient(energy, v[0], v[1], v[2], v[3]); };
constexpr auto of_array = [](const auto& v) { return gradient(energy, std::array{v[0], v[1], v[2], v[3]}); };
constexpr auto of_container = [](const auto& v) { return gradient(energy, v); };
constexpr auto of_parts = [](const auto& v) {
    const auto [first, rest] = gradient(energy, slice(v, {0, 1}, 0), slice(v, {1, 4}, 0));
    return concatenate({first, rest});
};
/// Of a model with two parameters, the parts of v.
constexpr auto of_parameters = []<class T>(const Tensor<T>& v) {
    Tensor<T> first = slice(v, {0, 3}, 0), rest = slice(v, {3, 4}, 0);
    const auto [value, gradients] = value_and_gradient([&] { return energy(first, rest); },
                                                       Parameters<T>{{"first", &first}, {"rest", &rest}});
    return concatenate(gradients);
};

constexpr auto pulled = [](auto f) {
    return [f](const auto& v) { return vjp(f, v).pullback(constants(v, y_bar)); };
};
constexpr auto along = [](auto f) {
    return [f](const auto& v) { return jvp(f, v, constants(v, direction)).tangent; };
};
constexpr auto jacobian_of = [](auto f) { return [f](const auto& v) { return jacobian(f, v); }; };
/// ⟨ȳ, layer⟩
constexpr auto weighted = [](const auto& v) { return inner_product(layer(v), y_bar); };

/// ȳᵀ J and J ẋ, from the rows of J.
Numbers product(const Numbers& jacobian, const Numbers& v, std::size_t rows, bool is_transposed)
{
    const std::size_t columns = jacobian.size() / rows;
    Numbers y(is_transposed ? columns : rows);
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < columns; ++j)
            if (is_transposed) y[j] += jacobian[i * columns + j] * v[i];
            else y[i] += jacobian[i * columns + j] * v[j];
    return y;
}

const Expected gradient_of_energy{energy, unit_vectors(inputs)};

std::vector<Derivative> gradients()
{
    std::vector<Derivative> rows{
        on_numbers("gradient", "of several numbers", x, of_numbers, gradient_of_energy),
        on_numbers("gradient", "of an array", x, of_array, gradient_of_energy),
        on_numbers("gradient", "of a container", x, of_container, gradient_of_energy),
        on_tensors("gradient", "of a tensor", x, of_container, gradient_of_energy),
        on_tensors("gradient", "of two tensors", x, of_parts, gradient_of_energy),
        on_tensors("value_and_gradient", "of parameters", x, of_parameters, gradient_of_energy)};
    const Numbers recorded = of_container(x);
    for (Derivative& row : rows) row.agreements.push_back({Check::scalars, row.result(x), recorded});

    const auto with_value = [](const auto& v) { return value_and_gradient(energy, v).gradient; };
    Derivative numbers = on_numbers("value_and_gradient", "", x, with_value, gradient_of_energy);
    Derivative tensors = on_tensors("value_and_gradient", "", x, with_value, gradient_of_energy);
    numbers.agreements = {{Check::plain, numbers.result(x), recorded, 0},
                          {Check::plain, {value_and_gradient(energy, x).value}, {energy(x)}}};
    const Tensor<double> tensor = to_tensor(x);
    tensors.agreements = {
        {Check::plain, tensors.result(x), to_double(gradient(energy, tensor)), 0},
        {Check::plain, {value_and_gradient(energy, tensor).value.item()}, {energy(tensor).item()}},
        {Check::scalars, tensors.result(x), recorded}};
    rows.insert(rows.end(), {numbers, tensors});
    return rows;
}

/// t ↦ energy(x + t ẋ)
constexpr auto path = [](const auto& t) {
    using X = std::remove_cvref_t<decltype(t)>;
    std::vector<X> at;
    for (std::size_t i = 0; i < inputs; ++i) at.push_back(lift<X>(x[i]) + t * lift<X>(direction[i]));
    return energy(at);
};

std::vector<Derivative> directional_derivatives()
{
    const Expected along_direction{layer, {direction}};
    std::vector<Derivative> rows{on_numbers("jvp", "of a container", x, along(layer), along_direction),
                                 on_tensors("jvp", "of a tensor", x, along(layer), along_direction)};
    const Numbers by_rows = to_double(flat(jacobian(layer, x)));
    for (Derivative& row : rows) {
        row.other_mode = [=](const Numbers& x_dot) { return product(by_rows, x_dot, 3, false); };
        row.agreements.push_back({Check::scalars, row.result(x), rows[0].result(x)});
    }
    rows[0].agreements.push_back({Check::plain, jvp(layer, x, direction).value, layer(x)});
    rows[1].agreements.push_back({Check::plain,
                                  to_double(jvp(layer, to_tensor(x), to_tensor(direction)).value),
                                  to_double(layer(to_tensor(x)))});

    const auto at_path = [](const auto& v) { return path(v[0]); };
    rows.push_back(on_numbers(
        "jvp", "of a number", {0.125},
        [](const auto& v) { return jvp(path, v[0], lift<ElementOf<decltype(v)>>(1)).tangent; },
        Expected{at_path, unit_vectors(1)}));
    rows.back().other_mode = [=](const Numbers&) { return gradient(at_path, Numbers{0.125}); };
    return rows;
}

std::vector<Derivative> products_and_jacobians()
{
    const Expected of_weighted{weighted, unit_vectors(inputs)};
    const Expected of_layer{layer, unit_vectors(inputs)};
    const Expected of_tall{tall, unit_vectors(inputs)};
    std::vector<Derivative> rows{
        on_numbers("vjp", "of a container", x, pulled(layer), of_weighted),
        on_tensors("vjp", "of a tensor", x, pulled(layer), of_weighted),
        on_numbers("jacobian", "of a container, by rows", x, jacobian_of(layer), of_layer),
        on_tensors("jacobian", "of a tensor, by rows", x, jacobian_of(layer), of_layer),
        on_numbers("jacobian", "of a container, many rows", x, jacobian_of(tall), of_tall),
        on_tensors("jacobian", "of a tensor, by columns", x, jacobian_of(tall), of_tall)};
    for (std::size_t i = 0; i < rows.size(); i += 2) {
        Derivative& tensors = rows[i + 1];
        tensors.agreements.push_back({Check::scalars, tensors.result(x), rows[i].result(x)});
    }
    for (std::size_t i = 0; i < 2; ++i)
        rows[i].agreements.push_back(
            {Check::plain, rows[i].result(x), product(rows[i + 2].result(x), y_bar, 3, true)});
    return rows;
}

}  // namespace

std::vector<Derivative> first_derivatives()
{
    std::vector<Derivative> rows = gradients();
    for (const auto& family : {directional_derivatives(), products_and_jacobians()})
        rows.insert(rows.end(), family.begin(), family.end());
    return rows;
}

}  // namespace autodiff::tests
