/// A temperature series of impedance spectra, from files to conductivity and activation energy in one run.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "closo/impedance/conductivity.hpp"
#include "closo/impedance/derived.hpp"
#include "closo/impedance/drt.hpp"
#include "closo/impedance/fit.hpp"
#include "closo/impedance/validation.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/impedance_input.hpp"
#include "closo/tasks/task.hpp"
#include "closo/transport/piecewise.hpp"

namespace closo::tasks {

struct ImpedanceSeriesRequest {
  std::vector<std::string> files;
  ImpedanceInputOptions input;
  std::string circuit;  ///< empty: one circuit for the series, chosen from the data
  impedance::FitOptions options;
  PelletGeometry geometry;
  std::string temperatures;  ///< CSV with columns file and temperature; empty: metadata and file names
  std::string pattern;       ///< file name with {T} where the temperature in °C stands
  std::string resume;        ///< state file: finished spectra are kept there and taken up again; empty: none
  bool with_drt = true;
  transport::ArrheniusForm form = transport::ArrheniusForm::sigma_t;
  bool weighted = false;               ///< Arrhenius fits weighted by the uncertainties of the impedance fits
  std::vector<std::string> shared;     ///< parameters with one value at every temperature: adds a global fit
  std::vector<std::string> activated;  ///< parameters that follow an Arrhenius law: adds a global fit
  std::string material;                ///< for the table that `closo library import` reads
};

/// One spectrum of the series.
struct SeriesSpectrum {
  ImpedanceInput input;
  double temperature = 0.0;  ///< K
  impedance::KramersKronigResult validation;
  std::optional<impedance::DrtResult> drt;
  impedance::FitResult fit;
  impedance::DerivedQuantities derived;
};

/// sigma(T) of one resistance over the series with its Arrhenius law.
struct SeriesConductivity {
  std::string name;                   ///< "total", "bulk", "grain boundary"
  std::vector<std::size_t> spectrum;  ///< place of each point in SeriesAnalysis::spectra
  std::vector<double> temperature;    ///< K
  std::vector<impedance::PelletConductivity> sigma;
  std::optional<transport::ArrheniusFit> arrhenius;    ///< from three temperatures on
  std::optional<transport::PiecewiseFit> transitions;  ///< total only, where more than one segment is found
};

struct SeriesAnalysis {
  impedance::Circuit circuit;
  std::string circuit_reason;
  std::vector<SeriesSpectrum> spectra;  ///< ascending in temperature
  std::vector<SeriesConductivity> conductivities;
  ImpedanceInputs inputs;  ///< rejected files; its spectra are moved into `spectra`
};

/// Throws: InputError when no file can be used or a spectrum has no temperature (naming the ways to give it);
/// Cancelled.
SeriesAnalysis analyse_impedance_series(const ImpedanceSeriesRequest& request, const Context& context);

report::Report impedance_series(const ImpedanceSeriesRequest& request, const Context& context);

extern const Task impedance_series_task;

}  // namespace closo::tasks
