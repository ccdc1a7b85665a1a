// Own impedance spectra of the system: fitted, validated, and set against what is stated and published.
#include <cmath>

#include "closo/base/number.hpp"
#include "closo/tasks/detail/evaluation.hpp"
#include "closo/transport/decades.hpp"
#include "closo/transport/estimate.hpp"

namespace closo::tasks::detail {
namespace {

constexpr double mS_per_cm = 0.1;  // S/m

/// Relative uncertainty common to all conductivities of the series.
double geometry_uncertainty(const SeriesConductivity& total) {
  for (const impedance::PelletConductivity& sigma : total.sigma) {
    if (sigma.geometry_relative) return *sigma.geometry_relative;
  }
  return usual_uncertainty;
}

ImpedanceSeriesRequest request_of(const ImpedanceMeasurementEntry& entry, const Context& context) {
  ImpedanceSeriesRequest request;
  request.files = entry.files;
  request.circuit = entry.circuit;
  request.options.seed = context.seed;
  request.geometry = {{entry.thickness.value, entry.thickness.uncertainty},
                      {entry.area->value, entry.area->uncertainty}};
  request.with_drt = false;
  return request;
}

/// A published or stated conductivity to hold a measured one against.
struct Reference {
  double sigma;  ///< S/m
  std::string source;
};

std::optional<Reference> reference_at(const Evaluation& evaluation, double temperature) {
  for (const StatedConductivity& stated : evaluation.system.electrolyte.conductivity) {
    if (std::abs(stated.temperature - temperature) <= same_temperature)
      return Reference{stated.sigma.value, "stated in the system file"};
  }
  if (evaluation.electrolyte == nullptr) return std::nullopt;
  const transport::ConductivityEstimate best =
      transport::estimate_conductivity(evaluation.library, evaluation.electrolyte->id, temperature).best;
  if (best.kind == transport::EstimateKind::none) return std::nullopt;
  return Reference{best.conductivity, "library, " + best.how};
}

report::Table comparison_table(const Evaluation& evaluation) {
  report::Table table{"measured_conductivity",
                      "Measured spectra",
                      {{"temperature_degC", "T (°C)"},
                       {"spectrum", "spectrum"},
                       {"kramers_kronig", "Kramers-Kronig"},
                       {"misfit_percent", "misfit (%)"},
                       {"sigma_mS_per_cm", "σ (mS/cm)"},
                       {"reference_mS_per_cm", "published or stated (mS/cm)"},
                       {"decades", "measured / that (decades)"},
                       {"reference", "from"}},
                      {},
                      {}};
  const SeriesConductivity& total = evaluation.measured->conductivities.front();
  const auto number = [](double value, const char* unit, std::optional<double> uncertainty, const char* source) {
    report::Value cell;
    cell.value = value;
    cell.uncertainty = uncertainty;
    cell.unit = unit;
    cell.kind = "measured";
    cell.source = source;
    cell.significant = 3;
    return cell;
  };
  for (std::size_t place = 0; place < evaluation.measured->spectra.size(); ++place) {
    const SeriesSpectrum& spectrum = evaluation.measured->spectra[place];
    report::Value temperature = number(spectrum.temperature - 273.15, "°C", {}, "impedance file");
    report::Cell sigma = std::string(), reference = std::string(), decades = std::string(), from = std::string();
    for (std::size_t i = 0; i < total.temperature.size(); ++i) {
      if (total.spectrum[i] != place) continue;
      const std::optional<double> uncertainty = total.sigma[i].total_uncertainty();
      sigma = number(total.sigma[i].value / mS_per_cm, "mS/cm",
                     uncertainty ? std::optional(*uncertainty / mS_per_cm) : std::nullopt,
                     "fit of the spectrum and the pellet's geometry");
      if (const std::optional<Reference> other = reference_at(evaluation, spectrum.temperature)) {
        reference = number(other->sigma / mS_per_cm, "mS/cm", {}, other->source.c_str());
        decades =
            number(transport::decades_between(other->sigma, total.sigma[i].value).value, "", {}, "log10 of the ratio");
        from = other->source;
      }
    }
    table.rows.push_back({temperature, spectrum.input.label, impedance::to_string(spectrum.validation.verdict),
                          number(100.0 * spectrum.fit.relative_misfit(), "%", {}, "fit of the circuit"), sigma,
                          reference, decades, from});
  }
  return table;
}

}  // namespace

void add_measurement(Evaluation& evaluation, const Context& context) {
  if (!evaluation.system.impedance) return;
  const ImpedanceMeasurementEntry& entry = *evaluation.system.impedance;
  evaluation.measured = analyse_impedance_series(request_of(entry, context), context);
  const SeriesAnalysis& measured = *evaluation.measured;
  std::size_t passed = 0;
  for (const SeriesSpectrum& spectrum : measured.spectra) passed += spectrum.validation.passed() ? 1U : 0U;
  if (passed < measured.spectra.size()) {
    evaluation.report.doubts.push_back("measured spectra: " + std::to_string(measured.spectra.size() - passed) +
                                       " of " + std::to_string(measured.spectra.size()) +
                                       " do not pass the Kramers-Kronig test");
  }
  for (const RejectedFile& rejected : measured.inputs.rejected)
    evaluation.report.warnings.push_back("not used: " + rejected.reason);
  report::KeyValues values{"measurement", {}};
  values.items.emplace_back("circuit", impedance::to_text(measured.circuit));
  values.items.emplace_back("spectra", std::to_string(measured.spectra.size()) + ", " + std::to_string(passed) +
                                           " pass the Kramers-Kronig test");
  values.items.emplace_back("pellet thickness", stated_value(entry.thickness, "mm", "setting", entry.source));
  values.items.emplace_back("electrode area", stated_value(*entry.area, "cm2", "setting", entry.source));
  report::Section section{"measurement", "Impedance measurement", {values, comparison_table(evaluation)}, false};
  if (!measured.conductivities.front().sigma.empty() &&
      !measured.conductivities.front().sigma.front().geometry_relative) {
    section.blocks.emplace_back(report::Paragraph{
        "The geometry is given without uncertainty; 10 % is assumed for verdicts, common to all temperatures."});
  }
  evaluation.report.sections.push_back(std::move(section));
}

std::optional<transport::ConductivityLaw> measured_law(const Evaluation& evaluation) {
  if (!evaluation.measured) return std::nullopt;
  const SeriesConductivity& total = evaluation.measured->conductivities.front();
  if (!total.arrhenius) return std::nullopt;
  const double geometry = geometry_uncertainty(total);
  transport::ConductivityLaw law{{total.arrhenius->law}, {}};
  if (total.transitions) law = total.transitions->law();
  // A common factor: it shifts the whole law and leaves the slope alone.
  for (transport::ArrheniusLaw& segment : law.segments) segment.log_variance += geometry * geometry;
  return law;
}

std::optional<Conductivity> measured_at(const Evaluation& evaluation, double temperature) {
  const SeriesConductivity& total = evaluation.measured->conductivities.front();
  for (std::size_t i = 0; i < total.temperature.size(); ++i) {
    if (std::abs(total.temperature[i] - temperature) > same_temperature) continue;
    const impedance::PelletConductivity& sigma = total.sigma[i];
    const double relative = std::hypot(sigma.fit_uncertainty.value_or(0.0) / sigma.value, geometry_uncertainty(total));
    const std::string source = "impedance of " + evaluation.measured->spectra[total.spectrum[i]].input.label;
    return Conductivity{{sigma.value, sigma.value * relative}, "measured", source};
  }
  return std::nullopt;
}

}  // namespace closo::tasks::detail
