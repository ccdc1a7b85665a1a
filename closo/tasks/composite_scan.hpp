/// Conductivity of a composite over filler fraction, interphase thickness, wetted share, pore filling and temperature:
/// voxel runs of several realisations, with the closed laws beside them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "closo/composite/recipe.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/composite_access.hpp"
#include "closo/tasks/composite_points.hpp"
#include "closo/tasks/composite_structure.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

/// What is varied; an empty list keeps the structure's own value.
struct CompositeScanRequest {
  StructureRequest structure;            ///< of model recipe
  std::vector<double> fractions;         ///< insulator in the solids
  std::vector<double> thicknesses;       ///< m
  std::vector<double> wetted_fractions;  ///< of the surface
  std::vector<double> fillings;          ///< conductor / pores; replaces the pore volume, 1 and more: no voids
  std::vector<double> cluster_sizes;     ///< m, diameter of aggregates
  std::vector<PhaseLaw> phases;          ///< bulk and interphase at least
  std::vector<double> temperatures;      ///< K
  std::vector<double> contrasts;         ///< interphase / bulk, instead of the interphase's law (one temperature)
  std::size_t realisations = 3;
  std::string resume;                       ///< state file; empty: none
  std::string table;                        ///< CSV for `composite fit --table`; empty: none
  std::vector<MeasuredComposite> measured;  ///< drawn beside
};

struct ScanSetting {
  double fraction = 0.0, thickness = 0.0, wetted_fraction = 1.0;
  std::optional<double> filling;       ///< empty: from the recipe's pore volume
  std::optional<double> cluster_size;  ///< m
};

/// Closed laws at one setting [S/m]: bounds of the mixture of bulk, interphase, insulator and void; Nan's laws of
/// coated filler know neither voids nor unwetted surface nor aggregates.
struct ScanLaws {
  double wiener_low = 0.0, wiener_high = 0.0, hashin_shtrikman_low = 0.0, hashin_shtrikman_high = 0.0;
  double coated_filler = 0.0, coated_filler_symmetric = 0.0;
};

struct ScanPoint {
  ScanSetting setting;
  double temperature = 0.0;             ///< K
  double bulk = 0.0, interphase = 0.0;  ///< S/m
  composite::Composition asked;
  std::vector<double> conductivity;  ///< S/m, one per realisation; 0: no path
  double mean = 0.0;                 ///< S/m
  double standard_error = 0.0;       ///< of the mean; 0 for one realisation
  std::size_t without_path = 0;
  ScanLaws laws;
};

struct CompositeScan {
  std::vector<ScanPoint>
      points;  ///< settings in the order of the lists, fraction fastest; then temperature or contrast
  std::size_t runs = 0, resumed = 0;
  double voxel = 0.0;  ///< m
  std::vector<std::string> notes;
};

/// The recipe of one setting. Throws: ParameterError as recipe_of.
composite::Recipe recipe_of(const StructureRequest& structure, const ScanSetting& setting);

ScanLaws laws_of(const composite::Recipe& recipe, double bulk, double interphase, double insulator = 0.0,
                 double void_space = 0.0);

/// Throws: ParameterError for missing phases, a model other than recipe, contrasts beside several temperatures, no
/// realisation; InputError for the state file; Cancelled (what is finished stays in the state file).
CompositeScan scan_composite(const CompositeScanRequest& request, const Context& context);

report::Report composite_scan(const CompositeScanRequest& request, const Context& context);

/// Options that scan and optimise share: what is varied, the recipe, phases and temperatures.
inline constexpr std::array scan_option_table = std::to_array<Option>({
    {"fraction", OptionType::text, "", "", "0 to 99 vol%",
     "insulator in the solids: '10, 25, 50 vol%' or '5 to 90 by 5 vol%'"},
    {"interphase", OptionType::text, "", "1 nm", "above 0", "thickness of the layer: one, a list or a range"},
    {"wetted", OptionType::text, "", "100 %", "0 to 100 %",
     "share of the surface with that layer: one, a list or a range"},
    {"filling", OptionType::text, "", "", "above 0 %",
     "conductor / pores: one, a list or a range; without it from the pore volume"},
    {"cluster-size", OptionType::text, "", "", "above 0", "diameter of aggregates: one, a list or a range"},
    {"surface-area", OptionType::quantity, "m2/g", "", "above 0", "of the insulator powder (BET)"},
    {"density", OptionType::quantity, "g/cm3", "", "above 0", "of the insulator"},
    {"pore-volume", OptionType::quantity, "cm3/g", "", "above 0", "pores of the insulator powder"},
    {"particle-size", OptionType::quantity, "nm", "", "above 0",
     "diameter of the particles; else 6/(surface area × density)"},
    {"size-spread", OptionType::quantity, "1", "", "0 to 2", "standard deviation of ln(size)"},
    {"porosity", OptionType::quantity, "%", "", "0 to 90 %", "voids left by pressing where the pores are full"},
    {"realisations", OptionType::integer, "", "3", "1 to 100", "images of every setting, seeds from --seed on"},
    {"size", OptionType::text, "", "", "", "voxels, as 96 or 96x96x48; without it 64"},
    {"voxel", OptionType::quantity, "nm", "", "above 0", "edge of a voxel; else half of the thinnest layer"},
    {"resume", OptionType::path, "", "", "", "state file: finished runs are kept there and taken up again"},
});

/// The request behind those options and `--phase`, `--form`, `--at`. Throws: ParameterError.
CompositeScanRequest scan_request(const Arguments& arguments, const Context& context);

extern const Task composite_scan_task;

}  // namespace closo::tasks
