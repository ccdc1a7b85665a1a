#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "closo/report/detail/figure_scale.hpp"

namespace closo::report::detail {
namespace {

constexpr double margin = 0.04;

class Extent {
 public:
  explicit Extent(bool log) : log_(log) {}
  void add(double number) {
    if (!std::isfinite(number) || (log_ && number <= 0.0)) return;
    low_ = std::min(low_, number);
    high_ = std::max(high_, number);
  }
  void add(std::span<const double> numbers) {
    for (const double number : numbers) add(number);
  }
  bool empty() const { return low_ > high_; }
  double low() const { return low_; }
  double high() const { return high_; }

 private:
  bool log_;
  double low_ = std::numeric_limits<double>::infinity();
  double high_ = -std::numeric_limits<double>::infinity();
};

}  // namespace

Domain domain_of(const Figure& figure, const Axis& axis, bool is_x) {
  const bool log = axis.scale == Scale::log10;
  Extent extent(log);
  bool bars = false;
  for (const Layer& layer : figure.layers) {
    if (is_x) {
      extent.add(layer.x);
      extent.add(layer.x_low);
      extent.add(layer.x_high);
      continue;
    }
    if (layer.mark == Mark::rule_vertical) continue;
    extent.add(layer.y);
    extent.add(layer.y_low);
    extent.add(layer.y_high);
    bars = bars || layer.mark == Mark::bars;
  }
  if (bars && !log) extent.add(0.0);
  Domain domain;
  if (!axis.names.empty()) {
    domain = {.low = -0.5, .high = static_cast<double>(axis.names.size()) - 0.5};
  } else if (extent.empty()) {
    domain = log ? Domain{.low = 1.0, .high = 10.0} : Domain{};
  } else if (log) {
    const double low = std::log10(extent.low());
    const double high = std::log10(extent.high());
    const double pad = high > low ? margin * (high - low) : 0.5;
    domain = {.low = std::pow(10.0, low - pad), .high = std::pow(10.0, high + pad)};
  } else {
    const double span = extent.high() - extent.low();
    const double pad = span > 0.0 ? margin * span : std::max(std::abs(extent.high()) * 0.1, 1e-300);
    domain = {.low = bars && extent.low() == 0.0 ? 0.0 : extent.low() - pad,
              .high = bars && extent.high() == 0.0 ? 0.0 : extent.high() + pad};
    if (span == 0.0 && extent.high() == 0.0) domain = {.low = bars ? 0.0 : -1.0, .high = 1.0};
  }
  const auto usable = [log](const std::optional<double>& bound) {
    return bound && std::isfinite(*bound) && (!log || *bound > 0.0);
  };
  if (usable(axis.low)) domain.low = *axis.low;
  if (usable(axis.high)) domain.high = *axis.high;
  if (domain.low >= domain.high) domain.high = log ? domain.low * 10.0 : domain.low + 1.0;
  domain.bar_base = log ? domain.low : 0.0;
  return domain;
}

std::string power_test_expression() { return "abs(log(datum.value) / LN10 - round(log(datum.value) / LN10)) < 1e-6"; }

std::string power_label_expression(const std::string& channel) {
  const std::string digits = "['⁰','¹','²','³','⁴','⁵','⁶','⁷','⁸','⁹']";
  const auto power = [&digits](const std::string& exponent) {
    return "(" + exponent + " == 0 ? '1' : " + exponent + " == 1 ? '10' : '10' + (" + exponent +
           " < 0 ? '⁻' : '') + (abs(" + exponent + ") >= 100 ? " + digits + "[floor(abs(" + exponent +
           ") / 100)] : '') + (abs(" + exponent + ") >= 10 ? " + digits + "[floor(abs(" + exponent +
           ") / 10) % 10] : '') + " + digits + "[abs(" + exponent + ") % 10])";
  };
  const std::string exponent = "round(log(datum.value) / LN10)";
  // The small shift keeps 1000 from falling to exponent 2 by rounding.
  const std::string lower = "floor(log(datum.value) / LN10 + 1e-6)";
  const std::string mantissa = "round(datum.value / pow(10, " + lower + "))";
  const std::string width = "abs(log(domain('" + channel + "')[1] / domain('" + channel + "')[0]))";
  const std::string narrow = width + " < 1.5 * LN10";
  // Over few decades of everyday numbers: 20, 50, 100.
  const std::string plain = narrow + " && datum.value > 0.0009 && datum.value < 10001";
  const std::string is_whole = "abs(datum.value / pow(10, " + lower + ") - " + mantissa + ") < 1e-6";
  const std::string is_two_or_five = "(" + is_whole + " && (" + mantissa + " == 2 || " + mantissa + " == 5))";
  // Within a factor 4 the ticks are even steps: each has its label.
  return width + " < log(4) ? format(datum.value, '~g') : " + power_test_expression() + " ? (" + plain +
         " ? format(datum.value, '~g') : " + power(exponent) + ") : " + narrow + " && " + is_two_or_five + " ? (" +
         plain + " ? format(datum.value, '~g') : " + mantissa + " + '×' + " + power(lower) + ") : ''";
}

}  // namespace closo::report::detail
