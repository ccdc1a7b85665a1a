#include "closo/tasks/cell_eis.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numbers>
#include <utility>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/base/number.hpp"
#include "closo/base/quantity.hpp"
#include "closo/cell/aged_cell.hpp"
#include "closo/cell/cycles.hpp"
#include "closo/impedance/simulate.hpp"
#include "closo/tasks/cell_cycle.hpp"
#include "closo/tasks/detail/eis_report.hpp"
#include "closo/tasks/detail/sweep_text.hpp"
#include "closo/tasks/impedance_input.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;

constexpr std::size_t most_points = 5000;
constexpr std::size_t most_spectra = 100;
constexpr long most_cycles_before = 5000;
constexpr std::size_t steps_a_piece = 500;

constexpr auto option_table = [] {
  auto all = joined_options(
      cell_options,
      std::to_array<Option>({
          {"state-of-charge", OptionType::text, "", "", "0 to 100 %",
           "one, a list '0, 50, 100 %' or a range '10 to 90 by 10 %'; 100 % rests at the upper cut-off"},
          {"stoichiometry", OptionType::text, "", "", "0 to 1, exclusive",
           "of the cathode, instead; one, a list or a range"},
          {"frequencies", OptionType::text, "", "1 MHz to 1 mHz, 10 per decade", "above 0 Hz", "range and density"},
          {"after-cycles", OptionType::integer, "", "", "1 to 5000",
           "cycle the cell first, as cell cycle would with the first rate of the file"},
          {"to", OptionType::path, "", "", "", "CSV for closo impedance fit: a file for one spectrum, else a folder"},
      }));
  for (Option& option : all) {
    if (option.name != "at") continue;
    option.repeatable = true;
    option.help = "temperature, one or several; else the highest of the system file";
  }
  return all;
}();

/// The arguments with one temperature, or none.
Arguments with_temperature(const Arguments& arguments, const std::string& temperature) {
  Arguments one;
  for (const auto& [name, texts] : arguments.all()) {
    if (name == "at") continue;
    for (const std::string& text : texts) one.set(name, text);
  }
  if (!temperature.empty()) one.set("at", temperature);
  return one;
}

/// The cell as its cycles left it.
cell::CellParameters cycled(const CellCase& cell, const cell::CellParameters& fresh, long cycles,
                            const Context& context) {
  CyclingPlan plan;
  plan.cycles = cycles;
  if (!cell.rates.empty()) plan.discharge = plan.charge = cell.rates.front().text;
  plan.lower = cell.lower_cutoff;
  plan.upper = cell.upper_cutoff;
  cell::SimulationOptions options = cell.mesh;
  options.keeps_rows = false;
  cell::Simulation simulation(fresh, cell::parse_protocol(cycling_protocol(plan)), options);
  for (cell::RunStatus status = cell::RunStatus::running; status == cell::RunStatus::running;) {
    status = simulation.advance(steps_a_piece);
    const double share =
        static_cast<double>(simulation.visit()) / static_cast<double>(simulation.protocol().visits.size());
    if (context.progress && !context.progress(share, "cycling before the spectra")) throw base::Cancelled();
    if (status == cell::RunStatus::stopped) {
      throw base::NumericsError("the " + std::to_string(cycles) +
                                " cycles before the spectrum cannot be done: " + simulation.result().reason);
    }
  }
  return cell::aged_cell(fresh, simulation.result().steps.back());
}

std::string csv_text(const CellSpectrum& spectrum, const std::string& name, double area, bool is_area_known) {
  std::string text = "# " + name + ", stoichiometry " + base::format_number(spectrum.stoichiometry) + ", at " +
                     base::format_number(spectrum.temperature - 273.15, 5) + " degC, " +
                     (is_area_known ? base::format_number(1e4 * area) + " cm2" : std::string("for 1 cm2")) +
                     "\n# calculated by closo from a cell model, not a measurement\n" +
                     "frequency (Hz),Z_real (Ohm),Z_imag (Ohm)\n";
  for (std::size_t i = spectrum.frequency.size(); i-- > 0;) {  // instruments sweep downwards
    text += base::format_exact(spectrum.frequency[i]) + "," + base::format_exact(spectrum.impedance[i].real() / area) +
            "," + base::format_exact(spectrum.impedance[i].imag() / area) + "\n";
  }
  return text;
}

