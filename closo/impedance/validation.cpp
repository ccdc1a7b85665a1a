#include "closo/impedance/validation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/impedance/detail/voigt_model.hpp"

namespace closo::impedance {
namespace {

using detail::VoigtModel;
using detail::VoigtPart;
using detail::VoigtTerms;

constexpr std::size_t fewest_points = 6;
constexpr std::size_t neighbourhood = 7;  // points on each side that tell the local noise
constexpr std::size_t most_elements = 60;
constexpr double finest = 4.0;                 // elements a decade; more only fit noise, see detail/voigt_model.hpp
constexpr double smallest_deviation = 1e-6;    // of |Z|: exact data need no better model than this
constexpr double largest_flagged_share = 0.2;  // more "bad points" than this are not single points any more
constexpr double median_chi_square_2 = 1.386294361119891;

std::string percent(double fraction) { return base::format_number(100.0 * fraction, 3) + " %"; }

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

VoigtPart part_of(KramersKronigPart part) {
  switch (part) {
    case KramersKronigPart::real:
      return VoigtPart::real;
    case KramersKronigPart::imaginary:
      return VoigtPart::imaginary;
    case KramersKronigPart::both:
      break;
  }
  return VoigtPart::both;
}

struct Choice {
  KramersKronigForm form = KramersKronigForm::impedance;
  VoigtTerms terms;
  double score = std::numeric_limits<double>::infinity();
};

/// The search for the model and for the points it does not fit.
class Search {
 public:
  Search(const PreparedSpectrum& spectrum, const KramersKronigOptions& options)
      : spectrum_(spectrum),
        options_(options),
        part_(part_of(options.part)),
        decades_(std::log10(spectrum.frequency.back() / spectrum.frequency.front())),
        active_(spectrum.size(), 1),
        admittance_(admittance_of(spectrum)),
        in_impedance_(spectrum.frequency, spectrum.impedance, element_limit()),
        in_admittance_(spectrum.frequency, admittance_, element_limit()) {}

  void run() {
    choose();
    if (part_ != VoigtPart::both) return;
    // A bad point distorts the choice of the model, so what is chosen without it is judged again.
    for (int round = 0; round < 2; ++round) {
      const std::vector<char> before = active_;
      find_outliers();
      if (active_ == before) break;
      choose();
      model().fit(best_.terms, part_, active_);
      readmit();
    }
    model().fit(best_.terms, part_, active_);
  }

  const Choice& best() const { return best_; }
  VoigtModel& model() { return model_of(best_.form); }
  const std::vector<char>& active() const { return active_; }
  void activate_all() {
    std::fill(active_.begin(), active_.end(), char{1});
    choose();
  }
  double noise_at(std::size_t i) const { return local_noise_[i]; }

  double mu() {
    const VoigtModel& fitted = model();
    double positive = 0.0, negative = 0.0;
    for (std::size_t k = 0; k < best_.terms.elements; ++k) {
      // In admittance the element R_k-C_k is jωC_k/(1 + jωτ_k) = (C_k/τ_k)(1 − 1/(1 + jωτ_k)).
      const double value =
          best_.form == KramersKronigForm::impedance ? fitted.element(k) : -fitted.element(k) * fitted.tau(k);
      (value < 0.0 ? negative : positive) += std::abs(value);
    }
    return positive > 0.0 ? 1.0 - negative / positive : 0.0;
  }

 private:
  static std::vector<Complex> admittance_of(const PreparedSpectrum& spectrum) {
    std::vector<Complex> out;
    out.reserve(spectrum.size());
    for (const Complex z : spectrum.impedance) out.push_back(1.0 / z);
    return out;
  }

  VoigtModel& model_of(KramersKronigForm form) {
    return form == KramersKronigForm::admittance ? in_admittance_ : in_impedance_;
  }

  /// Unknowns stay below 60 % of the equations, so that residuals keep a meaning.
  std::size_t element_limit() const {
    const std::size_t equations = spectrum_.size() * (part_ == VoigtPart::both ? 2 : 1);
    const auto unknowns = static_cast<std::size_t>(0.6 * static_cast<double>(equations));
    const std::size_t limit = std::min(most_elements, unknowns > 4 ? unknowns - 3 : 1);
    return options_.choice == ElementChoice::fixed ? std::max(options_.elements, std::size_t{1}) : limit;
  }

