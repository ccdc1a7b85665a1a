/// What an experiment on a cell has told (capacities, retention, efficiencies, voltages, resistances, whole curves) and
/// what a run of the simulator says about it, as residuals of a least-squares fit.
///
/// A number may be a value, a limit or a range: the residual is 0 within [low, high] and (model - end)/u outside. A
/// point of a curve has two uncertainties: u² = u_V² + (u_Q dV/dQ)² with the measured slope; where the run ended before
/// the point's capacity, the missing capacity over u_Q is added, so that the residual goes on without a jump. Source:
/// effective variance, D. R. Barker, L. M. Diana, Am. J. Phys. 42 (1974) 224, DOI 10.1119/1.1987651; curves are
/// interpolated after F. N. Fritsch, J. Butland, SIAM J. Sci. Stat. Comput. 5 (1984) 300, DOI 10.1137/0905021.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "closo/cell/cycles.hpp"
#include "closo/cell/parameters.hpp"
#include "closo/cell/protocol.hpp"
#include "closo/cell/simulation.hpp"

namespace closo::cell {

enum class ObservedQuantity : unsigned char {
  discharge_capacity,    ///< of a cycle, holds included
  charge_capacity,       ///< likewise
  retention,             ///< discharge capacity of `cycle` over that of `reference`
  fade_per_cycle,        ///< loss of retention [1/cycle] between `reference` and `cycle`, above 0 when it fades
  coulombic_efficiency,  ///< of a cycle
  energy_efficiency,     ///< of a cycle
  discharge_voltage,     ///< V, energy over capacity
  charge_voltage,        ///< V, likewise
  anode_resistance,      ///< Ω m², at the end of a cycle
  discharge_curve,       ///< voltage over capacity of the first discharge step of a cycle
  charge_curve,          ///< of its first charge step
};
/// "discharge capacity", "retention" …; the words of experiment files.
std::string_view to_string(ObservedQuantity quantity) noexcept;
/// Throws: InputError with the words there are and the near ones.
ObservedQuantity parse_observed_quantity(std::string_view text);
bool is_curve(ObservedQuantity quantity) noexcept;
bool is_capacity(ObservedQuantity quantity) noexcept;

/// What a capacity is counted per.
enum class CapacityBasis : unsigned char {
  areal,     ///< C/m²
  specific,  ///< C/kg of active material
  total,     ///< C
};
/// The factor that turns C/m² of the model into the basis. Throws: ParameterError when the cell's mass or area is not
/// known.
double capacity_factor(CapacityBasis basis, const CellParameters& parameters);

/// Voltage over capacity, the capacity from 0 upwards in the direction of the current.
struct MeasuredCurve {
  std::vector<double> capacity;  ///< in the basis of the observation, growing
  std::vector<double> voltage;   ///< V
  bool operator==(const MeasuredCurve&) const = default;
};
/// `points` points even in capacity up to its end, interpolated linearly; the curve itself where it has no more.
/// Throws: ParameterError for fewer than 2 points asked for.
MeasuredCurve thinned(const MeasuredCurve& curve, std::size_t points);

struct Observation {
  ObservedQuantity quantity = ObservedQuantity::discharge_capacity;
  std::uint32_t cycle = 1;      ///< of the protocol, from 1
  std::uint32_t reference = 1;  ///< retention and fade: the cycle compared with
  CapacityBasis basis = CapacityBasis::areal;
  double low = 0.0, high = 0.0;       ///< SI; equal for a value, infinite on the open side of a limit
  std::optional<double> uncertainty;  ///< SI, standard; of a curve V; only what is not fitted may go without
  MeasuredCurve curve;                ///< of curves; one point is a voltage at a capacity
  double capacity_uncertainty = 0.0;  ///< of curves: of every capacity, in the basis
  bool is_fitted = true;              ///< false: held out, only predicted
  bool is_approximate = false;        ///< printed as "about", for reports
  std::string source;
  bool operator==(const Observation&) const = default;
};

/// Throws: ParameterError for what cannot be: cycle 0, ends out of order, an uncertainty that is missing for a fit or
/// not above 0, a curve without points, of unequal lengths, or whose capacity does not grow.
void check(const Observation& observation);

/// What a run says about an observation.
struct Prediction {
  std::optional<double> value;   ///< SI, in the basis; empty: the run does not reach the cycle; of curves always empty
  std::vector<double> voltages;  ///< of curves, at the capacity of each point; beyond the end of the run its last one
  double end = 0.0;              ///< of curves: capacity at the end of the run, in the basis
  bool is_known = false;         ///< the run reached the cycle
};

/// Whether a run must keep its rows for this observation.
bool needs_rows(const Observation& observation) noexcept;

/// Throws: ParameterError as capacity_factor.
Prediction predict(const Observation& observation, const CellParameters& parameters, const Protocol& protocol,
                   const SimulationResult& result, std::span<const CycleRow> cycles);

/// 1, or the number of points of a curve.
std::size_t residual_count(const Observation& observation) noexcept;

/// (model - observation)/u, as above; all 0 without an uncertainty. `residuals` has residual_count() places.
/// Throws: ParameterError for a prediction that is not known, InternalError for sizes that do not match.
void fill_residuals(const Observation& observation, const Prediction& prediction, std::span<double> residuals);

}  // namespace closo::cell
