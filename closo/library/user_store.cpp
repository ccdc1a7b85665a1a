#include "closo/library/user_store.hpp"

#include <chrono>
#include <ctime>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/library/detail/energy_tables.hpp"
#include "closo/library/detail/fact_schema.hpp"
#include "closo/library/detail/sqlite.hpp"
#include "closo/table/csv.hpp"

namespace closo::library {

using detail::Connection;
using detail::Statement;
using detail::Transaction;

namespace {

constexpr int application_id = 0x636C6F73;  // "clos"

constexpr const char* create_tables = R"sql(
CREATE TABLE batches (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  file TEXT NOT NULL,
  imported_at TEXT NOT NULL,
  rows INTEGER NOT NULL);
CREATE TABLE materials (
  batch INTEGER NOT NULL REFERENCES batches(id) ON DELETE CASCADE,
  id TEXT NOT NULL UNIQUE COLLATE NOCASE, name TEXT NOT NULL, formula TEXT NOT NULL, role TEXT NOT NULL,
  family TEXT NOT NULL, mobile_ion TEXT NOT NULL, anion TEXT NOT NULL, phases TEXT NOT NULL, aliases TEXT NOT NULL,
  note TEXT NOT NULL);
CREATE TABLE facts (
  batch INTEGER NOT NULL REFERENCES batches(id) ON DELETE CASCADE,
  table_name TEXT NOT NULL,
  id TEXT NOT NULL UNIQUE, material TEXT NOT NULL, subject TEXT NOT NULL, quantity TEXT NOT NULL,
  qualifier TEXT NOT NULL, value TEXT NOT NULL, value_hi TEXT NOT NULL, uncertainty TEXT NOT NULL, unit TEXT NOT NULL,
  temperature_K TEXT NOT NULL, temperature_hi_K TEXT NOT NULL, temperature_note TEXT NOT NULL,
  pressure_MPa TEXT NOT NULL, phase TEXT NOT NULL, preparation TEXT NOT NULL, method TEXT NOT NULL,
  kind TEXT NOT NULL, conditions TEXT NOT NULL, source TEXT NOT NULL, locator TEXT NOT NULL,
  reference_list TEXT NOT NULL, flags TEXT NOT NULL, note TEXT NOT NULL);
CREATE INDEX facts_of_material ON facts(material);
)sql";

/// Column names of the table `facts`, in the order of the cells ("references" is a word of SQL).
std::string fact_column_list() {
  std::string list;
  for (const std::string_view column : detail::fact_columns) {
    list += (list.empty() ? "" : ", ") + (column == "references" ? std::string("reference_list") : std::string(column));
  }
  return list;
}

std::string placeholders(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += i == 0 ? "?" : ", ?";
  return text;
}

std::string utc_now() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

/// True for a new, empty database. Throws for foreign, newer and damaged ones.
bool is_new(const Connection& connection) {
  const auto application = detail::number_of(connection, "PRAGMA application_id");
  const auto version = detail::number_of(connection, "PRAGMA user_version");
  if (application == 0 && version == 0 && detail::number_of(connection, "SELECT count(*) FROM sqlite_schema") == 0)
    return true;
  if (application != application_id) {
    throw connection.problem("this database belongs to another program", "a store of closo");
  }
  if (version > UserStore::schema_version) {
    throw connection.problem("the store was written by a newer closo (schema " + std::to_string(version) + ")",
                             "schema " + std::to_string(UserStore::schema_version) + ", or a newer closo");
  }
  return false;
}

bool has_energies(const Connection& connection) { return detail::number_of(connection, "PRAGMA user_version") >= 2; }

/// Creates what a new or older store lacks; inside a transaction.
void complete_tables(const Connection& connection) {
  if (is_new(connection)) {
    connection.execute(create_tables);
    connection.execute("PRAGMA application_id = " + std::to_string(application_id));
  }
  if (!has_energies(connection)) {
    connection.execute(detail::create_energy_tables);
    connection.execute("PRAGMA user_version = " + std::to_string(UserStore::schema_version));
  }
}

void bring_up(const Connection& connection) {
  if (!is_new(connection) && has_energies(connection)) return;
  Transaction transaction(connection, Transaction::Purpose::write);
  complete_tables(connection);  // looks again: another process may have been first
  transaction.commit();
}

std::vector<Material> read_materials(const Connection& connection) {
  std::vector<Material> materials;
  Statement rows(connection,
                 "SELECT id, name, formula, role, family, mobile_ion, anion, phases, aliases, note FROM materials "
                 "ORDER BY rowid");
  while (rows.step()) {
    const auto list = [&rows](int column) { return detail::split_list(rows.text(column)); };
    materials.push_back({rows.text(0), rows.text(1), rows.text(2), list(3), rows.text(4), list(5), list(6), list(7),
                         list(8), rows.text(9)});
  }
  return materials;
}

std::vector<Fact> read_facts(const Connection& connection) {
  std::vector<Fact> facts;
  Statement rows(connection, "SELECT table_name, " + fact_column_list() + " FROM facts ORDER BY rowid");
  table::CsvDocument document;
  document.file = connection.path().string();
  std::vector<std::size_t> positions;
  table::CsvRow row;
  for (std::size_t i = 0; i < detail::fact_column_count; ++i) positions.push_back(i);
  row.cells.resize(detail::fact_column_count);
  detail::UnitCache units;
  while (rows.step()) {
    ++row.line;
    for (std::size_t i = 0; i < row.cells.size(); ++i) row.cells[i].text = rows.text(static_cast<int>(i) + 1);
    facts.push_back(detail::read_fact(document, row, positions, units));
    facts.back().table = rows.text(0);
    facts.back().from_user = true;
  }
  return facts;
}

void insert_materials(const Connection& connection, long batch, std::span<const Material> materials) {
  Statement insert(connection, "INSERT INTO materials VALUES (" + placeholders(11) + ")");
  Statement existing(connection, "SELECT count(*) FROM materials WHERE id = ?");
  for (const Material& material : materials) {
    existing.bind(1, material.id).step();
    if (existing.number(0) != 0) throw connection.problem("the material '" + material.id + "' is in the store already");
    existing.reset();
    insert.bind(1, batch).bind(2, material.id).bind(3, material.name).bind(4, material.formula);
    insert.bind(5, detail::join_list(material.roles)).bind(6, material.family);
    insert.bind(7, detail::join_list(material.mobile_ions)).bind(8, detail::join_list(material.anions));
    insert.bind(9, detail::join_list(material.phases)).bind(10, detail::join_list(material.aliases));
    insert.bind(11, material.note);
    insert.run();
  }
}

void insert_facts(const Connection& connection, long batch, std::span<const Fact> facts,
                  const base::Progress& progress) {
  const std::size_t columns = detail::fact_column_count;
  Statement insert(connection, "INSERT OR IGNORE INTO facts (batch, table_name, " + fact_column_list() + ") VALUES (" +
                                   placeholders(columns + 2) + ")");
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (progress && !progress(static_cast<double>(i) / static_cast<double>(facts.size()), "storing")) {
      throw base::Cancelled();
    }
    auto cells = detail::fact_cells(facts[i]);
    std::string& id = cells[detail::column_id];
    if (id.empty()) id = "user-" + std::to_string(batch) + "-" + std::to_string(i + 1);
    insert.bind(1, batch).bind(2, facts[i].table);
    for (std::size_t j = 0; j < columns; ++j) insert.bind(static_cast<int>(j) + 3, cells[j]);
    insert.run();
    if (sqlite3_changes(connection.handle()) == 0) {
      throw connection.problem("the fact '" + id + "' is in the store already");
    }
  }
}

