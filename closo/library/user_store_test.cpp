#include "closo/library/user_store.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "closo/base/error.hpp"
#include "closo/library/detail/fact_schema.hpp"

namespace closo::library {
namespace {

bool mentions(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

class UserStoreTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) /
              (std::string("closo_store_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    path_ = folder_ / "deep" / "library.sqlite";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void execute(const char* sql) const {
    sqlite3* handle = nullptr;
    ASSERT_EQ(sqlite3_open(path_.string().c_str(), &handle), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(handle, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
    sqlite3_close(handle);
  }
  void expect_refusal(std::string_view words) const {
    for (const bool create : {false, true}) {
      try {
        if (create)
          UserStore::open(path_).read();
        else
          UserStore::open_existing(path_)->read();
        ADD_FAILURE() << words;
      } catch (const base::InputError& error) {
        EXPECT_TRUE(mentions(error.problem(), words)) << error.what();
        EXPECT_EQ(error.place().file, path_.string());
      }
    }
  }

  std::filesystem::path folder_, path_;
};

std::vector<Fact> some_facts(std::size_t count, const std::string& material = "LiBH4") {
  std::vector<Fact> facts;
  for (std::size_t i = 0; i < count; ++i) {
    Fact fact;
    fact.table = "conductivity";
    fact.material = material;
    fact.subject = "sample " + std::to_string(i);
    fact.quantity = "ionic conductivity";
    fact.value = 1.0 / static_cast<double>(i + 3);
    fact.uncertainty = 0.1 * *fact.value;
    fact.unit = base::Unit::parse("mS/cm");
    fact.temperature = 303.15;
    fact.conditions = {{"cell", "Li|LiBH4|Li"}};
    fact.flags = {"reading"};
    fact.source = "notebook";
    fact.note = std::string(200, 'x');
    detail::set_si(fact);
    facts.push_back(std::move(fact));
  }
  return facts;
}

Material new_material(const std::string& id) {
  Material material;
  material.id = id;
  material.name = "a new material";
  material.formula = "LiB12H13";
  material.roles = {"electrolyte", "class"};
  material.family = "closo-borate";
  material.mobile_ions = {"Li"};
  material.anions = {"B12H13"};
  material.aliases = {"nm1", "nm2"};
  return material;
}

TEST_F(UserStoreTest, does_not_exist_before_the_first_import) {
  EXPECT_FALSE(UserStore::open_existing(path_).has_value());
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(UserStoreTest, gives_back_what_was_stored) {
  const std::vector<Fact> facts = some_facts(3);
  {
    UserStore store = UserStore::open(path_);
    const Batch batch = store.add("own.csv", std::vector{new_material("New")}, facts);
    EXPECT_EQ(batch.id, 1);
    EXPECT_EQ(batch.rows, 3U);
  }
  const UserStore::Contents contents = UserStore::open_existing(path_)->read();
  ASSERT_EQ(contents.facts.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    Fact expected = facts[i];
    expected.id = "user-1-" + std::to_string(i + 1);
    EXPECT_EQ(detail::fact_cells(contents.facts[i]), detail::fact_cells(expected));
    EXPECT_EQ(contents.facts[i].value_si, facts[i].value_si);
    EXPECT_EQ(contents.facts[i].table, "conductivity");
    EXPECT_TRUE(contents.facts[i].from_user);
  }
  ASSERT_EQ(contents.materials.size(), 1U);
  EXPECT_EQ(contents.materials[0].aliases, (std::vector<std::string>{"nm1", "nm2"}));
  EXPECT_EQ(contents.materials[0].roles, (std::vector<std::string>{"electrolyte", "class"}));
  EXPECT_EQ(contents.materials[0].formula, "LiB12H13");
}

TEST_F(UserStoreTest, lists_and_removes_batches) {
  UserStore store = UserStore::open(path_);
  store.add("a.csv", {}, some_facts(2));
  store.add("b.csv", std::vector{new_material("New")}, some_facts(1, "New"));
  store.add("c.csv", {}, some_facts(1, "New"));
  std::vector<Batch> batches = store.batches();
  ASSERT_EQ(batches.size(), 3U);
  EXPECT_EQ(batches[1].file, "b.csv");
  EXPECT_EQ(batches[0].imported_at.size(), 20U);
  EXPECT_EQ(store.remove(1).rows, 2U);
  EXPECT_EQ(store.read().facts.size(), 2U);
  try {
    store.remove(2);
    ADD_FAILURE();
  } catch (const base::InputError& error) {
    EXPECT_TRUE(mentions(error.problem(), "batch 3 uses the material 'New'")) << error.what();
  }
  EXPECT_EQ(store.read().materials.size(), 1U);
  store.remove(3);
  store.remove(2);
  EXPECT_TRUE(store.read().facts.empty());
  EXPECT_TRUE(store.read().materials.empty());
  EXPECT_EQ(store.add("d.csv", {}, some_facts(1)).id, 4);  // numbers are never used again
  try {
    store.remove(2);
    ADD_FAILURE();
  } catch (const base::InputError& error) {
    EXPECT_TRUE(mentions(error.problem(), "no batch 2")) << error.what();
    EXPECT_TRUE(mentions(error.expected(), "4")) << error.what();
  }
}

TEST_F(UserStoreTest, refuses_ids_that_exist_and_stores_nothing_then) {
  UserStore store = UserStore::open(path_);
  std::vector<Fact> facts = some_facts(2);
  facts[1].id = "mine";
  store.add("a.csv", std::vector{new_material("New")}, facts);
  EXPECT_THROW(store.add("b.csv", {}, facts), base::InputError);
  EXPECT_THROW(store.add("b.csv", std::vector{new_material("new")}, some_facts(1)), base::InputError);
  EXPECT_EQ(store.batches().size(), 1U);
  EXPECT_EQ(store.read().facts.size(), 2U);
}

TEST_F(UserStoreTest, a_cancelled_import_stores_nothing) {
  UserStore store = UserStore::open(path_);
  EXPECT_THROW(store.add("a.csv", {}, some_facts(100), [](double share, std::string_view) { return share < 0.5; }),
               base::Cancelled);
  EXPECT_TRUE(store.batches().empty());
  EXPECT_TRUE(store.read().facts.empty());
  EXPECT_EQ(store.add("a.csv", {}, some_facts(1)).rows, 1U);
}

TEST_F(UserStoreTest, a_killed_import_leaves_the_store_as_it_was) {
  UserStore::open(path_).add("first.csv", {}, some_facts(5));
  const auto size_before = std::filesystem::file_size(path_);
  // More rows than SQLite keeps in memory, so that half of the import has reached the file when the child dies.
  const std::vector<Fact> many = some_facts(20'000);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    UserStore store = UserStore::open(path_);
    store.add("second.csv", {}, many, [](double share, std::string_view) {
      if (share > 0.9) raise(SIGKILL);
      return true;
    });
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status)) << "the child was to die half-way";
  ASSERT_GT(std::filesystem::file_size(path_), size_before) << "nothing of the second import had reached the file";

  std::optional<UserStore> store = UserStore::open_existing(path_);
  ASSERT_TRUE(store.has_value());
  EXPECT_EQ(store->read().facts.size(), 5U);
  ASSERT_EQ(store->batches().size(), 1U);
  EXPECT_EQ(store->batches()[0].file, "first.csv");
  EXPECT_EQ(store->add("second.csv", {}, many).rows, many.size());
  EXPECT_EQ(store->read().facts.size(), many.size() + 5U);
}

TEST_F(UserStoreTest, readers_see_whole_imports_only) {
  UserStore::open(path_).add("a.csv", {}, some_facts(10));
  std::jthread writer([path = path_] {
    for (int i = 0; i < 5; ++i) UserStore::open(path).add("more.csv", {}, some_facts(10));
  });
  for (int i = 0; i < 30; ++i) EXPECT_EQ(UserStore::open_existing(path_)->read().facts.size() % 10, 0U);
  writer.join();
  EXPECT_EQ(UserStore::open_existing(path_)->read().facts.size(), 60U);
}

TEST_F(UserStoreTest, two_writers_wait_for_each_other) {
  const auto write = [path = path_] {
    for (int i = 0; i < 5; ++i) UserStore::open(path).add("w.csv", {}, some_facts(20));
  };
  { std::jthread first(write), second(write); }
  EXPECT_EQ(UserStore::open_existing(path_)->batches().size(), 10U);
}

TEST_F(UserStoreTest, refuses_a_store_of_a_newer_closo) {
  UserStore::open(path_).add("a.csv", {}, some_facts(1));
  execute("PRAGMA user_version = 99");
  expect_refusal("newer closo (schema 99)");
}

TEST_F(UserStoreTest, refuses_foreign_and_damaged_files) {
  std::filesystem::create_directories(path_.parent_path());
  execute("CREATE TABLE other (x)");
  expect_refusal("another program");
  std::ofstream(path_, std::ios::binary | std::ios::trunc) << std::string(4096, 'x');
  expect_refusal("not a store of closo");
  std::filesystem::remove(path_);
  UserStore::open(path_).add("a.csv", {}, some_facts(200));
  const auto size = std::filesystem::file_size(path_);
  std::fstream file(path_, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(4096);
  file << std::string(static_cast<std::size_t>(size) - 4096, '\xFF');
  file.close();
  expect_refusal("damaged");
}

EnergySet some_energies(const std::string& id, std::size_t count = 3) {
  EnergySet set;
  set.id = id;
  set.title = "title";
  set.citation = "A. Author, 2024";
  set.doi = "10.1/x";
  set.licence = "CC0";
  for (std::size_t i = 0; i < count; ++i) {
    EnergyRow row;
    row.name = i % 2 == 0 ? "LiBH4" : "NaH" + std::to_string(i);
    row.formula = base::Formula::parse(row.name);
    row.phase = "p" + std::to_string(i);
    row.energy_eV = -1.0 / static_cast<double>(i + 3);
    set.rows.push_back(std::move(row));
  }
  return set;
}

/// What a store of schema 1 looks like: no tables of energies.
constexpr const char* back_to_schema_1 = "DROP TABLE energy_rows; DROP TABLE energy_sets; PRAGMA user_version = 1";

TEST_F(UserStoreTest, keeps_sets_of_energies_as_batches) {
  UserStore store = UserStore::open(path_);
  store.add("facts.csv", {}, some_facts(2));
  const Batch batch = store.add_energies("e.csv", some_energies("mine"));
  EXPECT_EQ(batch.id, 2);
  EXPECT_EQ(batch.rows, 3U);
  EXPECT_EQ(batch.energy_set, "mine");
  ASSERT_EQ(store.batches().size(), 2U);
  EXPECT_EQ(store.batches()[0].energy_set, "");
  EXPECT_EQ(store.batches()[1].energy_set, "mine");
  const std::vector<EnergySetInfo> infos = store.energy_sets();
  ASSERT_EQ(infos.size(), 1U);
  EXPECT_EQ(infos[0].licence, "CC0");
  EXPECT_EQ(infos[0].rows, 3U);
  EXPECT_TRUE(infos[0].from_user);
  EXPECT_EQ(store.energies("mine")->rows.size(), 3U);
  EXPECT_FALSE(store.energies("other").has_value());
  const std::vector<std::string> elements{"B", "Li", "H"};
  EXPECT_EQ(store.energies("mine", elements)->rows.size(), 2U);
  const std::vector<std::string> wrong{"Lj"};
  EXPECT_THROW(store.energies("mine", wrong), base::InputError);
  EXPECT_EQ(store.remove(2).energy_set, "mine");
  EXPECT_FALSE(store.energies("mine").has_value());
  EXPECT_EQ(store.read().facts.size(), 2U);
}

TEST_F(UserStoreTest, stores_a_set_of_energies_whole_or_not_at_all) {
  UserStore store = UserStore::open(path_);
  store.add_energies("e.csv", some_energies("mine"));
  EXPECT_THROW(store.add_energies("f.csv", some_energies("MINE")), base::InputError);
  EXPECT_THROW(store.add_energies("f.csv", some_energies("")), base::InputError);
  EXPECT_THROW(store.add_energies("f.csv", some_energies("empty", 0)), base::InputError);
  EXPECT_THROW(store.add_energies("f.csv", some_energies("big", 20'000),
                                  [](double share, std::string_view) { return share < 0.5; }),
               base::Cancelled);
  EXPECT_EQ(store.batches().size(), 1U);
  EXPECT_EQ(store.energy_sets().size(), 1U);
}

TEST_F(UserStoreTest, an_older_store_is_read_as_it_is_and_brought_up_when_written) {
  UserStore::open(path_).add("old.csv", std::vector{new_material("New")}, some_facts(4, "New"));
  execute(back_to_schema_1);
  {
    std::optional<UserStore> store = UserStore::open_existing(path_);
    EXPECT_EQ(store->read().facts.size(), 4U);
    EXPECT_TRUE(store->energy_sets().empty());
    EXPECT_FALSE(store->energies("mine").has_value());
    EXPECT_EQ(store->batches().at(0).energy_set, "");
    EXPECT_EQ(store->add_energies("e.csv", some_energies("mine")).id, 2) << "brought up with the first set";
  }
  execute(back_to_schema_1);
  UserStore store = UserStore::open(path_);
  EXPECT_TRUE(store.energy_sets().empty());
  EXPECT_EQ(store.read().facts.size(), 4U);
  EXPECT_EQ(store.read().materials.size(), 1U);
  store.add_energies("e.csv", some_energies("again"));
  EXPECT_EQ(UserStore::open_existing(path_)->energies("again")->rows.size(), 3U);
  EXPECT_EQ(store.remove(1).rows, 4U);
}

TEST_F(UserStoreTest, refuses_a_folder) {
  std::filesystem::create_directories(path_);
  expect_refusal("cannot be");
}

}  // namespace
}  // namespace closo::library
