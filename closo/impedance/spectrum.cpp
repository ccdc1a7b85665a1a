#include "closo/impedance/spectrum.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <numeric>
#include <string_view>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::impedance {
namespace {

[[noreturn]] void refuse(const Spectrum& spectrum, std::size_t index, const std::string& problem,
                         const std::string& expected) {
  throw base::InputError({spectrum.source, 0, 0}, "point " + std::to_string(index + 1) + ": " + problem, expected);
}

void check_lengths(const Spectrum& spectrum) {
  const std::size_t n = spectrum.size();
  if (spectrum.impedance.size() != n || (!spectrum.uncertainty.empty() && spectrum.uncertainty.size() != n)) {
    throw base::ParameterError("frequency, impedance, uncertainty",
                               std::to_string(n) + ", " + std::to_string(spectrum.impedance.size()) + ", " +
                                   std::to_string(spectrum.uncertainty.size()) + " values",
                               "columns of equal length (uncertainty may be empty)");
  }
  for (const MaskedPoint& point : spectrum.masked) {
    if (point.index >= n) {
      throw base::ParameterError("masked", std::to_string(point.index), "an index below " + std::to_string(n));
    }
  }
}

void check_point(const Spectrum& spectrum, std::size_t i) {
  const double f = spectrum.frequency[i];
  const Complex z = spectrum.impedance[i];
  if (!std::isfinite(f)) refuse(spectrum, i, "the frequency is not a finite number", "a frequency in Hz");
  if (!(f > 0.0)) refuse(spectrum, i, "the frequency is " + base::format_number(f, 6) + " Hz", "a positive frequency");
  if (!std::isfinite(z.real()) || !std::isfinite(z.imag())) {
    refuse(spectrum, i, "the impedance at " + base::format_number(f, 6) + " Hz is not a finite number",
           "two finite numbers in ohms; mask the point to leave it out");
  }
  if (z == Complex{}) {
    refuse(spectrum, i, "the impedance at " + base::format_number(f, 6) + " Hz is zero", "an impedance in ohms");
  }
  if (!spectrum.uncertainty.empty()) {
    const Complex u = spectrum.uncertainty[i];
    if (!(u.real() > 0.0 && u.imag() > 0.0 && std::isfinite(u.real()) && std::isfinite(u.imag()))) {
      refuse(spectrum, i, "an uncertainty is not positive", "positive standard uncertainties of Z' and Z'' in ohms");
    }
  }
}

const table::Column* find_any(const table::Table& table, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const table::Column* column = table.find(name)) return column;
  }
  return nullptr;
}

}  // namespace

bool Spectrum::is_masked(std::size_t index) const noexcept {
  return std::any_of(masked.begin(), masked.end(), [index](const MaskedPoint& point) { return point.index == index; });
}

void Spectrum::mask(std::size_t index, std::string reason) {
  if (index >= size()) {
    throw base::ParameterError("index", std::to_string(index), "an index below " + std::to_string(size()));
  }
  if (!is_masked(index)) masked.push_back({index, std::move(reason)});
}

PreparedSpectrum prepare(const Spectrum& spectrum, bool allow_inductive) {
  check_lengths(spectrum);
  std::vector<char> hidden(spectrum.size(), 0);
  for (const MaskedPoint& point : spectrum.masked) hidden[point.index] = 1;
  std::vector<std::size_t> order;
  order.reserve(spectrum.size());
  for (std::size_t i = 0; i < spectrum.size(); ++i) {
    if (hidden[i]) continue;
    check_point(spectrum, i);
    order.push_back(i);
  }
  if (order.size() < 2) {
    throw base::InputError({spectrum.source, 0, 0},
                           "the spectrum has " + std::to_string(order.size()) +
                               (order.size() == 1 ? " point" : " points") +
                               (spectrum.masked.empty() ? "" : " besides the masked ones"),
                           "at least two frequencies");
  }
  PreparedSpectrum out;
  const auto by_frequency = [&](std::size_t a, std::size_t b) { return spectrum.frequency[a] < spectrum.frequency[b]; };
  out.reordered = !std::is_sorted(order.begin(), order.end(), by_frequency);
  std::stable_sort(order.begin(), order.end(), by_frequency);
  const std::size_t n = order.size();
  out.frequency.reserve(n);
  out.impedance.reserve(n);
  for (const std::size_t i : order) {
    if (!out.frequency.empty() && out.frequency.back() == spectrum.frequency[i]) ++out.repeated;
    out.frequency.push_back(spectrum.frequency[i]);
    out.impedance.push_back(spectrum.impedance[i]);
    if (!spectrum.uncertainty.empty()) out.uncertainty.push_back(spectrum.uncertainty[i]);
    if (spectrum.impedance[i].imag() > 0.0) ++out.inductive;
  }
  out.index = std::move(order);
  if (out.inductive == n && !allow_inductive) {
    throw base::InputError({spectrum.source, 0, 0}, "every point is inductive (Z'' > 0)",
                           "Z'' below zero for a capacitor; if the column holds -Z'', change its sign");
  }
  if (out.frequency.front() == out.frequency.back()) {
    throw base::InputError({spectrum.source, 0, 0}, "every point has the same frequency", "at least two frequencies");
  }
  if (out.repeated > 0) {
    out.remarks.push_back(std::to_string(out.repeated) + " of " + std::to_string(n) +
                          " points repeat a frequency; they are used as separate measurements.");
  }
  if (out.inductive > 0) out.remarks.push_back(std::to_string(out.inductive) + " points are inductive (Z'' > 0).");
  return out;
}

Spectrum spectrum_from(const table::Table& table) {
  const auto missing = [&table](const std::string& what, const std::string& expected) -> base::InputError {
    std::string found;
    for (const table::Column& column : table.columns) found += (found.empty() ? "'" : ", '") + column.name + "'";
    return base::InputError({table.source, 0, 0},
                            "no column with the " + what + (found.empty() ? "" : " among " + found), expected);
  };
  const table::Column* frequency = find_any(table, {"frequency", "freq", "f"});
  if (!frequency) throw missing("frequency", "a column 'frequency' in Hz");
  const table::Column* real = find_any(table, {"Z'", "z_real", "re_z", "zreal", "Re(Z)"});
  const table::Column* imaginary = find_any(table, {"Z''", "z_imag", "im_z", "zimag", "Im(Z)"});
  const table::Column* negated = imaginary ? nullptr : find_any(table, {"-Z''", "-z_imag", "-Im(Z)"});
  const table::Column* modulus = real ? nullptr : find_any(table, {"|Z|", "modulus", "z_modulus"});
  const table::Column* phase = real ? nullptr : find_any(table, {"phase", "Phase(Z)"});
  const bool cartesian = real && (imaginary || negated);
  if (!cartesian && !(modulus && phase)) throw missing("impedance", "columns Z' and Z'' (or -Z''), or |Z| and phase");
  Spectrum out;
  out.source = table.source;
  out.metadata = table.metadata;
  out.frequency = frequency->values;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (cartesian) {
      out.impedance.emplace_back(real->values[i], imaginary ? imaginary->values[i] : -negated->values[i]);
    } else {
      out.impedance.push_back(std::polar(1.0, phase->values[i]) * modulus->values[i]);
    }
    if (std::isnan(out.frequency[i]) || std::isnan(out.impedance[i].real()) || std::isnan(out.impedance[i].imag())) {
      out.mask(i, "a cell of this row is empty");
    }
  }
  if (const auto found = table.metadata.find("temperature"); found != table.metadata.end()) {
    out.temperature = base::try_parse_number(found->second);
  }
  return out;
}

}  // namespace closo::impedance
