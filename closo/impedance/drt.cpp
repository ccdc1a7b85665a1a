#include "closo/impedance/drt.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/impedance/detail/drt_matrices.hpp"
#include "closo/impedance/detail/random.hpp"
#include "closo/num/distributions.hpp"
#include "closo/num/nonnegative_least_squares.hpp"
#include "closo/num/positive_definite.hpp"
#include "closo/num/ridge_path.hpp"

namespace closo::impedance {
namespace {

using Matrices = DrtGrid::Matrices;

constexpr double two_pi = 2.0 * std::numbers::pi;
constexpr double smallest_lambda = 1e-10;
constexpr double largest_lambda = 1e2;
constexpr double caution = 2.0;
constexpr double worthwhile = 0.85;  // a smaller λ must lower the squared residual at least to this share
constexpr double preference = 1.25;  // a tail is dropped only when the score is this much better without

/// The weighted linear problem: columns R_∞, (L), (tail…), then the coefficients of γ, all in units of `scale`.
struct Problem {
  const Matrices& m;
  const PreparedSpectrum& spectrum;
  std::size_t rows = 0;
  double scale = 1.0;  ///< Ohm, geometric mean of |Z|
  bool inductance = false;
  bool blocking = false;
  std::vector<double> weight;   ///< scale/|Z|
  std::vector<double> right;    ///< Z/|Z|
  std::vector<double> columns;  ///< the columns without a penalty first
  std::size_t free = 0;         ///< number of those
  std::size_t size = 0;  ///< coefficients of γ; with a tail none slower than the window, where the tail stands for them
  std::vector<double> penalty;   ///< size × size
  double inductance_unit = 1.0;  ///< H for a coefficient of one

  Problem(const Matrices& matrices, const PreparedSpectrum& data) : m(matrices), spectrum(data), rows(2 * data.size()) {
    const std::size_t n = data.size();
    double log_scale = 0.0;
    weight.resize(n);
    right.resize(rows);
    for (std::size_t i = 0; i < n; ++i) {
      const double modulus = std::abs(data.impedance[i]);
      log_scale += std::log(modulus);
      weight[i] = modulus;
      right[i] = data.impedance[i].real() / modulus;
      right[n + i] = data.impedance[i].imag() / modulus;
    }
    scale = std::exp(log_scale / static_cast<double>(n));
    for (double& w : weight) w = scale / w;
    inductance_unit = scale / (two_pi * m.frequency.back());
  }

  /// Lays out the columns for the chosen terms.
  void set(bool with_inductance, bool with_tail) {
    inductance = with_inductance;
    blocking = with_tail;
    const std::size_t n = spectrum.size();
    const std::size_t tails = with_tail ? m.tail_exponent.size() : 0;
    free = 1 + (with_inductance ? 1 : 0) + tails;
    size = m.size();
    if (with_tail) {
      const double slowest = 1.0 / (two_pi * m.frequency.front()) * (1.0 + 1e-9);
      size = static_cast<std::size_t>(std::upper_bound(m.tau.begin(), m.tau.end(), slowest) - m.tau.begin());
    }
    penalty.resize(size * size);
    for (std::size_t j = 0; j < size; ++j) {
      std::copy_n(m.penalty.begin() + static_cast<std::ptrdiff_t>(j * m.size()), size,
                  penalty.begin() + static_cast<std::ptrdiff_t>(j * size));
    }
    columns.resize((free + size) * rows);
    double* to = columns.data();
    for (std::size_t i = 0; i < n; ++i) {
      to[i] = weight[i];
      to[n + i] = 0.0;
    }
    if (with_inductance) {
      to += rows;
      for (std::size_t i = 0; i < n; ++i) {
        to[i] = 0.0;
        to[n + i] = weight[i] * m.frequency[i] / m.frequency.back();
      }
    }
    const auto weighted = [&](const double* from, std::size_t count) {
      for (std::size_t k = 0; k < count; ++k, from += rows) {
        to += rows;
        for (std::size_t i = 0; i < n; ++i) {
          to[i] = weight[i] * from[i];
          to[n + i] = weight[i] * from[n + i];
        }
      }
    };
    weighted(m.tail.data(), tails);
    weighted(m.kernel.data(), size);
  }

