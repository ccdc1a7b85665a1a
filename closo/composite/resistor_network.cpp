#include "closo/composite/resistor_network.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/composite/detail/random_numbers.hpp"
#include "closo/num/line_fit.hpp"

namespace closo::composite {
namespace {

constexpr double correlation_length_exponent = 0.8765;

enum class Bond : unsigned char { bulk, interface, insulator };

/// Lattice points in planes 0 … L between two electrodes, L × L in each plane and periodic there, with the random
/// number of every cell: it is insulator where that is below the fraction.
class Lattice {
 public:
  Lattice(CellContact contact, std::size_t size, std::uint64_t seed) : contact_(contact), size_(size) {
    detail::RandomNumbers random(seed);
    const std::size_t cell_planes = contact == CellContact::shared_edges ? size : size + 1;
    cells_.resize(size * size * cell_planes);
    for (double& cell : cells_) cell = random.uniform();
  }

  std::size_t size() const noexcept { return size_; }
  std::size_t points() const noexcept { return size_ * size_ * (size_ + 1); }
  std::size_t plane() const noexcept { return size_ * size_; }

  /// Calls use(axis, from, to, bond) for every bond that is not within an electrode.
  template <class Use>
  void for_each_bond(double fraction, const Use& use) const {
    for (std::size_t z = 0; z <= size_; ++z) {
      for (std::size_t y = 0; y < size_; ++y) {
        for (std::size_t x = 0; x < size_; ++x) {
          const std::size_t here = at(x, y, z);
          if (z < size_) use(2, here, at(x, y, z + 1), bond(2, x, y, z, fraction));
          if (z == 0 || z == size_) continue;
          use(0, here, at(after(x), y, z), bond(0, x, y, z, fraction));
          use(1, here, at(x, after(y), z), bond(1, x, y, z, fraction));
        }
      }
    }
  }

 private:
  std::size_t at(std::size_t x, std::size_t y, std::size_t z) const { return x + size_ * (y + size_ * z); }
  std::size_t after(std::size_t i) const { return i + 1 == size_ ? 0 : i + 1; }
  std::size_t before(std::size_t i) const { return i == 0 ? size_ - 1 : i - 1; }

  Bond bond(int axis, std::size_t x, std::size_t y, std::size_t z, double fraction) const {
    const auto insulates = [&](std::size_t i, std::size_t j, std::size_t k) {
      return cells_[at(i, j, k)] < fraction ? 1 : 0;
    };
    int insulators = insulates(x, y, z), touched = 2;
    if (contact_ == CellContact::shared_faces) {
      insulators += axis == 0   ? insulates(after(x), y, z)
                    : axis == 1 ? insulates(x, after(y), z)
                                : insulates(x, y, z + 1);
    } else {
      touched = 4;
      if (axis == 0) {
        insulators += insulates(x, before(y), z) + insulates(x, y, z - 1) + insulates(x, before(y), z - 1);
      } else if (axis == 1) {
        insulators += insulates(before(x), y, z) + insulates(x, y, z - 1) + insulates(before(x), y, z - 1);
      } else {
        insulators += insulates(before(x), y, z) + insulates(x, before(y), z) + insulates(before(x), before(y), z);
      }
    }
    return insulators == 0 ? Bond::bulk : insulators == touched ? Bond::insulator : Bond::interface;
  }

  CellContact contact_;
  std::size_t size_;
  std::vector<double> cells_;
};

/// Union–find over lattice points; each electrode is one point.
class Clusters {
 public:
  explicit Clusters(const Lattice& lattice) : parent_(lattice.points()) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
    for (std::size_t i = 1; i < lattice.plane(); ++i) {
      parent_[i] = 0;
      parent_[parent_.size() - 1 - i] = parent_.size() - 1;
    }
  }
  void join(std::size_t a, std::size_t b) {
    a = root(a);
    b = root(b);
    if (a != b) parent_[std::max(a, b)] = std::min(a, b);
  }
  bool joins_electrodes() { return root(0) == root(parent_.size() - 1); }

