#include "closo/cell/detail/engine.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/cell/detail/event_search.hpp"
#include "closo/cell/detail/parameter_check.hpp"

namespace closo::cell {

using detail::Control;
using detail::ElectrodeState;

namespace {

constexpr double shortest_step = 1e-10;  // s
constexpr int most_attempts = 200;
constexpr int most_linearisations = 30;
constexpr int most_whole_linearisations = 5;
constexpr int failures_before_search = 6;  // a shorter step is the cheaper cure

}  // namespace

Simulation::Engine::Engine(CellParameters cell, Protocol steps, SimulationOptions chosen)
    : parameters((check(cell), std::move(cell))),
      protocol(std::move(steps)),
      options(chosen),
      electrode_((check(chosen), parameters), chosen.cathode_cells, chosen.cathode_grading) {
  temperature = surroundings_ = parameters.temperature;
  const Cathode& cathode = parameters.cathode;
  const std::size_t n = options.cathode_cells;
  for (const SizeClass& size : cathode.material.sizes) {
    banks_.emplace_back(cathode.material.shape, size.radius, options.particle_shells, options.particle_grading, n,
                        cathode.initial_stoichiometry);
  }
  const std::size_t particles = n * banks_.size();
  const OpenCircuit& curve = cathode.material.open_circuit;
  now_.u.assign(n, curve.potential(cathode.initial_stoichiometry, temperature));
  now_.j.assign(particles, 0.0);
  now_.overpotential.assign(particles, 0.0);
  now_.surface.assign(particles, cathode.initial_stoichiometry);
  before_ = now_;
  means_.assign(particles, cathode.initial_stoichiometry);
  slow_ = detail::start_states(parameters, n);
  check_protocol();
  update_coefficients();
}

double Simulation::Engine::areal(const CurrentSetting& setting) const {
  using Basis = CurrentSetting::Basis;
  switch (setting.basis) {
    case Basis::c_rate:
      return setting.value * rated_capacity(parameters) / 3600.0;
    case Basis::density:
      return setting.value;
    case Basis::specific:
      if (!parameters.areal_active_mass)
        throw base::ParameterError("areal_active_mass", "not given", "a mass per area, for currents per mass");
      return setting.value * *parameters.areal_active_mass;
    case Basis::total:
      if (!parameters.area) throw base::ParameterError("area", "not given", "an area, for currents in ampere");
      return setting.value / *parameters.area;
  }
  throw base::InternalError("a current without a basis");
}

Simulation::Engine::Target Simulation::Engine::target_of(const ProtocolStep& step) const {
  using Kind = ProtocolStep::Kind;
  Target target;
  target.voltage = step.until_voltage;
  target.duration = step.duration;
  if (step.until_current) target.current = areal(*step.until_current);
  const double sign = step.kind == Kind::charge ? -1.0 : 1.0;
  target.voltage_sign = sign;
  if (step.kind == Kind::hold) {
    target.control = {Control::Kind::voltage, step.voltage};
  } else if (step.current) {
    target.control = {Control::Kind::current, sign * areal(*step.current)};
  } else if (step.power_density) {
    target.control = {Control::Kind::power, sign * *step.power_density};
  } else if (step.power) {
    if (!parameters.area) throw base::ParameterError("area", "not given", "an area, for powers in watt");
    target.control = {Control::Kind::power, sign * *step.power / *parameters.area};
  }
  return target;
}

void Simulation::Engine::check_protocol() const {
  if (protocol.visits.empty()) throw base::ParameterError("protocol", "no step", "one step or more");
  const OpenCircuit& curve = parameters.cathode.material.open_circuit;
  const double offset = parameters.anode.equilibrium_potential;
  for (const Protocol::Visit& each : protocol.visits) {
    if (each.step >= protocol.steps.size())
      throw base::ParameterError("protocol", "a visit of no step", "steps that exist");
  }
  for (const ProtocolStep& step : protocol.steps) {
    using Kind = ProtocolStep::Kind;
    const std::string name = "step '" + step.text + "'";
    if (step.kind == Kind::set_temperature) {
      detail::require_positive(step.temperature, name);
      continue;
    }
    const Target target = target_of(step);
    if (!target.voltage && !target.current && !target.duration)
      throw base::ParameterError(name, "no end", "an end by voltage, current or time");
    if (target.current && step.kind != Kind::hold)
      throw base::ParameterError(name, "ends at a current", "an end by voltage or time unless a voltage is held");
    if (target.voltage && step.kind != Kind::discharge && step.kind != Kind::charge)
      throw base::ParameterError(name, "ends at a voltage", "an end by voltage only for discharge and charge");
    const double highest = curve.potential(1e-12, temperature) - offset;
    const double lowest = curve.potential(1.0 - 1e-12, temperature) - offset;
    std::optional<double> voltage = target.voltage;
    if (step.kind == Kind::hold) voltage = step.voltage;
    const bool is_too_high = voltage && step.kind != Kind::discharge && !(*voltage < highest);
    const bool is_too_low = voltage && step.kind != Kind::charge && !(*voltage > lowest);
    if (is_too_high || is_too_low) {
      throw base::ParameterError(name, base::format_number(*voltage) + " V",
                                 "a voltage that the open-circuit curve can reach, " + base::format_number(lowest, 3) +
                                     " to " + base::format_number(highest, 3) + " V");
    }
  }
}

void check(const SimulationOptions& options) {
  if (options.cathode_cells < 2 || options.cathode_cells > 2000)
    throw base::ParameterError("cathode cells", std::to_string(options.cathode_cells), "2 to 2000");
  if (options.particle_shells < 2 || options.particle_shells > 2000)
    throw base::ParameterError("particle shells", std::to_string(options.particle_shells), "2 to 2000");
  detail::require_between(options.cathode_grading, 1.0, 3.0, "cathode grading");
  detail::require_between(options.particle_grading, 1.0, 3.0, "particle grading");
  detail::require_between(options.tolerance, 1e-9, 0.01, "tolerance");
  detail::require_between(options.first_step, 1e-9, 1e6, "first step");
  detail::require_positive(options.maximum_step, "maximum step");
  detail::require_between(options.event_tolerance, 1e-9, 1e-2, "event tolerance");
  detail::require_positive(options.curve_tolerance, "curve tolerance");
  detail::require_positive(options.longest_step_duration, "longest step duration");
}

void Simulation::Engine::update_coefficients() {
  const ActiveMaterial& material = parameters.cathode.material;
  at_ = detail::coefficients(parameters, slow_, temperature, options.cathode_cells);
  diffusivity_ = at_temperature(material.diffusivity, temperature, parameters.reference_temperature);
  if (!material.has_thermodynamic_factor || varying_at_ == temperature) return;
  varying_diffusivity_ =
      DiffusivityCurve([&](double z) { return detail::diffusivity(material, diffusivity_, z, temperature); });
  varying_at_ = temperature;
}

void Simulation::Engine::prepare(double step) {
  const bool is_varying = parameters.cathode.material.has_thermodynamic_factor;
  const double previous = accepted_in_visit_ > 0 ? last_step_ : 0.0;
  const BdfWeights weights = bdf_weights(order_, step, previous);
  answers_.clear();
  for (ParticleBank& bank : banks_) {
    if (is_varying) {
      step > 0.0 ? bank.prepare(weights, varying_diffusivity_, previous) : bank.prepare_instant(varying_diffusivity_);
    } else {
      step > 0.0 ? bank.prepare(weights, diffusivity_) : bank.prepare_instant(diffusivity_);
    }
    answers_.push_back({bank.surface_base(), bank.surface_response(), is_varying ? &varying_diffusivity_ : nullptr});
  }
}

/// From a state near the solution to the solution after a step (none: this moment), with its profiles; with D(z) again
/// until the profiles lie where they were linearised.
bool Simulation::Engine::solve(double step, const Control& control, ElectrodeState& state, bool searches) {
  const std::size_t n = electrode_.cells();
  const BdfWeights weights = bdf_weights(order_, step, accepted_in_visit_ > 0 ? last_step_ : 0.0);
  prepare(step);
  for (int pass = 0; pass < most_linearisations; ++pass) {
    const detail::Electrode::Outcome outcome = electrode_.solve(at_, answers_, control, state, searches);
    result.iterations += outcome.iterations;
    if (!outcome.is_converged) return false;
    // The product of voltage and current has a second root, of a cell driven beyond 0 V.
    if (control.kind == Control::Kind::power && control.target != 0.0 && !(state.voltage > 0.0)) return false;
    if (step == 0.0) return true;
    electrode_.surface_flux(at_, state, flux_);
    double distance = 0.0;
    for (std::size_t k = 0; k < banks_.size(); ++k) {
      banks_[k].finish(std::span<const double>(flux_).subspan(k * n, n));
      distance = std::max(distance, banks_[k].distance_to_linearisation());
    }
    if (distance <= options.tolerance) return true;
    // Half of the way where it jumps to and fro between steep and flat parts of D(z).
    const double share = pass < most_whole_linearisations ? 1.0 : 0.5;
    for (ParticleBank& bank : banks_) bank.prepare_again(weights, varying_diffusivity_, share);
  }
  return false;
}

bool Simulation::Engine::solve_instant(const Target& target) {
  const OpenCircuit& curve = parameters.cathode.material.open_circuit;
  // For a power the search is slow where there is no state, so small changes come first.
  const bool is_power = target.control.kind == Control::Kind::power;
  const auto try_from = [&](ElectrodeState state, const Control& control) {
    const bool is_solved = solve(0.0, control, state, control.kind != Control::Kind::power);
    if (is_solved) now_ = std::move(state);
    return is_solved;
  };
  const std::size_t n = electrode_.cells();
  const std::size_t outermost = options.particle_shells - 1;
  ElectrodeState rest = now_;
  for (std::size_t p = 0; p < rest.j.size(); ++p) {
    rest.j[p] = 0.0;
    rest.surface[p] = std::clamp(banks_[p / n].at(outermost, p % n), 1e-9, 1.0 - 1e-9);
    if (p < n) rest.u[p] = curve.potential(rest.surface[p], temperature);
  }
  rest.current = 0.0;
  if (target.control.kind == Control::Kind::current || result.time_steps == 0) {
    if (try_from(rest, target.control)) return true;
  } else if (try_from(now_, target.control) || try_from(rest, target.control)) {
    return true;
  }
  // By small changes of what is held, from rest. Where the surface of the particles cannot carry all of it, the voltage
  // passes every cut-off before the last of the part that it can.
  if (!try_from(rest, {Control::Kind::current, 0.0})) return false;
  const double start = target.control.kind == Control::Kind::voltage ? now_.voltage : 0.0;
  double low = 0.0;
  double high = 1.0;
  while (high - low > 1e-12) {
    const double share = 0.5 * (low + high);
    Control control = target.control;
    control.target = start + (control.target - start) * share;
    const bool is_solved = try_from(now_, control);
    if (is_solved && (event_distance(target, now_) <= 0.0 || try_from(now_, target.control))) return true;
    (is_solved ? low : high) = share;
  }
  if (!is_power) return false;
  return gives_less_power(target) || solve(0.0, target.control, now_, true);
}

/// Whether the cell, held at the cut-off, gives less than the power asked for: a cycler that looks for the power gets
/// there. The state is then that of the cut-off.
bool Simulation::Engine::gives_less_power(const Target& target) {
  if (target.control.kind != Control::Kind::power || !target.voltage || !(target.control.target > 0.0)) return false;
  ElectrodeState state = now_;
  if (!solve(0.0, {Control::Kind::voltage, *target.voltage}, state, true)) return false;
  if (!(state.voltage * state.current < target.control.target)) return false;
  now_ = std::move(state);
  now_.voltage = *target.voltage;
  return true;
}

double Simulation::Engine::event_distance(const Target& target, const ElectrodeState& state) const {
  double distance = std::numeric_limits<double>::infinity();
  if (target.voltage) distance = target.voltage_sign * (state.voltage - *target.voltage);
  if (target.current) {
    const double current = std::max(std::abs(state.current), 1e-300);
    distance = std::min(distance, std::log(current / *target.current));
  }
  return distance;
}

/// At a constant current no step can lead beyond full or empty particles.
double Simulation::Engine::longest_step(const Target& target) const {
  double longest = options.maximum_step;
  if (target.control.kind != Control::Kind::current || target.control.target == 0.0) return longest;
  const double current = target.control.target;
  const double filled = mean_stoichiometry();
  const double room = (current > 0.0 ? 1.0 - filled : filled) * theoretical_capacity(parameters.cathode);
  return std::min(longest, std::max(0.9 * room / std::abs(current), options.first_step));
}

/// The start of the iteration: order 2 goes on in a straight line.
void Simulation::Engine::predict(double step, ElectrodeState& state) const {
  state = now_;
  if (order_ < 2) return;
  const double ahead = step / last_step_;
  for (std::size_t i = 0; i < state.u.size(); ++i) state.u[i] += ahead * (now_.u[i] - before_.u[i]);
  for (std::size_t p = 0; p < state.j.size(); ++p) state.j[p] += ahead * (now_.j[p] - before_.j[p]);
  state.current += ahead * (now_.current - before_.current);
}

/// Of the new profiles and of the straight line through the voltages, each over what is allowed, as a power of the step
/// that step_factor() knows.
double Simulation::Engine::error_estimate(double step, double voltage) const {
  if (accepted_in_visit_ == 0) return 0.1;
  double distance = 0.0;
  double share = 0.0;
  if (order_ == 1) {
    for (const ParticleBank& bank : banks_) distance = std::max(distance, bank.distance_to_linear(step, last_step_));
    share = step / (2.0 * step + last_step_);
  } else {
    for (const ParticleBank& bank : banks_)
      distance = std::max(distance, bank.distance_to_quadratic(step, last_step_, step_before_last_));
    const double own = step * (step + last_step_) / (2.0 * step + last_step_);
    share = own / (step + last_step_ + step_before_last_ + own);
  }
  const double bend = voltage - now_.voltage - step / last_step_ * (now_.voltage - before_.voltage);
  const double chord = 0.25 * std::abs(bend) * step / (step + last_step_) / options.curve_tolerance;
  return std::max(share * distance / options.tolerance, order_ == 1 ? chord : chord * std::sqrt(chord));
}

/// How much longer the next step may be than this one. Where the allowed step shrinks from step to step it is expected
/// to go on shrinking (K. Gustafsson, ACM Trans. Math. Softw. 20 (1994) 496, DOI 10.1145/198429.198437).
double Simulation::Engine::step_factor(double step, double error) const {
  if (!(error > 0.0)) return 2.0;
  const double exponent = 1.0 / (order_ + 1.0);
  const double factor = 0.9 * std::pow(error, -exponent);
  if (!(last_error_ > 0.0) || accepted_in_visit_ == 0) return factor;
  return factor * std::min(1.0, step / last_step_ * std::pow(last_error_ / error, exponent));
}

bool Simulation::Engine::take_time_step(const Target& target) {
  const double remaining = target.duration ? *target.duration - visit_time_ : std::numeric_limits<double>::infinity();
  const double longest = longest_step(target);
  const auto held = [&](double h) {
    h = std::min(h, longest);
    if (h >= remaining) return remaining;
    return h > 0.5 * remaining ? 0.5 * remaining : h;
  };
  std::optional<detail::EventSearch::Point> earlier;
  if (accepted_in_visit_ > 0) earlier = {-last_step_, event_distance(target, before_)};
  detail::EventSearch search(event_distance(target, now_), earlier);
  double step = held(step_);
  bool is_cut = false;
  const bool may_search = target.control.kind != Control::Kind::power;
  int failures = 0;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    if (search.is_bracketed()) {
      // Between two solved trials nothing is nearer than what lies between their states.
      const double share = (step - search.lower()) / (search.upper() - search.lower());
      const ElectrodeState& from = search.lower() > 0.0 ? lower_ : now_;
      trial_ = from;
      for (std::size_t i = 0; i < trial_.u.size(); ++i) trial_.u[i] += share * (upper_.u[i] - from.u[i]);
      for (std::size_t p = 0; p < trial_.j.size(); ++p) trial_.j[p] += share * (upper_.j[p] - from.j[p]);
      trial_.current += share * (upper_.current - from.current);
    } else {
      predict(step, trial_);
    }
    const bool is_solved = solve(step, target.control, trial_, may_search && failures >= failures_before_search);
    double error = std::numeric_limits<double>::infinity();
    if (is_solved) {
      const bool is_sound =
          std::all_of(banks_.begin(), banks_.end(), [](const ParticleBank& bank) { return bank.is_within_range(); });
      if (!is_sound && order_ == 2) {
        order_ = 1;  // full or empty particles: order 2 overshoots
        ++result.rejected_steps;
        continue;
      }
      error = error_estimate(step, trial_.voltage);
    } else if (++failures > 1) {
      order_ = 1;
    }
    if (!(error <= 1.0)) {
      ++result.rejected_steps;
      const double factor = is_solved ? std::max(0.2, 0.9 * std::pow(error, -1.0 / (order_ + 1.0))) : 0.25;
      search.forget_upper();
      is_cut = true;
      step = search.lower() + factor * (step - search.lower());
      if (!(step - search.lower() > shortest_step)) break;
      continue;
    }
    const double distance = event_distance(target, trial_);
    const bool is_at_event = std::abs(distance) <= options.event_tolerance ||
                             (search.is_bracketed() && search.upper() - search.lower() < 1e-9 * (1.0 + search.upper()));
    if (!is_at_event && (distance < 0.0 || search.is_bracketed())) {
      (distance < 0.0 ? upper_ : lower_) = trial_;
      search.add(step, distance);
      ++result.rejected_steps;
      step = search.next();
      continue;
    }
    const double factor = step_factor(step, error);
    accept(step);
    last_error_ = error;
    step_ = step * std::clamp(factor, 0.3, is_cut ? 1.0 : 2.0);
    if (is_at_event) {
      end_visit(target.current ? StepEnd::current : StepEnd::voltage);
    } else if (target.duration && step == remaining) {
      end_visit(StepEnd::duration);
    }
    return true;
  }
  if (gives_less_power(target)) {
    update_means();
    end_visit(StepEnd::voltage);
    return true;
  }
  stop("no time step from " + base::format_number(time) +
       " s on succeeds, however short: the equations have no "
       "solution that goes on (surface of the particles full or empty, or contact lost)");
  return false;
}

