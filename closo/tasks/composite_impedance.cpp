#include "closo/tasks/composite_impedance.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/base/number.hpp"
#include "closo/composite/conductivity.hpp"
#include "closo/impedance/simulate.hpp"
#include "closo/tasks/detail/measured_value.hpp"
#include "closo/tasks/impedance_figures.hpp"
#include "closo/tasks/impedance_input.hpp"

namespace closo::tasks {
namespace {

using base::Measured;
using base::ParameterError;
using composite::SolveStatus;
using detail::value_in;
using impedance::Complex;

constexpr double vacuum_permittivity = 8.8541878128e-12;  // F/m, CODATA 2018, DOI 10.1103/RevModPhys.93.025010
constexpr const char* axis_names[3] = {"x", "y", "z"};

constexpr auto option_table = joined_options(
    structure_option_table, phase_option_table, permittivity_option_table,
    std::to_array<Option>({
        {"at", OptionType::quantity, "K", "25 degC", "above 0 K", "temperature"},
        {"axis", OptionType::choice, "", "z", "", "direction of the current", false, false, false, "x y z"},
        {"from", OptionType::quantity, "Hz", "", "above 0", "lowest frequency; else two decades below the relaxations"},
        {"until", OptionType::quantity, "Hz", "", "above --from", "highest frequency; else two decades above"},
        {"points-per-decade", OptionType::integer, "", "5", "1 to 100", "density of the points"},
        {"thickness", OptionType::quantity, "mm", "1 mm", "above 0", "of the pellet"},
        {"area", OptionType::quantity, "cm2", "1 cm2", "above 0", "of the electrodes"},
        {"tolerance", OptionType::quantity, "1", "1e-6", "above 0, below 1", "relative residual at the end"},
        {"to", OptionType::path, "", "", "", "CSV file to write, for closo impedance fit"},
    }));

/// σ/(2π ε ε0) [Hz]: where the current in a phase turns from conduction to displacement.
double relaxation_frequency(double conductivity, double permittivity) {
  return conductivity / (2.0 * std::numbers::pi * permittivity * vacuum_permittivity);
}

std::pair<double, double> frequency_range(const CompositeImpedanceRequest& request, const std::vector<double>& sigma,
                                          const std::vector<double>& permittivity) {
  double lowest = 1e300, highest = 0.0;
  for (std::size_t i = 0; i < sigma.size(); ++i) {
    if (!(sigma[i] > 0.0)) continue;
    const double relaxation = relaxation_frequency(sigma[i], permittivity[i]);
    lowest = std::min(lowest, relaxation);
    highest = std::max(highest, relaxation);
  }
  const auto decade = [](double frequency) { return std::pow(10.0, std::round(std::log10(frequency))); };
  const double from = request.lowest.value_or(1e-2 * decade(lowest)),
               until = request.highest.value_or(1e2 * decade(highest));
  if (!(from > 0.0)) throw ParameterError("from", base::format_number(from) + " Hz", "above 0 Hz");
  if (!(until > from)) throw ParameterError("until", base::format_number(until) + " Hz", "above --from");
  return {from, until};
}

std::string csv_text(const std::string& title, const std::vector<double>& frequency, const std::vector<Complex>& z) {
  std::string text = "# " + title + "\n# calculated by closo from a voxel microstructure, not a measurement\n" +
                     "frequency (Hz),Z_real (Ohm),Z_imag (Ohm)\n";
  for (std::size_t i = frequency.size(); i-- > 0;)  // instruments sweep downwards
    text += base::format_exact(frequency[i]) + "," + base::format_exact(z[i].real()) + "," +
            base::format_exact(z[i].imag()) + "\n";
  return text;
}

report::Table permittivity_table(const Structure& structure, const CompositeImpedanceRequest& request,
                                 const std::vector<double>& sigma, const std::vector<double>& permittivity) {
  report::Table table{"relaxations",
                      "Phases",
                      {{"phase", "phase"},
                       {"fraction_vol_percent", "vol%"},
                       {"sigma_S_per_cm", "σ (S/cm)"},
                       {"permittivity", "ε_r"},
                       {"relaxation_Hz", "σ/(2πε) (Hz)"}},
                      {},
                      {}};
  for (std::size_t i = 0; i < sigma.size(); ++i) {
    if (structure.fractions[i] == 0.0) continue;
    const bool is_given = std::ranges::any_of(request.permittivities, [&](const PhasePermittivity& given) {
      return given.phase == structure.image.phases[i] || given.number == structure.numbers[i];
    });
    report::Value relative;
    relative.value = permittivity[i];
    relative.kind = is_given || structure.image.phases[i] == composite::Phase::void_space ? "" : "estimated";
    relative.source = is_given ? "option permittivity" : "10 for a solid of which nothing is said";
    table.rows.push_back(
        {structure.names[i], value_in(Measured{structure.fractions[i], {}}, "vol%", "computed", "counted voxels"),
         value_in(Measured{sigma[i], {}}, "S/cm", "", "option phase"), relative,
         sigma[i] > 0.0 ? report::Cell(value_in(Measured{relaxation_frequency(sigma[i], permittivity[i]), {}}, "Hz",
                                                "computed", "σ/(2π ε ε0)"))
                        : report::Cell("–")});
  }
  return table;
}

report::Report run(const Arguments& arguments, const Context& context) {
  CompositeImpedanceRequest request;
  request.structure = structure_request(arguments, context);
  request.temperature = temperatures_of(arguments).front();
  request.phases = phase_laws(arguments, {request.temperature}, context);
  request.permittivities = phase_permittivities(arguments);
  request.axis = static_cast<std::size_t>(arguments.text("axis").front() - 'x');
  if (const auto from = arguments.quantity("from", "Hz")) request.lowest = from->value;
  if (const auto until = arguments.quantity("until", "Hz")) request.highest = until->value;
  const long points = *arguments.integer("points-per-decade");
  if (points < 1 || points > 100) throw ParameterError("points-per-decade", std::to_string(points), "1 to 100");
  request.points_per_decade = static_cast<int>(points);
  request.thickness = arguments.quantity("thickness", "mm")->value;
  request.area = arguments.quantity("area", "cm2")->value;
  request.tolerance = arguments.quantity("tolerance", "1")->value;
  request.to = std::string(arguments.text("to"));
  return composite_impedance(request, context);
}

}  // namespace

report::Report composite_impedance(const CompositeImpedanceRequest& request, const Context& context) {
  if (!(request.thickness > 0.0))
    throw ParameterError("thickness", base::format_number(1e3 * request.thickness) + " mm", "above 0");
  if (!(request.area > 0.0)) throw ParameterError("area", base::format_number(1e4 * request.area) + " cm2", "above 0");
  if (!(request.tolerance > 0.0 && request.tolerance < 1.0))
    throw ParameterError("tolerance", base::format_number(request.tolerance), "above 0, below 1");
  if (request.structure.image.empty()) composite::check_solve_memory(request.structure.size, false, true);
  const Structure structure = make_structure(request.structure);
  const std::vector<double> sigma = label_conductivities(structure, request.phases, request.temperature);
  const std::vector<double> permittivity = label_permittivities(structure, request.permittivities);
  const auto [from, until] = frequency_range(request, sigma, permittivity);
  const std::vector<double> frequency = impedance::logarithmic_frequencies(from, until, request.points_per_decade);

  composite::SolveOptions options;
  options.axis = request.axis;
  options.tolerance = request.tolerance;
  options.threads = context.threads;
  options.surface_layers = surface_layers(structure, request.phases, request.temperature);
  const composite::ConductivityResult direct = composite::effective_conductivity(structure.image, sigma, options);
  options.progress = context.progress;
  const std::vector<composite::ComplexResult> sweep =
      composite::complex_conductivity(structure.image, sigma, permittivity, frequency, options);

  report::Report report;
  report.task = "composite impedance";
  report.title = "Impedance of " +
                 (request.structure.image.empty() ? "model " + request.structure.model : request.structure.image);
  report.subtitle = celsius_text(request.temperature) + ", along " + axis_names[request.axis];
  report.warnings = phase_warnings(structure, request.phases, {request.temperature});

  std::vector<Complex> z;
  report::Table table{"spectrum",
                      "Spectrum",
                      {{"frequency_Hz", "f (Hz)"},
                       {"Z_real_Ohm", "Z' (Ω)"},
                       {"Z_imag_Ohm", "Z'' (Ω)"},
                       {"sigma_S_per_cm", "σ(ω) (S/cm)"},
                       {"permittivity", "ε_r(ω)"},
                       {"iterations", "iterations"},
                       {"status", "status"}},
                      {},
                      {}};
  std::size_t unconverged = 0;
  for (std::size_t i = 0; i < sweep.size(); ++i) {
    const Complex kappa = sweep[i].conductivity;
    if (sweep[i].status != SolveStatus::converged) ++unconverged;
    if (std::abs(kappa) == 0.0)
      throw base::NumericsError("nothing carries current at " + base::format_number(frequency[i]) + " Hz");
    z.push_back(request.thickness / (kappa * request.area));
    const auto number = [](double value, const char* unit, const char* source) {
      report::Value shown;
      shown.value = value;
      shown.unit = unit;
      shown.kind = "computed";
      shown.source = source;
      shown.significant = 6;
      return shown;
    };
    table.rows.push_back(
        {number(frequency[i], "Hz", ""), number(z[i].real(), "Ω", "L/(κ A)"), number(z[i].imag(), "Ω", "L/(κ A)"),
         number(0.01 * kappa.real(), "S/cm", "Re κ"),
         number(kappa.imag() / (2.0 * std::numbers::pi * frequency[i] * vacuum_permittivity), "", "Im κ/(ω ε0)"),
         std::to_string(sweep[i].iterations), std::string(composite::to_string(sweep[i].status))});
  }
  if (unconverged > 0)
    report.doubts.push_back(std::to_string(unconverged) + " of " + std::to_string(sweep.size()) +
                            " frequencies did not converge: see the table of the spectrum");
  if (direct.status == SolveStatus::no_path)
    report.doubts.push_back("no path: nothing that conducts reaches from face to face, the box blocks direct current");

  report::KeyValues items{"impedance", {}};
  items.items.emplace_back("pellet thickness", value_in(Measured{request.thickness, {}}, "mm", "", "option thickness"));
  items.items.emplace_back("electrode area", value_in(Measured{request.area, {}}, "cm2", "", "option area"));
  items.items.emplace_back("direct-current conductivity",
                           value_in(Measured{direct.conductivity, {}}, "S/cm", "computed", "finite volumes"));
  if (direct.conductivity > 0.0)
    items.items.emplace_back(
        "direct-current resistance",
        value_in(Measured{request.thickness / (direct.conductivity * request.area), {}}, "Ohm", "computed", "L/(σ A)"));
  report::Value high;
  high.value = sweep.back().conductivity.imag() / (2.0 * std::numbers::pi * frequency.back() * vacuum_permittivity);
  high.kind = "computed";
  high.source = "Im κ/(ω ε0) at the highest frequency";
  items.items.emplace_back("permittivity at the highest frequency", high);
  items.items.emplace_back("frequencies", std::to_string(frequency.size()) + " from " + base::format_number(from, 3) +
                                              " Hz to " + base::format_number(until, 3) + " Hz");
  if (!request.to.empty()) {
    base::write_file_atomically(
        request.to, csv_text(report.title + " at " + base::format_number(request.temperature - 273.15, 5) +
                                 " degC, pellet of " + base::format_number(1e3 * request.thickness) + " mm and " +
                                 base::format_number(1e4 * request.area) + " cm2",
                             frequency, z));
    report.provenance.emplace_back("written", request.to);
    items.items.emplace_back("written to", request.to);
  }
  const ImpedanceCurve curve{"composite", frequency, z, z};
  report.sections.push_back({"impedance",
                             "Impedance",
                             {items, permittivity_table(structure, request, sigma, permittivity),
                              nyquist_figure("nyquist", "Nyquist plot", {curve}),
                              bode_modulus_figure("bode_modulus", {curve}), bode_phase_figure("bode_phase", {curve})},
                             false});
  report.sections.push_back(structure_section(structure));
  report.sections.push_back(
      {"spectrum",
       "Spectrum",
       {table, report::Paragraph{"κ = σ + iωε ε0 of every phase, finite volumes with harmonic faces, conjugate "
                                 "orthogonal gradients for the complex symmetric system: H. A. van der Vorst, J. B. M. "
                                 "Melissen, IEEE Trans. Magn. 26 (1990) 706, DOI 10.1109/20.106415."}},
       true});
  return report;
}

constinit const Task composite_impedance_task{
    "composite impedance", "Impedance spectrum of a microstructure, as a file that impedance fit reads", option_table,
    run, "composite_impedance"};

}  // namespace closo::tasks
