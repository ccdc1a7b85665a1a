#include "closo/tasks/stability_react.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::tasks {
namespace {

using Given = std::vector<std::pair<std::string, std::string>>;

report::Report ask(const Given& given) {
  Arguments arguments;
  for (const auto& [name, text] : given) arguments.set(name, text);
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  return run(stability_react_task, arguments, context);
}

report::Value value(const report::Report& report, const std::string& name) {
  const auto& items = std::get<report::KeyValues>(report.sections.at(0).blocks.at(0)).items;
  const auto found = std::ranges::find(items, name, [](const auto& item) { return item.first; });
  if (found == items.end()) throw base::InternalError("no value '" + name + "'");
  return std::get<report::Value>(found->second);
}

std::string refusal(const Given& given) {
  try {
    ask(given);
  } catch (const base::Error& error) {
    return error.what();
  }
  ADD_FAILURE() << "nothing was refused";
  return {};
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// NIST-JANAF (Chase 1998): ΔfG(H2O, liquid, 298.15 K) = -237.14 kJ/mol; ΔfG(LiH) = -68.4 kJ/mol.
TEST(StabilityReact, GibbsEnergiesOfKnownReactions) {
  const report::Report water = ask({{"reaction", "H2 + O2 -> H2O"}, {"set", "gibbs"}, {"draws", "0"}});
  EXPECT_EQ(water.title, "2 H2 + O2 → 2 H2O");
  EXPECT_NEAR(*value(water, "per mole of H2").value, -237.1, 1.0);
  EXPECT_NEAR(*value(water, "per mole of reaction").value, -474.3, 2.0);
  const report::Report hydride = ask({{"reaction", "LiH -> Li + H2"}, {"set", "gibbs"}, {"draws", "0"}});
  EXPECT_NEAR(*value(hydride, "per mole of LiH").value, 68.4, 1.0);
  EXPECT_NEAR(*value(hydride, "reaction energy, as written").value * 96.485,
              *value(hydride, "per mole of reaction").value, 1e-3);
}

TEST(StabilityReact, PressureFollowsTheGas) {
  const Given base{{"reaction", "MgH2 -> Mg + H2"}, {"set", "gibbs"}, {"draws", "0"}, {"temperature", "400 K"}};
  Given pressed = base;
  pressed.emplace_back("pressure", "H2=10 bar");
  // RT ln 10 at 400 K: 7.658 kJ/mol.
  EXPECT_NEAR(*value(ask(pressed), "per mole of reaction").value - *value(ask(base), "per mole of reaction").value,
              7.658, 0.01);
}

// MgH2 gives off hydrogen of 1 bar at about 553 K (Bogdanović et al., J. Alloys Compd. 282 (1999) 84, DOI
// 10.1016/S0925-8388(98)00829-9: ΔH = -74 kJ/mol, ΔS = -133 J/(mol K)).
TEST(StabilityReact, EquilibriumTemperatureOfMgH2) {
  const report::Report report = ask({{"reaction", "MgH2 -> Mg + H2"}, {"set", "gibbs"}, {"draws", "0"}});
  const auto section = std::ranges::find(report.sections, "temperature", &report::Section::id);
  ASSERT_NE(section, report.sections.end());
  const std::string words = std::get<report::Paragraph>(section->blocks.at(1)).text;
  const std::string start = "ΔG is zero at ";
  ASSERT_TRUE(words.starts_with(start)) << words;
  EXPECT_NEAR(std::stod(words.substr(start.size())), 553.0, 25.0) << words;
}

TEST(StabilityReact, StaticSetHasNoTemperatureSection) {
  const report::Report report = ask({{"reaction", "LiBH4 -> LiH + B + H2"}, {"draws", "50"}});
  EXPECT_EQ(report.title, "2 LiBH4 → 2 LiH + 2 B + 3 H2");
  EXPECT_GT(*value(report, "standard uncertainty, per mole of reaction").value, 0.0);
  EXPECT_NEAR(*value(report, "per mole of LiBH4").value * 2.0, *value(report, "per mole of reaction").value, 1e-9);
  EXPECT_EQ(std::ranges::find(report.sections, "temperature", &report::Section::id), report.sections.end());
}

TEST(StabilityReact, WithoutProductsGivesTheEquilibrium) {
  // The same entries in scipy's linear program: -7.406436 eV.
  const report::Report report = ask({{"reaction", "15 LiBH4 + 34 Li4Ti5O12"}, {"draws", "0"}});
  EXPECT_NEAR(*value(report, "reaction energy, as written").value, -7.406436, 1e-5);
  const report::Report words = ask({{"reaction", "LiBH4"}, {"reaction", "+"}, {"reaction", "LiCoO2"}, {"draws", "0"}});
  EXPECT_TRUE(holds(words.title, "→")) << words.title;
  const report::Report inert = ask({{"reaction", "LiBH4 + LiH"}, {"draws", "0"}});
  EXPECT_TRUE(holds(std::get<report::Paragraph>(inert.sections.at(0).blocks.at(0)).text, "Nothing happens"));
}

TEST(StabilityReact, ReverseHasTheOppositeEnergy) {
  const report::Report there = ask({{"reaction", "Li2B12H12 + 10 LiH + 13 H2 -> 12 LiBH4"}, {"draws", "0"}});
  const report::Report back = ask({{"reaction", "12 LiBH4 -> Li2B12H12 + 10 LiH + 13 H2"}, {"draws", "0"}});
  EXPECT_NEAR(*value(there, "per mole of reaction").value, -*value(back, "per mole of reaction").value, 1e-9);
}

TEST(StabilityReact, TellsWhatIsWrong) {
  EXPECT_TRUE(holds(refusal({{"reaction", "LiBH4 -> LiH + B"}}), "balance"));
  EXPECT_TRUE(holds(refusal({{"reaction", "LiB3H3 -> LiH + B + H2"}}), "nearest"));
  EXPECT_TRUE(holds(refusal({{"reaction", "BH4^- -> B + H2"}}), "charged"));
  EXPECT_TRUE(holds(refusal({{"reaction", "LiBH4 -> LiH + B + H2"}, {"temperature", "400 K"}}), "gibbs"));
  EXPECT_TRUE(holds(refusal({{"reaction", "LiBH4 -> LiH + B + H2"}, {"draws", "3"}}), "draws"));
  EXPECT_TRUE(holds(refusal({{"reaction", "LiBH4 -> LiH + B + H2"}, {"draws", "-3"}}), "draws"));
}

}  // namespace
}  // namespace closo::tasks
