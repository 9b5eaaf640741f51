#pragma once

#include <nn/io/checkpoint.hpp>

namespace nn::detail {

/// The files of a run of nn::fit: last.safetensors and best.safetensors. Without a directory there are none.
template <class T>
class Checkpoints {
public:
    /// Settings are what a run has to have in common with the one that it continues.
    /// @throws data::FileError if the directory cannot be made.
    Checkpoints(std::string directory, io::Metadata settings);

    /// Sets parameters and state to those of the last checkpoint and returns its history, or an empty one if
    /// there is no checkpoint. @throws data::FileError if it does not fit, and then changes nothing.
    History resume(const Parameters<T>& parameters, OptimizerState<T>& state) const;
    /// Writes what an epoch has changed.
    void save(const Parameters<T>& parameters, const OptimizerState<T>& state, const History& history) const;

private:
    std::string path(const char* file) const;

    std::string directory_;
    io::Metadata settings_;
};

extern template class Checkpoints<double>;
extern template class Checkpoints<float>;

}  // namespace nn::detail
