#include "closo/stability/vacancy.hpp"

#include <optional>
#include <vector>

#include "closo/base/element.hpp"
#include "closo/base/error.hpp"
#include "closo/stability/window.hpp"

namespace closo::stability {
namespace {

/// The compound without its cations. Throws: InputError when nothing is left.
base::Formula framework(const base::Formula& compound, std::string_view cation) {
  std::vector<base::ElementAmount> terms;
  for (const base::ElementAmount& term : compound.terms()) {
    if (term.element->symbol != cation) terms.push_back(term);
  }
  if (terms.empty()) {
    throw base::InputError({}, compound.text() + " is the metal itself", "a compound with other elements");
  }
  return base::Formula(std::move(terms));
}

}  // namespace

VacancyEnergy vacancy_energy(const ChemicalSystem& system, const base::Formula& compound, std::string_view cation) {
  VacancyEnergy result;
  result.cation = cation;
  result.charge = ion_charge(cation);
  result.cations_per_formula = compound.amount(cation);
  if (result.cations_per_formula <= 0.0) {
    throw base::InputError({}, compound.text() + " holds no " + std::string(cation), "a compound of the cation");
  }
  const base::Formula rest = framework(compound, cation);
  const Window window = equilibrium_window(system, compound, cation);
  const std::optional<std::size_t> phase = system.find(compound);
  if (!phase) {
    throw base::InputError({}, "the system of the set '" + system.label() + "' has no " + compound.text(),
                           "a compound of the set: the extraction routes need its energy");
  }
  result.above_hull_eV_per_atom = window.above_hull_eV_per_atom;
  result.phase_equilibria = {result.charge * window.oxidation.potential_V, window.oxidation.reaction};

  const std::size_t metal = *system.find(base::Formula({{base::find_element(cation), 1.0}}));
  const double cations = result.cations_per_formula;
  const double own_energy = system.energy_eV_per_atom(*phase) * compound.atoms();
  const double metal_energy = cations * system.energy_eV_per_atom(metal);
  std::vector<ReactionTerm> terms{
      {compound.text(), compound, -1.0},
      {system.entry(metal).name, system.entry(metal).formula, cations / system.atoms(metal)}};
  const std::vector<ReactionTerm> common = terms;

  const OpenEquilibrium assemblage = open_equilibrium(system, rest, {});
  for (const PhaseAmount& part : assemblage.products) {
    terms.push_back({system.entry(part.phase).name, system.entry(part.phase).formula, part.amount});
  }
  result.extraction = {(assemblage.grand_potential_eV + metal_energy - own_energy) / cations, make_reaction(terms)};

  terms = common;
  double elements_energy = 0.0;
  for (const base::ElementAmount& term : rest.terms()) {
    const std::size_t element = *system.find(base::Formula({{term.element, 1.0}}));
    elements_energy += term.amount * system.energy_eV_per_atom(element);
    terms.push_back({system.entry(element).name, system.entry(element).formula, term.amount / system.atoms(element)});
  }
  result.extraction_to_elements = {(elements_energy + metal_energy - own_energy) / cations, make_reaction(terms)};
  return result;
}

}  // namespace closo::stability
