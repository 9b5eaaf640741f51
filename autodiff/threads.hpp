#pragma once

// The library's threads: the only ones that its kernels, BLAS and oneDNN compute with. How work is divided
// depends on its sizes alone, never on how many threads there are, so that results are the same to the last
// bit.

#include <autodiff/shape.hpp>

namespace autodiff {

/// How many threads large ops compute with, the calling one included. At first as many as the processors that
/// the process may run on. The others are started when first needed, and sleep where there is nothing to do.
int num_threads();
/// @throws LimitError unless 1 <= count <= 256.
void set_num_threads(int count);

namespace detail {

using Chunk = void (*)(const void* work, Index chunk);
void run_chunks(Index count, Chunk chunk, const void* work);

}  // namespace detail

/// Calls work(i) for i = 0 … count - 1, on any thread and in any order; each thread takes the next one when
/// it is through with the last, so that one that is held up by another program holds up nobody else for long.
/// @throws what a call of work throws; then others may be left out.
template <class Work>
void for_each_chunk(Index count, const Work& work)
{
    if (count == 1) return work(Index{0});
    detail::run_chunks(
        count, [](const void* of, Index chunk) { (*static_cast<const Work*>(of))(chunk); }, &work);
}

}  // namespace autodiff
