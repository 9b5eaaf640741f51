# cmake -DSOURCE=file.cpp -DCOMMAND="compiler;flag;…" -P expect_compile_error.cmake
#
# The file must fail to compile, with the text of its line `// expect: text` (of one of them, where compilers differ) in
# the first error. With -DCONTROL, which leaves out or mends the misuse, the very same file must compile: so it fails
# for that reason and no other.
file(STRINGS ${SOURCE} expectations REGEX "^// expect: ")
if(expectations STREQUAL "")
    message(FATAL_ERROR "${SOURCE} has no line `// expect: text`")
endif()

execute_process(COMMAND ${COMMAND} -DCONTROL ${SOURCE} RESULT_VARIABLE failed ERROR_VARIABLE errors)
if(failed)
    message(FATAL_ERROR "With -DCONTROL this should compile:\n${errors}")
endif()

execute_process(COMMAND ${COMMAND} ${SOURCE} RESULT_VARIABLE failed ERROR_VARIABLE errors)
if(NOT failed)
    message(FATAL_ERROR "This should not compile, but does")
endif()
string(REGEX MATCH "error: [^\n]*" first_error "${errors}")
foreach(expectation IN LISTS expectations)
    string(REGEX REPLACE "^// expect: *" "" expected "${expectation}")
    string(FIND "${first_error}" "${expected}" position)
    if(NOT position EQUAL -1)
        return()
    endif()
endforeach()
message(FATAL_ERROR "Expected\n  ${expectations}\nin the first error, but the compiler says:\n${errors}")
