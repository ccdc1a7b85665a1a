#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <utility>

#include "closo/base/element.hpp"
#include "closo/base/error.hpp"
#include "closo/stability/hull.hpp"

namespace closo::stability {
namespace {

constexpr std::size_t most_elements = 4;
constexpr double on_hull = 1e-9;           // eV/atom
constexpr double convexity = 1e-7;         // eV/atom
constexpr double below_plane = 1e-13;      // eV/atom; convexity makes the heights of coplanar phases larger
constexpr double least_coordinate = 1e-9;  // of a phase relative to a facet; below it lies in the ridge
constexpr double same_composition = 1e-9;  // fractions of two phases

using Coordinates = std::array<double, most_elements>;
using Facet = std::vector<std::size_t>;  // places among the stable phases

/// On the hull, one of each composition, in the order of the system.
std::vector<std::size_t> stable_phases(const ChemicalSystem& system) {
  const std::size_t rows = system.elements().size();
  const auto is_same = [&](std::size_t a, std::size_t b) {
    for (std::size_t i = 0; i < rows; ++i) {
      if (std::abs(system.fractions()[a * rows + i] - system.fractions()[b * rows + i]) > same_composition)
        return false;
    }
    return true;
  };
  const std::vector<double> above = energies_above_hull(system);
  std::vector<std::size_t> stable;
  for (std::size_t j = 0; j < above.size(); ++j) {
    if (above[j] > on_hull) continue;
    if (std::none_of(stable.begin(), stable.end(), [&](std::size_t known) { return is_same(known, j); })) {
      stable.push_back(j);
    }
  }
  return stable;
}

/// The inverse of the matrix of a facet's compositions (columns), by elimination with row exchanges.
class Frame {
 public:
  Frame(const std::vector<Coordinates>& points, const Facet& facet) : rows_(facet.size()) {
    std::array<Coordinates, most_elements> work{};
    for (std::size_t i = 0; i < rows_; ++i) {
      inverse_[i][i] = 1.0;
      for (std::size_t k = 0; k < rows_; ++k) work[i][k] = points[facet[k]][i];
    }
    for (std::size_t k = 0; k < rows_; ++k) {
      std::size_t top = k;
      for (std::size_t i = k + 1; i < rows_; ++i) {
        if (std::abs(work[i][k]) > std::abs(work[top][k])) top = i;
      }
      if (work[top][k] == 0.0) throw base::InternalError("phase diagram: a facet without area");
      std::swap(work[k], work[top]);
      std::swap(inverse_[k], inverse_[top]);
      const double reciprocal = 1.0 / work[k][k];
      for (std::size_t i = 0; i < rows_; ++i) {
        work[k][i] *= reciprocal;
        inverse_[k][i] *= reciprocal;
      }
      for (std::size_t other = 0; other < rows_; ++other) {
        const double factor = work[other][k];
        if (other == k || factor == 0.0) continue;
        for (std::size_t i = 0; i < rows_; ++i) {
          work[other][i] -= factor * work[k][i];
          inverse_[other][i] -= factor * inverse_[k][i];
        }
      }
    }
  }

  /// A composition as a sum over the corners; negative behind the ridge opposite of a corner.
  Coordinates coordinates(const Coordinates& point) const {
    Coordinates result{};
    for (std::size_t i = 0; i < rows_; ++i) {
      for (std::size_t k = 0; k < rows_; ++k) result[i] += inverse_[i][k] * point[k];
    }
    return result;
  }

 private:
  std::size_t rows_;
  std::array<Coordinates, most_elements> inverse_{};
};

/// Stable phases as points over the composition, for the walk from facet to facet across their ridges. Each energy gets
/// a tiny strictly convex function of composition on top, without symmetry: phases on a tie line or in the plane of
/// others then are corners of their own, and a plane of more phases than elements splits into facets in one consistent
/// way, whatever the order of phases and elements.
class LiftedPhases {
 public:
  LiftedPhases(const ChemicalSystem& system, const std::vector<std::size_t>& phases) : rows_(system.elements().size()) {
    for (const std::size_t phase : phases) {
      Coordinates point{};
      for (std::size_t i = 0; i < rows_; ++i) point[i] = system.fractions()[phase * rows_ + i];
      double lift = 0.0;
      for (const double root : {1.4142135623730951, 1.7320508075688772, 2.23606797749979, 2.6457513110645907}) {
        double along = 0.0;
        for (std::size_t i = 0; i < rows_; ++i) {
          const int number = base::find_element(system.elements()[i])->number;
          along += point[i] * std::fmod(root * (number + 1), 1.0);
        }
        lift += along * along;
      }
      for (std::size_t i = 0; i < rows_; ++i) lift += point[i] * point[i];
      points_.push_back(point);
      energies_.push_back(system.energy_eV_per_atom(phase) + convexity * lift);
    }
  }

