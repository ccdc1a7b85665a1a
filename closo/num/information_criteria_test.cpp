#include "closo/num/information_criteria.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/error.hpp"

namespace closo::num {
namespace {

TEST(InformationCriteria, KnownNoise) {
  EXPECT_DOUBLE_EQ(bic_known_noise(7.5, 20, 3), 7.5 + 3.0 * std::log(20.0));
  EXPECT_DOUBLE_EQ(bic_known_noise(0.0, 1, 3), 0.0);
}

TEST(InformationCriteria, UnknownNoiseTendsToTheUncorrectedFormForManyPoints) {
  const double n = 1e6;
  const double plain = n * std::log(3.0) + 4.0 * std::log(n);
  EXPECT_NEAR(bic_unknown_noise(3.0 * n, 1000000, 4), plain, 1e-3);
  EXPECT_NEAR(aicc_unknown_noise(3.0 * n, 1000000, 4), n * std::log(3.0) + 10.0, 1e-3);
  EXPECT_GT(bic_unknown_noise(3.0, 12, 4), 12.0 * std::log(0.25) + 4.0 * std::log(12.0));
}

TEST(InformationCriteria, NoFreedomLeftIsNeverPreferred) {
  EXPECT_TRUE(std::isinf(bic_unknown_noise(1e-30, 6, 4)));
  EXPECT_TRUE(std::isinf(aicc_unknown_noise(1e-30, 6, 4)));
}

// Rescaling y changes every model's criterion by the same amount.
TEST(InformationCriteria, DifferencesDoNotDependOnTheUnit) {
  for (const double scale : {1e-6, 1.0, 1e8}) {
    EXPECT_NEAR(bic_unknown_noise(5.0 * scale, 30, 2) - bic_unknown_noise(2.0 * scale, 30, 5),
                bic_unknown_noise(5.0, 30, 2) - bic_unknown_noise(2.0, 30, 5), 1e-9);
    EXPECT_NEAR(aicc_unknown_noise(5.0 * scale, 30, 2) - aicc_unknown_noise(2.0 * scale, 30, 5),
                aicc_unknown_noise(5.0, 30, 2) - aicc_unknown_noise(2.0, 30, 5), 1e-9);
  }
}

TEST(InformationCriteria, RefusesBadInput) {
  EXPECT_THROW(bic_known_noise(-1.0, 3, 1), base::ParameterError);
  EXPECT_THROW(bic_known_noise(1.0, 0, 1), base::ParameterError);
  EXPECT_THROW(bic_unknown_noise(0.0, 3, 1), base::ParameterError);
  EXPECT_THROW(bic_unknown_noise(std::nan(""), 3, 1), base::ParameterError);
  EXPECT_THROW(aicc_unknown_noise(0.0, 3, 1), base::ParameterError);
}

}  // namespace
}  // namespace closo::num
