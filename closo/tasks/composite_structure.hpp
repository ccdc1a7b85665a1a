/// The microstructure of a composite task: a voxel image from a file, or a model from what a laboratory knows.
///
/// Models: recipe (oxide powder with area, pore volume and interphase; composite/recipe.hpp), spheres, aggregates,
/// field, voronoi, channels, layers (composite/microstructure.hpp). An interphase thinner than two voxels does not
/// become voxels: it is kept as a layer on the faces between conductor and insulator.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "closo/composite/microstructure.hpp"
#include "closo/composite/recipe.hpp"
#include "closo/report/report.hpp"
#include "closo/tasks/task.hpp"

namespace closo::tasks {

/// What is not given stays unknown; SI.
struct StructureRequest {
  std::string image;                                ///< file, or folder of slices; empty: a model
  std::vector<std::string> labels;                  ///< "2=interphase": roles of the file's labels
  std::optional<std::array<std::size_t, 3>> shape;  ///< of a file without header
  bool z_fastest = false;                           ///< of such a file

  std::string model = "recipe";
  std::optional<double> fraction;                                         ///< of the insulator; recipe: in the solids
  std::optional<double> surface_area;                                     ///< m²/kg
  std::optional<double> density;                                          ///< kg/m³, of the insulator
  std::optional<double> pore_volume;                                      ///< m³/kg
  std::optional<double> particle_size, cluster_size, correlation_length;  ///< m; sizes are diameters
  std::optional<double> grain_size, boundary_thickness, pore_diameter, wall_thickness;  ///< m
  double size_spread = 0.0;         ///< log-normal standard deviation
  double cluster_share = 1.0;       ///< of the particles
  bool separate = false;            ///< spheres do not overlap
  double thickness = 0.0;           ///< m, of the interphase; 0: none
  double wetted_fraction = 1.0;     ///< of the insulator's surface
  std::optional<double> filling;    ///< share of the pores that conductor fills
  double porosity = 0.0;            ///< recipe: voids left by pressing
  std::vector<std::string> layers;  ///< "bulk 50 %"
  std::size_t layer_axis = 2;

  std::array<std::size_t, 3> size{64, 64, 64};  ///< voxels
  std::optional<double> voxel;                  ///< m; empty: from the file, or from the finest length of the model
  bool periodic = true;
  std::uint64_t seed = 1;
};

/// The options of the request above, for the tables of tasks.
inline constexpr std::array structure_option_table = std::to_array<Option>({
    {"image", OptionType::path, "", "", "", "voxel image: TIFF stack or folder of slices, NRRD, VTK, HDF5, NumPy, raw"},
    {"label", OptionType::text, "", "", "", "role of a label of the image, as 2=interphase", false, false, true},
    {"shape", OptionType::text, "", "", "", "voxels of a file without header, as 128x128x64 (x fastest)"},
    {"z-fastest", OptionType::flag, "", "", "", "the file without header runs along z first"},
    {"model", OptionType::choice, "", "", "", "microstructure to make, instead of an image; without both recipe", false,
     false, false, "recipe spheres aggregates field voronoi channels layers"},
    {"fraction", OptionType::quantity, "vol%", "", "0 to 100 vol%",
     "insulator; of a recipe in the solids, else in the whole"},
    {"surface-area", OptionType::quantity, "m2/g", "", "above 0", "of the insulator powder (BET)"},
    {"density", OptionType::quantity, "g/cm3", "", "above 0", "of the insulator"},
    {"pore-volume", OptionType::quantity, "cm3/g", "", "above 0", "recipe: pores of the insulator powder"},
    {"particle-size", OptionType::quantity, "nm", "", "above 0",
     "diameter of the particles; else 6/(surface area × density)"},
    {"size-spread", OptionType::quantity, "1", "", "0 to 2", "standard deviation of ln(size)"},
    {"cluster-size", OptionType::quantity, "nm", "", "above 0", "diameter of aggregates"},
    {"cluster-share", OptionType::quantity, "%", "", "0 to 100 %", "aggregates: particles that sit in them"},
    {"separate", OptionType::flag, "", "", "", "particles do not overlap"},
    {"correlation-length", OptionType::quantity, "nm", "", "above 0", "field: covariance exp(-r²/(2 l²))"},
    {"grain-size", OptionType::quantity, "nm", "", "above 0", "voronoi: cube root of the mean grain volume"},
    {"boundary", OptionType::quantity, "nm", "", "above 0", "voronoi: thickness of the grain boundaries"},
    {"pore-size", OptionType::quantity, "nm", "", "above 0", "channels: diameter"},
    {"wall", OptionType::quantity, "nm", "", "above 0", "channels: thickness of the walls"},
    {"interphase", OptionType::quantity, "nm", "", "0 or more", "thickness of the layer on the insulator's surface"},
    {"wetted", OptionType::quantity, "%", "", "0 to 100 %", "share of the surface with that layer; without it all"},
    {"filling", OptionType::quantity, "%", "", "0 to 100 %",
     "share of the pores that is filled, the rest is void; a recipe computes it"},
    {"porosity", OptionType::quantity, "%", "", "0 to 90 %", "recipe: voids left by pressing where the pores are full"},
    {"layer", OptionType::text, "", "", "", "layers: role and share, as 'bulk 90 %', in order", false, false, true},
    {"layer-axis", OptionType::choice, "", "", "", "axis across the layers; without it z", false, false, false,
     "x y z"},
    {"size", OptionType::text, "", "", "", "voxels of a model, as 96 or 96x96x48; without it 64"},
    {"voxel", OptionType::quantity, "nm", "", "above 0",
     "edge of a voxel; else the file's, or half of the finest layer of the model"},
    {"open", OptionType::flag, "", "", "", "the model does not continue at its faces"},
});

/// Throws: ParameterError for options that the chosen model does not use, both image and model, and texts that cannot
/// be read.
StructureRequest structure_request(const Arguments& arguments, const Context& context);

/// "96" or "96x96x48". Throws: ParameterError naming `option`.
std::array<std::size_t, 3> parse_size(std::string_view option, std::string_view text);

/// Of model recipe. Throws: ParameterError for missing or contradictory values.
composite::Recipe recipe_of(const StructureRequest& request);
composite::Grid grid_of(const StructureRequest& request);

/// A layer of interphase that no voxels show.
struct ThinLayer {
  std::array<std::size_t, 2> between{0, 1};  ///< labels; it lies in the first
  double thickness = 0.0;                    ///< m, times the wetted share: the mean over the surface
};

struct Structure {
  composite::VoxelImage image;
  std::vector<std::string> names;  ///< of every label: "bulk", "insulator 3" where a role stands for several labels
  std::vector<unsigned> numbers;   ///< of every label, as the file has them
  std::vector<double> fractions;   ///< of every label
  std::optional<ThinLayer> thin_layer;
  std::optional<composite::Composition> asked, reached;  ///< of a recipe
  std::vector<std::string> notes;                        ///< what a user must know: too coarse, size unknown, …
};

/// Throws: ParameterError for missing or impossible values of the model, a label of the file without role (all of
/// them listed with their shares); InputError for the file; NumericsError for particles that do not fit.
Structure make_structure(const StructureRequest& request);

/// Size, spacing, shares per label, area of interfaces, and of a recipe what was asked and reached.
report::Section structure_section(const Structure& structure);

/// Percolation of every role and of the labels in `conducting` together, along x, y and z. `conducting`: one mark per
/// label; empty: no row for them.
report::Table percolation_table(const Structure& structure, const std::vector<bool>& conducting = {});

}  // namespace closo::tasks
