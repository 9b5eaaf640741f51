# CBLAS::CBLAS, the C interface to BLAS: inside the BLAS library (OpenBLAS, MKL, …) or beside it (Netlib).
# BLA_VENDOR chooses another BLAS than OpenBLAS.
include(FindPackageHandleStandardArgs)
include(CheckLibraryExists)

set(_cblas_vendor "${BLA_VENDOR}")
if(NOT BLA_VENDOR)
    set(BLA_VENDOR OpenBLAS)
    find_package(BLAS QUIET)
    if(NOT BLAS_FOUND)
        set(BLA_VENDOR All)
    endif()
endif()
find_package(BLAS QUIET)
set(BLA_VENDOR "${_cblas_vendor}")
unset(_cblas_vendor)

find_path(CBLAS_INCLUDE_DIR cblas.h PATH_SUFFIXES openblas cblas)
if(BLAS_FOUND)
    check_library_exists("${BLAS_LIBRARIES}" cblas_dgemm "" CBLAS_IN_BLAS)
    if(CBLAS_IN_BLAS)
        list(GET BLAS_LIBRARIES 0 CBLAS_LIBRARY)
    else()
        find_library(CBLAS_LIBRARY cblas)
    endif()
endif()
mark_as_advanced(CBLAS_INCLUDE_DIR CBLAS_LIBRARY)

find_package_handle_standard_args(CBLAS REQUIRED_VARS CBLAS_LIBRARY CBLAS_INCLUDE_DIR BLAS_FOUND)
if(CBLAS_FOUND AND NOT TARGET CBLAS::CBLAS)
    add_library(CBLAS::CBLAS UNKNOWN IMPORTED)
    set_target_properties(CBLAS::CBLAS PROPERTIES
        IMPORTED_LOCATION ${CBLAS_LIBRARY}
        INTERFACE_INCLUDE_DIRECTORIES ${CBLAS_INCLUDE_DIR}
        INTERFACE_LINK_LIBRARIES BLAS::BLAS)
endif()
