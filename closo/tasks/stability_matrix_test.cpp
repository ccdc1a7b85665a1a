#include "closo/tasks/stability_matrix.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/base/number.hpp"

namespace closo::tasks {
namespace {

using Given = std::vector<std::pair<std::string, std::string>>;

report::Report ask(const Given& given) {
  Arguments arguments;
  for (const auto& [name, text] : given) arguments.set(name, text);
  Context context;
  context.data = CLOSO_SOURCE_DIR "/data";
  return run(stability_matrix_task, arguments, context);
}

const report::Table& all_pairs(const report::Report& report) {
  for (const report::Section& section : report.sections) {
    for (const report::Block& block : section.blocks) {
      const auto* table = std::get_if<report::Table>(&block);
      if (table != nullptr && table->id == "compatibility") return *table;
    }
  }
  throw std::runtime_error("no table of all pairs");
}

std::vector<const report::Figure*> figures(const report::Report& report) {
  std::vector<const report::Figure*> found;
  for (const report::Section& section : report.sections) {
    for (const report::Block& block : section.blocks) {
      if (const auto* figure = std::get_if<report::Figure>(&block); figure != nullptr) found.push_back(figure);
    }
  }
  return found;
}

/// A line of a CSV file in its cells.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

using Row = std::map<std::string, std::string>;

/// Rows by column name; lines with '#' are skipped and counted.
std::vector<Row> read_rows(const std::filesystem::path& path, std::size_t* comments = nullptr) {
  const std::string text = base::read_text_file(path);
  std::vector<Row> rows;
  std::vector<std::string> header;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    if (line.starts_with('#')) {
      if (comments != nullptr) ++*comments;
      continue;
    }
    const std::vector<std::string> cells = cells_of(line);
    if (header.empty()) {
      header = cells;
      continue;
    }
    EXPECT_EQ(cells.size(), header.size()) << line;
    Row row;
    for (std::size_t i = 0; i < std::min(cells.size(), header.size()); ++i) row[header[i]] = cells[i];
    rows.push_back(std::move(row));
  }
  return rows;
}

TEST(StabilityMatrix, OneRowAPairAndAMapForEachState) {
  const report::Report report = ask({{"electrolyte", "LiBH4"},
                                     {"electrolyte", "Li3PS4"},
                                     {"cathode", "LiCoO2"},
                                     {"cathode", "TiS2"},
                                     {"anode", "Li"},
                                     {"coating", "Al2O3"},
                                     {"coating", "C"}});
  const report::Table& table = all_pairs(report);
  ASSERT_EQ(table.rows.size(), 10U);
  EXPECT_EQ(std::get<std::string>(table.rows[0][1]), "LiBH4");
  EXPECT_EQ(std::get<std::string>(table.rows[0][2]), "LiCoO2");
  EXPECT_EQ(std::get<std::string>(table.rows[1][4]), "LiTiS2");
  EXPECT_EQ(std::get<std::string>(table.rows[1][5]), "TiS2");
  EXPECT_EQ(std::get<std::string>(table.rows[4][3]), "carbon");
  EXPECT_EQ(*std::get<report::Value>(table.rows[2][6]).value, 0.0);
  EXPECT_EQ(figures(report).size(), 3U);
}

TEST(StabilityMatrix, AgreesWithKnownEnergies) {
  const report::Report report =
      ask({{"electrolyte", "LiBH4"}, {"cathode", "LiCoO2"}, {"coating", "Al2O3"}, {"coating", "LiNbO3"}});
  const report::Table& table = all_pairs(report);
  const auto energy = [&](std::size_t row, std::size_t column) {
    return *std::get<report::Value>(table.rows[row][column]).value;
  };
  EXPECT_NEAR(energy(0, 9), -0.827, 1e-3);    // closed with CoO2
  EXPECT_NEAR(energy(0, 11), -0.34, 0.0055);  // open, LiBH4 alone
  EXPECT_NEAR(energy(0, 12), -1.05, 0.0055);  // open with LiCoO2
  EXPECT_NEAR(energy(1, 7), 0.0, 1e-4);
  EXPECT_NEAR(energy(2, 7), -0.062, 1e-3);
  EXPECT_EQ(std::get<std::string>(table.rows[0][14]), "strong");
  EXPECT_EQ(std::get<std::string>(table.rows[1][14]), "stable");
}

TEST(StabilityMatrix, CellsThatCannotBeComputedSayWhy) {
  const report::Report report = ask({{"electrolyte", "LiCB11(CN)12"}, {"cathode", "LiFeO2"}, {"coating", "Al2O3"}});
  const report::Table& table = all_pairs(report);
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_NE(std::get<std::string>(table.rows[0][15]).find("no potential"), std::string::npos);
  EXPECT_EQ(std::get<std::string>(table.rows[1][14]), "not in the set");
  EXPECT_NE(std::get<std::string>(table.rows[1][15]).find("equilibrium phases"), std::string::npos);
}

TEST(StabilityMatrix, TheOrderOfRowsChangesNoEnergy) {
  const report::Report one = ask({{"electrolyte", "LiBH4"}, {"electrolyte", "Li2B12H12"}, {"cathode", "LiFePO4"}});
  const report::Report two = ask({{"electrolyte", "Li2B12H12"}, {"electrolyte", "LiBH4"}, {"cathode", "LiFePO4"}});
  for (const std::size_t column : {7U, 8U, 9U, 10U, 11U, 12U, 13U}) {
    for (const std::size_t row : {0U, 1U}) {
      EXPECT_NEAR(*std::get<report::Value>(all_pairs(one).rows[row][column]).value,
                  *std::get<report::Value>(all_pairs(two).rows[1 - row][column]).value, 1e-9);
    }
  }
}

TEST(StabilityMatrix, SodiumAndMagnesiumHaveTheirOwnPartners) {
  const report::Report report = ask({{"electrolyte", "Na2B12H12"}, {"electrolyte", "Mg(BH4)2"}});
  bool sodium_meets_chromite = false;
  for (const auto& row : all_pairs(report).rows) {
    const auto& ion = std::get<std::string>(row[0]);
    const auto& electrolyte = std::get<std::string>(row[1]);
    const auto& partner = std::get<std::string>(row[2]);
    EXPECT_EQ(ion, electrolyte == "Na2B12H12" ? "Na" : "Mg");
    EXPECT_NE(partner, "LiCoO2");
    EXPECT_NE(partner, "LiNbO3");
    sodium_meets_chromite = sodium_meets_chromite || (ion == "Na" && partner == "NaCrO2");
  }
  EXPECT_TRUE(sodium_meets_chromite);
}

TEST(StabilityMatrix, WritesTheTableWithItsDefinitions) {
  const std::filesystem::path file = std::filesystem::path(testing::TempDir()) / "closo_stability_matrix_test.csv";
  const report::Report report =
      ask({{"electrolyte", "LiBH4"}, {"cathode", "LiCoO2"}, {"coating", "Al2O3"}, {"write", file.string()}});
  std::size_t comments = 0;
  const std::vector<Row> rows = read_rows(file, &comments);
  EXPECT_GT(comments, 4U);
  ASSERT_EQ(rows.size(), all_pairs(report).rows.size());
  EXPECT_EQ(rows[0].at("partner"), "LiCoO2");
  EXPECT_NEAR(base::parse_number(rows[0].at("closed_charged_mixing_eV_per_atom")), -0.827, 1e-3);
  EXPECT_EQ(rows[1].at("potential_V"), "");
  std::filesystem::remove(file);
}

// The shipped matrix is what the command gives: every 40th row again, to 1 meV.
TEST(StabilityMatrix, TheShippedTableIsReproduced) {
  const std::vector<Row> rows = read_rows(CLOSO_SOURCE_DIR "/data/energies/compatibility_static.csv");
  ASSERT_GT(rows.size(), 500U);
  std::size_t energies = 0;
  for (std::size_t i = 0; i < rows.size(); i += 40) {
    const Row& row = rows[i];
    const std::string& role = row.at("role");
    const std::string partner = role == "carbon" ? "C" : row.at("partner");
    const std::string option = role == "cathode" || role == "anode" ? role : "coating";
    const report::Report report =
        ask({{"electrolyte", row.at("electrolyte")}, {option, partner}, {"ion", row.at("ion")}});
    const report::Table& table = all_pairs(report);
    ASSERT_EQ(table.rows.size(), 1U);
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
      const std::string& shipped = row.at(table.columns[column].key);
      const report::Cell& cell = table.rows[0][column];
      if (const auto* value = std::get_if<report::Value>(&cell); value != nullptr) {
        ASSERT_FALSE(shipped.empty()) << row.at("electrolyte") << " | " << partner;
        EXPECT_NEAR(*value->value, base::parse_number(shipped), 1e-3)
            << row.at("electrolyte") << " | " << partner << ", " << table.columns[column].key;
        ++energies;
      } else if (table.columns[column].key == "reactivity") {
        EXPECT_EQ(std::get<std::string>(cell), shipped) << row.at("electrolyte") << " | " << partner;
      }
    }
  }
  EXPECT_GT(energies, 40U);
}

void expect_refused(const Given& given, const std::string& word) {
  try {
    ask(given);
    ADD_FAILURE() << given.back().second << " was accepted";
  } catch (const base::Error& error) {
    EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
  }
}

TEST(StabilityMatrix, Refuses) {
  expect_refused({{"electrolyte", "LiXo"}}, "electrolyte");
  expect_refused({{"electrolyte", "LiBH4"}, {"cathode", "NMC"}}, "cathode");
  expect_refused({{"electrolyte", "Al2O3"}}, "ion");
  expect_refused({{"electrolyte", "LiBH4"}, {"cathode", "LiCoO2"}, {"ion", "Qq"}}, "Li");
  expect_refused({{"electrolyte", "LiBH4"}, {"cathode", "LiCoO2"}, {"set", "nothing"}}, "static");
  expect_refused({{"electrolyte", "LiBH4"}, {"cathode", "LiCoO2"}, {"write", "/nowhere/at/all/m.csv"}}, "nowhere");
}

}  // namespace
}  // namespace closo::tasks
