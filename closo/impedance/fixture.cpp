#include "closo/impedance/fixture.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::impedance {
namespace {

constexpr double two_pi = 2.0 * std::numbers::pi;

std::string hertz(double frequency) { return base::format_number(frequency, 5) + " Hz"; }

std::string points(std::size_t count) { return std::to_string(count) + (count == 1 ? " point" : " points"); }

/// A measurement of the fixture, read at any frequency inside its range.
class Reference {
 public:
  Reference(std::string name, const Spectrum& spectrum) : name_(std::move(name)), data_(prepare(spectrum, true)) {
    for (std::size_t i = 0; i < data_.size(); ++i) {
      log_frequency_.push_back(std::log(data_.frequency[i]));
      log_modulus_.push_back(std::log(std::abs(data_.impedance[i])));
      double phase = std::arg(data_.impedance[i]);
      if (i > 0) phase += two_pi * std::round((phase_.back() - phase) / two_pi);
      phase_.push_back(phase);
    }
  }

  const std::string& name() const { return name_; }

  bool covers(double frequency) const {
    return frequency >= data_.frequency.front() * (1.0 - 1e-9) && frequency <= data_.frequency.back() * (1.0 + 1e-9);
  }

  std::string range() const { return hertz(data_.frequency.front()) + " to " + hertz(data_.frequency.back()); }

  Complex at(double frequency) const {
    const double x = std::log(frequency);
    const auto above = std::upper_bound(log_frequency_.begin(), log_frequency_.end(), x);
    const auto k = static_cast<std::size_t>(
        std::clamp<std::ptrdiff_t>(above - log_frequency_.begin(), 1, static_cast<std::ptrdiff_t>(data_.size()) - 1));
    const double width = log_frequency_[k] - log_frequency_[k - 1];
    const double part = width > 0.0 ? std::clamp((x - log_frequency_[k - 1]) / width, 0.0, 1.0) : 1.0;
    return std::polar(std::exp(log_modulus_[k - 1] + part * (log_modulus_[k] - log_modulus_[k - 1])),
                      phase_[k - 1] + part * (phase_[k] - phase_[k - 1]));
  }

 private:
  std::string name_;
  PreparedSpectrum data_;
  std::vector<double> log_frequency_;
  std::vector<double> log_modulus_;
  std::vector<double> phase_;
};

/// The corrected impedance and its derivative by the measured one.
struct Value {
  Complex impedance;
  Complex derivative;
};

void carry_uncertainty(Spectrum& spectrum, std::size_t i, Complex derivative) {
  if (spectrum.uncertainty.empty()) return;
  const Complex u = spectrum.uncertainty[i];
  spectrum.uncertainty[i] = {std::hypot(derivative.real() * u.real(), derivative.imag() * u.imag()),
                             std::hypot(derivative.imag() * u.real(), derivative.real() * u.imag())};
}

void note(Corrected& out) {
  std::string& entry = out.spectrum.metadata["fixture"];
  for (const std::string& step : out.steps) entry += (entry.empty() ? "" : " ") + step;
}

/// Applies `correct(frequency, impedance)` to every unmasked point that all references cover.
template <class Correct>
Corrected apply(const Spectrum& measured, const std::vector<Reference>& references, std::string what,
                const Correct& correct) {
  (void)prepare(measured, true);
  Corrected out;
  out.spectrum = measured;
  std::size_t done = 0, uncovered = 0, singular = 0;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    if (measured.is_masked(i)) continue;
    const double frequency = measured.frequency[i];
    const auto missing = std::find_if(references.begin(), references.end(),
                                      [&](const Reference& reference) { return !reference.covers(frequency); });
    if (missing != references.end()) {
      out.spectrum.mask(i, hertz(frequency) + " is outside the range of the " + missing->name() + " measurement (" +
                               missing->range() + ")");
      ++uncovered;
      continue;
    }
    const Value value = correct(frequency, measured.impedance[i]);
    // Below 1e-12 of what was measured nothing but rounding is left.
    const bool lost = !(std::abs(value.impedance) > 1e-12 * std::abs(measured.impedance[i]));
    if (lost || !std::isfinite(std::abs(value.impedance)) || !std::isfinite(std::abs(value.derivative))) {
      out.spectrum.mask(i, std::string(lost ? "the correction leaves nothing of the impedance at "
                                            : "the correction has no finite result at ") +
                               hertz(frequency));
      ++singular;
      continue;
    }
    out.spectrum.impedance[i] = value.impedance;
    carry_uncertainty(out.spectrum, i, value.derivative);
    ++done;
  }
  out.steps.push_back(std::move(what) + " for " + points(done) + ".");
  if (uncovered > 0) {
    out.steps.push_back(points(uncovered) + " masked: outside the range of a reference measurement.");
  }
  if (singular > 0)
    out.steps.push_back(points(singular) + " masked: the correction leaves nothing or no finite result there.");
  note(out);
  return out;
}

}  // namespace

