/// The user's own measurements from CSV: read, converted, checked row by row, stored all together or not at all.
///
/// Two headers are accepted: the columns of the shipped tables, and a short form
///   material, quantity, value, unit, temperature, …     one number a row ("1.2(1)e-3 S/cm" brings its unit along)
///   material, T (degC), sigma (mS/cm), Ea (eV), …       one column a quantity, the unit in the header
/// with, where wanted: sample, uncertainty, value_hi, qualifier, temperature_hi, pressure, phase, preparation, method,
/// kind, source, locator, note, condition:<name>, and for new materials formula, family, mobile_ion, anion, role, name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/base/progress.hpp"
#include "closo/library/library.hpp"
#include "closo/library/user_store.hpp"

namespace closo::library {

struct ImportOptions {
  std::string source{};  ///< the user's words for where the numbers are from; empty: "own measurement, <file>"
  /// Material that the file does not describe itself: all rows with an unknown name get these.
  std::string formula{}, family{}, mobile_ion{};
};

struct RejectedRow {
  base::Place place;  ///< line and column of the cell that is wrong
  std::string reason;
};

struct ImportResult {
  std::vector<Material> materials;  ///< new ones that accepted facts use
  std::vector<Fact> facts;          ///< accepted; ids are empty unless the file gives free ones
  std::vector<RejectedRow> rejected;
  std::vector<std::string> notes;  ///< what was assumed: a nominal temperature, a new family
  std::size_t rows = 0;            ///< rows of the file, blank ones not counted
};

/// Reads and checks; `library` holds the shipped and the stored facts (the latter for duplicates). Nothing is stored.
/// Throws: InputError for a header that cannot be used (with near names for unknown columns).
ImportResult read_measurements(std::string_view text, std::string file, const Library& library,
                               const ImportOptions& options = {});

/// Stores what was accepted as one batch. Nothing is stored (and nothing returned) when rows were rejected, unless
/// `keep_good`, or when no row was accepted. Throws: as UserStore::add.
std::optional<Batch> store_measurements(UserStore& store, const ImportResult& result, std::string file, bool keep_good,
                                        const base::Progress& progress = {});

/// Facts from CSV in the shipped schema, with or without the column "table": the inverse of facts_to_csv. Names are not
/// looked up. Throws: InputError with file, line and column.
std::vector<Fact> read_facts_csv(std::string_view text, std::string file);

}  // namespace closo::library
