#include <autodiff/kernels/convolution.hpp>

#include <autodiff/kernels/gemm.hpp>
#include <autodiff/kernels/onednn_convolution.hpp>
#include <autodiff/numbers/batch.hpp>
#include <autodiff/threads.hpp>

#include <cstring>
#include <vector>

namespace autodiff::kernels {

namespace {

/// Numbers that are read or written at once, whether they are needed or not: rows of images are short, and
/// this is quicker than a copy of the right length. Whoever is read or written past its end has room for
/// them.
template <class T>
constexpr Index numbers_at_once = 64 / static_cast<Index>(sizeof(T));

/// Of exactly so many.
template <class T>
void copy_row(const T* from, T* to, Index count)
{
    constexpr Index step = numbers_at_once<T>;
    for (; count >= step; count -= step, from += step, to += step)
        std::memcpy(to, from, sizeof(T) * static_cast<std::size_t>(step));
    for (Index i = 0; i < count; ++i) to[i] = from[i];
}

/// The rows of the output that one product of matrices makes.
struct Block {
    Index first_row, row_count;
};

/// The sizes of one group of channels, and how its work is cut.
struct Plan {
    explicit Plan(const Convolution& convolution) : c(convolution)
    {
        constexpr Index patches_in_cache = Index{1} << 17;  // numbers
        const Index of_row = std::max<Index>(1, patch_size * c.columns.output);
        rows_of_block = std::clamp<Index>(patches_in_cache / of_row, 1, std::max<Index>(1, c.rows.output));
    }

    const Convolution& c;
    Index channels = c.channels / c.groups, filters = c.filters / c.groups;
    Index patch_size = channels * c.rows.window * c.columns.window;
    Index x_plane = c.rows.input * c.columns.input, y_plane = c.rows.output * c.columns.output;
    bool is_padded = c.rows.padding > 0 || c.columns.padding > 0;
    Index padded_width = c.columns.input + 2 * c.columns.padding;
    Index padded_plane = (c.rows.input + 2 * c.rows.padding) * padded_width;
    Index rows_of_block = 1;
    /// A window of one element that visits every input: the patches are x itself.
    bool is_pointwise = patch_size == channels && x_plane == y_plane && c.rows.stride == 1 &&
                        c.columns.stride == 1 && !is_padded;

    Index places(const Block& block) const { return block.row_count * c.columns.output; }

    /// Calls f(block, first element of the group in a padded sample, in y, in w) for every block of a sample;
    /// that in y is of the block's first row.
    void for_each_block(Index sample, auto f) const
    {
        for (Index group = 0; group < c.groups; ++group)
            for (Index row = 0; row < c.rows.output; row += rows_of_block)
                f(Block{row, std::min(rows_of_block, c.rows.output - row)}, group * channels * padded_plane,
                  (sample * c.filters + group * filters) * y_plane + row * c.columns.output,
                  group * filters * patch_size);
    }

    /// Calls f(row of the matrix of patches, first element in a padded group) for every channel and place in
    /// the window: the row is the image from that element on, a row of it for each of the block's.
    void for_each_patch_row(const Block& block, auto f) const
    {
        Index row = 0;
        for (Index channel = 0; channel < channels; ++channel)
            for (Index u = 0; u < c.rows.window; ++u)
                for (Index v = 0; v < c.columns.window; ++v)
                    f(row++, channel * padded_plane +
                                 (block.first_row * c.rows.stride + u * c.rows.dilation) * padded_width +
                                 v * c.columns.dilation);
    }

    template <class T>
    Matrix<T> weights(const T* w) const
    {
        return {w, filters, patch_size, patch_size, 1};
    }
    template <class T>
    Matrix<T> outputs(const Block& block, const T* y) const
    {
        return {y, filters, places(block), y_plane, 1};
    }

