#pragma once

// Read before everything else where Emscripten compiles: what its standard library, Clang's of version 13,
// lacks of C++20 and the library uses. The algorithms are range-v3's.

#include <version>

#if defined(_LIBCPP_VERSION) && _LIBCPP_VERSION < 15000

#include <range/v3/algorithm.hpp>

#include <cstring>
#include <type_traits>

namespace std::ranges {

using namespace ::ranges;  // what std::ranges declares itself comes before it

}

#if !defined(__cpp_lib_bit_cast)

namespace std {

template <class To, class From>
    requires(sizeof(To) == sizeof(From) && is_trivially_copyable_v<To> && is_trivially_copyable_v<From>)
To bit_cast(const From& from)
{
    To to;
    memcpy(&to, &from, sizeof(To));
    return to;
}

}  // namespace std

#endif

#endif
