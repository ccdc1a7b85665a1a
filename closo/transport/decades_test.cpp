#include "closo/transport/decades.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/error.hpp"

namespace closo::transport {
namespace {

TEST(Decades, AreTheLogarithmOfTheRatio) {
  const Decades plain = decades_between(1e-5, 1.0);
  EXPECT_NEAR(plain.value, 5.0, 1e-14);
  EXPECT_FALSE(plain.uncertainty.has_value());
  const Decades known = decades_between(1.0, 10.0, 0.3, 0.4);
  EXPECT_NEAR(*known.uncertainty, 0.5 / std::log(10.0), 1e-14);
  EXPECT_THROW(decades_between(0.0, 1.0), base::ParameterError);
  EXPECT_THROW(decades_between(1.0, -1.0), base::ParameterError);
  EXPECT_THROW(decades_between(1.0, 1.0, -0.1, 0.1), base::ParameterError);
}

}  // namespace
}  // namespace closo::transport
