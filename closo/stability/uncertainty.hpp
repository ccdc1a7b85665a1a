/// How uncertain energies move windows and reactions: correlated draws, and the analytic first order.
///
/// The error of a phase's formation energy is Σ_e n_e ε_e (one error per element, shared by all phases that hold it:
/// reference states and bond types) + Σ_k m_k ε_k (one per bond type: B–H in BH4, B–H in cages, N–H, O–H) + N ε (its
/// own, per atom). Independent errors alone overstate the spread of limits between similar phases and understate that
/// between different ones. Elements in themselves have no error: formation energies count from them. Draws are
/// reproducible: one seed, one sequence, any number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "closo/stability/window.hpp"

namespace closo::stability {

/// Standard deviations [eV]. Defaults: the mean absolute errors of PBE sets against experiment by class, split so that
/// reactions between similar phases carry about 0.024 eV/atom (G. Hautier et al., Phys. Rev. B 85 (2012) 155208, DOI
/// 10.1103/PhysRevB.85.155208).
struct ErrorModel {
  double independent_eV_per_atom = 0.024;
  std::vector<std::pair<std::string, double>> per_element_eV{};  ///< symbol → per atom of it
  std::vector<std::pair<std::string, double>> per_bond_eV{};     ///< environment (gibbs.hpp) → per hydrogen
  /// Stated uncertainties of entries, where there are any, replace the independent part.
  bool use_entry_uncertainty = true;
};

struct Quantiles {
  double mean = 0.0, standard_deviation = 0.0;
  double low = 0.0, median = 0.0, high = 0.0;  ///< 16 %, 50 %, 84 %
};

struct ProductProbability {
  std::string name;
  double probability = 0.0;
};

struct WindowDistribution {
  std::size_t draws = 0;
  std::size_t on_hull = 0;  ///< draws in which the compound itself is stable
  Quantiles reduction_V, oxidation_V;
  double reduction_is_open = 0.0;  ///< share of draws without a reduction limit above the metal
  std::vector<ProductProbability> reduction_products, oxidation_products;  ///< by falling probability
  std::vector<double> reduction_draws_V, oxidation_draws_V;                ///< in order of the draws
};

/// Throws: ParameterError for fewer than 10 draws or a negative deviation; as equilibrium_window.
WindowDistribution window_distribution(const ChemicalSystem& system, const base::Formula& compound,
                                       std::string_view mobile, const ErrorModel& errors, std::size_t draws = 1000,
                                       std::uint64_t seed = 1, const ProfileOptions& options = {});

/// First-order standard uncertainty of a limit from its sensitivities and the error model [V]; 0 for an open limit.
/// Throws: ParameterError as window_distribution.
double limit_uncertainty(const ChemicalSystem& system, const base::Formula& compound, const WindowLimit& limit,
                         const ErrorModel& errors);

/// The energies per atom of one draw, for other quantities (interfaces, vacancies): draw k of the same sequence. A
/// phase gets the same error in every system that holds it, whatever the order of phases and elements.
class EnergyDraws {
 public:
  /// Throws: ParameterError for a negative deviation or a name that is no element.
  EnergyDraws(const ChemicalSystem& system, const ErrorModel& errors, std::uint64_t seed = 1);
  /// Fills eV per atom, one per phase. Throws: ParameterError on size.
  void draw(std::size_t index, std::span<double> energies_eV_per_atom) const;
  /// Fills the places of these phases only.
  void draw(std::size_t index, std::span<const std::size_t> phases, std::span<double> energies_eV_per_atom) const;

 private:
  std::vector<double> centre_, own_;
  std::vector<double> shares_;  ///< phases × sources of common error, times the deviation of the source
  std::vector<std::uint64_t> phase_keys_, source_keys_;
  std::uint64_t seed_ = 1;
};

}  // namespace closo::stability
