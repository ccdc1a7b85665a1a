#include "closo/impedance/series.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/impedance/detail/fit_problem.hpp"
#include "closo/num/distributions.hpp"
#include "closo/num/information_criteria.hpp"

namespace closo::impedance {
namespace {

using detail::FitProblem;

/// Places of the spectra in the order of temperature; the given order where one temperature is not known.
std::vector<std::size_t> temperature_order(std::span<const Spectrum> spectra) {
  std::vector<std::size_t> order(spectra.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const bool known =
      std::all_of(spectra.begin(), spectra.end(), [](const Spectrum& s) { return s.temperature.has_value(); });
  if (known) {
    std::stable_sort(order.begin(), order.end(), [&spectra](std::size_t a, std::size_t b) {
      return *spectra[a].temperature < *spectra[b].temperature;
    });
  }
  return order;
}

/// One coordinate of a spectrum as offset + sum of weights times global coordinates.
struct Link {
  double offset = 0.0;
  std::size_t first = 0;
  std::size_t second = 0;      ///< activation energy
  double second_weight = 0.0;  ///< 0: one coordinate only
};

/// All spectra as one problem.
class GlobalProblem {
 public:
  std::vector<std::unique_ptr<FitProblem>> problems;
  std::vector<std::vector<Link>> links;  ///< of each spectrum, by local coordinate
  std::vector<double> lower_, upper_;

  std::size_t size() const noexcept { return lower_.size(); }
  const double* lower() const noexcept { return lower_.data(); }
  const double* upper() const noexcept { return upper_.data(); }

  void local(std::size_t spectrum, const double* x, std::vector<double>& out) const {
    out.clear();
    for (const Link& link : links[spectrum]) {
      out.push_back(link.offset + x[link.first] +
                    (link.second_weight != 0.0 ? link.second_weight * x[link.second] : 0.0));
    }
  }

  double cost(const double* x) {
    double sum = 0.0;
    for (std::size_t s = 0; s < problems.size(); ++s) {
      local(s, x, local_);
      sum += problems[s]->cost(local_.data()) * problems[s]->chi_square_unit();
    }
    return sum;
  }

  void normal_equations(double* matrix, double* gradient) {
    const std::size_t n = size();
    std::fill(matrix, matrix + n * n, 0.0);
    std::fill(gradient, gradient + n, 0.0);
    const auto add = [&](std::size_t i, std::size_t j, double value) {
      // Lower triangle; both orders of a pair of different local coordinates meet here once.
      matrix[std::max(i, j) * n + std::min(i, j)] += value;
    };
    for (std::size_t s = 0; s < problems.size(); ++s) {
      const std::size_t m = problems[s]->size();
      const double unit = problems[s]->chi_square_unit();
      local_matrix_.assign(m * m, 0.0);
      local_gradient_.assign(m, 0.0);
      problems[s]->normal_equations(local_matrix_.data(), local_gradient_.data());
      for (std::size_t a = 0; a < m; ++a) {
        const Link& p = links[s][a];
        gradient[p.first] += unit * local_gradient_[a];
        if (p.second_weight != 0.0) gradient[p.second] += unit * p.second_weight * local_gradient_[a];
        for (std::size_t b = 0; b <= a; ++b) {
          const Link& q = links[s][b];
          const double value = unit * local_matrix_[a * m + b];
          scatter(p, q, value, a == b, add);
        }
      }
    }
  }

 private:
  template <class Add>
  static void scatter(const Link& p, const Link& q, double value, bool diagonal, const Add& add) {
    const std::size_t pi[2] = {p.first, p.second};
    const std::size_t qi[2] = {q.first, q.second};
    const double pw[2] = {1.0, p.second_weight};
    const double qw[2] = {1.0, q.second_weight};
    for (int u = 0; u < 2; ++u) {
      for (int v = 0; v < 2; ++v) {
        if (pw[u] == 0.0 || qw[v] == 0.0) continue;
        // The local matrix gives each pair once; a pair on the global diagonal counts twice, one on the local diagonal
        // is met in both orders by u and v.
        if (diagonal && pi[u] < qi[v]) continue;
        const double twice = !diagonal && pi[u] == qi[v] ? 2.0 : 1.0;
        add(pi[u], qi[v], twice * pw[u] * qw[v] * value);
      }
    }
  }

  std::vector<double> local_, local_matrix_, local_gradient_;
};

struct Plan {
  const Circuit* circuit;
  std::vector<int> coupling;  ///< of each parameter: -1 free, else place in `coupled`
  double mean_temperature = 0.0;
};

Plan make_plan(const Circuit& circuit, std::span<const Spectrum> spectra, std::span<const CoupledParameter> coupled) {
  Plan plan{&circuit, std::vector<int>(circuit.parameters.size(), -1), 0.0};
  bool activated = false;
  for (std::size_t k = 0; k < coupled.size(); ++k) {
    const std::size_t place = circuit.parameter(coupled[k].name);
    const Parameter& parameter = circuit.parameters[place];
    if (parameter.fixed)
      throw base::ParameterError("coupled", parameter.name, "a parameter that the circuit does not fix");
    if (plan.coupling[place] >= 0)
      throw base::ParameterError("coupled", parameter.name + " twice", "each parameter once");
    if (coupled[k].coupling == Coupling::activated) {
      activated = true;
      if (parameter.scale != ParameterScale::logarithmic) {
        throw base::ParameterError("coupled", parameter.name + " activated", "a positive parameter, or 'shared'");
      }
    }
    plan.coupling[place] = static_cast<int>(k);
  }
  if (activated) {
    double sum = 0.0;
    for (const Spectrum& spectrum : spectra) {
      if (!spectrum.temperature || !(*spectrum.temperature > 0.0)) {
        throw base::ParameterError("temperature", "missing for " + spectrum.source,
                                   "a temperature in kelvin for every spectrum of an activated parameter");
      }
      sum += 1.0 / *spectrum.temperature;
    }
    plan.mean_temperature = static_cast<double>(spectra.size()) / sum;
    const bool all_equal = std::all_of(spectra.begin(), spectra.end(), [&spectra](const Spectrum& spectrum) {
      return spectrum.temperature == spectra.front().temperature;
    });
    if (all_equal)
      throw base::ParameterError("temperature", "the same for every spectrum", "at least two temperatures");
  }
  return plan;
}

/// Inverse of a symmetric matrix given by its lower triangle, scaled to unit diagonal; empty when it is singular.
std::vector<double> inverse_of(const std::vector<double>& matrix, std::size_t n) {
  std::vector<double> factor(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      factor[i * n + j] = matrix[i * n + j] / std::sqrt(matrix[i * n + i] * matrix[j * n + j]);
    }
  }
  if (!detail::factorize(factor.data(), n, 1e-11)) return {};
  std::vector<double> inverse(n * n);
  std::vector<double> unit(n);
  for (std::size_t i = 0; i < n; ++i) {
    std::fill(unit.begin(), unit.end(), 0.0);
    unit[i] = 1.0;
    detail::solve_factorized(factor.data(), n, unit.data());
    for (std::size_t j = 0; j < n; ++j) inverse[i * n + j] = unit[j] / std::sqrt(matrix[i * n + i] * matrix[j * n + j]);
  }
  return inverse;
}

}  // namespace

std::vector<FitResult> fit_sequence(const Circuit& circuit, std::span<const Spectrum> spectra,
                                    const FitOptions& options) {
  if (spectra.empty()) throw base::ParameterError("spectra", "0", "at least one spectrum");
  std::vector<FitResult> out;
  for (const Spectrum& spectrum : spectra) out.push_back(fit(circuit, spectrum, options));
  const std::vector<std::size_t> order = temperature_order(spectra);
  const auto try_from = [&](std::size_t to, std::size_t from) {
    FitResult other = fit_from(circuit, spectra[to], out[from].values(), options);
    if (!(other.chi_square < out[to].chi_square * (1.0 - 1e-6))) return;
    // The starts had missed this optimum; their agreement says nothing about it.
    other.starts += out[to].starts;
    other.agreeing = 1;
    other.chance = 0.0;
    out[to] = std::move(other);
  };
  for (std::size_t i = 1; i < order.size(); ++i) try_from(order[i], order[i - 1]);
  for (std::size_t i = order.size(); i-- > 1;) try_from(order[i - 1], order[i]);
  return out;
}

double GlobalFit::parameter_covariance(std::size_t spectrum, std::size_t i, std::size_t j) const {
  const std::size_t n = coordinates.size();
  const std::size_t count = parameters[spectrum].size();
  if (covariance.empty()) return std::numeric_limits<double>::infinity();
  const double* gi = jacobian.data() + (spectrum * count + i) * n;
  const double* gj = jacobian.data() + (spectrum * count + j) * n;
  double sum = 0.0;
  for (std::size_t a = 0; a < n; ++a) {
    if (gi[a] == 0.0) continue;
    for (std::size_t b = 0; b < n; ++b) sum += gi[a] * covariance[a * n + b] * gj[b];
  }
  const auto slope = [](const FittedParameter& p) { return p.scale == ParameterScale::bounded ? 1.0 : p.value; };
  return sum * slope(parameters[spectrum][i]) * slope(parameters[spectrum][j]);
}

GlobalFit fit_globally(const Circuit& circuit, std::span<const Spectrum> spectra,
                       std::span<const CoupledParameter> coupled, const FitOptions& options) {
  if (spectra.size() < 2) throw base::ParameterError("spectra", std::to_string(spectra.size()), "at least two spectra");
  if (options.loss != RobustLoss::none || options.weighting == Weighting::calculated_modulus) {
    throw base::ParameterError("options", "robust loss or calculated weights", "least squares with measured weights");
  }
  const Plan plan = make_plan(circuit, spectra, coupled);
  const std::vector<FitResult> single = fit_sequence(circuit, spectra, options);

  GlobalFit out;
  out.mean_temperature = plan.mean_temperature;
  std::vector<PreparedSpectrum> data;
  for (const Spectrum& spectrum : spectra) data.push_back(prepare(spectrum, true));
  GlobalProblem problem;
  std::vector<double> x;
  const auto add_coordinate = [&](const std::string& name, double start, double lower, double upper) {
    out.coordinates.push_back(name);
    x.push_back(start);
    problem.lower_.push_back(lower);
    problem.upper_.push_back(upper);
    return x.size() - 1;
  };
  for (std::size_t s = 0; s < spectra.size(); ++s) {
    problem.problems.push_back(std::make_unique<FitProblem>(circuit, data[s], options));
  }
  const FitProblem& first = *problem.problems.front();

  // Coupled coordinates start at the mean of the single fits, weighted by their certainty; activation energies from a
  // line.
  std::vector<std::size_t> main(coupled.size());
  std::vector<std::size_t> energy(coupled.size());
  for (std::size_t k = 0; k < first.size(); ++k) {
    const std::size_t place = first.free()[k];
    if (plan.coupling[place] < 0) continue;
    const auto c = static_cast<std::size_t>(plan.coupling[place]);
    const bool activated = coupled[c].coupling == Coupling::activated;
    double lower = -std::numeric_limits<double>::infinity();
    double upper = std::numeric_limits<double>::infinity();
    double weights = 0.0, mean = 0.0, xx = 0.0, xy = 0.0;
    for (std::size_t s = 0; s < spectra.size(); ++s) {
      lower = std::max(lower, problem.problems[s]->lower()[k]);
      upper = std::min(upper, problem.problems[s]->upper()[k]);
      const double variance = single[s].scaled_covariance[place * circuit.parameters.size() + place];
      const double weight = variance > 0.0 && std::isfinite(variance) ? 1.0 / variance : 1e-6;
      double value = detail::to_coordinate(circuit.parameters[place], single[s].parameters[place].value);
      double distance = 0.0;
      if (activated) {
        const double temperature = *spectra[s].temperature;
        value -= std::log(temperature / plan.mean_temperature);
        distance = (1.0 / temperature - 1.0 / plan.mean_temperature) / base::boltzmann_constant_eV;
      }
      weights += weight;
      mean += weight * value;
      // The line is unweighted: the distances from the harmonic mean then sum to zero.
      xx += distance * distance;
      xy += distance * value;
    }
    if (!(lower < upper)) {
      lower = first.lower()[k];
      upper = first.upper()[k];
    }
    main[c] = add_coordinate(coupled[c].name, std::clamp(mean / weights, lower, upper), lower, upper);
    if (activated) energy[c] = add_coordinate(coupled[c].name + ".Ea", xx > 0.0 ? xy / xx : 0.0, -10.0, 10.0);
  }
  for (std::size_t s = 0; s < spectra.size(); ++s) {
    problem.links.emplace_back();
    for (std::size_t k = 0; k < first.size(); ++k) {
      const std::size_t place = first.free()[k];
      Link link;
      if (plan.coupling[place] >= 0) {
        const auto c = static_cast<std::size_t>(plan.coupling[place]);
        link.first = main[c];
        if (coupled[c].coupling == Coupling::activated) {
          const double temperature = *spectra[s].temperature;
          link.second = energy[c];
          link.offset = std::log(temperature / plan.mean_temperature);
          link.second_weight = (1.0 / temperature - 1.0 / plan.mean_temperature) / base::boltzmann_constant_eV;
        }
      } else {
        const FitProblem& own = *problem.problems[s];
        link.first = add_coordinate(circuit.parameters[place].name + "[" + std::to_string(s + 1) + "]",
                                    detail::to_coordinate(circuit.parameters[place], single[s].parameters[place].value),
                                    own.lower()[k], own.upper()[k]);
      }
      problem.links.back().push_back(link);
    }
  }

  detail::MinimiserMemory memory;
  detail::MinimiserSettings settings;
  settings.max_iterations = options.max_iterations;
  const detail::MinimiserOutcome outcome = detail::minimise(problem, x.data(), memory, settings);
  if (!std::isfinite(outcome.cost))
    throw base::NumericsError("the global fit starts at an impedance that is not finite");
  out.status = outcome.converged ? FitStatus::converged : FitStatus::max_iterations;
  out.chi_square = problem.cost(x.data());
  const std::size_t n = x.size();
  std::size_t numbers = 0;
  for (const PreparedSpectrum& one : data) numbers += 2 * one.size();
  out.free_parameters = n;
  if (numbers <= n)
    throw base::ParameterError("circuit", std::to_string(n) + " free parameters", "fewer than the data");
  out.degrees_of_freedom = numbers - n;
  const bool estimated = options.weighting != Weighting::given || options.scale_by_residuals;
  out.variance_scale = estimated ? out.chi_square / static_cast<double>(out.degrees_of_freedom) : 1.0;
  out.aicc = out.chi_square > 0.0 ? num::aicc_unknown_noise(out.chi_square, numbers, n)
                                  : -std::numeric_limits<double>::infinity();

  std::vector<double> matrix(n * n);
  std::vector<double> gradient(n);
  problem.normal_equations(matrix.data(), gradient.data());
  out.covariance = inverse_of(matrix, n);
  for (double& value : out.covariance) value *= out.variance_scale;
  if (out.covariance.empty()) {
    out.status = FitStatus::not_identifiable;
    out.remarks.emplace_back("The data do not fix every parameter of the global fit; no uncertainties are given.");
  }
  const double factor = num::coverage_factor(options.confidence, estimated ? static_cast<double>(out.degrees_of_freedom)
                                                                           : std::numeric_limits<double>::infinity());
  const std::size_t count = circuit.parameters.size();
  out.jacobian.assign(spectra.size() * count * n, 0.0);
  for (std::size_t s = 0; s < spectra.size(); ++s) {
    FitProblem& own = *problem.problems[s];
    std::vector<FittedParameter>& list = out.parameters.emplace_back();
    for (std::size_t i = 0; i < count; ++i) {
      const Parameter& parameter = circuit.parameters[i];
      const double value = own.values()[i];
      list.push_back({parameter.name, parameter.unit, parameter.scale, value, 0.0, value, value, false,
                      parameter.fixed ? Identifiability::fixed : Identifiability::identified});
    }
    double local_cost = 0.0;
    std::vector<double> local;
    problem.local(s, x.data(), local);
    local_cost = own.cost(local.data()) * own.chi_square_unit();
    out.chi_squares.push_back(local_cost);
    for (std::size_t k = 0; k < own.size(); ++k) {
      const std::size_t i = own.free()[k];
      const Link& link = problem.links[s][k];
      double* row = out.jacobian.data() + (s * count + i) * n;
      row[link.first] += 1.0;
      if (link.second_weight != 0.0) row[link.second] += link.second_weight;
    }
    for (std::size_t k = 0; k < own.size(); ++k) {
      const std::size_t i = own.free()[k];
      FittedParameter& fitted = list[i];
      fitted.uncertainty = std::sqrt(out.parameter_covariance(s, i, i));
      const bool logarithmic = fitted.scale == ParameterScale::logarithmic;
      const double sigma = logarithmic ? fitted.uncertainty / fitted.value : fitted.uncertainty;
      fitted.lower = logarithmic ? fitted.value * std::exp(-factor * sigma) : fitted.value - factor * sigma;
      fitted.upper = logarithmic ? fitted.value * std::exp(factor * sigma) : fitted.value + factor * sigma;
      fitted.lower = std::max(fitted.lower, circuit.parameters[i].lower);
      fitted.upper = std::min(fitted.upper, circuit.parameters[i].upper);
      if (sigma > (logarithmic ? 0.3 : 0.15)) fitted.identifiability = Identifiability::weak;
      if (!std::isfinite(sigma)) fitted.identifiability = Identifiability::not_identified;
    }
  }
  for (std::size_t c = 0; c < coupled.size(); ++c) {
    CoupledValue value;
    value.name = coupled[c].name;
    value.coupling = coupled[c].coupling;
    const Parameter& parameter = circuit.parameters[circuit.parameter(coupled[c].name)];
    value.value = detail::from_coordinate(parameter, x[main[c]]);
    const auto deviation = [&](std::size_t i) {
      return out.covariance.empty() ? std::numeric_limits<double>::infinity() : std::sqrt(out.covariance[i * n + i]);
    };
    value.uncertainty = deviation(main[c]) * (parameter.scale == ParameterScale::logarithmic ? value.value : 1.0);
    if (value.coupling == Coupling::activated) value.activation_energy_eV = {x[energy[c]], deviation(energy[c])};
    out.coupled.push_back(std::move(value));
  }
  return out;
}

}  // namespace closo::impedance
