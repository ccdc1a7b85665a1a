#include "closo/tasks/impedance_series.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/base/number.hpp"
#include "closo/base/parallel.hpp"
#include "closo/impedance/ladder.hpp"
#include "closo/table/csv.hpp"
#include "closo/tasks/detail/progress_counter.hpp"
#include "closo/tasks/detail/series_state.hpp"
#include "closo/tasks/detail/spread.hpp"

namespace closo::tasks {
namespace {

/// File name → temperature [K] from the user's table.
std::map<std::string, double> read_temperatures(const std::string& file) {
  const table::CsvDocument document = table::parse_csv(base::read_text_file(file), file);
  const std::size_t name = document.index_of("file");
  if (name == std::string::npos)
    throw base::InputError({file, document.header_line}, "there is no column 'file'", "columns file and T (degC)");
  for (std::size_t column = 0; column < document.header.size(); ++column) {
    if (column == name) continue;
    const table::ColumnHeader header = table::parse_column_header(document.header[column]);
    if (header.unit.dimension() != base::Unit::parse("K").dimension()) continue;
    std::map<std::string, double> temperatures;
    for (const table::CsvRow& row : document.rows) {
      try {
        const double kelvin = header.unit.to_si(base::parse_number(row.cells[column].text));
        if (!(kelvin > 0.0)) throw base::InputError({}, "a temperature below absolute zero", "a temperature above 0 K");
        temperatures[row.cells[name].text] = kelvin;
      } catch (const base::InputError& error) {
        throw error.at(document.place(row, column));
      }
    }
    return temperatures;
  }
  throw base::InputError({file, document.header_line}, "no column is a temperature", "a header such as T (degC)");
}

/// Temperature [K] where `pattern` has {T}, in °C.
std::optional<double> temperature_by_pattern(const std::string& name, const std::string& pattern) {
  const std::size_t mark = pattern.find("{T}");
  const std::string before = pattern.substr(0, mark), after = pattern.substr(mark + 3);
  const std::size_t start = name.find(before);
  if (start == std::string::npos) return std::nullopt;
  const std::size_t begin = start + before.size();
  const std::size_t end = after.empty() ? name.size() : name.find(after, begin);
  if (end == std::string::npos) return std::nullopt;
  const std::optional<double> celsius = base::try_parse_number(name.substr(begin, end - begin));
  return celsius ? std::optional(*celsius + 273.15) : std::nullopt;
}

void set_temperatures(const ImpedanceSeriesRequest& request, std::vector<ImpedanceInput>& inputs) {
  std::map<std::string, double> table;
  if (!request.temperatures.empty()) table = read_temperatures(request.temperatures);
  if (!request.pattern.empty() && request.pattern.find("{T}") == std::string::npos) {
    throw base::ParameterError("pattern", "'" + request.pattern + "'",
                               "a file name with {T} where the temperature in °C stands");
  }
  for (ImpedanceInput& input : inputs) {
    const std::string name = std::filesystem::path(input.file).filename().string();
    if (const auto found = table.find(name); found != table.end()) {
      input.spectrum.temperature = found->second;
      input.temperature_source = "table";
    } else if (const auto value =
                   request.pattern.empty() ? std::nullopt : temperature_by_pattern(name, request.pattern)) {
      input.spectrum.temperature = value;
      input.temperature_source = "pattern";
    }
    if (!input.spectrum.temperature) {
      throw base::InputError({input.file}, "the temperature of this spectrum is not known",
                             "a temperature in the file or its name, a --pattern with {T}, or a --temperatures table "
                             "with columns file and T (degC)");
    }
  }
}

/// The circuit most of the examined spectra ask for; of equals the one with more parameters. Spectra that no circuit
/// fits have no say. Throws: the first refusal when none has.
void choose_for_series(const ImpedanceSeriesRequest& request, const ImpedanceInputs& inputs, const Context& context,
                       SeriesAnalysis& analysis) {
  if (!request.circuit.empty()) {
    analysis.circuit = impedance::parse_circuit(request.circuit);
    analysis.circuit_reason = impedance::to_text(analysis.circuit) + ", as given.";
    return;
  }
  constexpr std::size_t examined = 3;
  const std::vector<std::size_t> places = detail::spread_over(inputs.spectra.size(), examined);
  std::vector<std::optional<impedance::LadderResult>> choices(places.size());
  std::vector<std::exception_ptr> refusals(places.size());
  base::parallel_for(places.size(), context.threads, [&](std::size_t i) {
    refusals[i] =
        refusal([&] { choices[i] = impedance::choose_circuit(inputs.spectra[places[i]].spectrum, request.options); });
  });
  std::map<std::string, std::size_t> votes;
  std::size_t voters = 0;
  for (const auto& choice : choices) {
    if (!choice) continue;
    ++votes[choice->best().text];
    ++voters;
  }
  if (voters == 0) std::rethrow_exception(refusals.front());
  const auto rank = [&](std::size_t i) {
    return choices[i] ? std::pair(votes[choices[i]->best().text], choices[i]->best().circuit.free_parameters())
                      : std::pair(std::size_t{0}, std::size_t{0});
  };
  std::size_t best = 0;
  for (std::size_t i = 1; i < choices.size(); ++i) {
    if (rank(i) > rank(best)) best = i;
  }
  analysis.circuit = choices[best]->best().circuit;
  analysis.circuit_reason = "chosen for " + std::to_string(rank(best).first) + " of " + std::to_string(voters) +
                            " spectra examined; for " + inputs.spectra[places[best]].label + ": " +
                            choices[best]->reason;
}

SeriesConductivity conductivity_of(
    const ImpedanceSeriesRequest& request, const SeriesAnalysis& analysis, const std::string& name,
    const std::function<const impedance::DerivedQuantity*(const SeriesSpectrum&)>& resistance) {
  SeriesConductivity result;
  result.name = name;
  std::vector<transport::ConductivityPoint> points;
  for (std::size_t place = 0; place < analysis.spectra.size(); ++place) {
    const SeriesSpectrum& spectrum = analysis.spectra[place];
    const impedance::DerivedQuantity* quantity = resistance(spectrum);
    if (quantity == nullptr || !(quantity->value > 0.0) || !std::isfinite(quantity->value)) continue;
    const std::optional<double> uncertainty = std::isfinite(quantity->uncertainty) && quantity->uncertainty > 0.0
                                                  ? std::optional(quantity->uncertainty)
                                                  : std::nullopt;
    result.spectrum.push_back(place);
    result.temperature.push_back(spectrum.temperature);
    result.sigma.push_back(impedance::pellet_conductivity({quantity->value, uncertainty},
                                                          {request.geometry.thickness, request.geometry.area}));
    points.push_back({spectrum.temperature, result.sigma.back().value,
                      request.weighted ? result.sigma.back().fit_uncertainty.value_or(0.0) : 0.0, 0.0});
  }
  const bool all_weighted =
      std::all_of(points.begin(), points.end(), [](const auto& point) { return point.uncertainty > 0.0; });
  if (!all_weighted) {
    for (auto& point : points) point.uncertainty = 0.0;
  }
  const bool spread = points.size() >= 3 && points.front().temperature < points.back().temperature;
  if (spread) {
    const transport::ArrheniusFit fit = transport::fit_arrhenius(points, {request.form, all_weighted});
    if (fit.status == num::FitStatus::ok) result.arrhenius = fit;
  }
  if (name == "total" && points.size() >= 6) {
    transport::PiecewiseOptions options;
    options.form = request.form;
    options.scale_by_residuals = all_weighted;
    const transport::PiecewiseFit pieces = transport::find_transitions(points, options);
    if (pieces.status == num::FitStatus::ok && pieces.segments.size() > 1) result.transitions = pieces;
  }
  return result;
}

}  // namespace

SeriesAnalysis analyse_impedance_series(const ImpedanceSeriesRequest& request, const Context& context) {
  SeriesAnalysis analysis;
  analysis.inputs = read_impedance_inputs(request.files, request.input, context);
  std::vector<ImpedanceInput>& inputs = analysis.inputs.spectra;
  set_temperatures(request, inputs);
  std::stable_sort(inputs.begin(), inputs.end(),
                   [](const auto& a, const auto& b) { return *a.spectrum.temperature < *b.spectrum.temperature; });
  choose_for_series(request, analysis.inputs, context, analysis);

  std::vector<SeriesSpectrum> spectra(inputs.size());
  std::vector<std::exception_ptr> refusals(inputs.size());
  detail::SeriesState state(request.resume, impedance::to_text(analysis.circuit));
  detail::ProgressCounter counter(context.progress, inputs.size(), "spectra done");
  base::parallel_for(inputs.size(), context.threads, [&](std::size_t i) {
    SeriesSpectrum& result = spectra[i];
    const impedance::Spectrum& measured = inputs[i].spectrum;
    result.temperature = *measured.temperature;
    refusals[i] = refusal([&] {
      result.validation = impedance::test_kramers_kronig(measured);
      if (request.with_drt) result.drt = impedance::distribution_of_relaxation_times(measured);
      const std::optional<std::vector<double>> known = state.find(measured);
      result.fit = known ? impedance::fit_from(analysis.circuit, measured, *known, request.options)
                         : impedance::fit(analysis.circuit, measured, request.options);
      if (result.fit.status != impedance::FitStatus::max_iterations) state.add(measured, result.fit.values());
      result.derived = impedance::derive(analysis.circuit, result.fit);
    });
    counter.step();
  });
  state.save();
  drop_refused(analysis.inputs, refusals);
  for (std::size_t i = 0; i < spectra.size(); ++i) {
    if (refusals[i]) continue;
    spectra[i].input = std::move(inputs[analysis.spectra.size()]);
    analysis.spectra.push_back(std::move(spectra[i]));
  }
  inputs.clear();

  analysis.conductivities.push_back(conductivity_of(request, analysis, "total", [](const SeriesSpectrum& spectrum) {
    return spectrum.derived.total_resistance ? &*spectrum.derived.total_resistance : nullptr;
  }));
  static constexpr const char* names[] = {"bulk", "grain boundary"};
  for (std::size_t arc = 0; arc < 2; ++arc) {
    SeriesConductivity part = conductivity_of(request, analysis, names[arc], [arc](const SeriesSpectrum& spectrum) {
      return spectrum.derived.arcs.size() >= 2 ? &spectrum.derived.arcs[arc].resistance : nullptr;
    });
    if (!part.sigma.empty()) analysis.conductivities.push_back(std::move(part));
  }
  return analysis;
}

}  // namespace closo::tasks