/// Takes the trial's state and profiles over.
void Simulation::Engine::accept(double step) {
  const BdfWeights weights = bdf_weights(order_, step, accepted_in_visit_ > 0 ? last_step_ : 0.0);
  const auto integrate = [&](double& value, double& previous, double rate) {
    const double next = (step * rate - weights.now * value - weights.before * previous) / weights.next;
    previous = value;
    value = next;
  };
  integrate(charge_, charge_before_, trial_.current);
  integrate(side_charge_, side_charge_before_, trial_.side_current);
  const double power_before = before_.current * before_.voltage;
  const double power = now_.current * now_.voltage;
  const LossBudget losses = losses_;
  for (ParticleBank& bank : banks_) bank.accept();
  std::swap(before_, now_);
  std::swap(now_, trial_);
  update_means();
  // The parabola through the last three moments, on this step.
  const double earlier = accepted_in_visit_ > 0 ? -step * step / (6.0 * last_step_ * (step + last_step_)) : 0.0;
  const double later = 0.5 - (accepted_in_visit_ > 0 ? step / (6.0 * (step + last_step_)) : 0.0);
  const double middle = 1.0 - earlier - later;
  sums_.energy += step * (earlier * power_before + middle * power + later * now_.current * now_.voltage);
  sums_.losses += losses_before_ * (step * earlier);
  sums_.losses += losses * (step * middle);
  sums_.losses += losses_ * (step * later);
  losses_before_ = losses;
  time += step;
  visit_time_ += step;
  step_before_last_ = last_step_;
  last_step_ = step;
  ++accepted_in_visit_;
  ++result.time_steps;
  if (accepted_in_visit_ >= 2) order_ = 2;
  record_row();
  advance_slow_states(step);
}

