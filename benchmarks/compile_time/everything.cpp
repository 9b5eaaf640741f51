// A user's file that includes all of the library: its compile time is what benchmarks/compile_time measures.
#include <autodiff/autodiff.hpp>
#include <nn/nn.hpp>

int main() {}
