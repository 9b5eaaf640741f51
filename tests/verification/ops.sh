# Every op's formulas, the forms of arguments that every op is checked in, and the worst error of the derivatives of every op
# and every transform in every check, for the page "Derivatives, measured".
need "${build_packages[@]}"
build release op_table_test op_reference_test transform_table_test
(cd build/release && tests/op_reference_test --run_test=every_op_has_formulas)
cp build/release/op_reference.md docs/output/op_reference.md
machine="$("${CXX:-g++}" --version | head -n 1), $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)"
separator=
for kind in op transform; do
    summary=$(cd build/release && "tests/${kind}_table_test" | sed -n "s/^${kind}_table: //p")
    cp "build/release/${kind}_errors.md" "docs/output/${kind}_errors.md"
    printf '%s%s (%s)\n' "$separator" "$summary" "$machine"
    separator=$'\n' # a paragraph each
done >docs/output/verification_ops.md
cp build/release/op_forms.md docs/output/op_forms.md
