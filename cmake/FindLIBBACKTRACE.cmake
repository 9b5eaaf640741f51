# LIBBACKTRACE::LIBBACKTRACE, which reads debug information. It comes with GCC, in a folder of the compiler's own that
# only GCC searches. No include directory is added for others: clang must not find GCC's other headers there first.
include(FindPackageHandleStandardArgs)

file(GLOB _gcc LIST_DIRECTORIES true /usr/lib/gcc/${CMAKE_LIBRARY_ARCHITECTURE}/*)
list(SORT _gcc COMPARE NATURAL ORDER DESCENDING)
list(TRANSFORM _gcc APPEND /include OUTPUT_VARIABLE _gcc_include)
find_path(LIBBACKTRACE_INCLUDE_DIR backtrace.h HINTS ${_gcc_include})
find_library(LIBBACKTRACE_LIBRARY backtrace HINTS ${_gcc})
unset(_gcc)
unset(_gcc_include)
mark_as_advanced(LIBBACKTRACE_INCLUDE_DIR LIBBACKTRACE_LIBRARY)

find_package_handle_standard_args(LIBBACKTRACE REQUIRED_VARS LIBBACKTRACE_LIBRARY LIBBACKTRACE_INCLUDE_DIR)
if(LIBBACKTRACE_FOUND AND NOT TARGET LIBBACKTRACE::LIBBACKTRACE)
    add_library(LIBBACKTRACE::LIBBACKTRACE UNKNOWN IMPORTED)
    set_target_properties(LIBBACKTRACE::LIBBACKTRACE PROPERTIES
        IMPORTED_LOCATION ${LIBBACKTRACE_LIBRARY})
endif()
