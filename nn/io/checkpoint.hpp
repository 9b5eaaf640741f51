#pragma once

// Checkpoints: all that training stands on after an epoch, in one file of the format safetensors, so that a
// run that was killed goes on to the same bits. nn::fit writes and reads them; a loop of one's own may, too:
//
//     write_checkpoint("run/last.safetensors", model.parameters(), adam.state, history, {{"seed", "1"}});
//     …
//     history = read_checkpoint("run/last.safetensors", model.parameters(), adam.state, {{"seed", "1"}});
//
// Its tensors are model/<parameter>, optimizer/<state>/<parameter> and history/<column>.

#include <nn/history.hpp>
#include <nn/io/safetensors.hpp>
#include <nn/optimizer.hpp>

namespace nn::io {

/// Writes the parameters, what else belongs to the model, the optimizer's state and the history of the epochs
/// that are finished. Settings are texts which have to be the same when training goes on. The file is
/// replaced as a whole or, if that fails, not at all; see write_safetensors.
/// @throws FileError, autodiff::DomainError if the name of an optimizer's tensors contains a '/', or the
/// history's rows do not have a number for each metric.
template <class T>
void write_checkpoint(const std::string& path, const Parameters<T>& parameters,
                      const OptimizerState<T>& state, const History& history, const Metadata& settings = {});

/// Sets parameters and state to what write_checkpoint wrote, and returns the history. If the file does not
/// fit the model, or was written with other settings, nothing is changed.
/// @throws FileError, autodiff::RecordingError while the parameters are being recorded.
template <class T>
History read_checkpoint(const std::string& path, const Parameters<T>& parameters, OptimizerState<T>& state,
                        const Metadata& settings = {});

}  // namespace nn::io
