// Rows: sparse_jacobian and sparse_hessian, beside the dense ones.

#include <transform_table/functions.hpp>
#include <transform_table/row_of.hpp>

namespace autodiff::tests {

namespace {

constexpr Band band;
constexpr Valley valley;
const Numbers x = some_numbers(12, 6);

}  // namespace

std::vector<Derivative> sparse_derivatives()
{
    const auto slope = gradient_forwards(valley);
    const Expected of_band{band, unit_vectors(x.size())};
    const Expected of_slope{slope, unit_vectors(x.size())};
    const auto by = [&](Coloured coloured) {
        return [plan = SparsePlan(jacobian_pattern(band, x), coloured)](const auto& v) {
            return sparse_jacobian(band, v, plan).to_dense();
        };
    };
    std::vector<Derivative> rows{
        on_numbers<Nests::no>(
            "sparse_jacobian", "", x, [](const auto& v) { return sparse_jacobian(band, v).to_dense(); },
            of_band),
        on_numbers<Nests::no>("sparse_jacobian", "by rows", x, by(Coloured::rows), of_band),
        on_numbers<Nests::no>("sparse_jacobian", "by columns", x, by(Coloured::columns), of_band),
        on_numbers<Nests::no>(
            "sparse_hessian", "", x, [](const auto& v) { return sparse_hessian(valley, v).to_dense(); },
            of_slope)};
    const auto dense = jacobian(band, x), dense_hessian = hessian(valley, x);
    for (Derivative& row : rows)
        row.agreements.push_back(
            {Check::plain, row.result(x),
             to_double(flat(row.subject.name == "sparse_jacobian" ? dense : dense_hessian))});
    return rows;
}

}  // namespace autodiff::tests
