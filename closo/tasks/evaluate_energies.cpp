// What the electrolyte should survive by its energies: static, Gibbs and constrained window beside the measured limits,
// and its contacts with anode, cathode, coating, filler and carbon.
#include <algorithm>
#include <cmath>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/stability/window.hpp"
#include "closo/tasks/detail/evaluation.hpp"
#include "closo/tasks/detail/figure_parts.hpp"
#include "closo/tasks/detail/window_limits.hpp"
#include "closo/tasks/stability_access.hpp"
#include "closo/tasks/stability_contact.hpp"
#include "closo/tasks/stability_figures.hpp"

namespace closo::tasks::detail {
namespace {

using report::Outcome;
using stability::ChemicalSystem;

constexpr std::size_t window_draws = 300, contact_draws = 100;
constexpr double highest_V = 6.0;

std::string volts(double value) { return base::format_number(value, 3) + " V"; }

/// A material of the system by name; empty where it has no definite composition.
std::optional<NamedFormula> formula_of(const Evaluation& evaluation, const std::string& name) {
  if (name.empty()) return std::nullopt;
  try {
    return named_formula(evaluation.library, "material", name);
  } catch (const base::ParameterError&) {
    return std::nullopt;
  }
}

/// Everything the electrolyte touches.
struct Neighbour {
  std::string role;  ///< "anode", "cathode", "coating", "filler", "carbon"
  NamedFormula material;
};

std::vector<Neighbour> neighbours_of(const Evaluation& evaluation) {
  std::vector<Neighbour> found;
  const auto add = [&](const char* role, const std::string& name) {
    if (std::optional<NamedFormula> material = formula_of(evaluation, name)) found.push_back({role, *material});
  };
  const System& system = evaluation.system;
  if (system.anode) add("anode", system.anode->material);
  if (system.cathode) add("cathode", system.cathode->active);
  if (system.cathode) add("coating", system.cathode->coating);
  if (system.composite) add("filler", system.composite->filler);
  found.push_back({"carbon", {"C", base::Formula::parse("C"), nullptr}});
  return found;
}

std::vector<std::string> elements_of(const NamedFormula& electrolyte, const std::vector<Neighbour>& neighbours,
                                     std::string_view ion) {
  std::vector<base::Formula> formulas{electrolyte.formula};
  for (const Neighbour& neighbour : neighbours) formulas.push_back(neighbour.material.formula);
  return elements_with(formulas, ion);
}

/// The energies of the system's elements under one label.
struct Energies {
  std::string label;
  EnergyBasis basis;
};

report::Value potential_value(const stability::WindowLimit& limit, double uncertainty, const std::string& source) {
  report::Value value;
  value.value = limit.potential_V;
  value.unit = "V";
  value.kind = "computed";
  value.source = source;
  value.significant = 3;
  if (limit.is_open) {
    value.qualifier = limit.potential_V > 0.0 ? ">=" : "<=";
  } else if (uncertainty > 0.0) {
    value.uncertainty = uncertainty;
  }
  return value;
}

/// A window under one set of rules.
struct Row {
  std::string label;
  stability::Window window;
  double reduction_uncertainty = 0.0, oxidation_uncertainty = 0.0;
  std::string source, remark;
};

std::string beyond(const ChemicalSystem& system, const stability::WindowLimit& limit, std::string_view ion) {
  return limit.is_open ? "–" : products_text(system, limit.products, ion);
}

WindowBar bar_of(const ChemicalSystem& system, const Row& row, const std::string& material, std::string_view ion) {
  WindowBar bar;
  bar.material = material;
  bar.kind = row.label;
  bar.low_V = row.window.reduction.potential_V;
  bar.high_V = row.window.oxidation.potential_V;
  bar.low_is_open = row.window.reduction.is_open;
  bar.high_is_open = row.window.oxidation.is_open;
  bar.low_products = beyond(system, row.window.reduction, ion);
  bar.high_products = beyond(system, row.window.oxidation, ion);
  if (row.reduction_uncertainty > 0.0) bar.low_uncertainty_V = row.reduction_uncertainty;
  if (row.oxidation_uncertainty > 0.0) bar.high_uncertainty_V = row.oxidation_uncertainty;
  return bar;
}

/// The section while it grows.
struct Draft {
  Evaluation& evaluation;
  const NamedFormula& electrolyte;
  const std::string& ion;
  const stability::ErrorModel errors;
  report::Section section{"energies", "Stability by computed and tabulated energies", {}, false};
  report::Table windows{"computed_windows",
                        "Windows by energies",
                        {{"window", "window"},
                         {"reduction_V", "reduction"},
                         {"oxidation_V", "oxidation"},
                         {"reduced_to", "reduced to"},
                         {"oxidised_to", "oxidised to"},
                         {"source", "source"}},
                        {},
                        {}};
  std::vector<WindowBar> bars{};
};

void add_row(Draft& draft, const ChemicalSystem& system, const Row& row) {
  draft.windows.rows.push_back({row.label, potential_value(row.window.reduction, row.reduction_uncertainty, row.source),
                                potential_value(row.window.oxidation, row.oxidation_uncertainty, row.source),
                                beyond(system, row.window.reduction, draft.ion),
                                beyond(system, row.window.oxidation, draft.ion), row.source});
  draft.bars.push_back(bar_of(system, row, draft.electrolyte.name, draft.ion));
}

Row with_uncertainty(const ChemicalSystem& system, const Draft& draft, Row row) {
  row.reduction_uncertainty = limit_uncertainty(system, draft.electrolyte.formula, row.window.reduction, draft.errors);
  row.oxidation_uncertainty = limit_uncertainty(system, draft.electrolyte.formula, row.window.oxidation, draft.errors);
  return row;
}

void add_measured(Draft& draft, const Limits& limits) {
  if (!limits.reduction && !limits.oxidation) return;
  const auto cell = [](const std::optional<Limit>& limit) -> report::Cell {
    return limit ? report::Cell(limit->value) : report::Cell(std::string("unknown"));
  };
  const Limit& any = limits.oxidation ? *limits.oxidation : *limits.reduction;
  draft.windows.rows.push_back(
      {"measured, decides", cell(limits.reduction), cell(limits.oxidation), "", "", any.value.source});
  WindowBar bar;
  bar.material = draft.electrolyte.name;
  bar.kind = "measured";
  bar.low_V = limits.reduction ? std::max(0.0, limits.reduction->potential) : 0.0;
  bar.low_is_open = !limits.reduction || limits.reduction->potential <= 0.0;
  bar.high_V = limits.oxidation ? limits.oxidation->potential : highest_V;
  bar.high_is_open = !limits.oxidation;
  draft.bars.push_back(bar);
}

/// Does the equilibrium window cover the cell's voltage: from the draws.
void add_window_verdict(Draft& draft, const Row& row, const stability::WindowDistribution& distribution) {
  const OperationEntry& operation = draft.evaluation.system.operation;
  report::Verdict verdict;
  verdict.criterion = "window, by energies";
  verdict.source = row.source;
  verdict.finding = (row.window.reduction.is_open ? "from the metal" : volts(row.window.reduction.potential_V)) +
                    " to " + volts(row.window.oxidation.potential_V) + " (" + row.label + ")";
  if (!operation.voltage_high) {
    verdict.target = "covers the cell voltage";
    verdict.reason = "the system file gives no voltage range of the cell";
    draft.evaluation.report.verdicts.push_back(std::move(verdict));
    return;
  }
  const double low = operation.voltage_low->value, high = operation.voltage_high->value;
  verdict.target = "covers " + base::format_number(low, 3) + "–" + volts(high);
  std::size_t covered = 0;
  for (std::size_t i = 0; i < distribution.draws; ++i) {
    if (distribution.reduction_draws_V[i] <= low && distribution.oxidation_draws_V[i] >= high) ++covered;
  }
  const double probability = static_cast<double>(covered) / static_cast<double>(distribution.draws);
  verdict.probability = probability;
  if (probability >= decision_probability) {
    verdict.outcome = Outcome::pass;
    verdict.reason = "no reaction is favoured within the cell's voltages";
  } else if (probability <= 1.0 - decision_probability) {
    verdict.outcome = Outcome::fail;
    verdict.reason =
        "decomposition is favoured within the cell's voltages; it lasts only where kinetics or a layer hold it";
  } else {
    verdict.reason = "the limit lies within its uncertainty of the cell's voltages";
  }
  draft.evaluation.report.verdicts.push_back(std::move(verdict));
}

/// One contact as asked of the energies: the pair, and open at which potential.
struct Asked {
  std::string role, label;
  std::optional<double> potential;
  Contact contact;
};

void ask_electrode(const Draft& draft, const Neighbour& neighbour, const ElectrodeStates& states,
                   std::vector<Asked>& asked) {
  const stability::InterfaceMaterial electrolyte{draft.electrolyte.formula};
  const auto add = [&](const base::Formula& state, const char* word) {
    const std::string label = state.text() + std::string(word);
    asked.push_back({neighbour.role, label, std::nullopt, {electrolyte, {state}, std::nullopt}});
    if (states.potential_V) {
      asked.push_back({neighbour.role,
                       label,
                       states.potential_V,
                       {electrolyte, {state}, reservoir_at(draft.ion, *states.potential_V)}});
    }
  };
  add(states.discharged, states.charged ? ", discharged" : "");
  if (states.charged) add(*states.charged, ", charged");
}

/// Every contact with both states of the electrodes. The metal alone is asked for closed; open to itself it is the
/// reduction limit.
std::vector<Asked> contacts_of(const Draft& draft, const std::vector<Neighbour>& neighbours,
                               const stability::EntrySet& set) {
  std::vector<Asked> asked;
  const stability::InterfaceMaterial electrolyte{draft.electrolyte.formula};
  const base::Formula metal = base::Formula::parse(draft.ion);
  for (const Neighbour& neighbour : neighbours) {
    const bool electrode = neighbour.role == "anode" || neighbour.role == "cathode";
    std::optional<ElectrodeStates> states;
    if (electrode && !(neighbour.material.formula == metal))
      states = electrode_states(draft.evaluation.library, neighbour.material, draft.ion, set);
    if (states) {
      ask_electrode(draft, neighbour, *states, asked);
    } else {
      asked.push_back({neighbour.role,
                       neighbour.material.name,
                       std::nullopt,
                       {electrolyte, {neighbour.material.formula}, std::nullopt}});
    }
    if (neighbour.role != "coating") continue;
    for (const Neighbour& cathode : neighbours) {
      if (cathode.role != "cathode") continue;
      asked.push_back({"coating | cathode",
                       neighbour.material.name + " | " + cathode.material.name,
                       std::nullopt,
                       {{neighbour.material.formula}, {cathode.material.formula}, std::nullopt}});
    }
  }
  return asked;
}

std::string worst_products(const ChemicalSystem& system, const Asked& each,
                           const stability::InterfaceReaction& reaction, std::string_view ion) {
  if (reaction.kinks.empty()) return "–";
  const auto worst = std::ranges::min_element(
      reaction.kinks, {}, [](const stability::InterfaceKink& kink) { return kink.mutual_energy_eV; });
  if (worst->mutual_energy_eV > -1e-6) return "no reaction";
  return products_text(system, worst->products, each.contact.open ? ion : std::string_view());
}

void add_contacts(Draft& draft, const ChemicalSystem& system, const std::vector<Asked>& asked,
                  const std::string& source) {
  report::Table table{
      "computed_contacts",
      "Contacts of " + draft.electrolyte.name,
      {{"role", "role"},
       {"partner", "partner"},
       {"potential", "open to " + draft.ion + " at"},
       {"energy_eV_per_atom", "reaction energy (eV/atom)"},
       {"class", "class"},
       {"reactive_percent", "reactive (%)"},
       {"products", "products"}},
      {},
      "Mutual reaction energy per atom (open: per atom other than " + draft.ion +
          ", and the electrolyte's own decomposition where that is worse). Reactive: below −0.05 eV/atom "
          "in so many of " +
          std::to_string(contact_draws) + " draws of all energies."};
  std::vector<Contact> contacts;
  for (const Asked& each : asked) contacts.push_back(each.contact);
  const std::vector<JudgedSpread> spreads = judged_spread(system, contacts, draft.errors, contact_draws, 1);
  struct Worst {
    std::string role, label;
    double energy = 1.0, reactive = 0.0;
  };
  std::vector<Worst> worst;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const Asked& each = asked[i];
    const stability::InterfaceReaction reaction =
        stability::interface_reaction(system, each.contact.a, each.contact.b, each.contact.open);
    stability::InterfaceEnergies energies{reaction.no_mixing_A_eV, reaction.no_mixing_B_eV, reaction.mixing_eV,
                                          reaction.mixing_fraction, reaction.mutual_eV};
    const double energy = judged_energy(energies, each.contact.open.has_value());
    report::Value value;
    value.value = energy > -5e-4 ? 0.0 : energy;
    value.uncertainty =
        spreads[i].standard_deviation > 5e-4 ? std::optional(spreads[i].standard_deviation) : std::nullopt;
    value.unit = "eV/atom";
    value.kind = "computed";
    value.source = source;
    value.significant = 2;
    table.rows.push_back({each.role, each.label, each.potential ? volts(*each.potential) : std::string("closed"), value,
                          std::string(to_string(stability::reactivity(energy))),
                          base::format_number(100.0 * spreads[i].reactive, 3),
                          worst_products(system, each, reaction, draft.ion)});
    auto same = std::ranges::find(worst, each.role, &Worst::role);
    if (same == worst.end()) same = worst.insert(worst.end(), {each.role, {}, 1.0, 0.0});
    if (spreads[i].reactive > same->reactive || (spreads[i].reactive == same->reactive && energy < same->energy))
      *same = {each.role, each.label + (each.potential ? " at " + volts(*each.potential) : ""), energy,
               spreads[i].reactive};
  }
  draft.section.blocks.emplace_back(std::move(table));
  for (const Worst& each : worst) {
    if (each.role == "carbon" || each.role == "filler") continue;
    report::Verdict verdict;
    verdict.criterion = each.role + ", by energies";
    verdict.target = "no reaction below −0.05 eV/atom";
    verdict.finding = each.label + ": " + base::format_number(each.energy > -5e-4 ? 0.0 : each.energy, 2) + " eV/atom";
    verdict.source = source;
    verdict.probability = 1.0 - each.reactive;
    if (*verdict.probability >= decision_probability) {
      verdict.outcome = Outcome::pass;
      verdict.reason = "no driving force worth the name in the worst state";
    } else if (*verdict.probability <= 1.0 - decision_probability) {
      verdict.outcome = Outcome::fail;
      verdict.reason = "the contact is driven to react in its worst state; whether it does is a matter of kinetics";
    } else {
      verdict.reason = "the reaction energy cannot be told from the boundary within its uncertainty";
    }
    draft.evaluation.report.verdicts.push_back(std::move(verdict));
  }
}

std::string why_they_differ(bool has_gibbs) {
  std::string text =
      "The static window takes no vibrations and no gas entropy into account and is the one to compare with published "
      "computations. ";
  if (has_gibbs)
    text +=
        "The Gibbs window uses tabulated free energies at the working temperature: where hydrogen is set free it "
        "closes "
        "earlier, because the gas gains entropy. ";
  text +=
      "The constrained window lets no new boron–hydrogen species form; it is an upper end that kinetics may reach. "
      "Voltammetry sees a current, not an equilibrium: on a flat inert electrode it finds wider windows than energies "
      "allow, with carbon mixed in it comes closer. Agreement of a static limit with a measured one is partly a "
      "cancellation of errors.";
  return text;
}

void add_gibbs_row(Draft& draft, const Context& context) {
  EnergyRequest request;
  request.set = "gibbs";
  request.conditions.temperature = draft.evaluation.working_temperature;
  const std::vector<std::string> elements = elements_with({&draft.electrolyte.formula, 1}, draft.ion);
  const EnergyBasis basis = load_energies(request, context, elements);
  if (basis.set.find(draft.electrolyte.formula) == nullptr) return;
  const ChemicalSystem system(basis.set, elements, request.system);
  Row row{"Gibbs, " + celsius(request.conditions.temperature),
          stability::equilibrium_window(system, draft.electrolyte.formula, draft.ion, {0.0, highest_V, {}}),
          0.0,
          0.0,
          basis.citation,
          {}};
  if (basis.set.at(draft.electrolyte.formula).is_estimate) row.label += " (estimate)";
  add_row(draft, system, with_uncertainty(system, draft, std::move(row)));
}

void add_constrained_row(Draft& draft, const EnergyBasis& basis, const EnergyRequest& request,
                         const std::vector<std::string>& elements) {
  EnergyRequest without = request;
  const ChemicalSystem all(basis.set, elements, request.system);
  without.system.exclude = stability::boron_hydrogen_phases(all, draft.electrolyte.formula);
  if (without.system.exclude.empty()) return;
  const ChemicalSystem system(basis.set, elements, without.system);
  Row row{"constrained (no new B–H species)",
          stability::constrained_window(system, draft.electrolyte.formula, draft.ion, 0.0, {0.0, highest_V, {}}),
          0.0,
          0.0,
          basis.citation,
          {}};
  if (row.window.exists) add_row(draft, system, row);
}

/// The contacts, as far as the set knows the elements of the neighbours.
void add_neighbours(Draft& draft, const std::vector<Neighbour>& neighbours, const EnergyBasis& basis,
                    const EnergyRequest& request) {
  const std::vector<std::string> elements = elements_of(draft.electrolyte, neighbours, draft.ion);
  try {
    const ChemicalSystem system(basis.set, elements, request.system);
    add_contacts(draft, system, contacts_of(draft, neighbours, basis.set), basis.citation);
  } catch (const base::InputError& error) {
    draft.section.blocks.emplace_back(report::Paragraph{"Contacts are not computed: " + error.problem()});
  }
}

}  // namespace

