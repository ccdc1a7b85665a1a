/// What the sections of the dossier share while it is being made.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "closo/base/measured.hpp"
#include "closo/library/electrode_data.hpp"
#include "closo/library/library.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/impedance_series.hpp"
#include "closo/tasks/system_file.hpp"
#include "closo/transport/conductivity_law.hpp"

namespace closo::tasks::detail {

/// Probability at and above which a verdict is pass, and at and below whose complement it is fail: one standard
/// deviation.
inline constexpr double decision_probability = 0.841;

struct Evaluation {
  const System& system;
  const library::Library& library;
  report::Report& report;

  const library::Material* host = nullptr;  ///< [electrolyte] material
  const library::Material* electrolyte =
      nullptr;  ///< whose facts count: the composite where there is a filler and the library knows it
  const library::ElectrodeData* electrodes = nullptr;  ///< where they were loaded
  const library::Material* anode = nullptr;
  const library::Material* cathode = nullptr;

  std::vector<double> temperatures = {};  ///< K, ascending, at least one
  double working_temperature = 0.0;       ///< K, the highest of them

  std::optional<transport::ConductivityLaw> law = {};  ///< set by find_law where it is known
  std::string law_source = {};
  std::optional<SeriesAnalysis> measured = {};  ///< from [measurement.impedance], set by add_measurement
  std::optional<double> areal_capacity = {};    ///< C/m², set by the cell section
  std::vector<const library::Fact*> used = {};  ///< every fact shown, for the list of sources
};

/// Looks up the materials and temperatures; anode and cathode may also be known to the electrode data. Throws:
/// InputError with near names for unknown materials.
Evaluation prepare(const System& system, const std::vector<double>& temperatures, const library::Library& library,
                   report::Report& report, const library::ElectrodeData* electrodes = nullptr);

// One function per section; each appends its section and verdicts to evaluation.report.
void add_identity(Evaluation& evaluation);
void add_measurement(Evaluation& evaluation, const Context& context);  ///< impedance spectra, before the conductivity
void add_conductivity(Evaluation& evaluation);
void add_composite_model(Evaluation& evaluation, const Context& context);  ///< interphase and best fraction
void add_transference(Evaluation& evaluation);
void add_cell(Evaluation& evaluation);  ///< capacity, loading, energy density; needed by add_separator
void add_separator(Evaluation& evaluation);
void add_cell_model(Evaluation& evaluation, const Context& context);  ///< simulated; after law and measurement
void add_stability(Evaluation& evaluation);                           ///< windows, anode, cathode
void add_energies(Evaluation& evaluation, const Context& context);    ///< computed windows and contacts
void add_records(Evaluation& evaluation);                             ///< cells of the library, ageing
void add_sources(Evaluation& evaluation);                             ///< method and sources, folded

/// Conductivity of the system at a temperature: a stated or published value at that temperature, else the law.
struct Conductivity {
  base::Measured sigma;  ///< S/m
  std::string kind;      ///< measured or computed
  std::string source;
  bool extrapolated = false;
};
std::optional<Conductivity> conductivity_at(const Evaluation& evaluation, double temperature);
/// Law and its source: of own spectra, else of stated conductivities, else of the library.
void find_law(Evaluation& evaluation);
/// What host, interphase and filler of [composite] predict at a temperature; empty where one of them is not stated.
std::optional<Conductivity> composite_conductivity_at(const Evaluation& evaluation, double temperature,
                                                      const Context& context);

/// Measured conductivities of the system's own spectra: law with the geometry's uncertainty, and the value at a
/// temperature within 0.5 K of a spectrum. Empty without a measurement.
std::optional<transport::ConductivityLaw> measured_law(const Evaluation& evaluation);
std::optional<Conductivity> measured_at(const Evaluation& evaluation, double temperature);

/// Relative standard uncertainty of a conductivity when none is stated: thickness, area and contact of one laboratory's
/// pellet. Between laboratories the spread is larger (Ohno et al., ACS Energy Lett. 5 (2020) 910,
/// DOI 10.1021/acsenergylett.9b02764).
inline constexpr double usual_uncertainty = 0.10;
inline constexpr double same_temperature = 0.5;  ///< K

/// Facts about `material` in a table of the library; none for a null material.
std::vector<const library::Fact*> facts_of(const Evaluation& evaluation, const library::Material* material,
                                           std::string_view table);

/// "25 °C"; "298 K" is not the field's way on reports.
std::string celsius(double temperature);

/// The library's default for a quantity, or nullptr.
const library::Criterion* find_criterion(const library::Library& library, std::string_view quantity_start);

/// Verdict of value ≥ target (or ≤ with `at_most`) from the standard uncertainty of value. Without an uncertainty: the
/// bare comparison.
struct Decision {
  report::Outcome outcome = report::Outcome::unknown;
  std::optional<double> probability;
};
Decision decide(double value, std::optional<double> uncertainty, double target, bool at_most);

/// What decision was taken, as a sentence; `what` is the number as text.
std::string reason_of(const Decision& decision, const std::string& what);

/// A stated quantity as a report value in `unit`.
report::Value stated_value(const base::Quantity& quantity, std::string_view unit, std::string_view kind,
                           const std::string& source);

}  // namespace closo::tasks::detail
