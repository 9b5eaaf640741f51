#include <nn/data/fashion_mnist.hpp>

#include <nn/data/idx.hpp>

#include <filesystem>

namespace nn::data {

namespace {

std::string existing(const std::string& directory, const std::string& name)
{
    const std::string path = (std::filesystem::path(directory) / name).string();
    for (const std::string& candidate : {path + ".gz", path}) {
        std::error_code ignored;
        if (std::filesystem::exists(candidate, ignored)) return candidate;
    }
    autodiff::fail<FileError>(
        "fashion_mnist: there is no {} or {}.gz; install them with apt-get install dataset-fashion-mnist, or "
        "name the directory that has them",
        path, name);
}

template <class T>
Tensor<T> scaled_images(const std::string& path)
{
    Array<T> images = read_idx<T>(path).array();
    if (images.rank() != 3)
        autodiff::fail<FileError>("fashion_mnist: {} has the shape {}; expected (samples, rows, columns)",
                                  path, images.shape());
    T* pixels = images.writable();
    for (Index i = 0; i < images.size(); ++i) pixels[i] /= 255;
    return images;
}

IndexArray class_labels(const std::string& path, Index samples)
{
    constexpr auto classes = static_cast<Index>(fashion_mnist_classes.size());
    IndexArray labels = read_idx<Index>(path);
    if (labels.shape() != Shape{samples})
        autodiff::fail<FileError>("fashion_mnist: {} has the shape {}; expected {}, as there are images",
                                  path, labels.shape(), Shape{samples});
    const std::span values(labels.data(), static_cast<std::size_t>(samples));
    for (const Index label : values)
        if (label < 0 || label >= classes)
            autodiff::fail<FileError>("fashion_mnist: {} has the label {}; expected 0 to {}", path, label,
                                      classes - 1);
    return labels;
}

template <class T>
Dataset<Tensor<T>, IndexArray> labelled(const std::string& directory, const std::string& name)
{
    Tensor<T> images = scaled_images<T>(existing(directory, name + "-images-idx3-ubyte"));
    IndexArray labels = class_labels(existing(directory, name + "-labels-idx1-ubyte"), images.size(0));
    return Dataset(std::move(images), std::move(labels));
}

}  // namespace

template <class T>
LabelledImages<T> fashion_mnist(const std::string& directory)
{
    return {labelled<T>(directory, "train"), labelled<T>(directory, "t10k")};
}

template LabelledImages<double> fashion_mnist<double>(const std::string&);
template LabelledImages<float> fashion_mnist<float>(const std::string&);

}  // namespace nn::data
