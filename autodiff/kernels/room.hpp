#pragma once

// OpenBLAS and oneDNN do not survive that memory runs out. The first waits for ever for the buffer that a
// call works in, the second calls machine code that it had no memory to write. So before they ask for such
// memory it is asked for here: what then fails is std::bad_alloc.

#include <cstddef>

namespace autodiff::kernels {

/// Whether the process may map so many bytes of addresses only (ulimit -v).
bool address_space_is_limited() noexcept;

/// Whether so many bytes more can be mapped now.
bool has_room(std::size_t bytes) noexcept;

/// For what oneDNN compiles: some 6 MiB at its first product, 1 MiB for a convolution, in version 2.6.
/// @throws std::bad_alloc if the address space is limited and has no more room than that.
void require_room_for_onednn();

/// While it lives, the calling thread may call BLAS or LAPACK once: OpenBLAS has a buffer for it. OpenBLAS
/// keeps its buffers, so it is asked for one only when more threads call it at once than ever before.
class BlasCall {
public:
    /// @throws std::bad_alloc if there is no room for a buffer.
    BlasCall();
    ~BlasCall();
    BlasCall(const BlasCall&) = delete;
    BlasCall& operator=(const BlasCall&) = delete;
};

}  // namespace autodiff::kernels
