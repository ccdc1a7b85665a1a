/// All windows of one compound, computed once for the report, the figure and whoever judges them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "closo/library/library.hpp"
#include "closo/stability/protection.hpp"
#include "closo/stability/uncertainty.hpp"
#include "closo/stability/window.hpp"
#include "closo/tasks/stability_access.hpp"

namespace closo::tasks::detail {

struct WindowStudyOptions {
  EnergyRequest energy{};
  stability::Conditions gibbs{};  ///< of the Gibbs window beside a static one
  bool equilibrium = true;        ///< the windows of the set and of the Gibbs set
  bool constrained = true;
  std::vector<std::string> blocked{};  ///< phases left out of the constrained window only
  bool as_mixture = false;  ///< a compound that is not in the set counts as the mixture of its equilibrium phases
  double highest_V = 6.0;
  std::string uncertainty{};  ///< as error_model_of
  std::size_t draws = 1000;   ///< 0: none
};

/// One of the windows that stand side by side.
struct WindowVersion {
  std::string kind;                         ///< "static", "Gibbs 298 K", "constrained"
  std::optional<stability::Window> window;  ///< empty: `problem` says why
  std::string problem;
  std::string remark;  ///< the rule of a constrained window
  std::optional<stability::ChemicalSystem> system;
  std::optional<double> reduction_uncertainty_V, oxidation_uncertainty_V;  ///< first order
};

struct WindowStudy {
  NamedFormula compound;
  std::string mobile;
  std::vector<WindowVersion> versions;                        ///< equilibrium of the set first, where it was asked for
  std::optional<stability::WindowDistribution> distribution;  ///< of the first version
  std::optional<stability::VoltageProfile> profile;           ///< of the first version
  std::optional<stability::Protection> protection;            ///< of the first version
  /// The library's best conductivity of each layer product that holds the mobile ion, in the order of `protection`
  /// (oxidation layer first); nullptr where it states none.
  std::vector<const library::Fact*> layer_conductivity;
  std::vector<std::string> not_in_gibbs_set;   ///< phases at the static limits that have no Gibbs energy
  std::vector<const library::Fact*> reported;  ///< windows and limits of the library, in V
  std::optional<EnergyBasis> basis, gibbs_basis;
};

/// Throws: ParameterError for a highest potential of 0 or below, or too few draws; InputError when the compound is not
/// in the set (unless `as_mixture`), or the set lacks an element.
WindowStudy window_study(const library::Library& library, const NamedFormula& compound, const std::string& mobile,
                         const WindowStudyOptions& options, const Context& context);

/// Potentials that the library states of this compound or of mixtures that are named after it; scan ranges and band
/// gaps are not among them.
std::vector<const library::Fact*> reported_windows(const library::Library& library, const NamedFormula& compound);

/// The highest ionic conductivity that the library states of a compound without doubt, between 0 and 100 °C; nullptr
/// when it states none.
const library::Fact* best_conductivity(const library::Library& library, const base::Formula& compound);

}  // namespace closo::tasks::detail
