# The hashes of the suite determinism in builds by g++ and clang, optimized more, less and not at all, and sanitized: with
# portable bits they have to be the same; whether they are without is written down, too. Each build has a library of its own,
# as one by g++ cannot be linked to ops that clang compiles.
need "${build_packages[@]}" clang

# print_hashes PROGRAM PORTABLE
print_hashes() {
    ADJOINT_PORTABLE_BITS=$2 "$1" --run_test=prints_its_hashes --log_level=nothing --report_level=no --color_output=no
}
# compared FIRST OTHER: yes, or whose hashes are others
compared() {
    if [[ $1 == "$2" ]]; then
        echo yes
    else
        echo "no: $(comm -13 <(sort <<<"$1") <(sort <<<"$2") | cut -d: -f1 | paste -sd';' | sed 's/;/; /g')"
    fi
}

# What is shown, a preset, and what CMake is told besides.
builds=(
    "g++ -O3|release|"
    "g++ -O2|release|-DCMAKE_CXX_FLAGS_RELEASE=-O2 -DNDEBUG"
    "g++ -O0|release|-DCMAKE_BUILD_TYPE=Debug"
    "g++ -Og, sanitized|sanitize|"
    "clang++ -O3|clang|"
    "clang++ -O0|clang|-DCMAKE_BUILD_TYPE=Debug"
)
rows=() first='' first_usual='' differ=0
for entry in "${builds[@]}"; do
    IFS='|' read -r name preset option <<<"$entry"
    echo "dev: verify determinism: $name" >&2
    folder=$root/build/$preset
    [[ -z $option ]] || folder=$root/build/determinism/$preset$(tr -cd '[:alnum:]' <<<"$option")
    cmake -S "$root" --preset "$preset" -B "$folder" -DADJOINT_SKIP_SUITES= ${option:+"$option"} >/dev/null
    cmake --build "$folder" -j "$jobs" --target determinism_test >&2
    portable=$(print_hashes "$folder/tests/determinism_test" 1)
    usual=$(print_hashes "$folder/tests/determinism_test" 0)
    first=${first:-$portable} first_usual=${first_usual:-$usual}
    [[ $(grep -c ': ' <<<"$portable") == 6 && $portable == "$first" ]] || differ=1
    rows+=("| $name | $(compared "$first" "$portable") | $(compared "$first_usual" "$usual") |")
done
{
    echo "| Build | The first one's bits, if portable | otherwise |"
    echo "|---|---|---|"
    printf '%s\n' "${rows[@]}"
    echo
    echo "Hashes of $(cut -d: -f1 <<<"$first" | paste -sd';' | sed 's/;/; /g'). $(g++ --version | head -n 1), $(clang++ --version | head -n 1)."
} >docs/output/verification_determinism.md
if ((differ)); then
    echo "dev: builds differ in portable bits; see docs/output/verification_determinism.md" >&2
    exit 1
fi
