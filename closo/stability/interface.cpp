#include "closo/stability/interface.hpp"

#include <algorithm>
#include <cmath>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/stability/detail/contact.hpp"

namespace closo::stability {
namespace {

using detail::Contact;
using detail::ContactBody;
using detail::ContactPhases;
using detail::ContactPoint;

constexpr double nothing = 1e-12;
constexpr double same_amount = 1e-6;  // of the atoms of the host

struct Material {
  const InterfaceMaterial* given = nullptr;
  std::vector<double> amounts;  ///< in the order of the system's elements
  double counted = 0.0;         ///< atoms counted per formula unit
  std::optional<double> energy_eV;
};

Material read_material(const ChemicalSystem& system, const InterfaceMaterial& given, std::optional<std::size_t> open,
                       const std::optional<Reservoir>& reservoir) {
  Material out;
  out.given = &given;
  if (given.formula.terms().empty()) {
    throw base::InputError({}, "a material of the interface has no formula", "a formula such as LiCoO2");
  }
  if (given.formula.charge() != 0) {
    throw base::InputError({}, "'" + given.formula.text() + "' carries a charge", "a neutral formula such as LiCoO2");
  }
  out.amounts = system.amounts(given.formula);
  for (std::size_t e = 0; e < out.amounts.size(); ++e) {
    if (e != open) out.counted += out.amounts[e];
  }
  if (!(out.counted > 0.0)) {
    throw base::InputError(
        {}, "'" + given.formula.text() + "' consists of the open element " + reservoir->element + " alone",
        "a material with another element, or an interface that is closed to " + reservoir->element);
  }
  if (given.energy_eV) {
    if (!std::isfinite(*given.energy_eV)) {
      throw base::ParameterError("energy_eV", base::format_number(*given.energy_eV), "a finite energy in eV");
    }
    out.energy_eV = given.energy_eV;
  } else if (const auto phase = system.find(given.formula)) {
    out.energy_eV = system.energy_eV_per_atom(*phase) * given.formula.atoms();
  }
  return out;
}

/// Both materials and the phases of their elements as a program.
class Interface {
 public:
  Interface(const ChemicalSystem& system, const InterfaceMaterial& a, const InterfaceMaterial& b,
            const std::optional<Reservoir>& open)
      : system_(system),
        open_(open ? std::optional(system.element(open->element)) : std::nullopt),
        a_(read_material(system, a, open_, open)),
        b_(read_material(system, b, open_, open)),
        rows_(counted_elements()),
        contact_(phases(), body(a_), body(b_)) {}

  Contact& contact() noexcept { return contact_; }
  const Material& a() const noexcept { return a_; }
  const Material& b() const noexcept { return b_; }

  InterfaceKink kink(const ContactPoint& point) const {
    InterfaceKink out;
    out.fraction = point.fraction;
    std::vector<ReactionTerm> terms;
    double released = 0.0;
    const auto add_material = [&](const Material& material, double share) {
      if (!(share > 0.0)) return;
      const double amount = share / material.counted;
      terms.push_back({material.given->formula.text(), material.given->formula, -amount});
      if (open_) released += amount * material.amounts[*open_];
    };
    add_material(a_, point.fraction);
    add_material(b_, 1.0 - point.fraction);
    const std::size_t width = system_.elements().size();
    for (const auto& [phase, atoms] : point.amounts) {
      const double open_share = open_ ? system_.fractions()[phase * width + *open_] : 0.0;
      const double amount = atoms / ((1.0 - open_share) * system_.atoms(phase));
      out.products.push_back({phase, amount});
      terms.push_back({system_.entry(phase).name, system_.entry(phase).formula, amount});
      released -= amount * open_share * system_.atoms(phase);
    }
    if (open_ && std::abs(released) > nothing) {
      const std::string& symbol = system_.elements()[*open_];
      terms.push_back({symbol, base::Formula::parse(symbol), released});
    }
    if (!is_nothing(terms)) out.reaction = make_reaction(terms);
    return out;
  }