  std::span<const double> free_columns() const { return {columns.data(), free * rows}; }
  std::span<const double> gamma_columns() const { return {columns.data() + free * rows, size * rows}; }
};

struct LambdaChoice {
  double lambda = 0.0;  ///< per row
  double score = 0.0;   ///< smallest cross-validation score
  bool at_bound = false;
  double plain = 0.0;  ///< λ of the unmodified score, for bands: what is smoothed away has no spread
};

/// Curvature of (ln |r|², ln xᵀPx) along ln λ (Hansen 1992, eq. 18), from three points.
double curvature(const num::RidgePoint& a, const num::RidgePoint& b, const num::RidgePoint& c) {
  const double x0 = std::log(a.residual_square), x1 = std::log(b.residual_square), x2 = std::log(c.residual_square);
  const double y0 = std::log(a.penalty), y1 = std::log(b.penalty), y2 = std::log(c.penalty);
  const double dx = 0.5 * (x2 - x0), dy = 0.5 * (y2 - y0), ddx = x2 - 2.0 * x1 + x0, ddy = y2 - 2.0 * y1 + y0;
  const double speed = dx * dx + dy * dy;
  return speed > 0.0 ? (dx * ddy - dy * ddx) / std::pow(speed, 1.5) : 0.0;
}

/// Generalised cross-validation with effective parameters counted `factor` times, against the score's occasional choice
/// of far too little smoothing (Y.-J. Kim, C. Gu, J. R. Stat. Soc. B 66 (2004) 337,
/// DOI 10.1046/j.1369-7412.2003.05316.x).
double modified_score(const num::RidgePoint& point, double rows, double factor) {
  const double freedom = std::max(rows - factor * point.effective_parameters, 1e-3 * rows);
  return rows * point.residual_square / (freedom * freedom);
}

LambdaChoice choose_lambda(const Problem& problem, const DrtOptions& options, const num::RidgePath& path) {
  const auto rows = static_cast<double>(problem.rows);
  constexpr int per_decade = 4;
  const int last = static_cast<int>(std::lround(std::log10(largest_lambda / smallest_lambda))) * per_decade;
  const auto at = [&](double place) { return smallest_lambda * std::pow(10.0, place / per_decade); };
  LambdaChoice out;
  int best = 0;
  double plain_score = 0.0;
  std::vector<num::RidgePoint> points;
  for (int k = 0; k <= last; ++k) {
    points.push_back(path.at(at(k) * rows));
    const double score = modified_score(points.back(), rows, caution);
    const double plain = modified_score(points.back(), rows, 1.0);
    if (k == 0 || plain < plain_score) {
      plain_score = plain;
      out.plain = at(k);
    }
    if (k == 0 || score < out.score) {
      out.score = score;
      best = k;
    }
  }
  double place = best;
  // The smoothest solution whose score does not differ from the smallest by more than its standard error sqrt(2/rows).
  const double allowed = out.score * (1.0 + std::sqrt(2.0 / rows));
  while (place < last && modified_score(points[static_cast<std::size_t>(place) + 1], rows, caution) <= allowed)
    place += 1.0;
  if (options.choice == DrtLambda::l_curve) {
    double most = -1.0;
    for (int k = 1; k < last; ++k) {
      const auto i = static_cast<std::size_t>(k);
      const double bend = curvature(points[i - 1], points[i], points[i + 1]);
      if (bend > most) {
        most = bend;
        place = k;
      }
    }
    out.at_bound = place <= 1.0 || place >= last - 1.0;
  } else {
    out.at_bound = best == 0;
  }
  out.lambda = options.choice == DrtLambda::fixed ? options.lambda : at(place);
  if (options.choice == DrtLambda::fixed) out.at_bound = false;
  out.plain = std::min(out.plain, out.lambda);
  return out;
}

/// Normal equations; `set` adds the penalty at λ.
struct Normal {
  std::size_t unknowns = 0;
  std::vector<double> data;    ///< without the penalty
  std::vector<double> matrix;  ///< with it
  std::vector<double> right;

  explicit Normal(const Problem& problem) : unknowns(problem.free + problem.size) {
    data.resize(unknowns * unknowns);
    right.resize(unknowns);
    num::gram(problem.columns, problem.rows, data);
    // Neighbouring exponents of the tail are nearly dependent.
    for (std::size_t i = 0; i < unknowns; ++i) data[i + i * unknowns] *= 1.0 + 1e-11;
    num::transposed_product(problem.columns, problem.right, right);
  }

