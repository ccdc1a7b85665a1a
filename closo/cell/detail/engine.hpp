/// One run of a cell through a protocol: the state, its time steps, and what a checkpoint has to hold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "closo/cell/detail/electrode.hpp"
#include "closo/cell/detail/slow_states.hpp"
#include "closo/cell/simulation.hpp"

namespace closo::cell {

class Simulation::Engine {
 public:
  Engine(CellParameters parameters, Protocol protocol, SimulationOptions options);

  RunStatus advance(std::size_t most_time_steps);
  std::string checkpoint() const;
  void restore(std::string_view bytes);
  std::vector<double> cell_stoichiometry() const;

  const CellParameters parameters;
  const Protocol protocol;
  const SimulationOptions options;
  SimulationResult result;

  // Where the run is.
  std::size_t visit = 0;
  double time = 0.0;
  double temperature = 0.0;
  std::vector<double> positions() const;

 private:
  struct Target {
    detail::Control control;
    std::optional<double> voltage;   // cut-off, V
    double voltage_sign = 1.0;       // +1: ends at or below
    std::optional<double> current;   // cut-off of a hold, A/m²
    std::optional<double> duration;  // s
  };

  void check_protocol() const;
  double areal(const CurrentSetting& setting) const;
  Target target_of(const ProtocolStep& step) const;
  void update_coefficients();
  void prepare(double step);
  bool solve(double step, const detail::Control& control, detail::ElectrodeState& state, bool searches);
  bool solve_instant(const Target& target);
  bool gives_less_power(const Target& target);
  void set_temperature(double value);
  void start_sums();
  bool begin_visit(const Target& target);
  void end_visit(StepEnd end);
  void stop(std::string reason);
  bool take_time_step(const Target& target);
  double event_distance(const Target& target, const detail::ElectrodeState& state) const;
  double longest_step(const Target& target) const;
  void predict(double step, detail::ElectrodeState& state) const;
  double error_estimate(double step, double voltage) const;
  double step_factor(double step, double error) const;
  void accept(double step);
  void advance_slow_states(double step);
  void update_means();
  void record_row();
  double mean_stoichiometry() const;
  StepSummary summary(StepEnd end) const;
  template <class Stream>
  void transfer(Stream& stream);
  std::uint64_t fingerprint() const;

  detail::Electrode electrode_;
  std::vector<ParticleBank> banks_;  // one for each size class
  detail::ElectrodeCoefficients at_;
  double diffusivity_ = 0.0;
  DiffusivityCurve varying_diffusivity_;  // with the thermodynamic factor
  double varying_at_ = 0.0;               // K, the temperature of that curve
  std::vector<detail::SurfaceAnswer> answers_;
  std::vector<double> flux_, means_;

  // Within a visit.
  bool is_in_visit_ = false;
  double visit_time_ = 0.0;
  int order_ = 1;
  std::size_t accepted_in_visit_ = 0;
  double step_ = 0.0;                                // the next one to try, s
  double last_step_ = 0.0, step_before_last_ = 0.0;  // s
  double last_error_ = 0.0;                          // of the last step, over what is allowed
  detail::ElectrodeState now_, before_;
  detail::ElectrodeState trial_, lower_, upper_;  // scratch of one time step
  double charge_ = 0.0, charge_before_ = 0.0;     // C/m², by the same BDF as the particles
  double side_charge_ = 0.0, side_charge_before_ = 0.0;
  StepSummary sums_;
  LossBudget losses_, losses_before_;          // W/m²
  double open_circuit_ = 0.0, entropy_ = 0.0;  // of the mean stoichiometry

  double surroundings_ = 0.0;  // K
  detail::SlowStates slow_;
};

}  // namespace closo::cell
