# adjoint_compile_options(TARGET): the language and the warnings of everything that is built here.
function(adjoint_compile_options target)
    target_compile_features(${target} PUBLIC cxx_std_20)
    set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
    target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
    if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
        target_compile_options(${target} PRIVATE -Wno-restrict) # wrong for "text" + string: GCC bug 105329
    endif()
    if(ADJOINT_WARNINGS_AS_ERRORS)
        target_compile_options(${target} PRIVATE -Werror)
    endif()
endfunction()

# adjoint_library(NAME): the library adjoint::NAME from all sources and headers below the current folder.
# Its headers are included as they lie in the repository, <NAME/…hpp>, before and after installation.
function(adjoint_library name)
    set(target adjoint_${name})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS *.cpp)
    file(GLOB_RECURSE headers CONFIGURE_DEPENDS *.hpp)
    list(FILTER headers EXCLUDE REGEX "_definitions\\.hpp$") # what only sources include
    if(NOT sources) # header-only so far: a library still needs one object
        set(sources ${CMAKE_CURRENT_BINARY_DIR}/empty.cpp)
        file(TOUCH ${sources})
    endif()

    add_library(${target} ${sources})
    add_library(adjoint::${name} ALIAS ${target})
    target_sources(${target} PUBLIC
        FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${headers})
    set_target_properties(${target} PROPERTIES
        EXPORT_NAME ${name}
        VERSION ${PROJECT_VERSION}
        SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
        VERIFY_INTERFACE_HEADER_SETS ON)
    adjoint_compile_options(${target})
    # The library reads neither errno nor the floating-point exception flags; users may.
    target_compile_options(${target} PRIVATE -fno-math-errno -fno-trapping-math)
endfunction()

# adjoint_user_command(VARIABLE TARGET): how a user's code that links TARGET is compiled, without optimisation or
# warnings: compiler and flags, as a list for the command of a test or target.
function(adjoint_user_command variable target)
    set(includes $<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>)
    set(definitions $<TARGET_PROPERTY:${target},COMPILE_DEFINITIONS>)
    set(options $<TARGET_PROPERTY:${target},COMPILE_OPTIONS>)
    set(${variable}
        ${CMAKE_CXX_COMPILER} -std=c++20
        "$<$<BOOL:${includes}>:-I$<JOIN:${includes},;-I>>"
        "$<$<BOOL:${definitions}>:-D$<JOIN:${definitions},;-D>>"
        "${options}"
        PARENT_SCOPE)
endfunction()