/// "soc50_60degC.csv", "x0.25_60degC.csv".
std::string file_name(const CellSpectrum& spectrum, bool by_state) {
  const std::string state = by_state && spectrum.state_of_charge
                                ? "soc" + base::format_number(100.0 * *spectrum.state_of_charge)
                                : "x" + base::format_number(spectrum.stoichiometry);
  return state + "_" + base::format_number(spectrum.temperature - 273.15) + "degC.csv";
}

void write_files(std::vector<CellSpectrum>& spectra, const CellEisRequest& request) {
  const std::filesystem::path to = request.to;
  const bool is_file = to.extension() == ".csv";
  if (is_file && spectra.size() > 1) {
    throw ParameterError("to", "'" + request.to + "'",
                         "a folder for " + std::to_string(spectra.size()) + " spectra, or one state and temperature");
  }
  std::error_code failure;
  if (!is_file && !std::filesystem::is_directory(to, failure)) {
    std::filesystem::create_directories(to, failure);
    if (failure) throw base::InputError({request.to, 0, 0}, "the folder cannot be made: " + failure.message());
  }
  const std::optional<double> area = detail::area_of(request.cells.front());
  for (CellSpectrum& spectrum : spectra) {
    const std::filesystem::path file = is_file ? to : to / file_name(spectrum, request.stoichiometries.empty());
    base::write_file_atomically(file, csv_text(spectrum, request.cells.front().description.name,
                                               area.value_or(detail::unit_area), area.has_value()));
    spectrum.file = file.string();
  }
}

report::Report run(const Arguments& arguments, const Context& context) {
  CellEisRequest request;
  std::vector<std::string> temperatures = arguments.texts("at");
  if (temperatures.empty()) temperatures.emplace_back();
  for (const std::string& temperature : temperatures)
    request.cells.push_back(cell_case(with_temperature(arguments, temperature), context));
  if (arguments.has("state-of-charge") && arguments.has("stoichiometry"))
    throw ParameterError("stoichiometry", "beside states of charge", "one of --state-of-charge and --stoichiometry");
  if (arguments.has("state-of-charge")) {
    request.states_of_charge =
        detail::parse_sweep("state-of-charge", arguments.text("state-of-charge"), "%", 0.0, 1.0, "0 to 100 %");
  }
  if (arguments.has("stoichiometry")) {
    request.stoichiometries =
        detail::parse_sweep("stoichiometry", arguments.text("stoichiometry"), "1", 1e-6, 1.0 - 1e-6, "between 0 and 1");
  }
  request.frequencies = parse_frequencies(arguments.text("frequencies"));
  if (const std::optional<long> cycles = arguments.integer("after-cycles")) {
    if (*cycles < 1 || *cycles > most_cycles_before)
      throw ParameterError("after-cycles", std::to_string(*cycles), "1 to " + std::to_string(most_cycles_before));
    request.after_cycles = *cycles;
  }
  request.to = arguments.text("to");
  return cell_eis(request, context);
}

}  // namespace

FrequencyRange parse_frequencies(std::string_view text) {
  const auto refuse = [&](const std::string& why = {}) {
    return ParameterError(
        "frequencies", "'" + std::string(text) + "'",
        "a range above 0 Hz such as '1 MHz to 1 mHz, 10 per decade'" + (why.empty() ? "" : " (" + why + ")"));
  };
  FrequencyRange range;
  const std::size_t comma = text.find(',');
  const std::string_view ends = text.substr(0, comma);
  if (comma != std::string_view::npos) {
    std::string_view density = text.substr(comma + 1);
    const std::size_t words = density.find("per decade");
    if (words == std::string_view::npos || density.substr(words) != "per decade") throw refuse();
    std::string number(density.substr(0, words));
    number.erase(std::remove(number.begin(), number.end(), ' '), number.end());
    const std::optional<double> points = base::try_parse_number(number);
    if (!points || *points != std::floor(*points) || *points < 1.0 || *points > 100.0)
      throw refuse("1 to 100 per decade");
    range.points_per_decade = static_cast<int>(*points);
  }
  const std::size_t to = ends.find(" to ");
  if (to == std::string_view::npos) throw refuse();
  double values[2];
  const std::string_view parts[2] = {ends.substr(0, to), ends.substr(to + 4)};
  for (std::size_t k = 0; k < 2; ++k) {
    try {
      values[k] = base::parse_quantity(std::string(parts[k]), base::Unit::parse("Hz"), "a frequency").value;
    } catch (const base::InputError& error) {
      throw refuse(error.problem());
    }
    if (!(values[k] > 0.0) || !std::isfinite(values[k])) throw refuse("0 Hz and below have no impedance");
  }
  if (values[0] == values[1]) throw refuse("two different ends");
  range.lowest = std::min(values[0], values[1]);
  range.highest = std::max(values[0], values[1]);
  if (std::log10(range.highest / range.lowest) * range.points_per_decade > static_cast<double>(most_points))
    throw refuse("at most 5000 points");
  return range;
}

