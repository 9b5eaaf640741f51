// parameters() hands out tensors to be changed.
// expect: so it must not be const

#include <nn/linear.hpp>

struct Model {
    nn::Linear<> layer{2, 2};
#ifdef CONTROL
    auto parameters() { return nn::parameters("layer", layer); }
#else
    auto parameters() const { return nn::parameters("layer", layer); }
#endif
};