  /// The facet over one composition inside, sorted. From the simplex of the elements downwards: the phase furthest
  /// below takes the place of the corner that keeps the composition inside.
  Facet first_facet() const {
    constexpr Coordinates inside = {0.318309886, 0.271828183, 0.223606798, 0.186255133};  // on no line between phases
    Facet facet;
    for (std::size_t i = 0; i < rows_; ++i) {
      for (std::size_t k = 0; k < points_.size(); ++k) {
        if (points_[k][i] == 1.0) facet.push_back(k);
      }
    }
    for (;;) {
      const Frame frame(points_, facet);
      std::size_t lowest = points_.size();
      double depth = -below_plane;
      for (std::size_t k = 0; k < points_.size(); ++k) {
        const double height = is_corner(facet, k) ? 0.0 : height_above(facet, frame.coordinates(points_[k]), k);
        if (height >= depth) continue;
        depth = height;
        lowest = k;
      }
      if (lowest == points_.size()) break;
      const Coordinates at = frame.coordinates(inside);
      const Coordinates entering = frame.coordinates(points_[lowest]);
      std::size_t leaving = rows_;
      for (std::size_t i = 0; i < rows_; ++i) {
        if (entering[i] < least_coordinate) continue;
        if (leaving == rows_ || at[i] * entering[leaving] < at[leaving] * entering[i]) leaving = i;
      }
      facet[leaving] = lowest;
    }
    std::sort(facet.begin(), facet.end());
    return facet;
  }

  /// The facets behind the ridges of one, each sorted; none behind the edge of the diagram. Of the phases behind a
  /// ridge the one whose plane turns least, as the dual simplex method chooses.
  std::vector<Facet> neighbours(const Facet& facet) const {
    const Frame frame(points_, facet);
    std::array<std::size_t, most_elements> next{};
    Coordinates least{};
    next.fill(points_.size());
    least.fill(std::numeric_limits<double>::infinity());
    for (std::size_t k = 0; k < points_.size(); ++k) {
      if (is_corner(facet, k)) continue;
      const Coordinates at = frame.coordinates(points_[k]);
      const double height = height_above(facet, at, k);
      for (std::size_t opposite = 0; opposite < rows_; ++opposite) {
        if (at[opposite] > -least_coordinate || height >= least[opposite] * -at[opposite]) continue;
        least[opposite] = height / -at[opposite];
        next[opposite] = k;
      }
    }
    std::vector<Facet> result;
    for (std::size_t opposite = 0; opposite < rows_; ++opposite) {
      if (next[opposite] == points_.size()) continue;
      Facet neighbour = facet;
      neighbour[opposite] = next[opposite];
      std::sort(neighbour.begin(), neighbour.end());
      result.push_back(std::move(neighbour));
    }
    return result;
  }

 private:
  static bool is_corner(const Facet& facet, std::size_t k) {
    return std::find(facet.begin(), facet.end(), k) != facet.end();
  }

  /// Of a phase above the plane of a facet [eV/atom].
  double height_above(const Facet& facet, const Coordinates& at, std::size_t k) const {
    double height = energies_[k];
    for (std::size_t i = 0; i < rows_; ++i) height -= at[i] * energies_[facet[i]];
    return height;
  }

  std::size_t rows_;
  std::vector<Coordinates> points_;
  std::vector<double> energies_;
};

}  // namespace

PhaseDiagram phase_diagram(const ChemicalSystem& system) {
  const std::size_t rows = system.elements().size();
  if (rows < 2 || rows > most_elements) {
    throw base::ParameterError("elements", std::to_string(rows), "2 to 4 elements for a phase diagram");
  }
  PhaseDiagram diagram;
  diagram.stable = stable_phases(system);
  const LiftedPhases lifted(system, diagram.stable);
  std::set<Facet> known = {lifted.first_facet()};
  std::vector<Facet> open(known.begin(), known.end());
  while (!open.empty()) {
    const Facet facet = std::move(open.back());
    open.pop_back();
    for (Facet& next : lifted.neighbours(facet)) {
      if (known.insert(next).second) open.push_back(std::move(next));
    }
  }
  std::set<std::array<std::size_t, 2>> ties;
  for (const Facet& facet : known) {
    std::vector<std::size_t> phases;
    for (const std::size_t place : facet) phases.push_back(diagram.stable[place]);
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t k = i + 1; k < rows; ++k) ties.insert({phases[i], phases[k]});
    }
    diagram.facets.push_back(std::move(phases));
  }
  diagram.ties.assign(ties.begin(), ties.end());
  return diagram;
}

}  // namespace closo::stability
