// What is thrown where something is wrong.

#include <guide/checks.hpp>

#include <autodiff/autodiff.hpp>
#include <support/errors.hpp>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include <string>

using namespace autodiff;
using namespace autodiff::tests;

BOOST_AUTO_TEST_CASE(errors_name_the_op_the_shapes_and_the_cure)
{
    const Tensor<> a = Tensor<>::ones(Shape{2, 4}), b = Tensor<>::ones(Shape{3, 2}), x{1, 2, 3};
    std::string text;
    const auto collect = [&](const char* code, const char* kind, const std::string& message) {
        text += fmt::format("{}{}\n    {}: {}\n", text.empty() ? "" : "\n", code, kind, message);
    };
    collect("matmul(a, b)", "ShapeError", error_text<ShapeError>([&] { matmul(a, b); }));
    collect("a + x", "ShapeError", error_text<ShapeError>([&] { return a + x; }));
    collect("gradient([](const Tensor<>& t) { return 2 * t; }, x)", "ShapeError",
            error_text<ShapeError>([&] { return gradient([](const Tensor<>& t) { return 2 * t; }, x); }));
    collect("sum(a, {2})", "AxisError", error_text<AxisError>([&] { return sum(a, {2}); }));
    collect("x(3)", "IndexError", error_text<IndexError>([&] { return x(3); }));
    collect("max(Tensor<>{})", "DomainError", error_text<DomainError>([&] { return max(Tensor<>{}); }));

    Tensor<> escaped;
    gradient([&](const Tensor<>& t) { return sum(escaped = 2 * t); }, x);
    collect(
        "Tensor<> escaped;\ngradient([&](const Tensor<>& t) { return sum(escaped = 2 * t); }, "
        "x);\nescaped * "
        "3",
        "RecordingError", error_text<RecordingError>([&] { return escaped * 3; }));

    const auto wrong = custom_op(
        "cube", [](const Tensor<>& t) { return t * t * t; },
        [](const Tensor<>& y_bar, const Tensor<>&, const Tensor<>& t) { return 2 * y_bar * t * t; });
    collect("check_gradient(cube, x)   // whose pullback says 2 ȳ x²", "GradientError",
            error_text<GradientError>([&] { check_gradient(wrong, x); }));

    require_documented("output/errors.txt", text);
}

BOOST_AUTO_TEST_CASE(an_anomaly_is_told_of_where_it_comes_from)
{
    const std::string text = error_text<AnomalyError>([] {
        //! [anomaly]
        const DetectAnomalies scope;
        const Tensor<> x{{2, 1, 3}, {4, 5, 6}};
        gradient([](const Tensor<>& a) { return mean(log(a - 1)); }, x);
        //! [anomaly]
    });
    // The line is for the suite `anomalies`, which is compiled with debug information.
    require_documented("output/anomaly.txt",
                       text.substr(0, text.find("; computed in")) + "; computed in model.cpp:12\n");
}
