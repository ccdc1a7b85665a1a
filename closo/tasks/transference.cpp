#include "closo/tasks/transference.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/base/number.hpp"
#include "closo/table/csv.hpp"
#include "closo/tasks/detail/measured_value.hpp"

namespace closo::tasks {
namespace {

using base::InputError;
using base::Measured;
using base::ParameterError;
using detail::value_in;

constexpr std::array<Option, 11> options{{
    {"data", OptionType::file, "", "", "",
     "CSV with time and current after the voltage step; without it --i0 and --iss", true},
    {"electrodes", OptionType::choice, "", "nonblocking", "",
     "blocking: share of ions against electrons; nonblocking: of the cation", false, false, false,
     "blocking nonblocking"},
    {"voltage", OptionType::quantity, "V", "", "above 0", "applied voltage"},
    {"i0", OptionType::quantity, "A", "", "above 0", "initial current, instead of the transient's"},
    {"iss", OptionType::quantity, "A", "", "", "steady current, instead of the transient's"},
    {"r0", OptionType::quantity, "Ohm", "", "0 or more", "interface resistance before polarization"},
    {"rss", OptionType::quantity, "Ohm", "", "0 or more", "interface resistance in the steady state"},
    {"bulk-resistance", OptionType::quantity, "Ohm", "", "0 or more",
     "of the electrolyte, to check the initial current"},
    {"temperature", OptionType::quantity, "K", "25 degC", "above 0 K",
     "of the cell, to judge the voltage against kT/e"},
    {"time-constant", OptionType::quantity, "s", "", "0 or more",
     "RC of the cell: the first 5 RC are left out; else found in the data"},
    {"drift-limit", OptionType::quantity, "%", "1 %", "above 0",
     "change of the current over the last tenth that counts as steady"},
}};

std::optional<Measured> given(const Arguments& arguments, std::string_view name, std::string_view unit) {
  const auto quantity = arguments.quantity(name, unit);
  if (!quantity) return std::nullopt;
  return Measured{quantity->value, quantity->uncertainty};
}

TransferenceRequest request_of(const Arguments& arguments) {
  TransferenceRequest request;
  if (arguments.has("data")) request.data = std::string(arguments.text("data"));
  request.blocking = arguments.text("electrodes") == "blocking";
  request.voltage = given(arguments, "voltage", "V");
  request.initial_current = given(arguments, "i0", "A");
  request.steady_current = given(arguments, "iss", "A");
  request.initial_resistance = given(arguments, "r0", "Ohm");
  request.steady_resistance = given(arguments, "rss", "Ohm");
  request.bulk_resistance = given(arguments, "bulk-resistance", "Ohm");
  request.temperature = arguments.quantity("temperature", "K")->value;
  if (const auto constant = arguments.quantity("time-constant", "s")) request.transient.time_constant = constant->value;
  request.transient.drift_limit = arguments.quantity("drift-limit", "%")->value;
  return request;
}

void check(const TransferenceRequest& request) {
  const auto require = [](bool holds, const char* name, const char* value, const char* allowed) {
    if (!holds) throw ParameterError(name, value, allowed);
  };
  require(request.data || (request.initial_current && request.steady_current), "data", "missing",
          "a CSV file with the transient, or --i0 and --iss");
  require(request.initial_resistance.has_value() == request.steady_resistance.has_value(), "r0, rss",
          "only one of them", "the interface resistance before and after polarization together");
  require(!request.initial_resistance || request.voltage, "voltage", "missing",
          "the applied voltage beside --r0 and --rss");
  require(!(request.blocking && request.initial_resistance), "r0, rss", "with blocking electrodes",
          "interface resistances for nonblocking electrodes only");
}

struct Curve {
  std::vector<double> time, current;
  double sign = 1.0;  ///< currents are mirrored to be positive at the start
};

bool has_dimension(const table::Column& column, const char* unit) {
  return column.unit.dimension() == base::Unit::parse(unit).dimension();
}

Curve read_curve(const std::filesystem::path& path) {
  const std::string file = path.string();
  const table::Table data = table::parse_numeric_csv(base::read_text_file(path), file);
  const auto find = [&](const char* unit, const char* expected) -> const table::Column& {
    const table::Column* found = nullptr;
    for (const table::Column& column : data.columns) {
      if (!has_dimension(column, unit)) continue;
      if (found != nullptr)
        throw InputError({file, 1, 0}, "two columns in " + std::string(unit), std::string("one column ") + expected);
      found = &column;
    }
    if (found == nullptr)
      throw InputError({file, 1, 0}, "no column in " + std::string(unit), std::string("a column ") + expected);
    return *found;
  };
  const table::Column& time = find("s", "'t (s)' or 't (h)'");
  const table::Column& current = find("A", "'I (A)', 'I (uA)' or 'I (nA)'");
  Curve curve;
  for (std::size_t i = 0; i < time.values.size(); ++i) {
    if (std::isnan(time.values[i]) || std::isnan(current.values[i])) {
      throw InputError({file, 0, 0}, "an empty cell in data row " + std::to_string(i + 1),
                       "a time and a current in every row");
    }
    if (i > 0 && !(time.values[i] > time.values[i - 1])) {
      throw InputError({file, 0, 0},
                       "the time in data row " + std::to_string(i + 1) + " does not follow the one before",
                       "times from the voltage step on, in ascending order");
    }
    curve.time.push_back(time.values[i]);
    curve.current.push_back(current.values[i]);
  }
  if (curve.time.size() < 8) {
    throw InputError({file, 0, 0}, std::to_string(curve.time.size()) + " rows", "at least 8 points of the transient");
  }
  if (curve.time.front() < 0.0) throw InputError({file, 0, 0}, "a time before 0", "times from the voltage step on");
  double sum = 0.0;
  for (const double value : curve.current) sum += value;
  if (sum < 0.0) {
    curve.sign = -1.0;
    for (double& value : curve.current) value = -value;
  }
  return curve;
}

std::string ampere_unit(double current) {
  const double size = std::abs(current);
  return size >= 1e-3 ? "mA" : size >= 1e-6 ? "uA" : "nA";
}

struct Currents {
  Measured initial, steady;
  std::string initial_source, steady_source;
};

report::Section transient_section(const transport::Transient& transient, const Curve& curve, const Currents& currents) {
  const std::string unit = ampere_unit(currents.initial.value);
  const double factor = base::Unit::parse(unit).from_si(1.0);
  report::KeyValues items{"transient", {}};
  items.items.emplace_back("points", std::to_string(curve.time.size()));
  items.items.emplace_back("points of the charging spike left out", std::to_string(transient.dropped));
  items.items.emplace_back("steady state", std::string(transport::to_string(transient.steady_state)));
  items.items.emplace_back("drift over the last tenth", value_in(Measured{transient.drift, transient.drift_uncertainty},
                                                                 "%", "computed", "slope of the last tenth"));
  if (transient.extrapolated_current) {
    items.items.emplace_back("limit of the decay", value_in(*transient.extrapolated_current, unit, "computed",
                                                            "exponential through the second half"));
    items.items.emplace_back("relaxation time",
                             value_in(Measured{*transient.relaxation_time, {}}, "s", "computed", "same"));
  }
  report::Figure figure;
  figure.id = "transient";
  figure.title = "Current after the voltage step";
  const bool hours = curve.time.back() > 36000.0;
  figure.x = {hours ? "t (h)" : "t (s)", report::Scale::linear, {}, {}, false};
  figure.y = {"I (" + base::display(base::Unit::parse(unit)) + ")", report::Scale::linear, {}, {}, false};
  const double per = hours ? 1.0 / 3600.0 : 1.0;
  const auto layer_of = [&](const char* name, std::size_t first, std::size_t last) {
    report::Layer layer;
    layer.mark = report::Mark::points;
    layer.series = name;
    // A page needs no more than some hundred points; every n-th one keeps the shape.
    const std::size_t step = std::max<std::size_t>(1, (last - first) / 600);
    for (std::size_t i = first; i < last; i += step) {
      layer.x.push_back(curve.time[i] * per);
      layer.y.push_back(curve.current[i] * factor);
    }
    return layer;
  };
  if (transient.dropped > 0) figure.layers.push_back(layer_of("left out", 0, transient.dropped));
  figure.layers.push_back(layer_of("measured", transient.dropped, curve.time.size()));
  for (const auto& [name, level] : {std::pair{"I0", currents.initial.value}, std::pair{"Iss", currents.steady.value}}) {
    report::Layer line;
    line.mark = report::Mark::line;
    line.series = name;
    line.dashed = true;
    line.x = {curve.time.front() * per, curve.time.back() * per};
    line.y = {level * factor, level * factor};
    figure.layers.push_back(std::move(line));
  }
  return {"transient", "Transient", {items, figure}, false};
}

report::Section number_section(const TransferenceRequest& request, const Currents& currents, report::Report& report) {
  const std::string unit = ampere_unit(currents.initial.value);
  report::KeyValues items{"transference", {}};
  const auto add = [&](const char* name, const transport::Transference& t, const char* source) {
    for (const transport::TransferenceWarning warning : t.warnings) {
      const std::string text(transport::describe(warning));
      if (std::ranges::find(report.warnings, text) == report.warnings.end()) report.warnings.push_back(text);
    }
    if (t.status != transport::TransferenceStatus::ok) {
      report.warnings.emplace_back("the interface resistance takes the whole voltage; no Bruce-Vincent number follows");
      items.items.emplace_back(
          name, value_in(std::nullopt, "", "computed", source, "I R of the interface reaches the voltage"));
      return;
    }
    items.items.emplace_back(name, value_in(Measured{t.number, t.uncertainty}, "", "computed", source));
  };
  if (request.blocking) {
    add("ionic transference number", transport::ionic_transference(currents.initial, currents.steady), "(I0 - Iss)/I0");
  } else {
    if (request.initial_resistance) {
      const transport::BruceVincent measurement{
          *request.voltage,           currents.initial,        currents.steady,    *request.initial_resistance,
          *request.steady_resistance, request.bulk_resistance, request.temperature};
      add("cation transport number, Bruce-Vincent", transport::bruce_vincent(measurement),
          "Iss (V - I0 R0) / (I0 (V - Iss Rss))");
    }
    add("cation transport number, Iss/I0", transport::cation_transference(currents.initial, currents.steady), "Iss/I0");
    if (!request.initial_resistance) {
      report.warnings.emplace_back("without --r0 and --rss the interface resistances are not taken out of Iss/I0");
      const double limit = 0.4 * base::boltzmann_constant_eV * request.temperature;
      if (request.voltage && request.voltage->value > limit) {
        report.warnings.emplace_back(transport::describe(transport::TransferenceWarning::voltage_not_small));
      }
    }
  }
  items.items.emplace_back("initial current", value_in(currents.initial, unit, "", currents.initial_source));
  items.items.emplace_back("steady current", value_in(currents.steady, unit, "", currents.steady_source));
  return {"transference", "Transference number", {items}, false};
}

report::Section method_section(bool blocking) {
  const char* text =
      blocking ? "Blocking electrodes: the initial current is ionic and electronic, the steady one electronic (Hehn et "
                 "al. 2025, "
                 "DOI 10.1021/acsami.5c01939, sec. 2.2.2); t_ion = (I0 - Iss)/I0."
               : "Nonblocking electrodes: t+ = Iss (V - I0 R0) / (I0 (V - Iss Rss)) (Evans, Vincent & Bruce 1987, DOI "
                 "10.1016/0032-3861(87)90394-6); valid for ideal dilute salts and voltages small against kT/e; for "
                 "single-ion "
                 "conductors it tests leakage.";
  return {"method",
          "Method",
          {report::Paragraph{text}, report::Paragraph{"I0 is extrapolated to the step from the points after the "
                                                      "charging spike; Iss is the mean of the last tenth, or "
                                                      "the limit of an exponential where the current still drifts."}},
          true};
}

report::Report run_transference(const Arguments& arguments, const Context& context) {
  return transference(request_of(arguments), context);
}

}  // namespace

report::Report transference(const TransferenceRequest& request, const Context&) {
  check(request);
  report::Report report;
  report.task = "transference";
  report.title = request.data ? "Transference number from " + request.data->filename().string() : "Transference number";
  Currents currents;
  std::optional<Curve> curve;
  std::optional<transport::Transient> transient;
  if (request.data) {
    curve = read_curve(*request.data);
    transient = transport::analyse_transient(curve->time, curve->current, request.transient);
    currents = {transient->initial_current, transient->steady_current, "transient, extrapolated to the step",
                "transient, mean of the last tenth"};
    if (transient->steady_state == transport::SteadyState::not_reached) {
      const std::string drift = base::format_number(100.0 * transient->drift, 2) + " % over the last tenth";
      if (transient->extrapolated_current) {
        currents.steady = *transient->extrapolated_current;
        currents.steady_source = "transient, limit of the exponential";
        report.warnings.push_back("steady state not reached (" + drift + "); the steady current is extrapolated");
      } else if (!request.steady_current) {
        report.warnings.push_back("steady state not reached (" + drift +
                                  ") and no limit can be extrapolated; the number is not a transference number");
      }
    } else if (transient->steady_state == transport::SteadyState::noise_limited) {
      report.warnings.emplace_back("the noise hides whether the current is steady to the wanted limit");
    }
    report.provenance.emplace_back("input", request.data->string());
  }
  if (request.initial_current) {
    currents.initial = *request.initial_current;
    currents.initial_source = "option i0";
  }
  if (request.steady_current) {
    currents.steady = *request.steady_current;
    currents.steady_source = "option iss";
  }
  report.sections.push_back(number_section(request, currents, report));
  if (curve) report.sections.push_back(transient_section(*transient, *curve, currents));
  report.sections.push_back(method_section(request.blocking));
  return report;
}

constinit const Task transference_task{
    .name = "transference",
    .summary = "Ionic transference or cation transport number from DC polarization",
    .options = options,
    .run = run_transference,
    .stem = "transference",
};

}  // namespace closo::tasks
