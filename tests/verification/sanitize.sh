# All suites, and all examples, under AddressSanitizer, UndefinedBehaviorSanitizer and LeakSanitizer. (The part valgrind
# is what they do not see: reading memory that was never written.)
need "${build_packages[@]}" "${example_packages[@]}"
log=$root/build/sanitize/verification.log out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

cmake -S "$root" --preset sanitize -DADJOINT_SKIP_SUITES= -DADJOINT_FUZZ_SECONDS= >/dev/null
build sanitize adjoint_tests adjoint_examples
ctest --preset sanitize -j "$jobs" | tee "$log" >&2
examples=0
for source in examples/[0-9][0-9]_*.cpp; do
    example=$(basename "$source" .cpp)
    echo "dev: verify sanitize: $example" >&2
    ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1:check_initialization_order=1 \
        "$root/build/sanitize/examples/$example" --quiet --out "$out" >/dev/null
    examples=$((examples + 1))
done
{
    echo "- Tests: $(sed -n 's/^\(100% tests passed\).* out of \([0-9]*\)/\1, of \2/p' "$log")."
    echo "- Examples: $examples ran without a report."
} >docs/output/verification_sanitize.md
