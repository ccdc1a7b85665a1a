#include "closo/tasks/detail/eis_report.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "closo/base/constants.hpp"
#include "closo/base/number.hpp"
#include "closo/tasks/impedance_figures.hpp"

namespace closo::tasks::detail {
namespace {

using report::Value;

constexpr double ohm_cm2 = 1e-4;  // Ω m²

Value number(double value, const char* unit, int significant = 4, const char* source = "linearised cell model") {
  Value shown;
  shown.value = value;
  shown.unit = unit;
  shown.kind = "computed";
  shown.source = source;
  shown.significant = significant;
  return shown;
}

/// Where a piece turns from resistance to capacitance [Hz]; 0: at no frequency of its own.
double turning_frequency(const CellCase& cell, const CellSpectrum& spectrum, std::size_t piece) {
  const cell::CellParameters parameters = cell::build(cell.description);
  const cell::ImpedanceOptions capacitance = cell::impedance_options(cell.description);
  const auto values = cell::values(spectrum.resistance);
  const double kelvin = spectrum.temperature;
  const double reference = parameters.reference_temperature;
  const cell::ActiveMaterial& material = parameters.cathode.material;
  const double turn = 2.0 * std::numbers::pi;
  const auto by_capacitance = [&](double farad) { return farad > 0.0 ? 1.0 / (turn * values[piece] * farad) : 0.0; };
  switch (piece) {
    case 0:
      return by_capacitance(capacitance.separator_capacitance);
    case 1:
      return by_capacitance(capacitance.anode_film_capacitance);
    case 2:
      return by_capacitance(capacitance.anode_double_layer);
    case 6: {
      const double exchange = cell::exchange_current_density(
          cell::at_temperature(material.kinetics.exchange_current_density, kelvin, reference), spectrum.stoichiometry);
      return exchange * base::faraday_constant /
             (base::gas_constant * kelvin * turn * capacitance.cathode_double_layer);
    }
    case 7: {
      double radius = 0.0;
      for (const cell::SizeClass& size : material.sizes) radius = std::max(radius, size.radius);
      double diffusivity = cell::at_temperature(material.diffusivity, kelvin, reference);
      if (material.has_thermodynamic_factor) {
        const double x = spectrum.stoichiometry;
        const double slope = material.open_circuit.at(x, kelvin).stoichiometry_derivative;
        diffusivity *= -base::faraday_constant / (base::gas_constant * kelvin) * x * (1.0 - x) * slope;
      }
      return diffusivity / (turn * radius * radius);
    }
    default:
      return 0.0;
  }
}

constexpr const char* short_names[cell::resistance_count] = {"separator", "anode film", "anode kinetics", "ions",
                                                             "electrons", "film",       "transfer",       "diffusion"};
constexpr const char* keys[cell::resistance_count] = {"separator",       "anode_interface",   "anode_kinetics",
                                                      "cathode_ions",    "cathode_electrons", "film",
                                                      "charge_transfer", "diffusion"};

/// One spectrum: its pieces in rows.
report::Table piece_table(const CellCase& cell, const CellSpectrum& spectrum, double area) {
  report::Table table{"arcs",
                      "What the resistance is made of",
                      {{"piece", "piece"},
                       {"R_Ohm_cm2", "R (Ω cm²)"},
                       {"R_Ohm", "R (Ω)"},
                       {"share_percent", "share (%)"},
                       {"frequency_Hz", "turns at (Hz)"}},
                      {},
                      "Shares of the real part below every relaxation, each the derivative by the logarithm of its own "
                      "resistivity; they add up. Turns at: 1/(2πRC), for diffusion D/(2πr²)."};
  const auto values = cell::values(spectrum.resistance);
  const auto names = cell::resistance_names();
  for (std::size_t k = 0; k < cell::resistance_count; ++k) {
    if (!(values[k] > 1e-9 * spectrum.resistance.total)) continue;
    const double turning = turning_frequency(cell, spectrum, k);
    table.rows.push_back({std::string(names[k]), number(values[k] / ohm_cm2, "Ω cm²"), number(values[k] / area, "Ω"),
                          number(100.0 * values[k] / spectrum.resistance.total, "%", 3),
                          turning > 0.0 ? report::Cell(number(turning, "Hz", 3)) : report::Cell("–")});
  }
  table.rows.push_back({"together", number(spectrum.resistance.total / ohm_cm2, "Ω cm²"),
                        number(spectrum.resistance.total / area, "Ω"), number(100.0, "%", 3), "–"});
  return table;
}

std::vector<report::Cell> state_cells(const CellSpectrum& spectrum) {
  return {number(spectrum.temperature - 273.15, "°C", 4, "setting"),
          spectrum.state_of_charge ? report::Cell(number(100.0 * *spectrum.state_of_charge, "%", 4, "setting"))
                                   : report::Cell("–"),
          number(spectrum.stoichiometry, ""), number(spectrum.open_circuit, "V")};
}

/// Several spectra: one row each.
report::Table resistance_table(const std::vector<CellSpectrum>& spectra) {
  report::Table table{
      "resistances",
      "Resistances (Ω cm²)",
      {{"temperature_degC", "T (°C)"},
       {"state_of_charge_percent", "SOC (%)"},
       {"stoichiometry", "x"},
       {"open_circuit_V", "U (V)"}},
      {},
      "Shares of the real part below every relaxation; they add up to the whole. Ions and electrons: paths "
      "through the composite; film and transfer: on the active particles."};
  std::vector<std::size_t> pieces;
  for (std::size_t k = 0; k < cell::resistance_count; ++k) {
    const bool is_there = std::ranges::any_of(spectra, [&](const CellSpectrum& each) {
      return cell::values(each.resistance)[k] > 1e-6 * each.resistance.total;
    });
    if (!is_there) continue;
    pieces.push_back(k);
    table.columns.push_back({std::string(keys[k]) + "_Ohm_cm2", short_names[k]});
  }
  table.columns.push_back({"total_Ohm_cm2", "together"});
  for (const CellSpectrum& spectrum : spectra) {
    std::vector<report::Cell> cells = state_cells(spectrum);
    for (const std::size_t k : pieces) cells.emplace_back(number(cell::values(spectrum.resistance)[k] / ohm_cm2, ""));
    cells.emplace_back(number(spectrum.resistance.total / ohm_cm2, ""));
    table.rows.push_back(std::move(cells));
  }
  return table;
}

report::Table spectrum_table(const std::vector<CellSpectrum>& spectra, double area) {
  report::Table table{"spectrum",
                      "Spectra",
                      {{"temperature_degC", "T (°C)"},
                       {"stoichiometry", "x"},
                       {"frequency_Hz", "f (Hz)"},
                       {"Z_real_Ohm_cm2", "Z' (Ω cm²)"},
                       {"Z_imag_Ohm_cm2", "Z'' (Ω cm²)"},
                       {"Z_real_Ohm", "Z' (Ω)"},
                       {"Z_imag_Ohm", "Z'' (Ω)"}},
                      {},
                      {}};
  for (const CellSpectrum& spectrum : spectra) {
    for (std::size_t i = 0; i < spectrum.frequency.size(); ++i) {
      const std::complex<double> z = spectrum.impedance[i];
      table.rows.push_back({number(spectrum.temperature - 273.15, "°C", 4, "setting"),
                            number(spectrum.stoichiometry, ""), number(spectrum.frequency[i], "Hz", 6, "setting"),
                            number(z.real() / ohm_cm2, "Ω cm²", 6), number(z.imag() / ohm_cm2, "Ω cm²", 6),
                            number(z.real() / area, "Ω", 6), number(z.imag() / area, "Ω", 6)});
    }
  }
  return table;
}

}  // namespace

std::optional<double> area_of(const CellCase& cell) {
  const cell::DescribedValue* area = cell.description.find("area");
  return area == nullptr ? std::nullopt : std::optional(area->value);
}

std::string spectrum_name(const CellSpectrum& spectrum, bool with_temperature) {
  std::string name = spectrum.state_of_charge ? "SOC " + base::format_number(100.0 * *spectrum.state_of_charge) + " %"
                                              : "x = " + base::format_number(spectrum.stoichiometry);
  if (with_temperature) name += ", " + base::format_number(spectrum.temperature - 273.15) + " °C";
  return name;
}

report::Report eis_report(const CellEisRequest& request, const std::vector<CellSpectrum>& spectra) {
  const CellCase& first = request.cells.front();
  const std::optional<double> known_area = area_of(first);
  const double area = known_area.value_or(unit_area);
  report::Report report;
  report.task = "cell eis";
  report.title = first.description.name;
  report.subtitle = std::to_string(spectra.size()) + (spectra.size() == 1 ? " spectrum" : " spectra");
  if (spectra.size() == 1) report.subtitle = spectrum_name(spectra.front(), true);
  if (!known_area) report.warnings.push_back("the area of the cell is not known: impedances in Ω hold for 1 cm²");

  report::Section section{"impedance", "Impedance", {}, false};
  report::KeyValues items{"eis", {}};
  if (known_area) {
    Value value = number(1e4 * area, "cm²", 4, "description");
    value.kind.clear();
    items.items.emplace_back("area", value);
  }
  items.items.emplace_back("frequencies", std::to_string(spectra.front().frequency.size()) + " from " +
                                              base::format_number(request.frequencies.lowest) + " Hz to " +
                                              base::format_number(request.frequencies.highest) + " Hz");
  if (request.after_cycles > 0) items.items.emplace_back("after", std::to_string(request.after_cycles) + " cycles");
  if (spectra.size() == 1) {
    items.items.emplace_back("open-circuit voltage", number(spectra.front().open_circuit, "V"));
    items.items.emplace_back("stoichiometry of the cathode", number(spectra.front().stoichiometry, ""));
    items.items.emplace_back("real part at the highest frequency",
                             number(spectra.front().impedance.back().real() / ohm_cm2, "Ω cm²"));
  }
  for (const CellSpectrum& spectrum : spectra) {
    if (spectrum.file.empty()) continue;
    items.items.emplace_back("written to", spectrum.file);
    report.provenance.emplace_back("written", spectrum.file);
  }
  section.blocks.emplace_back(std::move(items));
  section.blocks.emplace_back(spectra.size() == 1 ? piece_table(first, spectra.front(), area)
                                                  : resistance_table(spectra));

  std::vector<std::vector<impedance::Complex>> scaled;
  for (const CellSpectrum& spectrum : spectra) {
    scaled.emplace_back();
    for (const std::complex<double> z : spectrum.impedance) scaled.back().push_back(z / area);
  }
  std::vector<ImpedanceCurve> curves;
  for (std::size_t k = 0; k < spectra.size(); ++k)
    curves.push_back({spectrum_name(spectra[k], request.cells.size() > 1), spectra[k].frequency, scaled[k], scaled[k]});
  section.blocks.emplace_back(
      nyquist_figure("nyquist", known_area ? "Nyquist plot" : "Nyquist plot, for 1 cm²", curves));
  section.blocks.emplace_back(bode_modulus_figure("bode_modulus", curves));
  section.blocks.emplace_back(bode_phase_figure("bode_phase", curves));
  report.sections.push_back(std::move(section));
  report.sections.push_back(
      {"spectra",
       "Spectra",
       {spectrum_table(spectra, area),
        report::Paragraph{
            "Linearised equations of the cell at rest: J. P. Meyers, M. Doyle, R. M. Darling, J. Newman, J. "
            "Electrochem. Soc. 147 (2000) 2930, DOI 10.1149/1.1393627, with t+ = 1."}},
       true});
  add_parameters(first, report);
  return report;
}

}  // namespace closo::tasks::detail
