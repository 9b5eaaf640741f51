# All suites, and all examples, under AddressSanitizer, UndefinedBehaviorSanitizer and LeakSanitizer; and suites that are
# not long under valgrind. ADJOINT_VALGRIND names others.
need "${build_packages[@]}" "${example_packages[@]}" valgrind
options='detect_leaks=1:detect_stack_use_after_return=1:check_initialization_order=1'
log=$root/build/sanitize/verification.log out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

cmake -S "$root" --preset sanitize -DADJOINT_SKIP_SUITES= >/dev/null
build sanitize adjoint_tests adjoint_examples
ctest --preset sanitize -j "$jobs" | tee "$log" >&2
examples=0
for source in examples/[0-9][0-9]_*.cpp; do
    example=$(basename "$source" .cpp)
    echo "dev: verify sanitize: $example" >&2
    ASAN_OPTIONS=$options "$root/build/sanitize/examples/$example" --quiet --out "$out" >/dev/null
    examples=$((examples + 1))
done

# shellcheck source=tests/verification/valgrind.sh
. "$root/tests/verification/valgrind.sh"
{
    echo "- AddressSanitizer, UndefinedBehaviorSanitizer, LeakSanitizer: $(sed -n 's/^\(100% tests passed\).* out of \([0-9]*\)/\1, \2 of them/p' "$log"); $examples examples."
    cat "$root/docs/output/verification_valgrind.md"
} >docs/output/verification_sanitize.md
