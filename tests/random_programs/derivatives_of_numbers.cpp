#include <random_programs/derivatives.hpp>

namespace autodiff::tests {

namespace {

class OfNumbers final : public Derivatives {
    template <class X>
    auto on(const Mode& mode) const
    {
        return [this, &mode](const std::vector<X>& x) { return run(mode, program_, x); };
    }

public:
    explicit OfNumbers(const Case& of) : program_(of.program) {}

    double value(const Mode& mode, const Vector& x) const override { return run(mode, program_, x); }
    Vector gradient(const Mode& mode, const Vector& x) const override
    {
        return autodiff::gradient(on<Scalar<double>>(mode), x);
    }
    double slope(const Mode& mode, const Vector& x, const Vector& v) const override
    {
        return jvp(on<Dual<double>>(mode), x, v).tangent;
    }
    std::map<std::string, Vector> second(const Mode& mode, const Vector& x, const Vector& v) const override
    {
        using S = Scalar<double>;
        using D = Dual<double>;
        return {{"forward over reverse", hvp(on<Scalar<D>>(mode), x, v)},
                {"reverse over reverse", autodiff::gradient(
                                             [&](const std::vector<S>& at) {
                                                 const auto g = autodiff::gradient(on<Scalar<S>>(mode), at);
                                                 return along(v, g);
                                             },
                                             x)},
                {"reverse over forward",
                 autodiff::gradient(
                     [&](const std::vector<S>& at) {
                         return jvp(on<Dual<S>>(mode), at, std::vector<S>(v.begin(), v.end())).tangent;
                     },
                     x)},
                {"forward over forward", columns_by_forward_mode(mode, x, v)}};
    }
    Vector gradient_in_single(const Mode& mode, const Vector& x) const override
    {
        const std::vector<float> single(x.begin(), x.end());
        const auto g = autodiff::gradient(on<Scalar<float>>(mode), single);
        return {g.begin(), g.end()};
    }
    std::optional<Vector> replayed_gradient(const Mode&, const Vector&) const override { return {}; }
    Vector gradient_of_contiguous(const Mode& mode, const Vector& x) const override
    {
        return gradient(mode, x);
    }

private:
    static Scalar<double> along(const Vector& v, const std::vector<Scalar<double>>& g)
    {
        Scalar<double> sum = 0;
        for (std::size_t i = 0; i < v.size(); ++i) sum += v[i] * g[i];
        return sum;
    }
    /// eᵢᵀ H v for each i.
    Vector columns_by_forward_mode(const Mode& mode, const Vector& x, const Vector& v) const
    {
        using D = Dual<double>;
        Vector result;
        for (std::size_t i = 0; i < x.size(); ++i) {
            Vector unit(x.size());
            unit[i] = 1;
            const auto slope_along_v = [&](const std::vector<D>& at) {
                return jvp(on<Dual<D>>(mode), at, std::vector<D>(v.begin(), v.end())).tangent;
            };
            result.push_back(jvp(slope_along_v, x, unit).tangent);
        }
        return result;
    }

    const Program& program_;
};

}  // namespace

std::unique_ptr<Derivatives> derivatives_of_numbers(const Case& of)
{
    return std::make_unique<OfNumbers>(of);
}

}  // namespace autodiff::tests
