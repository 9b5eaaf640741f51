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

std::vector<Row> without(ArgumentForm form, const std::string& reason, std::vector<Row> rows)
{
    for (Row& row : rows) row.refused[form] = reason;
    return rows;
}

Row of_a_number(Row row)
{
    for (const auto form :
         {ArgumentForm::contiguous, ArgumentForm::strided, ArgumentForm::broadcast, ArgumentForm::empty})
        row.refused[form] = "a number is one element";
    return row;
}

const std::vector<Row>& op_table()
{
    static const std::vector<Row> table =
        joined({arithmetic_rows(), function_rows(), activation_rows(), reduction_rows(), shape_rows(),
                product_rows(), linear_algebra_rows(), image_rows()});
    return table;
}

}  // namespace autodiff::tests
