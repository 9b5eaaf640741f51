# What a build of the project itself gets when its caller says nothing. A parent project decides for itself.
include(GNUInstallDirs)

if(PROJECT_IS_TOP_LEVEL)
    get_property(multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
    if(NOT CMAKE_BUILD_TYPE AND NOT multi_config)
        set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
    endif()

    find_program(CCACHE ccache)
    mark_as_advanced(CCACHE)
    if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
        # Precompiled headers hide their macros and times from ccache; it has to be told that this is fine.
        set(CMAKE_CXX_COMPILER_LAUNCHER
            ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
    endif()
endif()
