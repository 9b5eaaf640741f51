# ONEDNN::ONEDNN. Not by oneDNN's own package configuration: Debian's asks for OpenCL, which its build does not use.

include(FindPackageHandleStandardArgs)
find_path(ONEDNN_INCLUDE_DIR dnnl.h)
find_library(ONEDNN_LIBRARY dnnl)
find_library(ONEDNN_OPENMP_LIBRARY NAMES gomp libgomp.so.1) # the runtime of its threads
mark_as_advanced(ONEDNN_INCLUDE_DIR ONEDNN_LIBRARY ONEDNN_OPENMP_LIBRARY)
find_package_handle_standard_args(ONEDNN
    REQUIRED_VARS ONEDNN_LIBRARY ONEDNN_OPENMP_LIBRARY ONEDNN_INCLUDE_DIR)
if(ONEDNN_FOUND AND NOT TARGET ONEDNN::ONEDNN)
    add_library(ONEDNN::ONEDNN UNKNOWN IMPORTED)
    set_target_properties(ONEDNN::ONEDNN PROPERTIES
        IMPORTED_LOCATION ${ONEDNN_LIBRARY}
        INTERFACE_INCLUDE_DIRECTORIES ${ONEDNN_INCLUDE_DIR}
        INTERFACE_LINK_LIBRARIES ${ONEDNN_OPENMP_LIBRARY})
endif()
