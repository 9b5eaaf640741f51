# LIBZIP::LIBZIP. Not by libzip's own package configuration: Debian's names programs that another package installs.
include(FindPackageHandleStandardArgs)

find_path(LIBZIP_INCLUDE_DIR zip.h)
find_library(LIBZIP_LIBRARY zip)
mark_as_advanced(LIBZIP_INCLUDE_DIR LIBZIP_LIBRARY)

find_package_handle_standard_args(LIBZIP REQUIRED_VARS LIBZIP_LIBRARY LIBZIP_INCLUDE_DIR)
if(LIBZIP_FOUND AND NOT TARGET LIBZIP::LIBZIP)
    add_library(LIBZIP::LIBZIP UNKNOWN IMPORTED)
    set_target_properties(LIBZIP::LIBZIP PROPERTIES
        IMPORTED_LOCATION ${LIBZIP_LIBRARY}
        INTERFACE_INCLUDE_DIRECTORIES ${LIBZIP_INCLUDE_DIR})
endif()
