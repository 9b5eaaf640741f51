// Arithmetic with shapes: ops on tensors whose sizes are small or near the ends of what can be counted, and
// their gradients. An op gives a result that has as many elements as its shape says, all of them readable, or
// an Error; a size that can be counted but not kept in memory is a std::bad_alloc. The gradient of the sum of
// a result has the shapes of the operands, and is finite where they and the result are ordinary numbers.

#include <memory/counted.hpp>
#include "shape_math.hpp"
#include "shape_moves.hpp"

#include <exception>
#include <new>
#include <thread>
#include <typeinfo>

namespace autodiff::tests {

namespace {

template <class T>
class Machine {
public:
    explicit Machine(std::string_view input) : draw_(input)
    {
        pool_ = {Tensor<T>(1), Tensor<T>{{1, 2, 3}, {4, 5, 6}}, Tensor<T>::ones({1, 2, 3, 4}),
                 Tensor<T>::ones({3, 2, 2, 2}), Tensor<T>::zeros({0, 3})};
    }

    void run()
    {
        constexpr std::size_t steps = 12;
        for (std::size_t i = 0; i < steps && !draw_.is_empty(); ++i) step();
    }

private:
    void step()
    {
        constexpr std::array ops{stretched_out<T>, reshaped<T>, permuted<T>,        sliced<T>,
                                 joined<T>,        stacked<T>,  added<T>,           multiplied<T>,
                                 convolved<T>,     taken<T>,    padded<T>,          parted<T>,
                                 made<T>,          pooled<T>,   reranked<T>,        flipped<T>,
                                 summed<T>,        selected<T>, summed_to_shape<T>, reduced<T>,
                                 normalized<T>,    ordered<T>,  triangled<T>,       summed_by_notation<T>,
                                 solved<T>,        combined<T>};
        const auto op = ops[draw_.below(ops.size())];
        const LargestRequest limit(std::size_t{1} << 22);
        // What is too large to compute with stays a constant.
        std::vector<Tensor<T>> small;
        for (const Tensor<T>& x : pool_) small.push_back(can_compute(x) ? x : Tensor<T>(0));
        try {
            Trace<T> trace(small);
            std::vector<Tensor<T>> operands = trace.variables();
            for (std::size_t i = 0; i < pool_.size(); ++i)
                if (!can_compute(pool_[i])) operands[i] = pool_[i];
            draw_.begin(operands);
            Tensor<T> result;
            {
                const auto running = trace.running();
                result = op(draw_);
            }
            result = trace.finish(result);
            if (can_compute(result)) differentiate(trace, small, result);
            keep(result);
        } catch (const Error&) {
        } catch (const std::bad_alloc&) {
            demand(draw_.is_hostile() || limit.refused() > 0, "std::bad_alloc for a small result of {}",
                   draw_.op());
        } catch (const std::exception& error) {
            if (dynamic_cast<const Violation*>(&error)) throw;
            throw Violation(fmt::format("{} from {}: {}", typeid(error).name(), draw_.op(), error.what()));
        }
    }

    /// The gradient of the sum of the result.
    void differentiate(const Trace<T>& trace, const std::vector<Tensor<T>>& x, const Tensor<T>& result)
    {
        const std::vector<Tensor<T>> x_bar = trace.pull(Tensor<T>::ones(result.shape()));
        demand(x_bar.size() == x.size(), "{} gradients of {} operands", x_bar.size(), x.size());
        const bool is_tame = draw_.is_tame() &&
                             std::ranges::all_of(result.to_vector(), [](T y) { return std::abs(y) < 1000; });
        for (std::size_t i = 0; i < x.size(); ++i) {
            demand(x_bar[i].shape() == x[i].shape(), "{}: a gradient of shape {} for an operand of shape {}",
                   draw_.op(), x_bar[i].shape(), x[i].shape());
            for (const T element : x_bar[i].to_vector())
                demand(std::isfinite(element) || !is_tame, "{}: {} in the gradient of ordinary numbers",
                       draw_.op(), element);
        }
        draw_.was_differentiated();
    }

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
        if (can_compute(result))
            for (const T element : result.to_vector()) sum_ = sum_ + element;
        constexpr std::size_t most = 12;
        if (pool_.size() < most) pool_.push_back(result);
        else pool_[next_++ % most] = result;
    }

