#pragma once

// Everything of nn/io in one include.

#include <nn/io/checkpoint.hpp>
#include <nn/io/model_file.hpp>
#include <nn/io/safetensors.hpp>
