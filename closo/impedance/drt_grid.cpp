#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/impedance/detail/drt_matrices.hpp"

namespace closo::impedance {
namespace {

constexpr double two_pi = 2.0 * std::numbers::pi;
constexpr std::size_t fewest_points = 6;

struct Node {
  double factor;  ///< τ at the node over τ at the centre of the basis function
  double weight;
};

/// Four-point Gauss-Legendre on each half of the hat: exact to 1e-10 for the steps allowed here.
std::vector<Node> hat_nodes(double step) {
  constexpr std::array<double, 4> place = {0.0694318442029737, 0.3300094782075719, 0.6699905217924281,
                                           0.9305681557970263};
  constexpr std::array<double, 4> weight = {0.1739274225687269, 0.3260725774312731, 0.3260725774312731,
                                            0.1739274225687269};
  std::vector<Node> out;
  for (std::size_t i = 0; i < place.size(); ++i) {
    for (const double side : {-1.0, 1.0}) {
      out.push_back({std::exp(side * step * place[i]), step * weight[i] * (1.0 - place[i])});
    }
  }
  return out;
}

/// Width at half height is two steps (Wan 2015, sec. 3); the trapezium rule is exact to 1e-15 for a Gaussian.
double gaussian_width(double step) { return step / std::sqrt(std::numbers::ln2); }

std::vector<Node> gaussian_nodes(double step) {
  const double width = gaussian_width(step);
  std::vector<Node> out;
  for (int k = -11; k <= 11; ++k) {
    const double u = 0.5 * k;
    out.push_back({std::exp(width * u), 0.5 * width * std::exp(-u * u)});
  }
  return out;
}

void fill_kernel(DrtGrid::Matrices& m) {
  const std::size_t n = m.points();
  const std::vector<Node> nodes = m.basis == DrtBasis::gaussian ? gaussian_nodes(m.step) : hat_nodes(m.step);
  m.kernel.assign(m.size() * 2 * n, 0.0);
  for (std::size_t k = 0; k < m.size(); ++k) {
    double* real = m.kernel.data() + k * 2 * n;
    double* imaginary = real + n;
    for (const Node& node : nodes) {
      const double tau = m.tau[k] * node.factor * two_pi;
      for (std::size_t i = 0; i < n; ++i) {
        const double wt = m.frequency[i] * tau;
        const double share = node.weight / (1.0 + wt * wt);
        real[i] += share;
        imaginary[i] -= wt * share;
      }
    }
  }
}

/// γ counts as zero outside the grid, which makes the form positive definite.
void fill_penalty(DrtGrid::Matrices& m, int derivative) {
  const auto n = static_cast<std::ptrdiff_t>(m.size());
  std::vector<double> form(m.size() * m.size(), 0.0);
  const std::vector<double> stencil =
      derivative == 1 ? std::vector<double>{-1.0, 1.0} : std::vector<double>{1.0, -2.0, 1.0};
  const auto reach = static_cast<std::ptrdiff_t>(stencil.size());
  const double factor = m.step / std::pow(m.step, 2 * derivative);
  for (std::ptrdiff_t start = -1; start + reach - 2 < n; ++start) {
    for (std::ptrdiff_t a = 0; a < reach; ++a) {
      for (std::ptrdiff_t b = 0; b < reach; ++b) {
        const std::ptrdiff_t i = start + a, j = start + b;
        if (i < 0 || j < 0 || i >= n || j >= n) continue;
        form[static_cast<std::size_t>(i + j * n)] +=
            factor * stencil[static_cast<std::size_t>(a)] * stencil[static_cast<std::size_t>(b)];
      }
    }
  }
  if (m.values.empty()) {
    m.penalty = std::move(form);
    return;
  }
  const std::size_t size = m.size();
  std::vector<double> half(size * size, 0.0);
  m.penalty.assign(size * size, 0.0);
  for (std::size_t j = 0; j < size; ++j) {
    for (std::size_t k = 0; k < size; ++k) {
      if (m.values[k + j * size] == 0.0) continue;
      for (std::size_t i = 0; i < size; ++i) half[i + j * size] += form[i + k * size] * m.values[k + j * size];
    }
  }
  for (std::size_t j = 0; j < size; ++j) {
    for (std::size_t i = 0; i < size; ++i) {
      double sum = 0.0;
      for (std::size_t k = 0; k < size; ++k) sum += m.values[k + i * size] * half[k + j * size];
      m.penalty[i + j * size] = sum;
    }
  }
}

void fill_values(DrtGrid::Matrices& m) {
  if (m.basis != DrtBasis::gaussian) return;
  const std::size_t size = m.size();
  const double width = gaussian_width(m.step);
  m.values.assign(size * size, 0.0);
  for (std::size_t j = 0; j < size; ++j) {
    for (std::size_t i = 0; i < size; ++i) {
      const double u = (static_cast<double>(i) - static_cast<double>(j)) * m.step / width;
      if (std::abs(u) < 6.0) m.values[i + j * size] = std::exp(-u * u);
    }
  }
}

void fill_tail(DrtGrid::Matrices& m) {
  const std::size_t n = m.points();
  for (int k = 8; k <= 20; ++k) m.tail_exponent.push_back(0.05 * k);
  for (const double exponent : m.tail_exponent) {
    const std::complex<double> turn = std::polar(1.0, -0.5 * std::numbers::pi * exponent);
    const std::size_t start = m.tail.size();
    m.tail.resize(start + 2 * n);
    for (std::size_t i = 0; i < n; ++i) {
      const double size = std::pow(two_pi * m.frequency[i] / m.omega_ref, -exponent);
      m.tail[start + i] = turn.real() * size;
      m.tail[start + n + i] = turn.imag() * size;
    }
  }
}

void check(std::span<const double> frequency, const DrtOptions& options) {
  if (frequency.size() < fewest_points) {
    throw base::ParameterError("frequency", std::to_string(frequency.size()) + " values",
                               "at least " + std::to_string(fewest_points) + " frequencies");
  }
  for (std::size_t i = 0; i < frequency.size(); ++i) {
    if (!(frequency[i] > 0.0) || !std::isfinite(frequency[i]) || (i > 0 && frequency[i] < frequency[i - 1])) {
      throw base::ParameterError("frequency", base::format_number(frequency[i], 6) + " Hz",
                                 "positive, ascending frequencies");
    }
  }
  if (!(frequency.back() > frequency.front())) {
    throw base::ParameterError("frequency", "all the same", "at least two different frequencies");
  }
  if (options.points_per_decade < 3 || options.points_per_decade > 40) {
    throw base::ParameterError("points_per_decade", std::to_string(options.points_per_decade), "3 to 40");
  }
  if (!(options.extension >= 0.0 && options.extension <= 4.0)) {
    throw base::ParameterError("extension", base::format_number(options.extension, 6), "0 to 4 decades");
  }
  if (options.derivative != 1 && options.derivative != 2) {
    throw base::ParameterError("derivative", std::to_string(options.derivative), "1 or 2");
  }
}

}  // namespace

DrtGrid::DrtGrid(std::span<const double> frequency, const DrtOptions& options) {
  check(frequency, options);
  auto m = std::make_shared<Matrices>();
  m->frequency.assign(frequency.begin(), frequency.end());
  m->basis = options.basis;
  const double low = frequency.front(), high = frequency.back();
  m->omega_ref = two_pi * std::sqrt(low) * std::sqrt(high);
  const double decades = std::log10(high / low) + 2.0 * options.extension;
  const auto intervals = static_cast<std::size_t>(std::max(std::ceil(decades * options.points_per_decade - 1e-9), 4.0));
  m->step = decades * std::numbers::ln10 / static_cast<double>(intervals);
  for (std::size_t k = 0; k <= intervals; ++k) {
    const double place = static_cast<double>(k) - 0.5 * static_cast<double>(intervals);
    m->tau.push_back(std::exp(m->step * place) / m->omega_ref);
  }
  fill_values(*m);
  fill_kernel(*m);
  fill_penalty(*m, options.derivative);
  fill_tail(*m);
  matrices_ = std::move(m);
}

std::span<const double> DrtGrid::frequency() const noexcept { return matrices_->frequency; }

std::span<const double> DrtGrid::tau() const noexcept { return matrices_->tau; }

namespace detail {

std::vector<double> drt_values(const DrtGrid::Matrices& matrices, std::span<const double> coefficients) {
  const std::size_t size = matrices.size();
  std::vector<double> out(size, 0.0);
  if (matrices.values.empty()) {
    std::copy(coefficients.begin(), coefficients.end(), out.begin());
    return out;
  }
  for (std::size_t j = 0; j < coefficients.size(); ++j) {
    for (std::size_t i = 0; i < size; ++i) out[i] += matrices.values[i + j * size] * coefficients[j];
  }
  return out;
}

}  // namespace detail
}  // namespace closo::impedance
