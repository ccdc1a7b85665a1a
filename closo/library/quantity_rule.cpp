#include "closo/library/quantity_rule.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "closo/base/constants.hpp"
#include "closo/base/number.hpp"
#include "closo/library/detail/name_key.hpp"

namespace closo::library {

namespace {

using enum QuantityRule::Match;

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double eV = base::elementary_charge;  // J

// Tried from top to bottom: names that begin like another quantity ("current density without …") stand first.
constexpr std::array rules = std::to_array<QuantityRule>({
    {" ratio", contains, "1", "comparison", -20.0, inf},  // ratios, and decades between two numbers
    {"ratio of", begins, "1", "dynamics", 0.0, inf},
    {"cell volume", begins, "nm3,1", "structure", 0.0, inf, true},
    {"rate range", begins, "C-rate", "cell", 0.0, inf},
    {"interfacial resistance reduction", begins, "1", "comparison"},
    {"interface resistance change", begins, "1,ohm", "interface"},
    {"Li+ dissociation energy decrease", begins, "1", "comparison"},

    {"number of", begins, "1", "structure", 0.0, inf},
    {"coordination number", exact, "1", "structure", 0.0, 50.0},
    {"cycles", begins, "1", "cell", 0.0, inf},
    {"low-rate cycles", begins, "1", "cell", 0.0, inf},
    {"space group", exact, "1", "structure"},
    {"Wyckoff", begins, "1", "structure"},
    {"cage bond type", exact, "1", "structure"},
    {"migration plane", exact, "1", "structure"},
    {"Li per C6", exact, "1", "structure", 0.0, inf},
    {"image", begins, "1", "measurement", 0.0, inf},
    {"smoothing window", begins, "1", "measurement", 0.0, inf},
    {"BET fit range", begins, "1", "measurement", 0.0, 1.0},
    {"relative pressure", begins, "1", "measurement", 0.0, 1.0},

    {"ionic conductivity", begins, "S/cm", "conductivity", 0.0, 1e5, true},
    {"total ionic conductivity", begins, "S/cm", "conductivity", 0.0, 1e5, true},
    {"electronic conductivity", begins, "S/cm", "conductivity", 0.0, inf, true},
    {"conductivity", exact, "S/cm", "conductivity", 0.0, inf, true},
    {"diffusion coefficient", contains, "cm2/s", "dynamics", 0.0, inf, true},
    {"activation energy", begins, "eV", "activation", 0.0, 3.0 * eV},
    {"migration barrier", begins, "eV", "activation", 0.0, 3.0 * eV},
    {"transport number", contains, "1", "transport_number", 0.0, 1.0},
    {"transference number", contains, "1", "transport_number", 0.0, 1.0},

    {"milling", begins, "h", "preparation", 0.0, inf},
    {"current density", contains, "mA/cm2,mA/g", "cell", 0.0, inf},
    {"pore filling", begins, "1", "composite", 0.0, inf},
    {"capacity fading", begins, "1", "cell", 0.0, 1.0},
    {"fraction", contains, "1", "composite", 0.0, 1.0},
    {"share of theoretical capacity", begins, "1", "cell", 0.0, 1.2},
    {"share", ends, "1", "preparation", 0.0, 100.0},
    {"site occupation share", exact, "1", "structure", 0.0, 1.0},
    {"site occupation", begins, "1", "structure", 0.0, 1.0},
    {"sodium content", begins, "1", "cell", 0.0, 10.0},
    {"content", ends, "1", "preparation", 0.0, 1.0},
    {"additive", ends, "1", "preparation", 0.0, 1.0},
    {"purity", exact, "1", "preparation", 0.0, 1.0},
    {"composition", contains, "1", "structure", 0.0, 100.0},
    {"substitution range", begins, "1", "structure", 0.0, 100.0},
    {"volume change", begins, "1", "structure", -1.0, inf},
    {"volume expansion", begins, "1", "structure", -1.0, inf},
    {"optimum filler", begins, "1", "composite", 0.0, 1.0},
    {"contraction", contains, "1", "structure", -1.0, 1.0},
    {"utilization", contains, "1", "cell", 0.0, 1.2},
    {"Coulombic efficiency", contains, "1", "cell", 0.0, 1.2},
    {"capacity retention", begins, "1", "cell", 0.0, 1.5},
    {"areal capacity", begins, "mAh/cm2", "cell", 0.0, inf},
    {"layer thickness", begins, "nm", "measurement", 0.0, inf},
    {"capacity", contains, "mAh/g,mAh/cm2", "cell", 0.0, inf},

    {"distance", begins, "nm", "structure", 0.0, inf},
    {"radius", contains, "nm", "structure", 0.0, inf},
    {"window", contains, "V", "window", -10.0, 10.0},
    {"CV scan range", begins, "V", "window", -10.0, 10.0},
    {"tube voltage", exact, "kV", "measurement", 0.0, inf},
    {"acceleration voltage", exact, "kV", "measurement", 0.0, inf},
    {"potential", contains, "V", "window", -10.0, 10.0},
    {"voltage", contains, "V", "cell", -10.0, 10.0},
    {"stability limit", contains, "V", "window", -10.0, 10.0},
    {"polarization", begins, "V", "cell", -10.0, 10.0},
    {"AC amplitude", exact, "V", "measurement", 0.0, 10.0},

    {"heating/cooling rate", begins, "K/min", "measurement"},
    {"temperature", contains, "K", "transition", 0.0, 5000.0, true},
    {"scan rate", contains, "V/s", "measurement", 0.0, inf},
    {"jump rate", contains, "1/s", "dynamics", 0.0, inf, true},
    {"rotation speed", exact, "rpm", "preparation", 0.0, inf},
    {"frequency", contains, "Hz", "measurement", 0.0, inf},
    {"rate", contains, "C-rate", "cell", 0.0, inf},
    {"rest before", begins, "h", "measurement", 0.0, inf},
    {"break", begins, "h", "preparation", 0.0, inf},
    {"beam spot change interval", begins, "h", "measurement", 0.0, inf},
    {"time", contains, "h", "preparation", 0.0, inf},
    {"pressure", contains, "MPa", "preparation", 0.0, inf},

    {"band gap", contains, "eV", "window", 0.0, 20.0 * eV},
    {"electron affinity", begins, "eV", "energetics", -20.0 * eV, 20.0 * eV},
    {"interface reaction energy", begins, "1,eV", "interface"},
    {"energy", contains, "eV", "energetics", -1e6 * eV, 1e6 * eV},
    {"dispersion", exact, "eV", "measurement", 0.0, inf},

    {"2theta", contains, "deg", "characterisation", 0.0, inf},
    {"angle", contains, "deg", "measurement", 0.0, inf},
    {"lattice parameter", begins, "nm", "structure", 0.0, 1e-6, true},
    {"interplanar spacing", begins, "nm", "characterisation", 0.0, 1e-6, true},
    {"interatomic distance", begins, "nm", "structure", 0.0, 1e-6, true},
    {"jump distance", contains, "nm", "dynamics", 0.0, 1e-6, true},
    {"wavelength", contains, "nm", "measurement", 0.0, inf, true},
    {"bond length", contains, "nm", "structure", 0.0, 1e-8, true},
    {"length", contains, "nm", "structure", 0.0, inf},
    {"size", contains, "nm", "structure", 0.0, inf},
    {"scale", contains, "nm", "measurement", 0.0, inf},
    {"diameter", contains, "mm", "measurement", 0.0, inf},
    {"thickness", contains, "mm", "measurement", 0.0, inf},
    {"aperture", contains, "mm", "measurement", 0.0, inf},

    {"surface area", contains, "m2/g", "composite", 0.0, inf},
    {"pore volume", contains, "cm3/g", "composite", 0.0, inf},
    {"bowl volume", exact, "mL", "preparation", 0.0, inf},
    {"resistance", contains, "ohm,ohm cm2", "interface", 0.0, inf},
    {"current", contains, "A", "measurement"},
    {"mass", ends, "mg", "preparation", 0.0, inf},
    {"concentration", contains, "mol/L,1/cm3", "energetics", 0.0, inf},
    {"band position", begins, "1/cm", "characterisation", 0.0, inf},
    {"spectral range", begins, "1/cm", "measurement", 0.0, inf},
    {"resolution", exact, "1/cm", "measurement", 0.0, inf},
    {"momentum transfer", begins, "1/nm", "measurement"},
    {"torque", contains, "N m", "preparation", 0.0, inf},
    {"flow", ends, "mL/min", "preparation", 0.0, inf},
    {"density", ends, "g/cm3", "structure", 0.0, inf, true},
});

bool equal(std::string_view text, std::string_view pattern) {
  return text.size() == pattern.size() && detail::contains_ignoring_case(text, pattern);
}

bool fits(const QuantityRule& rule, std::string_view quantity) {
  const std::size_t length = rule.pattern.size();
  if (quantity.size() < length) return false;
  switch (rule.match) {
    case begins:
      return equal(quantity.substr(0, length), rule.pattern);
    case ends:
      return equal(quantity.substr(quantity.size() - length), rule.pattern);
    case contains:
      return detail::contains_ignoring_case(quantity, rule.pattern);
    case exact:
      return equal(quantity, rule.pattern);
  }
  return false;
}

}  // namespace

std::span<const QuantityRule> quantity_rules() noexcept { return rules; }

const QuantityRule* find_rule(std::string_view quantity) noexcept {
  const auto found = std::ranges::find_if(rules, [quantity](const QuantityRule& rule) { return fits(rule, quantity); });
  return found == rules.end() ? nullptr : &*found;
}

std::optional<base::Unit> accepted_unit(const QuantityRule& rule, const base::Unit& unit) {
  std::string_view rest = rule.units;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    base::Unit accepted = base::Unit::parse(rest.substr(0, end));
    if (base::is_convertible(unit, accepted)) return accepted;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return std::nullopt;
}

std::optional<std::string> range_defect(const QuantityRule& rule, double value, const base::Unit& unit) {
  if (!std::isfinite(value)) return "the value is not a finite number";
  const std::optional<base::Unit> accepted = accepted_unit(rule, unit);
  if (!accepted) return std::nullopt;
  const double value_si = accepted->to_si(base::convert(value, unit, *accepted));
  const base::Unit& shown = unit.dimension() == accepted->dimension() ? unit : *accepted;
  const auto text = [&shown](double si) {
    return base::format_number(shown.from_si(si), 6) +
           (shown.text() == "1" || shown.text().empty() ? "" : " " + shown.text());
  };
  if (rule.low_is_open ? value_si <= rule.low : value_si < rule.low) {
    return text(value_si) + (rule.low_is_open ? " is not above " : " is below ") + text(rule.low);
  }
  if (value_si > rule.high * (1.0 + 1e-12)) return text(value_si) + " is above " + text(rule.high);
  return std::nullopt;
}

}  // namespace closo::library
