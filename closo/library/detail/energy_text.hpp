/// Energies from CSV, all rows or those of some elements: what shipped tables and users' files have in common.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "closo/library/detail/energy_tables.hpp"
#include "closo/library/energy_set.hpp"

namespace closo::library::detail {

/// As library::read_energy_set; rows outside `elements` are passed over before their numbers are read. For total
/// energies `elements` must be empty, since the elements' own rows are needed.
EnergySet read_energy_text(std::string_view text, std::string file, const std::optional<ElementMask>& elements);

}  // namespace closo::library::detail
