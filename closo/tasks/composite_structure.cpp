#include "closo/tasks/composite_structure.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/base/suggestion.hpp"
#include "closo/formats/label_volume.hpp"
#include "closo/tasks/detail/part_text.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;
using composite::Phase;
using composite::VoxelImage;

/// Options that belong to some models only, with those models.
struct ModelOption {
  std::string_view name, models;
};
constexpr ModelOption model_options[] = {
    {"label", "image"},
    {"shape", "image"},
    {"z-fastest", "image"},
    {"fraction", "recipe spheres aggregates field"},
    {"surface-area", "recipe spheres aggregates"},
    {"density", "recipe spheres aggregates"},
    {"pore-volume", "recipe"},
    {"particle-size", "recipe spheres aggregates"},
    {"size-spread", "recipe spheres aggregates"},
    {"cluster-size", "recipe aggregates"},
    {"cluster-share", "aggregates"},
    {"separate", "spheres aggregates"},
    {"correlation-length", "field"},
    {"grain-size", "voronoi"},
    {"boundary", "voronoi"},
    {"pore-size", "channels"},
    {"wall", "channels"},
    {"interphase", "recipe spheres aggregates field channels"},
    {"wetted", "recipe spheres aggregates field channels"},
    {"filling", "spheres aggregates field channels"},
    {"porosity", "recipe"},
    {"layer", "layers"},
    {"layer-axis", "layers"},
    {"size", "recipe spheres aggregates field voronoi channels layers"},
    {"open", "recipe spheres aggregates field voronoi channels layers"},
};

std::vector<std::string> words_of(std::string_view text, std::string_view separators) {
  std::vector<std::string> words;
  for (std::size_t from = text.find_first_not_of(separators); from != std::string_view::npos;) {
    const std::size_t to = std::min(text.find_first_of(separators, from), text.size());
    words.emplace_back(text.substr(from, to - from));
    from = text.find_first_not_of(separators, to);
  }
  return words;
}

std::string trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(" \t") - from + 1));
}

std::string percent(double share) { return base::format_number(100.0 * share, 3) + " vol%"; }

double required(const std::optional<double>& value, const char* name, const char* example) {
  if (!value) throw ParameterError(name, "missing", std::string("a value for this model, such as ") + example);
  return *value;
}

/// Radius [m] of the particles, from their size or from area and density; empty when neither is known.
std::optional<double> radius_of(const StructureRequest& request) {
  if (request.particle_size) return 0.5 * *request.particle_size;
  if (request.surface_area && request.density) return 3.0 / (*request.surface_area * *request.density);
  return std::nullopt;
}

double required_radius(const StructureRequest& request) {
  const std::optional<double> radius = radius_of(request);
  if (radius) return *radius;
  throw ParameterError("particle-size", "missing",
                       "--particle-size \"10 nm\", or --surface-area \"95 m2/g\" with --density \"5.89 g/cm3\"");
}

std::vector<std::pair<Phase, double>> layers_of(const std::vector<std::string>& texts) {
  if (texts.empty())
    throw ParameterError("layer", "missing",
                         "two or more of them, as --layer \"bulk 90 %\" --layer \"interphase 10 %\"");
  std::vector<std::pair<Phase, double>> layers;
  double sum = 0.0;
  for (const std::string& text : texts) {
    const std::size_t space = text.find_first_of(" \t");
    if (space == std::string::npos)
      throw ParameterError("layer", "'" + text + "'", "a role and a share, as 'bulk 90 %'");
    const Phase phase = composite::parse_phase(text.substr(0, space));
    double share = 0.0;
    try {
      share = base::parse_quantity(trimmed(text.substr(space)), base::Unit::parse("%"), "a share").value;
    } catch (const base::InputError& error) {
      throw ParameterError("layer", "'" + text + "'", "a role and a share, as 'bulk 90 %' (" + error.problem() + ")");
    }
    if (!(share > 0.0)) throw ParameterError("layer", "'" + text + "'", "a share above 0 %");
    layers.emplace_back(phase, share);
    sum += share;
  }
  if (std::abs(sum - 1.0) > 1e-6)
    throw ParameterError("layer", "shares of " + base::format_number(100.0 * sum) + " % together", "100 % together");
  for (auto& layer : layers) layer.second /= sum;
  return layers;
}

bool has_surface(const std::string& model) { return model != "voronoi" && model != "layers"; }

