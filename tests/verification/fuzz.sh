# Every target of tests/fuzz under libFuzzer, each for ADJOINT_FUZZ_SECONDS (60), with AddressSanitizer and
# UndefinedBehaviorSanitizer. What a crash needs is left in build/fuzz/crashes; put it into tests/fuzz/seeds/TARGET.
need "${build_packages[@]}" clang
build fuzz adjoint_fuzz

seconds=${ADJOINT_FUZZ_SECONDS:-60}
targets=()
for source in tests/fuzz/*.cpp; do
    target=$(basename "$source" .cpp)
    ! grep -q "^const Target ${target}_target" "$source" || targets+=("$target")
done

fuzz() {
    local target=$1 corpus=$root/build/fuzz/corpus/$1 crashes=$root/build/fuzz/crashes/$1 remembered=()
    rm -rf "$crashes"
    mkdir -p "$corpus" "$crashes"
    [[ ! -d tests/fuzz/seeds/$target ]] || remembered=("tests/fuzz/seeds/$target")
    echo "dev: verify fuzz: $target, $seconds s" >&2
    # The limits are far above what a target may take, and far below what a hostile file can claim.
    ADJOINT_FUZZ_TARGET=$target ADJOINT_FUZZ_SEEDS=$corpus "$root/build/fuzz/tests/fuzz/adjoint_fuzz" \
        -max_total_time="$seconds" -max_len=4096 -timeout=20 -malloc_limit_mb=512 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix="$crashes/" "$corpus" "${remembered[@]}" >"$root/build/fuzz/$target.log" 2>&1
}
export -f fuzz
export root seconds
failed=0
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I TARGET bash -c 'fuzz TARGET' || failed=1

rows=()
for target in "${targets[@]}"; do
    crashes=$root/build/fuzz/crashes/$target log=$root/build/fuzz/$target.log
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -1)
    features=$(sed -n 's/.* ft: \([0-9]*\) .*/\1/p' "$log" | tail -1)
    found=$(find "$crashes" -type f ! -name 'slow-unit-*' | wc -l) # what is slow fails at 20 s
    rows+=("| $target | ${executions:-?} | ${edges:-?} | ${features:-?} | $found |")
done

{
    echo "| Target | Executions in $seconds s | Edges covered | Features | Crashes |"
    echo "|---|---|---|---|---|"
    printf '%s\n' "${rows[@]}"
    echo
    clang++ --version | sed -n '1s/.*/libFuzzer of &, AddressSanitizer and UndefinedBehaviorSanitizer./p'
} >docs/output/verification_fuzz.md
if ((failed)); then
    echo "dev: libFuzzer found what fails: build/fuzz/crashes" >&2
    exit 1
fi
