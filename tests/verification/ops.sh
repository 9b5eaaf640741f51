# The worst error of every op's derivatives in every check, for the page "Derivatives, measured".
need "${build_packages[@]}"
build release op_table_test
summary=$(cd build/release && tests/op_table_test | sed -n 's/^op_table: //p')
cp build/release/op_errors.md docs/output/op_errors.md
printf '%s (%s, %s)\n' "$summary" "$("${CXX:-g++}" --version | head -n 1)" \
    "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" >docs/output/verification_ops.md
