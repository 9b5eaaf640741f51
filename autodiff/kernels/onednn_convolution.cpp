#include <autodiff/kernels/onednn_convolution.hpp>

#include <autodiff/error.hpp>
#include <autodiff/kernels/onednn_memory.hpp>
#include <autodiff/numbers/portable_bits.hpp>

#if defined(ADJOINT_HAS_ONEDNN)

#include <optional>
#include <vector>

namespace autodiff::kernels {

namespace {

using namespace onednn;

/// The arrays of a convolution as oneDNN describes them: in our layout, or in one that it chooses.
struct Descriptions {
    Descriptions(const Convolution& c, bool ours)
        : x(described({c.samples, c.channels, c.rows.input, c.columns.input},
                      ours ? Layout::nchw : Layout::any)),
          w(c.groups == 1 ? described({c.filters, c.channels, c.rows.window, c.columns.window},
                                      ours ? Layout::oihw : Layout::any)
                          : described({c.groups, c.filters / c.groups, c.channels / c.groups, c.rows.window,
                                       c.columns.window},
                                      ours ? Layout::goihw : Layout::any)),
          y(described({c.samples, c.filters, c.rows.output, c.columns.output},
                      ours ? Layout::nchw : Layout::any)),
          bias(described({c.filters}, Layout::x))
    {
    }
    Memory::desc x, w, y, bias;
};

struct Steps {
    explicit Steps(const Convolution& c)
        : stride{c.rows.stride, c.columns.stride},
          dilation{c.rows.dilation - 1, c.columns.dilation - 1},
          padding{c.rows.padding, c.columns.padding}
    {
    }
    Memory::dims stride, dilation, padding;
};

dnnl::convolution_forward::primitive_desc forward(const Convolution& c)
{
    const Descriptions any(c, false);
    const Steps steps(c);
    return {{dnnl::prop_kind::forward_training, dnnl::algorithm::convolution_direct, any.x, any.w, any.bias,
             any.y, steps.stride, steps.dilation, steps.padding, steps.padding},
            engine()};
}

/// The primitives for one convolution, made when they are first asked for.
class Primitives {
public:
    explicit Primitives(const Convolution& sizes) : sizes_(sizes), forward_(forward(sizes)) {}

    const Convolution& sizes() const { return sizes_; }

    struct Forward {
        dnnl::convolution_forward::primitive_desc description;
        dnnl::convolution_forward primitive{description};
    };
    struct ToInput {
        dnnl::convolution_backward_data::primitive_desc description;
        dnnl::convolution_backward_data primitive{description};
    };
    struct ToWeight {
        dnnl::convolution_backward_weights::primitive_desc description;
        dnnl::convolution_backward_weights primitive{description};
    };

