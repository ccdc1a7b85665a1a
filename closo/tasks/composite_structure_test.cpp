#include "closo/tasks/composite_structure.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "closo/formats/label_volume.hpp"
#include "closo/tasks/impedance_trial_test.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;
using composite::Phase;
using trial::arguments_of;
using trial::Given;
using trial::message_of;
using trial::ScratchFolder;

StructureRequest request_of(const Given& given, unsigned long long seed = 1) {
  Context context;
  context.seed = seed;
  return structure_request(arguments_of(given), context);
}

Structure made(const Given& given) { return make_structure(request_of(given)); }

std::string refusal_of(const Given& given) {
  return message_of<ParameterError>([&] { made(given); });
}

double share_of(const Structure& structure, Phase phase) {
  return composite::phase_fractions(structure.image)[static_cast<std::size_t>(phase)];
}

const Given hehn = {{"fraction", "25 vol%"},
                    {"surface-area", "95 m2/g"},
                    {"density", "5.89 g/cm3"},
                    {"pore-volume", "0.246 cm3/g"},
                    {"interphase", "1 nm"}};

Given with(Given given, const Given& more) {
  given.insert(given.end(), more.begin(), more.end());
  return given;
}

TEST(CompositeStructure, OptionsBecomeSi) {
  const StructureRequest request =
      request_of(with(hehn, {{"wetted", "60 %"}, {"size", "16x20x24"}, {"voxel", "0.4 nm"}}), 7);
  EXPECT_EQ(request.model, "recipe");
  EXPECT_DOUBLE_EQ(*request.fraction, 0.25);
  EXPECT_DOUBLE_EQ(*request.surface_area, 95e3);
  EXPECT_DOUBLE_EQ(*request.density, 5890.0);
  EXPECT_DOUBLE_EQ(*request.pore_volume, 0.246e-3);
  EXPECT_DOUBLE_EQ(request.thickness, 1e-9);
  EXPECT_DOUBLE_EQ(request.wetted_fraction, 0.6);
  EXPECT_EQ(request.size, (std::array<std::size_t, 3>{16, 20, 24}));
  EXPECT_DOUBLE_EQ(*request.voxel, 0.4e-9);
  EXPECT_EQ(request.seed, 7U);
  const composite::Recipe recipe = recipe_of(request);
  EXPECT_DOUBLE_EQ(recipe.surface_area, 95e3);
  EXPECT_FALSE(recipe.particle_radius.has_value());
  EXPECT_EQ(grid_of(request).seed, 7U);
}

// Hehn et al. 2025, DOI 10.1021/acsami.5c01939, Table 1: fillings of 69 % at 50 vol% and 23 % at 75 vol%.
TEST(CompositeStructure, RecipeHasThePublishedPoreFilling) {
  for (const auto& [fraction, filling] : {std::pair{"50 vol%", 0.69}, std::pair{"75 vol%", 0.23}}) {
    Given given = with(hehn, {{"size", "24"}});
    given.front().second = fraction;
    const Structure structure = made(given);
    ASSERT_TRUE(structure.asked.has_value());
    EXPECT_NEAR(structure.asked->pore_filling, filling, 0.005) << fraction;
    EXPECT_NEAR(share_of(structure, Phase::void_space), structure.asked->void_space, 0.01) << fraction;
  }
}

TEST(CompositeStructure, EveryModelGivesItsPhases) {
  struct Model {
    Given given;
    std::vector<Phase> phases;
    Phase checked;
    double share, tolerance;
  };
  const std::vector<Model> models = {
      {hehn, {Phase::bulk, Phase::insulator, Phase::interphase}, Phase::insulator, 0.25, 1e-3},
      {{{"model", "spheres"}, {"fraction", "20 vol%"}, {"particle-size", "10 nm"}, {"filling", "50 %"}},
       {Phase::bulk, Phase::insulator, Phase::void_space},
       Phase::void_space,
       0.4,
       1e-3},
      {{{"model", "aggregates"}, {"fraction", "10 vol%"}, {"particle-size", "6 nm"}, {"cluster-size", "20 nm"}},
       {Phase::bulk, Phase::insulator},
       Phase::insulator,
       0.1,
       1e-3},
      {{{"model", "field"}, {"fraction", "40 vol%"}, {"correlation-length", "4 nm"}, {"interphase", "2 nm"}},
       {Phase::bulk, Phase::insulator, Phase::interphase},
       Phase::insulator,
       0.4,
       1e-3},
      {{{"model", "voronoi"}, {"grain-size", "10 nm"}, {"boundary", "2 nm"}},
       {Phase::bulk, Phase::grain_boundary},
       Phase::grain_boundary,
       0.5,
       0.2},
      {{{"model", "channels"}, {"pore-size", "3 nm"}, {"wall", "1 nm"}},
       {Phase::bulk, Phase::insulator},
       Phase::bulk,
       0.5,
       0.1},
      {{{"model", "layers"}, {"layer", "bulk 75 %"}, {"layer", "active-material 25 %"}, {"layer-axis", "x"}},
       {Phase::bulk, Phase::active_material},
       Phase::active_material,
       0.25,
       1e-12},
  };
  for (const Model& model : models) {
    const Structure structure = made(with(model.given, {{"size", "32"}}));
    const std::string name = model.given.front().second;
    for (const Phase phase : model.phases) EXPECT_GT(share_of(structure, phase), 0.0) << name;
    EXPECT_NEAR(share_of(structure, model.checked), model.share, model.tolerance) << name;
    EXPECT_NEAR(std::accumulate(structure.fractions.begin(), structure.fractions.end(), 0.0), 1.0, 1e-12) << name;
    EXPECT_EQ(structure.names.size(), structure.image.phases.size()) << name;
  }
}

