#include "closo/cell/capability.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/base/parallel.hpp"

namespace closo::cell {
namespace {

using base::ParameterError;

constexpr double used_up = 0.97;

ProtocolStep step_at(ProtocolStep::Kind kind, double per_hour, double until_voltage) {
  ProtocolStep step;
  step.kind = kind;
  step.current = CurrentSetting{CurrentSetting::Basis::c_rate, per_hour};
  step.until_voltage = until_voltage;
  step.text = std::string(kind == ProtocolStep::Kind::charge ? "charge" : "discharge") + " at " +
              base::format_number(per_hour) + "C until " + base::format_number(until_voltage) + " V";
  return step;
}

/// The visits of a protocol that are the discharges of the rates.
struct Plan {
  Protocol protocol;
  std::vector<std::size_t> rates;         // indices into options.per_hour
  std::vector<std::uint32_t> discharges;  // visits, one for each of them
};

Plan plan_of(const RateCapabilityOptions& options, std::vector<std::size_t> rates, bool charges_first) {
  Plan plan;
  const auto add = [&](ProtocolStep step) {
    plan.protocol.visits.push_back({static_cast<std::uint32_t>(plan.protocol.steps.size()), 1});
    plan.protocol.steps.push_back(std::move(step));
  };
  for (const std::size_t rate : rates) {
    const bool is_first = plan.discharges.empty();
    if (!is_first || charges_first)
      add(step_at(ProtocolStep::Kind::charge, options.recharge_per_hour, *options.upper_cutoff));
    plan.discharges.push_back(static_cast<std::uint32_t>(plan.protocol.visits.size()));
    add(step_at(ProtocolStep::Kind::discharge, options.per_hour[rate], options.lower_cutoff));
  }
  plan.rates = std::move(rates);
  return plan;
}

RateLimit limit_of(const RatePoint& point) {
  if (point.status != RunStatus::complete) return RateLimit::stopped;
  if (point.capacity >= used_up * point.reachable) return RateLimit::capacity;
  const LossBudget& end = point.last_losses;
  const double composite = end.cathode_ionic + end.cathode_electronic + end.utilisation;
  const double rest = end.total() - end.diffusion - composite;
  if (rest >= end.diffusion && rest >= composite) return RateLimit::voltage;
  return end.diffusion >= composite ? RateLimit::diffusion : RateLimit::composite;
}

/// What a run says about one of its discharges.
void read(const SimulationResult& run, std::uint32_t visit, const CellParameters& cell, double lower_cutoff,
          RatePoint& point) {
  const auto summary = std::ranges::find(run.steps, visit, &StepSummary::visit);
  if (summary == run.steps.end()) {
    point.reason = run.reason;
    return;
  }
  const bool is_done = summary->end != StepEnd::stopped;
  point.status = is_done ? RunStatus::complete : RunStatus::stopped;
  point.reason = is_done ? std::string() : run.reason;
  point.duration = summary->duration;
  point.capacity = summary->charge;
  point.energy = summary->energy;
  point.losses = summary->losses;
  if (point.capacity > 0.0) point.mean_voltage = point.energy / point.capacity;
  if (point.duration > 0.0) point.mean_power = point.energy / point.duration;
  const double whole = theoretical_capacity(cell.cathode);
  point.utilisation = point.capacity / whole;
  const std::array<double, loss_count> each = values(point.losses);
  const auto largest = std::ranges::max_element(each);
  if (*largest > 0.0) point.largest_loss = static_cast<std::size_t>(largest - each.begin());
  const Rows& rows = run.rows;
  for (std::size_t i = 0; i < rows.time.size(); ++i) {
    if (rows.visit[i] != visit) continue;
    if (point.charge.empty()) {
      const double until = cell.cathode.material.open_circuit.stoichiometry_at(
          lower_cutoff + cell.anode.equilibrium_potential, rows.temperature[i]);
      point.reachable = std::max(0.0, whole * (until - rows.mean_stoichiometry[i]));
      point.temperature = rows.temperature[i];
    }
    point.charge.push_back(rows.charge[i]);
    point.voltage.push_back(rows.voltage[i]);
    point.last_losses = rows.losses[i];
  }
  point.limit = limit_of(point);
}

void check(std::span<const CellParameters> cells, const RateCapabilityOptions& options) {
  if (cells.empty()) throw ParameterError("cells", "none", "at least one cell");
  if (options.per_hour.empty()) throw ParameterError("rates", "none", "at least one rate");
  for (const double rate : options.per_hour) {
    if (!(rate > 0.0) || !std::isfinite(rate))
      throw ParameterError("rate", base::format_number(rate) + " 1/h", "a rate above 0");
  }
  if (!(options.recharge_per_hour > 0.0) || !std::isfinite(options.recharge_per_hour))
    throw ParameterError("recharge rate", base::format_number(options.recharge_per_hour) + " 1/h", "a rate above 0");
  if (!std::isfinite(options.lower_cutoff))
    throw ParameterError("lower cut-off", base::format_number(options.lower_cutoff) + " V", "a voltage");
  if (options.upper_cutoff && !(*options.upper_cutoff > options.lower_cutoff))
    throw ParameterError("upper cut-off", base::format_number(*options.upper_cutoff) + " V",
                         "above the lower cut-off of " + base::format_number(options.lower_cutoff) + " V");
}

}  // namespace

std::string_view to_string(RateLimit limit) noexcept {
  switch (limit) {
    case RateLimit::capacity:
      return "material used up";
    case RateLimit::diffusion:
      return "diffusion in the particles";
    case RateLimit::composite:
      return "transport through the cathode";
    case RateLimit::voltage:
      return "voltage drop";
    case RateLimit::stopped:
      break;
  }
  return "stopped";
}

bool is_built_charged(const CellParameters& parameters, double lower_cutoff, double upper_cutoff) noexcept {
  const OpenCircuit& curve = parameters.cathode.material.open_circuit;
  const double metal = parameters.anode.equilibrium_potential;
  const double charged = curve.stoichiometry_at(upper_cutoff + metal, parameters.temperature);
  const double discharged = curve.stoichiometry_at(lower_cutoff + metal, parameters.temperature);
  return parameters.cathode.initial_stoichiometry < 0.5 * (charged + discharged);
}

std::vector<RatePoint> rate_capability(std::span<const CellParameters> cells, const RateCapabilityOptions& options,
                                       const base::Progress& progress) {
  check(cells, options);
  const std::size_t rates = options.per_hour.size();
  struct Job {
    std::size_t cell = 0;
    Plan plan;
  };
  std::vector<Job> jobs;
  std::vector<RatePoint> points(cells.size() * rates);
  for (std::size_t c = 0; c < cells.size(); ++c) {
    const bool charges_first =
        options.upper_cutoff && !is_built_charged(cells[c], options.lower_cutoff, *options.upper_cutoff);
    if (options.start == RateStart::recharged && rates > 1 && !options.upper_cutoff)
      throw ParameterError("upper cut-off", "not given", "a voltage to which the cell is recharged");
    std::vector<std::size_t> all;
    for (std::size_t r = 0; r < rates; ++r) {
      points[c * rates + r].per_hour = options.per_hour[r];
      points[c * rates + r].temperature = cells[c].temperature;
      points[c * rates + r].current = options.per_hour[r] * rated_capacity(cells[c]) / 3600.0;
      all.push_back(r);
      if (options.start == RateStart::same) jobs.push_back({c, plan_of(options, {r}, charges_first)});
    }
    if (options.start == RateStart::recharged) jobs.push_back({c, plan_of(options, std::move(all), charges_first)});
  }

  SimulationOptions mesh = options.mesh;
  mesh.keeps_rows = true;
  std::mutex guard;
  std::size_t done = 0;
  base::parallel_for(jobs.size(), options.threads, [&](std::size_t j) {
    const Job& job = jobs[j];
    const SimulationResult run = simulate(cells[job.cell], job.plan.protocol, mesh);
    for (std::size_t k = 0; k < job.plan.rates.size(); ++k)
      read(run, job.plan.discharges[k], cells[job.cell], options.lower_cutoff,
           points[job.cell * rates + job.plan.rates[k]]);
    const std::lock_guard<std::mutex> lock(guard);
    ++done;
    if (progress && !progress(static_cast<double>(done) / static_cast<double>(jobs.size()),
                              std::to_string(done) + " of " + std::to_string(jobs.size()) + " runs"))
      throw base::Cancelled();
  });
  return points;
}

}  // namespace closo::cell
