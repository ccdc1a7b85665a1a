/// What the cell commands share: a system file as a cell description, overrides, protocols, meshes.
///
/// Order of what holds, best first: `--set`, the `[cell]` section, [separator], [cathode], [anode], the composite model
/// ([composite] with an interphase law: effective conductivity), own and published conductivities (law through σT),
/// data/electrodes, defaults of the schema. Every value keeps its mark and source.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "closo/cell/description.hpp"
#include "closo/cell/protocol.hpp"
#include "closo/cell/simulation.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/system_file.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

/// A cell ready to be simulated.
struct CellCase {
  System system;
  cell::CellDescription description;
  std::vector<double> temperatures;               ///< K, of [operation]; at least one
  std::vector<Rate> rates;                        ///< of [operation]; may be empty
  double lower_cutoff = 0.0, upper_cutoff = 0.0;  ///< V
  std::string protocol;                           ///< text of [cell] protocol; may be empty
  cell::SimulationOptions mesh;
  std::vector<std::string> notes;  ///< what was assumed, for the report
};

/// From a parsed system file, at a temperature [K] (empty: that of [cell], else the highest of [operation]). The values
/// hold at [cell] reference_temperature, else at that usual temperature, whichever the cell is run at; the conductivity
/// at both temperatures is the one that is stated, published or follows from the law there. Throws: InputError for
/// unknown materials (near names), what the model needs and nobody gives (naming section and key); ParameterError for
/// values that are not possible.
CellCase cell_case(const System& system, std::optional<double> temperature, const Context& context);

/// "cathode.particle_radius=2 um" onto a description. Throws: InputError as CellDescription::set and for units.
void apply_setting(cell::CellDescription& description, std::string_view setting);

/// Options that every cell command has: system (positional), at, set, mesh.
inline constexpr std::array cell_options = std::to_array<Option>({
    {"system", OptionType::file, "", "", "", "The system file (TOML)", true, true},
    {"at", OptionType::quantity, "K", "", "above 0 K", "temperature; else the highest of the system file"},
    {"set", OptionType::text, "", "", "", "a quantity of the cell, as 'cathode.particle_radius=2 um'", false, false,
     true},
    {"mesh", OptionType::text, "", "", "2x2 to 2000x2000",
     "cells through the cathode x shells of a particle, as 40x40"},
});

/// System file, --at, --set and --mesh of a command. Throws: as cell_case and apply_setting.
CellCase cell_case(const Arguments& arguments, const Context& context);

/// A table of all quantities with unit, mark and source, folded; the doubtful ones named in a sentence.
void add_parameters(const CellCase& cell, report::Report& report);

}  // namespace closo::tasks