VoxelImage base_image(const StructureRequest& request, const composite::Grid& grid) {
  if (request.model == "field") {
    composite::RandomField model;
    model.fraction = required(request.fraction, "fraction", "'50 vol%'");
    model.correlation_length = required(request.correlation_length, "correlation-length", "'6 nm'");
    return random_field(grid, model);
  }
  if (request.model == "voronoi") {
    composite::Polycrystal model;
    model.grain_size = required(request.grain_size, "grain-size", "'20 nm'");
    model.boundary_thickness = required(request.boundary_thickness, "boundary", "'1 nm'");
    return polycrystal(grid, model);
  }
  if (request.model == "channels") {
    composite::Channels model;
    model.pore_diameter = required(request.pore_diameter, "pore-size", "'3 nm'");
    model.wall_thickness = required(request.wall_thickness, "wall", "'1 nm'");
    return channels(grid, model);
  }
  if (request.model == "layers") {
    std::vector<double> shares;
    std::vector<Phase> phases;
    for (const auto& [phase, share] : layers_of(request.layers)) {
      phases.push_back(phase);
      shares.push_back(share);
    }
    return composite::layers(grid, shares, request.layer_axis, phases);
  }
  composite::Spheres model;
  model.fraction = required(request.fraction, "fraction", "'25 vol%'");
  model.radius = required_radius(request);
  model.log_standard_deviation = request.size_spread;
  model.overlapping = !request.separate;
  if (request.model == "aggregates") {
    model.cluster_radius = 0.5 * required(request.cluster_size, "cluster-size", "'100 nm'");
    model.cluster_fraction = request.cluster_share;
  }
  return spheres(grid, model);
}

Structure model_structure(const StructureRequest& request) {
  Structure structure;
  std::optional<composite::Recipe> recipe;
  if (request.model == "recipe") recipe = recipe_of(request);
  const composite::Grid grid = grid_of(request);
  if (recipe) {
    composite::Realisation made = realise(*recipe, grid);
    structure.image = std::move(made.image);
    structure.asked = made.asked;
    structure.reached = made.reached;
    structure.notes = std::move(made.notes);
  } else {
    structure.image = base_image(request, grid);
    if (has_surface(request.model) && request.filling)
      structure.image = drain(std::move(structure.image), *request.filling);
    if (request.thickness > 0.0 && grid.voxel <= 0.5 * request.thickness) {
      std::vector<bool> insulator(structure.image.phases.size(), false);
      insulator.at(1) = true;
      composite::LayerGrowth growth;
      growth.thickness = request.thickness;
      growth.wetted_fraction = request.wetted_fraction;
      growth.patch = std::max(4.0 * grid.voxel, 2.0 * request.thickness);
      structure.image = grow_layer(std::move(structure.image), 0, insulator, growth, request.seed + 1);
    } else if (request.thickness > 0.0) {
      structure.notes.push_back("the voxel of " + report::length_text(grid.voxel, 3) +
                                " does not resolve the interphase of " + report::length_text(request.thickness, 3) +
                                ": it counts as a layer on the faces between insulator and conductor");
    }
  }
  if (request.thickness > 0.0 && request.wetted_fraction > 0.0 && has_surface(request.model) &&
      grid.voxel > 0.5 * request.thickness) {
    structure.thin_layer = ThinLayer{{0, 1}, request.thickness * request.wetted_fraction};
  }
  return structure;
}

unsigned label_number(std::string_view text, std::string_view whole) {
  unsigned number = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size() || number > 255)
    throw ParameterError("label", "'" + std::string(whole) + "'",
                         "NUMBER=ROLE with a number from 0 to 255, as 2=interphase");
  return number;
}

std::map<unsigned, Phase> roles_of(const std::vector<std::string>& texts) {
  std::map<unsigned, Phase> roles;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    const unsigned number = label_number(trimmed(text.substr(0, equals)), text);
    if (equals == std::string::npos) throw ParameterError("label", "'" + text + "'", "NUMBER=ROLE, as 2=interphase");
    if (!roles.emplace(number, composite::parse_phase(trimmed(text.substr(equals + 1)))).second)
      throw ParameterError("label", "'" + text + "'", "one role for each label");
  }
  return roles;
}

/// The role that a name of the file stands for ("insulator", "insulator 3"), where it is one.
std::optional<Phase> named_phase(const std::string& name) {
  for (const std::string& text : {name, name.substr(0, name.find_last_of(' '))}) {
    try {
      return composite::parse_phase(text);
    } catch (const ParameterError&) {
      continue;  // the file's own word; the user is asked for the role
    }
  }
  return std::nullopt;
}

