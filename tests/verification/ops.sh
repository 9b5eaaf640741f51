# Every op's formulas, and the worst error of its derivatives in every check, for the page "Derivatives, measured".
need "${build_packages[@]}"
build release op_table_test op_reference_test
(cd build/release && tests/op_reference_test --run_test=every_op_has_formulas)
cp build/release/op_reference.md docs/output/op_reference.md
summary=$(cd build/release && tests/op_table_test | sed -n 's/^op_table: //p')
cp build/release/op_errors.md docs/output/op_errors.md
printf '%s (%s, %s)\n' "$summary" "$("${CXX:-g++}" --version | head -n 1)" \
    "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" >docs/output/verification_ops.md
