/// Chemical formulas: text to composition, charge and molar mass, and back to text.
///
/// Accepted: element symbols with amounts as decimals or fractions ("Li3.25Ge0.25P0.75S4", "Li(BH4)1/3(NH2)2/3"),
/// nested brackets () [] {}, typographic subscripts (₂), adducts and mixtures joined by '·' or '*' with a leading
/// coefficient
/// ("Li2B12H12·4H2O", "90LiBH4·10P2S5"), blanks between terms, and a charge at the end.
///
/// Charge: behind a blank or '^' ("B12H12 2-", "B12H12^2-"), in brackets ("B12H12(2-)"), as superscript (²⁻), or a bare
/// sign ("Li+", "BH4-"). Digits directly before a bare sign are an amount; after a lone element or a closing bracket
/// ("Mg2+", "[B12H12]2-") that would be ambiguous and is refused.
///
/// '.': a decimal point between digits; an adduct dot when no digit follows, or when a coefficient and then H2O follow
/// and end the formula or bracket ("Li2B12H12.4H2O", "CaSO4.0.5H2O"), unless the digits before it are a single 0.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "closo/base/element.hpp"

namespace closo::base {

/// An element with its amount per formula unit.
struct ElementAmount {
  const Element* element = nullptr;  ///< from the table of elements, never null in a Formula
  double amount = 0.0;               ///< atoms per formula unit, above 0
};

/// Composition of one formula unit. Value type, never empty except when default-constructed.
class Formula {
 public:
  static constexpr std::size_t max_length = 1000;  ///< characters
  static constexpr std::size_t max_nesting = 32;   ///< brackets inside brackets

  Formula() = default;

  /// Equal elements are added up at the place of the first. `charge` in elementary charges.
  /// Throws: ParameterError when empty, an element is null, or an amount is not a number above 0 and at most 1e9.
  explicit Formula(std::vector<ElementAmount> terms, int charge = 0);

  /// Reads the syntax above. Throws: InputError with the column (in characters), what was found, what is accepted, and
  /// for a misspelt symbol the nearest one ("LI" → "Li").
  static Formula parse(std::string_view text);

  /// In the order in which the elements first appear.
  const std::vector<ElementAmount>& terms() const noexcept { return terms_; }
  int charge() const noexcept { return charge_; }

  /// Atoms of one element per formula unit; 0 when it is not there (or the symbol is unknown).
  double amount(std::string_view symbol) const noexcept;
  /// Atoms per formula unit.
  double atoms() const noexcept;

  /// [kg/mol], from standard atomic weights; the mass of missing or extra electrons (5.5e-7 kg/mol each) is not
  /// counted. Throws: InputError for an element without a standard atomic weight (Tc, Pm, Po …).
  double molar_mass() const;

  /// The smallest whole amounts in the same ratio ("Li3.25Ge0.25P0.75S4" → Li13GeP3S16, "B2H6" → BH3); the same
  /// formula when no common multiple up to 1000 makes them whole within 1e-6, or when it carries a charge.
  Formula reduced() const;

  /// "Li2B12H12", "BH4-", "B12H12 2-": brackets resolved, order kept; reads back to an equal formula.
  std::string text() const;
  /// Hill order: C, H, then the rest by symbol; without C all by symbol. Hill, J. Am. Chem. Soc. 22 (1900) 478.
  std::string hill_text() const;

  /// Same elements with the same amounts (relative tolerance 1e-9) and the same charge; the order does not matter.
  bool operator==(const Formula& other) const noexcept;

 private:
  std::vector<ElementAmount> terms_;
  int charge_ = 0;
};

}  // namespace closo::base
