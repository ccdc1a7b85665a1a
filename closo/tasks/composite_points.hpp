/// Measured conductivities of composites over filler fraction and temperature, from a CSV file.
#pragma once

#include <string>
#include <vector>

#include "closo/composite/interphase_fit.hpp"

namespace closo::tasks {

struct MeasuredComposite {
  composite::CompositePoint point;
  bool is_upper_limit = false;  ///< "<1.2e-6": tested against, not fitted
  std::string note;             ///< of the column note
};

/// Columns (by name and unit): fraction of the filler (vol%), T, sigma, optionally uncertainty (in % or as a
/// conductivity, one standard deviation; 20 % where nothing stands) and note. A '<' before a conductivity makes it an
/// upper limit. Throws: InputError with line and column: missing columns, wrong units, fractions outside 0 to 100 vol%,
/// temperatures or conductivities not above 0.
std::vector<MeasuredComposite> parse_composite_points(const std::string& text, const std::string& file);
std::vector<MeasuredComposite> read_composite_points(const std::string& file);

}  // namespace closo::tasks
