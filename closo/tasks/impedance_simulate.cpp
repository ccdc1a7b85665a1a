#include "closo/tasks/impedance_simulate.hpp"

#include <algorithm>
#include <limits>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/base/number.hpp"
#include "closo/base/suggestion.hpp"
#include "closo/formats/biologic_mpt.hpp"
#include "closo/formats/gamry_dta.hpp"
#include "closo/tasks/impedance_figures.hpp"

namespace closo::tasks {
namespace {

/// "S s^n": no fixed unit, numbers are SI.
bool depends_on_exponent(const std::string& unit) { return unit.find("^n") != std::string::npos; }

/// Values in the order of the circuit's parameters. Throws: InputError naming what is wrong or missing.
std::vector<double> read_values(const impedance::Circuit& circuit, const std::vector<std::string>& texts) {
  std::vector<double> values(circuit.parameters.size(), std::numeric_limits<double>::quiet_NaN());
  std::vector<std::string> names;
  std::vector<bool> set(values.size(), false);
  for (std::size_t i = 0; i < values.size(); ++i) {
    names.push_back(circuit.parameters[i].name);
    if (circuit.parameters[i].fixed) values[i] = *circuit.parameters[i].fixed;
    if (circuit.parameters[i].start) values[i] = *circuit.parameters[i].start;
  }
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    const auto found = std::find(names.begin(), names.end(), name);
    if (equals == std::string::npos || found == names.end()) {
      const std::string near = base::did_you_mean(name, names);
      std::string list;
      for (const std::string& each : names) list += (list.empty() ? "" : ", ") + each;
      throw base::InputError({}, "'" + text + "' sets no parameter of this circuit" + (near.empty() ? "" : "; " + near),
                             "NAME=VALUE with one of " + list);
    }
    const impedance::Parameter& parameter = circuit.parameters[static_cast<std::size_t>(found - names.begin())];
    const std::string value = text.substr(equals + 1);
    if (set[static_cast<std::size_t>(found - names.begin())])
      throw base::InputError({}, name + " is set twice", "one value for each parameter");
    set[static_cast<std::size_t>(found - names.begin())] = true;
    const std::optional<double> bare = base::try_parse_number(value);
    if (!bare && depends_on_exponent(parameter.unit)) {
      throw base::InputError({}, "'" + value + "' is not a plain number",
                             "a number in " + parameter.unit + ", without the unit");
    }
    values[static_cast<std::size_t>(found - names.begin())] =
        bare ? *bare : base::parse_quantity(value, base::Unit::parse(parameter.unit), name).value;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(values[i] == values[i]))
      throw base::InputError({}, "no value for " + names[i],
                             "set \"" + names[i] + "=…\" (" + circuit.parameters[i].unit + ")");
  }
  return values;
}

table::Table spectrum_table(const impedance::Spectrum& spectrum, const ImpedanceSimulateRequest& request) {
  table::Table table;
  table.source = request.to;
  table.columns = {{"frequency", base::Unit::parse("Hz"), spectrum.frequency},
                   {"Z_real", base::Unit::parse("Ohm"), {}},
                   {"Z_imag", base::Unit::parse("Ohm"), {}}};
  for (const impedance::Complex& z : spectrum.impedance) {
    table.columns[1].values.push_back(z.real());
    table.columns[2].values.push_back(z.imag());
  }
  // Instruments sweep downwards.
  for (table::Column& column : table.columns) std::reverse(column.values.begin(), column.values.end());
  table.metadata["title"] =
      "simulated " + request.circuit +
      (request.temperature ? " at " + base::format_number(*request.temperature - 273.15, 5) + " degC" : "");
  table.metadata["comment"] = "simulated by closo, not a measurement; noise " +
                              base::format_number(100.0 * request.noise.proportional, 3) + " % of |Z|, seed " +
                              std::to_string(request.seed);
  return table;
}

std::string csv_text(const table::Table& table) {
  std::string text = "# " + table.metadata.at("title") + "\n# " + table.metadata.at("comment") +
                     "\nfrequency (Hz),Z_real (Ohm),Z_imag (Ohm)\n";
  for (std::size_t i = 0; i < table.rows(); ++i) {
    for (std::size_t k = 0; k < table.columns.size(); ++k)
      text += (k == 0 ? "" : ",") + base::format_exact(table.columns[k].values[i]);
    text += '\n';
  }
  return text;
}

}  // namespace

