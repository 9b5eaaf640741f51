#pragma once

// What the sources that set tensors from a file share.

#include <nn/io/safetensors.hpp>
#include <nn/parameters.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

namespace nn::io {

/// The tensors of a file, to be set all together or not at all.
template <class T>
class Assignment {
public:
    Assignment(std::string_view op, const std::string& path, const Safetensors& content)
        : op_(op), path_(path), content_(content)
    {
    }

    /// The tensor of this name is to be assigned to the target, if it has that shape.
    void expect(const std::string& name, const Shape& shape, Tensor<T>& target)
    {
        if (target.session() != 0)
            autodiff::fail<autodiff::RecordingError>(
                "{}: {} is being recorded; call this after value_and_gradient has returned", op_, name);
        names_.insert(name);
        const auto found = content_.tensors.find(name);
        if (found == content_.tensors.end()) {
            missing_.push_back(name);
            return;
        }
        found->second.visit([&]<class U>(const autodiff::Array<U>& array) {
            if constexpr (std::same_as<U, T>)
                if (array.shape() == shape) {
                    assignments_.emplace_back(&target, Tensor<T>(array));
                    return;
                }
            different_.push_back(
                fmt::format("{} is {} {}, not {} {}", name, kind_of<U>, array.shape(), kind_of<T>, shape));
        });
    }

    /// All of the file's names have been expected, or this one adds to what differs.
    void expect_no_others()
    {
        for (const auto& [name, array] : content_.tensors)
            if (!names_.contains(name)) unexpected_.push_back(name);
    }

    /// @throws FileError that says all that differs.
    void assign()
    {
        std::vector<std::string> parts;
        const auto add = [&](std::string_view what, const std::vector<std::string>& list) {
            constexpr std::size_t most = 10;
            if (list.empty()) return;
            const std::size_t shown = std::min(list.size(), most);
            parts.push_back(fmt::format(
                "{}{}", what,
                fmt::join(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(shown), ", ")));
            if (shown < list.size()) parts.back() += fmt::format(" and {} more", list.size() - shown);
        };
        add("it lacks ", missing_);
        add("", different_);
        add("the model lacks ", unexpected_);
        if (!parts.empty())
            autodiff::fail<FileError>("{}: {}: the tensors do not fit the model: {}", op_, path_,
                                      fmt::join(parts, "; "));
        for (auto& [target, value] : assignments_) *target = std::move(value);
    }

private:
    template <class U>
    static constexpr std::string_view kind_of = std::same_as<U, double>  ? "double"
                                                : std::same_as<U, float> ? "float"
                                                : std::same_as<U, Index> ? "integer"
                                                                         : "bool";

    std::string op_, path_;
    const Safetensors& content_;
    std::set<std::string, std::less<>> names_;
    std::vector<std::string> missing_, different_, unexpected_;
    std::vector<std::pair<Tensor<T>*, Tensor<T>>> assignments_;
};

/// f(name, tensor) for the parameters and what else belongs to the model.
template <class T>
void for_each_tensor(const Parameters<T>& parameters, auto f)
{
    for (const auto& [name, tensor] : parameters) f(name, *tensor);
    for (const auto& [name, tensor] : parameters.state) f(name, *tensor);
}

}  // namespace nn::io