    ShapeDraw<T> draw_;
    std::vector<Tensor<T>> pool_;
    std::size_t next_ = 0;
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
    std::exception_ptr failure;
    // A thread keeps the tapes that it has used, until it ends.
    std::thread([&] {
        try {
            if (input.starts_with('f')) Machine<float>(input.substr(1)).run();
            else Machine<double>(input).run();
        } catch (...) {
            failure = std::current_exception();
        }
    }).join();
    if (failure) std::rethrow_exception(failure);
    demand(live_bytes() == before, "{} bytes are not given back", live_bytes() - before);
}

/// A string literal with its zeros.
template <std::size_t N>
std::string bytes(const char (&text)[N])
{
    return {text, N - 1};
}

/// Steps that have a result, for the ops that need more than luck to have one.
std::vector<std::string> fitting()
{
    const std::string row =
        bytes("\x11\1\0\0");  // of three elements, the first operand that is not there yet
    return {
        bytes("\4\1\1\1\0"),                              // concatenate
        bytes("\5\1\1\0"),                                // stack
        bytes("\x08\3\3\0\0\0\1\1"),                      // conv2d
        bytes("\1\3\4\2\3\2\2\x08\2\5\0\0\0\1\0\1\0\0"),  // conv_transpose2d, by reshaped filters
        bytes("\x09\1\0\1\0\0\0"),                        // take
        bytes("\x0c\0\2\2\1\x09\1\0\1\1\2\5\1"),          // scatter_add, of updates that are made first
        bytes("\x0b\1\0\1\0\2\1"),                        // split_sizes
        bytes("\x0c\3\0\1\0\3"),                          // one_hot
        bytes("\x0d\2\1\2\2\0\1\0\0\0\1"),                // max_pool2d
        bytes("\x0d\2\1\2\2\0\1\0\0\0\0"),                // avg_pool2d
        bytes("\x0e\0\2\1\0"),                            // squeeze
        bytes("\x0f\0\1\0\1"),                            // swap_axes
        row + bytes("\x14\2\1\5\5"),                      // layer_norm
        row + bytes("\x14\3\1\5\5"),                      // batch_norm
    };
}

std::vector<std::string> seeds()
{
    std::vector<std::string> list;
    // A row and a column of an operand, and a matrix.
    const std::string operands = bytes("\x11\1\0\0\x11\1\0\1\x0c\1\2\2");
    for (const std::string& kind : {std::string(), std::string("f")}) {
        for (const std::string& steps : fitting()) list.push_back(kind + steps);
        // Each op with sizes that are small and with some that are not.
        for (char op = 0; op < 26; ++op)
            for (const std::string& arguments :
                 {bytes("\1\2\1\2\3\2\1\2\3\2\1"), bytes("\0\4\22\23\1\24\2\21\25\22\1"),
                  bytes("\2\1\1\3\1\0\0\1\2\26\0")})
                list.push_back(kind + op + arguments);
        // Each of the kinds that the later ones are of, on each operand.
        for (char op = 19; op < 26; ++op)
            for (char choice = 0; choice < 12; ++choice)
                for (char operand = 0; operand < 8; ++operand)
                    for (const std::string& rest :
                         {bytes("\0\1\0\0"), bytes("\5\6\5\5"), bytes("\1\5\6\1"), bytes("\7\6\7\0")})
                        list.push_back(kind + operands + op + choice + operand + rest);
    }
    return list;
}

}  // namespace

const Target shapes_target{"shapes", run, seeds};

}  // namespace autodiff::tests