    /// How many samples a thread takes at a time: enough to be worth its while.
    Index samples_of_chunk() const
    {
        constexpr Index enough = Index{1} << 21;  // multiplications
        const Index of_sample = std::max<Index>(1, c.filters * y_plane * patch_size);
        return std::clamp<Index>(enough / of_sample, 1, std::max<Index>(1, c.samples));
    }
};

/// Where one thread keeps a padded sample and the patches of a block.
template <class T>
class Workspace {
public:
    explicit Workspace(const Plan& plan)
        : plan_(plan),
          sample_(Array<T>::filled({plan.is_padded ? plan.c.channels * plan.padded_plane : 0}, T{0})),
          patches_(Array<T>::uninitialized({plan.is_pointwise ? 0 : patch_numbers() + numbers_at_once<T>}))
    {
    }

    /// A sample of x with its padding: x itself if it has none.
    const T* padded(const Array<T>& x, Index sample)
    {
        const T* const from = x.data() + sample * plan_.c.channels * plan_.x_plane;
        end_ = plan_.is_padded ? sample_.data() + sample_.size() : x.data() + x.size();
        if (!plan_.is_padded) return from;
        for_each_image_row([&](Index in_x, Index in_padded, Index count) {
            copy_row(from + in_x, sample_.writable() + in_padded, count);
        });
        return sample_.data();
    }
    /// Where to add patches for a sample of x: zeros, which take() then moves to x.
    T* zeroed(Array<T>& x, Index sample)
    {
        const Index size = plan_.c.channels * plan_.padded_plane;
        T* const zeros = plan_.is_padded ? sample_.writable() : x.writable() + sample * size;
        std::fill_n(zeros, size, T{0});
        return zeros;
    }
    void take(Array<T>& x, Index sample) const
    {
        if (!plan_.is_padded) return;
        T* const to = x.writable() + sample * plan_.c.channels * plan_.x_plane;
        for_each_image_row([&](Index in_x, Index in_padded, Index count) {
            copy_row(sample_.data() + in_padded, to + in_x, count);
        });
    }

    /// The patches of a block as a matrix (patch_size, places): column j is what the window sees at place j.
    /// `x` points to the group within the last padded sample.
    Matrix<T> patches(const Block& block, const T* x)
    {
        const Index places = plan_.places(block);
        if (plan_.is_pointwise)
            return {x + block.first_row * plan_.c.columns.output, plan_.patch_size, places, plan_.x_plane, 1};
        for_instruction_set([&](auto) {
            plan_.for_each_patch_row(block, [&](Index row, Index first) {
                write_rows(x + first, patches_.writable() + row * places, block.row_count);
            });
        });
        return {patches_.data(), plan_.patch_size, places, places, 1};
    }
    /// Room for a matrix of patches, and the way back: adds them to where they came from.
    T* room() { return patches_.writable(); }
    void add_patches(const Block& block, T* x) const
    {
        const Index places = plan_.places(block), width = plan_.c.columns.output;
        const Index step = plan_.c.columns.stride, row_step = plan_.c.rows.stride * plan_.padded_width;
        for_instruction_set([&](auto) {
            plan_.for_each_patch_row(block, [&](Index row, Index first) {
                const T* from = patches_.data() + row * places;
                T* to = x + first;
                for (Index i = 0; i < block.row_count; ++i, from += width, to += row_step)
                    if (step == 1)
                        for (Index j = 0; j < width; ++j) to[j] += from[j];
                    else
                        for (Index j = 0; j < width; ++j) to[j * step] += from[j];
            });
        });
    }

private:
    Index patch_numbers() const { return plan_.patch_size * plan_.rows_of_block * plan_.c.columns.output; }
    void for_each_image_row(auto f) const
    {
        const Index width = plan_.c.columns.input;
        const Index first = plan_.c.rows.padding * plan_.padded_width + plan_.c.columns.padding;
        for (Index channel = 0; channel < plan_.c.channels; ++channel)
            for (Index row = 0; row < plan_.c.rows.input; ++row)
                f((channel * plan_.c.rows.input + row) * width,
                  channel * plan_.padded_plane + row * plan_.padded_width + first, width);
    }
    /// Rows of the output, one after the other, from rows of the image. What is written past the end of one
    /// is written over by the next.
    void write_rows(const T* from, T* to, Index count) const
    {
        constexpr Index step = numbers_at_once<T>;
        const Index width = plan_.c.columns.output, stride = plan_.c.columns.stride;
        const Index row_step = plan_.c.rows.stride * plan_.padded_width;
        for (Index i = 0; i < count; ++i, from += row_step, to += width) {
            Index j = 0;
            if (stride == 1)
                for (; j < width && from + j + step <= end_; j += step)
                    std::memcpy(to + j, from + j, sizeof(T) * static_cast<std::size_t>(step));
            for (; j < width; ++j) to[j] = from[j * stride];
        }
    }