std::vector<Batch> read_batches(const Connection& connection) {
  std::vector<Batch> batches;
  const std::string set_id =
      has_energies(connection) ? "(SELECT energy_sets.id FROM energy_sets WHERE batch = batches.id)" : "NULL";
  Statement rows(connection, "SELECT id, file, imported_at, rows, " + set_id + " FROM batches ORDER BY id");
  while (rows.step()) {
    batches.push_back(
        {rows.number(0), rows.text(1), rows.text(2), static_cast<std::size_t>(rows.number(3)), rows.text(4)});
  }
  return batches;
}

/// Enters the batch and gives it its number; inside a transaction.
Batch insert_batch(const Connection& connection, std::string file, std::size_t rows) {
  Batch batch{0, std::move(file), utc_now(), rows, {}};
  Statement insert(connection, "INSERT INTO batches (file, imported_at, rows) VALUES (?, ?, ?)");
  insert.bind(1, batch.file).bind(2, batch.imported_at).bind(3, static_cast<long>(batch.rows)).run();
  batch.id = static_cast<long>(sqlite3_last_insert_rowid(connection.handle()));
  return batch;
}

}  // namespace

UserStore::UserStore(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {
  connection_->execute("PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL");
}
UserStore::UserStore(UserStore&&) noexcept = default;
UserStore& UserStore::operator=(UserStore&&) noexcept = default;
UserStore::~UserStore() = default;

UserStore UserStore::open(const std::filesystem::path& path) {
  if (std::error_code problem; path.has_parent_path() && !std::filesystem::exists(path.parent_path(), problem)) {
    std::filesystem::create_directories(path.parent_path(), problem);
  }
  UserStore store(std::make_unique<Connection>(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
  bring_up(*store.connection_);
  return store;
}

std::optional<UserStore> UserStore::open_existing(const std::filesystem::path& path) {
  if (std::error_code problem; !std::filesystem::exists(path, problem)) return std::nullopt;
  // Read-write where possible: an import that was killed is rolled back by the next program that opens the store.
  UserStore store(std::make_unique<Connection>(path, SQLITE_OPEN_READWRITE));
  if (is_new(*store.connection_)) return std::nullopt;
  return store;
}

UserStore::Contents UserStore::read() const {
  Transaction transaction(*connection_, Transaction::Purpose::read);
  Contents contents{read_materials(*connection_), read_facts(*connection_)};
  transaction.commit();
  return contents;
}

std::vector<Batch> UserStore::batches() const { return read_batches(*connection_); }

Batch UserStore::add(std::string file, std::span<const Material> materials, std::span<const Fact> facts,
                     const base::Progress& progress) {
  Transaction transaction(*connection_, Transaction::Purpose::write);
  const Batch batch = insert_batch(*connection_, std::move(file), facts.size());
  insert_materials(*connection_, batch.id, materials);
  insert_facts(*connection_, batch.id, facts, progress);
  transaction.commit();
  return batch;
}

Batch UserStore::add_energies(std::string file, const EnergySet& set, const base::Progress& progress) {
  if (set.rows.empty()) throw connection_->problem("the set of energies '" + set.id + "' has no phases");
  if (set.id.empty()) throw connection_->problem("a set of energies needs a name");
  Transaction transaction(*connection_, Transaction::Purpose::write);
  complete_tables(*connection_);
  Batch batch = insert_batch(*connection_, std::move(file), set.rows.size());
  batch.energy_set = set.id;
  detail::insert_energy_set(*connection_, batch.id, set, progress);
  transaction.commit();
  return batch;
}

std::vector<EnergySetInfo> UserStore::energy_sets() const {
  if (!has_energies(*connection_)) return {};
  return detail::read_energy_set_infos(*connection_);
}

std::optional<EnergySet> UserStore::energies(std::string_view id, std::span<const std::string> elements) const {
  std::optional<detail::ElementMask> mask;
  if (!elements.empty()) mask = detail::mask_of(elements);
  Transaction transaction(*connection_, Transaction::Purpose::read);
  std::optional<EnergySet> set;
  if (has_energies(*connection_)) set = detail::read_energy_set(*connection_, id, mask);
  transaction.commit();
  return set;
}

Batch UserStore::remove(long batch) {
  Transaction transaction(*connection_, Transaction::Purpose::write);
  std::optional<Batch> found;
  std::string known;
  for (const Batch& candidate : read_batches(*connection_)) {
    if (candidate.id == batch) found = candidate;
    known += (known.empty() ? "" : ", ") + std::to_string(candidate.id);
  }
  if (!found) {
    throw connection_->problem("there is no batch " + std::to_string(batch),
                               known.empty() ? "an import before" : "one of the batches " + known);
  }
  {
    Statement users(*connection_,
                    "SELECT facts.batch, materials.id FROM facts JOIN materials ON facts.material = materials.id "
                    "WHERE materials.batch = ?1 AND facts.batch <> ?1 LIMIT 1");
    if (users.bind(1, batch).step()) {
      throw connection_->problem("batch " + users.text(0) + " uses the material '" + users.text(1) + "' that batch " +
                                     std::to_string(batch) + " defines",
                                 "batch " + users.text(0) + " to be removed before");
    }
  }
  Statement erase(*connection_, "DELETE FROM batches WHERE id = ?");
  erase.bind(1, batch).run();
  transaction.commit();
  return *found;
}

}  // namespace closo::library
