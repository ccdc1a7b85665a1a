/// Fit of a circuit to impedance spectra, without a guess: resistances, capacitances, conductivity, with uncertainties.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "closo/impedance/derived.hpp"
#include "closo/impedance/fit.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/impedance_input.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

struct ImpedanceFitRequest {
  std::vector<std::string> files;
  ImpedanceInputOptions input;
  std::string circuit;  ///< empty: chosen from the data, for each spectrum
  impedance::FitOptions options;
  std::optional<PelletGeometry> geometry;  ///< for conductivities
};

/// Throws: InputError for the circuit's text and when no file can be used.
report::Report impedance_fit(const ImpedanceFitRequest& request, const Context& context);

/// Fit options of the command line, shared with series.
impedance::FitOptions fit_options(const Arguments& arguments, const Context& context);

inline constexpr std::array fit_option_table = std::to_array<Option>({
    {"circuit", OptionType::text, "", "", "",
     "circuit such as R0-p(R1,CPE1)-CPE2 or R(RQ)Q; without it chosen from the data"},
    {"weights", OptionType::choice, "", "modulus", "", "weights of the points", false, false, false,
     "modulus calculated-modulus proportional unit given"},
    {"loss", OptionType::choice, "", "none", "", "robust loss against outliers", false, false, false,
     "none huber cauchy"},
});

// Report pieces shared with series.
report::Table parameter_table(std::string id, const impedance::FitResult& fit);
report::KeyValues fit_summary(std::string id, const impedance::Circuit& circuit, const impedance::FitResult& fit,
                              const impedance::DerivedQuantities& derived,
                              const std::optional<PelletGeometry>& geometry);

extern const Task impedance_fit_task;

}  // namespace closo::tasks