Structure file_structure(const StructureRequest& request) {
  formats::LabelVolume volume;
  if (request.shape) {
    formats::RawShape shape;
    shape.size = *request.shape;
    shape.z_fastest = request.z_fastest;
    volume = formats::read_raw_volume(request.image, shape);
  } else {
    volume = formats::read_label_volume(request.image);
  }
  Structure structure;
  std::map<unsigned, Phase> roles = roles_of(request.labels);
  std::array<std::size_t, 256> counts{};
  for (const std::uint8_t label : volume.labels) ++counts[label];
  for (const auto& [number, phase] : roles) {
    if (counts[number] == 0)
      structure.notes.push_back("the image has no label " + std::to_string(number) + ", which --label names");
  }
  std::array<std::uint8_t, 256> renumber{};
  std::string without;
  std::size_t occurring = 0;
  for (unsigned number = 0; number < 256; ++number) {
    if (counts[number] == 0) continue;
    ++occurring;
    std::optional<Phase> phase;
    if (const auto found = roles.find(number); found != roles.end()) {
      phase = found->second;
    } else if (number < volume.names.size()) {
      phase = named_phase(volume.names[number]);
    }
    if (!phase) {
      const double share = static_cast<double>(counts[number]) / static_cast<double>(volume.labels.size());
      if (occurring <= 12)
        without += (without.empty() ? "" : ", ") + std::to_string(number) + " (" + percent(share) + ")";
      continue;
    }
    renumber[number] = static_cast<std::uint8_t>(structure.numbers.size());
    structure.numbers.push_back(number);
    structure.image.phases.push_back(*phase);
  }
  if (!without.empty()) {
    throw ParameterError("label", "label " + without + " of the image without a role",
                         "a role for each, as --label 0=bulk; roles are bulk, interphase, insulator, void, "
                         "grain-boundary, active-material, carbon, interlayer" +
                             std::string(occurring > 12 ? " (an image with " + std::to_string(occurring) +
                                                              " grey levels must be segmented first)"
                                                        : ""));
  }
  structure.image.size = volume.size;
  structure.image.labels = std::move(volume.labels);
  for (std::uint8_t& label : structure.image.labels) label = renumber[label];
  structure.image.is_periodic = volume.is_periodic;
  structure.image.origin = request.image;
  if (request.voxel) {
    structure.image.spacing = {*request.voxel, *request.voxel, *request.voxel};
  } else if (volume.spacing_is_known) {
    structure.image.spacing = volume.spacing;
  } else {
    structure.image.spacing = {1e-9, 1e-9, 1e-9};
    structure.notes.push_back(
        "the file states no voxel size, 1 nm is taken (--voxel): lengths and areas depend on it, conductivities do "
        "not");
  }
  return structure;
}

}  // namespace

std::array<std::size_t, 3> parse_size(std::string_view option, std::string_view text) {
  const std::vector<std::string> words = words_of(text, "xX× ");
  std::array<std::size_t, 3> size{};
  bool good = words.size() == 1 || words.size() == 3;
  for (std::size_t i = 0; good && i < 3; ++i) {
    const std::string& word = words[words.size() == 1 ? 0 : i];
    const auto result = std::from_chars(word.data(), word.data() + word.size(), size[i]);
    good = result.ec == std::errc() && result.ptr == word.data() + word.size() && size[i] > 0 && size[i] <= 100000;
  }
  if (!good) throw ParameterError(std::string(option), "'" + std::string(text) + "'", "voxels, as 96 or 96x96x48");
  return size;
}

