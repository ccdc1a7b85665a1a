#include "closo/tasks/stability_contact.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "closo/base/error.hpp"

namespace closo::tasks {
namespace {

using base::Formula;
using stability::Partner;

constexpr std::array<std::string_view, 12> redox_metals{"Ti", "V",  "Cr", "Mn", "Fe", "Co",
                                                        "Ni", "Cu", "Nb", "Mo", "Ru", "W"};

bool is_metal_of(const Formula& formula, std::string_view mobile) {
  return formula.terms().size() == 1 && formula.amount(mobile) > 0.0;
}

bool same_composition(const Formula& a, const Formula& b) { return a.reduced() == b.reduced(); }

/// Both states of a row of the library's electrodes: the stated formula holds all exchanged ions, or none of them.
struct RowStates {
  Formula full, empty;
};

std::optional<RowStates> states_of_row(const library::Electrode& row) {
  if (row.formula.empty() || !row.electrons_per_formula || row.mobile_ion.empty()) return std::nullopt;
  const Formula stated = Formula::parse(row.formula);
  const double held = stated.amount(row.mobile_ion);
  const double exchanged = *row.electrons_per_formula / stability::ion_charge(row.mobile_ion);
  if (std::abs(held - exchanged) < 1e-9) {
    const auto empty = with_amount_of(stated, row.mobile_ion, 0.0);
    if (!empty) return std::nullopt;
    return RowStates{stated, *empty};
  }
  return RowStates{*with_amount_of(stated, row.mobile_ion, held + exchanged), stated};
}

std::optional<ElectrodeStates> states_from_row(const library::Library& library, const NamedFormula& material,
                                               std::string_view mobile) {
  for (const library::Electrode& row : library.electrodes()) {
    if (row.mobile_ion != mobile) continue;
    const auto states = states_of_row(row);
    if (!states) continue;
    const bool is_this = (material.material != nullptr && material.material->id == row.material) ||
                         same_composition(material.formula, states->full) ||
                         same_composition(material.formula, states->empty);
    if (!is_this) continue;
    ElectrodeStates result;
    const bool is_anode = row.role == "anode";
    result.role = is_anode ? Partner::Role::anode : Partner::Role::cathode;
    result.discharged = is_anode ? states->empty : states->full;
    result.charged = is_anode ? states->full : states->empty;
    result.states_source = "library " + row.id;
    if (row.average_voltage) {
      result.potential_V = row.average_voltage;
      result.potential_source = "library " + row.id;
    }
    return result;
  }
  return std::nullopt;
}

bool holds_redox_metal(const Formula& formula) {
  return std::ranges::any_of(redox_metals, [&](std::string_view metal) { return formula.amount(metal) > 0.0; });
}

/// Whether this is the host of an anode of the library.
bool is_empty_anode(const library::Library& library, const Formula& host, std::string_view mobile) {
  return std::ranges::any_of(library.electrodes(), [&](const library::Electrode& row) {
    if (row.role != "anode" || row.mobile_ion != mobile) return false;
    const auto states = states_of_row(row);
    return states && same_composition(states->empty, host);
  });
}

std::optional<ElectrodeStates> states_by_removal(const library::Library& library, const NamedFormula& material,
                                                 std::string_view mobile) {
  const bool is_library_electrode = material.material != nullptr && material.material->has_role("electrode");
  if (material.material != nullptr && !is_library_electrode) return std::nullopt;
  if (!is_library_electrode && !holds_redox_metal(material.formula)) return std::nullopt;
  ElectrodeStates result;
  result.discharged = material.formula;
  if (material.formula.amount(mobile) > 0.0) {
    result.charged = with_amount_of(material.formula, mobile, 0.0);
    result.states_source = "all " + std::string(mobile) + " removed";
    if (result.charged && is_empty_anode(library, *result.charged, mobile)) {
      result.role = Partner::Role::anode;
      std::swap(result.discharged, *result.charged);
    }
  } else {
    result.notes.push_back("the state of " + material.name + " with " + std::string(mobile) +
                           " is not known: name it as the material and this one with --charged");
  }
  return result;
}

}  // namespace

std::optional<Formula> with_amount_of(const Formula& formula, std::string_view element, double amount) {
  std::vector<base::ElementAmount> terms;
  bool found = false;
  for (const base::ElementAmount& term : formula.terms()) {
    if (term.element->symbol != element) {
      terms.push_back(term);
    } else if (amount > 0.0) {
      terms.push_back({term.element, amount});
      found = true;
    }
  }
  if (!found && amount > 0.0) terms.insert(terms.begin(), {base::find_element(element), amount});
  if (terms.empty()) return std::nullopt;
  return Formula(std::move(terms));
}

std::optional<double> potential_from_set(const stability::EntrySet& set, const Formula& discharged,
                                         const Formula& charged, std::string_view mobile) {
  if (set.find(discharged) == nullptr || set.find(charged) == nullptr) return std::nullopt;
  const std::array<Formula, 2> both{discharged, charged};
  const bool discharged_is_full =
      discharged.amount(mobile) * charged.atoms() > charged.amount(mobile) * discharged.atoms();
  try {
    const stability::ChemicalSystem system(set, elements_with(both, mobile));
    return discharged_is_full ? stability::average_voltage(system, discharged, charged, mobile)
                              : stability::average_voltage(system, charged, discharged, mobile);
  } catch (const base::InputError&) {
    return std::nullopt;  // the two states differ by more than the mobile element
  }
}

std::optional<ElectrodeStates> electrode_states(const library::Library& library, const NamedFormula& material,
                                                std::string_view mobile, const stability::EntrySet& set) {
  if (is_metal_of(material.formula, mobile)) {
    ElectrodeStates metal;
    metal.role = Partner::Role::anode;
    metal.discharged = material.formula;
    metal.potential_V = 0.0;
    metal.potential_source = "metal";
    return metal;
  }
  std::optional<ElectrodeStates> states = states_from_row(library, material, mobile);
  if (!states) states = states_by_removal(library, material, mobile);
  if (!states) return std::nullopt;
  if (states->charged && set.find(*states->charged) == nullptr) {
    states->notes.push_back("the charged state " + states->charged->text() + " is not in the set '" + set.label() +
                            "'");
    states->charged.reset();
    const bool is_in_library = material.material != nullptr && material.material->has_role("electrode");
    if (!is_in_library) return std::nullopt;
  }
  if (!states->potential_V && states->charged) {
    states->potential_V = potential_from_set(set, states->discharged, *states->charged, mobile);
    if (states->potential_V) {
      states->potential_source = "set '" + set.label() + "'";
    } else {
      states->notes.push_back("no mean potential: " + states->discharged.text() + " is not in the set '" + set.label() +
                              "'");
    }
  }
  return states;
}

std::vector<std::string> elements_with(std::span<const Formula> materials, std::string_view mobile) {
  std::vector<std::string> elements = stability::elements_of(materials);
  if (!mobile.empty() && std::ranges::find(elements, mobile) == elements.end()) elements.emplace_back(mobile);
  return elements;
}

stability::Reservoir reservoir_at(std::string_view mobile, double potential_V) {
  return {std::string(mobile), -stability::ion_charge(mobile) * potential_V};
}

double judged_energy(const stability::InterfaceEnergies& energies, bool is_open) {
  return is_open ? std::min(energies.mutual_eV, energies.no_mixing_A_eV) : energies.mutual_eV;
}

std::vector<JudgedSpread> judged_spread(const stability::ChemicalSystem& system, std::span<const Contact> contacts,
                                        const stability::ErrorModel& errors, std::size_t draws, std::uint64_t seed) {
  if (draws < 10) throw base::ParameterError("draws", std::to_string(draws), "at least 10 draws");
  const stability::EnergyDraws sequence(system, errors, seed);
  stability::ChemicalSystem drawn = system;
  std::vector<double> energies(system.size());
  std::vector<JudgedSpread> spreads(contacts.size());
  std::vector<double> squares(contacts.size());  // of the deviations, updated with the mean (Welford 1962)
  for (std::size_t k = 0; k < draws; ++k) {
    sequence.draw(k, energies);
    drawn.set_energies(energies);
    for (std::size_t i = 0; i < contacts.size(); ++i) {
      const Contact& contact = contacts[i];
      const double energy = judged_energy(stability::interface_energies(drawn, contact.a, contact.b, contact.open),
                                          contact.open.has_value());
      const double step = energy - spreads[i].mean;
      spreads[i].mean += step / static_cast<double>(k + 1);
      squares[i] += step * (energy - spreads[i].mean);
      if (energy <= reactive_energy) spreads[i].reactive += 1.0 / static_cast<double>(draws);
    }
  }
  for (std::size_t i = 0; i < contacts.size(); ++i) {
    spreads[i].standard_deviation = std::sqrt(squares[i] / static_cast<double>(draws - 1));
    spreads[i].reactive = std::min(spreads[i].reactive, 1.0);
  }
  return spreads;
}

}  // namespace closo::tasks
