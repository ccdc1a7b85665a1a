/// What every stability task shares: which energies at which conditions, names into formulas, the mobile ion, and phase
/// amounts as text.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "closo/library/energy_set.hpp"
#include "closo/library/library.hpp"
#include "closo/report/report.hpp"
#include "closo/stability/entry_set.hpp"
#include "closo/stability/gibbs.hpp"
#include "closo/stability/hull.hpp"
#include "closo/stability/uncertainty.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

/// Which energies: set, conditions, exclusions.
struct EnergyRequest {
  std::string set = "static";          ///< id of a shipped or imported set
  stability::Conditions conditions{};  ///< gibbs sets
  bool correct_hydrogen = false;       ///< static sets: the labelled fallback
  stability::SystemOptions system{};   ///< phases left out, dilute alloys
  bool use_estimates = true;
};

/// --set, --temperature, --pressure (repeatable, "H2=10 bar"), --exclude (repeatable), --hydrogen-corrected,
/// --no-estimates, --keep-dilute-alloys.
inline constexpr std::array energy_options = std::to_array<Option>({
    {"set", OptionType::text, "", "static", "", "set of energies: static, gibbs, or an imported one"},
    {"temperature", OptionType::quantity, "K", "", "200 to 2000 K", "temperature of a Gibbs set"},
    {"pressure", OptionType::text, "", "", "", "pressure of a gas in a Gibbs set: 'H2=10 bar'", false, false, true},
    {"exclude", OptionType::text, "", "", "", "a phase to leave out", false, false, true},
    {"hydrogen-corrected", OptionType::flag, "", "", "", "static set moved by enthalpies per hydrogen bond (estimate)"},
    {"no-estimates", OptionType::flag, "", "", "", "without phases whose energy is an estimate"},
    {"keep-dilute-alloys", OptionType::flag, "", "", "", "keep dilute alloys such as Mg149H"},
});

template <std::size_t N>
consteval std::array<Option, N + energy_options.size()> with_energy_options(const std::array<Option, N>& own) {
  std::array<Option, N + energy_options.size()> all{};
  for (std::size_t i = 0; i < N; ++i) all[i] = own[i];
  for (std::size_t i = 0; i < energy_options.size(); ++i) all[N + i] = energy_options[i];
  return all;
}

/// Temperature and pressures alone. Throws: ParameterError for a value that cannot be read or a gas named twice.
stability::Conditions conditions_of(const Arguments& arguments);

/// Throws: ParameterError for a value that cannot be read, or a temperature or pressure with the set "static".
EnergyRequest energy_request_of(const Arguments& arguments);

/// A set at its conditions, with everything a report must say about it.
struct EnergyBasis {
  stability::EntrySet set;
  library::EnergyKind kind = library::EnergyKind::static_dft;
  std::string citation, doi, licence;
  std::vector<std::string> notes;
};

/// Rows within `elements` (empty: all), under the formulas of use (B2H6, Li2B12H12) where a set lists the smallest
/// whole numbers. Throws: as load_energy_set and at_conditions.
EnergyBasis load_energies(const EnergyRequest& request, const Context& context,
                          std::span<const std::string> elements = {});

/// A material as the user names it: a library name, else a formula. Mixtures without formula are refused with what
/// would be accepted.
struct NamedFormula {
  std::string name;  ///< as shown: "Li2B12H12"
  base::Formula formula;
  const library::Material* material = nullptr;
};
/// Throws: ParameterError naming the option.
NamedFormula named_formula(const library::Library& library, std::string_view option, const std::string& text);

/// The mobile element: what is asked for, else the library's, else the only alkali or alkaline-earth metal of the
/// formula. Throws: ParameterError where it is open, with the candidates.
std::string mobile_ion_of(std::string_view asked, const NamedFormula& compound);

/// The entry's name; an element that forms molecules as such (H2, I2).
std::string phase_name(const stability::ChemicalSystem& system, std::size_t phase);
/// "10 LiH + Li2B12H12 + 13 H2": products per formula unit scaled to whole amounts where they can be, without
/// `without`.
std::string products_text(const stability::ChemicalSystem& system, std::span<const stability::PhaseAmount> products,
                          std::string_view without = {});

/// Set, conditions, exclusions, citation and notes into provenance, warnings and doubts of a report.
void describe_energies(report::Report& report, const EnergyBasis& basis, const EnergyRequest& request);

/// The error model from --uncertainty ("24 meV/atom" own error per atom); empty text: the default.
stability::ErrorModel error_model_of(std::string_view text);

}  // namespace closo::tasks
