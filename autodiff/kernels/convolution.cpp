#include <autodiff/kernels/convolution.hpp>

#include <autodiff/kernels/gemm.hpp>
#include <autodiff/threads.hpp>

#include <cstring>

namespace autodiff::kernels {

namespace {

/// The part of a convolution that is one product of matrices: a sample, a group of channels and some rows of
/// the output.
struct Block {
    Index channels, filters;     ///< of the group
    Index first_row, row_count;  ///< of the output

    Index patch_size(const Convolution& c) const { return channels * c.rows.window * c.columns.window; }
    Index places(const Convolution& c) const { return row_count * c.columns.output; }
};

/// Calls f(row of the matrix of patches, place in it, place in the planes of x, count) for every run of
/// elements inside x: places of the output that follow each other in a row, at one (channel, u, v). `pad`
/// is called with (row, place, count) for runs that are padding.
void for_each_run(const Convolution& c, const Block& block, auto run, auto pad)
{
    Index row = 0;
    for (Index channel = 0; channel < block.channels; ++channel)
        for (Index u = 0; u < c.rows.window; ++u)
            for (Index v = 0; v < c.columns.window; ++v, ++row) {
                const auto [begin, end] = c.columns.inside(v);
                const Index width = c.columns.output;
                for (Index i = 0; i < block.row_count; ++i) {
                    const Index source = c.rows.source(block.first_row + i, u), place = i * width;
                    if (source < 0 || source >= c.rows.input || begin == end) {
                        pad(row, place, width);
                        continue;
                    }
                    pad(row, place, begin);
                    run(row, place + begin,
                        (channel * c.rows.input + source) * c.columns.input + c.columns.source(begin, v),
                        end - begin);
                    pad(row, place + end, width - end);
                }
            }
}

/// Rows of an image are short: a call of memcpy takes longer than what it does.
template <class T>
void copy_run(const T* from, T* to, Index count)
{
    constexpr Index step = 32 / static_cast<Index>(sizeof(T));
    if (count < step) {
        for (Index i = 0; i < count; ++i) to[i] = from[i];
        return;
    }
    for (Index i = 0; i + step <= count; i += step) std::memcpy(to + i, from + i, 32);
    std::memcpy(to + count - step, from + count - step, 32);
}

/// The patches of x as a matrix (patch_size, places): column j is what the window sees at place j.
template <class T>
void write_patches(const Convolution& c, const Block& block, const T* x, T* patches)
{
    const Index places = block.places(c), stride = c.columns.stride;
    for_each_run(
        c, block,
        [=](Index row, Index place, Index source, Index count) {
            T* const to = patches + row * places + place;
            if (stride == 1) return copy_run(x + source, to, count);
            for (Index j = 0; j < count; ++j) to[j] = x[source + j * stride];
        },
        [=](Index row, Index place, Index count) {
            for (Index j = 0; j < count; ++j) patches[row * places + place + j] = T{0};
        });
}

/// Adds a matrix of patches to where they came from.
template <class T>
void add_patches(const Convolution& c, const Block& block, const T* patches, T* x)
{
    const Index places = block.places(c), stride = c.columns.stride;
    for_each_run(
        c, block,
        [=](Index row, Index place, Index source, Index count) {
            const T* const from = patches + row * places + place;
            if (stride == 1)
                for (Index j = 0; j < count; ++j) x[source + j] += from[j];
            else
                for (Index j = 0; j < count; ++j) x[source + j * stride] += from[j];
        },
        [](Index, Index, Index) {});
}

/// Sizes of one group's arrays, and how its work is cut.
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
    Index rows_of_block = 1;
    /// A window of one element that visits every input: the patches are x itself.
    bool is_pointwise = patch_size == channels && x_plane == y_plane && c.rows.stride == 1 &&
                        c.columns.stride == 1 && c.rows.padding == 0 && c.columns.padding == 0;

    Index places_of_block() const { return rows_of_block * c.columns.output; }

    /// Calls f(block, first element of the group in x, in y, in w) for every block of a sample; that in y is
    /// of the block's first row.
    void for_each_block(Index sample, auto f) const
    {
        for (Index group = 0; group < c.groups; ++group)
            for (Index row = 0; row < c.rows.output; row += rows_of_block) {
                const Block block{channels, filters, row, std::min(rows_of_block, c.rows.output - row)};
                f(block, (sample * c.channels + group * channels) * x_plane,
                  (sample * c.filters + group * filters) * y_plane + row * c.columns.output,
                  group * filters * patch_size);
            }
    }

    /// The patches of a block, in `buffer` unless they are x itself.
    template <class T>
    Matrix<T> patches(const Block& block, const T* x, T* buffer) const
    {
        const Index places = block.places(c);
        if (is_pointwise) return {x + block.first_row * c.columns.output, patch_size, places, x_plane, 1};
        write_patches(c, block, x, buffer);
        return {buffer, patch_size, places, places, 1};
    }
    template <class T>
    Matrix<T> weights(const T* w) const
    {
        return {w, filters, patch_size, patch_size, 1};
    }
    template <class T>
    Matrix<T> outputs(const Block& block, const T* y) const
    {
        return {y, filters, block.places(c), y_plane, 1};
    }