report::Report impedance_simulate(const ImpedanceSimulateRequest& request, const Context&) {
  const impedance::Circuit circuit = impedance::parse_circuit(request.circuit);
  const std::vector<double> values = read_values(circuit, request.values);
  const std::vector<double> frequency =
      impedance::logarithmic_frequencies(request.lowest, request.highest, request.points_per_decade);
  const impedance::Spectrum spectrum =
      impedance::simulate_measurement(circuit, values, frequency, request.noise, request.seed);
  const std::vector<impedance::Complex> exact = impedance::simulate(circuit, values, frequency);

  report::Report report;
  report.task = "impedance simulate";
  report.title = "Simulated " + impedance::to_text(circuit);
  report.subtitle = std::to_string(frequency.size()) + " points";
  report::KeyValues parameters{"parameters", {}};
  for (std::size_t i = 0; i < values.size(); ++i) {
    report::Value value;
    value.value = values[i];
    const std::string& unit = circuit.parameters[i].unit;
    value.unit = depends_on_exponent(unit) ? unit : base::display(base::Unit::parse(unit));
    value.kind = "setting";
    value.source = "option set";
    parameters.items.emplace_back(circuit.parameters[i].name, value);
  }
  const ImpedanceCurve curve{"simulated", spectrum.frequency, spectrum.impedance, exact};
  report.sections.push_back({"simulation",
                             "Simulation",
                             {parameters, nyquist_figure("nyquist", "Nyquist plot", {curve}),
                              bode_modulus_figure("bode_modulus", {curve}), bode_phase_figure("bode_phase", {curve})},
                             false});
  if (!request.to.empty()) {
    const table::Table table = spectrum_table(spectrum, request);
    std::string text;
    if (request.format == "gamry") {
      text = formats::write_gamry_dta(table);
    } else if (request.format == "biologic") {
      text = formats::write_biologic_mpt({&table, 1});
    } else {
      text = csv_text(table);
    }
    base::write_file_atomically(request.to, text);
    report.provenance.emplace_back("written", request.to);
    std::get<report::KeyValues>(report.sections.front().blocks.front()).items.emplace_back("written to", request.to);
  }
  return report;
}

namespace {

constexpr Option options[] = {
    {"circuit", OptionType::text, "", "", "", "Circuit such as R0-p(R1,CPE1)-CPE2 or R(RQ)Q", true, true},
    {"set", OptionType::text, "", "", "", "value of a parameter, as R1=1.2 kOhm or CPE1.n=0.9", false, false, true},
    {"from", OptionType::quantity, "Hz", "1 Hz", "above 0", "lowest frequency"},
    {"until", OptionType::quantity, "Hz", "1 MHz", "above --from", "highest frequency"},
    {"points-per-decade", OptionType::integer, "", "10", "1 to 1000", "density of the points"},
    {"noise", OptionType::quantity, "%", "0 %", "0 or more", "standard deviation of each component, relative to |Z|"},
    {"temperature", OptionType::quantity, "K", "", "above 0 K", "written into the file"},
    {"as", OptionType::choice, "", "csv", "", "file format", false, false, false, "csv gamry biologic"},
    {"to", OptionType::path, "", "", "", "file to write"},
};

report::Report run(const Arguments& arguments, const Context& context) {
  ImpedanceSimulateRequest request;
  request.circuit = std::string(arguments.text("circuit"));
  request.values = arguments.texts("set");
  request.lowest = arguments.quantity("from", "Hz")->value;
  request.highest = arguments.quantity("until", "Hz")->value;
  request.points_per_decade = static_cast<int>(std::clamp(*arguments.integer("points-per-decade"), -1L, 1000000L));
  request.noise.proportional = arguments.quantity("noise", "%")->value;
  request.seed = context.seed;
  if (const auto temperature = arguments.quantity("temperature", "K")) request.temperature = temperature->value;
  request.format = std::string(arguments.text("as"));
  request.to = std::string(arguments.text("to"));
  return impedance_simulate(request, context);
}

}  // namespace

constinit const Task impedance_simulate_task{
    "impedance simulate", "Simulate a spectrum from a circuit, with noise, in an instrument's file format", options,
    run, "impedance_simulate"};

}  // namespace closo::tasks
