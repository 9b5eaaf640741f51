#pragma once

// Tensors by name in one file, in the format safetensors, which PyTorch, JAX and others read and write:
//
//     write_safetensors("rates.safetensors", {.tensors = {{"loss", losses}}, .metadata = {{"seed", "1"}}});
//     const auto [tensors, metadata] = read_safetensors("rates.safetensors");
//
// A model's parameters are saved and loaded by <nn/io/model_file.hpp>.   (Hugging Face, "safetensors:
// Format")

#include <nn/data/any_array.hpp>
#include <nn/io/safetensors_header.hpp>

namespace nn::io {

/// What a file holds: tensors by name, and texts about them.
struct Safetensors {
    std::map<std::string, data::AnyArray, std::less<>> tensors;  ///< by name
    Metadata metadata = {};                                      ///< empty if the file has none
};

/// The tensors of a file: F64 as an array of double, F32 of float, BOOL of bool, and integers of all sizes as
/// one of Index. Memory is taken for what the file holds, whatever its header claims.
/// @throws FileError if the file cannot be read or is not as the format says, to its last byte: it names the
/// file, the place in it, what was found there and what was expected.
Safetensors read_safetensors(const std::string& path);

/// Writes F64, F32, I64 and BOOL: the widest elements first, otherwise by name, so that the same tensors give
/// the same bytes. They are flushed to the disk before the file takes the place of another of its name:
/// whoever reads it, at any moment, finds the old one or the new one, whole.
/// @throws FileError, autodiff::DomainError for a name or text that is not UTF-8, or the name __metadata__.
void write_safetensors(const std::string& path, const Safetensors& content);

}  // namespace nn::io
