#include "closo/composite/law_list.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/composite/effective_medium.hpp"
#include "closo/composite/space_charge.hpp"

namespace closo::composite {
namespace {

LawInput complete(double filler_fraction = 0.25) {
  return {.bulk = 1e-5,
          .filler = 1e-10,
          .interphase = 1e-2,
          .filler_fraction = filler_fraction,
          .particle_radius = 5e-9,
          .interphase_thickness = 1e-9,
          .grain_size = 1e-6,
          .boundary_thickness = 1e-9,
          .boundary = 1e-7,
          .debye_length = 2e-9,
          .excess_conductivity = 1e-3,
          .percolation_share = 0.5,
          .threshold = 0.16,
          .exponent = 0.9};
}

TEST(law_list, entries_are_in_order_complete_and_named_once) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < laws().size(); ++i) {
    const Law& entry = laws()[i];
    EXPECT_EQ(static_cast<std::size_t>(entry.id), i);
    EXPECT_EQ(&law(entry.id), &entry);
    EXPECT_EQ(&find_law(entry.name), &entry);
    EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
    EXPECT_FALSE(entry.title.empty());
    EXPECT_EQ(entry.validity.back(), '.') << entry.name;
    EXPECT_NE(entry.source.find("19"), std::string_view::npos) << entry.name;
    EXPECT_FALSE(entry.needs.empty());
    for (const std::string_view need : entry.needs) EXPECT_FALSE(input_unit(need).empty());
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(LawId::general_effective_medium) + 1);
}

TEST(law_list, every_law_gives_a_conductivity_between_its_phases) {
  for (const Law& entry : laws()) {
    for (const double f : {0.0, 0.1, 0.5, 0.9}) {
      const LawInput input = complete(f);
      EXPECT_TRUE(is_applicable(entry, input)) << entry.name;
      const double value = evaluate(entry.id, input);
      EXPECT_GE(value, 0.0) << entry.name;
      EXPECT_LE(value, 1e-2) << entry.name;
      if (f == 0.0 && entry.id != LawId::brick_layer) {
        EXPECT_NEAR(value / 1e-5, 1.0, 1e-9) << entry.name;
      }
    }
  }
}

TEST(law_list, every_law_names_each_input_it_misses) {
  const struct {
    const char* name;
    std::optional<double> LawInput::*member;
  } members[] = {{"bulk", &LawInput::bulk},
                 {"filler", &LawInput::filler},
                 {"interphase", &LawInput::interphase},
                 {"filler_fraction", &LawInput::filler_fraction},
                 {"particle_radius", &LawInput::particle_radius},
                 {"interphase_thickness", &LawInput::interphase_thickness},
                 {"grain_size", &LawInput::grain_size},
                 {"boundary_thickness", &LawInput::boundary_thickness},
                 {"boundary", &LawInput::boundary},
                 {"debye_length", &LawInput::debye_length},
                 {"excess_conductivity", &LawInput::excess_conductivity},
                 {"percolation_share", &LawInput::percolation_share},
                 {"threshold", &LawInput::threshold},
                 {"exponent", &LawInput::exponent}};
  for (const Law& entry : laws()) {
    const double whole = evaluate(entry.id, complete());
    for (const auto& member : members) {
      LawInput input = complete();
      (input.*member.member).reset();
      const bool needed = std::ranges::find(entry.needs, member.name) != entry.needs.end();
      EXPECT_EQ(is_applicable(entry, input), !needed) << entry.name << " " << member.name;
      if (!needed) {
        EXPECT_EQ(evaluate(entry.id, input), whole) << entry.name << " " << member.name;
        continue;
      }
      try {
        evaluate(entry.id, input);
        ADD_FAILURE() << entry.name << " does without " << member.name;
      } catch (const base::ParameterError& error) {
        EXPECT_EQ(error.name(), member.name);
      }
    }
  }
}

