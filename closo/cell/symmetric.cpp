#include "closo/cell/symmetric.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/cell/detail/parameter_check.hpp"

namespace closo::cell {
namespace {

constexpr std::size_t most_points = 5'000'000;
constexpr double precision = 1e-6;
constexpr double currents_per_decade = 20.0;

struct Side {
  double contact = 1.0;
  double grown = 0.0;  // m
};

class Stripping {
 public:
  Stripping(const SymmetricCell& cell, const SymmetricProgram& program, bool keeps_rows)
      : cell_(cell), program_(program), keeps_rows_(keeps_rows) {
    const MetalAnode& metal = cell.electrode;
    for (Side& side : sides_) {
      side.contact = metal.contact ? metal.contact->initial_fraction : 1.0;
      side.grown = metal.growth ? metal.growth->initial_thickness : 0.0;
    }
    separator_ = cell.separator.thickness /
                 ionic_at_temperature(cell.separator.conductivity, cell.temperature, cell.reference_temperature);
    if (metal.exchange_current_density)
      exchange_ = at_temperature(*metal.exchange_current_density, cell.temperature, cell.reference_temperature);
  }

  /// One current, cycle by cycle, until it is done or fails.
  SymmetricStep run(double current) {
    SymmetricStep step;
    step.current_density = current;
    step.first_voltage = voltage(sides_, current);
    for (std::size_t half = 0; half < 2 * program_.cycles_per_current; ++half) {
      const double signed_current = half % 2 == 0 ? current : -current;
      step.end = half_cycle(signed_current, step);
      if (step.end != SymmetricEnd::complete) return step;
      ++step.half_cycles;
      if (program_.rest > 0.0) {
        record(0.0);
        go_on(sides_, 0.0, program_.rest);
        time_ += program_.rest;
        record(0.0);
      }
    }
    return step;
  }

  SymmetricRows rows;

 private:
  SymmetricEnd half_cycle(double current, SymmetricStep& step) {
    record(current);
    const double interval = program_.half_cycle_charge / std::abs(current) / static_cast<double>(program_.points);
    SymmetricEnd end = judge(sides_, current, step);
    for (std::size_t k = 0; k < program_.points && end == SymmetricEnd::complete; ++k) {
      Side next[2] = {sides_[0], sides_[1]};
      go_on(next, current, interval);
      end = judge(next, current);
      double passed = interval;
      if (end != SymmetricEnd::complete) {
        // The moment within the interval, by bisection on the exact course of the contact.
        double before = 0.0;
        for (int halving = 0; halving < 60; ++halving) {
          const double middle = 0.5 * (before + passed);
          Side there[2] = {sides_[0], sides_[1]};
          go_on(there, current, middle);
          (judge(there, current) == SymmetricEnd::complete ? before : passed) = middle;
        }
        next[0] = sides_[0];
        next[1] = sides_[1];
        go_on(next, current, passed);
      }
      sides_[0] = next[0];
      sides_[1] = next[1];
      time_ += passed;
      judge(sides_, current, step);
      record(current);
    }
    return end;
  }

  void go_on(Side (&sides)[2], double current, double time) const {
    const MetalAnode& metal = cell_.electrode;
    for (std::size_t k = 0; k < 2; ++k) {
      if (metal.contact) {
        sides[k].contact = advance(*metal.contact, sides[k].contact, k == 0 ? current : -current, time,
                                   cell_.temperature, cell_.reference_temperature);
      }
      if (metal.growth) {
        const double rate =
            at_temperature(metal.growth->parabolic_rate, cell_.temperature, cell_.reference_temperature);
        sides[k].grown = grown_thickness(*metal.growth, sides[k].grown, time, rate, 0.0);
      }
    }
  }

  double voltage(const Side (&sides)[2], double current) const {
    double sum = current * separator_;
    for (const Side& side : sides) {
      sum += current * metal_interface_resistance(cell_, side.contact, side.grown);
      if (exchange_ > 0.0) sum += metal_overpotential(current, exchange_, side.contact, cell_.temperature);
    }
    return sum;
  }

  SymmetricEnd judge(const Side (&sides)[2], double current) const {
    if (sides[current > 0.0 ? 0 : 1].contact <= program_.contact_limit) return SymmetricEnd::contact;
    return std::abs(voltage(sides, current)) > program_.voltage_limit ? SymmetricEnd::voltage : SymmetricEnd::complete;
  }

  SymmetricEnd judge(const Side (&sides)[2], double current, SymmetricStep& step) const {
    step.highest_voltage = std::max(step.highest_voltage, std::abs(voltage(sides, current)));
    step.lowest_contact = std::min({step.lowest_contact, sides[0].contact, sides[1].contact});
    return judge(sides, current);
  }

  void record(double current) {
    if (!keeps_rows_) return;
    rows.time.push_back(time_);
    rows.current.push_back(current);
    rows.voltage.push_back(voltage(sides_, current));
    rows.first_contact.push_back(sides_[0].contact);
    rows.second_contact.push_back(sides_[1].contact);
  }

