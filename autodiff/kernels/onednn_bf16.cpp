#include <autodiff/error.hpp>
#include <autodiff/kernels/onednn_memory.hpp>

#if defined(ADJOINT_HAS_ONEDNN)

#include <memory>
#include <vector>

namespace autodiff::kernels {

namespace {

using namespace onednn;

/// The primitive for products of one size.
struct Product {
    Product(Index rows, Index columns, Index inner)
        : m(rows),
          n(columns),
          k(inner),
          description({described({m, k}, Layout::any, Number::bf16),
                       described({k, n}, Layout::any, Number::bf16), described({m, n}, Layout::any)},
                      engine()),
          primitive(description)
    {
    }
    Index m, n, k;
    dnnl::matmul::primitive_desc description;
    dnnl::matmul primitive;
};

/// Those of this thread.
const Product& product_of(Index m, Index n, Index k)
{
    constexpr std::size_t most = 64;
    thread_local std::vector<std::unique_ptr<Product>> known;
    for (const auto& each : known)
        if (each->m == m && each->n == n && each->k == k) return *each;
    if (known.size() == most) known.erase(known.begin());
    return *known.emplace_back(std::make_unique<Product>(m, n, k));
}

Memory::desc described(Index rows, Index columns, const OneDnnOperand& x)
{
    const Memory::dims strides =
        x.transpose == 'N' ? Memory::dims{x.row_length, 1} : Memory::dims{1, x.row_length};
    return {{rows, columns}, Number::f32, strides};
}

}  // namespace

void onednn_gemm_bf16(Index m, Index n, Index k, const OneDnnOperand& a, const OneDnnOperand& b, float* c,
                      Index c_row_length)
{
    run("matmul", [&](dnnl::stream& stream) {
        const Product& product = product_of(m, n, k);
        Operand left(described(m, k, a), product.description.src_desc(), a.data),
            right(described(k, n, b), product.description.weights_desc(), b.data),
            result({{m, n}, Number::f32, Memory::dims{c_row_length, 1}}, product.description.dst_desc(), c);
        product.primitive.execute(stream, {{DNNL_ARG_SRC, left.filled(stream)},
                                           {DNNL_ARG_WEIGHTS, right.filled(stream)},
                                           {DNNL_ARG_DST, result.empty()}});
        result.take(stream);
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