    const Plan& plan_;
    Array<T> sample_, patches_;
    const T* end_ = nullptr;  ///< of what patches are read from
};

/// Calls f(sample, workspace) for every sample, on any thread.
template <class T>
void for_each_sample(const Plan& plan, auto f)
{
    const Index step = plan.samples_of_chunk();
    for_each_chunk((plan.c.samples + step - 1) / step, [&](Index chunk) {
        Workspace<T> workspace(plan);
        const Index end = std::min(plan.c.samples, (chunk + 1) * step);
        for (Index sample = chunk * step; sample < end; ++sample) f(sample, workspace);
    });
}

/// The samples in at most eight parts, on any thread: oneDNN gets one of them at a time, so that its copies
/// stay in the cache, and where samples are summed up each part has a sum of its own.
struct Parts {
    explicit Parts(const Convolution& convolution) : sizes(convolution) {}

    const Convolution& sizes;
    Index samples_of_part = std::max<Index>(1, (sizes.samples + 7) / 8);
    Index count = (sizes.samples + samples_of_part - 1) / samples_of_part;

    /// Calls f(part, first sample, sizes of that part).
    void for_each(auto f) const
    {
        for_each_chunk(count, [&](Index part) {
            Convolution of_part = sizes;
            of_part.samples = std::min(samples_of_part, sizes.samples - part * samples_of_part);
            f(part, part * samples_of_part, of_part);
        });
    }
};

/// The sum of arrays, in their order.
template <class T>
Array<T> sum_of(std::vector<Array<T>> parts)
{
    for (std::size_t part = 1; part < parts.size(); ++part)
        for (Index i = 0; i < parts[0].size(); ++i) parts[0].writable()[i] += parts[part].data()[i];
    return std::move(parts[0]);
}

}  // namespace

template <class T>
Array<T> convolve(const Convolution& sizes, const Array<T>& x, const Array<T>& w, const Array<T>& bias)
{
    const Plan plan(sizes);
    Array<T> y =
        Array<T>::uninitialized({sizes.samples, sizes.filters, sizes.rows.output, sizes.columns.output});
    if constexpr (std::same_as<T, float>)
        if (onednn_is_quicker(sizes)) {
            Parts(sizes).for_each([&](Index, Index first, const Convolution& part) {
                onednn_convolve(part, x.data() + first * sizes.channels * plan.x_plane, w.data(),
                                bias.size() > 0 ? bias.data() : nullptr,
                                y.writable() + first * sizes.filters * plan.y_plane);
            });
            return y;
        }
    for_each_sample<T>(plan, [&](Index sample, Workspace<T>& workspace) {
        for (Index filter = 0; filter < sizes.filters; ++filter)
            std::fill_n(y.writable() + (sample * sizes.filters + filter) * plan.y_plane, plan.y_plane,
                        bias.size() > 0 ? bias.data()[filter] : T{0});
        const T* const padded = workspace.padded(x, sample);
        plan.for_each_block(sample, [&](const Block& block, Index in_x, Index in_y, Index in_w) {
            add_product<T>(plan.weights(w.data() + in_w), workspace.patches(block, padded + in_x),
                           {y.writable() + in_y, plan.filters, plan.places(block), plan.y_plane, 1});
        });
    });
    return y;
}

template <class T>
Array<T> convolve_back(const Convolution& sizes, const Array<T>& y, const Array<T>& w)
{
    const Plan plan(sizes);
    Array<T> x =
        Array<T>::uninitialized({sizes.samples, sizes.channels, sizes.rows.input, sizes.columns.input});
    if constexpr (std::same_as<T, float>)
        if (onednn_is_quicker(sizes)) {
            Parts(sizes).for_each([&](Index, Index first, const Convolution& part) {
                onednn_convolve_back(part, y.data() + first * sizes.filters * plan.y_plane, w.data(),
                                     x.writable() + first * sizes.channels * plan.x_plane);
            });
            return x;
        }
    for_each_sample<T>(plan, [&](Index sample, Workspace<T>& workspace) {
        T* const padded = workspace.zeroed(x, sample);
        plan.for_each_block(sample, [&](const Block& block, Index in_x, Index in_y, Index in_w) {
            const Matrix<T> weights = plan.weights(w.data() + in_w);
            const Matrix<T> outputs = plan.outputs(block, y.data() + in_y);
            T* const to = padded + in_x;
            if (plan.is_pointwise)
                return add_product<T>(weights.transposed(), outputs,
                                      {to + block.first_row * sizes.columns.output, plan.patch_size,
                                       outputs.columns, plan.x_plane, 1});
            std::fill_n(workspace.room(), plan.patch_size * outputs.columns, T{0});
            add_product<T>(weights.transposed(), outputs,
                           {workspace.room(), plan.patch_size, outputs.columns, outputs.columns, 1});
            workspace.add_patches(block, to);
        });
        workspace.take(x, sample);
    });
    return x;
}

template <class T>
Array<T> correlate(const Convolution& sizes, const Array<T>& x, const Array<T>& y)
{
    // Threads make sums of their own, as many as follow from the sizes, which are added in order.
    const Plan plan(sizes);
    const Shape shape{sizes.filters, plan.channels, sizes.rows.window, sizes.columns.window};
    if (sizes.samples == 0) return Array<T>::filled(shape, T{0});
    const Parts parts(sizes);
    std::vector<Array<T>> sums(static_cast<std::size_t>(parts.count));
    parts.for_each([&](Index part, Index first, const Convolution& of_part) {
        Array<T>& sum = sums[static_cast<std::size_t>(part)];
        sum = Array<T>::filled(shape, T{0});
        if constexpr (std::same_as<T, float>)
            if (onednn_is_quicker(sizes))
                return onednn_correlate(of_part, x.data() + first * sizes.channels * plan.x_plane,
                                        y.data() + first * sizes.filters * plan.y_plane, sum.writable());
        Workspace<T> workspace(plan);
        for (Index sample = first; sample < first + of_part.samples; ++sample) {
            const T* const padded = workspace.padded(x, sample);
            plan.for_each_block(sample, [&](const Block& block, Index in_x, Index in_y, Index in_w) {
                const Matrix<T> patches = workspace.patches(block, padded + in_x);
                add_product<T>(plan.outputs(block, y.data() + in_y), patches.transposed(),
                               {sum.writable() + in_w, plan.filters, plan.patch_size, plan.patch_size, 1});
            });
        }
    });
    return sum_of(std::move(sums));
}

template Array<double> convolve(const Convolution&, const Array<double>&, const Array<double>&,
                                const Array<double>&);
template Array<float> convolve(const Convolution&, const Array<float>&, const Array<float>&,
                               const Array<float>&);
template Array<double> convolve_back(const Convolution&, const Array<double>&, const Array<double>&);
template Array<float> convolve_back(const Convolution&, const Array<float>&, const Array<float>&);
template Array<double> correlate(const Convolution&, const Array<double>&, const Array<double>&);
template Array<float> correlate(const Convolution&, const Array<float>&, const Array<float>&);

}  // namespace autodiff::kernels
