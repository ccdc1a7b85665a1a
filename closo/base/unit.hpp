/// Units of the field: parsed from text, with dimension checks and exact conversion to SI.
///
/// A unit is a rational scale times a power of ten, an offset (degrees Celsius only), a dimension, and for fractions
/// the basis (volume, mass or amount), so that 25 wt% is never taken for 25 vol%. Scales are exact: the SI of 2019
/// fixes e, k, N_A, and every other unit here is defined by a decimal or integer ratio.
/// Source: BIPM, The International System of Units, 9th ed. (2019); CODATA 2018 exact constants.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace closo::base {

/// Exponents of m, kg, s, A, K, mol, each counted in halves (so that s^1/2 of a Warburg coefficient is exact).
struct Dimension {
  std::array<std::int8_t, 6> halves{};

  static Dimension of(int metre, int kilogram, int second, int ampere, int kelvin, int mole);
  bool is_dimensionless() const noexcept;
  auto operator<=>(const Dimension&) const = default;
};

/// The field's name of a dimension ("conductivity", "area-specific resistance"), else its SI symbols ("kg m^2 s^-3").
std::string describe(const Dimension& dimension);

/// What a fraction is a fraction of; `none` for plain numbers, ratios and '%'.
enum class FractionBasis : std::uint8_t { none, volume, mass, amount };

/// A unit with its text as the user wrote it. Value type; the default is the dimensionless unit "1".
class Unit {
 public:
  Unit() = default;

  /// Reads "S/cm", "mS cm^-1", "Ω cm²", "mA h g-1", "J/(mol K)", "degC", "vol%", "1/K", "". Both notations of powers
  /// and products, SI prefixes, and the plain and the typographic characters are accepted. Throws: InputError with the
  /// column inside the text, what was not understood, and the nearest known symbol.
  static Unit parse(std::string_view text);

  /// Value in this unit → SI, and back. One rounding for every unit of the table (two for degrees Celsius).
  double to_si(double value) const noexcept;
  double from_si(double value) const noexcept;

  /// Differences and uncertainties: the offset of degrees Celsius does not apply.
  double difference_to_si(double value) const noexcept;
  double difference_from_si(double value) const noexcept;

  const Dimension& dimension() const noexcept { return dimension_; }
  FractionBasis basis() const noexcept { return basis_; }
  bool has_offset() const noexcept { return offset_ != 0.0; }

  /// The text it was parsed from.
  const std::string& text() const noexcept { return text_; }

  /// Scale as power of ten if it is one (mS/cm → -1 against S/m), used to read decimal text without rounding twice.
  bool is_power_of_ten() const noexcept { return numerator_ == 1.0L && denominator_ == 1.0L && offset_ == 0.0; }
  int exponent_of_ten() const noexcept { return exponent_; }

  /// Same dimension and compatible basis: a value in one can be expressed in the other. A plain '%' or '1' is
  /// compatible with every basis; vol% and wt% are not compatible with each other.
  bool is_compatible_with(const Unit& other) const noexcept;

  /// Same scale, offset, dimension and basis (the text may differ: "S/cm" == "S cm^-1").
  bool operator==(const Unit& other) const noexcept;

 private:
  friend class UnitParser;
  long double numerator_ = 1.0L;
  long double denominator_ = 1.0L;
  int exponent_ = 0;
  double offset_ = 0.0;
  Dimension dimension_;
  FractionBasis basis_ = FractionBasis::none;
  std::string text_ = "1";
};

/// Value in `from` expressed in `to`. Energies per particle and per mole convert into each other by N_A (eV ↔ kJ/mol).
/// Throws: InputError when the dimensions or the fraction bases differ, naming both.
double convert(double value, const Unit& from, const Unit& to);

/// As `convert`, for differences and uncertainties.
double convert_difference(double value, const Unit& from, const Unit& to);

/// Whether `convert` accepts the pair (including eV ↔ kJ/mol).
bool is_convertible(const Unit& from, const Unit& to) noexcept;

/// Every unit symbol known, for help pages and near-name suggestions.
std::vector<std::string> known_unit_symbols();

}  // namespace closo::base
