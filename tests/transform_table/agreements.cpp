// Rows: check_gradient, stop_gradient and the patterns of sparse matrices, which are no derivatives.

#include <transform_table/functions.hpp>
#include <transform_table/row_of.hpp>

namespace autodiff::tests {

namespace {

const Numbers x = some_numbers(12, 8);

/// Where the pattern has entries, and where the matrix has numbers other than 0, as ones.
Agreement agreement(const SparsityPattern& pattern, const std::vector<Numbers>& dense)
{
    Agreement of{Check::plain, {}, to_double(flat(dense)), 0};
    for (double& number : of.expected) number = number != 0 ? 1 : 0;
    for (std::size_t i = 0; i < pattern.rows(); ++i)
        for (std::size_t j = 0; j < pattern.columns(); ++j)
            of.actual.push_back(pattern.find(i, j) < pattern.entry_count() ? 1 : 0);
    return of;
}

/// The energy of numbers of which two stop, and of numbers of which two are constants.
constexpr auto stopped = [](const auto& a, const auto& b) {
    return Energy{}(a, stop_gradient(a * b), b, stop_gradient(b));
};
constexpr auto with_constants = [](double c, double d) {
    return [=](const auto& a, const auto& b) {
        using X = std::remove_cvref_t<decltype(a)>;
        return Energy{}(a, lift<X>(c), b, lift<X>(d));
    };
};

}  // namespace

std::vector<AgreementOf> agreements()
{
    const auto report_of = [](const CheckReport& report) {
        return Agreement{Check::differences, {report.worst_error}, {0}, Tolerances{}.differences};
    };
    const Tensor<double> tensor = to_tensor({x.begin(), x.begin() + inputs});
    const auto stopped_tensor = [](const Tensor<double>& v) {
        return Energy{}(sin(v) * stop_gradient(v * v));
    };
    const auto constant_tensor = [&](const Tensor<double>& v) {
        return Energy{}(sin(v) * (tensor * tensor));
    };
    const auto [of_a, of_b] = gradient(stopped, x[0], x[1]);
    const auto [expected_a, expected_b] = gradient(with_constants(x[0] * x[1], x[1]), x[0], x[1]);
    return {
        {{"check_gradient", "", "numbers", ""}, report_of(check_gradient(Energy{}, x[0], x[1], x[2], x[3]))},
        {{"check_gradient", "", "tensors", ""}, report_of(check_gradient(Layer<3>{}, tensor))},
        {{"stop_gradient", "", "numbers", ""}, {Check::plain, {of_a, of_b}, {expected_a, expected_b}, 0}},
        {{"stop_gradient", "", "tensors", ""},
         {Check::plain, to_double(gradient(stopped_tensor, tensor)),
          to_double(gradient(constant_tensor, tensor)), 0}},
        {{"jacobian_pattern", "", "numbers", ""},
         agreement(jacobian_pattern(Band{}, x), jacobian(Band{}, x))},
        {{"hessian_pattern", "", "numbers", ""},
         agreement(hessian_pattern(Valley{}, x), hessian(Valley{}, x))}};
}

}  // namespace autodiff::tests
