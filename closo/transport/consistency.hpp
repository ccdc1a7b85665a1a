/// Whether published conductivities and activation energies can all be true.
///
/// Two conductivities of one sample in one phase imply an activation energy, in the sigma and in the sigma T form; a
/// stated energy outside what rounding and stated uncertainties allow contradicts them. Facts are combined only when
/// they may belong to one sample: same material and source, a common reference, no contradiction in phase or
/// preparation, no known phase transition between the temperatures. Bounds, ranges of temperature, high pressures and
/// computed numbers stay out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "closo/base/quantity.hpp"
#include "closo/library/library.hpp"
#include "closo/transport/arrhenius.hpp"

namespace closo::transport {

/// A printed conductivity with what its print allows.
struct ReadConductivity {
  double temperature = 0.0;              ///< K
  double temperature_uncertainty = 0.0;  ///< K, standard: 3 K for a nominal room temperature, else 0
  double conductivity = 0.0;             ///< S/m
  double log_uncertainty = 0.0;          ///< standard uncertainty of ln sigma
};

struct StatedEnergy {
  double energy_eV = 0.0;
  double uncertainty_eV = 0.0;          ///< standard: as stated, else from the last printed digit
  std::optional<ArrheniusForm> form{};  ///< empty: not said
};

/// Relative standard uncertainty that rounding to the shown digits leaves: half a unit of the last digit over sqrt(3),
/// twice that for "~". Trailing zeros do not count as digits. Throws: ParameterError unless value > 0.
double rounding_uncertainty(double value, base::Qualifier qualifier);

/// Standard uncertainty of ln(value) that the print of a conductivity leaves: that of rounding, but bare powers of ten
/// ("~1e-4", "10^-7") are orders of magnitude: 0.3 decades. A number with four or more digits whose logarithm has one
/// decimal (2.512e-3) was printed as 10^-2.6: 0.05 decades over sqrt(3). Throws: ParameterError unless value > 0.
double reading_uncertainty(double value, base::Qualifier qualifier);

struct ConsistencyOptions {
  double significance = 3.0;   ///< standard uncertainties
  double tolerance_eV = 0.02;  ///< differences up to this are never a contradiction
};

/// Stated energy against the one implied by two conductivities.
struct EnergyComparison {
  double implied_sigma_eV = 0.0;    ///< in the sigma form
  double implied_sigma_t_eV = 0.0;  ///< in the sigma T form
  double uncertainty_eV = 0.0;      ///< standard, of the implied energies
  double discrepancy_eV = 0.0;      ///< stated less implied; form not said: to the nearer of the two, 0 between them
  double significance = 0.0;        ///< |discrepancy| over the joint standard uncertainty
  bool contradiction = false;
};

/// Throws: ParameterError as implied_activation_energy.
EnergyComparison compare_energy(const ReadConductivity& first, const ReadConductivity& second,
                                const StatedEnergy& stated, const ConsistencyOptions& options = {});

/// One comparison over library facts. Pointers live as long as the library.
struct EnergyCheck {
  const library::Fact* cold = nullptr;  ///< conductivity at the lower temperature
  const library::Fact* hot = nullptr;
  const library::Fact* energy = nullptr;
  std::vector<const library::Fact*> also;  ///< further conductivities that say the same (restatements)
  EnergyComparison comparison;
};

/// Every stated energy with two conductivities to hold against it; of several pairs the most significant one.
std::vector<EnergyCheck> check_energies(const library::Library& library, const ConsistencyOptions& options = {});

/// The checks that fail.
std::vector<EnergyCheck> find_contradictions(const library::Library& library, const ConsistencyOptions& options = {});

/// "Li2B12H12: 0.22 eV (sigma) or 0.25 eV (sigma T) implied by CON038 and CON039, 0.34 eV stated in ACT010".
std::string describe(const EnergyCheck& check);

}  // namespace closo::transport
