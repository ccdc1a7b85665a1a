#include "closo/cell/simulation.hpp"

#include <cmath>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/cell/detail/engine.hpp"

namespace closo::cell {

std::string_view to_string(StepEnd end) noexcept {
  switch (end) {
    case StepEnd::voltage:
      return "voltage";
    case StepEnd::current:
      return "current";
    case StepEnd::duration:
      return "duration";
    case StepEnd::instant:
      return "instant";
    case StepEnd::stopped:
      break;
  }
  return "stopped";
}

Simulation::Simulation(CellParameters parameters, Protocol protocol, SimulationOptions options)
    : engine_(std::make_unique<Engine>(std::move(parameters), std::move(protocol), options)) {}
Simulation::Simulation(const Simulation& other) : engine_(std::make_unique<Engine>(*other.engine_)) {}
Simulation::Simulation(Simulation&&) noexcept = default;
Simulation& Simulation::operator=(const Simulation& other) {
  if (this != &other) engine_ = std::make_unique<Engine>(*other.engine_);
  return *this;
}
Simulation& Simulation::operator=(Simulation&&) noexcept = default;
Simulation::~Simulation() = default;

RunStatus Simulation::advance(std::size_t most_time_steps) { return engine_->advance(most_time_steps); }
const SimulationResult& Simulation::result() const noexcept { return engine_->result; }
SimulationResult Simulation::take_result() && { return std::move(engine_->result); }
Rows Simulation::take_rows() { return std::exchange(engine_->result.rows, Rows{}); }
const CellParameters& Simulation::parameters() const noexcept { return engine_->parameters; }
const Protocol& Simulation::protocol() const noexcept { return engine_->protocol; }
double Simulation::time() const noexcept { return engine_->time; }
double Simulation::temperature() const noexcept { return engine_->temperature; }
std::size_t Simulation::visit() const noexcept { return engine_->visit; }
std::vector<double> Simulation::cell_stoichiometry() const { return engine_->cell_stoichiometry(); }
std::vector<double> Simulation::cell_positions() const { return engine_->positions(); }
std::string Simulation::checkpoint() const { return engine_->checkpoint(); }

void Simulation::restore(std::string_view bytes) {
  auto restored = std::make_unique<Engine>(engine_->parameters, engine_->protocol, engine_->options);
  restored->restore(bytes);
  engine_ = std::move(restored);
}

SimulationResult simulate(const CellParameters& parameters, const Protocol& protocol,
                          const SimulationOptions& options) {
  Simulation simulation(parameters, protocol, options);
  simulation.advance();
  return std::move(simulation).take_result();
}

SimulationResult simulate_constant_current(const CellParameters& parameters, double current_density,
                                           double until_voltage, const SimulationOptions& options) {
  if (!(std::abs(current_density) > 0.0) || !std::isfinite(current_density)) {
    throw base::ParameterError("current density", base::format_number(current_density), "a number other than 0");
  }
  ProtocolStep step;
  step.kind = current_density > 0.0 ? ProtocolStep::Kind::discharge : ProtocolStep::Kind::charge;
  step.current = CurrentSetting{CurrentSetting::Basis::density, std::abs(current_density)};
  step.until_voltage = until_voltage;
  step.text = current_density > 0.0 ? "discharge" : "charge";
  return simulate(parameters, {{step}, {{0, 1}}}, options);
}

}  // namespace closo::cell
