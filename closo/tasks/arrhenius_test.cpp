#include "closo/tasks/arrhenius.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/report/render.hpp"

namespace closo::tasks {
namespace {

using Given = std::vector<std::pair<std::string, std::string>>;

const std::filesystem::path examples = std::filesystem::path(CLOSO_SOURCE_DIR) / "examples" / "arrhenius";

report::Report ask(const Given& given) {
  Arguments arguments;
  for (const auto& [name, text] : given) arguments.set(name, text);
  return run(arrhenius_task, arguments, Context{});
}

class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text) {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("closo_arrhenius_" + std::to_string(::getpid()) + "_" + std::to_string(++count) + ".csv");
    std::ofstream(path_) << text;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  std::string name() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

const report::Table& table_of(const report::Report& report, const std::string& id) {
  for (const report::Section& section : report.sections) {
    for (const report::Block& block : section.blocks) {
      if (const auto* table = std::get_if<report::Table>(&block); table != nullptr && table->id == id) return *table;
    }
  }
  throw base::InternalError("no table " + id);
}

report::Value cell(const report::Table& table, std::size_t row, const std::string& key) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].key == key) return std::get<report::Value>(table.rows.at(row).at(i));
  }
  throw base::InternalError("no column " + key);
}

TEST(ArrheniusTask, FindsWhatTheExampleWasMadeWith) {
  const report::Report report =
      ask({{"data", (examples / "li2b12h12-zro2.csv").string()}, {"at", "30 degC"}, {"at", "120 degC"}});
  const report::Table& segments = table_of(report, "segments");
  ASSERT_EQ(segments.rows.size(), 1U);
  const report::Value energy = cell(segments, 0, "Ea_eV");
  EXPECT_NEAR(*energy.value, 0.42, 4 * *energy.uncertainty);
  EXPECT_LT(*energy.uncertainty, 0.01);
  EXPECT_NEAR(*cell(segments, 0, "Ea_kJ_per_mol").value, *energy.value * 96.485, 1e-3);
  const report::Table& predictions = table_of(report, "predictions");
  const report::Value sigma = cell(predictions, 0, "sigma_S_per_cm");
  EXPECT_NEAR(*sigma.value, 2.9e-4, 4 * *sigma.uncertainty);
  EXPECT_EQ(std::get<std::string>(predictions.rows[0].back()), "inside");
  EXPECT_NE(std::get<std::string>(predictions.rows[1].back()).find("extrapolated over 20 K"), std::string::npos);
  ASSERT_FALSE(report.warnings.empty());
  EXPECT_EQ(table_of(report, "points").rows.size(), 8U);
  EXPECT_NO_THROW(report::render_json(report));
}

TEST(ArrheniusTask, HysteresisOfTheBranches) {
  const report::Report report = ask({{"data", (examples / "libh4.csv").string()}});
  const report::Table& transitions = table_of(report, "transitions");
  ASSERT_EQ(transitions.rows.size(), 2U);
  // Made with 388 K on heating and 378 K on cooling.
  EXPECT_NEAR(*cell(transitions, 0, "transition_degC").value, 388 - 273.15, 5.01);
  EXPECT_NEAR(*cell(transitions, 1, "transition_degC").value, 378 - 273.15, 5.01);
  EXPECT_NEAR(*cell(transitions, 0, "Ea_below_eV").value, 0.69, 0.02);
  EXPECT_NEAR(*cell(transitions, 0, "Ea_above_eV").value, 0.53, 0.04);
  EXPECT_NEAR(*cell(transitions, 0, "jump_decades").value, 1.6, 0.1);
  bool hysteresis = false;
  for (const report::Section& section : report.sections) {
    for (const report::Block& block : section.blocks) {
      const auto* items = std::get_if<report::KeyValues>(&block);
      if (items == nullptr || items->id != "hysteresis") continue;
      hysteresis = true;
      EXPECT_NEAR(*std::get<report::Value>(items->items.at(0).second).value, 10.0, 1e-3);
    }
  }
  EXPECT_TRUE(hysteresis);
}

TEST(ArrheniusTask, ResistanceGivesTheSameLawAsConductivity) {
  const report::Report report =
      ask({{"data", (examples / "resistance.csv").string()}, {"thickness", "0.4 mm"}, {"diameter", "1 cm"}});
  const report::Value energy = cell(table_of(report, "segments"), 0, "Ea_eV");
  EXPECT_NEAR(*energy.value, 0.42, 4 * *energy.uncertainty);
  const report::Report area =
      ask({{"data", (examples / "resistance.csv").string()}, {"thickness", "0.4 mm"}, {"area", "0.785398163 cm2"}});
  EXPECT_NEAR(*cell(table_of(area, "segments"), 0, "log10_prefactor").value,
              *cell(table_of(report, "segments"), 0, "log10_prefactor").value, 1e-8);
}

