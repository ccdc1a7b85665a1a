/// One table of every law of composite conductivity, with a common call.
///
/// Each entry says what it is valid for, where it comes from and which inputs it needs; `evaluate` maps the inputs to
/// the law's own function (effective_medium.hpp, space_charge.hpp). Laws of two phases take conductor and filler; with
/// an interphase share the bounds, the symmetric medium and the mixing rule take three. Temperature is the caller's:
/// put in each phase's conductivity at the temperature wanted.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace closo::composite {

enum class LawId : unsigned char {
  wiener_lower,
  wiener_upper,
  hashin_shtrikman_lower,
  hashin_shtrikman_upper,
  maxwell_garnett,
  bruggeman,
  differential_medium,
  coated_filler,
  coated_filler_symmetric,
  brick_layer,
  resistor_network,
  space_charge,
  mixing_rule,
  general_effective_medium,
};

/// What a law may need; SI units. The names of the members are the names in `Law::needs`.
struct LawInput {
  std::optional<double> bulk{}, filler{}, interphase{};  ///< S/m
  std::optional<double> filler_fraction{};               ///< volume share of the filler in the solids
  /// Volume share of the interphase; the conductor has the rest. Optional for every law that takes it: empty is 0.
  std::optional<double> interphase_fraction{};
  std::optional<double> particle_radius{}, interphase_thickness{};       ///< m
  std::optional<double> grain_size{}, boundary_thickness{}, boundary{};  ///< m, m, S/m
  std::optional<double> debye_length{}, excess_conductivity{};           ///< m, S/m
  std::optional<double> percolation_share{};                             ///< of layers along the field
  std::optional<double> threshold{}, exponent{};  ///< general_effective_medium: of the better conductor; mixing_rule
};

struct Law {
  LawId id = LawId::wiener_lower;
  std::string_view name;                    ///< as in commands, snake_case
  std::string_view title;                   ///< a few words
  std::string_view validity;                ///< one sentence
  std::string_view source;                  ///< authors, year, DOI where there is one
  std::span<const std::string_view> needs;  ///< members of LawInput
  bool takes_interphase_share = false;      ///< uses interphase and interphase_fraction when both are given
};

/// Every law, in the order of LawId.
std::span<const Law> laws();
const Law& law(LawId id);
/// Throws: ParameterError with the nearest name.
const Law& find_law(std::string_view name);
/// Whether the input holds everything the law needs.
bool is_applicable(const Law& law, const LawInput& input);
/// The unit of a member of LawInput as text ("S/m", "m", "1"). Throws: ParameterError for an unknown name.
std::string_view input_unit(std::string_view name);

/// Conductivity of the composite [S/m]. Throws: ParameterError naming a missing input, or as the law's own function.
double evaluate(LawId id, const LawInput& input);

}  // namespace closo::composite
