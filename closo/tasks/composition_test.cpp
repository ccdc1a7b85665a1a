#include "closo/tasks/composition.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;
using Given = std::vector<std::pair<std::string, std::string>>;

report::Report ask(const Given& given) {
  Arguments arguments;
  for (const auto& [name, text] : given) arguments.set(name, text);
  return run(composition_task, arguments, Context{});
}

/// A value of a name → value list; fails the test when it is not there.
report::Value value_of(const report::Report& report, const std::string& key) {
  for (const report::Section& section : report.sections) {
    for (const report::Block& block : section.blocks) {
      const auto* items = std::get_if<report::KeyValues>(&block);
      if (items == nullptr) continue;
      for (const auto& [name, cell] : items->items) {
        if (name == key) return std::get<report::Value>(cell);
      }
    }
  }
  ADD_FAILURE() << "no value '" << key << "'";
  return {};
}

report::Value component_value(const report::Report& report, std::size_t row, std::size_t column) {
  return std::get<report::Value>(std::get<report::Table>(report.sections.at(0).blocks.at(0)).rows.at(row).at(column));
}
constexpr std::size_t mass_column = 4, amount_column = 5;

// Hehn et al. 2025, DOI 10.1021/acsami.5c01939, Table 1.
TEST(Composition, GivesTable1OfHehn2025) {
  const std::vector<std::array<double, 3>> rows{{25, 62.5, 207}, {50, 83.3, 69}, {75, 93.8, 23}};
  for (const auto& [volume, mass, filling] : rows) {
    const report::Report report = ask({{"part", "Li2B12H12, 1.178 g/cm3"},
                                       {"part", "ZrO2, 5.89 g/cm3, " + std::to_string(volume) + " vol%"},
                                       {"pore-volume", "0.246 cm3/g"}});
    EXPECT_NEAR(*component_value(report, 1, mass_column).value, mass, 0.05);
    EXPECT_NEAR(*value_of(report, "pore filling").value, filling, 0.5);
    EXPECT_TRUE(report.warnings.empty());
    // The same mixture stated by mass or by amount gives the same filling.
    for (const std::size_t column : {mass_column, amount_column}) {
      const report::Value share = component_value(report, 1, column);
      const report::Report again =
          ask({{"part", "Li2B12H12, 1.178 g/cm3"},
               {"part", "ZrO2, 5.89 g/cm3, " + std::to_string(*share.value) + " " + share.unit},
               {"pore-volume", "0.246 cm3/g"}});
      EXPECT_NEAR(*value_of(again, "pore filling").value, *value_of(report, "pore filling").value, 1e-3);
    }
  }
}

// LiBH4 in a scaffold of 0.70 cm³/g: 130 % filling is 37.7 wt%, 100 % is 31.8 wt%; and the fractions lead back to it.
TEST(Composition, FollowsFromAWantedFilling) {
  const report::Report report = ask({{"part", "LiBH4, 0.666 g/cm3"},
                                     {"part", "SiO2, 2.2 g/cm3"},
                                     {"pore-volume", "0.70 cm3/g"},
                                     {"filling", "130 %"}});
  EXPECT_NEAR(*component_value(report, 0, mass_column).value, 37.7, 0.05);
  EXPECT_NEAR(*value_of(report, "LiBH4 for 100 % filling").value, 31.8, 0.05);
  EXPECT_NEAR(*value_of(report, "conductor outside of the pores").value, 100.0 * (1.0 - 1.0 / 1.3), 1e-9);
  const report::Report back =
      ask({{"part", "LiBH4, 0.666 g/cm3, " + std::to_string(*component_value(report, 0, mass_column).value) + " wt%"},
           {"part", "SiO2, 2.2 g/cm3"},
           {"pore-volume", "0.70 cm3/g"}});
  EXPECT_NEAR(*value_of(back, "pore filling").value, 130.0, 1e-3);
}

// 560 m² per cm³ of oxide; at 75 vol% 1 nm is more than the conductor.
TEST(Composition, InterphaseAndItsCap) {
  const auto at = [](const std::string& oxide, const std::string& wetted) {
    return ask({{"part", "Li2B12H12, 1.178 g/cm3"},
                {"part", "ZrO2, 5.89 g/cm3, " + oxide},
                {"surface-area", "95 m2/g"},
                {"interphase-thickness", "1 nm"},
                {"wetted", wetted}});
  };
  EXPECT_NEAR(*value_of(at("25 vol%", "100 %"), "interphase in the conductor").value, 18.65, 0.005);
  EXPECT_NEAR(*value_of(at("25 vol%", "50 %"), "interphase in the conductor").value, 18.65 / 2, 0.005);
  const report::Report capped = at("75 vol%", "100 %");
  EXPECT_EQ(*value_of(capped, "interphase in the conductor").value, 100.0);
  EXPECT_NEAR(*value_of(capped, "interphase asked for").value, 41.97, 0.005);
  EXPECT_EQ(capped.warnings.size(), 1U);
  EXPECT_NEAR(*value_of(at("25 vol%", "100 %"), "Li2B12H12 per scaffold surface").value,
              1e6 * 37.5 / 155.696 / (62.5 * 95.0), 1e-6);
}

