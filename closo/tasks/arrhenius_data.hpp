/// Conductivity over temperature from a CSV file, columns found by their dimension.
///
/// temperature    a column in K or °C, or one named "1000/T" or "1/T" (1/K)
/// conductivity   a column in S/cm (any unit of conductivity), or named "log10(sigma)" (S/cm unless a unit stands with
/// it),
///                or a resistance in Ohm with the geometry of the pellet, sigma = L/(R A)
/// uncertainty    optional, standard: a column whose name holds "err", "unc", "±", "sd" or "std"; in the unit of the
/// value, in
///                %, or (of a log10 column, without unit) in decades; in K or °C it belongs to the temperature
/// branch         optional: a column named "branch" or "direction" with the words heating and cooling (or up and down)
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "closo/transport/arrhenius.hpp"

namespace closo::tasks {

struct ConductivityColumns {
  std::optional<double> thickness, area;          ///< m, m²: of the pellet, for a resistance
  std::optional<double> relative_uncertainty;     ///< of every conductivity, where no column gives one
  std::optional<double> temperature_uncertainty;  ///< K, of every temperature, where no column gives one
  std::string branch_column;                      ///< name; empty: "branch" or "direction" where there is one
  std::string temperature_column, value_column;   ///< name; empty: found by dimension
};

struct ConductivityBranch {
  std::string name;                                  ///< "heating", "cooling"; empty when there is one branch only
  std::vector<transport::ConductivityPoint> points;  ///< SI, in the order of the file
  std::vector<std::size_t> lines;                    ///< line of each point in the file
};

struct ConductivityData {
  std::vector<ConductivityBranch> branches;
  std::string temperature_name, value_name, uncertainty_name;  ///< headers that were used; empty: none
  std::vector<std::string> warnings;                           ///< repeated rows left out
};

/// Throws: InputError with file, line and column for what cannot be read (no or two columns of a dimension, a
/// temperature not above 0 K, a conductivity not above 0, an uncertainty that is negative or missing in some rows),
/// ParameterError for a missing geometry.
ConductivityData read_conductivities(std::string_view csv_text, const std::string& file,
                                     const ConductivityColumns& columns);

}  // namespace closo::tasks