TEST(CompositeStructure, AVoxelIsHalfOfTheFinestLayerOrGiven) {
  EXPECT_DOUBLE_EQ(grid_of(request_of(hehn)).voxel, 0.5e-9);
  EXPECT_DOUBLE_EQ(grid_of(request_of({{"model", "voronoi"}, {"boundary", "3 nm"}})).voxel, 1.5e-9);
  EXPECT_DOUBLE_EQ(grid_of(request_of({{"model", "field"}, {"correlation-length", "5 nm"}})).voxel, 1e-9);
  EXPECT_DOUBLE_EQ(grid_of(request_of({{"model", "channels"}, {"pore-size", "3 nm"}, {"wall", "1 nm"}})).voxel,
                   0.25e-9);
  EXPECT_DOUBLE_EQ(grid_of(request_of({{"model", "layers"}})).voxel, 1e-9);
  EXPECT_DOUBLE_EQ(grid_of(request_of({{"model", "spheres"}, {"particle-size", "20 nm"}})).voxel, 2e-9);
  EXPECT_DOUBLE_EQ(grid_of(request_of(with(hehn, {{"voxel", "3 nm"}}))).voxel, 3e-9);
}

TEST(CompositeStructure, ALayerBelowTwoVoxelsStaysALayer) {
  for (const char* model : {"recipe", "spheres"}) {
    const Structure structure = made({{"model", model},
                                      {"fraction", "20 vol%"},
                                      {"particle-size", "20 nm"},
                                      {"interphase", "1 nm"},
                                      {"wetted", "50 %"},
                                      {"voxel", "2 nm"},
                                      {"size", "24"}});
    ASSERT_TRUE(structure.thin_layer.has_value()) << model;
    EXPECT_DOUBLE_EQ(structure.thin_layer->thickness, 0.5e-9) << model;
    EXPECT_EQ(share_of(structure, Phase::interphase), 0.0) << model;
    EXPECT_FALSE(structure.notes.empty()) << model;
  }
  EXPECT_FALSE(made(with(hehn, {{"size", "16"}})).thin_layer.has_value());
}

TEST(CompositeStructure, ParticleSizeReplacesTheArea) {
  const Structure by_area = made({{"fraction", "20 vol%"},
                                  {"surface-area", "100 m2/g"},
                                  {"density", "6 g/cm3"},
                                  {"size", "24"},
                                  {"voxel", "1 nm"}});
  const Structure by_size =
      made({{"fraction", "20 vol%"}, {"particle-size", "10 nm"}, {"size", "24"}, {"voxel", "1 nm"}});
  EXPECT_NEAR(by_area.asked->area_per_volume, 0.2 * 6.0 / 10e-9, 1e-3 * 1.2e8);
  EXPECT_NEAR(by_size.asked->area_per_volume, by_area.asked->area_per_volume, 1.0);
  EXPECT_EQ(by_area.image.labels, by_size.image.labels);
}

TEST(CompositeStructure, RefusesWhatTheModelDoesNotUse) {
  EXPECT_NE(
      refusal_of({{"model", "voronoi"}, {"fraction", "20 vol%"}}).find("only with recipe, spheres, aggregates, field"),
      std::string::npos);
  EXPECT_NE(refusal_of({{"image", "a.tif"}, {"size", "64"}}).find("here it is an image"), std::string::npos);
  EXPECT_NE(refusal_of({{"image", "a.tif"}, {"model", "field"}}).find("not both"), std::string::npos);
  EXPECT_NE(refusal_of({{"label", "1=bulk"}}).find("only with image"), std::string::npos);
}

