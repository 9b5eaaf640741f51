# The suite load in its full size, and once more, and smaller, under ThreadSanitizer.
need "${build_packages[@]}"
build release load_test
log=$root/build/release/load.log
(cd "$root/build/release" && ADJOINT_LOAD=full tests/load_test --log_level=message --color_output=no) >"$log" 2>&1 || {
    cat "$log" >&2
    exit 1
}
build tsan load_test
races=$root/build/tsan/load.log
(cd "$root/build/tsan" && OPENBLAS_NUM_THREADS=1 ADJOINT_LOAD=full tests/load_test --log_level=message --color_output=no) \
    >"$races" 2>&1 || {
    cat "$races" >&2
    exit 1
}
{
    sed -n 's/^\([0-9]* .*: [0-9.]* s.*\)/- \1/p' "$log"
    echo "- Under ThreadSanitizer: $(grep -c '^WARNING: ThreadSanitizer' "$races" || true) data races."
    echo
    echo "On $(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -1), $(g++ --version | head -1)."
} >docs/output/verification_load.md
