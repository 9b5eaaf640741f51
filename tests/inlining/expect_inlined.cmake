# Compiles SOURCE by COMMAND to OBJECT, in which NM must find no function of numbers side by side but the kernels
# themselves:
#   cmake -DCOMMAND=… -DSOURCE=… -DOBJECT=… -DNM=… -P expect_inlined.cmake
execute_process(COMMAND ${COMMAND} -c ${SOURCE} -o ${OBJECT} RESULT_VARIABLE failed ERROR_VARIABLE errors)
if(failed)
    message(FATAL_ERROR "${SOURCE} does not compile:\n${errors}")
endif()
execute_process(COMMAND ${NM} -C --defined-only ${OBJECT} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]*operator\\(\\)<[^\n]*Batch<[^\n]*" called "${symbols}")
if(called)
    list(LENGTH called count)
    list(JOIN called "\n" called)
    message(FATAL_ERROR "${count} functions are called by kernels, not inlined:\n${called}")
endif()
string(FIND "${symbols}" "run_avx512" found)
if(found EQUAL -1)
    message(FATAL_ERROR "${OBJECT} has no kernels at all")
endif()
