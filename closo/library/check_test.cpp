#include "closo/library/check.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <limits>

#include "closo/library/detail/fact_schema.hpp"

namespace closo::library {
namespace {

Fact conductivity(double value, std::string_view unit) {
  Fact fact;
  fact.id = "F";
  fact.quantity = "ionic conductivity";
  fact.value = value;
  fact.unit = base::Unit::parse(unit);
  detail::set_si(fact);
  return fact;
}

Fact with_quantity(std::string_view quantity, double value, std::string_view unit) {
  Fact fact = conductivity(value, unit);
  fact.quantity = quantity;
  return fact;
}

TEST(check_fact, is_silent_about_a_sound_fact) {
  EXPECT_TRUE(check_fact(conductivity(1.2, "mS/cm")).empty());
  EXPECT_TRUE(check_fact(with_quantity("activation energy for ionic conduction", 40, "kJ/mol")).empty());
  EXPECT_TRUE(check_fact(with_quantity("oxide mass fraction", 25, "wt%")).empty());
}

TEST(check_fact, finds_wrong_units_and_impossible_values) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const Fact& fact :
       {conductivity(1, "V"), conductivity(0, "S/cm"), conductivity(-1, "S/cm"), conductivity(nan, "S/cm"),
        with_quantity("oxide volume fraction", 1.1, "1"), with_quantity("oxide volume fraction", 101, "vol%"),
        with_quantity("activation energy for ionic conduction", 3.1, "eV"),
        with_quantity("activation energy for ionic conduction", -0.1, "eV"),
        with_quantity("lithium transport number", 1.01, "1"), with_quantity("cation transport number", -0.1, "1"),
        with_quantity("phase transition temperature", -1, "K"), with_quantity("lattice parameter a", 0, "nm")}) {
    const std::vector<Finding> findings = check_fact(fact);
    ASSERT_FALSE(findings.empty()) << fact.quantity << " " << *fact.value;
    EXPECT_EQ(findings[0].severity, Severity::error);
    EXPECT_EQ(findings[0].subject, "F");
  }
}

TEST(check_fact, finds_broken_ranges_temperatures_and_flags) {
  const auto expect = [](const std::function<void(Fact&)>& spoil, Severity severity, std::string_view words) {
    Fact fact = conductivity(1, "S/cm");
    spoil(fact);
    const std::vector<Finding> findings = check_fact(fact);
    ASSERT_EQ(findings.size(), 1U) << words;
    EXPECT_EQ(findings[0].severity, severity);
    EXPECT_NE(findings[0].text.find(words), std::string::npos) << findings[0].text;
  };
  expect([](Fact& f) { f.value_hi = 0.5; }, Severity::error, "lies below the lower end");
  expect(
      [](Fact& f) {
        f.value.reset();
        f.value_si.reset();
        f.value_hi = 1;
      },
      Severity::error, "no lower end");
  expect([](Fact& f) { f.uncertainty = -1; }, Severity::error, "uncertainty is negative");
  expect(
      [](Fact& f) {
        f.value.reset();
        f.value_si.reset();
        f.uncertainty = 1;
      },
      Severity::error, "no value");
  expect([](Fact& f) { f.qualifier = base::Qualifier::qualitative; }, Severity::error, "qualitative");
  expect([](Fact& f) { f.pressure = -1; }, Severity::error, "pressure is negative");
  expect([](Fact& f) { f.temperature = 0; }, Severity::error, "absolute zero");
  expect([](Fact& f) { f.temperature_hi = 300; }, Severity::error, "no lower end");
  expect(
      [](Fact& f) {
        f.temperature = 400;
        f.temperature_hi = 300;
      },
      Severity::error, "temperature range");
  expect([](Fact& f) { f.flags = {"strange"}; }, Severity::warning, "unknown flag 'strange'");
  expect(
      [](Fact& f) {
        f.flags = {"conflict"};
        f.note = "see F2";
      },
      Severity::doubt, "see F2");
  expect([](Fact& f) { f.quantity = "mood"; }, Severity::warning, "no rule");
}

TEST(check, finds_names_that_point_nowhere) {
  Library library = Library::load(std::filesystem::path(CLOSO_SOURCE_DIR) / "data");
  const std::size_t before = check(library).size();
  Fact fact = conductivity(1, "S/cm");
  fact.material = "nothing";
  fact.source = "nowhere";
  fact.references = {"nobody"};
  Material material;
  material.id = "odd";
  material.formula = "Xq2";
  library.add({material}, {fact});
  const std::vector<Finding> findings = check(library);
  ASSERT_EQ(findings.size(), before + 4);
  EXPECT_EQ(findings[0].subject, "odd");
  for (std::size_t i = findings.size() - 3; i < findings.size(); ++i) EXPECT_EQ(findings[i].severity, Severity::error);
}

TEST(severity, has_names) {
  EXPECT_EQ(to_string(Severity::error), "error");
  EXPECT_EQ(to_string(Severity::warning), "warning");
  EXPECT_EQ(to_string(Severity::doubt), "doubt");
}

}  // namespace
}  // namespace closo::library
