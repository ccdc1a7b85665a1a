#include "closo/tasks/composite_laws.hpp"

#include <gtest/gtest.h>

#include "closo/composite/effective_medium.hpp"
#include "closo/tasks/impedance_trial_test.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;
using trial::Given;
using trial::text_of;
using trial::value_of;

report::Report ask(const Given& given) { return trial::ask(composite_laws_task, given); }

const Given hehn = {{"phase", "bulk=1e-6 S/cm"},
                    {"phase", "interphase=1e-3 S/cm"},
                    {"particle-size", "10.7 nm"},
                    {"interphase", "1 nm"}};

std::size_t row_of(const report::Table& table, const std::string& law) {
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    if (text_of(table, row, "law") == law) return row;
  }
  ADD_FAILURE() << "no law " << law;
  return 0;
}

TEST(CompositeLaws, GivesWhatTheLawsGive) {
  const report::Report report = ask(hehn);
  const auto& table = trial::block_of<report::Table>(report, "laws");
  ASSERT_EQ(table.columns.size(), 5U);
  const std::string coated(composite::law(composite::LawId::coated_filler).title);
  composite::CoatedFiller filler;
  filler.bulk = 1e-4;
  filler.interphase = 0.1;
  filler.filler = 0.0;
  filler.radius = 5.35e-9;
  filler.thickness = 1e-9;
  EXPECT_NEAR(*value_of(table, row_of(table, coated), "sigma_25_vol_percent_S_per_cm").value,
              0.01 * composite::coated_filler_conductivity(filler, 0.25), 1e-15);
  EXPECT_TRUE(trial::has_figure(report, "laws"));
  EXPECT_EQ(trial::block_of<report::Table>(report, "law_sources").rows.size(), composite::laws().size());
}

TEST(CompositeLaws, EveryValueInsideItsBoundsOrNamed) {
  const report::Report report = ask(hehn);
  const auto& table = trial::block_of<report::Table>(report, "laws");
  const std::size_t upper = row_of(table, std::string(composite::law(composite::LawId::wiener_upper).title));
  std::size_t above = 0;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    bool exceeds = false;
    for (const char* percent : {"10", "25", "50", "75"}) {
      const std::string key = std::string("sigma_") + percent + "_vol_percent_S_per_cm";
      exceeds = exceeds || *value_of(table, row, key).value > 1.000001 * *value_of(table, upper, key).value;
    }
    if (!exceeds) continue;
    ++above;
    EXPECT_NE(table.caption.find(text_of(table, row, "law")), std::string::npos) << text_of(table, row, "law");
  }
  EXPECT_EQ(above > 0, table.caption.find("Above the upper bound") != std::string::npos);
}

TEST(CompositeLaws, SaysWhatALawNeeds) {
  const report::Report bare_report = ask({{"phase", "bulk=1 S/cm"}});
  const auto& bare = trial::block_of<report::Table>(bare_report, "laws");
  EXPECT_NE(bare.caption.find("needs threshold, exponent"), std::string::npos) << bare.caption;
  const report::Report one_report = ask({{"phase", "bulk=1 S/cm"},
                                         {"law", "general_effective_medium"},
                                         {"threshold", "0.16"},
                                         {"exponent", "2"},
                                         {"fraction", "50 vol%"}});
  const auto& one = trial::block_of<report::Table>(one_report, "laws");
  ASSERT_EQ(one.rows.size(), 1U);
  EXPECT_NEAR(*value_of(one, 0, "sigma_50_vol_percent_S_per_cm").value,
              composite::general_effective_medium(0.0, 100.0, 0.5, 0.16, 2.0) * 0.01, 1e-12);
}

TEST(CompositeLaws, PhasesFollowTheirArrheniusLaws) {
  const Given given = {
      {"phase", "bulk=1e-6 S/cm @ 298.15 K, 0.5 eV"}, {"law", "maxwell_garnett"}, {"fraction", "20 vol%"}};
  const auto value_at = [&](const char* temperature) {
    Given with = given;
    with.emplace_back("at", temperature);
    return *value_of(trial::block_of<report::Table>(ask(with), "laws"), 0, "sigma_20_vol_percent_S_per_cm").value;
  };
  EXPECT_NEAR(value_at("298.15 K"), 1e-6 * 2.0 * 0.8 / 2.2, 1e-15);  // insulating spheres: 2 (1 − f)/(2 + f)
  EXPECT_GT(value_at("350 K"), 10.0 * value_at("298.15 K"));
}

TEST(CompositeLaws, InterphaseSharesNeverExceedTheConductor) {
  composite::LawInput input;
  input.interphase = 1.0;
  input.particle_radius = 5e-9;
  input.interphase_thickness = 5e-9;
  EXPECT_DOUBLE_EQ(*law_input_at(input, 0.05).interphase_fraction, 0.35);
  EXPECT_DOUBLE_EQ(*law_input_at(input, 0.5).interphase_fraction, 0.5);
  input.particle_radius.reset();
  EXPECT_FALSE(law_input_at(input, 0.5).interphase_fraction.has_value());
}

TEST(CompositeLaws, RefusesWhatNoLawTakes) {
  EXPECT_THROW(ask({{"phase", "interphase=1 S/cm"}}), ParameterError);
  EXPECT_THROW(ask({{"phase", "bulk=1 S/cm"}, {"law", "brugeman"}}), ParameterError);
  EXPECT_THROW(ask({{"phase", "bulk=1 S/cm"}, {"law", "brick_layer"}}), ParameterError);
  EXPECT_THROW(ask({{"phase", "bulk=1 S/cm"}, {"fraction", "120 vol%"}}), ParameterError);
  CompositeLawsRequest request;
  request.fractions.clear();
  EXPECT_THROW(composite_laws(request, Context{}), ParameterError);
}

}  // namespace
}  // namespace closo::tasks
