# Every op's formulas, for the page "Ops at a glance"; the forms of arguments that every op is checked in, and the worst error of
# the derivatives of every op and every transform in every check, for the page "Derivatives, measured".
need "${build_packages[@]}"
build release op_table_test op_reference_test transform_table_test
(cd build/release && tests/op_reference_test --run_test=every_op_has_formulas)
cp build/release/op_reference/*.md docs/output/op_reference/
separator=
for kind in op transform; do
    summary=$(cd build/release && "tests/${kind}_table_test" | sed -n "s/^${kind}_table: //p")
    cp "build/release/${kind}_errors.md" "docs/output/${kind}_errors.md"
    printf '%s%s\n' "$separator" "$summary"
    separator=$'\n' # a paragraph each
done >docs/output/verification_ops.md
cp build/release/op_forms.md docs/output/op_forms.md
