#include "closo/stability/hull.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/num/linear_program.hpp"

namespace closo::stability {
namespace {

constexpr double least_share = 1e-9;       // of the atoms: below it a phase takes no part
constexpr double on_hull = 1e-9;           // eV/atom
constexpr double same_composition = 1e-9;  // fractions of two phases
constexpr double rounding = 1e-10;         // of the largest potential, above what the program resolves
constexpr double infinity = std::numeric_limits<double>::infinity();

std::span<const double> column(const ChemicalSystem& system, std::size_t phase) {
  const std::size_t rows = system.elements().size();
  return system.fractions().subspan(phase * rows, rows);
}

bool is_same_composition(std::span<const double> a, std::span<const double> b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::abs(a[i] - b[i]) > same_composition) return false;
  }
  return true;
}

/// min Σ E_j x_j over the phases within the elements of one composition, all per atom: rows are the elements with an
/// amount above zero, so that a composition on the edge of the system is no degenerate corner of a larger one.
struct FixedComposition {
  std::vector<std::size_t> rows;    ///< elements of the system
  std::vector<std::size_t> phases;  ///< columns, phases of the system
  std::vector<double> matrix, cost, fractions;

  FixedComposition(const ChemicalSystem& system, std::span<const double> amounts) {
    const double atoms = std::accumulate(amounts.begin(), amounts.end(), 0.0);
    for (std::size_t i = 0; i < amounts.size(); ++i) {
      if (!(amounts[i] > 0.0)) continue;
      rows.push_back(i);
      fractions.push_back(amounts[i] / atoms);
    }
    for (std::size_t j = 0; j < system.size(); ++j) {
      const std::span<const double> all = column(system, j);
      std::size_t elements = 0;
      std::size_t inside = 0;
      for (const double fraction : all) elements += fraction > 0.0 ? 1U : 0U;
      for (const std::size_t i : rows) inside += all[i] > 0.0 ? 1U : 0U;
      if (elements != inside) continue;
      phases.push_back(j);
      cost.push_back(system.energy_eV_per_atom(j));
      for (const std::size_t i : rows) matrix.push_back(all[i]);
    }
  }

  num::Simplex program() const { return num::Simplex(rows.size(), matrix, cost, fractions); }
};

void require_optimum(num::LpStatus status) {
  if (status == num::LpStatus::optimal) return;
  throw base::InternalError("hull: a composition of the system has no assemblage");
}

/// The phases with a share, per formula unit of `atoms` atoms, in the order of the system.
std::vector<PhaseAmount> products_of(const ChemicalSystem& system, const FixedComposition& fixed,
                                     const num::Simplex& program, double atoms) {
  std::vector<PhaseAmount> products;
  for (std::size_t i = 0; i < program.rows(); ++i) {
    const double share = program.values()[i];
    if (program.basis()[i] >= program.columns() || share < least_share) continue;
    const std::size_t phase = fixed.phases[program.basis()[i]];
    products.push_back({phase, share * atoms / system.atoms(phase)});
  }
  std::sort(products.begin(), products.end(),
            [](const PhaseAmount& a, const PhaseAmount& b) { return a.phase < b.phase; });
  return products;
}

