#include "closo/impedance/fit.hpp"

#include <algorithm>
#include <cmath>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/impedance/detail/arc_order.hpp"
#include "closo/impedance/detail/fit_problem.hpp"
#include "closo/impedance/detail/starts.hpp"
#include "closo/impedance/detail/uncertainty.hpp"
#include "closo/num/information_criteria.hpp"

namespace closo::impedance {
namespace {

using detail::FitProblem;
using detail::MinimiserMemory;
using detail::MinimiserOutcome;
using detail::MinimiserSettings;

/// Starts count as agreeing within this relative distance of the smallest chi².
constexpr double agreement_width = 1e-3;
/// Square of the rounding errors relative to the data.
constexpr double rounding = 1e-28;
/// Random points looked at for each minimisation.
constexpr int candidates_per_start = 12;

bool has_inductor(const Circuit& circuit) {
  return std::any_of(circuit.elements.begin(), circuit.elements.end(), [](const CircuitElement& element) {
    return element.kind == ElementKind::inductor || element.kind == ElementKind::modified_inductor;
  });
}

void check_options(const FitOptions& options) {
  const auto refuse = [](const char* name, double value, const char* allowed) {
    throw base::ParameterError(name, base::format_number(value, 6), allowed);
  };
  if (!(options.agreement > 0.0 && options.agreement < 1.0)) refuse("agreement", options.agreement, "between 0 and 1");
  if (!(options.confidence > 0.0 && options.confidence < 1.0))
    refuse("confidence", options.confidence, "between 0 and 1");
  if (options.max_iterations < 1) refuse("max_iterations", options.max_iterations, "at least 1");
  if (options.most_starts < 1) refuse("most_starts", 0.0, "at least 1");
}

void check_size(const Circuit& circuit, const PreparedSpectrum& data) {
  const std::size_t free = circuit.free_parameters();
  if (2 * data.size() <= free) {
    throw base::ParameterError("circuit", to_text(circuit) + " with " + std::to_string(free) + " free parameters",
                               "fewer parameters than the " + std::to_string(2 * data.size()) + " numbers of the " +
                                   std::to_string(data.size()) + " points");
  }
}

struct Search {
  std::vector<double> best;
  double cost = std::numeric_limits<double>::infinity();
  std::size_t starts = 0;
  std::size_t agreeing = 0;
  double chance = 0.0;
};

/// Minimises from one point and keeps the books of agreement.
class Multistart {
 public:
  Multistart(const Circuit& circuit, const PreparedSpectrum& data, FitProblem& problem, MinimiserMemory& memory,
             const FitOptions& options)
      : circuit_(&circuit), data_(&data), problem_(&problem), memory_(&memory), options_(&options) {}

  void run_from(std::vector<double> x) {
    MinimiserSettings settings;
    settings.max_iterations = 150;
    settings.tolerance = 1e-7;
    settings.good_enough = search_.cost * (1.0 + 0.5 * agreement_width);
    if (!std::isfinite(settings.good_enough)) settings.good_enough = 0.0;
    settings.good_enough = std::max(settings.good_enough, rounding * problem_->observed_square());
    const MinimiserOutcome outcome = detail::minimise(*problem_, x.data(), *memory_, settings);
    ++search_.starts;
    if (!std::isfinite(outcome.cost)) return;
    costs_.push_back(outcome.cost);
    if (outcome.cost < search_.cost) {
      search_.cost = outcome.cost;
      search_.best = std::move(x);
    }
    const double limit = search_.cost * (1.0 + agreement_width);
    search_.agreeing = static_cast<std::size_t>(
        std::count_if(costs_.begin(), costs_.end(), [limit](double cost) { return cost <= limit; }));
    const double share = static_cast<double>(search_.agreeing) / static_cast<double>(search_.starts);
    search_.chance = 1.0 - std::pow(1.0 - share, static_cast<double>(search_.starts));
  }

  const Search& run_random() {
    detail::StartGenerator generator(*circuit_, *data_, options_->seed);
    std::vector<double> values(circuit_->parameters.size(), 1.0);
    std::vector<double> x(problem_->size());
    std::vector<double> chosen(problem_->size());
    while (search_.starts < options_->most_starts) {
      if (search_.starts >= options_->fewest_starts && search_.agreeing >= 3 && search_.chance > options_->agreement)
        break;
      double lowest = std::numeric_limits<double>::infinity();
      for (int candidate = 0; candidate < candidates_per_start; ++candidate) {
        generator.draw(values);
        problem_->coordinates(values, x.data());
        for (std::size_t k = 0; k < x.size(); ++k) x[k] = std::clamp(x[k], problem_->lower()[k], problem_->upper()[k]);
        const double cost = problem_->cost(x.data());
        if (cost < lowest) {
          lowest = cost;
          chosen = x;
        }
      }
      if (!std::isfinite(lowest)) {
        ++search_.starts;
        continue;
      }
      run_from(chosen);
    }
    return search_;
  }

