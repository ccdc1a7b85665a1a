/// Any text is a formula or an InputError inside the text; a formula reads back as printed, and reducing it twice is
/// reducing it once.
#include "closo/base/formula.hpp"

#include "closo/base/error.hpp"
#include "fuzz/property.hpp"

using namespace closo;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::as_text(data, size));
  base::Formula formula;
  try {
    formula = base::Formula::parse(text);
  } catch (const base::InputError& error) {
    fuzz::require(!error.problem().empty(), "an error says what is wrong");
    fuzz::require(error.place().column <= fuzz::characters(text) + 1, "the column of an error lies in the text");
    return 0;
  }
  fuzz::require(!formula.terms().empty(), "a formula has elements");
  double atoms = 0.0;
  for (const base::ElementAmount& term : formula.terms()) {
    fuzz::require(term.element != nullptr && term.amount > 0.0 && std::isfinite(term.amount), "amounts are positive");
    atoms += term.amount;
  }
  fuzz::require(fuzz::is_close(atoms, formula.atoms(), 1e-12), "atoms are the sum of the amounts");
  fuzz::require(base::Formula::parse(formula.text()) == formula, "a formula reads back", formula.text());
  fuzz::require(base::Formula::parse(formula.hill_text()) == formula, "a formula in Hill order reads back",
                formula.hill_text());
  const base::Formula reduced = formula.reduced();
  fuzz::require(reduced.reduced() == reduced, "a reduced formula is reduced", reduced.text());
  try {
    const double mass = formula.molar_mass();
    fuzz::require(mass > 0.0 && std::isfinite(mass), "a molar mass is positive");
    fuzz::require(fuzz::is_close(mass / formula.atoms(), reduced.molar_mass() / reduced.atoms(), 1e-6),
                  "reducing keeps the mean mass of an atom", formula.text());
  } catch (const base::InputError&) {
    // An element without a standard atomic weight.
  }
  return 0;
}