double stoichiometry_of(const CellCase& cell, double state_of_charge) {
  if (!(cell.upper_cutoff > cell.lower_cutoff)) {
    throw ParameterError("state-of-charge", "without cut-off voltages",
                         "[operation] voltage in the system file, or --stoichiometry");
  }
  const cell::CellParameters parameters = cell::build(cell.description);
  const cell::OpenCircuit& curve = parameters.cathode.material.open_circuit;
  const auto at = [&](double voltage) {
    return curve.stoichiometry_at(voltage + parameters.anode.equilibrium_potential, parameters.temperature);
  };
  const double charged = at(cell.upper_cutoff);
  const double discharged = at(cell.lower_cutoff);
  return std::clamp(discharged + state_of_charge * (charged - discharged), 1e-6, 1.0 - 1e-6);
}

std::vector<CellSpectrum> cell_spectra(const CellEisRequest& request, const Context& context) {
  if (request.cells.empty()) throw ParameterError("at", "no temperature", "one or more");
  const bool by_stoichiometry = !request.stoichiometries.empty();
  const std::vector<double> half{0.5};
  const std::vector<double>& states = by_stoichiometry                   ? request.stoichiometries
                                      : request.states_of_charge.empty() ? half
                                                                         : request.states_of_charge;
  if (states.size() * request.cells.size() > most_spectra) {
    throw ParameterError("spectra", std::to_string(states.size() * request.cells.size()),
                         "at most " + std::to_string(most_spectra) + " states and temperatures together");
  }
  const std::vector<double> frequency = impedance::logarithmic_frequencies(
      request.frequencies.lowest, request.frequencies.highest, request.frequencies.points_per_decade);
  std::vector<CellSpectrum> spectra;
  for (const CellCase& each : request.cells) {
    cell::CellParameters parameters = cell::build(each.description);
    if (request.after_cycles > 0) parameters = cycled(each, parameters, request.after_cycles, context);
    for (const double state : states) {
      CellSpectrum spectrum;
      spectrum.temperature = parameters.temperature;
      spectrum.stoichiometry = by_stoichiometry ? state : stoichiometry_of(each, state);
      if (!by_stoichiometry) spectrum.state_of_charge = state;
      spectrum.open_circuit =
          parameters.cathode.material.open_circuit.potential(spectrum.stoichiometry, parameters.temperature) -
          parameters.anode.equilibrium_potential;
      spectrum.frequency = frequency;
      spectrum.impedance = cell::cell_impedance(parameters, spectrum.stoichiometry, parameters.temperature, frequency,
                                                each.mesh, cell::impedance_options(each.description));
      spectrum.resistance =
          cell::differential_resistance(parameters, spectrum.stoichiometry, parameters.temperature, each.mesh);
      spectra.push_back(std::move(spectrum));
      const double share =
          static_cast<double>(spectra.size()) / static_cast<double>(states.size() * request.cells.size());
      if (context.progress && !context.progress(share, "spectra")) throw base::Cancelled();
    }
  }
  return spectra;
}

report::Report cell_eis(const CellEisRequest& request, const Context& context) {
  std::vector<CellSpectrum> spectra = cell_spectra(request, context);
  if (!request.to.empty()) write_files(spectra, request);
  return detail::eis_report(request, spectra);
}

constinit const Task cell_eis_task{"cell eis",
                                   "Impedance of a cell over state of charge and temperature, split into its arcs",
                                   option_table, run, "cell_eis"};

}  // namespace closo::tasks