    /// How many samples a thread takes at a time: enough to be worth its while.
    Index samples_of_chunk() const
    {
        constexpr Index enough = Index{1} << 21;  // multiplications
        const Index of_sample = std::max<Index>(1, c.filters * y_plane * patch_size);
        return std::clamp<Index>(enough / of_sample, 1, std::max<Index>(1, c.samples));
    }

    /// Calls f(sample, buffer) for every sample, on any thread; the buffer has room for a block's patches.
    template <class T>
    void for_each_sample(auto f) const
    {
        const Index step = samples_of_chunk();
        for_each_chunk((c.samples + step - 1) / step, [&](Index chunk) {
            Array<T> buffer = room_for_patches<T>();
            const Index end = std::min(c.samples, (chunk + 1) * step);
            for (Index sample = chunk * step; sample < end; ++sample) f(sample, buffer.writable());
        });
    }
    template <class T>
    Array<T> room_for_patches() const
    {
        return Array<T>::uninitialized({is_pointwise ? 0 : patch_size * places_of_block()});
    }
};

}  // namespace

template <class T>
Array<T> convolve(const Convolution& sizes, const Array<T>& x, const Array<T>& w, const Array<T>& bias)
{
    const Plan plan(sizes);
    Array<T> y =
        Array<T>::uninitialized({sizes.samples, sizes.filters, sizes.rows.output, sizes.columns.output});
    plan.for_each_sample<T>([&](Index sample, T* buffer) {
        for (Index filter = 0; filter < sizes.filters; ++filter)
            std::fill_n(y.writable() + (sample * sizes.filters + filter) * plan.y_plane, plan.y_plane,
                        bias.size() > 0 ? bias.data()[filter] : T{0});
        plan.for_each_block(sample, [&](const Block& block, Index in_x, Index in_y, Index in_w) {
            add_product<T>(plan.weights(w.data() + in_w), plan.patches(block, x.data() + in_x, buffer),
                           {y.writable() + in_y, plan.filters, block.places(sizes), plan.y_plane, 1});
        });
    });
    return y;
}

template <class T>
Array<T> convolve_back(const Convolution& sizes, const Array<T>& y, const Array<T>& w)
{
    const Plan plan(sizes);
    Array<T> x =
        Array<T>::filled({sizes.samples, sizes.channels, sizes.rows.input, sizes.columns.input}, T{0});
    plan.for_each_sample<T>([&](Index sample, T* buffer) {
        plan.for_each_block(sample, [&](const Block& block, Index in_x, Index in_y, Index in_w) {
            const Matrix<T> weights = plan.weights(w.data() + in_w);
            const Matrix<T> outputs = plan.outputs(block, y.data() + in_y);
            T* const to = x.writable() + in_x;
            if (plan.is_pointwise)
                return add_product<T>(weights.transposed(), outputs,
                                      {to + block.first_row * sizes.columns.output, plan.patch_size,
                                       outputs.columns, plan.x_plane, 1});
            gemm(weights.transposed(), outputs, buffer);
            add_patches(sizes, block, buffer, to);
        });
    });
    return x;
}

template <class T>
Array<T> correlate(const Convolution& sizes, const Array<T>& x, const Array<T>& y)
{
    // Threads add to sums of their own, as many as follow from the sizes, which are added in order.
    constexpr Index most_parts = 8;
    const Plan plan(sizes);
    const Shape shape{sizes.filters, plan.channels, sizes.rows.window, sizes.columns.window};
    const Index step = std::max(plan.samples_of_chunk(), (sizes.samples + most_parts - 1) / most_parts);
    const Index parts = std::max<Index>(1, (sizes.samples + step - 1) / step);
    std::vector<Array<T>> sums(static_cast<std::size_t>(parts));
    for_each_chunk(parts, [&](Index part) {
        Array<T> sum = Array<T>::filled(shape, T{0}), buffer = plan.room_for_patches<T>();
        for (Index sample = part * step; sample < std::min(sizes.samples, (part + 1) * step); ++sample)
            plan.for_each_block(sample, [&](const Block& block, Index in_x, Index in_y, Index in_w) {
                const Matrix<T> patches = plan.patches(block, x.data() + in_x, buffer.writable());
                add_product<T>(plan.outputs(block, y.data() + in_y), patches.transposed(),
                               {sum.writable() + in_w, plan.filters, plan.patch_size, plan.patch_size, 1});
            });
        sums[static_cast<std::size_t>(part)] = std::move(sum);
    });
    for (std::size_t part = 1; part < sums.size(); ++part)
        for (Index i = 0; i < sums[0].size(); ++i) sums[0].writable()[i] += sums[part].data()[i];
    return sums[0];
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
