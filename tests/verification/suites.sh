# The quick part, all suites, counted: cases, assertions and seconds of each.
need "${build_packages[@]}"
build release adjoint_tests

rows=() cases=0 assertions=0 started=$SECONDS
for source in tests/*_test.cpp; do
    suite=$(basename "$source" _test.cpp)
    [[ -x build/release/tests/${suite}_test ]] || continue # left out where a package is missing
    begun=$(date +%s%N)
    report=$(cd build/release && "tests/${suite}_test" --report_level=short --color_output=no 2>&1) || {
        echo "$report" >&2
        exit 1
    }
    milliseconds=$((($(date +%s%N) - begun) / 1000000))
    passed=$(sed -n 's/^ *\([0-9]*\) test cases\{0,1\} out of .*/\1/p' <<<"$report" | tail -1)
    checked=$(sed -n 's/^ *\([0-9]*\) assertions\{0,1\} out of .*/\1/p' <<<"$report" | tail -1)
    rows+=("| $suite | $passed | ${checked:-0} | $((milliseconds / 1000)).$((milliseconds % 1000 / 100)) |")
    cases=$((cases + passed)) assertions=$((assertions + ${checked:-0}))
done
{
    echo "${#rows[@]} suites, $cases cases and $assertions assertions in $((SECONDS - started)) s, one suite after the other."
    echo
    echo "| Suite | Cases | Assertions | Seconds |"
    echo "|---|--:|--:|--:|"
    printf '%s\n' "${rows[@]}"
} >docs/output/verification_suites.md
