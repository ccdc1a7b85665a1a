#include "closo/stability/detail/limit_search.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "closo/base/error.hpp"

namespace closo::stability::detail {
namespace {

constexpr double stride_V = 0.25;             // followed at once; limits rarely move further
constexpr double inside_V = 1e-3;             // searches begin inside the nominal window, not at its breakpoints
constexpr double on_hull_eV_per_atom = 1e-7;  // as in window.cpp
constexpr double same_fraction = 1e-6;

}  // namespace

LimitSearch::LimitSearch(const ChemicalSystem& system, const base::Formula& compound, std::string_view mobile,
                         const ProfileOptions& options, const Window& nominal)
    : program_(system, compound, mobile, options.reservoirs),
      closed_program_(system, compound, {}, options.reservoirs),
      simplex_(program_.solved(nominal.oxidation.potential_V)),
      closed_simplex_(closed_program_.solved(0.0)),
      lowest_V_(options.lowest_V),
      highest_V_(options.highest_V) {
  const double inward = std::min(inside_V, 0.5 * nominal.width_V());
  nominal_V_ = {nominal.reduction.potential_V + inward, nominal.oxidation.potential_V - inward};
  costs_at_0_V_ = program_.costs(system.energies_eV_per_atom(), 0.0);
  for (std::size_t side = 0; side < nominal_V_.size(); ++side) {
    const std::vector<std::size_t> start(simplex_.basis().begin(), simplex_.basis().end());
    solve_at(nominal_V_[side], start);
    nominal_basis_[side].assign(simplex_.basis().begin(), simplex_.basis().end());
  }
  drawn_phases_.assign(program_.phases().begin(), program_.phases().end());
  drawn_phases_.insert(drawn_phases_.end(), program_.reservoir_phases().begin(), program_.reservoir_phases().end());
  for (const double per_volt : program_.cost_per_volt()) volts_down_.push_back(-per_volt);

  closed_basis_.assign(closed_simplex_.basis().begin(), closed_simplex_.basis().end());
  const std::size_t elements = system.elements().size();
  const std::vector<double> amounts = system.amounts(compound);
  for (std::size_t column = 0; column < closed_program_.columns(); ++column) {
    const double* fractions = system.fractions().data() + closed_program_.phase(column) * elements;
    bool is_compound = true;
    for (std::size_t e = 0; e < elements; ++e) {
      is_compound = is_compound && std::abs(fractions[e] - amounts[e] / compound.atoms()) <= same_fraction;
    }
    if (is_compound) compound_columns_.push_back(column);
  }
}

/// Solves at a potential and returns the uptake there.
double LimitSearch::solve_at(double potential_V, std::span<const std::size_t> start) {
  costs_.resize(costs_at_0_V_.size());
  for (std::size_t j = 0; j < costs_.size(); ++j) {
    costs_[j] = costs_at_0_V_[j] + potential_V * program_.cost_per_volt()[j];
  }
  simplex_.set_cost(costs_);
  const num::LpStatus status =
      start.empty() ? simplex_.solve() : simplex_.solve_from(start).value_or(num::LpStatus::infeasible);
  if (status != num::LpStatus::optimal) throw base::InternalError("a phase equilibrium without an optimum");
  return program_.uptake(simplex_.basis(), simplex_.values());
}

std::vector<std::size_t> LimitSearch::products(std::span<const std::size_t> basis,
                                               std::span<const double> values) const {
  std::vector<std::size_t> result;
  for (const PhaseAmount& part : program_.assemblage(basis, values)) result.push_back(part.phase);
  return result;
}

/// The uptake falls with the potential. The oxidation limit is where it turns negative, the reduction limit where it
/// stops being positive; the products are those of the far side.
FoundLimit LimitSearch::edge(Side side, double lowest_V) {
  const bool is_oxidation = side == Side::oxidation;
  const auto is_above = [is_oxidation](double uptake) { return is_oxidation ? uptake < 0.0 : uptake <= 0.0; };
  const auto index = static_cast<std::size_t>(side);
  double potential_V = std::max(nominal_V_[index], lowest_V);
  const bool goes_down = is_above(solve_at(potential_V, nominal_basis_[index]));
  const double end_V = goes_down ? lowest_V : highest_V_;
  const std::span<const double> direction = goes_down ? std::span<const double>(volts_down_) : program_.cost_per_volt();

  std::vector<std::size_t> near_basis(simplex_.basis().begin(), simplex_.basis().end());
  std::vector<double> near_values(simplex_.values().begin(), simplex_.values().end());
  while (potential_V != end_V) {
    const double stride = std::min(stride_V, std::abs(end_V - potential_V));
    num::LpPath path = simplex_.follow_cost(direction, stride);
    for (num::LpPiece& piece : path.pieces) {
      if (is_above(program_.uptake(piece.basis, piece.values)) == goes_down) {
        near_basis = std::move(piece.basis);
        near_values = std::move(piece.values);
        continue;
      }
      const bool far_is_new = goes_down != is_oxidation;
      FoundLimit found;
      found.potential_V = goes_down ? potential_V - piece.from : potential_V + piece.from;
      found.products = far_is_new ? products(piece.basis, piece.values) : products(near_basis, near_values);
      return found;
    }
    potential_V = stride < stride_V ? end_V : potential_V + (goes_down ? -stride : stride);
    solve_at(potential_V, {});
  }
  // The range ends first: nothing beyond, or everything.
  FoundLimit found;
  found.potential_V = end_V;
  found.is_open = goes_down != is_oxidation;
  if (!found.is_open) found.products = products(near_basis, near_values);
  return found;
}

bool LimitSearch::is_on_hull(std::span<const double> energies_eV_per_atom) {
  if (compound_columns_.empty()) return false;
  const std::vector<double> costs = closed_program_.costs(energies_eV_per_atom, 0.0);
  closed_simplex_.set_cost(costs);
  if (closed_simplex_.solve_from(closed_basis_) != num::LpStatus::optimal) {
    throw base::InternalError("a phase equilibrium without an optimum");
  }
  const double best = closed_simplex_.objective() / closed_program_.composition_atoms();
  return std::any_of(compound_columns_.begin(), compound_columns_.end(),
                     [&](std::size_t column) { return costs[column] <= best + on_hull_eV_per_atom; });
}

Limits LimitSearch::find(std::span<const double> energies_eV_per_atom) {
  const OpenProgram::Bound bound = program_.bound(energies_eV_per_atom);
  const double lowest_V = std::max(lowest_V_, bound.potential_V);
  if (!(lowest_V < highest_V_)) {
    throw base::NumericsError("the grand potential is unbounded in the whole range of potentials");
  }
  costs_at_0_V_ = program_.costs(energies_eV_per_atom, 0.0);
  Limits limits;
  limits.reduction = edge(Side::reduction, lowest_V);
  limits.oxidation = edge(Side::oxidation, lowest_V);
  limits.is_on_hull = is_on_hull(energies_eV_per_atom);
  return limits;
}

}  // namespace closo::stability::detail
