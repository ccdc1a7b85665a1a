#include "closo/cell/detail/parameter_check.hpp"

#include <cmath>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::cell::detail {
namespace {

using base::ParameterError;
constexpr double infinity = std::numeric_limits<double>::infinity();

TEST(ParameterCheck, RefusesWhatItsNameSays) {
  for (const double bad : {0.0, -1.0, infinity, std::nan("")}) EXPECT_THROW(require_positive(bad, "x"), ParameterError);
  for (const double bad : {-1e-300, infinity, std::nan("")})
    EXPECT_THROW(require_not_negative(bad, "x"), ParameterError);
  for (const double bad : {-0.1, 1.1, std::nan("")}) EXPECT_THROW(require_between(bad, 0.0, 1.0, "x"), ParameterError);
  for (const double bad : {-infinity, std::nan("")}) EXPECT_THROW(require_finite(bad, "x"), ParameterError);
  EXPECT_NO_THROW(require_positive(1e-300, "x"));
  EXPECT_NO_THROW(require_not_negative(0.0, "x"));
  EXPECT_NO_THROW(require_between(1.0, 0.0, 1.0, "x"));
  EXPECT_NO_THROW(require_finite(-3.0, "x"));
}

TEST(ParameterCheck, NamesTheValueAndTheRange) {
  try {
    require_between(1.5, 0.0, 1.0, "cathode.film");
    FAIL();
  } catch (const ParameterError& error) {
    EXPECT_EQ(error.name(), "cathode.film");
    EXPECT_EQ(error.value(), "1.5");
    EXPECT_EQ(error.allowed(), "a number from 0 to 1");
  }
}

}  // namespace
}  // namespace closo::cell::detail