 private:
  std::size_t root(std::size_t i) {
    while (parent_[i] != i) {
      parent_[i] = parent_[parent_[i]];
      i = parent_[i];
    }
    return i;
  }
  std::vector<std::size_t> parent_;
};

bool spans(const Lattice& lattice, PathKind path, double fraction) {
  Clusters clusters(lattice);
  lattice.for_each_bond(fraction, [&](int, std::size_t a, std::size_t b, Bond bond) {
    const bool open = path == PathKind::interface ? bond == Bond::interface
                      : path == PathKind::bulk    ? bond == Bond::bulk
                                                  : bond != Bond::insulator;
    if (open) clusters.join(a, b);
  });
  return clusters.joins_electrodes();
}

/// Insulator fraction where the path of this network opens or ends.
double crossing(const Lattice& lattice, PathKind path) {
  const bool opens = path == PathKind::interface;
  // Interface bonds are most at one half; beyond, their path closes again.
  double low = 0.0, high = opens ? 0.5 : 1.0;
  for (int step = 0; step < 14; ++step) {
    const double middle = 0.5 * (low + high);
    (spans(lattice, path, middle) == opens ? high : low) = middle;
  }
  return 0.5 * (low + high);
}

void check(const ThresholdOptions& options) {
  const auto [least, most] = std::ranges::minmax_element(options.sizes);
  if (options.sizes.size() < 2 || *least == *most)
    throw base::ParameterError("sizes", std::to_string(options.sizes.size()) + " sizes",
                               "at least two different sizes");
  if (*least < 2) throw base::ParameterError("sizes", std::to_string(*least), "sizes of at least 2");
  if (options.samples < 2)
    throw base::ParameterError("samples", std::to_string(options.samples), "at least two networks of each size");
}

/// The conductances of a network and its potentials: 1 and 0 on the electrodes.
class Circuit {
 public:
  Circuit(const Lattice& lattice, const ResistorNetwork& network, double fraction)
      : plane_(lattice.plane()), points_(lattice.points()), diagonal_(points_, 0.0), clusters_(lattice) {
    lattice.for_each_bond(fraction, [&](int, std::size_t a, std::size_t b, Bond bond) {
      const double g = bond == Bond::bulk ? network.bulk : bond == Bond::interface ? network.interface : network.insulator;
      if (g == 0.0) return;
      bonds_.push_back({a, b, g});
      diagonal_[a] += g;
      diagonal_[b] += g;
      clusters_.join(a, b);
    });
  }

  bool has_path() { return clusters_.joins_electrodes(); }

  void solve(const NetworkSample& sample, NetworkConductivity& result) {
    std::vector<double> potential(points_, 0.0), residual(points_), direction(points_, 0.0), image(points_);
    for (std::size_t i = 0; i < plane_; ++i) potential[i] = 1.0;
    multiply(potential, image);
    double start = 0.0, old = 1.0;
    for (std::size_t i = 0; i < points_; ++i) {
      residual[i] = is_inner(i) ? -image[i] : 0.0;
      start += residual[i] * residual[i];
    }
    for (result.iterations = 0; result.iterations < sample.max_iterations; ++result.iterations) {
      double square = 0.0, weighted = 0.0;
      for (std::size_t i = 0; i < points_; ++i) {
        square += residual[i] * residual[i];
        if (residual[i] != 0.0) weighted += residual[i] * residual[i] / diagonal_[i];
      }
      result.relative_residual = start > 0.0 ? std::sqrt(square / start) : 0.0;
      if (result.relative_residual <= sample.tolerance) {
        result.converged = true;
        break;
      }
      const double keep = result.iterations == 0 ? 0.0 : weighted / old;
      old = weighted;
      for (std::size_t i = 0; i < points_; ++i)
        direction[i] = keep * direction[i] + (residual[i] != 0.0 ? residual[i] / diagonal_[i] : 0.0);
      multiply(direction, image);
      double curvature = 0.0;
      for (std::size_t i = 0; i < points_; ++i) curvature += direction[i] * image[i];
      const double step = weighted / curvature;
      for (std::size_t i = 0; i < points_; ++i) {
        if (!is_inner(i)) continue;
        potential[i] += step * direction[i];
        residual[i] -= step * image[i];
      }
    }
    double power = 0.0;
    for (const auto& bond : bonds_) {
      const double drop = potential[bond.from] - potential[bond.to];
      power += bond.conductance * drop * drop;
    }
    // L bonds in a row under one volt, L × L in parallel.
    result.conductivity = power / std::sqrt(static_cast<double>(plane_));
  }