TEST(ArrheniusTask, GivenTransitionAndForms) {
  const std::string file = (examples / "libh4.csv").string();
  const report::Report given = ask({{"data", file}, {"transitions", "383 K"}});
  EXPECT_EQ(cell(table_of(given, "transitions"), 0, "transition_degC").kind, "setting");
  const report::Report sigma = ask({{"data", file}, {"form", "sigma"}});
  const report::Report sigma_t = ask({{"data", file}});
  const double difference =
      *cell(table_of(sigma_t, "segments"), 0, "Ea_eV").value - *cell(table_of(sigma, "segments"), 0, "Ea_eV").value;
  EXPECT_NEAR(difference, 8.617e-5 * 340, 1e-3);  // k T in the middle of the segment
  EXPECT_EQ(table_of(ask({{"data", file}, {"segments", "1"}}), "segments").rows.size(), 2U);
}

TEST(ArrheniusTask, TwoPointsWarnThatNothingIsKnownOfTheUncertainty) {
  const TemporaryFile file("T (degC),sigma (S/cm)\n30,2.9e-4\n60,1.2e-3\n");
  const report::Report bare = ask({{"data", file.name()}, {"at", "55 degC"}});
  const report::Value energy = cell(table_of(bare, "segments"), 0, "Ea_eV");
  EXPECT_NEAR(*energy.value, 0.4394, 1e-3);
  EXPECT_FALSE(energy.uncertainty.has_value());
  EXPECT_EQ(bare.warnings.size(), 1U);
  const report::Report stated = ask({{"data", file.name()}, {"uncertainty", "5 %"}});
  EXPECT_TRUE(cell(table_of(stated, "segments"), 0, "Ea_eV").uncertainty.has_value());
}

TEST(ArrheniusTask, WarnsOfScatterBeyondTheStatedUncertainty) {
  const TemporaryFile file("T (degC),sigma (S/cm)\n30,2.9e-4\n40,5.5e-4\n50,5.9e-4\n60,1.2e-3\n");
  const report::Report report = ask({{"data", file.name()}, {"uncertainty", "1 %"}});
  ASSERT_EQ(report.warnings.size(), 1U);
  EXPECT_NE(report.warnings[0].find("--scale-uncertainties"), std::string::npos);
  const report::Report scaled = ask({{"data", file.name()}, {"uncertainty", "1 %"}, {"scale-uncertainties", "true"}});
  EXPECT_GT(*cell(table_of(scaled, "segments"), 0, "Ea_eV").uncertainty,
            *cell(table_of(report, "segments"), 0, "Ea_eV").uncertainty);
  const TemporaryFile falling("T (degC),sigma (S/cm)\n30,3e-4\n40,2e-4\n50,1e-4\n");
  EXPECT_EQ(ask({{"data", falling.name()}}).warnings.size(), 1U);
}

TEST(ArrheniusTask, RefusesBadInput) {
  const TemporaryFile file("T (degC),sigma (S/cm)\n30,2.9e-4\n40,5e-4\n60,1.2e-3\n");
  const TemporaryFile same("T (degC),sigma (S/cm)\n30,2.9e-4\n30,3e-4\n");
  const auto refuses = [&](Given more) {
    more.emplace_back("data", file.name());
    EXPECT_THROW(ask(more), base::ParameterError) << more[0].first;
  };
  EXPECT_THROW(ask({}), base::ParameterError);
  EXPECT_THROW(ask({{"data", "/nowhere/data.csv"}}), base::InputError);
  EXPECT_THROW(ask({{"data", same.name()}}), base::InputError);
  EXPECT_THROW(ask({{"data", file.name()}, {"segments", "3"}}), base::InputError);
  refuses({{"at", "-300 degC"}});
  refuses({{"at", "30"}});
  refuses({{"transitions", "0 K"}});
  refuses({{"transitions", "200 degC"}});
  refuses({{"transitions", "45 degC"}, {"segments", "2"}});
  refuses({{"confidence", "1.5"}});
  refuses({{"uncertainty", "0 %"}});
  refuses({{"temperature-uncertainty", "1 degC"}});
  refuses({{"temperature-uncertainty", "1 K"}});
  refuses({{"thickness", "-1 mm"}});
  refuses({{"area", "1 cm2"}, {"diameter", "1 cm"}});
  refuses({{"min-points", "1"}});
  refuses({{"form", "sigmaT"}});
}

}  // namespace
}  // namespace closo::tasks
