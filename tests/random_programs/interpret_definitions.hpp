#pragma once

// The definitions behind interpret.hpp, for the files that instantiate them.

#include <random_programs/interpret.hpp>

#include <cmath>
#include <stdexcept>

namespace autodiff::tests {

/// A statement's body as a function. It holds copies: a sweep may call it after the statement has been left.
struct BodyFunction {
    Mode mode;
    const Program* body;

    template <InTable X>
    X operator()(std::vector<X> x) const
    {
        return run(mode, *body, std::move(x));
    }
};

/// One statement on values of kind X.
template <class X>
class Evaluation {
public:
    Evaluation(const Mode& mode, const Statement& statement, std::vector<X>& values)
        : mode_(mode), statement_(statement), values_(values)
    {
    }

    X value()
    {
        X y = exact();
        if (mode_.noise > 0) disturb(y);
        return y;
    }

private:
    X exact()
    {
        switch (statement_.form) {
            case Form::op: return op();
            case Form::add: return target() += argument(1);
            case Form::subtract: return target() -= argument(1);
            case Form::multiply: return target() *= argument(1);
            case Form::branch: return body(level(argument(0)) > statement_.number ? 0 : 1);
            case Form::loop: return loop();
            case Form::gradient: return gradient_of_body();
            case Form::directional: return derivative_along();
            case Form::hessian: return hessian_times();
            default: return scoped();
        }
    }

    X& target() { return values_[statement_.arguments[0].value]; }
    X argument(std::size_t k) const
    {
        const Argument& how = statement_.arguments[k];
        X x = values_[how.value];
        if constexpr (is_tensor<X>)
            if (how.shape) x = shaped(x, *how.shape);
        if (how.into) x = into(x, how.into->low, how.into->high);
        if constexpr (is_tensor<X>)
            if (how.prepared) x = prepared(x, mode_.rows[statement_.row].domains[k]);
        return x;
    }
    std::vector<X> arguments() const
    {
        std::vector<X> all;
        for (std::size_t k = 0; k < statement_.arguments.size(); ++k) all.push_back(argument(k));
        return all;
    }
    std::vector<X> arguments_after_the_first() const
    {
        std::vector<X> rest = arguments();
        rest.erase(rest.begin());
        return rest;
    }
    static X prepared(const X& x, const Domain& domain)
    {
        if (domain.separation > 0) return apart(x);
        const auto made_of = [&](double element) {
            std::vector<double> values(static_cast<std::size_t>(x.size()), element);
            domain.prepare(values, x.shape());
            return values;
        };
        const std::vector<double> shifts = made_of(0);
        std::vector<double> factors = made_of(1);
        for (std::size_t i = 0; i < shifts.size(); ++i) factors[i] -= shifts[i];
        return adjusted(x, factors, shifts);
    }

    X op() const
    {
        const auto x = arguments();
        return std::get<FunctionOn<X>>(mode_.rows[statement_.row].functions)(x);
    }
    BodyFunction body_function(std::size_t which = 0) const { return {mode_, &statement_.bodies[which]}; }
    X body(std::size_t which) const { return body_function(which)(arguments()); }
    static auto level(const X& x)
    {
        if constexpr (is_tensor<X>) return sum(x).item();
        else return x;
    }
    X loop() const
    {
        auto x = arguments();
        for (std::size_t i = 0; i < statement_.count; ++i) {
            x[0] = next_value(x[0], run(mode_, statement_.bodies[0], x));
            if (mode_.noise > 0) disturb(x[0]);
        }
        return x[0];
    }

    // Transforms.

    std::vector<X> differentiated() const
    {
        std::vector<X> x = arguments();
        if (x.size() > 1) x.pop_back();
        return x;
    }
    /// The body as a function of one tensor.
    auto body_of_first() const
    {
        return [f = body_function(), rest = arguments_after_the_first()](const X& x) {
            std::vector<X> inputs{x};
            inputs.insert(inputs.end(), rest.begin(), rest.end());
            return f(std::move(inputs));
        };
    }
    /// g(the body as a function of the numbers that it is differentiated by).
    X with_capturing_body(auto g) const
    {
        if (statement_.arguments.size() == 1) return g(body_function());
        return g(captured(body_function(), arguments().back()));
    }
    X gradient_of_body() const
    {
        if constexpr (is_tensor<X>) return gradient(body_of_first(), argument(0));
        else if constexpr (InTable<Scalar<X>>)
            return with_capturing_body([&](const auto& f) { return total(gradient(f, differentiated())); });
        else return unsupported();
    }
    X derivative_along() const
    {
        if constexpr (is_tensor<X>) return jvp(body_of_first(), argument(0), cos(argument(0))).tangent;
        else if constexpr (InTable<Dual<X>>)
            return with_capturing_body(
                [&](const auto& f) { return jvp(f, differentiated(), cosines(differentiated())).tangent; });
        else return unsupported();
    }
    X hessian_times() const
    {
        if constexpr (is_tensor<X>) return hvp(body_of_first(), argument(0), cos(argument(0)));
        else return unsupported();
    }
    static X unsupported() { throw std::logic_error("a transform of these numbers is in no table"); }

    // Scoped calls.

    X scoped() const
    {
        if constexpr (is_tensor<X>) return checkpointed();
        else {
            switch (statement_.form) {
                case Form::preaccumulate: return preaccumulated();
                case Form::sum_over: return summed();
                case Form::map: return sum_of_pairs(arguments(), statement_.count, mode_.plain);
                default: return iterated();
            }
        }
    }
    X checkpointed() const
    {
        const auto f = body_of_first();
        if (mode_.plain) return f(argument(0));
        return checkpoint(f, argument(0));
    }
    X preaccumulated() const
    {
        if (mode_.plain) return body(0);
        return preaccumulate(body_function(), arguments());
    }
    X summed() const
    {
        const auto f = counted(body_function());
        if (!mode_.plain) return sum_over(statement_.count, f, arguments());
        X sum = lift<X>(0);
        for (std::size_t i = 0; i < statement_.count; ++i) sum = sum + f(i, arguments());
        return sum;
    }
    X iterated() const
    {
        const auto step = stepped(body_function());
        std::vector<X> state{argument(0)};
        const std::vector<X> rest = arguments_after_the_first();
        if (!mode_.plain) return iterate(Steps(statement_.count, 2), state, step, rest)[0];
        for (std::size_t i = 0; i < statement_.count; ++i) state = step(i, state, rest);
        return state[0];
    }

    void disturb(X& y) const
    {
        const double sign = (mode_.seed >> (values_.size() % 64)) % 2 == 0 ? 1 : -1;
        y = lift<X>(y * (1 + sign * mode_.noise) + sign * mode_.noise);
    }

    const Mode& mode_;
    const Statement& statement_;
    std::vector<X>& values_;
};

template <InTable X>
X evaluate(const Mode& mode, const Statement& statement, std::vector<X>& values)
{
    return Evaluation<X>(mode, statement, values).value();
}

}  // namespace autodiff::tests
