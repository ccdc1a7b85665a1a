#include "closo/library/detail/energy_tables.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "closo/base/error.hpp"

namespace closo::library::detail {
namespace {

class EnergyTables : public testing::Test {
 protected:
  void SetUp() override {
    path_ = std::filesystem::path(testing::TempDir()) /
            (std::string("closo_energies_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove(path_);
    connection_.emplace(path_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    connection_->execute("CREATE TABLE batches (id INTEGER PRIMARY KEY)");
    connection_->execute("INSERT INTO batches VALUES (1), (2)");
    connection_->execute(create_energy_tables);
  }
  void TearDown() override {
    connection_.reset();
    std::filesystem::remove(path_);
  }

  std::filesystem::path path_;
  std::optional<Connection> connection_;
};

EnergyRow row_of(const std::string& name, double energy) {
  EnergyRow row;
  row.name = name;
  row.formula = base::Formula::parse(name);
  row.energy_eV = energy;
  return row;
}

EnergySet example() {
  EnergySet set;
  set.id = "Mine";
  set.kind = EnergyKind::gibbs;
  set.title = "a title";
  set.citation = "a citation";
  set.doi = "10.1/2";
  set.licence = "CC0";
  set.rows = {row_of("U", 0.0), row_of("LiBH4", -1.3), row_of("H2", 0.0), row_of("Og2Li", -0.1), row_of("LiH", -0.7)};
  EnergyRow& full = set.rows[1];
  full.phase = "Pnma";
  full.state = PhaseState::liquid;
  full.enthalpy_eV = -1.0 / 3.0;
  full.uncertainty_eV = 0.01;
  full.listed_hull_eV_per_atom = -0.138;
  full.gibbs_eV = {{400.0, -1.05}, {500.0, -0.1 / 3.0}};
  full.grade = "A";
  full.is_estimate = true;
  full.source = "paper; table 3";
  full.note = "µ, 'quoted'";
  return set;
}

TEST_F(EnergyTables, GiveBackWhatWasStored) {
  const EnergySet set = example();
  insert_energy_set(*connection_, 1, set, {});
  const std::optional<EnergySet> back = read_energy_set(*connection_, "mine", std::nullopt);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->id, "Mine");
  EXPECT_EQ(back->kind, EnergyKind::gibbs);
  EXPECT_EQ(back->title, set.title);
  EXPECT_EQ(back->citation, set.citation);
  EXPECT_EQ(back->doi, set.doi);
  EXPECT_EQ(back->licence, set.licence);
  EXPECT_TRUE(back->from_user);
  ASSERT_EQ(back->rows.size(), set.rows.size());
  for (std::size_t i = 0; i < set.rows.size(); ++i) {
    EXPECT_EQ(back->rows[i].name, set.rows[i].name) << "in the order of the file";
    EXPECT_EQ(back->rows[i].formula, set.rows[i].formula);
    EXPECT_EQ(back->rows[i].energy_eV, set.rows[i].energy_eV);
    EXPECT_EQ(back->rows[i].enthalpy_eV, set.rows[i].enthalpy_eV);
    EXPECT_EQ(back->rows[i].uncertainty_eV, set.rows[i].uncertainty_eV);
    EXPECT_EQ(back->rows[i].listed_hull_eV_per_atom, set.rows[i].listed_hull_eV_per_atom);
    EXPECT_EQ(back->rows[i].gibbs_eV, set.rows[i].gibbs_eV);
    EXPECT_EQ(back->rows[i].phase, set.rows[i].phase);
    EXPECT_EQ(back->rows[i].state, set.rows[i].state);
    EXPECT_EQ(back->rows[i].grade, set.rows[i].grade);
    EXPECT_EQ(back->rows[i].is_estimate, set.rows[i].is_estimate);
    EXPECT_EQ(back->rows[i].source, set.rows[i].source);
    EXPECT_EQ(back->rows[i].note, set.rows[i].note);
  }
  EXPECT_FALSE(read_energy_set(*connection_, "other", std::nullopt).has_value());
  const std::vector<EnergySetInfo> infos = read_energy_set_infos(*connection_);
  ASSERT_EQ(infos.size(), 1U);
  EXPECT_EQ(infos[0].rows, set.rows.size());
}

TEST_F(EnergyTables, FindTheRowsOfSomeElements) {
  insert_energy_set(*connection_, 1, example(), {});
  const auto names = [this](std::vector<std::string> elements) {
    const std::optional<EnergySet> set = read_energy_set(*connection_, "Mine", mask_of(elements));
    std::vector<std::string> found;
    for (const EnergyRow& row : set->rows) found.push_back(row.name);
    return found;
  };
  EXPECT_EQ(names({"Li", "H"}), (std::vector<std::string>{"H2", "LiH"}));
  EXPECT_EQ(names({"H", "B", "Li", "C"}), (std::vector<std::string>{"LiBH4", "H2", "LiH"}));
  EXPECT_EQ(names({"Og", "Li"}), (std::vector<std::string>{"Og2Li"})) << "the heaviest element has its own bit";
  EXPECT_EQ(names({"U"}), (std::vector<std::string>{"U"}));
  EXPECT_TRUE(names({"Fe"}).empty());
}

TEST_F(EnergyTables, RefuseASecondSetOfTheNameAndStopWhenTold) {
  insert_energy_set(*connection_, 1, example(), {});
  try {
    insert_energy_set(*connection_, 2, example(), {});
    ADD_FAILURE();
  } catch (const base::InputError& error) {
    EXPECT_NE(error.problem().find("'Mine' is in the store already"), std::string::npos) << error.what();
  }
  EnergySet other = example();
  other.id = "other";
  EXPECT_THROW(insert_energy_set(*connection_, 2, other, [](double, std::string_view) { return false; }),
               base::Cancelled);
}

TEST_F(EnergyTables, RefuseDamagedRows) {
  insert_energy_set(*connection_, 1, example(), {});
  connection_->execute("UPDATE energy_rows SET gibbs_eV = '400' WHERE name = 'LiBH4'");
  EXPECT_THROW(read_energy_set(*connection_, "Mine", std::nullopt), base::InputError);
  connection_->execute("UPDATE energy_rows SET gibbs_eV = '400 x' WHERE name = 'LiBH4'");
  EXPECT_THROW(read_energy_set(*connection_, "Mine", std::nullopt), base::InputError);
  connection_->execute("UPDATE energy_sets SET kind = 'other'");
  EXPECT_THROW(read_energy_set_infos(*connection_), base::InputError);
}

TEST(ElementMask, RefusesASymbolThatIsNoElement) {
  const std::vector<std::string> symbols{"Li", "Bo"};
  try {
    mask_of(symbols);
    ADD_FAILURE();
  } catch (const base::InputError& error) {
    EXPECT_NE(error.problem().find("'Bo'"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace closo::library::detail
