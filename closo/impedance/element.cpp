#include "closo/impedance/element.hpp"

#include <cmath>
#include <limits>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/impedance/detail/element_kernel.hpp"

namespace closo::impedance {
namespace {

constexpr ParameterInfo log_parameter(std::string_view name, std::string_view unit, ParameterRole role) {
  return {name, unit, role, ParameterScale::logarithmic, 0.0, std::numeric_limits<double>::infinity()};
}
constexpr ParameterInfo exponent(std::string_view name) {
  return {name, "1", ParameterRole::exponent, ParameterScale::bounded, 0.05, 1.0};
}

constexpr ParameterInfo resistance = log_parameter("R", "Ohm", ParameterRole::resistance);
constexpr ParameterInfo time_constant = log_parameter("tau", "s", ParameterRole::time);
constexpr ParameterInfo pseudo_capacitance = log_parameter("Q", "S s^n", ParameterRole::capacitance);

constexpr std::array resistor_parameters{resistance};
constexpr std::array capacitor_parameters{log_parameter("C", "F", ParameterRole::capacitance)};
constexpr std::array inductor_parameters{log_parameter("L", "H", ParameterRole::inductance)};
constexpr std::array phase_parameters{pseudo_capacitance, exponent("n")};
constexpr std::array warburg_parameters{log_parameter("sigma", "Ohm s^-1/2", ParameterRole::warburg_coefficient)};
constexpr std::array diffusion_parameters{resistance, time_constant};
constexpr std::array finite_gerischer_parameters{resistance, time_constant,
                                                 log_parameter("phi", "1", ParameterRole::ratio)};
constexpr std::array zarc_parameters{resistance, time_constant, exponent("alpha")};
constexpr std::array negami_parameters{resistance, time_constant, exponent("alpha"), exponent("beta")};
constexpr std::array lead_parameters{log_parameter("L", "Ohm s^n", ParameterRole::inductance), exponent("n")};
constexpr std::array blocking_parameters{resistance, pseudo_capacitance, exponent("n")};
constexpr std::array reactive_parameters{resistance, log_parameter("Rct", "Ohm", ParameterRole::resistance),
                                         pseudo_capacitance, exponent("n")};

constexpr std::array<ElementInfo, 15> elements{{
    {ElementKind::resistor, "R", "R", "resistor", resistor_parameters},
    {ElementKind::capacitor, "C", "C", "capacitor", capacitor_parameters},
    {ElementKind::inductor, "L", "L", "inductor", inductor_parameters},
    {ElementKind::constant_phase, "CPE", "Q", "constant phase element", phase_parameters},
    {ElementKind::warburg, "W", "W", "Warburg diffusion, semi-infinite", warburg_parameters},
    {ElementKind::warburg_short, "Ws", "O", "Warburg diffusion, finite length, transmissive end", diffusion_parameters},
    {ElementKind::warburg_open, "Wo", "T", "Warburg diffusion, finite length, blocking end", diffusion_parameters},
    {ElementKind::gerischer, "G", "G", "Gerischer element", diffusion_parameters},
    {ElementKind::gerischer_finite, "Gs", "Gs", "Gerischer element of finite length", finite_gerischer_parameters},
    {ElementKind::zarc, "Zarc", "Zarc", "Zarc (Cole-Cole)", zarc_parameters},
    {ElementKind::havriliak_negami, "HN", "HN", "Havriliak-Negami", negami_parameters},
    {ElementKind::voigt, "K", "K", "Voigt element", diffusion_parameters},
    {ElementKind::modified_inductor, "La", "La", "modified inductance", lead_parameters},
    {ElementKind::line_blocking, "Tb", "Tb", "transmission line, blocking", blocking_parameters},
    {ElementKind::line_reactive, "Tr", "Tr", "transmission line, reactive", reactive_parameters},
}};

void check(const ElementInfo& info, std::span<const double> parameters) {
  if (parameters.size() != info.parameters.size()) {
    throw base::ParameterError(std::string(info.symbol), std::to_string(parameters.size()) + " parameters",
                               std::to_string(info.parameters.size()) + " parameters");
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const ParameterInfo& parameter = info.parameters[i];
    const double value = parameters[i];
    const bool good = parameter.scale == ParameterScale::logarithmic ? value > 0.0 && std::isfinite(value)
                                                                     : value >= 0.0 && value <= parameter.upper;
    if (!good) {
      throw base::ParameterError(
          std::string(info.symbol) + "." + std::string(parameter.name), base::format_number(value, 6),
          parameter.scale == ParameterScale::logarithmic ? "a positive finite number" : "a number from 0 to 1");
    }
  }
}

}  // namespace

std::span<const ElementInfo> element_table() noexcept { return elements; }

const ElementInfo& element_info(ElementKind kind) noexcept { return elements[static_cast<std::size_t>(kind)]; }

ElementResponse evaluate_element(ElementKind kind, std::span<const double> parameters, double angular_frequency) {
  const ElementInfo& info = element_info(kind);
  check(info, parameters);
  if (!(angular_frequency > 0.0) || !std::isfinite(angular_frequency)) {
    throw base::ParameterError("angular_frequency", base::format_number(angular_frequency, 6) + " rad/s",
                               "a positive finite number");
  }
  std::array<double, max_element_parameters> logs{};
  for (std::size_t i = 0; i < parameters.size(); ++i) logs[i] = parameters[i] > 0.0 ? std::log(parameters[i]) : 0.0;
  const double log_w = std::log(angular_frequency);
  std::array<detail::Number, max_element_parameters> dz{};
  detail::Number z{};
  const bool composite = detail::with_kind(
      kind, [&]<ElementKind k>() { z = detail::response<k>(parameters.data(), logs.data(), log_w, dz.data()); });
  if (!composite) {
    const detail::PowerForm form = detail::power_form(kind);
    const bool has_exponent = parameters.size() > 1;
    const double n = form.exponent + (has_exponent ? form.free_exponent * parameters[1] : 0.0);
    z = form.factor * detail::power(form.sign * logs[0], n, log_w);
    dz[0] = form.sign * z;
    if (has_exponent) dz[1] = form.free_exponent * (z * detail::log_s(log_w));
  }
  ElementResponse out;
  out.impedance = {z.re, z.im};
  for (std::size_t i = 0; i < parameters.size(); ++i) out.derivatives[i] = {dz[i].re, dz[i].im};
  return out;
}

std::optional<double> direct_current_resistance(ElementKind kind, std::span<const double> parameters) {
  check(element_info(kind), parameters);
  switch (kind) {
    case ElementKind::resistor:
    case ElementKind::warburg_short:
    case ElementKind::gerischer:
    case ElementKind::zarc:
    case ElementKind::havriliak_negami:
    case ElementKind::voigt:
      return parameters[0];
    case ElementKind::gerischer_finite:
      return parameters[0] / std::tanh(parameters[2]);
    case ElementKind::line_reactive: {
      const double x = std::sqrt(parameters[0] / parameters[1]);
      return parameters[0] / (x * std::tanh(x));
    }
    case ElementKind::inductor:
    case ElementKind::modified_inductor:
      return 0.0;
    default:
      return std::nullopt;
  }
}

}  // namespace closo::impedance