  const SymmetricCell& cell_;
  const SymmetricProgram& program_;
  bool keeps_rows_;
  Side sides_[2];
  double separator_ = 0.0;  // Ω m²
  double exchange_ = 0.0;   // A/m²; 0: reversible metal
  double time_ = 0.0;
};

void check_all(const SymmetricCell& cell, const SymmetricProgram& program) {
  detail::require_positive(cell.separator.thickness, "separator.thickness");
  detail::require_positive(cell.separator.conductivity.value, "separator.conductivity");
  detail::require_positive(cell.temperature, "temperature");
  detail::require_positive(cell.reference_temperature, "reference_temperature");
  const MetalAnode& metal = cell.electrode;
  detail::require_not_negative(metal.resistance.value, "electrode.resistance");
  if (metal.exchange_current_density)
    detail::require_positive(metal.exchange_current_density->value, "electrode.exchange_current_density");
  if (metal.contact) check(*metal.contact, "electrode.contact");
  if (metal.growth) check(*metal.growth, "electrode.growth");
  detail::require_positive(program.half_cycle_charge, "half-cycle charge");
  detail::require_not_negative(program.rest, "rest");
  detail::require_positive(program.voltage_limit, "voltage limit");
  detail::require_between(program.contact_limit, smallest_metal_contact, 1.0 - smallest_metal_contact, "contact limit");
  if (program.cycles_per_current == 0) throw base::ParameterError("cycles at each current", "0", "at least 1");
  if (program.points == 0) throw base::ParameterError("points of a half cycle", "0", "at least 1");
  const double points = 2.0 * static_cast<double>(program.cycles_per_current) * static_cast<double>(program.points) *
                        static_cast<double>(std::max<std::size_t>(1, program.current_densities.size()));
  if (points > static_cast<double>(most_points)) {
    throw base::ParameterError("points of the run", base::format_number(points),
                               "at most 5 million: fewer currents, cycles or points of a half cycle");
  }
}

}  // namespace

std::string_view to_string(SymmetricEnd end) noexcept {
  switch (end) {
    case SymmetricEnd::contact:
      return "contact";
    case SymmetricEnd::voltage:
      return "voltage";
    case SymmetricEnd::complete:
      break;
  }
  return "complete";
}

double metal_interface_resistance(const SymmetricCell& cell, double contact_fraction, double grown_thickness) noexcept {
  const MetalAnode& metal = cell.electrode;
  const double kelvin = cell.temperature;
  const double reference = cell.reference_temperature;
  const double theta = std::clamp(contact_fraction, smallest_metal_contact, 1.0);
  double sum = at_temperature({metal.resistance.value, -metal.resistance.energy}, kelvin, reference) / theta;
  if (metal.growth) sum += grown_thickness / (at_temperature(metal.growth->conductivity, kelvin, reference) * theta);
  if (metal.contact) {
    sum += constriction_resistance(theta, ionic_at_temperature(cell.separator.conductivity, kelvin, reference),
                                   metal.contact->contacts_per_area);
  }
  return sum;
}

SymmetricResult simulate_symmetric(const SymmetricCell& cell, const SymmetricProgram& program) {
  check_all(cell, program);
  if (program.current_densities.empty()) throw base::ParameterError("current densities", "none", "at least one");
  for (const double current : program.current_densities) detail::require_positive(current, "current density");
  Stripping stripping(cell, program, true);
  SymmetricResult result;
  for (const double current : program.current_densities) {
    result.steps.push_back(stripping.run(current));
    result.end = result.steps.back().end;
    if (result.end != SymmetricEnd::complete) break;
  }
  result.rows = std::move(stripping.rows);
  return result;
}

CriticalCurrent critical_current(const SymmetricCell& cell, const SymmetricProgram& program, double lowest,
                                 double highest) {
  check_all(cell, program);
  detail::require_positive(lowest, "lowest current density");
  if (!(highest > lowest) || !std::isfinite(highest))
    throw base::ParameterError("highest current density", base::format_number(highest) + " A/m2", "above the lowest");
  const auto fails = [&](double current) { return Stripping(cell, program, false).run(current).end; };
  SymmetricEnd cause = fails(lowest);
  if (cause != SymmetricEnd::complete) return {lowest, cause};
  const double ratio = std::pow(10.0, 1.0 / currents_per_decade);
  double good = lowest;
  while (good < highest) {
    double bad = std::min(good * ratio, highest);
    cause = fails(bad);
    if (cause == SymmetricEnd::complete) {
      good = bad;
      continue;
    }
    while (bad / good - 1.0 > precision) {
      const double middle = std::sqrt(good * bad);
      const SymmetricEnd found = fails(middle);
      if (found != SymmetricEnd::complete) cause = found;
      (found == SymmetricEnd::complete ? good : bad) = middle;
    }
    return {bad, cause};
  }
  return {};
}

}  // namespace closo::cell