 private:
  ContactBody body(const Material& material) const {
    ContactBody out;
    for (const std::size_t e : rows_) out.shares.push_back(material.amounts[e] / material.counted);
    if (open_) out.open = material.amounts[*open_] / material.counted;
    if (material.energy_eV) out.energy_eV = *material.energy_eV / material.counted;
    return out;
  }

  std::vector<std::size_t> counted_elements() const {
    std::vector<std::size_t> out;
    for (std::size_t e = 0; e < a_.amounts.size(); ++e) {
      if (e != open_ && (a_.amounts[e] > 0.0 || b_.amounts[e] > 0.0)) out.push_back(e);
    }
    return out;
  }

  ContactPhases phases() const {
    const std::size_t width = system_.elements().size();
    std::vector<char> is_allowed(width, 0);
    for (const std::size_t e : rows_) is_allowed[e] = 1;
    if (open_) is_allowed[*open_] = 1;
    ContactPhases out;
    out.rows = rows_.size();
    for (std::size_t phase = 0; phase < system_.size(); ++phase) {
      const double* fractions = system_.fractions().data() + phase * width;
      double counted = 0.0;
      bool fits = true;
      for (std::size_t e = 0; e < width && fits; ++e) {
        fits = is_allowed[e] != 0 || fractions[e] == 0.0;
        if (e != open_) counted += fractions[e];
      }
      if (!fits) continue;
      const double energy_eV = system_.energy_eV_per_atom(phase);
      if (counted < nothing) {
        out.reservoir_eV = std::min(out.reservoir_eV.value_or(energy_eV), energy_eV);
        continue;
      }
      out.ids.push_back(phase);
      for (const std::size_t e : rows_) out.shares.push_back(fractions[e] / counted);
      out.energies_eV.push_back(energy_eV / counted);
      out.open.push_back(open_ ? fractions[*open_] / counted : 0.0);
    }
    return out;
  }

  /// Everything stays as it is: each formula has as much on the left as on the right.
  static bool is_nothing(const std::vector<ReactionTerm>& terms) {
    for (const ReactionTerm& term : terms) {
      double balance = 0.0, largest = 0.0;
      const base::Formula reduced = term.formula.reduced();
      for (const ReactionTerm& other : terms) {
        if (!(other.formula.reduced() == reduced)) continue;
        const double atoms = other.coefficient * other.formula.atoms();
        balance += atoms;
        largest = std::max(largest, std::abs(atoms));
      }
      if (std::abs(balance) > 1e-7 * std::max(largest, 1.0)) return false;
    }
    return true;
  }

