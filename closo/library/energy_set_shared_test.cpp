// Shipped energies against the collection they were made from, and the collection's own files through the reader.
// Skipped where that collection is not beside the repository.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>

#include "closo/base/constants.hpp"
#include "closo/base/file.hpp"
#include "closo/base/number.hpp"
#include "closo/library/energy_set.hpp"
#include "closo/library/user_store.hpp"
#include "closo/table/csv.hpp"

namespace closo::library {
namespace {

const std::filesystem::path data = CLOSO_SOURCE_DIR "/data";
const std::filesystem::path shared = CLOSO_SHARED_DIR "/data/thermo";

class SharedEnergies : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(shared)) GTEST_SKIP() << "the collection of energies is not there";
  }
  static EnergySet read(const std::string& name) {
    return read_energy_set(base::read_text_file(shared / name), (shared / name).string());
  }
};

TEST_F(SharedEnergies, EveryFileOfTheCollectionIsRead) {
  EXPECT_EQ(read("dft_mp2019_all.csv").rows.size(), 85'014U);
  EXPECT_EQ(read("dft.csv").rows.size(), 3'659U);
  EXPECT_EQ(read("oqmd_legacy.csv").rows.size(), 15'402U);
  const EnergySet gibbs = read("formation.csv");
  EXPECT_EQ(gibbs.kind, EnergyKind::gibbs);
  EXPECT_EQ(gibbs.rows.size(), 150U);
  ASSERT_EQ(gibbs.notes.size(), 2U);
  EXPECT_NE(gibbs.notes[1].find("21 rows"), std::string::npos) << gibbs.notes[1];
}

TEST_F(SharedEnergies, EveryStaticNumberIsThatOfTheCollection) {
  const EnergySet all = read("dft_mp2019_all.csv");
  std::map<std::string, const EnergyRow*> by_name;
  for (const EnergyRow& row : all.rows) by_name[row.name] = &row;
  for (const EnergyRow& row : load_energy_set(data, {}, "static").rows) {
    if (row.is_estimate) {
      EXPECT_FALSE(by_name.contains(row.name)) << row.name;
      continue;
    }
    const auto found = by_name.find(row.name);
    ASSERT_NE(found, by_name.end()) << row.name;
    EXPECT_EQ(row.energy_eV, found->second->energy_eV) << row.name;
    EXPECT_EQ(row.listed_hull_eV_per_atom, found->second->listed_hull_eV_per_atom) << row.name;
  }
}

TEST_F(SharedEnergies, NoPhaseNearTheHullIsMissing) {
  const EnergySet shipped = load_energy_set(data, {}, "static");
  std::map<std::string, bool> known, is_shipped_element;
  for (const EnergyRow& row : shipped.rows) {
    known[row.name] = true;
    for (const base::ElementAmount& term : row.formula.terms())
      is_shipped_element[std::string(term.element->symbol)] = true;
  }
  std::size_t expected = 0;
  for (const EnergyRow& row : read("dft_mp2019_all.csv").rows) {
    bool is_within = *row.listed_hull_eV_per_atom <= 0.1;
    for (const base::ElementAmount& term : row.formula.terms()) {
      is_within = is_within && is_shipped_element.contains(std::string(term.element->symbol));
    }
    if (!is_within) continue;
    ++expected;
    EXPECT_TRUE(known.contains(row.name)) << row.name;
  }
  EXPECT_EQ(expected, 19'642U);
}

TEST_F(SharedEnergies, EveryTabulatedGibbsNumberIsThatOfTheCollection) {
  const std::string path = (shared / "formation.csv").string();
  const table::CsvDocument document = table::parse_csv(base::read_text_file(path), path);
  const EnergySet shipped = load_energy_set(data, {}, "gibbs");
  ASSERT_EQ(document.rows.size(), shipped.rows.size());
  const double kJ = 1000.0 / base::faraday_constant;
  std::size_t estimated = 0;
  for (std::size_t i = 0; i < shipped.rows.size(); ++i) {
    const EnergyRow& row = shipped.rows[i];
    const auto text = [&](const char* column) { return document.rows[i].cells[document.index_of(column)].text; };
    EXPECT_EQ(row.name, text("formula"));
    EXPECT_EQ(row.phase, text("phase"));
    EXPECT_DOUBLE_EQ(*row.enthalpy_eV, base::parse_number(text("dHf298_kJ_per_mol_fu")) * kJ) << row.name;
    const std::string gibbs = text("dGf298_kJ_per_mol_fu");
    if (gibbs.empty()) {
      ++estimated;
      EXPECT_TRUE(row.is_estimate) << row.name;
      EXPECT_TRUE(row.grade == "C" || row.grade == "X") << row.name;
    } else {
      EXPECT_DOUBLE_EQ(row.energy_eV, base::parse_number(gibbs) * kJ) << row.name;
      EXPECT_DOUBLE_EQ(*row.uncertainty_eV, base::parse_number(text("uncertainty_kJ")) * kJ) << row.name;
    }
    if (!row.gibbs_eV.empty()) {
      EXPECT_EQ(row.grade, "A") << row.name;
    }
  }
  EXPECT_EQ(estimated, 21U);
}

TEST_F(SharedEnergies, HydrogenCorrectionsAgreeWithTheCollectedFit) {
  const auto document_of = [](const std::filesystem::path& path) {
    return table::parse_csv(base::read_text_file(path), path.string());
  };
  const table::CsvDocument ours = document_of(data / "energies" / "hydrogen_bonds.csv");
  const table::CsvDocument theirs = document_of(shared / "h_bond_corrections.csv");
  const std::map<std::string, std::string> names{{"hydride", "ionic hydride H-"},
                                                 {"AlH4", "AlH4"},
                                                 {"BH4", "BH4 anion"},
                                                 {"cage", "borane / closo-cage B-H"},
                                                 {"NH2", "NH2 anion"},
                                                 {"NH", "NH imide"},
                                                 {"CH", "C-H"},
                                                 {"OH", "O-H"},
                                                 {"NH3", "NH3 (solid in set vs gas exp)"}};
  std::size_t compared = 0;
  for (const table::CsvRow& own : ours.rows) {
    for (const table::CsvRow& other : theirs.rows) {
      if (other.cells[0].text != names.at(own.cells[0].text)) continue;
      ++compared;
      EXPECT_NEAR(base::parse_number(own.cells[1].text), base::parse_number(other.cells[2].text), 0.004)
          << own.cells[0].text;
    }
  }
  EXPECT_EQ(compared, 9U);
}

TEST_F(SharedEnergies, ALargeSetIsStoredAndReadByElementsAsFromItsFile) {
  const std::filesystem::path store = std::filesystem::path(testing::TempDir()) / "closo_large_set.sqlite";
  std::filesystem::remove(store);
  EnergySet all = read("dft_mp2019_all.csv");
  all.id = "large";
  EXPECT_EQ(UserStore::open(store).add_energies("dft_mp2019_all.csv", all).rows, 85'014U);
  const std::vector<std::string> elements{"Li", "B", "H", "Co", "O", "C"};
  const EnergySet stored = load_energy_set(data, store, "large", elements);
  std::vector<const EnergyRow*> expected;
  for (const EnergyRow& row : all.rows) {
    bool is_within = true;
    for (const base::ElementAmount& term : row.formula.terms()) {
      is_within = is_within && std::find(elements.begin(), elements.end(), term.element->symbol) != elements.end();
    }
    if (is_within) expected.push_back(&row);
  }
  ASSERT_EQ(stored.rows.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(stored.rows[i].name, expected[i]->name);
    EXPECT_EQ(stored.rows[i].energy_eV, expected[i]->energy_eV);
  }
  UserStore::open(store).remove(1);
  EXPECT_TRUE(UserStore::open(store).energy_sets().empty());
  std::filesystem::remove(store);
}

}  // namespace
}  // namespace closo::library