/// Phases that take part in some optimum: columns with vanishing reduced cost span the face of all optima, and each is
/// asked for its largest share on that face.
std::vector<std::size_t> alternatives_of(const FixedComposition& fixed, const num::Simplex& program) {
  std::vector<std::size_t> face;
  std::vector<std::size_t> asked;
  for (std::size_t i = 0; i < program.rows(); ++i) {
    if (program.basis()[i] >= program.columns()) continue;
    face.push_back(program.basis()[i]);
    if (program.values()[i] < least_share) asked.push_back(program.basis()[i]);
  }
  for (const std::size_t j : program.alternatives(on_hull)) {
    face.push_back(j);
    asked.push_back(j);
  }
  if (face.size() == program.rows()) return {};
  std::vector<double> matrix;
  const std::size_t rows = program.rows();
  for (const std::size_t j : face) {
    matrix.insert(matrix.end(), fixed.matrix.begin() + static_cast<std::ptrdiff_t>(j * rows),
                  fixed.matrix.begin() + static_cast<std::ptrdiff_t>((j + 1) * rows));
  }
  num::Simplex search(rows, std::move(matrix), std::vector<double>(face.size(), 0.0), fixed.fractions);
  std::vector<std::size_t> found;
  for (const std::size_t j : asked) {
    std::vector<double> cost(face.size(), 0.0);
    cost[static_cast<std::size_t>(std::find(face.begin(), face.end(), j) - face.begin())] = -1.0;
    search.set_cost(cost);
    if (search.solve() == num::LpStatus::optimal && search.objective() < -least_share) found.push_back(fixed.phases[j]);
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// For elements outside the composition the highest potential at which no phase with them forms, one after the other:
/// with it the potentials hold for the whole system.
void complete_potentials(const ChemicalSystem& system, const FixedComposition& fixed, std::vector<double>& potentials) {
  std::vector<char> is_set(potentials.size(), 0);
  for (const std::size_t i : fixed.rows) is_set[i] = 1;
  for (std::size_t element = 0; element < potentials.size(); ++element) {
    if (is_set[element] != 0) continue;
    double highest = infinity;
    for (std::size_t j = 0; j < system.size(); ++j) {
      const std::span<const double> all = column(system, j);
      if (!(all[element] > 0.0)) continue;
      double rest = system.energy_eV_per_atom(j);
      bool is_decided = true;
      for (std::size_t i = 0; i < all.size(); ++i) {
        if (i == element || !(all[i] > 0.0)) continue;
        is_decided = is_decided && is_set[i] != 0;
        rest -= potentials[i] * all[i];
      }
      if (is_decided) highest = std::min(highest, rest / all[element]);
    }
    potentials[element] = highest;
    is_set[element] = 1;
  }
}

/// One bit per element of the system that a phase holds.
std::vector<std::uint32_t> element_masks(const ChemicalSystem& system) {
  std::vector<std::uint32_t> masks(system.size(), 0);
  for (std::size_t j = 0; j < system.size(); ++j) {
    const std::span<const double> all = column(system, j);
    for (std::size_t i = 0; i < all.size(); ++i) masks[j] |= all[i] > 0.0 ? std::uint32_t{1} << i : 0U;
  }
  return masks;
}

/// Bits of all fractions interleaved: neighbours in this order are mostly neighbours in composition.
std::uint64_t morton_code(std::span<const double> fractions) {
  const std::size_t depth = std::min<std::size_t>(10, 64 / fractions.size());
  std::uint64_t code = 0;
  for (std::size_t level = 1; level <= depth; ++level) {
    for (const double fraction : fractions) {
      const auto cell = static_cast<std::uint64_t>(fraction * static_cast<double>(std::uint64_t{1} << level));
      code = code << 1U | (cell & 1U);
    }
  }
  return code;
}

/// The hull of the phases with one set of elements, found by column generation: the program holds the phases that take
/// part, its duals are checked against all others, and the one furthest below (always a stable one) joins. A basis that
/// passed once is a facet of the hull and is not checked again.
class SubsetHull {
 public:
  /// @param phases  with exactly these elements
  /// @param stable  of all smaller sets of elements; those within it are picked, elements first
  SubsetHull(const ChemicalSystem& system, std::uint32_t elements, std::span<const std::size_t> phases,
             std::span<const std::size_t> stable, std::span<const std::uint32_t> masks)
      : system_(system), phases_(phases), is_in_(phases.size(), 0), reduced_(phases.size()) {
    for (std::size_t i = 0; i < system.elements().size(); ++i) {
      if (((elements >> i) & 1U) == 0) continue;
      rows_.push_back(i);
      for (const std::size_t phase : phases) fractions_.push_back(column(system, phase)[i]);
    }
    for (const std::size_t phase : phases) energies_.push_back(system.energy_eV_per_atom(phase));
    for (const std::size_t phase : stable) {
      if ((masks[phase] & ~elements) == 0) append(phase);
    }
    basis_.resize(rows_.size());
    std::iota(basis_.begin(), basis_.end(), std::size_t{0});
  }

  /// Energy of the hull at the composition of the phase at `place` among the phases [eV/atom].
  double energy_at(std::size_t place) {
    composition_.clear();
    for (std::size_t i = 0; i < rows_.size(); ++i) composition_.push_back(fractions_[i * phases_.size() + place]);
    if (program_) program_->set_rhs(composition_);
    for (;;) {
      solve();
      if (is_facet()) return program_->objective();
    }
  }

  /// The phases that take part, stable ones all.
  std::vector<std::size_t> joined() const {
    std::vector<std::size_t> result;
    for (std::size_t k = 0; k < phases_.size(); ++k) {
      if (is_in_[k] != 0) result.push_back(phases_[k]);
    }
    return result;
  }

 private:
  void append(std::size_t phase) {
    for (const std::size_t i : rows_) matrix_.push_back(column(system_, phase)[i]);
    cost_.push_back(system_.energy_eV_per_atom(phase));
    program_.reset();
  }

  void solve() {
    if (program_) {
      require_optimum(program_->solve());
    } else {
      program_.emplace(rows_.size(), matrix_, cost_, composition_);
      require_optimum(program_->solve_from(basis_).value_or(num::LpStatus::infeasible));
    }
  }

  /// True when no phase lies below the plane of the basis; otherwise the lowest one joins.
  bool is_facet() {
    if (std::equal(basis_.begin(), basis_.end(), program_->basis().begin()) && is_checked_) return true;
    basis_.assign(program_->basis().begin(), program_->basis().end());
    is_checked_ = true;
    std::vector<std::size_t> key = basis_;
    std::sort(key.begin(), key.end());
    if (facets_.contains(key)) return true;
    const std::size_t count = phases_.size();
    std::copy(energies_.begin(), energies_.end(), reduced_.begin());
    double largest = 0.0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const double potential = program_->duals()[i];
      largest = std::max(largest, std::abs(potential));
      const double* row = fractions_.data() + i * count;
      for (std::size_t k = 0; k < count; ++k) reduced_[k] -= potential * row[k];
    }
    const double bound = -rounding * (1.0 + largest);
    std::array<double, 4> low{};  // four at a time: a single running minimum would be the slowest part
    for (std::size_t k = 0; k + 4 <= count; k += 4) {
      for (std::size_t i = 0; i < 4; ++i) low[i] = reduced_[k + i] < low[i] ? reduced_[k + i] : low[i];
    }
    for (std::size_t k = count / 4 * 4; k < count; ++k) low[0] = std::min(low[0], reduced_[k]);
    if (*std::min_element(low.begin(), low.end()) < bound) {
      const auto place =
          static_cast<std::size_t>(std::min_element(reduced_.begin(), reduced_.end()) - reduced_.begin());
      if (is_in_[place] == 0) {
        is_in_[place] = 1;
        append(phases_[place]);
        is_checked_ = false;
        return false;
      }
    }
    facets_.insert(std::move(key));
    return true;
  }

  const ChemicalSystem& system_;
  std::span<const std::size_t> phases_;
  std::vector<char> is_in_;
  std::vector<double> reduced_, fractions_, energies_;  ///< of the phases; fractions by row
  std::vector<std::size_t> rows_;
  std::vector<double> matrix_, cost_, composition_;  ///< of the program
  std::vector<std::size_t> basis_;
  bool is_checked_ = false;  ///< the basis at hand
  std::set<std::vector<std::size_t>> facets_;
  std::optional<num::Simplex> program_;
};

}  // namespace

