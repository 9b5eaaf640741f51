// The parameters of a model are of one kind of number.
// expect: the parts of a model hold tensors of one kind, all double or all float

#include <nn/linear.hpp>

struct Model {
    nn::Linear<double> hidden{2, 2};
#ifdef CONTROL
    nn::Linear<double> output{2, 1};
#else
    nn::Linear<float> output{2, 1};
#endif
    auto parameters() { return nn::parameters("hidden", hidden, "output", output); }
};
