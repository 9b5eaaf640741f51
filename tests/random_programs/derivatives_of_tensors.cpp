#include <random_programs/derivatives.hpp>
#include <random_programs/generate.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace autodiff::tests {

namespace {

using Tensors = std::vector<Tensor<double>>;

template <class T>
Vector flat(const std::vector<Tensor<T>>& tensors)
{
    Vector all;
    for (const Tensor<T>& tensor : tensors) {
        const auto elements = tensor.to_vector();
        all.insert(all.end(), elements.begin(), elements.end());
    }
    return all;
}

template <class T>
Parameters<T> parameters_of(std::vector<Tensor<T>>& x)
{
    Parameters<T> parameters;
    for (Tensor<T>& tensor : x) parameters.push_back({fmt::format("x{}", parameters.size()), &tensor});
    return parameters;
}

class OfTensors final : public Derivatives {
public:
    explicit OfTensors(const Case& of) : case_(of) {}

    double value(const Mode& mode, const Vector& x) const override
    {
        return run(mode, case_.program, tensors(x)).item();
    }
    Vector gradient(const Mode& mode, const Vector& x) const override
    {
        return gradient_at(mode, tensors(x));
    }
    double slope(const Mode& mode, const Vector& x, const Vector& v) const override
    {
        return push(mode, tensors(x), tensors(v)).item();
    }
    std::map<std::string, Vector> second(const Mode& mode, const Vector& x, const Vector& v) const override
    {
        Tensors at = tensors(x);
        const Tensors along = tensors(v);
        const auto f = [&] { return run(mode, case_.program, at); };
        std::map<std::string, Vector> all{{"forward over reverse", flat(hvp(f, parameters_of(at), along))}};
        all["reverse over reverse"] = flat(pull(at, [&](const Tensors& y) {
            const Tensors g = pull(y, [&](const Tensors& z) { return run(mode, case_.program, z); });
            Tensor<> total(0.0);
            for (std::size_t i = 0; i < g.size(); ++i) total = total + sum(g[i] * along[i]);
            return total;
        }));
        all["reverse over forward"] = flat(pull(at, [&](const Tensors& y) { return push(mode, y, along); }));
        return all;
    }
    Vector gradient_in_single(const Mode& mode, const Vector& x) const override
    {
        std::vector<Tensor<float>> single;
        for (const Tensor<>& tensor : tensors(x)) {
            const auto elements = tensor.to_vector();
            const std::vector<float> converted(elements.begin(), elements.end());
            single.emplace_back(tensor.shape(), std::span<const float>(converted));
        }
        const auto f = [&] { return run(mode, case_.program, single); };
        return flat(autodiff::value_and_gradient(f, parameters_of(single)).gradient);
    }
    std::optional<Vector> replayed_gradient(const Mode& mode, const Vector& x) const override
    {
        Vector elsewhere = x;
        for (double& element : elsewhere) element -= 0x1p-10;
        Tensors at = tensors(elsewhere);
        Replay step([&] { return run(mode, case_.program, at); }, parameters_of(at));
        try {
            step();
        } catch (const ReplayError&) {
            return {};
        }
        step();  // checks itself against a recording; the third run does not
        std::ranges::move(tensors(x), at.begin());  // the parameters stay where they are
        return flat(step().gradient);
    }
    Vector gradient_of_contiguous(const Mode& mode, const Vector& x) const override
    {
        Tensors at;
        for (const Tensor<>& tensor : tensors(x)) at.push_back(Tensor<>(tensor.array().contiguous()));
        return gradient_at(mode, at);
    }

private:
    Tensors tensors(const Vector& elements) const
    {
        Tensors all;
        auto next = elements.begin();
        for (const Input& input : case_.inputs) {
            const auto end = next + input.shape.element_count();
            all.push_back(tensor_of({input.shape, {next, end}, {}, input.layout}));
            next = end;
        }
        return all;
    }
    Vector gradient_at(const Mode& mode, Tensors at) const
    {
        const auto f = [&] { return run(mode, case_.program, at); };
        return flat(autodiff::value_and_gradient(f, parameters_of(at)).gradient);
    }
    template <class F>
    static Tensors pull(const Tensors& x, F f)
    {
        Trace<double> trace(x);
        autodiff::detail::run(trace, [&] { return f(trace.variables()); });
        return trace.pull(Tensor<>(1.0));
    }
    Tensor<> push(const Mode& mode, const Tensors& x, const Tensors& x_dot) const
    {
        Trace<double> trace(x);
        autodiff::detail::run(trace, [&] { return run(mode, case_.program, trace.variables()); });
        return trace.push(x_dot);
    }

    const Case& case_;
};

}  // namespace

std::unique_ptr<Derivatives> derivatives_of_tensors(const Case& of)
{
    return std::make_unique<OfTensors>(of);
}

}  // namespace autodiff::tests