void Simulation::Engine::advance_slow_states(double step) {
  const bool is_ageing =
      parameters.cathode.contact || parameters.cathode.growth || parameters.anode.contact || parameters.anode.growth;
  if (!is_ageing && !parameters.heat) return;
  if (is_ageing) detail::advance(slow_, parameters, at_, now_, means_, step);
  if (parameters.heat) {
    const double release = heat_release(now_.current, open_circuit_, now_.voltage, temperature, entropy_);
    temperature = cell::advance(*parameters.heat, temperature, surroundings_, release, step);
  }
  update_coefficients();
}

void Simulation::Engine::update_means() {
  const std::size_t n = electrode_.cells();
  for (std::size_t k = 0; k < banks_.size(); ++k) banks_[k].means(std::span<double>(means_).subspan(k * n, n));
  const double mean = mean_stoichiometry();
  const OpenCircuitPoint open = parameters.cathode.material.open_circuit.at(mean, temperature);
  open_circuit_ = open.potential - parameters.anode.equilibrium_potential;
  entropy_ = open.temperature_derivative;
  losses_ = electrode_.losses(at_, now_, means_, mean);
}

double Simulation::Engine::mean_stoichiometry() const {
  const std::size_t n = electrode_.cells();
  double sum = 0.0;
  double volume = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    const double weight = electrode_.widths()[i] * at_.connected[i];
    volume += weight;
    for (std::size_t k = 0; k < banks_.size(); ++k)
      sum += weight * parameters.cathode.material.sizes[k].volume_share * means_[k * n + i];
  }
  return sum / volume;
}

}  // namespace closo::cell
