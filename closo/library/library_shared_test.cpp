// Every row of the collection that the shipped tables were made from, compared by id. Skipped where that collection is
// not beside the repository.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/base/number.hpp"
#include "closo/library/library.hpp"
#include "closo/table/csv.hpp"

namespace closo::library {
namespace {

constexpr std::size_t expected_rows = 685;

/// One row as the collection has it.
struct SharedRow {
  std::string table;
  std::map<std::string, std::string> cells;

  std::string at(const std::string& column) const {
    const auto found = cells.find(column);
    return found == cells.end() ? std::string{} : found->second;
  }
  std::optional<double> number(const std::string& column) const {
    const std::string text = at(column);
    return text.empty() ? std::nullopt : std::optional<double>(base::parse_number(text));
  }
  /// First of the columns that has a number.
  std::optional<double> first_number(std::initializer_list<const char*> columns) const {
    for (const char* column : columns) {
      if (const std::optional<double> value = number(column)) return value;
    }
    return std::nullopt;
  }
};

std::vector<SharedRow> shared_rows(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".csv") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<SharedRow> rows;
  for (const std::filesystem::path& file : files) {
    const table::CsvDocument document = table::parse_csv(base::read_text_file(file), file.string());
    for (const table::CsvRow& row : document.rows) {
      SharedRow shared{file.stem().string(), {}};
      for (std::size_t j = 0; j < row.cells.size(); ++j) shared.cells[document.header[j]] = row.cells[j].text;
      rows.push_back(std::move(shared));
    }
  }
  return rows;
}

/// The unit in which the shipped row states what the shared row states in its own.
std::string shipped_unit(const std::string& shared) {
  if (shared == "C") return "C-rate";  // C alone is coulomb
  try {
    base::Unit::parse(shared);
  } catch (const base::InputError&) {
    return "1";  // "Li per C6", "V/V_alpha"
  }
  return shared.empty() ? "1" : shared;
}

struct Values {
  std::optional<double> value, value_hi, uncertainty;
};

Values shared_values(const SharedRow& row) {
  if (row.table == "window") {
    const std::optional<double> lower = row.number("V_lower"), upper = row.number("V_upper");
    if (lower && upper) return {lower, upper, {}};
    return {row.first_number({"V_lower", "V_upper", "value"}), {}, {}};
  }
  if (row.table == "transition") return {row.number("T_K"), {}, {}};
  return {row.first_number({"value", "sigma_S_per_cm", "Ea_eV"}),
          row.first_number({"value_hi", "sigma_hi_S_per_cm", "Ea_hi_eV"}),
          row.first_number({"uncertainty", "uncertainty_eV"})};
}

/// grep -niE 'ambiguous|conflict|ocr|repaired|printed|doubtful|inconsistent', as the collection's own notes advise,
/// without the phrases that contain such a word and do not question the number.
bool is_flagged(std::string note) {
  std::transform(note.begin(), note.end(), note.begin(), [](unsigned char c) { return std::tolower(c); });
  for (const std::string_view harmless : {"number printed as a word",       // flagged "reading"
                                          "temperature printed as a dash",  // flagged "temperature_missing"
                                          "as printed", "no citation printed here", "printed 3670-3330"}) {
    if (const std::size_t start = note.find(harmless); start != std::string::npos) note.erase(start, harmless.size());
  }
  for (const std::string_view word :
       {"ambiguous", "conflict", "ocr", "repaired", "printed", "doubtful", "inconsistent"}) {
    if (note.find(word) != std::string::npos) return true;
  }
  return false;
}

/// Quantities that the shipped tables call by the name that other rows of the same thing have.
const std::map<std::string, std::string> renamed_quantities{
    {"CEL088", "active-material utilization"},
    {"CEL123", "initial discharge capacity"},
    {"PRE047", "stack pressure at assembly"},
};

/// "313.15-333.15" or one number.
std::pair<std::optional<double>, std::optional<double>> shared_temperature(const SharedRow& row) {
  const std::string text = row.at("T_K");
  const std::size_t dash = text.find('-');
  if (dash == std::string::npos) return {row.number("T_K"), {}};
  return {base::parse_number(text.substr(0, dash)), base::parse_number(text.substr(dash + 1))};
}

class SharedCollection : public testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path folder = std::filesystem::path(CLOSO_SHARED_DIR) / "library";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the collection " << folder << " is not on this machine";
    rows_ = shared_rows(folder);
    library_.emplace(Library::load(std::filesystem::path(CLOSO_SOURCE_DIR) / "data"));
    ASSERT_EQ(rows_.size(), expected_rows);
  }
  const Fact& fact(const SharedRow& row) const {
    const Fact* found = library_->find_fact(row.at("id"));
    if (found == nullptr) throw std::runtime_error("no shipped fact " + row.at("id"));
    return *found;
  }

  std::vector<SharedRow> rows_;
  std::optional<Library> library_;
};

