# The suite faults, with ADJOINT_KILLS (200) kills of a run in training, and its figures.
need "${build_packages[@]}"
build release faults_test

kills=${ADJOINT_KILLS:-200} log=$root/build/release/faults.log
(cd "$root/build/release" && ADJOINT_KILLS=$kills tests/faults_test --log_level=message --color_output=no) >"$log" 2>&1 || {
    cat "$log" >&2
    exit 1
}
{
    echo "- $(sed -n 's/^Running \([0-9]*\) test cases.*/\1/p' "$log") tests of faults pass."
    sed -n 's/^\([0-9]* kills of .*\)/- \1; each run ended with the bits of one that was not killed./p' "$log"
    awk '/requests failed in turn/ {sum += $1; ++count}
        END {print "- " sum " requests for memory failed, each in its turn, in " count " computations."}' "$log"
    awk '/requests of C libraries failed in turn/ {sum += $1; ++count}
        END {print "- " sum " requests of zlib, libzip and the C library failed, each in its turn, in " count " computations."}' "$log"
    ! grep -q "no file system can be mounted here" "$log" || echo "- No file system could be mounted: those tests were left out."
} >docs/output/verification_faults.md