StructureRequest structure_request(const Arguments& arguments, const Context& context) {
  StructureRequest request;
  const bool is_file = arguments.has("image");
  if (is_file && arguments.has("model"))
    throw ParameterError("model", std::string(arguments.text("model")), "an image or a model, not both");
  if (arguments.has("model")) request.model = std::string(arguments.text("model"));
  request.image = std::string(arguments.text("image"));
  const std::string kind = is_file ? "image" : request.model;
  for (const ModelOption& option : model_options) {
    if (!arguments.has(option.name)) continue;
    const std::vector<std::string> models = words_of(option.models, " ");
    if (std::ranges::find(models, kind) != models.end()) continue;
    std::string list;
    for (const std::string& model : models) list += (list.empty() ? "" : ", ") + model;
    throw ParameterError(std::string(option.name), "'" + std::string(arguments.text(option.name)) + "'",
                         "this option only with " + list + "; here it is " + (is_file ? "an image" : "model " + kind));
  }
  const auto given = [&](std::string_view name, std::string_view unit, double low, double high,
                         std::string_view range) -> std::optional<double> {
    const std::optional<base::Quantity> quantity = arguments.quantity(name, unit);
    if (!quantity) return std::nullopt;
    const double value = detail::measured(*quantity, name, arguments.text(name)).value;
    if (!(value >= low && value <= high))
      throw ParameterError(std::string(name), "'" + std::string(arguments.text(name)) + "'", std::string(range));
    return value;
  };
  const auto positive = [&](std::string_view name, std::string_view unit) {
    return given(name, unit, 1e-300, 1e300, "a value above 0");
  };
  const auto share = [&](std::string_view name) { return given(name, "%", 0.0, 1.0, "0 to 100 %"); };
  request.labels = arguments.texts("label");
  if (arguments.has("shape")) request.shape = parse_size("shape", arguments.text("shape"));
  request.z_fastest = arguments.flag("z-fastest");
  request.fraction = given("fraction", "vol%", 0.0, 1.0, "0 to 100 vol%");
  request.surface_area = positive("surface-area", "m2/g");
  request.density = positive("density", "g/cm3");
  request.pore_volume = positive("pore-volume", "cm3/g");
  request.particle_size = positive("particle-size", "nm");
  request.cluster_size = positive("cluster-size", "nm");
  request.correlation_length = positive("correlation-length", "nm");
  request.grain_size = positive("grain-size", "nm");
  request.boundary_thickness = positive("boundary", "nm");
  request.pore_diameter = positive("pore-size", "nm");
  request.wall_thickness = positive("wall", "nm");
  request.size_spread = given("size-spread", "1", 0.0, 2.0, "0 to 2").value_or(0.0);
  request.cluster_share = share("cluster-share").value_or(1.0);
  request.separate = arguments.flag("separate");
  request.thickness = given("interphase", "nm", 0.0, 1e300, "0 or more").value_or(0.0);
  request.wetted_fraction = share("wetted").value_or(1.0);
  request.filling = share("filling");
  request.porosity = given("porosity", "%", 0.0, 0.9, "0 to 90 %").value_or(0.0);
  request.layers = arguments.texts("layer");
  if (arguments.has("layer-axis"))
    request.layer_axis = static_cast<std::size_t>(arguments.text("layer-axis").front() - 'x');
  if (arguments.has("size")) request.size = parse_size("size", arguments.text("size"));
  request.voxel = positive("voxel", "nm");
  request.periodic = !arguments.flag("open");
  request.seed = context.seed;
  return request;
}

composite::Recipe recipe_of(const StructureRequest& request) {
  composite::Recipe recipe;
  recipe.oxide_fraction = required(request.fraction, "fraction", "'25 vol%'");
  const double radius = required_radius(request);
  if (request.pore_volume && !request.density)
    throw ParameterError("density", "missing", "the insulator's density with its pore volume, such as '5.89 g/cm3'");
  if (request.density) recipe.oxide_density = *request.density;
  // Only area × density enters where no density is known.
  recipe.surface_area = request.surface_area.value_or(3.0 / (radius * recipe.oxide_density));
  recipe.pore_volume = request.pore_volume;
  if (request.particle_size) recipe.particle_radius = radius;
  recipe.size_spread = request.size_spread;
  recipe.interphase_thickness = request.thickness;
  recipe.wetted_fraction = request.wetted_fraction;
  recipe.aggregate_radius = 0.5 * request.cluster_size.value_or(0.0);
  recipe.residual_porosity = request.porosity;
  return recipe;
}

composite::Grid grid_of(const StructureRequest& request) {
  composite::Grid grid;
  grid.size = request.size;
  grid.periodic = request.periodic;
  grid.seed = request.seed;
  if (request.voxel) {
    grid.voxel = *request.voxel;
  } else if (request.model == "voronoi") {
    grid.voxel = 0.5 * required(request.boundary_thickness, "boundary", "'1 nm'");
  } else if (request.model == "layers") {
    grid.voxel = 1e-9;
  } else if (request.thickness > 0.0) {
    grid.voxel = 0.5 * request.thickness;
  } else if (request.model == "field") {
    grid.voxel = 0.2 * required(request.correlation_length, "correlation-length", "'6 nm'");
  } else if (request.model == "channels") {
    grid.voxel = 0.25 * std::min(required(request.pore_diameter, "pore-size", "'3 nm'"),
                                 required(request.wall_thickness, "wall", "'1 nm'"));
  } else {
    grid.voxel = 0.2 * required_radius(request);
  }
  return grid;
}

Structure make_structure(const StructureRequest& request) {
  Structure structure = request.image.empty() ? model_structure(request) : file_structure(request);
  composite::check(structure.image);
  const VoxelImage& image = structure.image;
  structure.fractions = composite::fractions(image);
  if (structure.numbers.empty()) {
    for (unsigned i = 0; i < image.phases.size(); ++i) structure.numbers.push_back(i);
  }
  for (std::size_t i = 0; i < image.phases.size(); ++i) {
    std::string name(composite::to_string(image.phases[i]));
    if (std::ranges::count(image.phases, image.phases[i]) > 1) name += " " + std::to_string(structure.numbers[i]);
    structure.names.push_back(std::move(name));
  }
  return structure;
}

}  // namespace closo::tasks
