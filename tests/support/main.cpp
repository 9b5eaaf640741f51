#define BOOST_TEST_MODULE adjoint
#include <boost/test/unit_test.hpp>