    const Forward& convolve()
    {
        if (!convolve_) convolve_ = Forward{forward_};
        return *convolve_;
    }
    const ToInput& convolve_back()
    {
        const Descriptions any(sizes_, false);
        const Steps s(sizes_);
        if (!back_)
            back_ = ToInput{dnnl::convolution_backward_data::primitive_desc(
                {dnnl::algorithm::convolution_direct, any.x, any.w, any.y, s.stride, s.dilation, s.padding,
                 s.padding},
                engine(), forward_)};
        return *back_;
    }
    const ToWeight& correlate()
    {
        const Descriptions any(sizes_, false);
        const Steps s(sizes_);
        if (!correlate_)
            correlate_ = ToWeight{dnnl::convolution_backward_weights::primitive_desc(
                {dnnl::algorithm::convolution_direct, any.x, any.w, any.y, s.stride, s.dilation, s.padding,
                 s.padding},
                engine(), forward_)};
        return *correlate_;
    }

private:
    Convolution sizes_;
    dnnl::convolution_forward::primitive_desc forward_;
    std::optional<Forward> convolve_;
    std::optional<ToInput> back_;
    std::optional<ToWeight> correlate_;
};

/// Those of this thread. Making one takes longer than a small convolution.
Primitives& primitives_for(const Convolution& sizes)
{
    constexpr std::size_t most = 64;
    thread_local std::vector<std::unique_ptr<Primitives>> known;
    for (const auto& each : known)
        if (each->sizes() == sizes) return *each;
    if (known.size() == most) known.erase(known.begin());
    return *known.emplace_back(std::make_unique<Primitives>(sizes));
}

}  // namespace

bool onednn_is_quicker(const Convolution& c)
{
    if (portable_bits()) return false;
    const Index channels = c.channels / c.groups, filters = c.filters / c.groups;
    // It knows no output that is smaller than the input allows, as a transposed convolution may have.
    const auto is_whole = [](const WindowAxis& a) {
        return (a.input + 2 * a.padding - (a.window - 1) * a.dilation - 1) / a.stride + 1 == a.output;
    };
    if (!is_whole(c.rows) || !is_whole(c.columns)) return false;
    return (channels >= 16 && filters >= 16) || (channels == 1 && filters == 1 && c.groups >= 16);
}

void onednn_convolve(const Convolution& sizes, const float* x, const float* w, const float* bias, float* y)
{
    run("conv2d", [&](dnnl::stream& stream) {
        const auto& [description, primitive] = primitives_for(sizes).convolve();
        const Descriptions ours(sizes, true);
        const Array<float> zeros = Array<float>::filled({bias ? 0 : sizes.filters}, 0);
        Operand from(ours.x, description.src_desc(), x), weights(ours.w, description.weights_desc(), w),
            offsets(ours.bias, ours.bias, bias ? bias : zeros.data()), to(ours.y, description.dst_desc(), y);
        primitive.execute(stream, {{DNNL_ARG_SRC, from.filled(stream)},
                                   {DNNL_ARG_WEIGHTS, weights.filled(stream)},
                                   {DNNL_ARG_BIAS, offsets.filled(stream)},
                                   {DNNL_ARG_DST, to.empty()}});
        to.take(stream);
    });
}

void onednn_convolve_back(const Convolution& sizes, const float* y, const float* w, float* x)
{
    run("conv_transpose2d", [&](dnnl::stream& stream) {
        const auto& [description, primitive] = primitives_for(sizes).convolve_back();
        const Descriptions ours(sizes, true);
        Operand from(ours.y, description.diff_dst_desc(), y), weights(ours.w, description.weights_desc(), w),
            to(ours.x, description.diff_src_desc(), x);
        primitive.execute(stream, {{DNNL_ARG_DIFF_DST, from.filled(stream)},
                                   {DNNL_ARG_WEIGHTS, weights.filled(stream)},
                                   {DNNL_ARG_DIFF_SRC, to.empty()}});
        to.take(stream);
    });
}

void onednn_correlate(const Convolution& sizes, const float* x, const float* y, float* w)
{
    run("conv2d_weight", [&](dnnl::stream& stream) {
        const auto& [description, primitive] = primitives_for(sizes).correlate();
        const Descriptions ours(sizes, true);
        Operand image(ours.x, description.src_desc(), x), from(ours.y, description.diff_dst_desc(), y),
            to(ours.w, description.diff_weights_desc(), w);
        primitive.execute(stream, {{DNNL_ARG_SRC, image.filled(stream)},
                                   {DNNL_ARG_DIFF_DST, from.filled(stream)},
                                   {DNNL_ARG_DIFF_WEIGHTS, to.empty()}});
        to.take(stream);
    });
}

}  // namespace autodiff::kernels

#else

namespace autodiff::kernels {

bool onednn_is_quicker(const Convolution&) { return false; }

void onednn_convolve(const Convolution&, const float*, const float*, const float*, float*)
{
    fail<Error>("conv2d: this library was built without oneDNN");
}

void onednn_convolve_back(const Convolution&, const float*, const float*, float*)
{
    fail<Error>("conv_transpose2d: this library was built without oneDNN");
}

void onednn_correlate(const Convolution&, const float*, const float*, float*)
{
    fail<Error>("conv2d: this library was built without oneDNN");
}

}  // namespace autodiff::kernels

#endif
