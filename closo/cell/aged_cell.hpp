/// A cell as an earlier run left it, told as parameters of a new one.
///
/// Model: the states at the end of a protocol step become fixed values: contact and isolation of the cathode as means
/// over its thickness, the grown interphases, resistance and contact of the metal. What would change them further is
/// left out except the growth of the cathode's interphase, so this is for impedances and pulses, not for more cycles.
#pragma once

#include "closo/cell/parameters.hpp"
#include "closo/cell/simulation.hpp"

namespace closo::cell {

/// `end`: of a run of these parameters. The metal's whole resistance follows the activation energy of its interphase.
CellParameters aged_cell(const CellParameters& parameters, const StepSummary& end);

}  // namespace closo::cell
