#include <op_table.hpp>

namespace autodiff::tests {

const std::vector<Shapes>& elementwise_shapes(std::size_t arguments)
{
    static const std::vector<Shapes> unary{{Shape{}},   {Shape{1}},    {Shape{0}},      {Shape{2, 0}},
                                           {Shape{19}}, {Shape{3, 4}}, {Shape{2, 1, 3}}};
    static const std::vector<Shapes> binary{
        {Shape{}, Shape{}},           {Shape{1}, Shape{1}},       {Shape{0}, Shape{0}},
        {Shape{0, 3}, Shape{3}},      {Shape{1}, Shape{0}},       {Shape{19}, Shape{19}},
        {Shape{3, 4}, Shape{3, 4}},   {Shape{}, Shape{2, 3}},     {Shape{2, 3}, Shape{}},
        {Shape{2, 3}, Shape{3}},      {Shape{2, 1}, Shape{1, 3}}, {Shape{3}, Shape{2, 1}},
        {Shape{2, 1, 3}, Shape{2, 1}}};
    static const std::vector<Shapes> ternary{
        {Shape{}, Shape{}, Shape{}},          {Shape{0}, Shape{}, Shape{1}},
        {Shape{19}, Shape{19}, Shape{19}},    {Shape{2, 3}, Shape{}, Shape{}},
        {Shape{2, 1}, Shape{3}, Shape{1, 1}}, {Shape{}, Shape{2}, Shape{3, 1}},
        {Shape{3}, Shape{2, 1}, Shape{2, 3}}, {Shape{1}, Shape{1}, Shape{1}}};
    return arguments == 1 ? unary : arguments == 2 ? binary : ternary;
}

}  // namespace autodiff::tests