void add_energies(Evaluation& evaluation, const Context& context) {
  const std::optional<NamedFormula> electrolyte = formula_of(evaluation, evaluation.system.electrolyte.material);
  if (!electrolyte) return;
  const std::string& ion = evaluation.system.mobile_ion;
  Draft draft{evaluation, *electrolyte, ion, error_model_of({})};
  const std::vector<Neighbour> neighbours = neighbours_of(evaluation);
  const EnergyRequest request;
  const std::vector<std::string> elements = elements_of(*electrolyte, neighbours, ion);
  const EnergyBasis basis = load_energies(request, context, elements);
  if (basis.set.find(electrolyte->formula) == nullptr) {
    draft.section.blocks.emplace_back(report::Paragraph{
        "The set of energies holds no " + electrolyte->name +
        ": its window and its contacts cannot be computed. `closo library import --energies` takes other sets."});
    evaluation.report.sections.push_back(std::move(draft.section));
    return;
  }
  const std::vector<std::string> own_elements = elements_with({&electrolyte->formula, 1}, ion);
  const ChemicalSystem own(basis.set, own_elements, request.system);
  Row row = with_uncertainty(own, draft,
                             {"static",
                              stability::equilibrium_window(own, electrolyte->formula, ion, {0.0, highest_V, {}}),
                              0.0,
                              0.0,
                              basis.citation,
                              {}});
  if (basis.set.at(electrolyte->formula).is_estimate) row.label += " (estimate)";
  add_row(draft, own, row);
  const std::size_t before = draft.windows.rows.size();
  add_gibbs_row(draft, context);
  const bool has_gibbs = draft.windows.rows.size() > before;
  add_constrained_row(draft, basis, request, own_elements);
  add_measured(draft, find_limits(evaluation));
  add_window_verdict(draft, row,
                     stability::window_distribution(own, electrolyte->formula, ion, draft.errors, window_draws,
                                                    context.seed, {0.0, highest_V, {}}));
  draft.section.blocks.emplace_back(std::move(draft.windows));
  draft.section.blocks.emplace_back(window_figure("Windows of " + with_subscripts(electrolyte->name), draft.bars, ion));
  draft.section.blocks.emplace_back(report::Paragraph{why_they_differ(has_gibbs)});
  add_neighbours(draft, neighbours, basis, request);
  std::string notes;
  for (const std::string& note : basis.notes) notes += (notes.empty() ? "Of the set: " : "; ") + note;
  if (!notes.empty()) draft.section.blocks.emplace_back(report::Paragraph{notes + "."});
  evaluation.report.sections.push_back(std::move(draft.section));
}

}  // namespace closo::tasks::detail