  std::size_t elements_for(double density, double extension) const {
    const double count = std::round(density * (decades_ + 2.0 * extension)) + 1.0;
    return static_cast<std::size_t>(std::clamp(count, 1.0, static_cast<double>(element_limit())));
  }

  double score(KramersKronigForm form, const VoigtTerms& terms) {
    VoigtModel& fitted = model_of(form);
    if (!fitted.fit(terms, part_, active_)) return std::numeric_limits<double>::infinity();
    const auto equations = static_cast<double>(fitted.rows());
    const auto unknowns = static_cast<double>(fitted.unknowns());
    if (equations - unknowns < 2.0) return std::numeric_limits<double>::infinity();
    const double square = std::max(fitted.sum_of_squares() / equations, smallest_deviation * smallest_deviation);
    return equations * std::log(square) + 2.0 * unknowns +
           2.0 * unknowns * (unknowns + 1.0) / (equations - unknowns - 1.0);
  }

  bool try_terms(KramersKronigForm form, const VoigtTerms& terms) {
    const double found = score(form, terms);
    if (!(found < best_.score)) return false;
    best_ = {form, terms, found};
    return true;
  }

  void choose() {
    best_ = {};
    VoigtTerms terms;
    terms.linear = options_.series_inductance.value_or(true);
    terms.inverse = options_.series_capacitance.value_or(true);
    choose_form(terms);
    const KramersKronigForm form = best_.form;
    if (options_.choice == ElementChoice::automatic) {
      scan_elements(terms);
    } else {
      terms.extension = options_.extension.value_or(0.0);
      terms.elements = options_.elements;
      if (options_.choice == ElementChoice::mu) {
        for (terms.elements = 1; terms.elements < element_limit(); ++terms.elements) {
          best_ = {form, terms, score(form, terms)};
          if (mu() <= options_.mu_limit) break;
        }
      }
      best_ = {form, terms, score(form, terms)};
    }
    drop_series_terms();
    if (!std::isfinite(score(best_.form, best_.terms)) && options_.choice == ElementChoice::fixed) {
      throw base::ParameterError("elements", std::to_string(options_.elements),
                                 "a number of elements that the data can fix; this spectrum has " +
                                     std::to_string(spectrum_.size()) + " points");
    }
  }

  void choose_form(VoigtTerms terms) {
    if (options_.form != KramersKronigForm::automatic) {
      best_.form = options_.form;
      return;
    }
    terms.extension = options_.extension.value_or(1.0);
    terms.elements = elements_for(3.0, terms.extension);
    const double impedance = score(KramersKronigForm::impedance, terms);
    const double admittance = score(KramersKronigForm::admittance, terms);
    best_.form = admittance < impedance - 2.0 ? KramersKronigForm::admittance : KramersKronigForm::impedance;
  }

  void scan_elements(VoigtTerms terms) {
    const KramersKronigForm form = best_.form;
    terms.extension = options_.extension.value_or(1.0);
    double density = 1.0;
    std::size_t last = 0;
    for (const double each : {0.5, 0.75, 1.0, 1.5, 2.0, 3.0, finest}) {
      terms.elements = elements_for(each, terms.extension);
      if (terms.elements == last) continue;
      last = terms.elements;
      if (try_terms(form, terms)) density = each;
    }
    if (options_.extension) return;
    for (const double extension : {0.0, 0.5, 1.5, 2.0}) {
      terms.extension = extension;
      terms.elements = elements_for(density, extension);
      try_terms(form, terms);
    }
  }

  void drop_series_terms() {
    const Choice full = best_;
    for (const auto& [linear, inverse] : {std::pair{true, false}, std::pair{false, true}, std::pair{false, false}}) {
      VoigtTerms terms = full.terms;
      if (!options_.series_inductance) terms.linear = linear;
      if (!options_.series_capacitance) terms.inverse = inverse;
      if (terms.linear != full.terms.linear || terms.inverse != full.terms.inverse) try_terms(full.form, terms);
    }
  }

