#include "closo/tasks/stability_interface.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/stability/interface.hpp"
#include "closo/tasks/detail/contact_tables.hpp"
#include "closo/tasks/library_access.hpp"
#include "closo/tasks/stability_contact.hpp"
#include "closo/tasks/stability_figures.hpp"

namespace closo::tasks {
namespace {

using base::Formula;
using base::ParameterError;
using detail::ContactGroup;
using detail::ContactResult;
using detail::energy_value;
using stability::ChemicalSystem;

constexpr std::size_t voltage_points = 51, voltage_rows = 11;

constexpr std::array options = with_energy_options(std::to_array<Option>({
    {"electrolyte", OptionType::text, "", "", "", "the electrolyte: a name of the library or a formula", true, true},
    {"partner", OptionType::text, "", "", "", "what it touches: electrode, coating, filler, carbon", true, true},
    {"ion", OptionType::text, "", "", "", "mobile element; else from the materials"},
    {"at", OptionType::quantity, "V", "", "", "potential of the partner; else the electrode's mean potential"},
    {"charged", OptionType::text, "", "", "", "formula of the charged partner; else without its mobile ions"},
    {"from", OptionType::quantity, "V", "", "", "energies over a range of potential, from here"},
    {"to", OptionType::quantity, "V", "", "above --from", "to here"},
    {"coating", OptionType::text, "", "", "", "a layer between both: its two contacts beside the bare one", false,
     false, true},
    {"uncertainty", OptionType::text, "", "", "", "own error of every energy, '24 meV/atom'"},
    {"draws", OptionType::integer, "", "200", "0, or at least 10", "Monte Carlo draws of all energies; 0: none"},
}));

struct Pair {
  NamedFormula a, b;
  std::vector<NamedFormula> coatings;
  std::string mobile;  ///< empty: closed only
  std::optional<ElectrodeStates> states;
  std::optional<double> potential_V;
  std::string potential_source;
};

bool has_role(const NamedFormula& material, std::string_view role) {
  return material.material != nullptr && material.material->has_role(role);
}

/// The ion of the electrolyte, else of the partner; none where neither decides and no potential is asked for.
std::string mobile_of(const StabilityInterfaceRequest& request, const Pair& pair) {
  if (!request.ion.empty()) return mobile_ion_of(request.ion, pair.a);
  try {
    return mobile_ion_of("", pair.a);
  } catch (const ParameterError&) {
    try {
      return mobile_ion_of("", pair.b);
    } catch (const ParameterError&) {
      if (request.potential_V || request.low_V || !request.charged.empty()) throw;
      return {};
    }
  }
}

void check(const StabilityInterfaceRequest& request) {
  if (request.low_V.has_value() != request.high_V.has_value()) {
    throw ParameterError(request.low_V ? "to" : "from", "missing", "both ends of the range of potential");
  }
  if (request.low_V && !(*request.low_V < *request.high_V)) {
    throw ParameterError("to", base::format_number(*request.high_V) + " V", "a potential above --from");
  }
  if (request.draws > 0 && request.draws < 10) {
    throw ParameterError("draws", std::to_string(request.draws), "0, or at least 10");
  }
}

Formula charged_formula(const StabilityInterfaceRequest& request, const Pair& pair) {
  Formula formula;
  try {
    formula = Formula::parse(request.charged);
  } catch (const base::InputError& error) {
    throw ParameterError("charged", "'" + request.charged + "'", error.problem() + "; accepted: " + error.expected());
  }
  for (const base::ElementAmount& term : formula.terms()) {
    if (term.element->symbol == pair.mobile || pair.b.formula.amount(term.element->symbol) > 0.0) continue;
    throw ParameterError("charged", "'" + request.charged + "'",
                         "the partner " + pair.b.name + " with more or less " + pair.mobile + ", nothing else");
  }
  return formula;
}

void find_states(Pair& pair, const StabilityInterfaceRequest& request, const library::Library& library,
                 const stability::EntrySet& set) {
  if (pair.mobile.empty()) return;
  pair.states = electrode_states(library, pair.b, pair.mobile, set);
  if (!request.charged.empty()) {
    if (!pair.states) pair.states.emplace();
    pair.states->discharged = pair.b.formula;
    pair.states->charged = charged_formula(request, pair);
    pair.states->states_source = "option charged";
    pair.states->notes.clear();
    if (!pair.states->potential_source.starts_with("library")) {
      pair.states->potential_V = potential_from_set(set, pair.b.formula, *pair.states->charged, pair.mobile);
      pair.states->potential_source = "set '" + set.label() + "'";
    }
  }
  if (request.potential_V) {
    pair.potential_V = request.potential_V;
    pair.potential_source = "option at";
  } else if (pair.states && pair.states->potential_V) {
    pair.potential_V = pair.states->potential_V;
    pair.potential_source = pair.states->potential_source;
  }
}

std::string volts(double potential) { return base::format_number(std::round(potential * 1000.0) / 1000.0, 4) + " V"; }

ContactGroup group_of(const stability::EntrySet& set, std::span<const Formula> materials, const Pair& pair,
                      const StabilityInterfaceRequest& request) {
  return {ChemicalSystem(set, elements_with(materials, pair.mobile), request.energies.system), {}};
}

void add_contact(ContactGroup& group, const NamedFormula& a, const NamedFormula& b,
                 const std::optional<stability::Reservoir>& open, const std::string& condition, bool is_coating) {
  ContactResult result{a.name, b.name, condition, is_coating, {{a.formula}, {b.formula}, open}, {}, {}};
  result.reaction = stability::interface_reaction(group.system, result.contact.a, result.contact.b, open);
  group.contacts.push_back(std::move(result));
}

NamedFormula state_name(const Formula& state, const NamedFormula& partner) {
  return {state == partner.formula ? partner.name : state.text(), state, partner.material};
}

/// A and the partner in its states, closed, then open at the potential (where both states are one).
void add_partner_contacts(ContactGroup& group, const NamedFormula& a, const Pair& pair, bool is_coating) {
  const NamedFormula discharged = state_name(pair.states ? pair.states->discharged : pair.b.formula, pair.b);
  add_contact(group, a, discharged, {}, "closed", is_coating);
  if (pair.states && pair.states->charged) {
    add_contact(group, a, state_name(*pair.states->charged, pair.b), {}, "closed", is_coating);
  }
  if (!pair.potential_V) return;
  const bool is_metal = discharged.formula.terms().size() == 1 && discharged.formula.amount(pair.mobile) > 0.0;
  const auto open = reservoir_at(pair.mobile, *pair.potential_V);
  const std::string condition = "open at " + volts(*pair.potential_V);
  if (!is_metal) {
    add_contact(group, a, discharged, open, condition, is_coating);
  } else {
    // The metal is the reservoir itself: what is left is the electrolyte alone at its potential.
    add_contact(group, a, {pair.b.name, a.formula, nullptr}, open, condition, is_coating);
  }
}

std::vector<ContactGroup> contact_groups(const stability::EntrySet& set, const Pair& pair,
                                         const StabilityInterfaceRequest& request) {
  const auto partner_states = [&](const Formula& other) {
    std::vector<Formula> materials{other, pair.b.formula};
    if (pair.states) materials.push_back(pair.states->discharged);
    if (pair.states && pair.states->charged) materials.push_back(*pair.states->charged);
    return materials;
  };
  std::vector<ContactGroup> groups;
  groups.push_back(group_of(set, partner_states(pair.a.formula), pair, request));
  add_partner_contacts(groups.back(), pair.a, pair, false);
  for (const NamedFormula& coating : pair.coatings) {
    const std::array<Formula, 2> inner{pair.a.formula, coating.formula};
    groups.push_back(group_of(set, inner, pair, request));
    add_contact(groups.back(), pair.a, coating, {}, "closed", true);
    if (pair.potential_V) {
      add_contact(groups.back(), pair.a, coating, reservoir_at(pair.mobile, *pair.potential_V),
                  "open at " + volts(*pair.potential_V), true);
    }
    groups.push_back(group_of(set, partner_states(coating.formula), pair, request));
    add_partner_contacts(groups.back(), coating, pair, true);
  }
  return groups;
}

void add_spreads(ContactGroup& group, const stability::ErrorModel& errors, std::size_t draws, std::uint64_t seed) {
  std::vector<Contact> contacts;
  for (const ContactResult& result : group.contacts) contacts.push_back(result.contact);
  const std::vector<JudgedSpread> spreads = judged_spread(group.system, contacts, errors, draws, seed);
  for (std::size_t i = 0; i < spreads.size(); ++i) group.contacts[i].spread = spreads[i];
}

report::Section range_section(const ContactGroup& group, const Pair& pair, const StabilityInterfaceRequest& request) {
  const stability::InterfaceMaterial a{pair.a.formula};
  const stability::InterfaceMaterial b{pair.states ? pair.states->discharged : pair.b.formula};
  const auto points = stability::interface_over_voltage(group.system, a, b, pair.mobile, *request.low_V,
                                                        *request.high_V, voltage_points);
  report::Table table{"over_potential",
                      "Over potential",
                      {{"potential_V", "E (V)"},
                       {"no_mixing_A_eV_per_atom", "A alone (eV)"},
                       {"no_mixing_B_eV_per_atom", "B alone (eV)"},
                       {"mixing_eV_per_atom", "mixing (eV)"},
                       {"mutual_eV_per_atom", "mutual (eV)"},
                       {"reactivity", "class"}},
                      {},
                      "eV per atom other than " + pair.mobile + "; the figure has every " +
                          base::format_number((*request.high_V - *request.low_V) / (voltage_points - 1), 3) + " V"};
  for (std::size_t i = 0; i < points.size(); i += (voltage_points - 1) / (voltage_rows - 1)) {
    const stability::InterfaceEnergies& energies = points[i].energies;
    report::Value potential{.value = std::round(points[i].potential_V * 1e4) / 1e4, .unit = "V"};
    const double judged = judged_energy(energies, true);
    table.rows.push_back({std::move(potential), energy_value(energies.no_mixing_A_eV, "A alone"),
                          energy_value(energies.no_mixing_B_eV, "B alone"), energy_value(energies.mixing_eV, "lowest"),
                          energy_value(energies.mutual_eV, "without what A and B do alone"),
                          std::string(stability::to_string(stability::reactivity(judged)))});
  }
  return {"range",
          "Range of potential",
          {std::move(table), interface_voltage_figure(points, pair.a.name, pair.b.name, pair.mobile)},
          false};
}

report::Section pair_section(const Pair& pair) {
  report::KeyValues items{"pair", {}};
  items.items.emplace_back("mobile ion", pair.mobile.empty() ? "none: closed only" : pair.mobile);
  if (pair.states) {
    items.items.emplace_back("discharged partner", pair.states->discharged.text());
    if (pair.states->charged) {
      items.items.emplace_back("charged partner",
                               pair.states->charged->text() + " (" + pair.states->states_source + ")");
    }
  }
  if (pair.potential_V) {
    report::Value potential{
        .value = std::round(*pair.potential_V * 1e4) / 1e4, .unit = "V", .note = pair.potential_source};
    if (pair.potential_source.starts_with("set")) potential.kind = "computed";
    items.items.emplace_back("potential of the partner", std::move(potential));
  } else if (!pair.mobile.empty()) {
    items.items.emplace_back("potential of the partner",
                             "none: not an electrode with two known states; closed only (--at gives one)");
  }
  return {"pair", "Pair", {std::move(items)}, false};
}

report::Section method_section() {
  return {
      "method",
      "Method",
      {report::Paragraph{
           "Driving force of x A + (1 − x) B towards equilibrium, convex and piecewise linear in x; "
           "all kinks are exact. Open: the mobile element is exchanged with a reservoir at the "
           "electrode's potential, so a discharged and a charged electrode are the same there. Richards et al. 2016, "
           "DOI 10.1021/acs.chemmater.5b04082; Zhu et al. 2016, DOI 10.1039/C5TA08574H."},
       report::Paragraph{
           "Judged: the mutual energy; open, the lower of it and A's own decomposition. Classes: "
           "stable above −0.01, slight above −0.05, reactive above −0.2, strong below (eV per atom "
           "counted). Draws move all energies at once; they can only lower a mutual energy of zero, so the "
           "mean of an inert pair lies slightly below zero."}},
      true};
}

void describe_pair(report::Report& report, const std::vector<ContactGroup>& groups, const Pair& pair,
                   const stability::EntrySet& set) {
  std::vector<std::string> absent;
  const auto note = [&](const std::string& name) {
    if (std::ranges::find(absent, name) == absent.end()) absent.push_back(name);
  };
  for (const ContactGroup& group : groups) {
    for (const ContactResult& result : group.contacts) {
      if (result.reaction.A_is_assumed_on_hull) note(result.a);
      if (result.reaction.B_is_assumed_on_hull) note(result.b);
    }
  }
  for (const std::string& name : absent) {
    report.doubts.push_back(name + " is not in the set '" + set.label() +
                            "': it counts as its equilibrium phases, so its own instability is not seen");
  }
  std::vector<NamedFormula> named{pair.a, pair.b};
  named.insert(named.end(), pair.coatings.begin(), pair.coatings.end());
  for (const NamedFormula& material : named) {
    const stability::Entry* entry = set.find(material.formula);
    if (entry != nullptr && entry->is_estimate) {
      report.doubts.push_back("the energy of " + material.name + " is an estimate");
    }
  }
  if (!pair.states) return;
  for (const std::string& text : pair.states->notes) report.warnings.push_back(text);
}

StabilityInterfaceRequest request_of(const Arguments& arguments) {
  StabilityInterfaceRequest request;
  request.electrolyte = std::string(arguments.text("electrolyte"));
  request.partner = std::string(arguments.text("partner"));
  request.ion = std::string(arguments.text("ion"));
  request.charged = std::string(arguments.text("charged"));
  request.coatings = arguments.texts("coating");
  if (const auto potential = arguments.quantity("at", "V")) request.potential_V = potential->value;
  if (const auto low = arguments.quantity("from", "V")) request.low_V = low->value;
  if (const auto high = arguments.quantity("to", "V")) request.high_V = high->value;
  request.energies = energy_request_of(arguments);
  request.uncertainty = std::string(arguments.text("uncertainty"));
  const long draws = *arguments.integer("draws");
  if (draws < 0) throw ParameterError("draws", std::to_string(draws), "0, or at least 10");
  request.draws = static_cast<std::size_t>(draws);
  return request;
}

report::Report run_stability_interface(const Arguments& arguments, const Context& context) {
  return stability_interface(request_of(arguments), context);
}

}  // namespace

report::Report stability_interface(const StabilityInterfaceRequest& request, const Context& context) {
  check(request);
  const stability::ErrorModel errors = error_model_of(request.uncertainty);
  const library::Library library = load_library(context);
  Pair pair;
  pair.a = named_formula(library, "electrolyte", request.electrolyte);
  pair.b = named_formula(library, "partner", request.partner);
  for (const std::string& coating : request.coatings) {
    pair.coatings.push_back(named_formula(library, "coating", coating));
  }
  report::Report report;
  if (has_role(pair.a, "electrode") && !has_role(pair.b, "electrode")) {
    std::swap(pair.a, pair.b);
    report.warnings.push_back(pair.b.name + " is an electrode: it stands second, and " + pair.a.name +
                              " is judged against it");
  }
  pair.mobile = mobile_of(request, pair);

  std::vector<Formula> materials{pair.a.formula, pair.b.formula};
  for (const NamedFormula& coating : pair.coatings) materials.push_back(coating.formula);
  const EnergyBasis basis = load_energies(request.energies, context, elements_with(materials, pair.mobile));
  find_states(pair, request, library, basis.set);
  if (request.low_V && pair.mobile.empty()) {
    throw ParameterError("from", volts(*request.low_V), "a range only with a mobile element: name it with --ion");
  }

  std::vector<ContactGroup> groups = contact_groups(basis.set, pair, request);
  if (request.draws > 0) {
    for (ContactGroup& group : groups) add_spreads(group, errors, request.draws, context.seed);
  }

  report.title = pair.a.name + " | " + pair.b.name;
  report.subtitle = basis.set.label();
  std::vector<std::string> coatings;
  for (const NamedFormula& coating : pair.coatings) coatings.push_back(coating.name);
  report.sections.push_back(detail::judgement_section(groups, coatings, request.draws > 0));
  report.sections.push_back(pair_section(pair));
  report.sections.push_back({"energies", "Energies", {detail::energy_table(groups)}, false});
  if (request.draws > 0) report.sections.back().blocks.emplace_back(detail::spread_table(groups, request.draws));
  report::Section reactions{"reactions", "Reactions of " + report.title, {}, false};
  std::vector<InterfaceCurve> curves;
  for (std::size_t i = 0; i < groups[0].contacts.size(); ++i) {
    const ContactResult& result = groups[0].contacts[i];
    reactions.blocks.emplace_back(detail::kink_table(result, i + 1));
    curves.push_back({result.b + ", " + result.condition, result.reaction});
  }
  reactions.blocks.emplace_back(interface_figure(groups[0].system, curves, pair.a.name, pair.b.name));
  report.sections.push_back(std::move(reactions));
  if (!pair.coatings.empty()) report.sections.push_back(detail::coating_section(groups));
  if (request.low_V) report.sections.push_back(range_section(groups[0], pair, request));
  report.sections.push_back(method_section());
  describe_pair(report, groups, pair, basis.set);
  describe_energies(report, basis, request.energies);
  if (request.draws > 0) {
    report.provenance.emplace_back("draws", std::to_string(request.draws) + ", seed " + std::to_string(context.seed));
  }
  return report;
}

constinit const Task stability_interface_task{
    .name = "stability interface",
    .summary = "Reaction of an electrolyte with an electrode or coating, closed and open, with kinks and products",
    .options = options,
    .run = run_stability_interface,
    .stem = "stability_interface",
};

}  // namespace closo::tasks
