#pragma once

// How many elementary operations a function does: it is run on numbers that count.

#include "workload.hpp"

#include <autodiff/autodiff.hpp>

namespace scalars {

struct Counted {
    static inline std::size_t ops = 0;
    double value = 0;

    Counted() = default;
    Counted(double constant) : value(constant) {}
    Counted& operator+=(const Counted& x);
    Counted& operator-=(const Counted& x);
    Counted& operator*=(const Counted& x);
};

}  // namespace scalars

template <>
struct autodiff::Kind<scalars::Counted> {
    static constexpr int depth = 600;
    static scalars::Counted constant(double value) { return value; }
    template <class Rule, class... X>
    static scalars::Counted evaluate(const Rule& rule, const X&... x)
    {
        ++scalars::Counted::ops;
        return rule(x.value...);
    }
    static bool compare(auto op, const scalars::Counted& a, const scalars::Counted& b)
    {
        return op(a.value, b.value);
    }
};

namespace scalars {

// Found by argument-dependent lookup.
using autodiff::operator+, autodiff::operator-, autodiff::operator*, autodiff::operator/, autodiff::operator>;
using autodiff::erfc, autodiff::exp, autodiff::log, autodiff::sqrt, autodiff::tanh;

inline Counted& Counted::operator+=(const Counted& x) { return *this = *this + x; }
inline Counted& Counted::operator-=(const Counted& x) { return *this = *this - x; }
inline Counted& Counted::operator*=(const Counted& x) { return *this = *this * x; }

/// Operations in one evaluation of the workload's value; comparisons are not counted.
template <Workload W>
double count_ops(const W& w)
{
    Counted::ops = 0;
    w(std::vector<Counted>(w.point.begin(), w.point.end()));
    return static_cast<double>(Counted::ops);
}

}  // namespace scalars