  /// Distance of each point from the fit without it (e = (1 − H)⁻¹ r) and its square in units of the noise's variance.
  void leave_one_out() {
    VoigtModel& fitted = model();
    const std::size_t n = spectrum_.size();
    distance_.assign(n, 0.0);
    square_.assign(n, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      double h[3];
      fitted.influence(i, h);
      const Complex r = fitted.residual()[i];
      const double sign = active_[i] ? -1.0 : 1.0;
      const double a = std::max(1.0 + sign * h[0], 1e-6);
      const double b = sign * h[1];
      const double c = std::max(1.0 + sign * h[2], 1e-6);
      const double determinant = std::max(a * c - b * b, 1e-9 * a * c);
      const Complex turned((c * r.real() - b * r.imag()) / determinant, (a * r.imag() - b * r.real()) / determinant);
      square_[i] = std::max(r.real() * turned.real() + r.imag() * turned.imag(), 0.0);
      distance_[i] = active_[i] ? std::abs(turned) : std::abs(r);
    }
    scratch_.clear();
    for (std::size_t i = 0; i < n; ++i) {
      if (active_[i]) scratch_.push_back(square_[i]);
    }
    noise_seen_ = std::max(std::sqrt(median(scratch_) / median_chi_square_2), smallest_deviation);
    find_local_noise();
  }

  /// From second differences of the residuals around each point: noise that grows towards one end of the spectrum makes
  /// no bad points, a smooth deviation there does.
  void find_local_noise() {
    const std::size_t n = spectrum_.size();
    std::vector<std::size_t>& used = used_;
    used.clear();
    for (std::size_t i = 0; i < n; ++i) {
      if (active_[i]) used.push_back(i);
    }
    rough_.assign(used.size(), 0.0);
    const std::span<const Complex> r = model().residual();
    for (std::size_t k = 1; k + 1 < used.size(); ++k) {
      rough_[k] = std::norm(r[used[k - 1]] - 2.0 * r[used[k]] + r[used[k + 1]]) / 6.0;
    }
    local_noise_.assign(n, noise_seen_);
    std::size_t centre = 0;
    for (std::size_t i = 0; i < n && used.size() > 4; ++i) {
      while (centre + 1 < used.size() && used[centre] < i) ++centre;
      const std::size_t first = centre > neighbourhood ? centre - neighbourhood : 1;
      const std::size_t last = std::min(centre + neighbourhood + 1, used.size() - 1);
      scratch_.assign(rough_.begin() + static_cast<std::ptrdiff_t>(first),
                      rough_.begin() + static_cast<std::ptrdiff_t>(last));
      local_noise_[i] = std::max(noise_seen_, std::sqrt(median(scratch_) / median_chi_square_2));
      // A gross error near the end bends the fit around it, which looks like local noise; what all other points leave
      // when this one is taken out does not (deletion lowers the sum of squares by square_[i]).
      const double rest = std::max(model().sum_of_squares() - square_[i], 0.0);
      const double freedom = static_cast<double>(model().rows()) - static_cast<double>(model().unknowns()) - 2.0;
      if (active_[i] && freedom >= 4.0) {
        local_noise_[i] = std::min(local_noise_[i], std::max(smallest_deviation, 2.0 * std::sqrt(rest / freedom)));
      }
    }
  }

  bool stands_out(std::size_t i) const {
    return std::sqrt(square_[i]) > options_.outlier_multiple * local_noise_[i] &&
           distance_[i] > options_.smallest_outlier;
  }

  void find_outliers() {
    const std::size_t n = spectrum_.size();
    const auto most = static_cast<std::size_t>(largest_flagged_share * static_cast<double>(n));
    std::size_t flagged = static_cast<std::size_t>(std::count(active_.begin(), active_.end(), char{0}));
    for (;;) {
      model().fit(best_.terms, part_, active_);
      leave_one_out();
      std::size_t worst = n;
      for (std::size_t i = 0; i < n; ++i) {
        if (active_[i] && stands_out(i) && (worst == n || square_[i] > square_[worst])) worst = i;
      }
      if (worst == n || flagged >= most) break;
      // Points of similar size go together; who was only drawn along by a worse neighbour comes back below.
      const double least = 0.25 * square_[worst];
      for (std::size_t i = 0; i < n; ++i) {
        if (!active_[i] || square_[i] < least || !stands_out(i)) continue;
        active_[i] = 0;
        ++flagged;
      }
    }
  }

