#include <autodiff/error.hpp>
#include <autodiff/kernels/onednn_memory.hpp>

#if defined(ADJOINT_HAS_ONEDNN)

#include <algorithm>
#include <vector>

namespace autodiff::kernels {

namespace {

using namespace onednn;

Memory::desc described(Index rows, Index columns, const OneDnnOperand& x)
{
    const Memory::dims strides =
        x.transpose == 'N' ? Memory::dims{x.row_length, 1} : Memory::dims{1, x.row_length};
    return {{rows, columns}, Number::f32, strides};
}

/// What a product depends on besides the numbers.
struct Form {
    Index m, n, k;
    char transpose_a, transpose_b;
    Index c_row_length;

    friend bool operator==(const Form&, const Form&) = default;

    /// The operands in bfloat16 lie as those in float do: oneDNN is slow to convert and transpose at a time.
    Memory::desc a() const { return in_bf16(m, k, transpose_a); }
    Memory::desc b() const { return in_bf16(k, n, transpose_b); }
    Memory::desc c() const { return described(m, n, {'N', nullptr, c_row_length}); }

private:
    static Memory::desc in_bf16(Index rows, Index columns, char transpose)
    {
        return onednn::described({rows, columns}, transpose == 'N' ? Layout::ab : Layout::ba, Number::bf16);
    }
};

/// The primitive for products of one form.
struct Product {
    explicit Product(const Form& of) : form(of), primitive({{of.a(), of.b(), of.c()}, engine()}) {}
    Form form;
    dnnl::matmul primitive;
};

/// Those of this thread.
const dnnl::matmul& product_of(const Form& form)
{
    constexpr std::size_t most = 64;
    thread_local std::vector<Product> known;
    const auto found = std::ranges::find(known, form, &Product::form);
    if (found != known.end()) return found->primitive;
    if (known.size() == most) known.erase(known.begin());
    return known.emplace_back(form).primitive;
}

}  // namespace

void onednn_gemm_bf16(Index m, Index n, Index k, const OneDnnOperand& a, const OneDnnOperand& b, float* c,
                      Index c_row_length)
{
    run("matmul", [&](dnnl::stream& stream) {
        const Form form{m, n, k, a.transpose, b.transpose, c_row_length};
        Operand left(described(m, k, a), form.a(), a.data), right(described(k, n, b), form.b(), b.data);
        product_of(form).execute(stream, {{DNNL_ARG_SRC, left.filled(stream)},
                                          {DNNL_ARG_WEIGHTS, right.filled(stream)},
                                          {DNNL_ARG_DST, Memory(form.c(), engine(), c)}});
    });
}

}  // namespace autodiff::kernels

#else

namespace autodiff::kernels {

void onednn_gemm_bf16(Index, Index, Index, const OneDnnOperand&, const OneDnnOperand&, float*, Index)
{
    fail<Error>("matmul: this library was built without oneDNN");
}

}  // namespace autodiff::kernels

#endif