TEST(CompositeStructure, RefusesMissingAndImpossibleValues) {
  const std::vector<std::pair<Given, std::string>> cases = {
      {{}, "fraction"},
      {{{"fraction", "20 vol%"}}, "particle-size"},
      {{{"fraction", "120 vol%"}, {"particle-size", "10 nm"}}, "0 to 100 vol%"},
      {{{"fraction", "20 vol%"}, {"particle-size", "-10 nm"}}, "above 0"},
      {{{"fraction", "20 vol%"}, {"particle-size", "10 nm"}, {"pore-volume", "0.2 cm3/g"}}, "density"},
      {{{"fraction", "20 vol%"}, {"particle-size", "10 nm"}, {"wetted", "150 %"}}, "0 to 100 %"},
      {{{"fraction", "20 vol%"}, {"particle-size", "10 nm"}, {"size", "64x64"}}, "96 or 96x96x48"},
      {{{"fraction", "20 vol%"}, {"particle-size", "10 nm"}, {"size", "big"}}, "96 or 96x96x48"},
      {{{"model", "spheres"}, {"particle-size", "10 nm"}}, "fraction"},
      {{{"model", "spheres"}, {"fraction", "20 vol%"}, {"voxel", "1 nm"}}, "surface-area"},
      {{{"model", "aggregates"}, {"fraction", "20 vol%"}, {"particle-size", "10 nm"}}, "cluster-size"},
      {{{"model", "field"}, {"correlation-length", "5 nm"}}, "fraction"},
      {{{"model", "field"}, {"fraction", "20 vol%"}}, "correlation-length"},
      {{{"model", "voronoi"}, {"boundary", "1 nm"}}, "grain-size"},
      {{{"model", "voronoi"}, {"grain-size", "10 nm"}}, "boundary"},
      {{{"model", "channels"}, {"wall", "1 nm"}}, "pore-size"},
      {{{"model", "channels"}, {"pore-size", "3 nm"}}, "wall"},
      {{{"model", "layers"}}, "two or more"},
      {{{"model", "layers"}, {"layer", "bulk"}}, "a role and a share"},
      {{{"model", "layers"}, {"layer", "bulk many"}}, "a role and a share"},
      {{{"model", "layers"}, {"layer", "bulk 0 %"}}, "above 0 %"},
      {{{"model", "layers"}, {"layer", "bulk 30 %"}, {"layer", "carbon 30 %"}}, "100 % together"},
      {{{"model", "layers"}, {"layer", "bluk 100 %"}}, "did you mean 'bulk'"},
  };
  for (const auto& [given, expected] : cases) {
    const std::string message = refusal_of(given);
    EXPECT_NE(message.find(expected), std::string::npos) << "expected '" << expected << "' in '" << message << "'";
  }
}

formats::LabelVolume small_volume() {
  formats::LabelVolume volume;
  volume.size = {4, 3, 2};
  volume.labels.assign(24, 0);
  for (std::size_t i = 0; i < 6; ++i) volume.labels[i] = 7;
  volume.labels[23] = 200;
  return volume;
}

TEST(CompositeStructure, LabelsOfAFileGetTheirRoles) {
  const ScratchFolder folder;
  const std::string file = folder.file("image.nrrd");
  formats::write_label_volume(small_volume(), file);
  const std::string message = refusal_of({{"image", file}});
  EXPECT_NE(message.find("0 (70.8 vol%), 7 (25 vol%), 200 (4.17 vol%)"), std::string::npos) << message;
  const Structure structure = made({{"image", file},
                                    {"label", "0=bulk"},
                                    {"label", "7=insulator"},
                                    {"label", "200=insulator"},
                                    {"label", "9=void"},
                                    {"voxel", "2 nm"}});
  EXPECT_EQ(structure.numbers, (std::vector<unsigned>{0, 7, 200}));
  EXPECT_EQ(structure.names, (std::vector<std::string>{"bulk", "insulator 7", "insulator 200"}));
  EXPECT_DOUBLE_EQ(structure.fractions[1], 0.25);
  EXPECT_DOUBLE_EQ(structure.image.spacing[2], 2e-9);
  ASSERT_EQ(structure.notes.size(), 1U);
  EXPECT_NE(structure.notes[0].find("no label 9"), std::string::npos);
  for (const char* label : {"7", "7=", "x=bulk", "300=bulk", "7=bulkk"})
    EXPECT_FALSE(refusal_of({{"image", file}, {"label", label}}).empty()) << label;
  EXPECT_NE(refusal_of({{"image", file}, {"label", "7=bulk"}, {"label", "7=void"}}).find("one role"),
            std::string::npos);
}

TEST(CompositeStructure, NamesInAFileAreRoles) {
  const ScratchFolder folder;
  formats::LabelVolume volume = small_volume();
  for (std::uint8_t& label : volume.labels) label = label == 7 ? 1 : 0;
  volume.names = {"active material", "grain boundary 3"};
  const std::string file = folder.file("image.nrrd");
  formats::write_label_volume(volume, file);
  const Structure structure = made({{"image", file}});
  EXPECT_EQ(structure.image.phases, (std::vector<Phase>{Phase::active_material, Phase::grain_boundary}));
  ASSERT_FALSE(structure.notes.empty());
  EXPECT_NE(structure.notes[0].find("no voxel size"), std::string::npos);
}

TEST(CompositeStructure, AFileWithoutHeaderNeedsItsShape) {
  const ScratchFolder folder;
  const std::string file = folder.write("image.u8", std::string(60, '\1'));
  EXPECT_THROW(made({{"image", file}, {"shape", "4x4x4"}, {"label", "1=bulk"}}), base::InputError);
  const Structure structure = made({{"image", file}, {"shape", "3x4x5"}, {"label", "1=bulk"}, {"voxel", "1 um"}});
  EXPECT_EQ(structure.image.size, (std::array<std::size_t, 3>{3, 4, 5}));
  EXPECT_THROW(made({{"image", folder.file("nothing.tif")}}), base::InputError);
}

}  // namespace
}  // namespace closo::tasks