TEST(law_list, evaluate_is_the_law_itself) {
  const LawInput input = complete();
  const std::vector<double> s{1e-5, 1e-10}, f{0.75, 0.25};
  const auto value = [&](LawId id) { return evaluate(id, input); };
  EXPECT_EQ(value(LawId::wiener_lower), wiener_bounds(s, f).first);
  EXPECT_EQ(value(LawId::wiener_upper), wiener_bounds(s, f).second);
  EXPECT_EQ(value(LawId::hashin_shtrikman_lower), hashin_shtrikman_bounds(s, f).first);
  EXPECT_EQ(value(LawId::hashin_shtrikman_upper), hashin_shtrikman_bounds(s, f).second);
  EXPECT_EQ(value(LawId::maxwell_garnett), maxwell_garnett(1e-5, 1e-10, 0.25).real());
  EXPECT_EQ(value(LawId::bruggeman), bruggeman(s, f));
  EXPECT_EQ(value(LawId::differential_medium), differential_medium(1e-5, 1e-10, 0.25));
  CoatedFiller filler{.bulk = 1e-5, .interphase = 1e-2, .filler = 1e-10, .radius = 5e-9, .thickness = 1e-9};
  EXPECT_EQ(value(LawId::coated_filler), coated_filler_conductivity(filler, 0.25));
  filler.bruggeman_mixing = true;
  EXPECT_EQ(value(LawId::coated_filler_symmetric), coated_filler_conductivity(filler, 0.25));
  EXPECT_EQ(value(LawId::brick_layer), brick_layer(1e-5, 1e-7, 1e-6, 1e-9).real());
  EXPECT_EQ(value(LawId::resistor_network), resistor_network_effective_medium({1e-5, 1e-2, 1e-10}, 0.25));
  EXPECT_EQ(value(LawId::space_charge), space_charge_conductivity({1e-5, 1e-3, 2e-9, 3.0 / 5e-9, 0.25, 0.5}));
  EXPECT_EQ(value(LawId::mixing_rule), mixing_rule(s, f, 0.9));
  EXPECT_EQ(value(LawId::general_effective_medium), general_effective_medium(1e-10, 1e-5, 0.75, 0.16, 0.9));
  LawInput turned = input;
  std::swap(turned.bulk, turned.filler);
  EXPECT_EQ(evaluate(LawId::general_effective_medium, turned), general_effective_medium(1e-10, 1e-5, 0.25, 0.16, 0.9));
}

TEST(law_list, an_interphase_share_makes_three_phases) {
  LawInput input = complete(0.5);
  input.interphase_fraction = 0.3;
  const std::vector<double> s{1e-5, 1e-2, 1e-10}, f{0.2, 0.3, 0.5};
  for (const Law& entry : laws()) {
    const bool changes = evaluate(entry.id, input) != evaluate(entry.id, complete(0.5));
    EXPECT_EQ(changes, entry.takes_interphase_share) << entry.name;
  }
  EXPECT_NEAR(evaluate(LawId::bruggeman, input) / bruggeman(s, f), 1.0, 1e-12);
  // All conductor has become interphase.
  input.filler_fraction = 0.7;
  input.interphase_fraction = 0.3;
  EXPECT_NEAR(evaluate(LawId::wiener_upper, input), 0.3 * 1e-2, 1e-10);
  input.interphase_fraction = 0.4;
  EXPECT_THROW(evaluate(LawId::wiener_upper, input), base::ParameterError);
}

TEST(law_list, refuses_bad_input) {
  try {
    find_law("brugeman");
    FAIL();
  } catch (const base::ParameterError& error) {
    EXPECT_NE(std::string(error.what()).find("bruggeman"), std::string::npos);
  }
  EXPECT_THROW(input_unit("radius of nothing"), base::ParameterError);
  EXPECT_THROW(law(static_cast<LawId>(99)), base::InternalError);
  LawInput input = complete();
  input.filler_fraction = 1.5;
  EXPECT_THROW(evaluate(LawId::bruggeman, input), base::ParameterError);
  input = complete();
  input.particle_radius = 0.0;
  EXPECT_THROW(evaluate(LawId::space_charge, input), base::ParameterError);
}

}  // namespace
}  // namespace closo::composite
