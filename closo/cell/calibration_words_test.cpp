#include <gtest/gtest.h>

#include <cmath>

#include "closo/base/error.hpp"
#include "closo/cell/calibration.hpp"

namespace closo::cell {
namespace {

CalibratedParameter fitted(const char* name, double low, double high, bool is_logarithmic) {
  CalibratedParameter parameter;
  parameter.given = {name, low, low, high, is_logarithmic};
  return parameter;
}

/// A direction given by what changes: of ln(value) for logarithmic parameters, of the value for others.
CalibrationDirection along(const std::vector<CalibratedParameter>& parameters, std::vector<double> changes) {
  for (std::size_t j = 0; j < changes.size(); ++j) {
    const CalibrationParameter& p = parameters[j].given;
    changes[j] /= p.is_logarithmic ? std::log(p.high / p.low) : p.high - p.low;
  }
  return {changes, 1.0, true};
}

TEST(CalibrationWords, PairsOfLogarithmicQuantities) {
  const std::vector<CalibratedParameter> pair{fitted("cathode.particle_radius", 1e-7, 1e-5, true),
                                              fitted("cathode.diffusion_coefficient", 1e-17, 1e-12, true)};
  EXPECT_EQ(in_words(along(pair, {1.0, 2.0}), pair),
            "cathode.particle_radius and cathode.diffusion_coefficient only matter as "
            "particle_radius²/diffusion_coefficient");
  EXPECT_EQ(in_words(along(pair, {1.0, -1.0}), pair),
            "cathode.particle_radius and cathode.diffusion_coefficient only matter as "
            "particle_radius × diffusion_coefficient");
  EXPECT_EQ(in_words(along(pair, {3.0, 2.05}), pair),
            "cathode.particle_radius and cathode.diffusion_coefficient only matter as "
            "particle_radius/diffusion_coefficient^1.5");
  EXPECT_EQ(in_words(along(pair, {1.0, 2.6}), pair),
            "cathode.particle_radius and cathode.diffusion_coefficient only matter as "
            "particle_radius^2.6/diffusion_coefficient");
  EXPECT_EQ(in_words({{1.0, 0.01}, 1.0, true}, pair), "what is fitted hardly depends on cathode.particle_radius");
}

TEST(CalibrationWords, OtherSets) {
  const std::vector<CalibratedParameter> three{fitted("cathode.particle_radius", 1e-7, 1e-5, true),
                                               fitted("cathode.porosity", 0.0, 0.3, false),
                                               fitted("separator.activation_energy", 1e-20, 1e-19, false)};
  EXPECT_EQ(in_words(along(three, {2.0, -0.1, 0.0}), three),
            "what is fitted hardly changes when cathode.particle_radius × 2 and cathode.porosity - 3.5 % go together");
  EXPECT_EQ(in_words({{0.0, 1.0, 1.0}, 1.0, true}, three),
            "what is fitted hardly changes when cathode.porosity + 3 % and separator.activation_energy + 0.056 eV go "
            "together");
}

TEST(CalibrationWords, SizesMustMatch) { EXPECT_THROW(in_words({{1.0}, 1.0, true}, {}), base::ParameterError); }

}  // namespace
}  // namespace closo::cell
