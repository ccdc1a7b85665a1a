#include "closo/composite/recipe.hpp"

#include <algorithm>
#include <cmath>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/composite/detail/grid_check.hpp"

namespace closo::composite {
namespace {

void check_recipe(const Recipe& recipe) {
  detail::check_range("oxide_fraction", recipe.oxide_fraction, 0.0, 1.0);
  detail::check_positive("oxide_density", recipe.oxide_density);
  detail::check_positive("surface_area", recipe.surface_area);
  if (recipe.pore_volume) detail::check_positive("pore_volume", *recipe.pore_volume);
  if (recipe.particle_radius) detail::check_positive("particle_radius", *recipe.particle_radius);
  detail::check_range("size_spread", recipe.size_spread, 0.0, 2.0);
  detail::check_range("interphase_thickness", recipe.interphase_thickness, 0.0, 1e-6);
  detail::check_range("wetted_fraction", recipe.wetted_fraction, 0.0, 1.0);
  detail::check_range("aggregate_radius", recipe.aggregate_radius, 0.0, 1.0);
  detail::check_range("residual_porosity", recipe.residual_porosity, 0.0, 0.9);
}

double particle_radius(const Recipe& recipe) {
  return recipe.particle_radius.value_or(3.0 / (recipe.surface_area * recipe.oxide_density));
}

/// Overlapping spheres share surface: their radius for the same area per volume. The union of fraction f has the area
/// 3 η (1 − f)/R with η = −ln(1 − f) (Torquato 2002, sec. 5.2); separate spheres have 3 f/R.
double overlapping_radius(double radius, double fraction) {
  if (fraction <= 0.0 || fraction >= 1.0) return radius;
  return radius * -std::log1p(-fraction) * (1.0 - fraction) / fraction;
}

}  // namespace

Composition composition(const Recipe& recipe) {
  check_recipe(recipe);
  Composition shares;
  shares.particle_radius = particle_radius(recipe);
  const double conductor_per_oxide =
      recipe.oxide_fraction > 0.0 ? (1.0 - recipe.oxide_fraction) / recipe.oxide_fraction : 0.0;
  if (recipe.pore_volume && recipe.oxide_fraction > 0.0) {
    const double pores_per_oxide = *recipe.pore_volume * recipe.oxide_density;
    shares.pore_filling = conductor_per_oxide / pores_per_oxide;
    if (shares.pore_filling < 1.0) {
      shares.oxide = 1.0 / (1.0 + pores_per_oxide);
      shares.conductor = conductor_per_oxide * shares.oxide;
      shares.void_space = 1.0 - shares.oxide - shares.conductor;
    }
  }
  if (shares.void_space <= 0.0) {
    const double solids = 1.0 - recipe.residual_porosity;
    shares.oxide = recipe.oxide_fraction * solids;
    shares.conductor = (1.0 - recipe.oxide_fraction) * solids;
    shares.void_space = recipe.residual_porosity;
  }
  shares.area_per_volume = shares.oxide * recipe.oxide_density * recipe.surface_area;
  shares.interphase =
      std::min(shares.conductor, shares.area_per_volume * recipe.wetted_fraction * recipe.interphase_thickness);
  return shares;
}

Realisation realise(const Recipe& recipe, const Grid& grid) {
  Realisation result;
  result.asked = composition(recipe);
  const Composition& asked = result.asked;
  Spheres model;
  model.fraction = asked.oxide;
  model.radius = overlapping_radius(asked.particle_radius, asked.oxide);
  model.log_standard_deviation = recipe.size_spread;
  model.cluster_radius = recipe.aggregate_radius;
  // With a spread, the ratio of the third to the second moment is larger than the median radius.
  model.radius *= std::exp(-2.5 * recipe.size_spread * recipe.size_spread);
  result.image = spheres(grid, model);
  if (asked.void_space > 0.0) {
    const double pore = asked.conductor + asked.void_space;
    result.image = drain(std::move(result.image), asked.conductor / pore);
  }
  const bool resolved = grid.voxel <= 0.5 * recipe.interphase_thickness;
  if (resolved && asked.interphase > 0.0) {
    std::vector<bool> oxide(result.image.phases.size(), false);
    oxide[1] = true;
    LayerGrowth growth;
    growth.thickness = recipe.interphase_thickness;
    growth.wetted_fraction = recipe.wetted_fraction;
    growth.patch = std::max(2.0 * grid.voxel, 2.0 * asked.particle_radius);
    result.image = grow_layer(std::move(result.image), 0, oxide, growth, grid.seed + 1);
  }
  // One order of labels whatever happened on the way: 0 bulk, 1 insulator, 2 interphase, 3 void.
  const std::vector<Phase> order{Phase::bulk, Phase::insulator, Phase::interphase, Phase::void_space};
  std::array<std::uint8_t, 256> renumber{};
  for (std::size_t i = 0; i < result.image.phases.size(); ++i) {
    renumber[i] = static_cast<std::uint8_t>(std::ranges::find(order, result.image.phases[i]) - order.begin());
  }
  for (std::uint8_t& label : result.image.labels) label = renumber[label];
  result.image.phases = order;

  const std::vector<double> shares = fractions(result.image);
  Composition& reached = result.reached;
  reached.oxide = shares[1];
  reached.interphase = shares[2];
  reached.conductor = shares[0] + shares[2];
  reached.void_space = shares[3];
  reached.pore_filling = asked.pore_filling;
  reached.particle_radius = model.radius;
  for (const Phase other : {Phase::bulk, Phase::interphase, Phase::void_space})
    reached.area_per_volume += interface_area_per_volume(result.image, Phase::insulator, other);
  if (!resolved && asked.interphase > 0.0) {
    const double wetted = interface_area_per_volume(result.image, Phase::insulator, Phase::bulk);
    reached.interphase = std::min(reached.conductor, wetted * recipe.wetted_fraction * recipe.interphase_thickness);
    result.notes.push_back("the voxel of " + base::format_number(1e9 * grid.voxel, 3) +
                           " nm does not resolve the interphase of " +
                           base::format_number(1e9 * recipe.interphase_thickness, 3) +
                           " nm: it counts as a layer on the faces between oxide and conductor");
  }
  if (asked.area_per_volume > 0.0) {
    const double ratio = reached.area_per_volume / asked.area_per_volume;
    if (std::abs(ratio - 1.0) > 0.1)
      result.notes.push_back("the oxide's surface in the image is " + base::format_number(100.0 * ratio, 3) +
                             " % of that of the powder");
  }
  if (model.radius < 2.0 * grid.voxel)
    result.notes.push_back("particles of " + base::format_number(1e9 * model.radius, 3) + " nm radius are only " +
                           base::format_number(model.radius / grid.voxel, 2) + " voxels: refine the grid");
  return result;
}

}  // namespace closo::composite
