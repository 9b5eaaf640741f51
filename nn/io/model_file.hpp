#pragma once

// A model's parameters in a file of the format safetensors, under their names:
//
//     nn::io::save("xor.safetensors", model);
//     …
//     nn::io::load("xor.safetensors", model);

#include <nn/io/safetensors.hpp>
#include <nn/parameters.hpp>

namespace nn::io {

/// Writes the parameters and what else belongs to the model (Parameters::state), and texts about them. The
/// file is replaced as a whole or, if that fails, not at all; see write_safetensors.
/// @throws FileError, autodiff::DomainError.
template <class T>
void save(const std::string& path, const Parameters<T>& parameters, const Metadata& metadata = {});
template <Model M>
void save(const std::string& path, M&& model, const Metadata& metadata = {})
{
    save(path, model.parameters(), metadata);
}

/// Sets the parameters to what save() wrote, and returns the texts. The file has to have the same names, with
/// the same shapes and kind of number, and no others; if not, the error says all that differs, and nothing is
/// changed.
/// @throws FileError, autodiff::RecordingError while the parameters are being recorded.
template <class T>
Metadata load(const std::string& path, const Parameters<T>& parameters);
template <Model M>
Metadata load(const std::string& path, M&& model)
{
    return load(path, model.parameters());
}

}  // namespace nn::io