TEST(Composition, PelletPorosity) {
  const auto pellet = [](const std::string& mass) {
    return ask({{"part", "Li2B12H12, 1.178 g/cm3, 75 vol%"},
                {"part", "ZrO2, 5.89 g/cm3, 25 vol%"},
                {"mass", mass},
                {"thickness", "0.6 mm"},
                {"diameter", "6 mm"}});
  };
  const report::Report ordinary = pellet("32.0(3) mg");
  // 16.965 mm³ of 2.356 g/cm³ is 39.97 mg.
  EXPECT_NEAR(*value_of(ordinary, "porosity").value, 100.0 * (1.0 - 32.0 / 39.969), 0.01);
  EXPECT_NEAR(*value_of(ordinary, "porosity").uncertainty, 100.0 * 0.3 / 39.969, 0.001);
  EXPECT_TRUE(ordinary.doubts.empty());
  EXPECT_EQ(pellet("45 mg").doubts.size(), 1U);
}

TEST(Composition, SaysWhatIsMissing) {
  const report::Report report = ask({{"part", "Li2B12H12, 25 vol%"},
                                     {"part", "MCM-41"},
                                     {"pore-volume", "1 cm3/g"},
                                     {"surface-area", "900 m2/g"},
                                     {"interphase-thickness", "1 nm"},
                                     {"mass", "1 mg"},
                                     {"thickness", "1 mm"},
                                     {"diameter", "1 mm"}});
  EXPECT_FALSE(component_value(report, 0, mass_column).value.has_value());
  EXPECT_FALSE(value_of(report, "pore filling").value.has_value());
  EXPECT_FALSE(value_of(report, "interphase in the conductor").value.has_value());
  EXPECT_FALSE(value_of(report, "porosity").value.has_value());
  EXPECT_EQ(report.warnings.size(), 3U);
  const report::Report named = ask({{"part", "MCM-41, 60.08 g/mol, 2.2 g/cm3, 50 mol%"}, {"part", "TcO2, 50 mol%"}});
  EXPECT_FALSE(component_value(named, 1, mass_column).value.has_value());
  EXPECT_NEAR(*component_value(named, 0, amount_column).value, 50.0, 1e-12);
  EXPECT_EQ(
      *value_of(ask({{"part", "LiBH4, 0.666 g/cm3, 0 wt%"}, {"part", "SiO2, 2.2 g/cm3"}, {"pore-volume", "1 cm3/g"}}),
                "pore filling")
           .value,
      0.0);
}

void expect_refused(const Given& given, const std::string& word) {
  try {
    ask(given);
    ADD_FAILURE() << given.front().second << " was accepted";
  } catch (const ParameterError& error) {
    EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
  }
}

TEST(Composition, Refuses) {
  const std::pair<std::string, std::string> oxide{"part", "ZrO2, 5.89 g/cm3"};
  expect_refused({{"pore-volume", "1 cm3/g"}}, "missing");
  expect_refused({{"part", "Li2B12H12, 75 %"}, oxide}, "does not say which");
  expect_refused({{"part", "Li2B12H12, 75 vol%, 10 wt%"}, oxide}, "one fraction");
  expect_refused({{"part", "Li2B12H12, 1 g/cm3, 2 g/cm3"}, oxide}, "not two");
  expect_refused({{"part", "Li2B12H12, > 1 g/cm3, 75 vol%"}, oxide}, "not a bound");
  expect_refused({{"part", ", 75 vol%"}, oxide}, "a name first");
  expect_refused({{"part", "Li2B12H12, 3 nm, 75 vol%"}, oxide}, "length");
  expect_refused({{"part", "Li2B12H12, much"}, oxide}, "'much'");
  expect_refused({{"part", "Li2B12H12, 75 vol%"}, {"part", "ZrO2, 25 wt%"}}, "one basis");
  expect_refused({{"part", "Li2B12H12"}, oxide}, "in all parts but one");
  expect_refused({{"part", "Li2B12H12, 60 vol%"}, {"part", "ZrO2, 25 vol%"}}, "leave one fraction out");
  expect_refused({{"part", "Li2B12H12, 120 vol%"}, oxide}, "from 0 to 1");
  expect_refused({{"part", "Li2B12H12"}, {"pore-volume", "1 cm3/g"}}, "a conductor and a scaffold");
  expect_refused({{"part", "Li2B12H12, 75 vol%"}, oxide, {"interphase-thickness", "1 nm"}}, "both together");
  expect_refused({{"part", "Li2B12H12, 75 vol%"}, oxide, {"mass", "1 mg"}}, "mass, thickness and diameter");
  expect_refused({{"part", "Li2B12H12, 75 vol%"}, oxide, {"filling", "100 %"}}, "either fractions");
  expect_refused({{"part", "Li2B12H12, 1 g/cm3"}, oxide, {"filling", "100 %"}}, "pore volume of the second");
  expect_refused({{"part", "Li2B12H12, 75 vol%"}, oxide, {"pore-volume", "1 m2/g"}}, "cm3/g");
  expect_refused({{"part", "Li2B12H12, 75 vol%"}, oxide, {"pore-volume", "-1 cm3/g"}}, "above 0");
}

}  // namespace
}  // namespace closo::tasks
