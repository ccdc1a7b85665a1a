#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>

#include "closo/base/error.hpp"
#include "closo/base/unit.hpp"
#include "closo/cell/description.hpp"

namespace closo::cell {
namespace {

TEST(DescribedQuantities, NamesAreUniqueAndRangesMakeSense) {
  std::set<std::string_view> names;
  for (const DescribedQuantity& row : described_quantities()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_LT(row.low, row.high) << row.name;
    EXPECT_FALSE(row.meaning.empty()) << row.name;
    if (row.is_logarithmic) {
      EXPECT_GE(row.low, 0.0) << row.name << ": decades below 0";
    }
  }
}

TEST(DescribedQuantities, UnitsAreWhatTheNamesPromise) {
  for (const DescribedQuantity& row : described_quantities()) {
    const base::Unit unit = base::Unit::parse(row.unit);
    EXPECT_GT(unit.to_si(1.0), 0.0) << row.name;
    const auto names_a = [&](std::string_view word) { return row.name.find(word) != std::string_view::npos; };
    const auto is_a = [&](std::string_view other) { return base::is_convertible(unit, base::Unit::parse(other)); };
    if (names_a("thickness")) {
      EXPECT_TRUE(is_a("m")) << row.name;
    }
    if (names_a("temperature")) {
      EXPECT_TRUE(is_a("K")) << row.name;
    }
    if (names_a("activation_energy")) {
      EXPECT_TRUE(is_a("eV")) << row.name;
    }
    if (names_a("pressure") && !names_a("exponent")) {
      EXPECT_TRUE(is_a("Pa")) << row.name;
    }
    if (names_a("fraction")) {
      EXPECT_TRUE(unit.dimension().is_dimensionless()) << row.name;
    }
    if (names_a("loading")) {
      EXPECT_TRUE(is_a("kg/m2")) << row.name;
    }
    if (names_a("density") && names_a("current")) {
      EXPECT_TRUE(is_a("A/m2")) << row.name;
    }
    if (names_a("conductivity") && !names_a("energy")) {
      EXPECT_TRUE(is_a("S/m")) << row.name;
    }
  }
}

TEST(DescribedQuantities, AreFoundByName) {
  EXPECT_EQ(described_quantity("cathode.particle_radius").unit, "um");
  EXPECT_EQ(described_quantity("temperature").unit, "K");
  EXPECT_EQ(&described_quantity(described_quantities().back().name), &described_quantities().back());
}

TEST(DescribedQuantities, AWrongNameGetsANearOne) {
  try {
    described_quantity("cathode.particle_radios");
    FAIL() << "accepted";
  } catch (const base::InputError& error) {
    EXPECT_NE(error.problem().find("did you mean 'cathode.particle_radius'"), std::string::npos) << error.what();
  }
  EXPECT_THROW(described_quantity(""), base::InputError);
}

}  // namespace
}  // namespace closo::cell
