#include "closo/stability/detail/open_program.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::stability::detail {
namespace {

constexpr double rounding = 1e-9;  // eV per atom, and amounts against the largest
constexpr std::size_t none = static_cast<std::size_t>(-1);

/// The lowest phase of an element alone; entry sets hold every element.
std::size_t reference_phase(const ChemicalSystem& system, std::size_t element) {
  const std::size_t rows = system.elements().size();
  std::size_t best = none;
  for (std::size_t phase = 0; phase < system.size(); ++phase) {
    if (system.fractions()[phase * rows + element] < 1.0 - rounding) continue;
    if (best == none || system.energy_eV_per_atom(phase) < system.energy_eV_per_atom(best)) best = phase;
  }
  if (best == none) {
    throw base::InternalError("a chemical system without the reference of " + system.elements()[element]);
  }
  return best;
}

}  // namespace

OpenProgram::OpenProgram(const ChemicalSystem& system, const base::Formula& composition, std::string_view mobile,
                         std::span<const Reservoir> reservoirs)
    : system_(system), composition_atoms_(composition.atoms()) {
  const std::size_t elements = system.elements().size();
  const std::vector<double> amounts = system.amounts(composition);
  const auto open_up = [&](std::string_view symbol, double potential_eV) {
    const std::size_t element = system.element(symbol);
    for (const OpenElement& other : open_) {
      if (other.element != element) continue;
      throw base::ParameterError("reservoirs", std::string(symbol) + " twice",
                                 "each element once, the mobile one not among them");
    }
    if (!std::isfinite(potential_eV)) {
      throw base::ParameterError("reservoirs", std::string(symbol) + " at a potential that is not finite",
                                 "eV per atom");
    }
    const std::size_t reference = reference_phase(system, element);
    open_.push_back({element, amounts[element], system.energy_eV_per_atom(reference) + potential_eV, reference});
  };
  if (!mobile.empty()) {
    charge_ = ion_charge(mobile);
    open_up(mobile, 0.0);
    mobile_amount_ = open_.front().amount;
  }
  for (const Reservoir& reservoir : reservoirs) open_up(reservoir.element, reservoir.chemical_potential_eV);

  enum class Role : unsigned char { absent, closed, open };
  std::array<Role, 32> roles{};
  for (std::size_t e = 0; e < elements; ++e) roles[e] = amounts[e] > 0.0 ? Role::closed : Role::absent;
  for (const OpenElement& open : open_) roles[open.element] = Role::open;
  for (std::size_t e = 0; e < elements; ++e) {
    if (roles[e] != Role::closed) continue;
    rows_.push_back(e);
    rhs_.push_back(amounts[e]);
  }
  if (rows_.empty()) {
    throw base::InputError({}, "'" + composition.text() + "' consists of elements that are exchanged, alone",
                           "a composition with at least one other element");
  }
  amount_scale_ = *std::max_element(rhs_.begin(), rhs_.end());

  elemental_basis_.assign(rows_.size(), none);
  matrix_.reserve(system.size() * rows_.size());
  const double* fractions = system.fractions().data();
  for (std::size_t phase = 0; phase < system.size(); ++phase, fractions += elements) {
    double outside = 0.0, closed = 0.0;
    std::size_t largest = rows_.front();
    for (std::size_t e = 0; e < elements; ++e) {
      if (roles[e] == Role::absent) outside += fractions[e];
      if (roles[e] == Role::closed) closed += fractions[e];
      if (fractions[e] > fractions[largest]) largest = e;
    }
    if (outside > 0.0) continue;
    if (closed == 0.0) {
      reservoir_phases_.push_back(phase);
      continue;
    }
    if (fractions[largest] >= 1.0 - rounding) {
      const auto row = static_cast<std::size_t>(std::find(rows_.begin(), rows_.end(), largest) - rows_.begin());
      std::size_t& column = elemental_basis_[row];
      if (column == none || system.energy_eV_per_atom(phase) < system.energy_eV_per_atom(phases_[column])) {
        column = phases_.size();
      }
    }
    phases_.push_back(phase);
    for (const std::size_t row : rows_) matrix_.push_back(fractions[row]);
    offsets_.push_back(exchange_eV_per_atom(phase));
    mobile_fraction_.push_back(charge_ != 0 ? fractions[open_.front().element] : 0.0);
    cost_per_volt_.push_back(charge_ * mobile_fraction_.back());
  }
}

double OpenProgram::exchange_eV_per_atom(std::size_t phase) const {
  const double* fractions = system_.fractions().data() + phase * system_.elements().size();
  double sum = 0.0;
  for (const OpenElement& open : open_) sum -= open.potential_eV * fractions[open.element];
  return sum;
}

std::vector<double> OpenProgram::costs(std::span<const double> energies_eV_per_atom, double potential_V) const {
  std::vector<double> result(phases_.size());
  for (std::size_t j = 0; j < result.size(); ++j) {
    result[j] = energies_eV_per_atom[phases_[j]] + offsets_[j] + potential_V * cost_per_volt_[j];
  }
  return result;
}

