# The package `adjoint`: libraries, headers, and what find_package(adjoint) reads.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/adjoint)

install(TARGETS adjoint_autodiff adjoint_nn
    EXPORT adjoint-targets
    FILE_SET HEADERS)
install(EXPORT adjoint-targets NAMESPACE adjoint:: DESTINATION ${package_dir})

write_basic_package_version_file(${PROJECT_BINARY_DIR}/adjoint-config-version.cmake
    COMPATIBILITY SameMinorVersion)
configure_file(${PROJECT_SOURCE_DIR}/cmake/adjoint-config.cmake.in ${PROJECT_BINARY_DIR}/adjoint-config.cmake @ONLY)
install(FILES
    ${PROJECT_BINARY_DIR}/adjoint-config.cmake
    ${PROJECT_BINARY_DIR}/adjoint-config-version.cmake
    ${PROJECT_SOURCE_DIR}/cmake/FindCBLAS.cmake
    ${PROJECT_SOURCE_DIR}/cmake/FindLAPACKE.cmake
    ${PROJECT_SOURCE_DIR}/cmake/FindLIBBACKTRACE.cmake
    ${PROJECT_SOURCE_DIR}/cmake/FindLIBZIP.cmake
    ${PROJECT_SOURCE_DIR}/cmake/FindONEDNN.cmake
    DESTINATION ${package_dir})
