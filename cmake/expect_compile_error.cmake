# cmake -DSOURCE=file.cpp -DCOMMAND="compiler;flag;…" -P expect_compile_error.cmake
#
# The file must fail to compile, with the text of its line `// expect: text` among the errors. With -DCONTROL, which
# leaves out or mends the misuse, the very same file must compile: so it fails for that reason and no other.
file(STRINGS ${SOURCE} expectation REGEX "^// expect: ")
string(REGEX REPLACE "^// expect: *" "" expected "${expectation}")
if(expected STREQUAL "")
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
string(FIND "${errors}" "${expected}" position)
if(position EQUAL -1)
    message(FATAL_ERROR "Expected the error\n  ${expected}\nbut the compiler says:\n${errors}")
endif()
