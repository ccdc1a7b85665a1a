#include "closo/stability/window.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/stability/detail/open_program.hpp"

namespace closo::stability {
namespace {

constexpr double on_hull_eV_per_atom = 1e-7;

/// What both kinds of window share: the compound in its system, open to the mobile element and the reservoirs.
class WindowSetting {
 public:
  WindowSetting(const ChemicalSystem& system, const base::Formula& compound, std::string_view mobile,
                const ProfileOptions& options)
      : system_(system),
        compound_(compound),
        mobile_(mobile),
        options_(options),
        profile_(voltage_profile(system, compound, mobile, options)),
        program_(system, compound, mobile, options.reservoirs),
        phase_(system.find(compound)) {}

  const VoltageProfile& profile() const noexcept { return profile_; }
  std::optional<std::size_t> phase() const noexcept { return phase_; }
  double formula_units() const { return compound_.atoms() / system_.atoms(*phase_); }

  /// Energy less what the reservoirs (not the mobile element) give and take.
  double energy_eV(std::span<const PhaseAmount> phases) const {
    double sum = 0.0;
    for (const PhaseAmount& part : phases) {
      double per_atom = system_.energy_eV_per_atom(part.phase) + program_.exchange_eV_per_atom(part.phase);
      const detail::OpenProgram::OpenElement& mobile = program_.open().front();
      per_atom += mobile.potential_eV * fraction(part.phase, mobile.element);
      sum += part.amount * system_.atoms(part.phase) * per_atom;
    }
    return sum;
  }

  /// The best assemblage with the compound's own content of the mobile element.
  std::vector<PhaseAmount> own_assemblage() const {
    return open_equilibrium(system_, compound_, options_.reservoirs).products;
  }

  /// A limit at which `inside` turns into the assemblage of a step. Sensitivities are left out where the limit is no
  /// phase equilibrium but the end of the range.
  WindowLimit limit(double potential_V, std::span<const PhaseAmount> inside, const ProfileStep& step,
                    bool is_equilibrium = true) const {
    WindowLimit result;
    result.potential_V = potential_V;
    result.products = step.products;
    result.exchanged = step.uptake;
    result.reaction = reaction(step);
    if (is_equilibrium) result.sensitivities = sensitivities(inside, step);
    return result;
  }

  WindowLimit open_limit(double potential_V) const {
    WindowLimit result;
    result.potential_V = potential_V;
    result.is_open = true;
    return result;
  }

 private:
  double fraction(std::size_t phase, std::size_t element) const {
    return system_.fractions()[phase * system_.elements().size() + element];
  }
  double content(std::span<const PhaseAmount> phases, std::size_t element) const {
    double sum = 0.0;
    for (const PhaseAmount& part : phases)
      sum += part.amount * system_.atoms(part.phase) * fraction(part.phase, element);
    return sum;
  }

  Reaction reaction(const ProfileStep& step) const {
    std::vector<ReactionTerm> terms{{compound_.text(), compound_, -1.0}};
    for (const PhaseAmount& part : step.products) {
      const Entry& entry = system_.entry(part.phase);
      terms.push_back({entry.name, entry.formula, part.amount});
    }
    for (const detail::OpenProgram::OpenElement& open : program_.open()) {
      const Entry& element = system_.entry(open.reference);
      const double released = open.amount - content(step.products, open.element);
      terms.push_back({element.name, element.formula, released / element.formula.atoms()});
    }
    return make_reaction(terms);
  }

  /// z Δn V = E(inside) + Σ Δn_e E_e − E(beyond): the sensitivities are the coefficients of the exchange reaction.
  std::vector<WindowLimit::Sensitivity> sensitivities(std::span<const PhaseAmount> inside,
                                                      const ProfileStep& step) const {
    std::map<std::size_t, double> coefficients;
    for (const PhaseAmount& part : inside) coefficients[part.phase] += part.amount;
    for (const PhaseAmount& part : step.products) coefficients[part.phase] -= part.amount;
    const std::size_t mobile = program_.open().front().element;
    const double exchanged = content(step.products, mobile) - content(inside, mobile);
    for (const detail::OpenProgram::OpenElement& open : program_.open()) {
      const double taken = content(step.products, open.element) - content(inside, open.element);
      coefficients[open.reference] += taken / system_.atoms(open.reference);
    }
    double largest = 0.0;
    for (const auto& [phase, coefficient] : coefficients) largest = std::max(largest, std::abs(coefficient));
    std::vector<WindowLimit::Sensitivity> result;
    for (const auto& [phase, coefficient] : coefficients) {
      if (std::abs(coefficient) <= 1e-9 * largest) continue;
      result.push_back({phase, coefficient / (profile_.charge * exchanged)});
    }
    return result;
  }

