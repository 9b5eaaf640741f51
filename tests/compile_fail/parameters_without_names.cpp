// Every part of a model is given with its name.
// expect: nn::parameters takes names and parts in turn

#include <nn/linear.hpp>

struct Model {
    nn::Linear<> hidden{2, 2}, output{2, 1};
#ifdef CONTROL
    auto parameters() { return nn::parameters("hidden", hidden, "output", output); }
#else
    auto parameters() { return nn::parameters(hidden, output); }
#endif
};
