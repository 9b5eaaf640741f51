// What goes wrong around a program: disks that are full, processes that are killed, memory that runs out, and
// functions of the user's that throw. Files are then whole or as they were, and later gradients are right.

#include "faults/right.hpp"

BOOST_AUTO_TEST_CASE(gradients_are_right_to_begin_with) { autodiff::tests::check_gradients(); }
