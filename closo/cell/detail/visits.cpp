#include <algorithm>
#include <cmath>
#include <utility>

#include "closo/base/constants.hpp"
#include "closo/base/number.hpp"
#include "closo/cell/detail/engine.hpp"

namespace closo::cell {

RunStatus Simulation::Engine::advance(std::size_t most_time_steps) {
  if (result.status == RunStatus::stopped) return result.status;
  result.status = RunStatus::running;
  for (std::size_t taken = 0; visit < protocol.visits.size();) {
    const ProtocolStep& step = protocol.steps[protocol.visits[visit].step];
    if (step.kind == ProtocolStep::Kind::set_temperature) {
      set_temperature(step.temperature);
      continue;
    }
    const Target target = target_of(step);
    if (!is_in_visit_ && !begin_visit(target)) {
      if (result.status == RunStatus::stopped) return result.status;
      continue;
    }
    if (taken == most_time_steps) return result.status;
    if (visit_time_ > options.longest_step_duration) {
      stop("'" + step.text + "' lasts longer than " + base::format_number(options.longest_step_duration) + " s");
      return result.status;
    }
    if (!take_time_step(target)) return result.status;
    ++taken;
  }
  result.status = RunStatus::complete;
  return result.status;
}

void Simulation::Engine::set_temperature(double value) {
  start_sums();
  surroundings_ = value;
  if (!parameters.heat) temperature = value;
  update_coefficients();
  sums_.first_voltage = now_.voltage;
  end_visit(StepEnd::instant);
}

void Simulation::Engine::start_sums() {
  sums_ = {};
  sums_.visit = static_cast<std::uint32_t>(visit);
  sums_.step = protocol.visits[visit].step;
  sums_.cycle = protocol.visits[visit].cycle;
  sums_.start_time = time;
  visit_time_ = 0.0;
  charge_ = charge_before_ = 0.0;
  side_charge_ = side_charge_before_ = 0.0;
}

/// False when the visit ended at once or cannot begin.
bool Simulation::Engine::begin_visit(const Target& target) {
  is_in_visit_ = true;
  start_sums();
  order_ = 1;
  accepted_in_visit_ = 0;
  step_ = options.first_step;
  last_step_ = step_before_last_ = last_error_ = 0.0;
  if (!solve_instant(target)) {
    stop("'" + protocol.steps[protocol.visits[visit].step].text +
         "' cannot start: the cell has no state at its first moment (more than the electrode's surface can carry)");
    return false;
  }
  update_means();
  sums_.first_voltage = now_.voltage;
  sums_.first_current = now_.current;
  record_row();
  if (event_distance(target, now_) > 0.0) return true;
  end_visit(target.current ? StepEnd::current : StepEnd::voltage);
  return false;
}

void Simulation::Engine::end_visit(StepEnd end) {
  result.steps.push_back(summary(end));
  is_in_visit_ = false;
  ++visit;
}

void Simulation::Engine::stop(std::string reason) {
  result.status = RunStatus::stopped;
  result.reason = std::move(reason);
  result.steps.push_back(summary(StepEnd::stopped));
}

StepSummary Simulation::Engine::summary(StepEnd end) const {
  StepSummary row = sums_;
  row.end = end;
  row.duration = visit_time_;
  row.charge = charge_;
  row.side_charge = side_charge_;
  row.last_voltage = now_.voltage;
  row.last_current = end == StepEnd::instant ? 0.0 : now_.current;
  row.mean_stoichiometry = mean_stoichiometry();
  row.temperature = temperature;
  row.anode_resistance = at_.anode_resistance;
  row.metal_contact = slow_.metal_contact;
  row.contact_fraction = 0.0;
  const double thickness = parameters.cathode.thickness;
  for (std::size_t i = 0; i < electrode_.cells(); ++i) {
    const double share = electrode_.widths()[i] / thickness;
    row.contact_fraction += share * at_.touching[i];
    row.isolated_fraction += share * (1.0 - at_.connected[i]);
    row.cathode_interphase += share * slow_.cathode_thickness[i];
  }
  return row;
}

void Simulation::Engine::record_row() {
  if (!options.keeps_rows) return;
  Rows& rows = result.rows;
  rows.time.push_back(time);
  rows.current.push_back(now_.current);
  rows.voltage.push_back(now_.voltage);
  rows.charge.push_back(std::abs(charge_));
  rows.mean_stoichiometry.push_back(mean_stoichiometry());
  rows.open_circuit.push_back(open_circuit_);
  rows.temperature.push_back(temperature);
  rows.visit.push_back(static_cast<std::uint32_t>(visit));
  rows.losses.push_back(losses_);
}

std::vector<double> Simulation::Engine::cell_stoichiometry() const {
  const std::size_t n = electrode_.cells();
  std::vector<double> mean(n, 0.0);
  for (std::size_t p = 0; p < means_.size(); ++p)
    mean[p % n] += parameters.cathode.material.sizes[p / n].volume_share * means_[p];
  return mean;
}

std::vector<double> Simulation::Engine::positions() const {
  return {electrode_.middles().begin(), electrode_.middles().end()};
}

}  // namespace closo::cell
