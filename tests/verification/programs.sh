# Random programs, many: all modes of the library against each other, and the ops that libtorch has against it.
need "${build_packages[@]}" "${torch_packages[@]}"
build release random_programs_test
: "${PROGRAMS:=100000}" "${TORCH_PROGRAMS:=20000}"

log=$root/build/release/random_programs.txt
printed=$root/build/release/printed_programs
rm -rf "$printed"
mkdir "$printed"
"$root/build/release/tests/random_programs_test" --run_test='all_modes_*' -- "$PROGRAMS" 1000000 "$printed" | tee "$log"

# Programs as they are printed where modes disagree: they have to compile.
for program in "$printed"/*.cpp; do
    "${CXX:-g++}" -std=c++20 -fsyntax-only -I "$root" -I "$root/tests" "$program"
done

torch_line='libtorch was not found.'
targets=$(cmake --build "$root/build/release" --target help)
if [[ $targets == *random_programs_torch* ]]; then
    build release random_programs_torch
    torch_line=$("$root/build/release/tests/random_programs_torch" "$TORCH_PROGRAMS" 1000000)
fi

{
    echo "Compiled by $(g++ --version | head -n 1) for release."
    echo
    sed -n 's/^random_programs of \([a-z]*\): \(.*\)$/- Of \1: \2./p' "$log"
    echo "- Beside libtorch: $torch_line"
    echo "- Printed as C++, with every form of statement, and compiled: $(find "$printed" -name '*.cpp' | wc -l)."
} >"$root/docs/output/verification_programs.md"
cat "$root/docs/output/verification_programs.md"
