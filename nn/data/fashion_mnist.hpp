#pragma once

#include <nn/data/dataset.hpp>

#include <array>
#include <string>
#include <string_view>

namespace nn::data {

/// Images (samples, rows, columns) in [0, 1], and the class of each.
template <class T>
struct LabelledImages {
    Dataset<Tensor<T>, IndexArray> training,  ///< to train on, and to validate with a part of
        test;                                 ///< for the last judgement only
};

/// What the ten labels of Fashion-MNIST mean.
inline constexpr std::array<std::string_view, 10> fashion_mnist_classes{
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"};

/// Fashion-MNIST (Xiao, Rasul and Vollgraf 2017): 60000 images of clothing to train on and 10000 to test
/// with, 28 x 28 in grey. MNIST's own files have the same names and are read in the same way.
/// @throws FileError if `directory` lacks a file (train-images-idx3-ubyte, …, each with .gz or without), or
/// the files do not fit together.
template <class T = float>
LabelledImages<T> fashion_mnist(const std::string& directory = "/usr/share/datasets/fashion-mnist");

}  // namespace nn::data