Corrected compensate_open_short(const Spectrum& measured, const std::optional<Spectrum>& open,
                                const std::optional<Spectrum>& short_circuit) {
  if (!open && !short_circuit) {
    throw base::ParameterError("open, short", "none", "a measurement of the open or of the short fixture, or both");
  }
  std::vector<Reference> references;
  if (short_circuit) references.emplace_back("short", *short_circuit);
  if (open) references.emplace_back("open", *open);
  const bool with_short = short_circuit.has_value(), with_open = open.has_value();
  const std::string what =
      with_short ? (with_open ? "Open/short compensation" : "Short compensation") : "Open compensation";
  return apply(measured, references, what, [&](double frequency, Complex z) {
    const Complex series = with_short ? references.front().at(frequency) : Complex{};
    const Complex parallel = with_open ? 1.0 / (references.back().at(frequency) - series) : Complex{};
    const Complex difference = z - series;
    const Complex denominator = 1.0 - difference * parallel;
    return Value{difference / denominator, 1.0 / (denominator * denominator)};
  });
}

Corrected compensate_open_short_load(const Spectrum& measured, const Spectrum& open, const Spectrum& short_circuit,
                                     const Spectrum& load, const Spectrum& standard) {
  std::vector<Reference> references;
  references.emplace_back("open", open);
  references.emplace_back("short", short_circuit);
  references.emplace_back("load", load);
  references.emplace_back("standard", standard);
  return apply(measured, references, "Open/short/load compensation", [&](double frequency, Complex z) {
    const Complex z_open = references[0].at(frequency), z_short = references[1].at(frequency);
    const Complex z_load = references[2].at(frequency), z_standard = references[3].at(frequency);
    const Complex factor = z_standard * (z_open - z_load) / (z_load - z_short);
    const Complex rest = z_open - z;
    return Value{factor * (z - z_short) / rest, factor * (z_open - z_short) / (rest * rest)};
  });
}

Corrected subtract_lead(const Spectrum& measured, double resistance, double inductance) {
  for (const auto& [name, value] : {std::pair{"resistance", resistance}, std::pair{"inductance", inductance}}) {
    if (!(value >= 0.0) || !std::isfinite(value)) {
      throw base::ParameterError(name, base::format_number(value, 6), "zero or a positive number");
    }
  }
  const std::string what = "Lead of " + base::format_number(resistance, 4) + " Ohm and " +
                           base::format_number(inductance, 4) + " H subtracted";
  return apply(measured, {}, what, [&](double frequency, Complex z) {
    return Value{z - Complex(resistance, two_pi * frequency * inductance), 1.0};
  });
}

