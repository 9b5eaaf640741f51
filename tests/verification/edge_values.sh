# The table of edge values, as it is checked, for the documentation.
need "${build_packages[@]}"
build release edge_values_test
"$root/build/release/tests/edge_values_test" -- "$root/docs/output/verification_edge_values.md"
