# cmake -DFOLDER=<this folder> -DCOMMAND="compiler;flag;…" -P measure.cmake
# How long a user waits. Of several compilations the shortest counts, which the machine's other work disturbs least.

# The milliseconds that file.cpp takes.
function(time_of file variable)
    set(shortest 1000000000)
    foreach(run RANGE 1 5)
        string(TIMESTAMP start "%s%f")
        execute_process(COMMAND ${COMMAND} ${FOLDER}/${file}.cpp COMMAND_ERROR_IS_FATAL ANY)
        string(TIMESTAMP stop "%s%f")
        math(EXPR milliseconds "(${stop} - ${start}) / 1000")
        if(milliseconds LESS shortest)
            set(shortest ${milliseconds})
        endif()
    endforeach()
    set(${variable} ${shortest} PARENT_SCOPE)
endfunction()

time_of(everything everything)
time_of(plain_numbers plain)
time_of(gradient_of_numbers gradient)
math(EXPR most "${plain} * 13 / 10 + 300")

message("Compiled at -O2:")
message("  a file that includes everything   ${everything} ms   at most 5000")
message("  ten lines to a gradient           ${gradient} ms   at most 1.3 x ${plain} (plain double) + 300 = ${most}")
if(everything GREATER 5000 OR gradient GREATER most)
    message(FATAL_ERROR "That is too long.")
endif()
