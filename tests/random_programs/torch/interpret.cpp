#include <random_programs/torch/interpret.hpp>

#include <random_programs/torch/ops.hpp>

#include <numbers>

namespace autodiff::tests {

namespace {

torch::Tensor tensor_of(const Shape& shape, const std::vector<double>& values)
{
    const std::vector<std::int64_t> sizes(shape.begin(), shape.end());
    return torch::tensor(values, torch::kFloat64).reshape(sizes);
}

Shape shape_of(const torch::Tensor& x)
{
    Dims dims;
    for (const auto size : x.sizes()) dims.push_back(size);
    return Shape(dims);
}

// adapt.hpp, on libtorch's tensors.

torch::Tensor shaped(const torch::Tensor& x, const Shape& shape)
{
    const std::vector<std::int64_t> sizes(shape.begin(), shape.end());
    const Index size = shape.element_count();
    if (x.numel() == size) return x.reshape(sizes);
    if (x.numel() == 0 || size == 0) return x.sum().expand(sizes);
    return x.flatten().index_select(0, torch::arange(size) % x.numel()).reshape(sizes);
}

torch::Tensor apart(const torch::Tensor& x)
{
    const Index size = x.numel();
    Index stride = 7;
    while (size > 0 && std::gcd(stride, size) > 1) ++stride;
    std::vector<double> places;
    for (Index i = 0; i < size; ++i) places.push_back(0.1 * static_cast<double>(stride * i % size));
    return tensor_of(shape_of(x), places) + 0.05 * torch::sigmoid(x);
}

torch::Tensor prepared(const torch::Tensor& x, const Domain& domain)
{
    if (domain.separation > 0) return apart(x);
    const Shape shape = shape_of(x);
    const auto made_of = [&](double element) {
        std::vector<double> values(static_cast<std::size_t>(x.numel()), element);
        domain.prepare(values, shape);
        return tensor_of(shape, values);
    };
    const torch::Tensor shifts = made_of(0);
    return x * (made_of(1) - shifts) + shifts;
}

torch::Tensor argument(const Argument& how, const Domain& domain, const TorchTensors& values)
{
    torch::Tensor x = values[how.value];
    if (how.shape) x = shaped(x, *how.shape);
    if (how.into)
        x = how.into->low + (how.into->high - how.into->low) * (0.5 + std::numbers::inv_pi * torch::atan(x));
    return how.prepared ? prepared(x, domain) : x;
}

}  // namespace

std::vector<Row> rows_of_torch()
{
    std::vector<Row> rows;
    for (const Row& row : op_table())
        if (torch_ops().contains({row.op, row.variant})) rows.push_back(row);
    return rows;
}

TorchResult run_on_torch(const std::vector<Row>& rows, const Case& of)
{
    TorchTensors inputs;
    for (const Input& input : of.inputs)
        inputs.push_back(tensor_of(input.shape, input.values).requires_grad_());
    TorchTensors values = inputs;
    for (const Statement& statement : of.program.statements) {
        const Row& row = rows[statement.row];
        TorchTensors arguments;
        for (std::size_t k = 0; k < statement.arguments.size(); ++k)
            arguments.push_back(argument(statement.arguments[k], row.domains[k], values));
        values.push_back(torch_ops().at({row.op, row.variant})(arguments));
    }
    torch::Tensor total = torch::zeros({}, torch::kFloat64);
    for (const std::size_t result : of.program.results) total = total + values[result].sin().sum();
    if (total.requires_grad()) total.backward();
    TorchResult found{total.item<double>(), {}};
    for (const torch::Tensor& input : inputs) {
        const torch::Tensor g =
            (input.grad().defined() ? input.grad() : torch::zeros_like(input)).contiguous();
        found.gradient.insert(found.gradient.end(), g.data_ptr<double>(), g.data_ptr<double>() + g.numel());
    }
    return found;
}

}  // namespace autodiff::tests
