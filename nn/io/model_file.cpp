#include <nn/io/model_file.hpp>

#include <nn/io/assignment_definitions.hpp>

namespace nn::io {

template <class T>
void save(const std::string& path, const Parameters<T>& parameters, const Metadata& metadata)
{
    Safetensors content{.tensors = {}, .metadata = metadata};
    for_each_tensor(parameters, [&](const std::string& name, const Tensor<T>& tensor) {
        if (!content.tensors.emplace(name, tensor).second)
            autodiff::fail<autodiff::DomainError>(
                "save: two tensors are called '{}'; give each a name of its own", name);
    });
    write_safetensors(path, content);
}

template <class T>
Metadata load(const std::string& path, const Parameters<T>& parameters)
{
    Safetensors content = read_safetensors(path);
    Assignment<T> assignment("load", path, content);
    for_each_tensor(parameters, [&](const std::string& name, Tensor<T>& tensor) {
        assignment.expect(name, tensor.shape(), tensor);
    });
    assignment.expect_no_others();
    assignment.assign();
    return std::move(content.metadata);
}

template void save(const std::string&, const Parameters<double>&, const Metadata&);
template void save(const std::string&, const Parameters<float>&, const Metadata&);
template Metadata load(const std::string&, const Parameters<double>&);
template Metadata load(const std::string&, const Parameters<float>&);

}  // namespace nn::io
