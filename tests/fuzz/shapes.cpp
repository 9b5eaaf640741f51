// Arithmetic with shapes: ops on tensors whose sizes are small or near the ends of what can be counted. An op
// gives a result that has as many elements as its shape says, all of them readable, or an Error; a size that
// can be counted but not kept in memory is a std::bad_alloc.

#include <memory/counted.hpp>
#include "target.hpp"

#include <autodiff/autodiff.hpp>

#include <array>
#include <limits>
#include <new>
#include <typeinfo>

namespace autodiff::tests {

namespace {

constexpr Index largest = std::numeric_limits<Index>::max(), least = std::numeric_limits<Index>::min();
constexpr std::array<Index, 24> sizes{
    0,        1,        2,        3,        4,       5,           1,        2,
    3,        -1,       -2,       7,        1 << 16, 1L << 31,    1L << 32, (1L << 32) + 1,
    1L << 40, 1L << 60, 1L << 61, 1L << 62, largest, largest - 1, least,    least + 1};
/// What an op may compute with; only looking at more takes no time.
constexpr Index computable = 1 << 12;

template <class T>
class Machine {
public:
    explicit Machine(std::string_view input) : choices_(input)
    {
        pool_ = {Tensor<T>(1), Tensor<T>{{1, 2, 3}, {4, 5, 6}}, Tensor<T>::ones({1, 2, 3, 4}),
                 Tensor<T>::ones({3, 2, 2, 2}), Tensor<T>::zeros({0, 3})};
    }

    void run()
    {
        constexpr std::size_t steps = 12;
        for (std::size_t i = 0; i < steps && !choices_.rest().empty(); ++i) step();
    }

private:
    void step()
    {
        constexpr std::array ops{
            &Machine::stretch,   &Machine::reshaped, &Machine::permuted, &Machine::sliced,
            &Machine::joined,    &Machine::stacked,  &Machine::added,    &Machine::multiplied,
            &Machine::convolved, &Machine::taken,    &Machine::padded,   &Machine::parted,
            &Machine::made,      &Machine::pooled,   &Machine::reranked, &Machine::flipped,
            &Machine::reduced,   &Machine::selected, &Machine::undone};
        const std::size_t op = choices_.below(ops.size());
        const LargestRequest limit(std::size_t{1} << 22);
        hostile_ = false;
        try {
            keep((this->*ops[op])());
        } catch (const Error&) {
        } catch (const std::bad_alloc&) {
            demand(hostile_ || limit.refused() > 0, "std::bad_alloc for a small result in op {}", op);
        } catch (const std::exception& error) {
            if (dynamic_cast<const Violation*>(&error)) throw;
            throw Violation(fmt::format("{} from op {}: {}", typeid(error).name(), op, error.what()));
        }
    }

    Tensor<T> stretch() { return broadcast_to(operand(), shape()); }
    Tensor<T> reshaped() { return reshape(operand(), shape()); }
    Tensor<T> permuted() { return permute(operand(), shape()); }
    Tensor<T> sliced()
    {
        Slice positions{.step = size()};
        if (choices_.below(2)) positions.start = size();
        if (choices_.below(2)) positions.stop = size();
        return slice(operand(), positions, size());
    }
    Tensor<T> joined() { return concatenate({operand(), operand(), operand()}, size()); }
    Tensor<T> stacked() { return stack({operand(), operand()}, size()); }
    Tensor<T> added() { return operand() + operand(); }
    Tensor<T> multiplied()
    {
        const Tensor<T> a = operand(), b = operand();
        hostile_ |= a.size() == 0 || b.size() == 0;  // the product of nothing with nothing may be large
        return can_compute(a) && can_compute(b) ? matmul(a, b) : outer(a, b);
    }
    Tensor<T> convolved()
    {
        const Tensor<T> x = operand(), w = operand();
        const ConvolutionOptions options{
            .stride = pair(), .padding = pair(), .dilation = pair(), .groups = size()};
        if (!can_compute(x) || !can_compute(w)) return x;
        return choices_.below(2) ? conv2d(x, w, options) : conv_transpose2d(x, w, options, pair());
    }
    Tensor<T> taken()
    {
        const Tensor<T> x = operand();
        const IndexArray positions = indices();
        switch (choices_.below(3)) {
            case 0: return take(x, positions, size());
            case 1: return gather(x, positions, size());
            default: return scatter_add(x, positions, operand(), size());
        }
    }
    Tensor<T> padded()
    {
        const Tensor<T> x = operand();
        std::vector<Padding> padding(x.rank());
        double elements = 1;
        for (std::size_t axis = 0; axis < x.rank(); ++axis) {
            padding[axis] = {size(), size()};
            elements *= static_cast<double>(x.size(axis)) + static_cast<double>(padding[axis].before) +
                        static_cast<double>(padding[axis].after);
        }
        hostile_ |= elements > computable;  // little on each of many axes
        return pad(x, padding);
    }
    Tensor<T> parted()
    {
        const Tensor<T> x = operand();
        std::vector<Tensor<T>> parts;
        if (choices_.below(2)) parts = split(x, size(), size());
        else parts = split_sizes(x, {size(), size(), size()}, size());
        return parts.empty() ? x : parts.back();
    }
    Tensor<T> made()
    {
        switch (choices_.below(7)) {
            case 0: return Tensor<T>::filled(shape(), 2);
            case 1: return eye<T>(size(), size());
            case 2: return linspace<T>(0, 1, size());
            case 3: return one_hot<T>(indices(), size());
            case 4: return arange<T>(static_cast<T>(size()), static_cast<T>(size()), static_cast<T>(size()));
            case 5: return uniform<T>(Key(1), shape());
            default: return one_hot<T>(randint(Key(2), shape(), size(), size()), size());
        }
    }
    Tensor<T> pooled()
    {
        const Tensor<T> x = operand();
        const RowsColumns window = pair();
        const PoolingOptions options{.stride = pair(), .padding = pair(), .dilation = pair()};
        if (!can_compute(x)) return x;
        return choices_.below(2) ? max_pool2d(x, window, options) : avg_pool2d(x, window, options);
    }
    Tensor<T> reranked()
    {
        switch (choices_.below(3)) {
            case 0: return squeeze(operand(), shape());
            case 1: return unsqueeze(operand(), shape());
            default: return flatten(operand(), size());
        }
    }
    Tensor<T> flipped()
    {
        return choices_.below(2) ? flip(operand(), shape()) : swap_axes(operand(), size(), size());
    }
    Tensor<T> reduced()
    {
        const Tensor<T> x = operand();
        hostile_ |= x.size() == 0;  // as may be its sums
        return can_compute(x) ? sum(x, shape()) : x;
    }
    Tensor<T> selected() { return select(operand(), size(), size()); }
    Tensor<T> undone()
    {
        const Tensor<T> x = operand();
        return can_compute(x) ? sum_to_shape(x, shape()) : x;
    }

