# What the tests of a DetectAnomalies cost where none lives: instructions of a step, counted by valgrind, in the library as it
# is and in a copy in which the compiler knows that there is no such scope.
need "${build_packages[@]}" "${bench_packages[@]}" valgrind

# In the copy the pointer and the mark that are tested are constants, and what sets them is gone.
copy=$root/build/without_anomalies
mkdir -p "$copy"
find "$copy" -mindepth 1 -maxdepth 1 ! -name build -exec rm -r {} + # files that are gone
files | tar -C "$root" --null --files-from=- -cf - | tar -C "$copy" -xf -
# plant FILE EXPRESSION: a change of sed's, which has to change something.
plant() {
    local before
    before=$(md5sum <"$copy/$1")
    sed -i "$2" "$copy/$1"
    [[ $(md5sum <"$copy/$1") != "$before" ]] || {
        echo "dev: verify anomalies: nothing to change in $1: $2" >&2
        exit 1
    }
}
plant autodiff/numbers/watch.hpp 's/^inline thread_local constinit Watch\* watch = nullptr;/inline constexpr Watch* watch = nullptr;/'
plant autodiff/anomalies.cpp '/detail::watch = /d'
plant autodiff/tape.hpp 's/^    bool is_watched_ = false;/    static constexpr bool is_watched_ = false;/'
plant autodiff/tape.hpp '/^        is_watched_ = watched;/d'

for tree in "$root" "$copy"; do
    # In the copy unused arguments are no mistakes.
    cmake -S "$tree" -B "$tree/build/bench" --preset bench -DADJOINT_WARNINGS_AS_ERRORS=OFF >/dev/null
    cmake --build "$tree/build/bench" -j "$jobs" --target anomalies_off >&2
done

# instructions TREE WORKLOAD STEPS
instructions() {
    ADJOINT_INSTRUCTION_SET=avx2 OPENBLAS_NUM_THREADS=1 OPENBLAS_CORETYPE=Haswell \
        valgrind --tool=callgrind --callgrind-out-file=/dev/null "$1/build/bench/benchmarks/anomalies_off" "$2" "$3" 2>&1 |
        sed -n 's/.*Collected : //p'
}
per_step() {
    local many few
    many=$(instructions "$1" "$2" 1100)
    few=$(instructions "$1" "$2" 100)
    [[ $many && $few ]] || {
        echo "dev: verify anomalies: valgrind counted nothing" >&2
        return 1
    }
    echo $(((many - few) / 1000))
}

{
    echo "| Instructions of | without any test | with them, no scope | more |"
    echo "|---|--:|--:|--:|"
    while read -r workload words; do
        without=$(per_step "$copy" "$workload")
        with=$(per_step "$root" "$workload")
        more=$(awk "BEGIN { printf \"%+.2f\", 100 * ($with / $without - 1) }")
        echo "| $words | $without | $with | $more % |"
    done <<'WORKLOADS'
xor_step a step of training the XOR network, on tensors
gradient_of_many the gradient of 100 numbers, a statement or two for each
gradient_of_two the gradient of two numbers, forwards
WORKLOADS
} >docs/output/verification_anomalies.md
