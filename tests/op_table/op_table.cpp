#include <op_table.hpp>

#include <algorithm>
#include <iterator>

namespace autodiff::tests {

std::vector<Row> joined(std::vector<std::vector<Row>> families)
{
    std::vector<Row> all;
    for (std::vector<Row>& rows : families) std::ranges::move(rows, std::back_inserter(all));
    return all;
}

const std::vector<Row>& op_table()
{
    static const std::vector<Row> table =
        joined({arithmetic_rows(), function_rows(), activation_rows(), reduction_rows(), shape_rows(),
                product_rows(), linear_algebra_rows(), image_rows()});
    return table;
}

}  // namespace autodiff::tests
