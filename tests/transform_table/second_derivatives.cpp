// Rows: hessian and hvp.

#include <transform_table/functions.hpp>
#include <transform_table/row_of.hpp>

namespace autodiff::tests {

namespace {

constexpr Energy energy;
const Numbers x = some_numbers(inputs, 4), direction = some_numbers(inputs, 5);

constexpr auto of_numbers = [](const auto& v) { return hessian(energy, v[0], v[1], v[2], v[3]); };
constexpr auto whole = [](const auto& v) { return hessian(energy, v); };
constexpr auto along = [](const auto& v) { return hvp(energy, v, constants(v, direction)); };
/// Of a model with two parameters, the parts of v.
constexpr auto of_parameters = []<class T>(const Tensor<T>& v) {
    Tensor<T> first = slice(v, {0, 3}, 0), rest = slice(v, {3, 4}, 0);
    const auto x_dot = constants(v, direction);
    return concatenate(hvp([&] { return energy(first, rest); },
                           Parameters<T>{{"first", &first}, {"rest", &rest}},
                           {slice(x_dot, {0, 3}, 0), slice(x_dot, {3, 4}, 0)}));
};

}  // namespace

std::vector<Derivative> second_derivatives()
{
    const auto slope = gradient_forwards(energy);
    const Expected all{slope, unit_vectors(inputs)};
    const Expected along_direction{slope, {direction}};
    std::vector<Derivative> rows{on_numbers("hessian", "of a container", x, whole, all),
                                 on_numbers("hessian", "of several numbers", x, of_numbers, all),
                                 on_tensors("hessian", "of a tensor", x, whole, all),
                                 on_numbers("hvp", "of a container", x, along, along_direction),
                                 on_tensors("hvp", "of a tensor", x, along, along_direction),
                                 on_tensors("hvp", "of parameters", x, of_parameters, along_direction)};
    const Numbers by_hessian = [&] {
        Numbers product(inputs);
        const auto matrix = whole(x);
        for (std::size_t i = 0; i < inputs; ++i) product[i] = inner_product(matrix[i], direction);
        return product;
    }();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Derivative& row = rows[i];
        if (row.subject.on == "tensors")
            row.agreements.push_back({Check::scalars, row.result(x), rows[i < 3 ? 0 : 3].result(x)});
        row.agreements.push_back(
            {Check::plain, row.result(x),
             row.subject.name == "hvp"
                 ? by_hessian
                 : to_double(flat(jacobian([](const auto& v) { return gradient(energy, v); }, x)))});
    }
    return rows;
}

}  // namespace autodiff::tests
