#pragma once

// What primitives of oneDNN compute on, and how they are run: for the files that use them, not for others.

#include <autodiff/array.hpp>
#include <autodiff/error.hpp>
#include <autodiff/kernels/onednn.hpp>
#include <autodiff/kernels/room.hpp>

#if defined(ADJOINT_HAS_ONEDNN)

#include <dnnl.hpp>

namespace autodiff::kernels::onednn {

using Memory = dnnl::memory;
using Layout = Memory::format_tag;
using Number = Memory::data_type;

inline const dnnl::engine& engine()
{
    static const dnnl::engine cpu(dnnl::engine::kind::cpu, 0);
    return cpu;
}

inline Memory::desc described(const Memory::dims& dims, Layout layout, Number number = Number::f32)
{
    return {dims, number, layout};
}

/// Floats as they lie in memory, and in the layout and kind of number that a primitive wants.
class Operand {
public:
    Operand(const Memory::desc& ours, const Memory::desc& wanted, const float* data)
        : ours_(ours, engine(), const_cast<float*>(data)),
          wanted_(ours_)  // oneDNN has no memory of constants
    {
        if (ours == wanted) return;
        copy_ = Array<float>::uninitialized(
            {static_cast<Index>((wanted.get_size() + sizeof(float) - 1) / sizeof(float))});
        wanted_ = Memory(wanted, engine(), copy_.writable());
    }

    /// For one that is read: with its values.
    const Memory& filled(dnnl::stream& stream)
    {
        if (copy_.size() > 0) dnnl::reorder(ours_, wanted_).execute(stream, ours_, wanted_);
        return wanted_;
    }
    /// For one that is written: before and after.
    const Memory& empty() const { return wanted_; }
    void take(dnnl::stream& stream)
    {
        if (copy_.size() > 0) dnnl::reorder(wanted_, ours_).execute(stream, wanted_, ours_);
    }

private:
    Memory ours_, wanted_;
    Array<float> copy_;
};

/// Calls f(stream) in this thread alone.
void run(const char* op, auto f)
{
    require_room_for_onednn();  // primitives compile when they are made, and which are made oneDNN decides
    const OneOpenMpThread alone;
    try {
        dnnl::stream stream(engine());
        f(stream);
        stream.wait();
    } catch (const dnnl::error& error) {
        if (error.status == dnnl_out_of_memory) throw std::bad_alloc();
        fail<Error>("{}: oneDNN refused it: {}", op, error.message);
    }
}

}  // namespace autodiff::kernels::onednn

#endif
