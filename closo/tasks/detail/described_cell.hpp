/// How a system file, the conductivity section's law and the electrode data become a cell description.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "closo/library/electrode_data.hpp"
#include "closo/tasks/cell_access.hpp"
#include "closo/tasks/detail/evaluation.hpp"

namespace closo::tasks::detail {

/// The case at a temperature [K] (empty: that of [cell], else the highest of [operation]) with settings on top of the
/// system file. `evaluation` has its law (find_law) and only answers for conductivities. Throws: as cell_case.
CellCase described_cell(const System& system, const Evaluation& evaluation, const library::ElectrodeData& electrodes,
                        std::optional<double> temperature, std::span<const std::string> settings,
                        const Context& context);

/// "40x40" → cells through the cathode and shells of a particle. Throws: InputError.
cell::SimulationOptions parse_mesh(std::string_view text);

}  // namespace closo::tasks::detail
