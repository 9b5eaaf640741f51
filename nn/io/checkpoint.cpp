#include <nn/io/checkpoint.hpp>

#include <nn/io/assignment_definitions.hpp>

#include <charconv>

namespace nn::io {

namespace {

using autodiff::Array;
using autodiff::DomainError;
using autodiff::fail;

constexpr std::string_view format_key = "format", format_text = "adjoint checkpoint 1";
constexpr std::string_view model_prefix = "model/", optimizer_prefix = "optimizer/";
constexpr std::string_view setting_prefix = "setting.";

/// A column of the history as the array of a file.
template <class F>
auto column(const History& history, F number_of)
{
    using T = std::invoke_result_t<F, const EpochResult&>;
    auto array = Array<T>::uninitialized(Shape{static_cast<Index>(history.size())});
    for (std::size_t i = 0; i < history.size(); ++i) array.writable()[i] = number_of(history[i]);
    return array;
}

std::string metric_column(std::size_t metric) { return fmt::format("history/metric_{}", metric); }
std::string metric_key(std::size_t metric) { return fmt::format("metric_{}", metric); }

void add_history(Safetensors& content, const History& history)
{
    const auto add = [&](std::string name, auto number_of) {
        content.tensors.emplace(std::move(name), column(history, number_of));
    };
    for (const EpochResult& result : history)
        if (result.metrics.size() != history.metric_names.size())
            fail<DomainError>("write_checkpoint: epoch {} has {} metrics for {} names", result.epoch,
                              result.metrics.size(), history.metric_names.size());
    add("history/training_loss", [](const EpochResult& e) { return e.training_loss; });
    add("history/has_validation", [](const EpochResult& e) { return e.validation_loss.has_value(); });
    add("history/validation_loss", [](const EpochResult& e) { return e.validation_loss.value_or(0); });
    add("history/learning_rate", [](const EpochResult& e) { return e.learning_rate; });
    add("history/seconds", [](const EpochResult& e) { return e.seconds; });
    for (std::size_t m = 0; m < history.metric_names.size(); ++m) {
        content.metadata[metric_key(m)] = history.metric_names[m];
        add(metric_column(m), [m](const EpochResult& e) { return e.metrics[m]; });
    }
}

/// What a checkpoint says apart from tensors of the model.
class CheckpointReader {
public:
    CheckpointReader(const std::string& path, const Safetensors& content) : path_(path), content_(content)
    {
        if (text_of(std::string(format_key)) != format_text)
            refuse("it is no checkpoint: expected the text {} under {}", format_text, format_key);
    }

    void require_settings(const Metadata& settings) const
    {
        for (const auto& [key, value] : settings) {
            const std::string written = text_of(std::string(setting_prefix) + key);
            if (written != value)
                refuse(
                    "it was written with {} {}, not {}; a run goes on with the settings that it began with",
                    key, written.empty() ? "unknown" : written, value);
        }
    }

    Index count(const std::string& key) const
    {
        const std::string text = text_of(key);
        Index value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || end != text.data() + text.size() || value < 0)
            refuse("found {} under {}; expected a count", data::in_quotes(text), key);
        return value;
    }

    History history() const
    {
        History history;
        const Index rows = count("epochs");
        const auto training_loss = column<double>("history/training_loss", rows);
        const auto has_validation = column<bool>("history/has_validation", rows);
        const auto validation_loss = column<double>("history/validation_loss", rows);
        const auto learning_rate = column<double>("history/learning_rate", rows);
        const auto seconds = column<double>("history/seconds", rows);
        std::vector<Array<double>> metrics;
        for (std::size_t m = 0; content_.metadata.contains(metric_key(m)); ++m) {
            history.metric_names.push_back(text_of(metric_key(m)));
            metrics.push_back(column<double>(metric_column(m), rows));
        }
        for (Index row = 0; row < rows; ++row) {
            EpochResult& result = history.emplace_back();
            result = {.epoch = static_cast<int>(row + 1),
                      .training_loss = training_loss(row),
                      .learning_rate = learning_rate(row),
                      .seconds = seconds(row)};
            if (has_validation(row)) result.validation_loss = validation_loss(row);
            for (const auto& metric : metrics) result.metrics.push_back(metric(row));
        }
        return history;
    }

private:
    template <class T>
    Array<T> column(const std::string& name, Index rows) const
    {
        const auto found = content_.tensors.find(name);
        if (found == content_.tensors.end()) refuse("it lacks {}", name);
        return found->second.visit([&]<class U>(const Array<U>& array) -> Array<T> {
            if constexpr (std::same_as<T, U>)
                if (array.shape() == Shape{rows}) return array;
            refuse("{} has the shape {}, or another type; expected one number for each of {} epochs", name,
                   array.shape(), rows);
        });
    }