  void set(const Problem& problem, double lambda) {
    matrix = data;
    const double factor = lambda * static_cast<double>(problem.rows);
    for (std::size_t j = 0; j < problem.size; ++j) {
      for (std::size_t i = j; i < problem.size; ++i) {
        matrix[problem.free + i + (problem.free + j) * unknowns] += factor * problem.penalty[i + j * problem.size];
      }
    }
  }
};

std::vector<double> fitted_rows(const Problem& problem, const std::vector<double>& x) {
  std::vector<double> out(problem.rows, 0.0);
  for (std::size_t k = 0; k < x.size(); ++k) {
    if (x[k] == 0.0) continue;
    const double* column = problem.columns.data() + k * problem.rows;
    for (std::size_t i = 0; i < problem.rows; ++i) out[i] += column[i] * x[k];
  }
  return out;
}

double squared_residual(const Problem& problem, const std::vector<double>& fit) {
  double sum = 0.0;
  for (std::size_t i = 0; i < problem.rows; ++i) sum += (problem.right[i] - fit[i]) * (problem.right[i] - fit[i]);
  return sum;
}

/// Non-negative solution at λ and below it as long as a smaller λ brings the residuals nearer to those of the linear
/// problem: the sharp peak of an ideal RC element needs negative lobes at the λ of the linear problem.
num::NonnegativeSolution solve_nonnegative(const Problem& problem, const DrtOptions& options, double linear_square,
                                           double& lambda, Normal& normal) {
  normal.set(problem, lambda);
  std::vector<char> start(normal.unknowns, 1);
  if (problem.blocking)
    std::fill_n(start.begin() + (problem.inductance ? 2 : 1), problem.m.tail_exponent.size(), char{0});
  num::NonnegativeSolution best = num::nonnegative_least_squares(normal.matrix, normal.right, start);
  if (options.choice == DrtLambda::fixed) return best;
  double square = squared_residual(problem, fitted_rows(problem, best.x));
  const double allowed = 1.5 * linear_square;
  while (square > allowed && lambda > 0.01 * smallest_lambda) {
    const double next = lambda / std::sqrt(10.0);
    normal.set(problem, next);
    num::NonnegativeSolution trial = num::nonnegative_least_squares(normal.matrix, normal.right, best.positive);
    const double found = squared_residual(problem, fitted_rows(problem, trial.x));
    if (!(found < worthwhile * square)) break;
    trial.iterations += best.iterations;
    best = std::move(trial);
    square = found;
    lambda = next;
  }
  normal.set(problem, lambda);
  return best;
}

/// The low-frequency end looks blocking when the phase lag is not small there and grows towards low frequencies, or is
/// large.
bool may_block(const PreparedSpectrum& spectrum) {
  const double end = -std::arg(spectrum.impedance.front());
  std::size_t up = 0;
  while (up + 1 < spectrum.size() && spectrum.frequency[up] < 3.0 * spectrum.frequency.front()) ++up;
  return end > 0.05 && (end > -std::arg(spectrum.impedance[up]) || end > 1.2);
}

void check(const DrtOptions& options) {
  const auto refuse = [](const char* name, double value, const char* allowed) {
    throw base::ParameterError(name, base::format_number(value, 6), allowed);
  };
  if (!(options.lambda > 0.0) || !std::isfinite(options.lambda)) refuse("lambda", options.lambda, "a positive number");
  if (!(options.coverage > 0.0 && options.coverage < 1.0)) refuse("coverage", options.coverage, "between 0 and 1");
  if (!(options.smallest_peak >= 0.0 && options.smallest_peak < 1.0)) {
    refuse("smallest_peak", options.smallest_peak, "at least 0 and below 1");
  }
  if (options.band == DrtBand::bootstrap && (options.resamples < 20 || options.resamples > 100000)) {
    refuse("resamples", static_cast<double>(options.resamples), "20 to 100000");
  }
}

void bayesian_band(const Problem& problem, const DrtOptions& options, const Normal& normal, double variance,
                   DrtResult& out) {
  // Posterior of the linear problem with the penalty as prior; the bounds are cut at zero.
  const std::size_t n = normal.unknowns;
  std::vector<double> factor = normal.matrix;
  if (!num::cholesky(factor, n)) throw base::NumericsError("DRT band: the normal matrix is not positive definite");
  const std::size_t size = problem.m.size();
  const double width = num::normal_quantile(0.5 * (1.0 + options.coverage));
  std::vector<double> direction(n);
  for (std::size_t k = 0; k < size; ++k) {
    std::fill(direction.begin(), direction.end(), 0.0);
    for (std::size_t j = 0; j < problem.size; ++j) {
      direction[problem.free + j] = problem.m.values.empty() ? (j == k ? 1.0 : 0.0) : problem.m.values[k + j * size];
    }
    num::cholesky_forward(factor, n, direction);
    double square = 0.0;
    for (const double value : direction) square += value * value;
    const double half = width * problem.scale * std::sqrt(variance * square);
    out.lower.push_back(std::max(out.gamma[k] - half, 0.0));
    out.upper.push_back(out.gamma[k] + half);
  }
}

void bootstrap_band(const Problem& problem, const DrtOptions& options, const Normal& normal,
                    const num::NonnegativeSolution& solution, const std::vector<double>& fit, double freedom,
                    DrtResult& out) {
  detail::Random random(options.seed);
  const std::size_t size = problem.m.size();
  const double inflate = std::sqrt(static_cast<double>(problem.rows) / freedom);  // residuals are smaller than errors
  std::vector<double> data(problem.rows), right(normal.unknowns);
  std::vector<std::vector<double>> samples(size);
  std::vector<detail::DrtSegment> segments;
  const std::vector<detail::DrtSegment> candidates = detail::drt_segments(out, options.smallest_peak);
  for (const DrtPeak& peak : out.peaks) {
    segments.push_back(*std::min_element(candidates.begin(), candidates.end(), [&](const auto& a, const auto& b) {
      return std::abs(std::log(out.tau[a.top] / peak.tau)) < std::abs(std::log(out.tau[b.top] / peak.tau));
    }));
  }
  std::vector<double> sum(segments.size(), 0.0), square(segments.size(), 0.0);
  for (std::size_t b = 0; b < options.resamples; ++b) {
    for (std::size_t i = 0; i < problem.rows; ++i) {
      const auto pick = static_cast<std::size_t>(random.uniform() * static_cast<double>(problem.rows));
      data[i] = fit[i] + inflate * (problem.right[pick] - fit[pick]);
    }
    num::transposed_product(problem.columns, data, right);
    const num::NonnegativeSolution again = num::nonnegative_least_squares(normal.matrix, right, solution.positive);
    const std::vector<double> gamma = detail::drt_values(problem.m, std::span(again.x).subspan(problem.free));
    for (std::size_t k = 0; k < size; ++k) samples[k].push_back(gamma[k] * problem.scale);
    for (std::size_t p = 0; p < segments.size(); ++p) {
      double area = 0.0;
      for (std::size_t k = segments[p].first; k < segments[p].last; ++k) area += gamma[k];
      area *= problem.scale * problem.m.step;
      sum[p] += area;
      square[p] += area * area;
    }
  }
  const auto count = static_cast<double>(options.resamples);
  for (std::size_t k = 0; k < size; ++k) {
    std::vector<double>& values = samples[k];
    std::sort(values.begin(), values.end());
    const auto quantile = [&](double p) { return values[static_cast<std::size_t>(std::lround(p * (count - 1.0)))]; };
    out.lower.push_back(std::min(quantile(0.5 * (1.0 - options.coverage)), out.gamma[k]));
    out.upper.push_back(std::max(quantile(0.5 * (1.0 + options.coverage)), out.gamma[k]));
  }
  for (std::size_t p = 0; p < segments.size(); ++p) {
    const double mean = sum[p] / count;
    const double variance = std::max(square[p] / count - mean * mean, 0.0) * count / (count - 1.0);
    out.peaks[p].resistance_uncertainty = std::sqrt(variance);
  }
}

/// Chooses tail and λ by the cross-validation score.
LambdaChoice choose_terms(Problem& problem, const DrtOptions& options, num::RidgePoint& linear) {
  const auto scan = [&](bool tail) {
    problem.set(options.inductance.value_or(true), tail);
    const num::RidgePath path(problem.gamma_columns(), problem.free_columns(), problem.right, problem.penalty);
    const LambdaChoice choice = choose_lambda(problem, options, path);
    linear = path.at(choice.lambda * static_cast<double>(problem.rows));
    return choice;
  };
  const bool asked = options.blocking.has_value();
  const bool candidate = asked ? *options.blocking : may_block(problem.spectrum);
  LambdaChoice choice = scan(candidate);
  if (candidate && !asked) {
    const num::RidgePoint linear_with = linear;
    const LambdaChoice without = scan(false);
    if (without.score * preference < choice.score) return without;
    problem.set(options.inductance.value_or(true), true);
    linear = linear_with;
  }
  return choice;
}

void describe(const Problem& problem, const DrtOptions& options, double linear_rms, DrtResult& out) {
  if (out.lambda_at_bound) {
    out.remarks.push_back("The score falls down to the smallest lambda of the scan, as for data without noise.");
  }
  if (problem.blocking && !out.tail.empty()) {
    out.remarks.push_back(
        "The low-frequency end is blocking: a tail of constant-phase terms is fitted beside the "
        "distribution and does not count in the total resistance.");
  }
  if (out.fast_resistance > options.smallest_peak * out.total_resistance) {
    out.remarks.push_back(
        base::format_number(out.fast_resistance, 4) +
        " Ohm belong to processes faster than the highest frequency; the data hardly tell them from the "
        "series resistance.");
  }
  if (out.slow_resistance > options.smallest_peak * out.total_resistance) {
    out.remarks.push_back(base::format_number(out.slow_resistance, 4) +
                          (out.tail.empty()
                               ? " Ohm belong to a process slower than the lowest frequency; the data do not fix it"
                               : " Ohm in the slowest decade stand beside the blocking tail") +
                          std::string(" and it does not count in the total resistance."));
  }
  if (out.residual_rms > 0.01 && out.residual_rms > 2.0 * linear_rms) {
    out.remarks.push_back("A non-negative distribution leaves residuals of " +
                          base::format_number(100.0 * out.residual_rms, 2) +
                          " % of |Z| where one of either sign leaves " + base::format_number(100.0 * linear_rms, 2) +
                          " %: an inductive loop, or data that violate the Kramers-Kronig relations.");
  }
  if (!out.converged) out.remarks.push_back("The active set did not settle; the distribution is approximate.");
}

DrtResult solve(const PreparedSpectrum& spectrum, const DrtGrid& grid, const DrtOptions& options) {
  const Matrices& m = grid.matrices();
  const std::size_t n = spectrum.size();
  Problem problem(m, spectrum);
  DrtResult out;
  num::RidgePoint linear;
  const LambdaChoice choice = choose_terms(problem, options, linear);
  out.effective_parameters = linear.effective_parameters;
  Normal normal(problem);
  out.lambda = choice.lambda;
  const num::NonnegativeSolution solution =
      solve_nonnegative(problem, options, linear.residual_square, out.lambda, normal);
  out.lambda_at_bound = choice.at_bound;
  out.iterations = solution.iterations;
  out.converged = solution.converged;
  out.tau = m.tau;
  out.gamma = detail::drt_values(m, std::span(solution.x).subspan(problem.free));
  for (double& value : out.gamma) value *= problem.scale;
  out.series_resistance = solution.x[0] * problem.scale;
  if (problem.inductance) out.inductance = solution.x[1] * problem.inductance_unit;
  for (std::size_t t = problem.inductance ? 2 : 1, k = 0; t < problem.free; ++t, ++k) {
    const double exponent = m.tail_exponent[k];
    if (solution.x[t] > 0.0) {
      out.tail.push_back({exponent, solution.x[t] * problem.scale * std::pow(m.omega_ref, exponent)});
    }
  }
  const std::vector<double> fit = fitted_rows(problem, solution.x);
  const double square = squared_residual(problem, fit);
  for (std::size_t i = 0; i < n; ++i) {
    const Complex residual(problem.right[i] - fit[i], problem.right[n + i] - fit[n + i]);
    const double modulus = std::abs(spectrum.impedance[i]);
    out.residual.push_back(residual);
    out.fit.push_back(spectrum.impedance[i] - residual * modulus);
  }
  out.frequency = spectrum.frequency;
  out.residual_rms = std::sqrt(square / static_cast<double>(problem.rows));
  detail::find_drt_peaks(options, spectrum.frequency.front(), spectrum.frequency.back(), out);
  const double freedom = std::max(static_cast<double>(problem.rows) - out.effective_parameters, 1.0);
  if (options.band != DrtBand::none) {
    normal.set(problem, std::min(choice.plain, out.lambda));
    if (options.band == DrtBand::bayesian) bayesian_band(problem, options, normal, square / freedom, out);
    if (options.band == DrtBand::bootstrap) bootstrap_band(problem, options, normal, solution, fit, freedom, out);
  }
  describe(problem, options, std::sqrt(linear.residual_square / static_cast<double>(problem.rows)), out);
  return out;
}

}  // namespace

DrtResult distribution_of_relaxation_times(const PreparedSpectrum& spectrum, const DrtGrid& grid,
                                           const DrtOptions& options) {
  check(options);
  if (!std::equal(spectrum.frequency.begin(), spectrum.frequency.end(), grid.frequency().begin(),
                  grid.frequency().end())) {
    throw base::ParameterError("spectrum", std::to_string(spectrum.size()) + " frequencies",
                               "exactly the frequencies that the grid was made for");
  }
  return solve(spectrum, grid, options);
}

DrtResult distribution_of_relaxation_times(const PreparedSpectrum& spectrum, const DrtOptions& options) {
  check(options);
  return solve(spectrum, DrtGrid(spectrum.frequency, options), options);
}

DrtResult distribution_of_relaxation_times(const Spectrum& spectrum, const DrtOptions& options) {
  return distribution_of_relaxation_times(prepare(spectrum), options);
}

}  // namespace closo::impedance
