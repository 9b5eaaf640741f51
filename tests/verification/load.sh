# The suite load in its full size, and once more, and smaller, under ThreadSanitizer.
need "${build_packages[@]}"

# load PRESET: the suite in that build.
load() {
    build "$1" load_test
    local log=$root/build/$1/load.log
    (cd "$root/build/$1" && ADJOINT_LOAD=full OPENBLAS_NUM_THREADS=1 tests/load_test --log_level=message --color_output=no) \
        >"$log" 2>&1 || {
        cat "$log" >&2
        return 1
    }
}

load release
{
    sed -n 's/^\([0-9]* .*: [0-9.]* s.*\)/- \1/p' "$root/build/release/load.log"
    echo
    echo "On $(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -1), with $(g++ --version | head -1)."
} >docs/output/verification_load.md

load tsan # ends with an error at the first data race
{
    echo
    echo "Under ThreadSanitizer, in a tenth of the size: no data race."
} >>docs/output/verification_load.md
