#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "closo/base/error.hpp"
#include "closo/tasks/evaluate.hpp"

namespace closo::tasks {
namespace {

const std::filesystem::path source = CLOSO_SOURCE_DIR;

Context context() {
  Context result;
  result.data = source / "data";
  result.user_store = std::filesystem::temp_directory_path() / "closo-no-such-store.sqlite";
  return result;
}

const report::Section* section(const report::Report& report) {
  for (const report::Section& each : report.sections) {
    if (each.id == "composite") return &each;
  }
  return nullptr;
}

const report::Verdict* verdict(const report::Report& report) {
  for (const report::Verdict& each : report.verdicts) {
    if (each.criterion == "filler fraction") return &each;
  }
  return nullptr;
}

template <class Block>
std::size_t count(const report::Section& section) {
  std::size_t found = 0;
  for (const report::Block& block : section.blocks) found += std::holds_alternative<Block>(block) ? 1U : 0U;
  return found;
}

std::optional<report::Value> value(const report::Section& section, const std::string& key) {
  for (const report::Block& block : section.blocks) {
    const auto* values = std::get_if<report::KeyValues>(&block);
    if (values == nullptr) continue;
    for (const auto& item : values->items) {
      if (item.first == key) return std::get<report::Value>(item.second);
    }
  }
  return std::nullopt;
}

/// 25 vol% of Hehn's zirconia with the host's and the composite's conductivities as given.
System system(const std::string& composite_lines, const std::string& sigma = "1.2e-3 S/cm") {
  return parse_system(
      "[system]\nname = 'test'\nmobile_ion = 'Li'\n[electrolyte]\nmaterial = 'Li2B12H12'\n"
      "conductivity = [{ T = '60 degC', sigma = '" +
          sigma +
          "' }]\nactivation_energy = '0.42 eV'\n[composite]\nfiller = 'ZrO2'\nfraction = '25 vol%'\n"
          "densities = { ZrO2 = '5.89 g/cm3', Li2B12H12 = '1.178 g/cm3' }\n" +
          composite_lines + "\n[operation]\ntemperatures = ['40 degC', '60 degC']\n",
      source / "examples" / "test.toml");
}

constexpr const char* powder = "surface_area = '95 m2/g'\npore_volume = '0.246 cm3/g'\n";
constexpr const char* pristine =
    "host_conductivity = [{ T = '60 degC', sigma = '<1.2e-6 S/cm' }]\nhost_activation_energy = '0.52 eV'\n";

TEST(EvaluateComposite, HehnsInterphase) {
  const report::Report report = evaluate({system(std::string(powder) + pristine), {}}, context());
  const report::Section* found = section(report);
  ASSERT_NE(found, nullptr);
  const auto interphase = value(*found, "implied interphase at 60 °C");
  ASSERT_TRUE(interphase.has_value());
  EXPECT_GT(*interphase->value, 1.2e-3) << "the layer must conduct better than the composite that it carries";
  EXPECT_LT(*interphase->value, 1.0);
  EXPECT_EQ(count<report::Figure>(*found), 2U);
  const auto best = value(*found, "best filler fraction");
  ASSERT_TRUE(best.has_value());
  EXPECT_GT(*best->value, 5.0);
  EXPECT_LT(*best->value, 65.0);
  ASSERT_NE(verdict(report), nullptr);
}

TEST(EvaluateComposite, AThickerLayerConductsLess) {
  const auto implied = [&](const char* thickness) {
    const report::Report report = evaluate({system(std::string(powder) + pristine + "interphase_thickness = '" +
                                                   thickness + "'\nwetted_fraction = '100 %'\n"),
                                            {}},
                                           context());
    return *value(*section(report), "implied interphase at 60 °C")->value;
  };
  EXPECT_GT(implied("1 nm"), implied("2 nm"));
}

TEST(EvaluateComposite, AStatedInterphasePredicts) {
  const report::Report report = evaluate(
      {system(std::string(powder) + pristine +
              "interphase_conductivity = [{ T = '60 degC', sigma = '1e-2 S/cm' }]\ninterphase_activation_energy = "
              "'0.42 eV'\n"),
       {}},
      context());
  const report::Table* table = nullptr;
  for (const report::Block& block : section(report)->blocks) {
    if (const auto* each = std::get_if<report::Table>(&block)) table = each;
  }
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->columns[3].title, "predicted (S/cm)");
  ASSERT_EQ(table->rows.size(), 2U);
  for (const auto& row : table->rows) {
    const double predicted = *std::get<report::Value>(row[3]).value, host = *std::get<report::Value>(row[1]).value,
                 interphase = *std::get<report::Value>(row[2]).value;
    EXPECT_GT(predicted, host);
    EXPECT_LT(predicted, interphase);
  }
}

TEST(EvaluateComposite, WhatIsNotKnownIsUnknown) {
  // The host conducts as well as the composite: nothing can be said of an interphase.
  const report::Report none = evaluate(
      {system(std::string(powder) + "host_conductivity = [{ T = '60 degC', sigma = '2e-3 S/cm' }]\n"), {}}, context());
  ASSERT_NE(verdict(none), nullptr);
  EXPECT_EQ(verdict(none)->outcome, report::Outcome::unknown);
  EXPECT_NE(section(none), nullptr);
  // Without area nothing is modelled, and nothing is said.
  const report::Report thin = evaluate({system(pristine), {}}, context());
  EXPECT_EQ(section(thin), nullptr);
  EXPECT_EQ(verdict(thin), nullptr);
}

TEST(EvaluateComposite, WithoutAFillerThereIsNoSection) {
  const report::Report report = evaluate({read_system(source / "examples" / "libh4-tis2.toml"), {}}, context());
  EXPECT_EQ(section(report), nullptr);
}

TEST(EvaluateComposite, WrongKeysAreRefused) {
  EXPECT_THROW(system("wetted_fraction = '150 %'\n"), base::InputError);
  EXPECT_THROW(system("host_conductivity = [{ T = '60 degC', sigma = '-1 S/cm' }]\n"), base::InputError);
  EXPECT_THROW(system("interphase_activation_energy = '3 nm'\n"), base::InputError);
}

}  // namespace
}  // namespace closo::tasks
