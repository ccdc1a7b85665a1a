/// The measured or published limits of an electrolyte's window that may decide a verdict.
#pragma once

#include <optional>
#include <string>

#include "closo/base/quantity.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/detail/evaluation.hpp"

namespace closo::tasks::detail {

/// One limit of the window, from the system file or the library.
struct Limit {
  double potential = 0.0;  ///< V against the metal of the mobile ion
  base::Qualifier qualifier = base::Qualifier::equal;
  bool inert_voltammetry = false;  ///< CV on a flat inert electrode: overestimates (review 2018, sec. 4.2)
  report::Value value;
  std::string method;
};

struct Limits {
  std::optional<Limit> reduction, oxidation;
};

/// The strictest oxidation and reduction limits that may decide; those of the system file replace the library's.
Limits find_limits(const Evaluation& evaluation);

}  // namespace closo::tasks::detail