    Tensor<T> operand()
    {
        const Tensor<T>& x = pool_[choices_.below(pool_.size())];
        hostile_ |= x.size() > computable;  // a view of few elements that stands for many
        return x;
    }
    Index size()
    {
        const Index chosen = sizes[choices_.below(sizes.size())];
        hostile_ |= chosen > computable || chosen < -computable;
        return chosen;
    }
    Shape shape()
    {
        Shape chosen;
        for (std::size_t rank = choices_.below(7); rank > 0; --rank) chosen.push_back(size());
        return chosen;
    }
    RowsColumns pair() { return choices_.below(2) ? RowsColumns(size(), size()) : RowsColumns(1); }
    IndexArray indices()
    {
        const Index a = size(), b = size();
        return choices_.below(2) ? IndexArray({2, 1}, {a, b}) : IndexArray({2}, {a, b});
    }
    static bool can_compute(const Tensor<T>& x) { return x.size() <= computable; }

    /// Checks a result and makes it an operand of later steps.
    void keep(const Tensor<T>& result)
    {
        __extension__ __int128 count = 1;
        for (const Index size : result.shape()) {
            demand(size >= 0, "a result of shape {}", result.shape());
            count *= size;
        }
        demand(count == result.size(), "a result of shape {} with {} elements", result.shape(),
               result.size());
        if (result.size() <= computable)
            for (const T element : result.to_vector()) sum_ = sum_ + element;
        constexpr std::size_t most = 12;
        if (pool_.size() < most) pool_.push_back(result);
        else pool_[next_++ % most] = result;
    }

    Choices choices_;
    std::vector<Tensor<T>> pool_;
    std::size_t next_ = 0;
    bool hostile_ = false;
    volatile T sum_ = 0;  // so that the elements are read
};

void run(std::string_view input)
{
    pool_limit(0);
    set_num_threads(1);  // a thread that is started keeps memory
    // So does oneDNN: the kernels that it makes at the first large product.
    static const Tensor<float> large =
        matmul(Tensor<float>::zeros({300, 300}), Tensor<float>::zeros({300, 300}));
    const std::size_t before = live_bytes();
    if (input.starts_with('f')) Machine<float>(input.substr(1)).run();
    else Machine<double>(input).run();
    demand(live_bytes() == before, "{} bytes are not given back", live_bytes() - before);
}

std::vector<std::string> seeds()
{
    std::vector<std::string> list;
    // Each op on both kinds of numbers, with sizes that are small and with some that are not.
    for (const std::string& kind : {std::string(), std::string("f")})
        for (char op = 0; op < 19; ++op)
            for (const std::string_view arguments : {std::string_view("\1\2\1\2\3\2\1\2\3\2\1", 11),
                                                     std::string_view("\0\4\22\23\1\24\2\21\25\22\1", 11),
                                                     std::string_view("\2\1\1\3\1\0\0\1\2\26\0", 11)})
                list.push_back(kind + op + std::string(arguments));
    return list;
}

}  // namespace

const Target shapes_target{"shapes", run, seeds};

}  // namespace autodiff::tests
