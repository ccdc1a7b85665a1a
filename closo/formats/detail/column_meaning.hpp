/// What the header of a column means: quantity, unit and sign, in the spellings of instruments and spreadsheets.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/base/unit.hpp"

namespace closo::formats::detail {

enum class Quantity {
  frequency,
  angular_frequency,
  real,
  imaginary,
  modulus,
  phase,
  time,
  voltage,
  current,
  temperature,
  loop,
  other
};

struct ColumnMeaning {
  Quantity quantity = Quantity::other;
  std::string header;        ///< as written
  std::string name;          ///< the header without its unit
  base::Unit unit;           ///< "1" where none is given or known
  bool has_unit = false;     ///< a unit was written and understood
  bool is_negative = false;  ///< the header says that the column holds the negative: "-Z''", "-Phase"
  bool is_signed = true;     ///< false where nothing tells the sign: there was no header
};

/// A unit in the spellings of instruments ("ohms", "Hz.", "sec", "°", "degrees"); empty where it is none.
std::optional<base::Unit> instrument_unit(std::string_view text);

/// "freq/Hz", "Z' (kOhm)", "-Im(Z)/Ohm", "Phase of Z (deg)", "Zs''[ohm]", "Elapsed Time(s)". An unknown name is
/// `other`.
ColumnMeaning column_meaning(std::string_view header);

/// The columns a spectrum is made of: indices into the columns of the file.
struct SpectrumColumns {
  std::size_t frequency = 0;
  std::optional<std::size_t> real, imaginary, modulus, phase;

  bool is_cartesian() const noexcept { return real.has_value() && imaginary.has_value(); }
};

/// Finds frequency and either real and imaginary part or modulus and phase; of several candidates the first with the
/// right dimension. Empty when one is missing.
std::optional<SpectrumColumns> find_spectrum_columns(const std::vector<ColumnMeaning>& columns);

/// As find_spectrum_columns. Throws: InputError at `place`, saying which is missing or has the wrong unit, and what the
/// file has.
SpectrumColumns require_spectrum_columns(const std::vector<ColumnMeaning>& columns, const base::Place& place);

}  // namespace closo::formats::detail