    std::string text_of(const std::string& key) const
    {
        const auto found = content_.metadata.find(key);
        return found == content_.metadata.end() ? std::string() : found->second;
    }

    template <class... Args>
    [[noreturn]] void refuse(fmt::format_string<Args...> why, Args&&... args) const
    {
        fail<FileError>("read_checkpoint: {}: {}", path_, fmt::vformat(why, fmt::make_format_args(args...)));
    }

    std::string path_;
    const Safetensors& content_;
};

/// The names of the optimizer's tensors, from optimizer/<name>/<parameter>.
std::set<std::string> optimizer_tensors(const Safetensors& content)
{
    std::set<std::string> names;
    for (const auto& [name, array] : content.tensors)
        if (name.starts_with(optimizer_prefix)) {
            const std::size_t begin = optimizer_prefix.size();
            names.insert(name.substr(begin, name.find('/', begin) - begin));
        }
    return names;
}

std::string optimizer_tensor(std::string_view name, const std::string& parameter)
{
    return fmt::format("{}{}/{}", optimizer_prefix, name, parameter);
}

}  // namespace

template <class T>
void write_checkpoint(const std::string& path, const Parameters<T>& parameters,
                      const OptimizerState<T>& state, const History& history, const Metadata& settings)
{
    Safetensors content;
    content.metadata.emplace(format_key, format_text);
    content.metadata.emplace("epochs", fmt::to_string(history.size()));
    content.metadata.emplace("optimizer_steps", fmt::to_string(state.steps));
    for (const auto& [key, value] : settings)
        content.metadata.emplace(std::string(setting_prefix) + key, value);
    for_each_tensor(parameters, [&](const std::string& name, const Tensor<T>& tensor) {
        if (!content.tensors.emplace(std::string(model_prefix) + name, tensor).second)
            fail<DomainError>("write_checkpoint: two tensors are called '{}'; give each a name of its own",
                              name);
    });
    for (const auto& [name, tensors] : state.tensors) {
        if (name.find('/') != std::string::npos)
            fail<DomainError>("write_checkpoint: the optimizer's tensors '{}' have a '/' in their name",
                              name);
        if (tensors.size() != parameters.size())
            fail<DomainError>("write_checkpoint: the optimizer has {} tensors '{}' for {} parameters",
                              tensors.size(), name, parameters.size());
        for (std::size_t i = 0; i < parameters.size(); ++i)
            content.tensors.emplace(optimizer_tensor(name, parameters[i].name), tensors[i]);
    }
    add_history(content, history);
    write_safetensors(path, content);
}

template <class T>
History read_checkpoint(const std::string& path, const Parameters<T>& parameters, OptimizerState<T>& state,
                        const Metadata& settings)
{
    Safetensors content = read_safetensors(path);
    const CheckpointReader reader(path, content);
    reader.require_settings(settings);
    History history = reader.history();
    OptimizerState<T> read_state;
    read_state.steps = reader.count("optimizer_steps");

    std::erase_if(content.tensors, [](const auto& named) { return named.first.starts_with("history/"); });
    Assignment<T> assignment("read_checkpoint", path, content);
    for_each_tensor(parameters, [&](const std::string& name, Tensor<T>& tensor) {
        assignment.expect(std::string(model_prefix) + name, tensor.shape(), tensor);
    });
    for (const std::string& name : optimizer_tensors(content)) {
        auto& tensors = read_state.tensors[name];
        tensors.resize(parameters.size());
        for (std::size_t i = 0; i < parameters.size(); ++i)
            assignment.expect(optimizer_tensor(name, parameters[i].name), parameters[i].tensor->shape(),
                              tensors[i]);
    }
    assignment.expect_no_others();
    assignment.assign();
    state = std::move(read_state);
    return history;
}

template void write_checkpoint(const std::string&, const Parameters<double>&, const OptimizerState<double>&,
                               const History&, const Metadata&);
template void write_checkpoint(const std::string&, const Parameters<float>&, const OptimizerState<float>&,
                               const History&, const Metadata&);
template History read_checkpoint(const std::string&, const Parameters<double>&, OptimizerState<double>&,
                                 const Metadata&);
template History read_checkpoint(const std::string&, const Parameters<float>&, OptimizerState<float>&,
                                 const Metadata&);

}  // namespace nn::io
