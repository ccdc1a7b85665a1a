#include "closo/tasks/detail/cell_settings.hpp"

#include <gtest/gtest.h>

#include "closo/base/error.hpp"
#include "closo/tasks/detail/cell_trial_test.hpp"

namespace closo::tasks::detail {
namespace {

Variation parsed(std::string_view text) { return parse_variation("vary", text, trial_case().description); }

TEST(ParseVariation, ListsInAnyUnit) {
  EXPECT_EQ(parsed("separator.thickness=30, 60, 600 um").values.size(), 3U);
  EXPECT_NEAR(parsed("separator.thickness=30, 60, 600 um").values[1], 60e-6, 1e-15);
  EXPECT_NEAR(parsed("separator.thickness = 0.3 mm, 600 um").values[0], 3e-4, 1e-15);
  EXPECT_NEAR(parsed("temperature=40, 60 degC").values[0], 313.15, 1e-9);
  EXPECT_NEAR(parsed("cathode.active_mass_fraction=40 wt%").values[0], 0.4, 1e-12);
  EXPECT_FALSE(parsed("separator.thickness=30 um").range);
}

TEST(ParseVariation, RangesWithCounts) {
  const Variation plain = parsed("separator.thickness=30 um to 600 um");
  ASSERT_TRUE(plain.range);
  EXPECT_TRUE(plain.range->is_logarithmic) << "as the schema says";
  EXPECT_EQ(plain.count, 0U);
  const Variation cut = parsed("separator.thickness=30 to 600 um, 12 linear");
  EXPECT_FALSE(cut.range->is_logarithmic);
  EXPECT_EQ(cut.count, 12U);
  EXPECT_NEAR(cut.range->low, 30e-6, 1e-15);
  EXPECT_TRUE(parsed("cathode.porosity=1 to 20 %, 5 log").range->is_logarithmic);
  EXPECT_FALSE(parsed("cathode.porosity=0 to 20 %").range->is_logarithmic);
}

TEST(ParseVariation, Steps) {
  const Variation stepped = parsed("temperature=30 to 90 degC by 20 degC");
  ASSERT_EQ(stepped.values.size(), 4U);
  EXPECT_NEAR(stepped.values[1], 323.15, 1e-9) << "a step is a difference";
  EXPECT_NEAR(stepped.values[3], 363.15, 1e-9);
  EXPECT_EQ(parsed("separator.thickness=10 um to 50 um by 20 um").values.size(), 3U);
}

TEST(ParseVariation, RangesOfTheDescription) {
  const Variation known = parsed("cathode.particle_radius");
  ASSERT_TRUE(known.range);
  EXPECT_EQ(known.range->low, 1e-6);
  EXPECT_EQ(known.range->high, 1e-5);
}

TEST(ParseVariation, WrongTextsAreRefused) {
  EXPECT_THROW(parsed("separator.thiknes=30 um"), base::InputError);
  for (const char* text :
       {"separator.thickness", "separator.thickness=", "separator.thickness=thin", "separator.thickness=30 V",
        "separator.thickness=30", "separator.thickness=0 um", "separator.thickness=60 um to 30 um",
        "separator.thickness=30 um to 60 um, 1", "separator.thickness=30 um to 60 um, 5 cubic",
        "separator.thickness=30 um to 60 um by -5 um", "separator.thickness=30 um to 60 um by 0 um",
        "separator.thickness=30 um to 60 um by 1 pm", "cathode.porosity=0 to 20 %, log", "cathode.porosity=99 %"})
    EXPECT_THROW(parsed(text), base::ParameterError) << text;
}

TEST(ParseTarget, ComparisonsAndUnits) {
  const cell::DesignTarget energy = parse_target("specific energy >= 250 Wh/kg");
  EXPECT_EQ(energy.quantity->name, "specific energy");
  EXPECT_TRUE(energy.is_at_least);
  EXPECT_NEAR(energy.value, 250.0 * 3600.0, 1e-6);
  const cell::DesignTarget loss = parse_target("ohmic loss ≤ 50 mV");
  EXPECT_FALSE(loss.is_at_least);
  EXPECT_NEAR(loss.value, 0.05, 1e-12);
  EXPECT_EQ(target_text(loss), "ohmic loss ≤ 50 mV");
  EXPECT_TRUE(parse_target("utilisation > 80 %").is_at_least);
  EXPECT_FALSE(parse_target("total loss < 0.1 V").is_at_least);
  EXPECT_THROW(parse_target("specific energy 250 Wh/kg"), base::ParameterError);
  EXPECT_THROW(parse_target("specific energy >= 250 V"), base::ParameterError);
  EXPECT_THROW(parse_target("specific energy >="), base::ParameterError);
  EXPECT_THROW(parse_target("specifc energy >= 250 Wh/kg"), base::InputError);
}

TEST(ParseStack, RatioAndCollectors) {
  Arguments arguments;
  arguments.set("np", "2");
  arguments.set("collector", "Cu, 8 um");
  arguments.set("collector", "Ti, 10 um, 4.5 g/cm3");
  const cell::StackChoice stack = parse_stack(arguments);
  EXPECT_EQ(stack.capacity_ratio, 2.0);
  ASSERT_EQ(stack.collectors.size(), 2U);
  EXPECT_NEAR(stack.collectors[1].areal_mass->value, 0.045, 1e-12);
  for (const auto& [name, text] : {std::pair{"np", "-1"}, std::pair{"collector", "Zn, 8 um"},
                                   std::pair{"collector", "Cu"}, std::pair{"collector", "Cu, 8 um, 3 V"}}) {
    Arguments wrong;
    wrong.set(name, text);
    EXPECT_THROW(parse_stack(wrong), base::ParameterError) << text;
  }
  EXPECT_FALSE(parse_stack({}).capacity_ratio);
}

TEST(CellSettings, RatesAndNames) {
  const CellCase cell = trial_case();
  EXPECT_EQ(rates_of({}, cell), (std::vector<std::string>{"C/5"}));
  Arguments arguments;
  arguments.set("rate", "1 mA/cm2");
  EXPECT_EQ(rates_of(arguments, cell).front(), "1 mA/cm2");
  Arguments wrong;
  wrong.set("rate", "C//3");
  EXPECT_THROW(rates_of(wrong, cell), base::ParameterError);
  CellCase bare = cell;
  bare.rates.clear();
  EXPECT_EQ(rates_of({}, bare).front(), "C/10");
  EXPECT_EQ(plain_name("cathode.particle_radius"), "cathode particle radius");
  EXPECT_EQ(quantity_title("separator.thickness"), "separator thickness (µm)");
  EXPECT_EQ(report::to_text(quantity_value("temperature", 333.15)), "60 °C");
  EXPECT_EQ(outcome_title(cell::outcome_quantity("specific energy")), "specific energy (Wh/kg)");
}

TEST(Fingerprint, EverythingThatDecidesIsInIt) {
  const CellCase cell = trial_case();
  const auto protocol = [&](const char* rate) { return cell::discharge_protocol(cell.description, rate, 1.7, 2.5); };
  const std::string text = fingerprint(cell.description, protocol("C/5"), cell.mesh, {});
  EXPECT_EQ(text, fingerprint(cell.description, protocol("C/5"), cell.mesh, {}));
  cell::CellDescription other = cell.description;
  other.set_value("anode.resistance", 31e-4);
  EXPECT_NE(text, fingerprint(other, protocol("C/5"), cell.mesh, {}));
  EXPECT_NE(text, fingerprint(cell.description, protocol("C/4"), cell.mesh, {}));
  EXPECT_NE(text, fingerprint(cell.description, protocol("C/5"), cell::SimulationOptions{}, {}));
  EXPECT_NE(text, fingerprint(cell.description, protocol("C/5"), cell.mesh, {2.0, {}}));
  other = cell.description;
  other.open_circuit = cell::flat_open_circuit(2.0);
  EXPECT_NE(text, fingerprint(other, protocol("C/5"), cell.mesh, {}));
}

TEST(VariationNotes, WhatDoesNotFollow) {
  cell::CellDescription cell = trial_case().description;
  const std::vector<std::string> conductivity{"separator.conductivity"}, porosity{"cathode.porosity"},
      pressure{"stack_pressure"};
  EXPECT_TRUE(variation_notes(cell, conductivity).empty());
  EXPECT_EQ(variation_notes(cell, pressure).size(), 1U);
  cell.set_value("cathode.ionic_conductivity", 0.02);
  EXPECT_EQ(variation_notes(cell, conductivity).size(), 1U);
  EXPECT_EQ(variation_notes(cell, porosity).size(), 1U);
}

}  // namespace
}  // namespace closo::tasks::detail