void expect_same(const std::optional<double>& found, const std::optional<double>& expected, const std::string& what) {
  ASSERT_EQ(found.has_value(), expected.has_value()) << what;
  if (found) {
    EXPECT_NEAR(*found, *expected, 1e-12 * std::abs(*expected)) << what;
  }
}

TEST_F(SharedCollection, has_the_same_ids_in_the_same_tables) {
  ASSERT_EQ(library_->facts().size(), expected_rows);
  for (const SharedRow& row : rows_) EXPECT_EQ(fact(row).table, row.table) << row.at("id");
}

TEST_F(SharedCollection, has_the_same_numbers_units_and_qualifiers) {
  for (const SharedRow& row : rows_) {
    const Fact& f = fact(row);
    const Values values = shared_values(row);
    expect_same(f.value, values.value, f.id + " value");
    expect_same(f.value_hi, values.value_hi, f.id + " value_hi");
    expect_same(f.uncertainty, values.uncertainty, f.id + " uncertainty");
    if (values.value) {
      EXPECT_EQ(f.unit.text().empty() ? "1" : f.unit.text(), shipped_unit(row.at("unit"))) << f.id;
    }
    EXPECT_EQ(base::to_string(f.qualifier), row.at("qualifier")) << f.id;
    const auto renamed = renamed_quantities.find(f.id);
    EXPECT_EQ(f.quantity, renamed == renamed_quantities.end() ? row.at("quantity") : renamed->second) << f.id;
  }
}

TEST_F(SharedCollection, has_the_same_temperatures_and_pressures) {
  for (const SharedRow& row : rows_) {
    const Fact& f = fact(row);
    if (row.table != "transition" && row.cells.contains("T_K")) {
      const auto expected = shared_temperature(row);
      expect_same(f.temperature, expected.first, f.id + " T");
      expect_same(f.temperature_hi, expected.second, f.id + " upper T");
    }
    if (const std::optional<double> pressure = row.number("pressure_MPa"))
      expect_same(f.pressure, *pressure * 1e6, f.id + " p");
  }
}

TEST_F(SharedCollection, has_the_same_places_in_the_same_sources) {
  for (const SharedRow& row : rows_) {
    const Fact& f = fact(row);
    EXPECT_EQ(f.locator, row.at("section")) << f.id;
    EXPECT_EQ(f.source, row.at("seed").starts_with("000_") ? "review2018" : "hehn2025") << f.id;
    EXPECT_EQ(f.references.empty(), row.at("ref").empty()) << f.id;
  }
}

TEST_F(SharedCollection, carries_every_doubt_of_its_notes_as_a_flag) {
  std::size_t flagged = 0;
  for (const SharedRow& row : rows_) {
    if (!is_flagged(row.at("note"))) continue;
    ++flagged;
    EXPECT_TRUE(fact(row).is_doubtful()) << row.at("id") << ": " << row.at("note");
  }
  EXPECT_GT(flagged, 50U);
}

}  // namespace
}  // namespace closo::library
