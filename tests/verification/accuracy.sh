# The worst error of every op's values, at ADJOINT_POINTS (a million) points, for each instruction set, and of functions of
# numbers, for the page "Accuracy".
need "${build_packages[@]}"
build release accuracy_test

points=${ADJOINT_POINTS:-1000000}
tables=$root/build/release/accuracy.md log=$root/build/release/accuracy.log
rm -f "$tables"
# measure CASES
measure() {
    "$root/build/release/tests/accuracy_test" --color_output=no --run_test="$1" -- \
        --points "$points" --markdown "$tables"
}
{
    for set in avx512 avx2 sse2; do ADJOINT_INSTRUCTION_SET=$set measure '*_of_tensors_*'; done
    measure '*_of_numbers_*'
} | tee "$log" >&2
mv "$tables" docs/output/accuracy.md

# worst UNIT: the largest figure of all runs
worst() { sed -n "s/^accuracy: \(.* $1 .*\)/\1/p" "$log" | sort -V | tail -n 1; }
printf '%s; %s; %s points for each row (%s, %s)\n' "$(worst ulp)" "$(worst %)" "$points" "$("${CXX:-g++}" --version | head -n 1)" \
    "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" >docs/output/verification_accuracy.md
