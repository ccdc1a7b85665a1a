#include "closo/stability/detail/contact.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::stability::detail {
namespace {

constexpr double same_fraction = 1e-9;
constexpr double same_energy_eV = 1e-9;

std::vector<double> difference(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> out(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) out[i] = a[i] - b[i];
  return out;
}

double reach(const std::vector<double>& numbers) {
  double out = 0.0;
  for (const double number : numbers) out = std::max(out, std::abs(number));
  return out;
}

/// For each row the cheapest column that holds nothing else; empty when a row has none.
std::vector<std::size_t> pure_columns(const ContactPhases& phases) {
  constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::vector<std::size_t> out(phases.rows, none);
  for (std::size_t j = 0; j < phases.ids.size(); ++j) {
    const double* column = phases.shares.data() + j * phases.rows;
    const auto row = static_cast<std::size_t>(std::max_element(column, column + phases.rows) - column);
    if (column[row] < 1.0) continue;
    if (out[row] == none || phases.energies_eV[j] < phases.energies_eV[out[row]]) out[row] = j;
  }
  if (std::find(out.begin(), out.end(), none) != out.end()) out.clear();
  return out;
}

}  // namespace

Contact::Contact(ContactPhases phases, ContactBody a, ContactBody b)
    : phases_(std::move(phases)),
      a_(std::move(a)),
      b_(std::move(b)),
      direction_(difference(a_.shares, b_.shares)),
      elements_(pure_columns(phases_)),
      is_one_composition_(reach(direction_) < same_fraction),
      simplex_(phases_.rows, phases_.shares, phases_.energies_eV, b_.shares) {}

void Contact::solve_at_b(double potential_eV) {
  if (phases_.reservoir_eV && potential_eV > *phases_.reservoir_eV + same_energy_eV) {
    throw base::NumericsError(
        "the grand potential has no lower bound: the chemical potential of the open element, " +
        base::format_number(potential_eV, 6) + " eV, lies above that of the element in the set, " +
        base::format_number(*phases_.reservoir_eV, 6) + " eV (potentials below 0 V plate the metal)");
  }
  if (potential_eV != 0.0) {
    std::vector<double> cost(phases_.energies_eV);
    for (std::size_t j = 0; j < cost.size(); ++j) cost[j] -= potential_eV * phases_.open[j];
    simplex_.set_cost(cost);
  } else {
    simplex_.set_cost(phases_.energies_eV);
  }
  simplex_.set_rhs(b_.shares);
  std::optional<num::LpStatus> status;
  if (!elements_.empty()) status = simplex_.solve_from(elements_);
  if (!status) status = simplex_.solve();
  if (*status != num::LpStatus::optimal) {
    throw base::NumericsError("the phases of the set cannot make up the composition of the materials in contact");
  }
}

std::vector<std::pair<std::size_t, double>> Contact::amounts(const num::LpPiece& piece, double distance) const {
  std::vector<std::pair<std::size_t, double>> out;
  for (std::size_t k = 0; k < piece.basis.size(); ++k) {
    const double value = piece.values[k] + distance * piece.value_slopes[k];
    if (piece.basis[k] < phases_.ids.size() && value > same_fraction) {
      out.emplace_back(phases_.ids[piece.basis[k]], value);
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<ContactPoint> Contact::follow(double potential_eV, bool with_amounts) {
  solve_at_b(potential_eV);
  std::vector<ContactPoint> out;
  if (is_one_composition_) {
    num::LpPiece here;
    here.basis.assign(simplex_.basis().begin(), simplex_.basis().end());
    here.values.assign(simplex_.values().begin(), simplex_.values().end());
    here.value_slopes.assign(here.values.size(), 0.0);
    for (const double fraction : {0.0, 1.0}) {
      out.push_back({fraction, simplex_.objective(), {}});
      if (with_amounts) out.back().amounts = amounts(here, 0.0);
    }
    return out;
  }
  const num::LpPath path = simplex_.follow_rhs(direction_, 1.0);
  // At its end the right-hand side touches zero; rounding may put that a hair earlier.
  if (path.pieces.empty() || path.pieces.back().to < 1.0 - same_fraction) {
    throw base::NumericsError("the phases of the set cannot make up every mixture of the materials in contact");
  }
  out.reserve(path.pieces.size() + 1);
  double slope = 0.0;
  for (const num::LpPiece& piece : path.pieces) {
    // A change of basis without a change of slope is a tie between assemblages, not a kink.
    const bool is_first = out.empty();
    const bool is_kink = piece.from > same_fraction && piece.from < 1.0 - same_fraction &&
                         std::abs(piece.objective_slope - slope) > same_energy_eV;
    slope = piece.objective_slope;
    if (!is_first && !is_kink) continue;
    out.push_back({is_first ? 0.0 : piece.from, piece.objective, {}});
    if (with_amounts) out.back().amounts = amounts(piece, 0.0);
  }
  const num::LpPiece& last = path.pieces.back();
  out.push_back({1.0, last.objective + (1.0 - last.from) * last.objective_slope, {}});
  if (with_amounts) out.back().amounts = amounts(last, 1.0 - last.from);
  return out;
}

double Contact::energy_a(const std::vector<ContactPoint>& path, double potential_eV) const noexcept {
  return a_.energy_eV ? *a_.energy_eV - potential_eV * a_.open : path.back().energy_eV;
}

double Contact::energy_b(const std::vector<ContactPoint>& path, double potential_eV) const noexcept {
  return b_.energy_eV ? *b_.energy_eV - potential_eV * b_.open : path.front().energy_eV;
}

InterfaceEnergies Contact::energies(const std::vector<ContactPoint>& path, double potential_eV) const noexcept {
  const double own_a = energy_a(path, potential_eV);
  const double own_b = energy_b(path, potential_eV);
  InterfaceEnergies out;
  out.no_mixing_A_eV = path.back().energy_eV - own_a;
  out.no_mixing_B_eV = path.front().energy_eV - own_b;
  // An end stands for "no reaction": an interior point must beat both by more than rounding.
  out.mixing_fraction = out.no_mixing_A_eV < out.no_mixing_B_eV - same_energy_eV ? 1.0 : 0.0;
  out.mixing_eV = std::min(out.no_mixing_A_eV, out.no_mixing_B_eV);
  for (std::size_t k = 1; k + 1 < path.size(); ++k) {
    const double x = path[k].fraction;
    const double against_own = path[k].energy_eV - x * own_a - (1.0 - x) * own_b;
    if (against_own < out.mixing_eV - same_energy_eV) {
      out.mixing_eV = against_own;
      out.mixing_fraction = x;
    }
    const double mutual = path[k].energy_eV - x * path.back().energy_eV - (1.0 - x) * path.front().energy_eV;
    out.mutual_eV = std::min(out.mutual_eV, mutual);
  }
  return out;
}

}  // namespace closo::stability::detail
