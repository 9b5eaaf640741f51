# Runs every suite in a build that counts how often each line is executed, and writes down which share of the lines is.
need "${build_packages[@]}" gcovr python3
build coverage adjoint_tests
find "$root/build/coverage" -name '*.gcda' -delete # what an earlier run counted
ctest --preset coverage -j "$jobs" >&2
gcovr --root "$root" --filter "$root/(autodiff|nn)/" -j "$jobs" --json-summary "$root/build/coverage/lines.json" \
    "$root/build/coverage" >/dev/null
/usr/bin/python3 "$root/tests/verification/coverage.py" "$root/build/coverage/lines.json" \
    >"$root/build/coverage/verification_coverage.md"
mv "$root/build/coverage/verification_coverage.md" "$root/docs/output"