  const Search& search() const noexcept { return search_; }

 private:
  const Circuit* circuit_;
  const PreparedSpectrum* data_;
  FitProblem* problem_;
  MinimiserMemory* memory_;
  const FitOptions* options_;
  Search search_;
  std::vector<double> costs_;
};

/// The exact minimum near `x`, with the weights and the loss that depend on the model brought to rest.
MinimiserOutcome settle(FitProblem& problem, std::vector<double>& x, MinimiserMemory& memory,
                        const FitOptions& options) {
  MinimiserSettings settings;
  settings.max_iterations = options.max_iterations;
  settings.good_enough = rounding * problem.observed_square();
  MinimiserOutcome outcome = detail::minimise(problem, x.data(), memory, settings);
  const bool calculated = options.weighting == Weighting::calculated_modulus;
  if ((!calculated && !problem.robust()) || !std::isfinite(outcome.cost)) return outcome;
  for (int round = 0; round < 50; ++round) {
    problem.cost(x.data());
    const bool weights_moved = calculated && problem.reweight(1e-9);
    const bool loss_moved = problem.robust() && problem.rescale_loss(1e-6);
    const int before = outcome.iterations;
    outcome = detail::minimise(problem, x.data(), memory, settings);
    outcome.iterations += before;
    if (!weights_moved && !loss_moved) break;
  }
  return outcome;
}

FitResult finish(const Circuit& circuit, const PreparedSpectrum& data, FitProblem& problem, MinimiserMemory& memory,
                 const FitOptions& options, std::vector<double> x, const Search& search) {
  FitResult result;
  result.starts = search.starts;
  result.agreeing = search.agreeing;
  result.chance = search.chance;
  for (int round = 0; round < 4; ++round) {
    const MinimiserOutcome outcome = settle(problem, x, memory, options);
    if (!std::isfinite(outcome.cost)) {
      throw base::NumericsError("the impedance of " + to_text(circuit) + " is not finite at the start values");
    }
    problem.cost(x.data());
    std::vector<double> values = problem.values();
    if (detail::order_arcs(circuit, values)) problem.coordinates(values, x.data());
    const double cost = problem.cost(x.data());
    result.status = outcome.converged ? FitStatus::converged : FitStatus::max_iterations;
    result.iterations = outcome.iterations;
    result.chi_square = cost * problem.chi_square_unit();
    result.degrees_of_freedom = 2 * data.size() - problem.size();
    const bool estimated = options.weighting != Weighting::given || options.scale_by_residuals;
    result.variance_scale =
        estimated ? result.chi_square / static_cast<double>(result.degrees_of_freedom) : problem.chi_square_unit();
    result.remarks = data.remarks;
    std::vector<double> better = detail::assess(circuit, problem, x, cost, options, memory, result);
    if (better.empty()) break;
    // A profile ran into a lower valley: the starts had missed it.
    x = std::move(better);
    result.agreeing = 0;
    result.chance = 0.0;
  }
  // Exact data: below the rounding of the data themselves one fit is as good as another.
  const double smallest = rounding * problem.observed_square() * problem.chi_square_unit();
  result.aicc = num::aicc_unknown_noise(std::max(result.chi_square, smallest), 2 * data.size(), problem.size());
  result.frequency = data.frequency;
  result.measured = data.impedance;
  result.model.reserve(data.size());
  for (std::size_t i = 0; i < data.size(); ++i) result.model.push_back(problem.model(i));
  return result;
}

}  // namespace

std::vector<double> FitResult::values() const {
  std::vector<double> out;
  out.reserve(parameters.size());
  for (const FittedParameter& parameter : parameters) out.push_back(parameter.value);
  return out;
}

double FitResult::covariance(std::size_t i, std::size_t j) const {
  const auto slope = [this](std::size_t k) {
    return parameters[k].scale == ParameterScale::bounded ? 1.0 : parameters[k].value;
  };
  return slope(i) * slope(j) * scaled_covariance[i * parameters.size() + j];
}

double FitResult::correlation(std::size_t i, std::size_t j) const {
  const std::size_t n = parameters.size();
  const double variance = scaled_covariance[i * n + i] * scaled_covariance[j * n + j];
  if (!(variance > 0.0) || !std::isfinite(variance)) return 0.0;
  return scaled_covariance[i * n + j] / std::sqrt(variance);
}

double FitResult::relative_misfit() const {
  double sum = 0.0;
  for (std::size_t i = 0; i < model.size(); ++i) sum += std::norm(model[i] - measured[i]) / std::norm(measured[i]);
  return std::sqrt(sum / static_cast<double>(model.size()));
}

FitResult fit(const Circuit& circuit, const Spectrum& spectrum, const FitOptions& options) {
  check_options(options);
  const PreparedSpectrum data = prepare(spectrum, has_inductor(circuit));
  check_size(circuit, data);
  FitProblem problem(circuit, data, options);
  MinimiserMemory memory;
  Multistart multistart(circuit, data, problem, memory, options);
  const bool any_start = std::any_of(circuit.parameters.begin(), circuit.parameters.end(),
                                     [](const Parameter& parameter) { return parameter.start.has_value(); });
  if (any_start) {
    std::vector<double> values(circuit.parameters.size(), 1.0);
    detail::StartGenerator(circuit, data, options.seed + 1).draw(values);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = circuit.parameters[i].start.value_or(values[i]);
    std::vector<double> x(problem.size());
    problem.coordinates(values, x.data());
    multistart.run_from(x);
  }
  const Search& search = multistart.run_random();
  if (search.best.empty()) {
    throw base::NumericsError("no start values of " + to_text(circuit) + " give a finite impedance");
  }
  return finish(circuit, data, problem, memory, options, search.best, search);
}

FitResult fit_from(const Circuit& circuit, const Spectrum& spectrum, std::span<const double> start,
                   const FitOptions& options) {
  check_options(options);
  check_parameters(circuit, start);
  const PreparedSpectrum data = prepare(spectrum, has_inductor(circuit));
  check_size(circuit, data);
  FitProblem problem(circuit, data, options);
  MinimiserMemory memory;
  std::vector<double> x(problem.size());
  problem.coordinates(start, x.data());
  Search search;
  search.starts = 1;
  return finish(circuit, data, problem, memory, options, std::move(x), search);
}

Spectrum average_replicates(std::span<const Spectrum> replicates, std::size_t window) {
  if (replicates.size() < 2) {
    throw base::ParameterError("replicates", std::to_string(replicates.size()), "at least two spectra");
  }
  std::vector<PreparedSpectrum> prepared;
  for (const Spectrum& spectrum : replicates) prepared.push_back(prepare(spectrum));
  const std::size_t n = prepared.front().size();
  for (const PreparedSpectrum& other : prepared) {
    bool same = other.size() == n;
    for (std::size_t i = 0; same && i < n; ++i) {
      same = std::fabs(other.frequency[i] / prepared.front().frequency[i] - 1.0) < 1e-3;
    }
    if (!same)
      throw base::ParameterError("replicates", "different frequencies", "repeated spectra at the same frequencies");
  }
  const auto count = static_cast<double>(replicates.size());
  Spectrum out;
  out.source = replicates.front().source;
  out.temperature = replicates.front().temperature;
  out.metadata = replicates.front().metadata;
  std::vector<Complex> relative(n);  // sums of squared relative deviations of Z' and Z''
  for (std::size_t i = 0; i < n; ++i) {
    Complex mean{};
    for (const PreparedSpectrum& one : prepared) mean += one.impedance[i] / count;
    for (const PreparedSpectrum& one : prepared) {
      const Complex d = one.impedance[i] - mean;
      relative[i] += Complex(d.real() * d.real(), d.imag() * d.imag()) / std::norm(mean);
    }
    out.frequency.push_back(prepared.front().frequency[i]);
    out.impedance.push_back(mean);
  }
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t begin = i > window ? i - window : 0;
    const std::size_t end = std::min(n, i + window + 1);
    Complex sum{};
    for (std::size_t j = begin; j < end; ++j) sum += relative[j];
    const double freedom = (count - 1.0) * static_cast<double>(end - begin) * count;
    const double floor = 1e-12;
    out.uncertainty.push_back(std::abs(out.impedance[i]) * Complex(std::sqrt(sum.real() / freedom) + floor,
                                                                   std::sqrt(sum.imag() / freedom) + floor));
  }
  return out;
}

}  // namespace closo::impedance