  const ChemicalSystem& system_;
  std::optional<std::size_t> open_;
  Material a_, b_;
  std::vector<std::size_t> rows_;
  Contact contact_;
};

double potential_of(const std::optional<Reservoir>& open) {
  if (!open) return 0.0;
  if (!std::isfinite(open->chemical_potential_eV)) {
    throw base::ParameterError("chemical_potential_eV", base::format_number(open->chemical_potential_eV),
                               "a finite chemical potential in eV");
  }
  return open->chemical_potential_eV;
}

}  // namespace

InterfaceReaction interface_reaction(const ChemicalSystem& system, const InterfaceMaterial& a,
                                     const InterfaceMaterial& b, const std::optional<Reservoir>& open) {
  const double potential_eV = potential_of(open);
  Interface interface(system, a, b, open);
  Contact& contact = interface.contact();
  const std::vector<ContactPoint> path = contact.follow(potential_eV, true);
  const InterfaceEnergies energies = contact.energies(path, potential_eV);
  const double own_a = contact.energy_a(path, potential_eV);
  const double own_b = contact.energy_b(path, potential_eV);

  InterfaceReaction out;
  out.no_mixing_A_eV = energies.no_mixing_A_eV;
  out.no_mixing_B_eV = energies.no_mixing_B_eV;
  out.mixing_eV = energies.mixing_eV;
  out.mixing_fraction = energies.mixing_fraction;
  out.A_is_assumed_on_hull = !interface.a().energy_eV;
  out.B_is_assumed_on_hull = !interface.b().energy_eV;
  out.open = open;
  for (const ContactPoint& point : path) {
    InterfaceKink kink = interface.kink(point);
    const double x = point.fraction;
    kink.energy_eV = point.energy_eV - x * own_a - (1.0 - x) * own_b;
    kink.mutual_energy_eV = point.energy_eV - x * path.back().energy_eV - (1.0 - x) * path.front().energy_eV;
    if (kink.mutual_energy_eV < out.mutual_eV) {
      out.mutual_eV = kink.mutual_energy_eV;
      out.mutual_fraction = x;
    }
    out.kinks.push_back(std::move(kink));
  }
  return out;
}

InterfaceEnergies interface_energies(const ChemicalSystem& system, const InterfaceMaterial& a,
                                     const InterfaceMaterial& b, const std::optional<Reservoir>& open) {
  const double potential_eV = potential_of(open);
  Interface interface(system, a, b, open);
  return interface.contact().energies(interface.contact().follow(potential_eV), potential_eV);
}

std::vector<InterfaceAtVoltage> interface_over_voltage(const ChemicalSystem& system, const InterfaceMaterial& a,
                                                       const InterfaceMaterial& b, std::string_view mobile,
                                                       double low_V, double high_V, std::size_t points) {
  const auto range = [&] { return base::format_number(low_V) + " to " + base::format_number(high_V) + " V"; };
  if (!std::isfinite(low_V) || !std::isfinite(high_V) || low_V > high_V) {
    throw base::ParameterError("potential range", range(), "finite potentials, the lower first");
  }
  if (points == 0 || (points == 1 && low_V < high_V)) {
    throw base::ParameterError("points", std::to_string(points), "at least 2 potentials for a range of them");
  }
  const double charge = ion_charge(mobile);
  Interface interface(system, a, b, Reservoir{std::string(mobile), -low_V * charge});
  std::vector<InterfaceAtVoltage> out(points);
  for (std::size_t k = 0; k < points; ++k) {
    const double share = points > 1 ? static_cast<double>(k) / static_cast<double>(points - 1) : 0.0;
    out[k].potential_V = k + 1 == points ? high_V : low_V + share * (high_V - low_V);
    const double potential_eV = -out[k].potential_V * charge;
    out[k].energies = interface.contact().energies(interface.contact().follow(potential_eV), potential_eV);
  }
  return out;
}

double average_voltage(const ChemicalSystem& system, const base::Formula& discharged, const base::Formula& charged,
                       std::string_view mobile) {
  const auto differ = [&](const std::string& how) {
    return base::InputError({}, "'" + discharged.text() + "' and '" + charged.text() + "' " + how,
                            "a charged state that is the discharged one without some of its " + std::string(mobile));
  };
  const double charge = ion_charge(mobile);
  const double host = discharged.atoms() - discharged.amount(mobile);
  const double charged_host = charged.atoms() - charged.amount(mobile);
  if (!(host > 0.0) || !(charged_host > 0.0)) throw differ("are no two states of a host of " + std::string(mobile));
  const double scale = host / charged_host;
  for (const base::Formula* formula : {&discharged, &charged}) {
    for (const base::ElementAmount& term : formula->terms()) {
      const std::string_view symbol = term.element->symbol;
      if (symbol == mobile) continue;
      if (std::abs(discharged.amount(symbol) - scale * charged.amount(symbol)) > same_amount * host) {
        throw differ("differ by more than " + std::string(mobile));
      }
    }
  }
  const double released = discharged.amount(mobile) - scale * charged.amount(mobile);
  if (!(released > same_amount * host)) throw differ("do not differ by a release of " + std::string(mobile));

  const auto energy_eV = [&](const base::Formula& formula) {
    const auto phase = system.find(formula);
    if (!phase) {
      throw base::InputError({}, "the set '" + system.label() + "' has no " + formula.text(),
                             "both states of the electrode as phases of the set, or a given potential");
    }
    return system.energy_eV_per_atom(*phase) * formula.atoms();
  };
  return (scale * energy_eV(charged) - energy_eV(discharged)) / (released * charge);
}

}  // namespace closo::stability
