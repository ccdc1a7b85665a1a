#include "closo/stability/voltage_profile.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/num/linear_program.hpp"
#include "closo/stability/detail/open_program.hpp"

namespace closo::stability {
namespace {

void check_range(const ProfileOptions& options) {
  if (std::isfinite(options.lowest_V) && std::isfinite(options.highest_V) && options.lowest_V < options.highest_V)
    return;
  throw base::ParameterError(
      "potential range", base::format_number(options.lowest_V) + " to " + base::format_number(options.highest_V) + " V",
      "a lowest potential below the highest");
}

/// Whether another assemblage is as good in the middle of a piece; at its ends there always is one.
bool is_degenerate_inside(const detail::OpenProgram& program, std::span<const double> costs,
                          const num::LpPiece& piece) {
  const double middle = 0.5 * (piece.from + piece.to);
  std::vector<double> duals(piece.duals);
  for (std::size_t k = 0; k < duals.size(); ++k) duals[k] += (middle - piece.from) * piece.dual_slopes[k];
  return program.has_alternative(piece.basis, piece.values, costs, middle, duals);
}

}  // namespace

int ion_charge(std::string_view element) {
  constexpr std::array<std::pair<std::string_view, int>, 8> charges = {
      {{"Li", 1}, {"Na", 1}, {"K", 1}, {"Ag", 1}, {"Mg", 2}, {"Ca", 2}, {"Zn", 2}, {"Al", 3}}};
  for (const auto& [symbol, charge] : charges) {
    if (symbol == element) return charge;
  }
  throw base::ParameterError("mobile element", "'" + std::string(element) + "'", "Li, Na, K, Ag, Mg, Ca, Zn or Al");
}

VoltageProfile voltage_profile(const ChemicalSystem& system, const base::Formula& composition, std::string_view mobile,
                               const ProfileOptions& options) {
  check_range(options);
  VoltageProfile profile{std::string(mobile), ion_charge(mobile), {}};
  const detail::OpenProgram program(system, composition, mobile, options.reservoirs);
  program.require_bounded(options.lowest_V);
  const std::vector<double> costs = program.costs(system.energies_eV_per_atom(), options.lowest_V);
  num::Simplex simplex = program.solved(options.lowest_V);
  const num::LpPath path = simplex.follow_cost(program.cost_per_volt(), options.highest_V - options.lowest_V);
  if (path.end != num::LpStatus::optimal || path.pieces.empty()) {
    throw base::InternalError("the grand potential was followed to no end");
  }
  for (const num::LpPiece& piece : path.pieces) {
    const double uptake = program.uptake(piece.basis, piece.values);
    const double high_V = piece.to + options.lowest_V;
    // The slope of the grand potential is the mobile content, so equal uptake is one stretch of one straight line.
    if (!profile.steps.empty() &&
        std::abs(profile.steps.back().uptake - uptake) <= 1e-8 * program.composition_atoms()) {
      profile.steps.back().high_V = high_V;
      continue;
    }
    ProfileStep step;
    step.low_V = piece.from + options.lowest_V;
    step.high_V = high_V;
    step.uptake = uptake;
    step.products = program.assemblage(piece.basis, piece.values);
    step.grand_potential_eV = piece.objective;
    step.is_degenerate = is_degenerate_inside(program, costs, piece);
    profile.steps.push_back(std::move(step));
  }
  profile.steps.back().high_V = options.highest_V;
  return profile;
}

OpenEquilibrium open_equilibrium(const ChemicalSystem& system, const base::Formula& composition,
                                 const std::vector<Reservoir>& open) {
  const detail::OpenProgram program(system, composition, {}, open);
  program.require_bounded(0.0);
  const num::Simplex simplex = program.solved(0.0);
  return {simplex.objective(), program.assemblage(simplex.basis(), simplex.values())};
}

}  // namespace closo::stability
