#include "closo/library/energy_set.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>

#include "closo/base/constants.hpp"
#include "closo/base/file.hpp"
#include "closo/library/detail/fact_schema.hpp"
#include "closo/library/user_store.hpp"
#include "closo/table/csv.hpp"

namespace closo::library {
namespace {

const std::filesystem::path data = CLOSO_SOURCE_DIR "/data";
const std::filesystem::path no_store = "no/such/store.sqlite";

class EnergySets : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              (std::string("closo_sets_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "energies");
    store_ = folder_ / "store.sqlite";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / "energies" / name, std::ios::binary) << text;
  }

  std::filesystem::path folder_, store_;
};

const EnergyRow& row_of(const EnergySet& set, std::string_view name, std::string_view phase = {}) {
  const auto found = std::ranges::find_if(
      set.rows, [&](const EnergyRow& row) { return row.name == name && (phase.empty() || row.phase == phase); });
  if (found == set.rows.end()) throw std::out_of_range(std::string(name));
  return *found;
}

TEST_F(EnergySets, AreListedShippedOnesFirst) {
  const std::vector<EnergySetInfo> shipped = energy_sets(data, no_store);
  ASSERT_EQ(shipped.size(), 2U);
  EXPECT_EQ(shipped[0].id, "static");
  EXPECT_EQ(shipped[0].kind, EnergyKind::static_dft);
  EXPECT_EQ(shipped[1].id, "gibbs");
  EXPECT_EQ(shipped[1].kind, EnergyKind::gibbs);
  for (const EnergySetInfo& info : shipped) {
    EXPECT_EQ(info.rows, load_energy_set(data, no_store, info.id).rows.size()) << info.id;
    EXPECT_FALSE(info.from_user);
  }
  EnergySet own = read_energy_set("formula,e_form_eV\nLiH,-1\nNaH,-1\n", "own.csv");
  UserStore::open(store_).add_energies("own.csv", own);
  const std::vector<EnergySetInfo> all = energy_sets(data, store_);
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[2].id, "own");
  EXPECT_TRUE(all[2].from_user);
  const std::vector<std::string> elements{"Li", "H"};
  EXPECT_EQ(load_energy_set(data, store_, "OWN", elements).rows.size(), 1U);
  EXPECT_EQ(load_energy_set(data, store_, "own").rows.size(), 2U);
}

TEST_F(EnergySets, AnUnknownOneIsRefusedWithWhatThereIs) {
  UserStore::open(store_).add_energies("own.csv", read_energy_set("formula,e_form_eV\nLiH,-1\n", "own.csv"));
  try {
    load_energy_set(data, store_, "statik");
    ADD_FAILURE();
  } catch (const base::InputError& error) {
    EXPECT_NE(error.problem().find("did you mean 'static'"), std::string::npos) << error.what();
    EXPECT_NE(error.expected().find("static, gibbs, own"), std::string::npos) << error.what();
  }
  const std::vector<std::string> wrong{"Lx"};
  EXPECT_THROW(load_energy_set(data, store_, "static", wrong), base::InputError);
}

TEST_F(EnergySets, AWrongListOfSetsIsRefused) {
  const std::string header = "id,kind,files,title,citation,doi,licence\n";
  write("a.csv", "formula,e_form_eV\nLiH,-1\n");
  write("sets.csv", header + "a,magic,a.csv,,,,\n");
  EXPECT_THROW(energy_sets(folder_, no_store), base::InputError);
  write("sets.csv", header + "a,gibbs,a.csv,,,,\n");
  EXPECT_THROW(load_energy_set(folder_, no_store, "a"), base::InputError);
  write("sets.csv", header + "a,static_dft,b.csv,,,,\n");
  EXPECT_THROW(load_energy_set(folder_, no_store, "a"), base::InputError);
  write("sets.csv", header + "a,static_dft,a.csv,,,,\n");
  EXPECT_EQ(load_energy_set(folder_, no_store, "a").rows.size(), 1U);
}

TEST_F(EnergySets, SomeElementsAreASubsetInTheSameOrder) {
  const std::vector<std::string> elements{"Li", "B", "H", "C", "O"};
  const EnergySet all = load_energy_set(data, no_store, "static");
  const EnergySet some = load_energy_set(data, no_store, "static", elements);
  std::vector<std::string> expected, found;
  for (const EnergyRow& row : all.rows) {
    const bool is_within = std::ranges::all_of(row.formula.terms(), [&](const base::ElementAmount& term) {
      return std::ranges::find(elements, term.element->symbol) != elements.end();
    });
    if (is_within) expected.push_back(row.name);
  }
  for (const EnergyRow& row : some.rows) found.push_back(row.name);
  EXPECT_GT(found.size(), 50U);
  EXPECT_EQ(found, expected);
}

// Every shipped table: dimensions, ranges, sources.

std::set<std::string> source_ids() {
  const std::filesystem::path path = data / "energies" / "sources.csv";
  const table::CsvDocument document = table::parse_csv(base::read_text_file(path), path.string());
  std::set<std::string> ids;
  for (const table::CsvRow& row : document.rows) {
    EXPECT_TRUE(ids.insert(row.cells[0].text).second) << row.cells[0].text << " twice";
    EXPECT_FALSE(row.cells[document.index_of("licence")].text.empty()) << row.cells[0].text;
  }
  return ids;
}

