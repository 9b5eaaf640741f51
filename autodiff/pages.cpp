#include <autodiff/pages.hpp>

#if defined(__linux__)

#include <sys/mman.h>

#if !defined(MAP_FIXED_NOREPLACE)  // glibc before 2.27
#define MAP_FIXED_NOREPLACE 0x100000
#endif

namespace autodiff::detail {

char* take_pages(std::size_t bytes, char* wanted) noexcept
{
    const int place = wanted ? MAP_FIXED_NOREPLACE : 0;
    void* const pages =
        ::mmap(wanted, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | place, -1, 0);
    if (pages == MAP_FAILED) return nullptr;
    if (!wanted || pages == wanted) return static_cast<char*>(pages);
    ::munmap(pages, bytes);  // an old system, which takes the place for a wish
    return nullptr;
}

bool give_back_pages(void* pages, std::size_t bytes) noexcept { return ::munmap(pages, bytes) == 0; }

}  // namespace autodiff::detail

#endif
