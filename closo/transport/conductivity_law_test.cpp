#include "closo/transport/conductivity_law.hpp"

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::transport {
namespace {

TEST(ConductivityLaw, TakesTheSegmentOfTheTemperature) {
  const ConductivityLaw law{{anchored_law(300, 1e-5, {}, 0.7, {}), anchored_law(400, 1.0, {}, 0.5, {})}, {390.0}};
  EXPECT_EQ(law.at(389.9).activation_energy_eV, 0.7);
  EXPECT_EQ(law.at(390.0).activation_energy_eV, 0.5);
  EXPECT_NEAR(law.conductivity(300), 1e-5, 1e-18);
  EXPECT_NEAR(predict(law, 410).outside, 10.0, 1e-9);
  EXPECT_THROW(ConductivityLaw{}.at(300.0), base::ParameterError);
  EXPECT_THROW(predict(ConductivityLaw{}, 300.0), base::ParameterError);
}

TEST(ConductivityLaw, CoversWhatItIsToldTo) {
  ConductivityLaw law{{anchored_law(300, 1e-5, {}, 0.7, {})}, {}};
  EXPECT_TRUE(law.covers(10.0));
  EXPECT_TRUE(law.covers(1e4));
  law.lowest = 250.0;
  law.highest = 390.0;
  EXPECT_FALSE(law.covers(249.0));
  EXPECT_TRUE(law.covers(390.0));
  EXPECT_FALSE(law.covers(391.0));
}

}  // namespace
}  // namespace closo::transport
