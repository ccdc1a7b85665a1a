/// The cell simulator: runs a protocol on a cell and keeps curves, per-step sums and a loss budget.
///
/// Model: see parameters.hpp. Finite volumes: one unknown u = φ_s - φ_e per cathode cell; particles eliminated
/// (particle.hpp); variable-step BDF of order 1 and 2 with the error of the stoichiometry under control; the current is
/// an unknown where voltage or power is held. Slow states (contact, growth, metal, heat) advance after each step with
/// the exact solutions of their own laws, so they are first order in the step; `maximum_step` bounds it. Charge is
/// conserved to rounding. I > 0 discharges. Source: design and limits in M. Doyle, T. F. Fuller, J. Newman, J.
/// Electrochem. Soc. 140 (1993) 1526, DOI 10.1149/1.2221597; variable-step BDF2 error: E. Hairer, S. P. Nørsett, G.
/// Wanner, Solving Ordinary Differential Equations I, 2nd ed. (1993), sec. III.5.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "closo/cell/loss_budget.hpp"
#include "closo/cell/parameters.hpp"
#include "closo/cell/protocol.hpp"

namespace closo::cell {

struct SimulationOptions {
  std::size_t cathode_cells = 20;
  std::size_t particle_shells = 20;
  double cathode_grading = 1.0;          ///< 1 uniform; above 1 thinner cells at the separator (1 to 3)
  double particle_grading = 2.0;         ///< 1 uniform; above 1 thinner shells at the surface (1 to 3)
  double tolerance = 1e-4;               ///< error of the stoichiometry a step
  double first_step = 1e-3;              ///< s, after every change of control
  double maximum_step = 1e9;             ///< s
  double event_tolerance = 2e-6;         ///< V at a cut-off; relative at a current cut-off
  double curve_tolerance = 1e-3;         ///< V between the voltage curve and straight lines through its rows
  double longest_step_duration = 3.6e7;  ///< s; a protocol step that lasts longer ends the run
  bool keeps_rows = true;                ///< false: only the per-step sums (long cycling, sweeps, fits)
  bool operator==(const SimulationOptions&) const = default;
};

/// Throws: ParameterError for the first option that is not possible.
void check(const SimulationOptions& options);

enum class RunStatus : unsigned char {
  running,   ///< advance() was told to stop early
  complete,  ///< the protocol is done
  stopped,   ///< cannot go on: see `reason`; everything up to there is kept
};

enum class StepEnd : unsigned char { voltage, current, duration, instant, stopped };
/// "voltage", "current", "duration", "instant", "stopped".
std::string_view to_string(StepEnd end) noexcept;

/// Columns of equal length: one row per accepted time step, and one at the first moment of each protocol step.
struct Rows {
  std::vector<double> time;                ///< s since the start
  std::vector<double> current;             ///< A/m², above 0 on discharge
  std::vector<double> voltage;             ///< V
  std::vector<double> charge;              ///< C/m² passed within the protocol step, above 0
  std::vector<double> mean_stoichiometry;  ///< of the cathode
  std::vector<double> open_circuit;        ///< V, of the mean stoichiometry
  std::vector<double> temperature;         ///< K
  std::vector<std::uint32_t> visit;        ///< index into Protocol::visits
  std::vector<LossBudget> losses;          ///< W/m²
};

/// Sums over one visit of a protocol step.
struct StepSummary {
  std::uint32_t visit = 0, step = 0, cycle = 1;
  StepEnd end = StepEnd::stopped;
  double start_time = 0.0, duration = 0.0;         ///< s
  double charge = 0.0;                             ///< C/m², ∫ I dt with its sign
  double energy = 0.0;                             ///< J/m², ∫ I V dt with its sign
  double side_charge = 0.0;                        ///< C/m², charge of electrolyte oxidation, above 0
  double first_voltage = 0.0, last_voltage = 0.0;  ///< V
  double first_current = 0.0, last_current = 0.0;  ///< A/m²
  double mean_stoichiometry = 0.0;                 ///< at the end
  double temperature = 0.0;                        ///< K, at the end
  double contact_fraction = 1.0;                   ///< cathode mean, at the end
  double isolated_fraction = 0.0;                  ///< cathode mean, at the end
  double cathode_interphase = 0.0;                 ///< m, cathode mean, at the end
  double anode_resistance = 0.0;                   ///< Ω m², interphase, growth and constriction, at the end
  double metal_contact = 1.0;                      ///< at the end
  LossBudget losses;                               ///< J/m², integrated over the step
};

struct SimulationResult {
  RunStatus status = RunStatus::running;
  std::string reason;  ///< of a stopped run, a clause for the user
  Rows rows;
  std::vector<StepSummary> steps;  ///< those that ended, and the one that was stopped
  std::size_t time_steps = 0, rejected_steps = 0, iterations = 0;
};

/// A run that can be advanced in pieces, saved and restored. Copies are independent.
class Simulation {
 public:
  /// Throws: ParameterError for impossible parameters, options or protocol (a cut-off outside of what the open-circuit
  /// curve can reach, currents in mA/g or mA without the cell's mass or area).
  Simulation(CellParameters parameters, Protocol protocol, SimulationOptions options = {});
  Simulation(const Simulation& other);
  Simulation(Simulation&&) noexcept;
  Simulation& operator=(const Simulation& other);
  Simulation& operator=(Simulation&&) noexcept;
  ~Simulation();

  /// Goes on to the end of the protocol, or for at most this many accepted time steps.
  RunStatus advance(std::size_t most_time_steps = static_cast<std::size_t>(-1));

  const SimulationResult& result() const noexcept;
  SimulationResult take_result() &&;
  /// The rows since the start or the last call, which the run then no longer holds: long runs in little memory.
  Rows take_rows();
  const CellParameters& parameters() const noexcept;
  const Protocol& protocol() const noexcept;

  double time() const noexcept;         ///< s
  double temperature() const noexcept;  ///< K
  std::size_t visit() const noexcept;   ///< index of the protocol visit under way
  /// Mean stoichiometry of each cathode cell from the separator to the collector, and the cells' middles [m].
  std::vector<double> cell_stoichiometry() const;
  std::vector<double> cell_positions() const;

  /// The whole run as bytes; a Simulation made of the same parameters, protocol and options goes on bit for bit.
  std::string checkpoint() const;
  /// Throws: InputError for bytes that are not a checkpoint, are cut short, or belong to other parameters.
  void restore(std::string_view bytes);

 private:
  class Engine;
  std::unique_ptr<Engine> engine_;
};

/// Runs a protocol from start to end.
SimulationResult simulate(const CellParameters& parameters, const Protocol& protocol,
                          const SimulationOptions& options = {});

/// The simple case: one discharge or charge at a current density [A/m²] (sign as above) until a voltage [V].
SimulationResult simulate_constant_current(const CellParameters& parameters, double current_density,
                                           double until_voltage, const SimulationOptions& options = {});

}  // namespace closo::cell
