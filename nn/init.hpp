#pragma once

// Starting weights. A weight is drawn with a spread that follows from how many inputs its neuron has (fan-in)
// and how many neurons read each input (fan-out), so that signals forwards and adjoints backwards neither
// grow nor fade from layer to layer:
//
//     w uniform in [-a, a]  or  normal with standard deviation a,   a = scale / √fan
//
// The key decides the numbers: the same key, the same bits, on every machine.

#include <autodiff/random.hpp>
#include <nn/parameters.hpp>

#include <numbers>

namespace nn {

using autodiff::Key;

/// How many numbers each output of a weight is made from, and how many each input goes to:
///   fan-in = inputs r,   fan-out = outputs r,   for the shape (outputs, inputs, …), r = product of the rest
struct Fans {
    Index in;   ///< fan-in: how many numbers an output is made from
    Index out;  ///< fan-out: how many outputs an input goes to
};

/// @throws autodiff::ShapeError for a shape of rank 0 or 1, which has no fans.
Fans fans(const Shape& weight);

/// What numbers are drawn from; Initializer::spread() is a.
enum class Distribution {
    uniform,  ///< equally likely in [-a, a)
    normal    ///< mean 0, standard deviation a
};
/// By which fan the spread is divided; average is (fan-in + fan-out) / 2, none leaves the scale as it is.
enum class FanMode {
    in,       ///< keeps the size of signals on their way forwards
    out,      ///< keeps the size of adjoints on their way backwards
    average,  ///< a compromise of the two
    none      ///< shapes play no part
};

/// How starting numbers are drawn.
struct Initializer {
    std::string_view name;      ///< as it is called here, "he_normal" for he_normal
    Distribution distribution;  ///< with mean 0
    double scale;               ///< the spread times √fan; the spread itself if fan is none
    FanMode fan;                ///< by whose root the scale is divided

    /// a = scale / √fan: half the width of the uniform distribution, or the standard deviation of the normal.
    /// @throws autodiff::ShapeError for a shape of rank 0 or 1, unless fan is none.
    double spread(const Shape& shape) const;
    /// Numbers of this shape, drawn with the key.
    /// @throws autodiff::ShapeError for a shape of rank 0 or 1, unless fan is none.
    template <class T = double>
    Tensor<T> operator()(Key key, const Shape& shape) const;
};

/// Uniform in ±√(6 / (fan-in + fan-out)), for tanh and the like   (Glorot and Bengio 2010, equation 16)
inline constexpr Initializer glorot_uniform{"glorot_uniform", Distribution::uniform, std::numbers::sqrt3,
                                            FanMode::average};
/// Normal, variance 2 / (fan-in + fan-out)   (Glorot and Bengio 2010, equation 12)
inline constexpr Initializer glorot_normal{"glorot_normal", Distribution::normal, 1, FanMode::average};
/// Uniform in ±√(6 / fan-in), for relu   (He et al. 2015, section 2.2)
inline constexpr Initializer he_uniform{"he_uniform", Distribution::uniform, 2.449489742783178, FanMode::in};
/// Normal, variance 2 / fan-in   (He et al. 2015, equation 10)
inline constexpr Initializer he_normal{"he_normal", Distribution::normal, std::numbers::sqrt2, FanMode::in};
/// Uniform in ±√(3 / fan-in): unit variance in, unit variance out   (LeCun, Bottou, Orr and Müller 1998,
/// section 4.6)
inline constexpr Initializer lecun_uniform{"lecun_uniform", Distribution::uniform, std::numbers::sqrt3,
                                           FanMode::in};
/// Normal, variance 1 / fan-in   (LeCun, Bottou, Orr and Müller 1998, section 4.6)
inline constexpr Initializer lecun_normal{"lecun_normal", Distribution::normal, 1, FanMode::in};
/// All zero: for biases. As weights it makes the neurons of a layer equal for ever.
inline constexpr Initializer zeros{"zeros", Distribution::uniform, 0, FanMode::none};
/// Uniform in [-half_width, half_width), whatever the shape.
constexpr Initializer uniform(double half_width)
{
    return {"uniform", Distribution::uniform, half_width, FanMode::none};
}
/// Normal with mean 0, whatever the shape.
constexpr Initializer normal(double standard_deviation)
{
    return {"normal", Distribution::normal, standard_deviation, FanMode::none};
}

/// How initialize() draws.
struct Initializers {
    Initializer weights = glorot_uniform;  ///< of parameters of rank 2 or more that are not called bias
    Initializer biases = zeros;            ///< of parameters called bias
};

/// Draws a model's parameters anew: those called bias with `biases`, all others of rank 2 or more with
/// `weights`. Other parameters keep their values. Parameter i of the list has the key fold_in(key, i), so it
/// does not depend on the others.
template <class T>
void initialize(const Parameters<T>& parameters, Key key, const Initializers& draw = {});
template <Model M>
void initialize(M&& model, Key key, const Initializers& draw = {})
{
    initialize(model.parameters(), key, draw);
}

namespace detail {

/// What a weight is before it has a value: NaN, one for the whole shape.
template <class T>
Tensor<T> unset(const Shape& shape);
/// @throws autodiff::DomainError if the weight of this layer is unset.
template <class T>
void require_set(std::string_view layer, const Tensor<T>& weight);

}  // namespace detail

}  // namespace nn
