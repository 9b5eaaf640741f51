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

/// That memory ran out, for which libzip may fail without an error, is no fault of the file.
/// @throws std::bad_alloc
inline void check_memory(int code, int system_code)
{
    constexpr int zlib_memory = -4;  // Z_MEM_ERROR
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const int type = zip_error_system_type(&error);  // what the other code is one of
    zip_error_fini(&error);
    if (code == ZIP_ER_MEMORY || code == ZIP_ER_OK || (type == ZIP_ET_SYS && system_code == ENOMEM) ||
        (type == ZIP_ET_ZLIB && system_code == zlib_memory))
        throw std::bad_alloc();
}
inline void check_memory(zip_error_t* error)
{
    check_memory(zip_error_code_zip(error), zip_error_code_system(error));
}

}  // namespace nn::data
