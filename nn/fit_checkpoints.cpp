#include <nn/fit_checkpoints.hpp>

#include <nn/io/model_file.hpp>

#include <fmt/format.h>

#include <filesystem>

namespace nn::detail {

namespace fs = std::filesystem;
using data::FileError;

namespace {

constexpr const char *last_file = "last.safetensors", *best_file = "best.safetensors";

/// What a killed run was writing.
bool is_leftover(const std::string& name)
{
    return name.ends_with(".tmp") &&
           (name.starts_with(std::string(last_file) + '.') || name.starts_with(std::string(best_file) + '.'));
}

}  // namespace

template <class T>
Checkpoints<T>::Checkpoints(std::string directory, io::Metadata settings)
    : directory_(std::move(directory)), settings_(std::move(settings))
{
    if (directory_.empty()) return;
    try {
        fs::create_directories(directory_);
        std::vector<fs::path> leftovers;
        for (const auto& entry : fs::directory_iterator(directory_))
            if (is_leftover(entry.path().filename().string())) leftovers.push_back(entry.path());
        for (const fs::path& leftover : leftovers) fs::remove(leftover);
    } catch (const fs::filesystem_error& error) {
        autodiff::fail<FileError>("fit: {}: {}", directory_, error.code().message());
    }
}

template <class T>
History Checkpoints<T>::resume(const Parameters<T>& parameters, OptimizerState<T>& state) const
{
    std::error_code ignored;
    if (directory_.empty() || !fs::exists(path(last_file), ignored)) return {};
    return io::read_checkpoint(path(last_file), parameters, state, settings_);
}

template <class T>
void Checkpoints<T>::save(const Parameters<T>& parameters, const OptimizerState<T>& state,
                          const History& history) const
{
    if (directory_.empty()) return;
    // In this order: a run that is killed in between makes the best one again, which no other would.
    if (&history.best() == &history.back())
        io::save(path(best_file), parameters,
                 {{"epoch", fmt::to_string(history.size())},
                  {"loss", fmt::to_string(history.back().compared_loss())}});
    io::write_checkpoint(path(last_file), parameters, state, history, settings_);
}

template <class T>
std::string Checkpoints<T>::path(const char* file) const
{
    return (fs::path(directory_) / file).string();
}

template class Checkpoints<double>;
template class Checkpoints<float>;

}  // namespace nn::detail