  /// Points that the model chosen without them predicts after all come back.
  void readmit() {
    leave_one_out();
    bool changed = false;
    for (std::size_t i = 0; i < spectrum_.size(); ++i) {
      if (active_[i] || stands_out(i)) continue;
      active_[i] = 1;
      changed = true;
    }
    if (changed) choose();
  }

  const PreparedSpectrum& spectrum_;
  const KramersKronigOptions& options_;
  VoigtPart part_;
  double decades_;
  std::vector<char> active_;
  std::vector<Complex> admittance_;
  VoigtModel in_impedance_;
  VoigtModel in_admittance_;
  Choice best_;
  std::vector<double> square_;
  std::vector<double> distance_;
  std::vector<double> local_noise_;
  std::vector<double> rough_;
  std::vector<double> scratch_;
  std::vector<std::size_t> used_;
  double noise_seen_ = 0.0;
};

void check(const KramersKronigOptions& options) {
  const auto positive = [](const char* name, double value) {
    if (!(value > 0.0) || !std::isfinite(value)) {
      throw base::ParameterError(name, base::format_number(value, 6), "a positive number");
    }
  };
  positive("outlier_multiple", options.outlier_multiple);
  positive("smallest_outlier", options.smallest_outlier);
  positive("smallest_systematic", options.smallest_systematic);
  positive("largest_residual", options.largest_residual);
  if (!(options.mu_limit > 0.0 && options.mu_limit < 1.0)) {
    throw base::ParameterError("mu_limit", base::format_number(options.mu_limit, 6), "between 0 and 1");
  }
  if (options.extension && !(*options.extension >= -1.0 && *options.extension <= 3.0)) {
    throw base::ParameterError("extension", base::format_number(*options.extension, 6), "-1 to 3 decades");
  }
  if (options.choice == ElementChoice::fixed && (options.elements == 0 || options.elements > 200)) {
    throw base::ParameterError("elements", std::to_string(options.elements), "1 to 200");
  }
}

/// Noise, smooth part and correlation of the residuals, over the points not flagged.
void judge_residuals(const std::vector<char>& active, KramersKronigResult& out) {
  std::vector<Complex> r;
  for (std::size_t i = 0; i < out.residual.size(); ++i) {
    if (active[i]) r.push_back(out.residual[i]);
  }
  double square = 0.0, neighbours = 0.0, rough = 0.0;
  for (std::size_t i = 0; i < r.size(); ++i) {
    square += std::norm(r[i]);
    if (i > 0) neighbours += r[i].real() * r[i - 1].real() + r[i].imag() * r[i - 1].imag();
    // White noise of variance v in each part gives second differences of variance 6 v in each part.
    if (i > 1) rough += std::norm(r[i] - 2.0 * r[i - 1] + r[i - 2]);
  }
  const auto n = static_cast<double>(r.size());
  out.pseudo_chi_square = square;
  const double rough_variance = rough / (12.0 * (n - 2.0));
  out.noise = std::sqrt(rough_variance);
  out.systematic = std::sqrt(std::max(square / n - 2.0 * rough_variance, 0.0));
  out.correlation = square > 0.0 ? neighbours / square * n / (n - 1.0) : 0.0;
}

void decide(const KramersKronigOptions& options, KramersKronigResult& out) {
  const auto used = static_cast<double>(out.frequency.size() - out.flagged.size());
  const double rms = std::sqrt(out.pseudo_chi_square / used);
  const double least_correlation = 2.5 / std::sqrt(2.0 * used);
  const bool smooth = out.systematic > options.smallest_systematic && out.correlation > least_correlation;
  const std::string numbers = "Rms residual " + percent(rms) + " of |Z|, noise " + percent(out.noise) +
                              ", smooth part " + percent(out.systematic) + ", correlation of neighbours " +
                              base::format_number(out.correlation, 2) + ". ";
  if (rms > options.largest_residual) {
    out.verdict = smooth ? KramersKronigVerdict::violated : KramersKronigVerdict::too_noisy;
    out.criterion = numbers + "The rms residual is above " + percent(options.largest_residual) +
                    (smooth ? " and smooth." : " and random: the noise hides what the test looks for.");
  } else if (smooth) {
    out.verdict = KramersKronigVerdict::drift_suspected;
    out.criterion = numbers + "The smooth part is above " + percent(options.smallest_systematic) +
                    " and neighbouring residuals go together (correlation above " +
                    base::format_number(least_correlation, 2) + ").";
  } else {
    out.verdict = out.flagged.empty() ? KramersKronigVerdict::pass : KramersKronigVerdict::bad_points;
    out.criterion = numbers + "The smooth part is below " + percent(options.smallest_systematic) +
                    " or not significant, the rms residual below " + percent(options.largest_residual) + "; " +
                    (out.flagged.empty() ? "no point stands out."
                                         : std::to_string(out.flagged.size()) +
                                               (out.flagged.size() == 1 ? " point stands" : " points stand") + " out.");
  }
}

}  // namespace

std::string to_string(KramersKronigVerdict verdict) {
  switch (verdict) {
    case KramersKronigVerdict::pass:
      return "pass";
    case KramersKronigVerdict::bad_points:
      return "bad points";
    case KramersKronigVerdict::drift_suspected:
      return "drift suspected";
    case KramersKronigVerdict::violated:
      return "violated";
    case KramersKronigVerdict::too_noisy:
      return "too noisy";
    case KramersKronigVerdict::too_few_points:
      return "too few points";
  }
  throw base::InternalError("unknown Kramers-Kronig verdict");
}

KramersKronigResult test_kramers_kronig(const PreparedSpectrum& spectrum, const KramersKronigOptions& options) {
  check(options);
  const std::size_t n = spectrum.size();
  KramersKronigResult out;
  out.frequency = spectrum.frequency;
  out.index = spectrum.index;
  if (n < fewest_points || !(spectrum.frequency.back() > spectrum.frequency.front())) {
    out.criterion =
        "The test needs " + std::to_string(fewest_points) + " points; the spectrum has " + std::to_string(n) + ".";
    return out;
  }
  Search search(spectrum, options);
  search.run();
  const auto collect = [&] {
    const VoigtModel& model = search.model();
    const bool impedance = search.best().form == KramersKronigForm::impedance;
    out.fit.clear();
    out.residual.clear();
    for (std::size_t i = 0; i < n; ++i) {
      const Complex z = spectrum.impedance[i];
      const double modulus = std::abs(z);
      Complex fit = z - model.residual()[i] * modulus;
      if (!impedance) {
        const Complex y = 1.0 / z;
        fit = 1.0 / (y - model.residual()[i] * std::abs(y));
      }
      out.fit.push_back(fit);
      out.residual.push_back((z - fit) / modulus);
    }
    judge_residuals(search.active(), out);
  };
  collect();
  const auto flagged = static_cast<double>(std::count(search.active().begin(), search.active().end(), char{0}));
  if (flagged >= std::floor(largest_flagged_share * static_cast<double>(n)) && flagged > 0.0) {
    search.activate_all();
    collect();
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (search.active()[i]) continue;
    const double deviation = std::abs(out.residual[i]);
    out.flagged.push_back({spectrum.index[i], spectrum.frequency[i], deviation,
                           "at " + base::format_number(spectrum.frequency[i], 4) + " Hz the impedance is " +
                               percent(deviation) +
                               " of |Z| away from the Kramers-Kronig fit of the other points, whose noise is " +
                               percent(search.noise_at(i))});
  }
  const VoigtModel& model = search.model();
  const VoigtTerms& terms = search.best().terms;
  out.form = search.best().form;
  out.elements = terms.elements;
  out.extension = terms.extension;
  out.mu = search.mu();
  const double sign = out.form == KramersKronigForm::impedance ? 1.0 : -1.0;
  out.series_resistance = model.constant();
  for (std::size_t k = 0; k < terms.elements; ++k) {
    out.tau.push_back(model.tau(k));
    out.strength.push_back(sign * model.element(k));
    if (sign < 0.0) out.series_resistance += model.element(k);
  }
  if (terms.linear) out.inductance = model.linear();
  if (terms.inverse) out.inverse_capacitance = model.inverse();
  decide(options, out);
  return out;
}

KramersKronigResult test_kramers_kronig(const Spectrum& spectrum, const KramersKronigOptions& options) {
  return test_kramers_kronig(prepare(spectrum), options);
}

}  // namespace closo::impedance
