#include "closo/stability/compatibility.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <exception>
#include <thread>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::stability {
namespace {

/// A partner with the potential of its open energies, or the reason why it has none.
struct PreparedPartner {
  const Partner* given = nullptr;
  std::optional<double> potential_V;
  std::string problem;
};

PreparedPartner prepare(const EntrySet& set, const Partner& partner, std::string_view mobile,
                        const SystemOptions& options) {
  PreparedPartner out{&partner, partner.potential_V, {}};
  if (out.potential_V) return out;
  if (partner.role == Partner::Role::anode) {
    out.potential_V = 0.0;
  } else if (partner.charged) {
    try {
      const std::vector<base::Formula> states{partner.discharged, *partner.charged};
      out.potential_V = average_voltage(ChemicalSystem(set, elements_of(states), options), partner.discharged,
                                        *partner.charged, mobile);
    } catch (const base::Error& error) {
      out.problem = std::string("no potential: ") + error.what();
    }
  } else if (partner.role == Partner::Role::cathode) {
    out.problem = "no potential: " + partner.name + " has neither a charged state nor a given potential";
  }
  return out;
}

void add_problem(std::string& problem, const std::string& text) {
  if (problem.find(text) != std::string::npos) return;
  if (!problem.empty()) problem += "; ";
  problem += text;
}

bool is_alone(const base::Formula& formula, std::string_view element) {
  return formula.terms().size() == 1 && formula.terms().front().element->symbol == element;
}

/// Open to the mobile element, which the partner may be itself.
InterfaceEnergies open_energies(const ChemicalSystem& system, const InterfaceMaterial& electrolyte,
                                const InterfaceMaterial& partner, const Reservoir& open) {
  if (!is_alone(partner.formula, open.element)) return interface_energies(system, electrolyte, partner, open);
  // In contact with the reservoir itself every mixture has the counted atoms of the electrolyte only.
  InterfaceEnergies out = interface_energies(system, electrolyte, electrolyte, open);
  out.no_mixing_B_eV = 0.0;
  out.mixing_fraction = 1.0;
  return out;
}

void compute(const EntrySet& set, const base::Formula& electrolyte, const PreparedPartner& partner,
             std::string_view mobile, const SystemOptions& options, PairResult& out) {
  const Partner& given = *partner.given;
  std::vector<base::Formula> formulas{electrolyte, given.discharged};
  if (given.charged) formulas.push_back(*given.charged);
  std::vector<std::string> elements = elements_of(formulas);
  if (partner.potential_V && std::find(elements.begin(), elements.end(), mobile) == elements.end()) {
    elements.emplace_back(mobile);
  }
  const ChemicalSystem system(set, std::move(elements), options);
  out.electrolyte_is_assumed_on_hull = !system.find(electrolyte);
  out.partner_is_assumed_on_hull = !system.find(given.discharged) || (given.charged && !system.find(*given.charged));

  const InterfaceMaterial a{electrolyte};
  const auto fill = [&](std::optional<InterfaceEnergies>& place, const auto& energies) {
    try {
      place = energies();
    } catch (const base::Error& error) {
      add_problem(out.problem, error.what());
    }
  };
  fill(out.closed_discharged, [&] { return interface_energies(system, a, {given.discharged}); });
  if (given.charged) fill(out.closed_charged, [&] { return interface_energies(system, a, {*given.charged}); });
  if (!partner.potential_V) return;
  const Reservoir open{std::string(mobile), -*partner.potential_V * ion_charge(mobile)};
  fill(out.open_discharged, [&] { return open_energies(system, a, {given.discharged}, open); });
  if (given.charged) fill(out.open_charged, [&] { return open_energies(system, a, {*given.charged}, open); });
}

void check_material(const base::Formula& formula, const std::string& whose) {
  if (formula.terms().empty()) throw base::InputError({}, whose + " has no formula", "a formula such as LiCoO2");
  if (formula.charge() != 0) {
    throw base::InputError({}, whose + ", '" + formula.text() + "', carries a charge",
                           "a neutral formula such as LiCoO2");
  }
}

}  // namespace

std::vector<PairResult> compatibility_matrix(const EntrySet& set, std::span<const base::Formula> electrolytes,
                                             std::span<const Partner> partners, std::string_view mobile,
                                             const SystemOptions& options,
                                             const std::function<bool(std::size_t, std::size_t)>& progress) {
  ion_charge(mobile);
  for (const base::Formula& electrolyte : electrolytes) check_material(electrolyte, "an electrolyte");
  for (const Partner& partner : partners) {
    check_material(partner.discharged, "the partner " + partner.name);
    if (partner.charged) check_material(*partner.charged, "the charged state of " + partner.name);
    if (partner.potential_V && !std::isfinite(*partner.potential_V)) {
      throw base::ParameterError("potential_V of " + partner.name, base::format_number(*partner.potential_V),
                                 "a finite potential in V");
    }
  }

  std::vector<PreparedPartner> prepared;
  std::vector<PairResult> out;
  for (const Partner& partner : partners) prepared.push_back(prepare(set, partner, mobile, options));
  for (const base::Formula& electrolyte : electrolytes) {
    for (const PreparedPartner& partner : prepared) {
      PairResult pair;
      pair.electrolyte = electrolyte.text();
      pair.partner = partner.given->name;
      pair.role = partner.given->role;
      pair.potential_V = partner.potential_V;
      pair.problem = "stopped";
      out.push_back(std::move(pair));
    }
  }

  std::atomic<std::size_t> next{0}, done{0};
  const auto work_on_one = [&] {
    const std::size_t i = next++;
    if (i >= out.size()) return false;
    const PreparedPartner& partner = prepared[i % prepared.size()];
    out[i].problem = partner.problem;
    try {
      compute(set, electrolytes[i / prepared.size()], partner, mobile, options, out[i]);
    } catch (const std::exception& error) {
      add_problem(out[i].problem, error.what());
    }
    ++done;
    return true;
  };
  std::vector<std::jthread> helpers;
  const std::size_t threads = std::min<std::size_t>(std::max(1U, std::thread::hardware_concurrency()), out.size());
  for (std::size_t t = 1; t < threads; ++t) {
    helpers.emplace_back([&] {
      while (work_on_one()) {
      }
    });
  }
  try {
    while (work_on_one()) {
      if (progress && done < out.size() && !progress(done, out.size())) next = out.size();
    }
  } catch (...) {  // of the callback: the helpers are joined before what they use goes away
    next = out.size();
    throw;
  }
  helpers.clear();
  if (progress && done == out.size()) progress(done, out.size());
  return out;
}

Reactivity reactivity(double energy_eV_per_atom) {
  if (energy_eV_per_atom > -0.01) return Reactivity::stable;
  if (energy_eV_per_atom > -0.05) return Reactivity::slight;
  if (energy_eV_per_atom > -0.2) return Reactivity::reactive;
  return Reactivity::strong;
}

std::string_view to_string(Reactivity reactivity) {
  switch (reactivity) {
    case Reactivity::stable:
      return "stable";
    case Reactivity::slight:
      return "slight";
    case Reactivity::reactive:
      return "reactive";
    case Reactivity::strong:
      return "strong";
  }
  throw base::InternalError("unknown reactivity");
}

}  // namespace closo::stability
