# cmake -DFOLDER=<this folder> -DCOMMAND="compiler;flag;…" -DPROGRAM=<training_program, linked> -P measure.cmake
# How long a user waits. Of several runs the shortest counts, which the machine's other work disturbs least.

# The milliseconds that a command takes.
function(time_of variable runs)
    set(shortest 1000000000)
    foreach(run RANGE 1 ${runs})
        string(TIMESTAMP start "%s%f")
        execute_process(COMMAND ${ARGN} OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
        string(TIMESTAMP stop "%s%f")
        math(EXPR milliseconds "(${stop} - ${start}) / 1000")
        if(milliseconds LESS shortest)
            set(shortest ${milliseconds})
        endif()
    endforeach()
    set(${variable} ${shortest} PARENT_SCOPE)
endfunction()

time_of(everything 5 ${COMMAND} ${FOLDER}/everything.cpp)
time_of(training 5 ${COMMAND} ${FOLDER}/training_program.cpp)
time_of(plain 5 ${COMMAND} ${FOLDER}/plain_numbers.cpp)
time_of(gradient 5 ${COMMAND} ${FOLDER}/gradient_of_numbers.cpp)
time_of(start 50 ${PROGRAM})
math(EXPR most "${plain} * 13 / 10 + 300")

message("Compiled at -O2:")
message("  a file that includes everything    ${everything} ms   at most 5000")
message("  a program that trains a network    ${training} ms   at most 3000")
message("  ten lines to a gradient            ${gradient} ms   at most 1.3 x ${plain} (plain double) + 300 = ${most}")
message("Run, from its start to its end:")
message("  the program that trains a network  ${start} ms   at most 15")
if(everything GREATER 5000 OR training GREATER 3000 OR gradient GREATER most OR start GREATER 15)
    message(FATAL_ERROR "That is too long.")
endif()
