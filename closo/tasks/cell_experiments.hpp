/// The experiments file of a calibration: what was done to a cell, what was observed, what is held out, as TOML.
///
/// Every experiment begins with the cell as built. Values are texts with units; "~205 mAh/g" (about), ">= 180 mAh/g",
/// "70 to 80 %" and "0.42(1)" are understood. The vocabulary is described in docs/tasks/cell_fit.md.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/cell/calibration.hpp"

namespace closo::tasks {

/// A text of the list `fit`, with its place.
struct FitText {
  std::string text;  ///< "cathode.particle_radius = 0.2 um to 10 um", or the name alone
  base::Place place;
};

struct CellExperiments {
  std::string file, name, source;
  std::vector<FitText> fit;
  std::vector<cell::Experiment> experiments;
  std::vector<std::string> curve_files;  ///< that were read, as written
};

/// Bytes of a data file. Throws: InputError.
using FileReader = std::function<std::string(const std::filesystem::path&)>;

/// `file` names the text in messages and is the place that data files are relative to.
/// Throws: InputError with file, line and column: TOML syntax, unknown keys and words (near names), wrong units or
/// dimensions, protocols, cycles that a protocol does not have, observations without value or uncertainty, data files
/// that cannot be read or have no such branch.
CellExperiments parse_cell_experiments(std::string_view text, const std::filesystem::path& file,
                                       const FileReader& read);

/// Reads and parses. Throws: as above.
CellExperiments read_cell_experiments(const std::filesystem::path& file);

/// The unit observations of this kind are shown in: "mAh/g", "%", "V", "Ohm cm2"; of curves that of their capacity.
std::string_view shown_unit(const cell::Observation& observation);

}  // namespace closo::tasks
