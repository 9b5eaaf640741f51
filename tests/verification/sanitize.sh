# All suites, the suites of kernels once more for each lesser instruction set, and all examples, under AddressSanitizer,
# UndefinedBehaviorSanitizer and LeakSanitizer. (The part valgrind is what they do not see: reading memory that was never
# written.)
need "${build_packages[@]}" "${example_packages[@]}"
log=$root/build/sanitize/verification.log out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

cmake -S "$root" --preset sanitize -DADJOINT_SKIP_SUITES= -DADJOINT_FUZZ_SECONDS= >/dev/null
build sanitize adjoint_tests adjoint_examples
ctest --preset sanitize -j "$jobs" | tee "$log" >&2
sets=$root/build/sanitize/instruction_sets.log
ctest --preset sanitize-instruction-sets -j "$jobs" | tee "$sets" >&2
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
    # passed SET: how many tests of that set passed
    passed() { grep -c "_$1 \.\.\.* *Passed" "$sets"; }
    echo "- Tests of kernels for lesser instruction sets: $(passed sse2) for SSE2 and $(passed avx2) for AVX2 passed."
    echo "- Examples: $examples ran without a report."
} >docs/output/verification_sanitize.md
