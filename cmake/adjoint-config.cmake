# find_package(adjoint): targets adjoint::autodiff and adjoint::nn.
include(CMakeFindDependencyMacro)
list(PREPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR}) # FindCBLAS, FindLAPACKE

find_dependency(fmt)
find_dependency(range-v3)
find_dependency(Threads)
find_dependency(CBLAS)
find_dependency(LAPACKE)

list(POP_FRONT CMAKE_MODULE_PATH)
include(${CMAKE_CURRENT_LIST_DIR}/adjoint-targets.cmake)
