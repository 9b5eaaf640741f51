# Suites that are not long under valgrind's memcheck: no error, and no memory that is lost for good. ADJOINT_VALGRIND names
# others.
need "${build_packages[@]}" valgrind
read -ra suites <<<"${ADJOINT_VALGRIND:-array tape expression scalar dual format shape_ops indexing einsum\
    matmul anomalies nn_data_files nn_safetensors nn_atomic_file nn_metrics nn_parameters nn_layer_norm nn_sequential}"
build release "${suites[@]/%/_test}"
results=()
for suite in "${suites[@]}"; do
    echo "dev: verify valgrind: $suite" >&2
    log=$root/build/release/valgrind_$suite.log
    # valgrind knows no AVX-512.
    (cd "$root/build/release" && ADJOINT_INSTRUCTION_SET=avx2 OPENBLAS_NUM_THREADS=1 OPENBLAS_CORETYPE=Haswell \
        valgrind --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite --log-file="$log" \
        "tests/${suite}_test" --color_output=no) >&2
    errors=$(sed -n 's/.*ERROR SUMMARY: \([0-9]*\) errors.*/\1/p' "$log")
    lost=$(sed -n 's/.*definitely lost: \([0-9,]*\) bytes.*/\1/p' "$log")
    results+=("- valgrind, suite $suite: $errors errors, ${lost:-0} bytes lost.")
done
printf '%s\n' "${results[@]}" >docs/output/verification_valgrind.md
