#include <autodiff/anomalies.hpp>

#include <autodiff/anomalies_definitions.hpp>
#include <autodiff/scalar.hpp>

namespace autodiff {

DetectAnomalies::DetectAnomalies(const char* header)
{
    if (detail::watch) return;
    own_ = std::make_unique<detail::Watch>(header);
    detail::watch = own_.get();
    const auto watch_tape = [](auto& now) {
        if (now.tape) now.tape->watch(true);
        now.end_growth();  // each value is looked at
    };
    watch_tape(recorder<ScalarSpace<double>>);
    watch_tape(recorder<ScalarSpace<float>>);
}

DetectAnomalies::~DetectAnomalies()
{
    if (own_) detail::watch = nullptr;
}

}  // namespace autodiff
