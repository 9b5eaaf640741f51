// Rows: the array primitives on ranges of numbers, beside loops.

#include <transform_table/rows.hpp>

namespace autodiff::tests {

namespace {

/// Numbers from x, which are no longer variables of their own, so that what is checked is more than a leaf.
constexpr auto bent = [](const auto& x) {
    auto y = x;
    for (std::size_t i = 0; i < x.size(); ++i) y[i] = x[i] + sin(x[i] * x[(i + 1) % x.size()]) / 4;
    return y;
};
constexpr auto part = [](const auto& x, std::size_t first, std::size_t count) {
    return std::span(x).subspan(first, count);
};

/// The matrix (rows, columns) at the beginning of x times the numbers after it.
constexpr auto product = [](const auto& x, std::size_t rows, std::size_t columns) {
    std::vector<ElementOf<decltype(x)>> y;
    for (std::size_t i = 0; i < rows; ++i) {
        ElementOf<decltype(x)> total = x[i * columns] * x[rows * columns];
        for (std::size_t j = 1; j < columns; ++j) total = total + x[i * columns + j] * x[rows * columns + j];
        y.push_back(total);
    }
    return y;
};
/// The solution of three equations by Cramer's rule: the matrix at the beginning of x, the right side after
/// it.
constexpr auto cramer = [](const auto& x) {
    using X = ElementOf<decltype(x)>;
    const auto determinant = [&](int replaced) -> X {
        const auto a = [&](std::size_t i, int j) {
            return j == replaced ? x[9 + i] : x[3 * i + static_cast<std::size_t>(j)];
        };
        return a(0, 0) * (a(1, 1) * a(2, 2) - a(1, 2) * a(2, 1)) -
               a(0, 1) * (a(1, 0) * a(2, 2) - a(1, 2) * a(2, 0)) +
               a(0, 2) * (a(1, 0) * a(2, 1) - a(1, 1) * a(2, 0));
    };
    const X all = determinant(-1);
    return std::vector<X>{determinant(0) / all, determinant(1) / all, determinant(2) / all};
};
/// A matrix far from singular before three numbers.
constexpr auto system = [](auto x) {
    for (std::size_t i = 0; i < 3; ++i) x[4 * i] = x[4 * i] + 4;
    return x;
};

constexpr auto softened = elementwise("softened", [](auto x, auto y) { return x * y / (1 + exp(-x * y)); });
constexpr auto mapped_softly = [](const auto& x) {
    const std::size_t half = x.size() / 2;
    return combined(map(softened, part(x, 0, half), part(x, half, half)));
};
constexpr auto looped_softly = [](const auto& x) {
    std::vector<ElementOf<decltype(x)>> y;
    const std::size_t half = x.size() / 2;
    for (std::size_t i = 0; i < half; ++i) y.push_back(x[i] * x[half + i] / (1 + exp(-x[i] * x[half + i])));
    return combined(y);
};

}  // namespace

std::vector<Row> array_rows()
{
    const std::vector<Domain> five(5, real);
    const Domain small = within({-1, 1});
    return {
        numbers_row(
            "sum", "", [](const auto& x) { return tanh(sum(bent(x)) / 4) * sum(x); },
            [](const auto& x) {
                const auto y = bent(x);
                return tanh((y[0] + y[1] + y[2] + y[3] + y[4]) / 4) * (x[0] + x[1] + x[2] + x[3] + x[4]);
            },
            five),
        numbers_row(
            "prod", "", [](const auto& x) { return sin(prod(bent(x)) / 4) + prod(x) * x[0]; },
            [](const auto& x) {
                const auto y = bent(x);
                return sin(y[0] * y[1] * y[2] * y[3] * y[4] / 4) + x[0] * x[1] * x[2] * x[3] * x[4] * x[0];
            },
            five),
        numbers_row(
            "dot", "",
            [](const auto& x) { return tanh(dot(bent(x), x) / 4) * dot(part(x, 0, 2), part(x, 3, 2)); },
            [](const auto& x) {
                const auto y = bent(x);
                const auto all = y[0] * x[0] + y[1] * x[1] + y[2] * x[2] + y[3] * x[3] + y[4] * x[4];
                return tanh(all / 4) * (x[0] * x[3] + x[1] * x[4]);
            },
            five),
        numbers_row(
            "norm", "", [](const auto& x) { return norm(bent(x)) * sin(norm(x)); },
            [](const auto& x) {
                const auto y = bent(x);
                const auto size = [](const auto& z) {
                    return sqrt(square(z[0]) + square(z[1]) + square(z[2]) + square(z[3]) + square(z[4]));
                };
                return size(y) * sin(size(x));
            },
            std::vector<Domain>(5, positive)),
        numbers_row(
            "logsumexp", "", [](const auto& x) { return logsumexp(bent(x)) * logsumexp(x); },
            [](const auto& x) {
                const auto y = bent(x);
                const auto total = [](const auto& z) {
                    return log(exp(z[0]) + exp(z[1]) + exp(z[2]) + exp(z[3]) + exp(z[4]));
                };
                return total(y) * total(x);
            },
            five),
        numbers_row(
            "matmul", "a matrix and a vector",
            [](const auto& x) {
                const auto y = bent(x);
                return combined(matmul(as_matrix(part(y, 0, 6), 2, 3), part(y, 6, 3)));
            },
            [](const auto& x) { return combined(product(bent(x), 2, 3)); }, std::vector<Domain>(9, small)),
        numbers_row(
            "matmul", "two matrices",
            [](const auto& x) {
                return combined(matmul(as_matrix(part(x, 0, 4), 2, 2), as_matrix(part(x, 2, 4), 2, 2)));
            },
            [](const auto& x) {
                return combined(std::array<ElementOf<decltype(x)>, 4>{
                    x[0] * x[2] + x[1] * x[4], x[0] * x[3] + x[1] * x[5], x[2] * x[2] + x[3] * x[4],
                    x[2] * x[3] + x[3] * x[5]});
            },
            std::vector<Domain>(6, small)),
        numbers_row(
            "solve", "",
            [](const auto& x) {
                const auto y = system(x);
                return combined(solve(as_matrix(part(y, 0, 9), 3, 3), part(y, 9, 3)));
            },
            [](const auto& x) { return combined(cramer(system(x))); }, std::vector<Domain>(12, small)),
        numbers_row("map", "a statement each", mapped_softly, looped_softly, std::vector<Domain>(6, real)),
        numbers_row("map", "a block", mapped_softly, looped_softly, std::vector<Domain>(66, small)),
    };
}

}  // namespace autodiff::tests
