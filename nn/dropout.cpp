#include <nn/dropout.hpp>

#include <autodiff/error.hpp>
#include <autodiff/ops/arithmetic.hpp>
#include <autodiff/random.hpp>
#include <nn/training_mode.hpp>

namespace nn::detail {

template <class T>
Tensor<T> dropout(const Tensor<T>& x, double rate)
{
    if (!(rate >= 0 && rate < 1))
        autodiff::fail<autodiff::DomainError>("dropout: rate is {}; it must be at least 0 and below 1", rate);
    if (rate == 0 || !TrainingMode::is_active()) return x;
    // Floats are uniform in steps of 2⁻²⁴, quite fine enough for a probability.
    const Tensor<float> draws = autodiff::uniform<float>(autodiff::next_key(), x.shape());
    autodiff::Array<T> factors = autodiff::Array<T>::uninitialized(x.shape());
    const T kept = static_cast<T>(1 / (1 - rate));
    const auto limit = static_cast<float>(rate);
    for (Index i = 0; i < factors.size(); ++i)
        factors.writable()[i] = draws.array().data()[i] < limit ? T{0} : kept;
    return x * Tensor<T>(factors);
}

template Tensor<double> dropout(const Tensor<double>&, double);
template Tensor<float> dropout(const Tensor<float>&, double);

}  // namespace nn::detail
