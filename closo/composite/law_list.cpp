#include "closo/composite/law_list.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/base/suggestion.hpp"
#include "closo/composite/effective_medium.hpp"
#include "closo/composite/space_charge.hpp"

namespace closo::composite {
namespace {

using std::string_view_literals::operator""sv;

struct InputField {
  std::string_view name;
  std::string_view unit;
  std::optional<double> LawInput::*value;
};

constexpr std::array input_fields{
    InputField{"bulk", "S/m", &LawInput::bulk},
    InputField{"filler", "S/m", &LawInput::filler},
    InputField{"interphase", "S/m", &LawInput::interphase},
    InputField{"filler_fraction", "1", &LawInput::filler_fraction},
    InputField{"interphase_fraction", "1", &LawInput::interphase_fraction},
    InputField{"particle_radius", "m", &LawInput::particle_radius},
    InputField{"interphase_thickness", "m", &LawInput::interphase_thickness},
    InputField{"grain_size", "m", &LawInput::grain_size},
    InputField{"boundary_thickness", "m", &LawInput::boundary_thickness},
    InputField{"boundary", "S/m", &LawInput::boundary},
    InputField{"debye_length", "m", &LawInput::debye_length},
    InputField{"excess_conductivity", "S/m", &LawInput::excess_conductivity},
    InputField{"percolation_share", "1", &LawInput::percolation_share},
    InputField{"threshold", "1", &LawInput::threshold},
    InputField{"exponent", "1", &LawInput::exponent},
};

constexpr std::array two_phases{"bulk"sv, "filler"sv, "filler_fraction"sv};
constexpr std::array coated{
    "bulk"sv, "filler"sv, "interphase"sv, "filler_fraction"sv, "particle_radius"sv, "interphase_thickness"sv};
constexpr std::array bricks{"bulk"sv, "boundary"sv, "grain_size"sv, "boundary_thickness"sv};
constexpr std::array network{"bulk"sv, "filler"sv, "interphase"sv, "filler_fraction"sv};
constexpr std::array layers{"bulk"sv,         "filler_fraction"sv,     "particle_radius"sv,
                            "debye_length"sv, "excess_conductivity"sv, "percolation_share"sv};
constexpr std::array mixing{"bulk"sv, "filler"sv, "filler_fraction"sv, "exponent"sv};
constexpr std::array percolation{"bulk"sv, "filler"sv, "filler_fraction"sv, "threshold"sv, "exponent"sv};

constexpr std::array<Law, 14> table{{
    {LawId::wiener_lower, "wiener_lower", "Wiener bound, layers across",
     "Lower bound of any mixture; exact for layers across the field.",
     "O. Wiener, Abh. Math.-Phys. Kl. Sächs. Ges. Wiss. 32 (1912) 507", two_phases, true},
    {LawId::wiener_upper, "wiener_upper", "Wiener bound, layers along",
     "Upper bound of any mixture; exact for layers along the field.",
     "O. Wiener, Abh. Math.-Phys. Kl. Sächs. Ges. Wiss. 32 (1912) 507", two_phases, true},
    {LawId::hashin_shtrikman_lower, "hashin_shtrikman_lower", "Hashin–Shtrikman bound, lower",
     "Lower bound of any mixture that is isotropic on average.",
     "Z. Hashin, S. Shtrikman, J. Appl. Phys. 33 (1962) 3125, DOI 10.1063/1.1728579", two_phases, true},
    {LawId::hashin_shtrikman_upper, "hashin_shtrikman_upper", "Hashin–Shtrikman bound, upper",
     "Upper bound of any mixture that is isotropic on average.",
     "Z. Hashin, S. Shtrikman, J. Appl. Phys. 33 (1962) 3125, DOI 10.1063/1.1728579", two_phases, true},
    {LawId::maxwell_garnett, "maxwell_garnett", "Maxwell–Garnett, separate spheres",
     "Filler spheres that do not touch, in a connected conductor; dilute to moderate fractions.",
     "J. C. Maxwell Garnett, Phil. Trans. R. Soc. A 203 (1904) 385, DOI 10.1098/rsta.1904.0024", two_phases},
    {LawId::bruggeman, "bruggeman", "Bruggeman, symmetric medium",
     "Grains of all phases alike, moderate contrast; a phase conducts through above a share of 1/3.",
     "D. A. G. Bruggeman, Ann. Phys. 416 (1935) 636, DOI 10.1002/andp.19354160705", two_phases, true},
    {LawId::differential_medium, "differential_medium", "Differential (asymmetric) medium",
     "Filler spheres of very different sizes; the conductor stays connected at every fraction.",
     "D. A. G. Bruggeman, Ann. Phys. 416 (1935) 636, DOI 10.1002/andp.19354160705", two_phases},
    {LawId::coated_filler, "coated_filler", "Coated filler (interphase law)",
     "Filler spheres with a conducting layer, all surface wetted, no voids or contacts; maximum where no bulk is left.",
     "C.-W. Nan, D. M. Smith, Mater. Sci. Eng. B 10 (1991) 99, DOI 10.1016/0921-5107(91)90115-C", coated},
    {LawId::coated_filler_symmetric, "coated_filler_symmetric", "Coated filler, percolating",
     "As coated_filler, the coated spheres mixed symmetrically with the bulk: they percolate from a share of 1/3.",
     "C.-W. Nan, Prog. Mater. Sci. 37 (1993) 1", coated},
    {LawId::brick_layer, "brick_layer", "Brick layer, grains and boundaries",
     "Cubic grains with thin boundaries and straight current lines; no filler.",
     "A. Bonanos, B. C. H. Steele, E. P. Butler, in Impedance Spectroscopy (Wiley, 1987), chap. 4", bricks},
    {LawId::resistor_network, "resistor_network", "Random resistor network, effective medium",
     "Cells of equal size; interface bonds where conductor and filler meet; some percent off except near the "
     "thresholds.",
     "H. E. Roman, A. Bunde, W. Dieterich, Phys. Rev. B 34 (1986) 3439, DOI 10.1103/PhysRevB.34.3439", network},
    {LawId::space_charge, "space_charge", "Space-charge layers",
     "Dilute defects, flat insulating surfaces, layers thinner than half the distance between surfaces.",
     "J. Maier, Prog. Solid State Chem. 23 (1995) 171, DOI 10.1016/0079-6786(95)00004-E", layers},
    {LawId::mixing_rule, "mixing_rule", "General mixing rule",
     "An interpolation between layers across (exponent −1) and along (1) without a geometry of its own.",
     "K. Lichtenecker, Phys. Z. 27 (1926) 115", mixing, true},
    {LawId::general_effective_medium, "general_effective_medium", "McLachlan, general effective media",
     "Two phases with a known threshold and exponent, fitted or from a percolation model.",
     "D. S. McLachlan, J. Phys. C 20 (1987) 865, DOI 10.1088/0022-3719/20/7/004", percolation},
}};

const InputField& field(std::string_view name) {
  const auto found = std::ranges::find(input_fields, name, &InputField::name);
  if (found != input_fields.end()) return *found;
  std::string accepted;
  for (const InputField& each : input_fields) accepted += (accepted.empty() ? "" : ", ") + std::string(each.name);
  throw base::ParameterError("input", "'" + std::string(name) + "'", accepted);
}

/// Two phases, or three when an interphase and its share are given; the conductor takes what is left.
struct Phases {
  std::vector<double> conductivities, fractions;
};

Phases phases(const LawInput& input) {
  const double filler = *input.filler_fraction;
  if (!input.interphase || !input.interphase_fraction) return {{*input.bulk, *input.filler}, {1.0 - filler, filler}};
  const double layer = *input.interphase_fraction;
  // Shares that fill the whole may leave a rounding error below 0.
  double rest = 1.0 - filler - layer;
  if (rest < 0.0 && rest > -1e-12) rest = 0.0;
  return {{*input.bulk, *input.interphase, *input.filler}, {rest, layer, filler}};
}

}  // namespace

std::span<const Law> laws() { return table; }

const Law& law(LawId id) {
  const auto place = static_cast<std::size_t>(id);
  if (place >= table.size()) throw base::InternalError("unknown law of composites");
  return table[place];
}

const Law& find_law(std::string_view name) {
  const auto found = std::ranges::find(table, name, &Law::name);
  if (found != table.end()) return *found;
  std::vector<std::string> names;
  std::string accepted;
  for (const Law& each : table) {
    names.emplace_back(each.name);
    accepted += (accepted.empty() ? "" : ", ") + names.back();
  }
  const std::string near = base::did_you_mean(std::string(name), names);
  throw base::ParameterError("law", "'" + std::string(name) + "'", accepted + (near.empty() ? "" : "; " + near));
}

bool is_applicable(const Law& law, const LawInput& input) {
  return std::ranges::all_of(law.needs, [&](std::string_view name) { return (input.*field(name).value).has_value(); });
}

std::string_view input_unit(std::string_view name) { return field(name).unit; }

double evaluate(LawId id, const LawInput& input) {
  const Law& entry = law(id);
  for (const std::string_view name : entry.needs) {
    if (!(input.*field(name).value)) {
      throw base::ParameterError(std::string(name), "not given",
                                 "a value, which " + std::string(entry.name) + " needs");
    }
  }
  switch (id) {
    case LawId::wiener_lower:
    case LawId::wiener_upper: {
      const Phases mixture = phases(input);
      const auto [low, high] = wiener_bounds(mixture.conductivities, mixture.fractions);
      return id == LawId::wiener_lower ? low : high;
    }
    case LawId::hashin_shtrikman_lower:
    case LawId::hashin_shtrikman_upper: {
      const Phases mixture = phases(input);
      const auto [low, high] = hashin_shtrikman_bounds(mixture.conductivities, mixture.fractions);
      return id == LawId::hashin_shtrikman_lower ? low : high;
    }
    case LawId::maxwell_garnett:
      return maxwell_garnett(*input.bulk, *input.filler, *input.filler_fraction).real();
    case LawId::bruggeman: {
      const Phases mixture = phases(input);
      return bruggeman(mixture.conductivities, mixture.fractions);
    }
    case LawId::differential_medium:
      return differential_medium(*input.bulk, *input.filler, *input.filler_fraction);
    case LawId::coated_filler:
    case LawId::coated_filler_symmetric:
      return coated_filler_conductivity({.bulk = *input.bulk,
                                         .interphase = *input.interphase,
                                         .filler = *input.filler,
                                         .radius = *input.particle_radius,
                                         .thickness = *input.interphase_thickness,
                                         .bruggeman_mixing = id == LawId::coated_filler_symmetric},
                                        *input.filler_fraction);
    case LawId::brick_layer:
      return brick_layer(*input.bulk, *input.boundary, *input.grain_size, *input.boundary_thickness).real();
    case LawId::resistor_network:
      return resistor_network_effective_medium(
          {.bulk = *input.bulk, .interface = *input.interphase, .insulator = *input.filler}, *input.filler_fraction);
    case LawId::space_charge:
      if (!(*input.particle_radius > 0.0))
        throw base::ParameterError("particle_radius", "not above 0 m", "a length above 0 m");
      return space_charge_conductivity({.bulk_conductivity = *input.bulk,
                                        .excess_conductivity = *input.excess_conductivity,
                                        .debye_length = *input.debye_length,
                                        .area_per_volume = 3.0 / *input.particle_radius,
                                        .filler_fraction = *input.filler_fraction,
                                        .percolation_share = *input.percolation_share});
    case LawId::mixing_rule: {
      const Phases mixture = phases(input);
      return mixing_rule(mixture.conductivities, mixture.fractions, *input.exponent);
    }
    case LawId::general_effective_medium: {
      const bool filler_is_better = *input.filler > *input.bulk;
      return general_effective_medium(std::min(*input.bulk, *input.filler), std::max(*input.bulk, *input.filler),
                                      filler_is_better ? *input.filler_fraction : 1.0 - *input.filler_fraction,
                                      *input.threshold, *input.exponent);
    }
  }
  throw base::InternalError("a law of composites without its function");
}

}  // namespace closo::composite
