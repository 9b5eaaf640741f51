#pragma once

// Everything of nn/data in one include.

#include <nn/data/csv.hpp>
#include <nn/data/dataset.hpp>
#include <nn/data/fashion_mnist.hpp>
#include <nn/data/idx.hpp>
#include <nn/data/loader.hpp>
#include <nn/data/npy.hpp>
#include <nn/data/npz.hpp>