Decomposition decompose(const ChemicalSystem& system, const base::Formula& composition) {
  if (composition.terms().empty())
    throw base::InputError({}, "a composition without elements", "a formula such as LiBH4");
  const FixedComposition fixed(system, system.amounts(composition));
  num::Simplex program = fixed.program();
  require_optimum(program.solve());
  const double atoms = composition.atoms();
  Decomposition result;
  result.energy_eV_per_atom = program.objective();
  result.energy_eV = program.objective() * atoms;
  result.products = products_of(system, fixed, program, atoms);
  result.chemical_potentials_eV.assign(system.elements().size(), 0.0);
  for (std::size_t i = 0; i < fixed.rows.size(); ++i) {
    result.chemical_potentials_eV[fixed.rows[i]] = program.duals()[i];
  }
  complete_potentials(system, fixed, result.chemical_potentials_eV);
  result.is_degenerate = result.products.size() < fixed.rows.size();
  result.alternatives = alternatives_of(fixed, program);
  return result;
}

HullEnergy hull_energy(const ChemicalSystem& system, std::size_t phase) {
  if (phase >= system.size()) {
    throw base::ParameterError("phase", std::to_string(phase), "below " + std::to_string(system.size()));
  }
  const FixedComposition fixed(system, column(system, phase));
  num::Simplex program = fixed.program();
  const double energy = system.energy_eV_per_atom(phase);
  std::size_t lowest = phase;
  for (std::size_t k = 0; k < fixed.phases.size(); ++k) {
    const std::size_t other = fixed.phases[k];
    if (!is_same_composition(column(system, other), column(system, phase))) continue;
    program.enable(k, false);
    if (system.energy_eV_per_atom(other) < system.energy_eV_per_atom(lowest)) lowest = other;
  }
  const double above_polymorph = energy - system.energy_eV_per_atom(lowest);
  HullEnergy result;
  if (fixed.rows.size() == 1) {  // nothing else makes up an element
    result.above_hull_eV_per_atom = result.decomposition_eV_per_atom = above_polymorph;
    if (lowest != phase) result.products = {{lowest, system.atoms(phase) / system.atoms(lowest)}};
    return result;
  }
  require_optimum(program.solve());
  result.decomposition_eV_per_atom = energy - program.objective();
  result.above_hull_eV_per_atom = std::max({0.0, above_polymorph, result.decomposition_eV_per_atom});
  result.products = products_of(system, fixed, program, system.atoms(phase));
  return result;
}