OpenProgram::Bound OpenProgram::bound(std::span<const double> energies_eV_per_atom) const {
  Bound result;
  const std::size_t elements = system_.elements().size();
  for (const std::size_t phase : reservoir_phases_) {
    const double cost = energies_eV_per_atom[phase] + exchange_eV_per_atom(phase);
    const double share = charge_ == 0 ? 0.0 : system_.fractions()[phase * elements + open_.front().element];
    double least = -std::numeric_limits<double>::infinity();
    if (share > 0.0) {
      least = -cost / (charge_ * share);
    } else if (cost < -rounding) {
      least = std::numeric_limits<double>::infinity();
    }
    if (least > result.potential_V) result = {least, phase};
  }
  return result;
}

void OpenProgram::require_bounded(double potential_V) const {
  const Bound least = bound(system_.energies_eV_per_atom());
  if (potential_V >= least.potential_V - rounding) return;
  const std::string& name = system_.entry(least.phase).name;
  std::string message = "the grand potential is unbounded";
  if (charge_ == 0) {
    message += ": " + name + " grows from the reservoirs alone; lower their chemical potentials";
  } else if (std::isinf(least.potential_V)) {
    message += " at " + base::format_number(potential_V) + " V: " + name +
               " grows from the reservoirs at every potential; lower their chemical potentials";
  } else {
    message += " at " + base::format_number(potential_V) + " V: below " + base::format_number(least.potential_V) +
               " V " + name + " grows from the reservoirs alone; begin the range there";
  }
  throw base::NumericsError(message);
}

num::Simplex OpenProgram::solved(double potential_V) const {
  num::Simplex program(rows_.size(), matrix_, costs(system_.energies_eV_per_atom(), potential_V), rhs_);
  std::optional<num::LpStatus> status;
  if (std::find(elemental_basis_.begin(), elemental_basis_.end(), none) == elemental_basis_.end()) {
    status = program.solve_from(elemental_basis_);
  }
  if (!status) status = program.solve();
  if (*status != num::LpStatus::optimal) throw base::InternalError("a phase equilibrium without an optimum");
  return program;
}

std::vector<PhaseAmount> OpenProgram::assemblage(std::span<const std::size_t> basis,
                                                 std::span<const double> values) const {
  std::vector<PhaseAmount> result;
  for (std::size_t i = 0; i < basis.size(); ++i) {
    if (basis[i] >= phases_.size() || values[i] <= rounding * amount_scale_) continue;
    const std::size_t phase = phases_[basis[i]];
    result.push_back({phase, values[i] / system_.atoms(phase)});
  }
  std::sort(result.begin(), result.end(), [](const PhaseAmount& a, const PhaseAmount& b) { return a.phase < b.phase; });
  return result;
}

double OpenProgram::uptake(std::span<const std::size_t> basis, std::span<const double> values) const {
  double sum = -mobile_amount_;
  for (std::size_t i = 0; i < basis.size(); ++i) {
    if (basis[i] < phases_.size()) sum += values[i] * mobile_fraction_[basis[i]];
  }
  return std::abs(sum) <= 1e-8 * composition_atoms_ ? 0.0 : sum;
}

/// Atoms of the basic columns that one atom of column j replaces, by Gauss-Jordan elimination.
std::vector<double> OpenProgram::replaced_amounts(std::span<const std::size_t> basis, std::size_t j) const {
  const std::size_t size = rows_.size();
  const std::size_t width = size + 1;
  std::vector<double> a(size * width);
  for (std::size_t k = 0; k < size; ++k) {
    for (std::size_t i = 0; i < size; ++i) {
      const bool is_artificial = basis[i] >= phases_.size();
      a[k * width + i] = is_artificial ? (basis[i] - phases_.size() == k ? 1.0 : 0.0) : matrix_[basis[i] * size + k];
    }
    a[k * width + size] = matrix_[j * size + k];
  }
  for (std::size_t i = 0; i < size; ++i) {
    std::size_t top = i;
    for (std::size_t k = i + 1; k < size; ++k) {
      if (std::abs(a[k * width + i]) > std::abs(a[top * width + i])) top = k;
    }
    for (std::size_t c = 0; c < width; ++c) std::swap(a[i * width + c], a[top * width + c]);
    for (std::size_t k = 0; k < size; ++k) {
      if (k == i) continue;
      const double factor = a[k * width + i] / a[i * width + i];
      for (std::size_t c = i; c < width; ++c) a[k * width + c] -= factor * a[i * width + c];
    }
  }
  std::vector<double> result(size);
  for (std::size_t i = 0; i < size; ++i) result[i] = a[i * width + size] / a[i * width + i];
  return result;
}

bool OpenProgram::has_alternative(std::span<const std::size_t> basis, std::span<const double> values,
                                  std::span<const double> costs, double change_V, std::span<const double> duals) const {
  const std::size_t size = rows_.size();
  const double* column = matrix_.data();
  for (std::size_t j = 0; j < phases_.size(); ++j, column += size) {
    double reduced = costs[j] + change_V * cost_per_volt_[j];
    for (std::size_t k = 0; k < size; ++k) reduced -= duals[k] * column[k];
    if (reduced > rounding || std::find(basis.begin(), basis.end(), j) != basis.end()) continue;
    const std::vector<double> replaced = replaced_amounts(basis, j);
    double step = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < size; ++i) {
      if (replaced[i] > rounding) step = std::min(step, values[i] / replaced[i]);
    }
    if (step > rounding * amount_scale_) return true;
  }
  return false;
}

}  // namespace closo::stability::detail
