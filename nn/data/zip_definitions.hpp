#pragma once

// What the sources that use libzip share.

#include <cerrno>
#include <new>
#include <string>
#include <string_view>

#include <zip.h>

namespace nn::data {

/// By which NumPy's archives add to the name of an array.
inline constexpr std::string_view suffix = ".npy";

/// The text of one of libzip's error codes.
inline std::string text_of(int code)
{
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    std::string text = zip_error_strerror(&error);
    zip_error_fini(&error);
    return text;
}

/// That memory ran out, for which libzip may fail without an error or with one that names the file, is no
/// fault of the file. The system's code is errno or zlib's.
/// @throws std::bad_alloc
inline void check_memory(int code, int system_code)
{
    constexpr int zlib_memory = -4;  // Z_MEM_ERROR
    if (code == ZIP_ER_MEMORY || code == ZIP_ER_OK || system_code == ENOMEM ||
        (code == ZIP_ER_ZLIB && system_code == zlib_memory))
        throw std::bad_alloc();
}
inline void check_memory(zip_error_t* error)
{
    const int type = zip_error_system_type(error);  // newer versions keep numbers of their own there, too
    const bool is_of_system = type == ZIP_ET_SYS || type == ZIP_ET_ZLIB;
    check_memory(zip_error_code_zip(error), is_of_system ? zip_error_code_system(error) : 0);
}

}  // namespace nn::data
