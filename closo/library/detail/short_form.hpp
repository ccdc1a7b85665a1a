/// The short form of a user's CSV: which column means what, and the facts of one row.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "closo/library/library.hpp"
#include "closo/table/csv.hpp"

namespace closo::library::detail {

/// The quantity a user's word stands for ("sigma" → "ionic conductivity", "Ea" → "activation energy for ionic
/// conduction"), a quantity of the library, or any name that a rule knows; empty when nothing fits.
std::string quantity_named(const Library& library, std::string_view name);

/// Throws: InputError "unknown quantity …" with near names.
[[noreturn]] void refuse_quantity(const Library& library, std::string_view name);

/// A row read: facts without source and id, and what the row says of a material that is not in the library.
struct ShortRow {
  std::vector<Fact> facts;
  std::vector<std::size_t> columns;  ///< where the number of each fact stands
  std::string material_name;         ///< as typed
  std::size_t material_column = 0;   ///< position in the row
  Material definition;               ///< id empty; fields as far as the row gives them
  std::optional<std::string> source;
  std::vector<std::string> notes;
};

/// The columns of a file in short form.
class ShortForm {
 public:
  /// Throws: InputError at the header: an unknown column (near names), no material, neither a value nor a quantity
  /// column.
  ShortForm(const table::CsvDocument& document, const Library& library);

  /// Throws: InputError at the cell that is wrong.
  ShortRow read(const table::CsvRow& row) const;

 private:
  enum class Field : unsigned char;
  struct Column {
    Field field;
    std::string name;                ///< condition name or quantity of a quantity column
    std::optional<base::Unit> unit;  ///< from the header
  };

  Column column_named(const std::string& header) const;
  std::string cell(const table::CsvRow& row, Field field) const;
  std::optional<std::size_t> position(Field field) const;
  void read_value(const table::CsvRow& row, std::size_t column, const std::optional<base::Unit>& unit,
                  Fact& fact) const;
  void read_temperature(const table::CsvRow& row, ShortRow& result, Fact& fact) const;
  std::optional<double> si_cell(const table::CsvRow& row, Field field, std::string_view unit,
                                std::string_view what) const;
  Fact common_part(const table::CsvRow& row, ShortRow& result) const;

  const table::CsvDocument& document_;
  const Library& library_;
  std::vector<Column> columns_;
};

}  // namespace closo::library::detail
