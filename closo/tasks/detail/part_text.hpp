/// Option texts of the form "NAME, quantity, quantity": a component or a layer with what is known of it, in any order.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "closo/base/measured.hpp"
#include "closo/base/quantity.hpp"

namespace closo::tasks::detail {

/// Value and standard uncertainty in SI. Throws: ParameterError for bounds such as "> 5 g/cm3", which cannot be
/// calculated with.
base::Measured measured(const base::Quantity& quantity, std::string_view option, std::string_view text);

/// The quantities of one text, told apart by their dimensions: each is taken once, none may be left over.
class PartText {
 public:
  /// Throws: ParameterError naming `option` for an empty name or something that is not a quantity.
  PartText(std::string_view option, std::string_view text);

  const std::string& name() const noexcept { return name_; }

  /// The quantity that can be expressed in `unit`, in SI; empty when there is none.
  /// Throws: ParameterError when two of them can.
  std::optional<base::Measured> take(std::string_view unit);

  struct Fraction {
    base::Measured value;
    base::FractionBasis basis = base::FractionBasis::none;
  };
  /// The fraction with its basis (vol%, wt%, mol%). Throws: ParameterError for a plain number or '%', or for two
  /// fractions.
  std::optional<Fraction> take_fraction();

  /// Throws: ParameterError when a quantity was not taken; `accepted` says what would be ("a density, a fraction").
  void finish(std::string_view accepted) const;

 private:
  struct Item {
    base::Quantity quantity;
    std::string text;
    bool taken = false;
  };
  [[noreturn]] void fail(const std::string& allowed) const;

  std::string option_;
  std::string text_;
  std::string name_;
  std::vector<Item> items_;
};

}  // namespace closo::tasks::detail