  const ChemicalSystem& system_;
  const base::Formula& compound_;
  std::string_view mobile_;
  const ProfileOptions& options_;
  VoltageProfile profile_;
  detail::OpenProgram program_;
  std::optional<std::size_t> phase_;
};

}  // namespace

Window equilibrium_window(const ChemicalSystem& system, const base::Formula& compound, std::string_view mobile,
                          const ProfileOptions& options) {
  const WindowSetting setting(system, compound, mobile, options);
  const std::vector<ProfileStep>& steps = setting.profile().steps;
  Window window;
  window.mobile = mobile;
  window.charge = setting.profile().charge;
  window.compound_is_in_set = setting.phase().has_value();

  const auto first_inside =
      std::find_if(steps.begin(), steps.end(), [](const ProfileStep& s) { return s.uptake <= 0.0; });
  const auto first_beyond =
      std::find_if(first_inside, steps.end(), [](const ProfileStep& s) { return s.uptake < 0.0; });
  window.equilibrium = first_inside != first_beyond ? first_inside->products : setting.own_assemblage();
  if (setting.phase()) {
    const std::vector<PhaseAmount> itself{{*setting.phase(), setting.formula_units()}};
    const double above = (setting.energy_eV(itself) - setting.energy_eV(window.equilibrium)) / compound.atoms();
    if (above <= on_hull_eV_per_atom) {
      window.equilibrium = itself;
    } else {
      window.above_hull_eV_per_atom = above;
    }
  }

  if (first_inside == steps.begin()) {
    window.reduction = setting.open_limit(options.lowest_V);
  } else {
    const ProfileStep& below = *(first_inside - 1);
    window.reduction = setting.limit(below.high_V, window.equilibrium, below, first_inside != steps.end());
  }
  if (first_beyond == steps.end()) {
    window.oxidation = setting.open_limit(options.highest_V);
  } else {
    window.oxidation =
        setting.limit(first_beyond->low_V, window.equilibrium, *first_beyond, first_beyond != steps.begin());
  }
  return window;
}

Window constrained_window(const ChemicalSystem& system, const base::Formula& compound, std::string_view mobile,
                          double tolerance_eV_per_atom, const ProfileOptions& options) {
  if (!(tolerance_eV_per_atom >= 0.0) || !std::isfinite(tolerance_eV_per_atom)) {
    throw base::ParameterError("tolerance", base::format_number(tolerance_eV_per_atom) + " eV/atom", "0 or more");
  }
  const WindowSetting setting(system, compound, mobile, options);
  if (!setting.phase()) {
    throw base::InputError({}, "the system of the set '" + system.label() + "' has no " + compound.text(),
                           "a compound that is a phase of the system and not left out of it");
  }
  const std::vector<ProfileStep>& steps = setting.profile().steps;
  const int charge = setting.profile().charge;
  const std::vector<PhaseAmount> itself{{*setting.phase(), setting.formula_units()}};
  Window window;
  window.mobile = mobile;
  window.charge = charge;
  window.equilibrium = itself;

  const double own_energy = setting.energy_eV(itself);
  const double above = (own_energy - setting.energy_eV(setting.own_assemblage())) / compound.atoms();
  if (above > on_hull_eV_per_atom) window.above_hull_eV_per_atom = above;

  // The driving force, compound against assemblage, is convex in V with slope −z uptake: it leaves the tolerance once
  // on each side. Within a step it is E − E(assemblage) − z V uptake.
  const double allowed = (tolerance_eV_per_atom + on_hull_eV_per_atom) * compound.atoms();
  const auto force = [&](const ProfileStep& step, double potential_V) {
    return own_energy - setting.energy_eV(step.products) - charge * potential_V * step.uptake;
  };
  const auto first_inside = std::find_if(steps.begin(), steps.end(), [&](const ProfileStep& step) {
    return std::min(force(step, step.low_V), force(step, step.high_V)) <= allowed;
  });
  if (first_inside == steps.end()) {
    window.exists = false;
    const auto turn = std::find_if(steps.begin(), steps.end(), [](const ProfileStep& s) { return s.uptake <= 0.0; });
    window.reduction.potential_V = turn == steps.end() ? options.highest_V : turn->low_V;
    window.oxidation.potential_V = window.reduction.potential_V;
    return window;
  }
  // Where the force crosses the tolerance; within rounding of a breakpoint, the breakpoint.
  const auto crossing = [&](const ProfileStep& step) {
    const double force_at_0_V = own_energy - setting.energy_eV(step.products);
    const double crossed = (force_at_0_V - tolerance_eV_per_atom * compound.atoms()) / (charge * step.uptake);
    return std::clamp(crossed, step.low_V, step.high_V);
  };
  if (force(*first_inside, first_inside->low_V) > allowed) {
    window.reduction = setting.limit(crossing(*first_inside), itself, *first_inside);
  } else if (first_inside == steps.begin()) {
    window.reduction = setting.open_limit(options.lowest_V);
  } else {
    window.reduction = setting.limit(first_inside->low_V, itself, *(first_inside - 1));
  }
  const auto leaving = std::find_if(first_inside, steps.end(),
                                    [&](const ProfileStep& step) { return force(step, step.high_V) > allowed; });
  if (leaving == steps.end()) {
    window.oxidation = setting.open_limit(options.highest_V);
  } else {
    window.oxidation = setting.limit(crossing(*leaving), itself, *leaving);
  }
  return window;
}

std::vector<std::string> boron_hydrogen_phases(const ChemicalSystem& system, const base::Formula& compound) {
  const base::Formula own = compound.reduced();
  std::vector<std::string> names;
  for (std::size_t phase = 0; phase < system.size(); ++phase) {
    const base::Formula& formula = system.entry(phase).formula;
    if (formula.amount("B") <= 0.0 || formula.amount("H") <= 0.0 || formula.reduced() == own) continue;
    const std::string name = formula.text();
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

}  // namespace closo::stability