 private:
  struct Resistor {
    std::size_t from, to;
    double conductance;
  };
  bool is_inner(std::size_t i) const { return i >= plane_ && i < points_ - plane_; }
  void multiply(const std::vector<double>& x, std::vector<double>& y) const {
    std::ranges::fill(y, 0.0);
    for (const Resistor& bond : bonds_) {
      const double current = bond.conductance * (x[bond.from] - x[bond.to]);
      y[bond.from] += current;
      y[bond.to] -= current;
    }
  }

  std::size_t plane_, points_;
  std::vector<Resistor> bonds_;
  std::vector<double> diagonal_;
  Clusters clusters_;
};

}  // namespace

PercolationThreshold percolation_threshold(CellContact contact, PathKind path, const ThresholdOptions& options) {
  check(options);
  PercolationThreshold result;
  std::vector<double> abscissa, means, errors;
  double work = 0.0, done = 0.0;
  for (const std::size_t size : options.sizes)
    work += std::pow(static_cast<double>(size), 3) * static_cast<double>(options.samples);
  for (std::size_t place = 0; place < options.sizes.size(); ++place) {
    const std::size_t size = options.sizes[place];
    double sum = 0.0, squares = 0.0;
    for (std::size_t sample = 0; sample < options.samples; ++sample) {
      // Distinct seeds for every network of a call; nearby seeds of this engine are not alike.
      const double value = crossing(Lattice(contact, size, options.seed * 1000003 + place * 1000000007 + sample), path);
      sum += value;
      squares += value * value;
      done += std::pow(static_cast<double>(size), 3);
      if (options.progress && !options.progress(done / work, "percolation")) throw base::Cancelled();
    }
    const auto count = static_cast<double>(options.samples);
    const double mean = sum / count;
    const double spread = std::sqrt(std::max(squares / count - mean * mean, 1e-12) * count / (count - 1.0));
    result.sizes.push_back({size, mean, spread / std::sqrt(count), spread});
    abscissa.push_back(std::pow(static_cast<double>(size), -1.0 / correlation_length_exponent));
    means.push_back(mean);
    errors.push_back(result.sizes.back().standard_error);
  }
  const num::LineFit line = num::fit_line(abscissa, means, errors);
  const auto freedom = static_cast<double>(line.degrees_of_freedom());
  const double scatter = freedom > 0.0 ? std::max(1.0, line.chi_square / freedom) : 1.0;
  result.insulator_fraction = line.intercept();
  result.uncertainty = std::sqrt(line.intercept_variance() * scatter);
  return result;
}

NetworkConductivity solve_resistor_network(const ResistorNetwork& network, const NetworkSample& sample) {
  for (const double s : {network.bulk, network.interface, network.insulator}) {
    if (!(s >= 0.0) || !std::isfinite(s))
      throw base::ParameterError("conductivity", base::format_number(s, 6) + " S/m", "at least 0 S/m");
  }
  if (!(sample.insulator_fraction >= 0.0 && sample.insulator_fraction <= 1.0)) {
    throw base::ParameterError("insulator_fraction", base::format_number(sample.insulator_fraction, 6),
                               "a number from 0 to 1");
  }
  if (sample.size < 2) throw base::ParameterError("size", std::to_string(sample.size), "at least 2");
  if (!(sample.tolerance > 0.0 && sample.tolerance < 1.0))
    throw base::ParameterError("tolerance", base::format_number(sample.tolerance, 6), "a number between 0 and 1");
  NetworkConductivity result;
  Circuit circuit(Lattice(sample.contact, sample.size, sample.seed), network, sample.insulator_fraction);
  result.has_path = circuit.has_path();
  if (result.has_path) {
    circuit.solve(sample, result);
  } else {
    result.converged = true;
  }
  return result;
}

}  // namespace closo::composite