TEST(EnergyData, EverySourceResolvesAndEverySourceIsUsed) {
  std::set<std::string> unused = source_ids();
  const std::set<std::string> known = unused;
  for (const EnergySetInfo& info : energy_sets(data, no_store)) {
    EXPECT_FALSE(info.citation.empty() || info.licence.empty() || info.title.empty()) << info.id;
    for (const EnergyRow& row : load_energy_set(data, no_store, info.id).rows) {
      const std::vector<std::string> sources = detail::split_list(row.source);
      EXPECT_FALSE(sources.empty()) << row.name;
      for (const std::string& source : sources) {
        EXPECT_TRUE(known.contains(source)) << row.name << ": " << source;
        unused.erase(source);
      }
    }
  }
  for (const std::string& source : unused) ADD_FAILURE() << source << " is not used";
}

TEST(EnergyData, StaticEnergiesAreWithinBounds) {
  const EnergySet set = load_energy_set(data, no_store, "static");
  EXPECT_GT(set.rows.size(), 19'000U);
  std::set<std::string> elements;
  std::size_t estimates = 0;
  for (const EnergyRow& row : set.rows) {
    const double per_atom = row.energy_eV / row.formula.atoms();
    EXPECT_GT(per_atom, -5.0) << row.name;
    EXPECT_LT(per_atom, 2.0) << row.name;
    EXPECT_GE(row.formula.terms().size(), 2U) << row.name;
    EXPECT_EQ(row.state, PhaseState::solid) << row.name;
    for (const base::ElementAmount& term : row.formula.terms()) elements.emplace(term.element->symbol);
    estimates += row.is_estimate ? 1 : 0;
    if (row.is_estimate) {
      EXPECT_TRUE(row.uncertainty_eV && *row.uncertainty_eV > 0.0) << row.name;
      EXPECT_FALSE(row.note.empty()) << row.name;
      EXPECT_EQ(row.source, "closo") << row.name;
    } else {
      EXPECT_TRUE(row.listed_hull_eV_per_atom.has_value()) << row.name;
      EXPECT_EQ(row.source, "mp2019") << row.name;
    }
  }
  EXPECT_EQ(elements.size(), 38U);
  EXPECT_EQ(estimates, 5U);
  for (const char* name : {"MgB12H12", "LiCB11H12", "NaCB11H12", "LiCB9H10", "NaCB9H10"}) {
    EXPECT_TRUE(row_of(set, name).is_estimate) << name;
  }
}

TEST(EnergyData, GibbsEnergiesAreWithinBounds) {
  const EnergySet set = load_energy_set(data, no_store, "gibbs");
  const std::set<std::string> grades{"ref", "A", "B", "C", "X"};
  for (const EnergyRow& row : set.rows) {
    EXPECT_TRUE(grades.contains(row.grade)) << row.name << row.grade;
    ASSERT_TRUE(row.enthalpy_eV && row.uncertainty_eV) << row.name;
    EXPECT_EQ(row.grade == "ref", row.formula.terms().size() == 1 && row.energy_eV == 0.0) << row.name;
    if (row.grade == "ref") {
      EXPECT_EQ(*row.enthalpy_eV, 0.0) << row.name;
    } else {
      EXPECT_GT(*row.uncertainty_eV, 0.0) << row.name;
    }
    if (row.is_estimate) {
      EXPECT_FALSE(row.note.empty()) << row.name;
    }
    // Formation entropies: at most that of the gases bound or set free.
    const double entropy = (*row.enthalpy_eV - row.energy_eV) / 298.15 / base::boltzmann_constant_eV;  // in k
    EXPECT_LT(std::abs(entropy) / row.formula.atoms(), 13.0) << row.name;
    double last = 298.15;
    double before = row.energy_eV;
    for (const auto& [temperature, energy] : row.gibbs_eV) {
      EXPECT_GT(temperature, last) << row.name;
      const double slope = (energy - before) / (temperature - last) / base::boltzmann_constant_eV;
      EXPECT_LT(std::abs(slope) / row.formula.atoms(), 16.0) << row.name << " at " << temperature;
      last = temperature;
      before = energy;
    }
  }
}

TEST(EnergyData, WaterAndAmmoniaAreTheKnownOnes) {
  const EnergySet set = load_energy_set(data, no_store, "gibbs");
  // J. D. Cox, D. D. Wagman, V. A. Medvedev, CODATA Key Values for Thermodynamics (1989): vaporisation at 298.15 K.
  const double difference = row_of(set, "H2O", "gas").energy_eV - row_of(set, "H2O", "liquid").energy_eV;
  EXPECT_NEAR(difference * base::faraday_constant / 1000.0, 8.56, 0.1);
  EXPECT_NEAR(row_of(set, "NH3").energy_eV * base::faraday_constant / 1000.0, -16.4, 0.05);
}

}  // namespace
}  // namespace closo::library