LeadEstimate estimate_lead(const Spectrum& short_circuit) {
  const PreparedSpectrum data = prepare(short_circuit, true);
  double weight = 0.0, real = 0.0, square = 0.0, imaginary = 0.0;
  for (std::size_t i = 0; i < data.size(); ++i) {
    const double w = 1.0 / std::norm(data.impedance[i]);
    const double omega = two_pi * data.frequency[i];
    weight += w;
    real += w * data.impedance[i].real();
    square += w * omega * omega;
    imaginary += w * omega * data.impedance[i].imag();
  }
  LeadEstimate out{real / weight, imaginary / square, 0.0};
  for (std::size_t i = 0; i < data.size(); ++i) {
    const Complex model(out.resistance, two_pi * data.frequency[i] * out.inductance);
    out.largest_misfit = std::max(out.largest_misfit, std::abs(data.impedance[i] - model));
  }
  return out;
}

MaskReport mask_inductive_end(Spectrum& spectrum, std::size_t smallest_rest) {
  const PreparedSpectrum data = prepare(spectrum, true);
  std::size_t rest = data.size();
  while (rest > 0 && data.impedance[rest - 1].imag() > 0.0) --rest;
  if (rest < smallest_rest) {
    throw base::InputError(
        {spectrum.source, 0, 0},
        "without the inductive points at the high-frequency end " + points(rest) + " would remain",
        "at least " + std::to_string(smallest_rest) + " capacitive points; if the column holds -Z'', change its sign");
  }
  MaskReport out;
  for (std::size_t k = data.size(); k-- > rest;) {
    const std::string reason =
        "inductive at the high-frequency end: Z'' = " + base::format_number(data.impedance[k].imag(), 4) + " Ohm at " +
        hertz(data.frequency[k]);
    spectrum.mask(data.index[k], reason);
    out.masked.push_back({data.index[k], reason});
  }
  if (!out.masked.empty()) {
    out.remarks.push_back(points(out.masked.size()) + " masked at the high-frequency end (from " +
                          hertz(data.frequency[rest]) + " on): Z'' > 0 there.");
  }
  std::size_t left = 0;
  double lowest = 0.0, highest = 0.0;
  for (std::size_t k = 0; k < rest; ++k) {
    if (!(data.impedance[k].imag() > 0.0)) continue;
    if (left++ == 0) lowest = data.frequency[k];
    highest = data.frequency[k];
  }
  if (left > 0) {
    out.remarks.push_back(points(left) + " with Z'' > 0 stay in (" + hertz(lowest) + " to " + hertz(highest) +
                          "): they are not at the high-frequency end.");
  }
  return out;
}

MaskReport mask_outside(Spectrum& spectrum, double lowest, double highest) {
  if (!(lowest >= 0.0 && lowest < highest)) {
    throw base::ParameterError("lowest, highest",
                               base::format_number(lowest, 6) + " Hz, " + base::format_number(highest, 6) + " Hz",
                               "zero or positive frequencies, the lowest first");
  }
  MaskReport out;
  for (std::size_t i = 0; i < spectrum.size(); ++i) {
    const double frequency = spectrum.frequency[i];
    if ((frequency >= lowest && frequency <= highest) || spectrum.is_masked(i)) continue;
    const std::string reason =
        hertz(frequency) + " is outside the chosen range of " + hertz(lowest) + " to " + hertz(highest);
    spectrum.mask(i, reason);
    out.masked.push_back({i, reason});
  }
  if (!out.masked.empty()) {
    out.remarks.push_back(points(out.masked.size()) + " masked outside " + hertz(lowest) + " to " + hertz(highest) +
                          ".");
  }
  return out;
}

MaskReport mask_points(Spectrum& spectrum, std::span<const std::size_t> indices, const std::string& reason) {
  for (const std::size_t i : indices) {
    if (i >= spectrum.size()) {
      throw base::ParameterError("indices", std::to_string(i), "indices below " + std::to_string(spectrum.size()));
    }
  }
  MaskReport out;
  for (const std::size_t i : indices) {
    if (spectrum.is_masked(i)) continue;
    spectrum.mask(i, reason);
    out.masked.push_back({i, reason});
  }
  if (!out.masked.empty()) out.remarks.push_back(points(out.masked.size()) + " masked: " + reason + ".");
  return out;
}

}  // namespace closo::impedance