// The hull at a composition is that of the phases within its elements: the sets of elements are taken one by one, small
// ones first, each with the stable phases of its subsets.
std::vector<double> energies_above_hull(const ChemicalSystem& system) {
  const std::span<const double> energies = system.energies_eV_per_atom();
  const std::vector<std::uint32_t> masks = element_masks(system);
  using Key = std::tuple<int, std::uint32_t, std::uint64_t, double, std::size_t>;
  std::vector<Key> keys;
  for (std::size_t j = 0; j < system.size(); ++j) {
    keys.emplace_back(std::popcount(masks[j]), masks[j], morton_code(column(system, j)), energies[j], j);
  }
  std::sort(keys.begin(), keys.end());
  std::vector<std::size_t> order;
  order.reserve(keys.size());
  for (const Key& key : keys) order.push_back(std::get<4>(key));

  std::vector<double> above(system.size(), 0.0);
  std::vector<std::size_t> stable;
  for (std::size_t first = 0; first < order.size();) {
    const std::uint32_t mask = masks[order[first]];
    std::size_t last = first;
    while (last < order.size() && masks[order[last]] == mask) ++last;
    const auto phases = std::span(order).subspan(first, last - first);
    if (std::has_single_bit(mask)) {  // the lowest stands first
      for (const std::size_t phase : phases) above[phase] = energies[phase] - energies[phases.front()];
      stable.push_back(phases.front());
    } else {
      SubsetHull hull(system, mask, phases, stable, masks);
      for (std::size_t k = 0; k < phases.size(); ++k) {
        above[phases[k]] = std::max(0.0, energies[phases[k]] - hull.energy_at(k));
      }
      const std::vector<std::size_t> joined = hull.joined();
      stable.insert(stable.end(), joined.begin(), joined.end());
    }
    first = last;
  }
  return above;
}

double above_hull_eV_per_atom(const ChemicalSystem& system, const base::Formula& composition, double energy_eV) {
  if (!std::isfinite(energy_eV)) throw base::ParameterError("energy", "a number that is not finite", "a finite energy");
  if (composition.terms().empty())
    throw base::InputError({}, "a composition without elements", "a formula such as LiBH4");
  const FixedComposition fixed(system, system.amounts(composition));
  num::Simplex program = fixed.program();
  require_optimum(program.solve());
  return energy_eV / composition.atoms() - program.objective();
}

}  // namespace closo::stability
