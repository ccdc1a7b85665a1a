#include "closo/tasks/cell_fit.hpp"

#include <gtest/gtest.h>

#include <unistd.h>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <string>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"

namespace closo::tasks {
namespace {

const std::filesystem::path cells = std::filesystem::path(CLOSO_SOURCE_DIR) / "examples" / "cells";

Context context() {
  Context made;
  made.data = std::filesystem::path(CLOSO_SOURCE_DIR) / "data";
  made.threads = 2;
  return made;
}

Arguments arguments(const std::vector<std::pair<std::string, std::string>>& more = {}) {
  Arguments result;
  result.set("system", (cells / "simulated-tis2.toml").string());
  result.set("experiments", (cells / "simulated-tis2-experiments.toml").string());
  for (const auto& [name, text] : more) result.set(name, text);
  return result;
}

report::Report fitted(const std::vector<std::pair<std::string, std::string>>& more) {
  return run(cell_fit_task, arguments(more), context());
}

const report::Table* find_table(const report::Report& report, const std::string& id) {
  for (const report::Section& section : report.sections) {
    for (const report::Block& block : section.blocks) {
      const auto* table = std::get_if<report::Table>(&block);
      if (table != nullptr && table->id == id) return table;
    }
  }
  return nullptr;
}

const std::vector<report::Cell>& row_of(const report::Table& table, const std::string& name) {
  for (const std::vector<report::Cell>& row : table.rows) {
    if (std::get<std::string>(row[0]) == name) return row;
  }
  throw base::InternalError("no row " + name);
}

/// A folder of its own, removed at the end.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("closo_cell_fit_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The example was simulated from known values with noise: what is fitted must cover them, and what was held out must
/// be met.
TEST(CellFit, TheExampleFindsWhatItWasSimulatedFrom) {
  const Folder folder;
  const std::filesystem::path written = folder.path() / "fitted.toml";
  const report::Report report = fitted({{"intervals", "linear"}, {"starts", "2"}, {"write", written.string()}});
  const report::Table* parameters = find_table(report, "fitted_parameters");
  ASSERT_NE(parameters, nullptr);
  ASSERT_EQ(parameters->rows.size(), 4U);
  const std::pair<const char*, double> truth[] = {{"cathode.diffusion_coefficient", 5e-15},
                                                  {"cathode.exchange_current_density", 0.3},
                                                  {"separator.conductivity", 1.05e-3},
                                                  {"growth.parabolic_rate", 2.0}};
  for (const auto& [name, value] : truth) {
    const auto& cell = std::get<report::Value>(row_of(*parameters, name)[1]);
    ASSERT_TRUE(cell.uncertainty) << name;
    EXPECT_LT(std::abs(std::log(*cell.value / value)), 2.5 * *cell.uncertainty / *cell.value) << name;
  }
  const report::Table* kept = find_table(report, "fitted");
  const report::Table* predicted = find_table(report, "predicted");
  ASSERT_TRUE(kept != nullptr && predicted != nullptr);
  EXPECT_EQ(kept->rows.size(), 12U);
  EXPECT_EQ(predicted->rows.size(), 9U);
  for (const std::vector<report::Cell>& row : predicted->rows) {
    const auto &measured = std::get<report::Value>(row[1]), &model = std::get<report::Value>(row[2]);
    ASSERT_TRUE(model.uncertainty && measured.uncertainty);
    EXPECT_LT(std::abs(*model.value - *measured.value), 3.0 * std::hypot(*model.uncertainty, *measured.uncertainty))
        << std::get<std::string>(row[0]);
  }

  // The written file is a system file on which everything else runs, with the values to eight digits.
  const CellCase again = cell_case(read_system(written), std::nullopt, context());
  const cell::DescribedValue* diffusion = again.description.find("cathode.diffusion_coefficient");
  ASSERT_NE(diffusion, nullptr);
  EXPECT_EQ(diffusion->mark, cell::Mark::fitted);
  EXPECT_TRUE(diffusion->low && diffusion->high && diffusion->uncertainty);
  EXPECT_NE(diffusion->source.find("simulated-tis2-experiments.toml"), std::string::npos);
  const auto& shown = std::get<report::Value>(row_of(*parameters, "cathode.diffusion_coefficient")[1]);
  EXPECT_NEAR(diffusion->value / *shown.value, 1.0, 1e-7);
  EXPECT_NEAR(again.description.value("growth.conductivity"), 1e-7, 1e-16) << "what was not fitted is inherited";
}

TEST(CellFit, ComparesWithoutFitting) {
  const report::Report report = fitted({{"compare", "true"}});
  EXPECT_EQ(find_table(report, "fitted_parameters"), nullptr);
  EXPECT_NE(find_table(report, "fitted"), nullptr);
  EXPECT_TRUE(report.title.starts_with("Comparison of")) << report.title;
}

TEST(CellFit, OptionsReplaceTheList) {
  const Folder folder;
  const std::filesystem::path written = folder.path() / "one.toml";
  const report::Report report = fitted({{"fit", "separator.conductivity=3e-4 to 3e-3 S/cm"},
                                        {"set", "cathode.diffusion_coefficient=5e-15 m2/s"},
                                        {"intervals", "linear"},
                                        {"starts", "1"},
                                        {"write", written.string()}});
  ASSERT_EQ(find_table(report, "fitted_parameters")->rows.size(), 1U);
  const std::string text = base::read_text_file(written);
  EXPECT_NE(text.find("diffusion_coefficient = { value = \"5e-15 m2/s\", mark = \"setting\""), std::string::npos)
      << "what was set for the fit belongs to it: " << text;
}

TEST(CellFit, TextsOfTheFit) {
  const cell::CellDescription description =
      cell_case(read_system(cells / "simulated-tis2.toml"), std::nullopt, context()).description;
  const cell::CalibrationParameter radius = parse_fit_text(" cathode.particle_radius = 0.2 um to 10 um", description);
  EXPECT_EQ(radius.name, "cathode.particle_radius");
  EXPECT_NEAR(radius.low, 0.2e-6, 1e-18);
  EXPECT_NEAR(radius.high, 1e-5, 1e-17);
  EXPECT_TRUE(radius.is_logarithmic);
  EXPECT_NEAR(parse_fit_text("cathode.particle_radius", description).low, 0.5e-6, 1e-18);
  EXPECT_THROW(parse_fit_text("cathode.particle_radius=1 um, 2 um", description), base::ParameterError);
  EXPECT_THROW(parse_fit_text("cathode.particle_radius=1 um to 2 um, 5", description), base::ParameterError);
  EXPECT_THROW(parse_fit_text("cathode.particle_radius=1 V to 2 V", description), base::ParameterError);
  EXPECT_THROW(parse_fit_text("cathode.particle_radios", description), base::InputError);
  EXPECT_THROW(parse_fit_text("separator.thickness", description), base::ParameterError);
}

TEST(CellFit, WrongRequestsAreRefused) {
  const auto refused = [](const std::vector<std::pair<std::string, std::string>>& more, const std::string& part) {
    try {
      fitted(more);
      FAIL() << part;
    } catch (const base::ParameterError& error) {
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    }
  };
  refused({{"compare", "true"}, {"fit", "cathode.porosity=1 to 20 %"}}, "compare");
  refused({{"starts", "0"}}, "starts");
  refused({{"tolerance", "0.1"}}, "tolerance");
  refused({{"compare", "true"}, {"write", "none.toml"}}, "write");
  refused({{"write", (cells / "simulated-tis2.toml").string()}}, "input files");
  refused({{"write", (cells / ".." / "cells" / "simulated-tis2-experiments.toml").string()}}, "input files");

  const Folder folder;
  const std::filesystem::path own = folder.path() / "own.toml";
  Arguments with_own;
  with_own.set("system", (cells / "simulated-tis2.toml").string());
  with_own.set("experiments", own.string());
  const std::string experiment =
      "[[experiment]]\nprotocol = \"Discharge at C/2 until 1.7 V\"\nobserved = [{ what = 'discharge capacity', value = "
      "'190(5) mAh/g' }]\n";
  base::write_file_atomically(own, experiment);
  EXPECT_THROW(run(cell_fit_task, with_own, context()), base::ParameterError) << "nothing to fit";
  base::write_file_atomically(own, "fit = ['cathode.porosity',\n 'cathode.diffusoin_coefficient']\n" + experiment);
  try {
    run(cell_fit_task, with_own, context());
    FAIL();
  } catch (const base::InputError& error) {
    EXPECT_EQ(error.place().file, own.string());
    EXPECT_EQ(error.place().line, 2U) << error.what();
  }
}

}  // namespace
}  // namespace closo::tasks
