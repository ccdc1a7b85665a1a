#include "closo/tasks/composite_scan.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/base/number.hpp"
#include "closo/composite/effective_medium.hpp"
#include "closo/tasks/composite_table.hpp"
#include "closo/tasks/detail/part_text.hpp"
#include "closo/tasks/detail/realisation_runs.hpp"
#include "closo/tasks/detail/scan_report.hpp"
#include "closo/tasks/detail/sweep_text.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;
using composite::Phase;

constexpr double infinite = std::numeric_limits<double>::infinity();

std::vector<double> or_own(const std::vector<double>& list, double own) {
  return list.empty() ? std::vector<double>{own} : list;
}

std::vector<std::optional<double>> or_none(const std::vector<double>& list, std::optional<double> own) {
  std::vector<std::optional<double>> values(list.begin(), list.end());
  if (values.empty()) values.push_back(own);
  return values;
}

std::vector<ScanSetting> settings_of(const CompositeScanRequest& request) {
  std::vector<ScanSetting> settings;
  for (const std::optional<double> cluster : or_none(request.cluster_sizes, request.structure.cluster_size)) {
    for (const std::optional<double> filling : or_none(request.fillings, std::nullopt)) {
      for (const double wetted : or_own(request.wetted_fractions, request.structure.wetted_fraction)) {
        for (const double thickness : or_own(request.thicknesses, request.structure.thickness)) {
          for (const double fraction : or_own(request.fractions, request.structure.fraction.value_or(0.0)))
            settings.push_back({fraction, thickness, wetted, filling, cluster});
        }
      }
    }
  }
  return settings;
}

/// Conductivities of one set: a temperature, or a contrast.
struct Condition {
  double temperature = 0.0, bulk = 0.0, interphase = 0.0, insulator = 0.0, void_space = 0.0;
};

std::vector<Condition> conditions_of(const CompositeScanRequest& request, bool with_layer) {
  const auto role = [&](Phase phase, double temperature) {
    return phase_conductivity(request.phases, phase, temperature);
  };
  const auto required = [](std::optional<double> value, const char* name) {
    if (!value)
      throw ParameterError("phase", std::string("nothing is said of the ") + name,
                           std::string("--phase ") + name + "=\"1e-6 S/cm @ 298 K, 0.5 eV\" (or a library name)");
    return *value;
  };
  std::vector<Condition> conditions;
  if (!request.contrasts.empty()) {
    if (request.temperatures.size() > 1)
      throw ParameterError("contrast", "beside several temperatures", "contrasts at one temperature");
    const double temperature = request.temperatures.empty() ? 298.15 : request.temperatures.front();
    const double bulk = role(Phase::bulk, temperature).value_or(1.0);
    for (const double contrast : request.contrasts)
      conditions.push_back({temperature, bulk, bulk * contrast, 0.0, 0.0});
  }
  for (const double temperature : request.contrasts.empty() ? request.temperatures : std::vector<double>{}) {
    const double bulk = required(role(Phase::bulk, temperature), "bulk");
    const double interphase = with_layer ? required(role(Phase::interphase, temperature), "interphase") : bulk;
    conditions.push_back({temperature, bulk, interphase, role(Phase::insulator, temperature).value_or(0.0),
                          role(Phase::void_space, temperature).value_or(0.0)});
  }
  for (const Condition& condition : conditions) {
    if (!(condition.bulk > 0.0)) throw ParameterError("phase", "a bulk that does not conduct", "bulk above 0 S/cm");
  }
  return conditions;
}

detail::RoleConductivities roles_of(const Condition& condition) {
  detail::RoleConductivities roles{};
  roles[static_cast<std::size_t>(Phase::bulk)] = condition.bulk;
  roles[static_cast<std::size_t>(Phase::interphase)] = condition.interphase;
  roles[static_cast<std::size_t>(Phase::insulator)] = condition.insulator;
  roles[static_cast<std::size_t>(Phase::void_space)] = condition.void_space;
  return roles;
}

double voxel_of(const CompositeScanRequest& request, const std::vector<ScanSetting>& settings) {
  if (request.structure.voxel) return *request.structure.voxel;
  double thinnest = infinite;
  for (const ScanSetting& setting : settings) {
    if (setting.thickness > 0.0) thinnest = std::min(thinnest, setting.thickness);
  }
  if (std::isfinite(thinnest)) return 0.5 * thinnest;
  return composition(recipe_of(request.structure, settings.front())).particle_radius / 6.0;
}

void add_statistics(ScanPoint& point) {
  const double n = static_cast<double>(point.conductivity.size());
  for (const double sigma : point.conductivity) {
    point.mean += sigma / n;
    if (sigma == 0.0) ++point.without_path;
  }
  if (point.conductivity.size() < 2) return;
  double squares = 0.0;
  for (const double sigma : point.conductivity) squares += (sigma - point.mean) * (sigma - point.mean);
  point.standard_error = std::sqrt(squares / (n - 1.0) / n);
}

std::vector<std::string> notes_of(const CompositeScan& scan, const CompositeScanRequest& request, double radius,
                                  double thinnest) {
  std::vector<std::string> notes;
  const double box = scan.voxel * static_cast<double>(*std::ranges::min_element(request.structure.size));
  double largest = radius;
  for (const ScanPoint& point : scan.points)
    largest = std::max(largest, 0.5 * point.setting.cluster_size.value_or(0.0));
  if (box < 6.0 * largest)
    notes.push_back("the box of " + report::length_text(box, 3) + " holds few " +
                    (largest > radius ? "aggregates" : "particles") + " of " + report::length_text(2.0 * largest, 3) +
                    ": realisations scatter and lean to connected paths; enlarge --size");
  if (radius < 2.0 * scan.voxel)
    notes.push_back("particles of " + report::length_text(2.0 * radius, 3) + " are less than four voxels of " +
                    report::length_text(scan.voxel, 3) + " wide: refine --voxel");
  if (thinnest < 2.0 * scan.voxel && thinnest > 0.0)
    notes.push_back("the layer of " + report::length_text(thinnest, 3) + " is thinner than two voxels of " +
                    report::length_text(scan.voxel, 3) +
                    ": it conducts along the faces between insulator and conductor");
  return notes;
}

}  // namespace

composite::Recipe recipe_of(const StructureRequest& structure, const ScanSetting& setting) {
  StructureRequest own = structure;
  own.fraction = setting.fraction;
  own.thickness = setting.thickness;
  own.wetted_fraction = setting.wetted_fraction;
  own.cluster_size = setting.cluster_size;
  if (setting.filling) own.pore_volume.reset();
  composite::Recipe recipe = recipe_of(own);
  if (setting.filling && *setting.filling < 1.0 && setting.fraction > 0.0)
    recipe.pore_volume = (1.0 - setting.fraction) / setting.fraction / (recipe.oxide_density * *setting.filling);
  return recipe;
}

ScanLaws laws_of(const composite::Recipe& recipe, double bulk, double interphase, double insulator, double void_space) {
  const composite::Composition shares = composition(recipe);
  const double layer = std::min(shares.interphase, shares.conductor);
  const std::vector<double> conductivities{bulk, interphase, insulator, void_space};
  std::vector<double> fractions{shares.conductor - layer, layer, shares.oxide, shares.void_space};
  // Rounding of the differences must not make the sum miss 1.
  fractions[0] = std::max(0.0, 1.0 - layer - shares.oxide - shares.void_space);
  ScanLaws laws;
  const auto wiener = composite::wiener_bounds(conductivities, fractions);
  laws.wiener_low = wiener.first;
  laws.wiener_high = wiener.second;
  const auto shtrikman = composite::hashin_shtrikman_bounds(conductivities, fractions);
  laws.hashin_shtrikman_low = shtrikman.first;
  laws.hashin_shtrikman_high = shtrikman.second;
  composite::CoatedFiller filler{bulk, interphase, insulator, shares.particle_radius, recipe.interphase_thickness,
                                 false};
  laws.coated_filler = coated_filler_conductivity(filler, recipe.oxide_fraction);
  filler.bruggeman_mixing = true;
  laws.coated_filler_symmetric = coated_filler_conductivity(filler, recipe.oxide_fraction);
  return laws;
}

CompositeScan scan_composite(const CompositeScanRequest& request, const Context& context) {
  if (!request.structure.image.empty() || request.structure.model != "recipe")
    throw ParameterError("model", "'" + request.structure.model + "'",
                         "a recipe: a scan varies what a laboratory varies");
  if (request.realisations == 0 || request.realisations > 100)
    throw ParameterError("realisations", std::to_string(request.realisations), "1 to 100");
  const std::vector<ScanSetting> settings = settings_of(request);
  bool with_layer = false;
  double thinnest = infinite;
  for (const ScanSetting& setting : settings) {
    if (setting.thickness > 0.0 && setting.wetted_fraction > 0.0) with_layer = true;
    if (setting.thickness > 0.0) thinnest = std::min(thinnest, setting.thickness);
  }
  const std::vector<Condition> conditions = conditions_of(request, with_layer);
  if (conditions.empty()) throw ParameterError("at", "no temperature", "at least one temperature");

  CompositeScan scan;
  scan.voxel = voxel_of(request, settings);
  std::vector<detail::RealisationRun> runs;
  std::vector<std::size_t> first_run;  // of every setting
  for (const ScanSetting& setting : settings) {
    first_run.push_back(runs.size());
    // Without insulator there is nothing random.
    const std::size_t count = setting.fraction > 0.0 ? request.realisations : 0;
    for (std::size_t k = 0; k < count; ++k) {
      detail::RealisationRun run;
      run.recipe = recipe_of(request.structure, setting);
      run.grid.size = request.structure.size;
      run.grid.voxel = scan.voxel;
      run.grid.periodic = request.structure.periodic;
      run.grid.seed = request.structure.seed + 1000 * k;  // seed + 1 grows the layer
      for (const Condition& condition : conditions) run.conductivities.push_back(roles_of(condition));
      runs.push_back(std::move(run));
    }
  }
  const std::vector<detail::RealisationResult> results =
      detail::run_realisations(runs, {request.resume, context.threads, context.progress});
  scan.runs = runs.size();
  std::size_t rough = 0;
  for (const detail::RealisationResult& result : results) {
    scan.resumed += result.from_state ? 1U : 0U;
    rough += result.converged ? 0U : 1U;
  }
  for (std::size_t s = 0; s < settings.size(); ++s) {
    const composite::Recipe recipe = recipe_of(request.structure, settings[s]);
    for (std::size_t c = 0; c < conditions.size(); ++c) {
      ScanPoint point;
      point.setting = settings[s];
      point.temperature = conditions[c].temperature;
      point.bulk = conditions[c].bulk;
      point.interphase = conditions[c].interphase;
      point.asked = composition(recipe);
      if (settings[s].fraction > 0.0) {
        for (std::size_t k = 0; k < request.realisations; ++k)
          point.conductivity.push_back(results[first_run[s] + k].conductivity[c]);
      } else {
        point.conductivity.push_back(composite::differential_medium(point.bulk, 0.0, point.asked.void_space));
      }
      add_statistics(point);
      point.laws = laws_of(recipe, point.bulk, point.interphase, conditions[c].insulator, conditions[c].void_space);
      scan.points.push_back(std::move(point));
    }
  }
  scan.notes = notes_of(scan, request, scan.points.front().asked.particle_radius, thinnest);
  if (rough > 0)
    scan.notes.push_back(std::to_string(rough) + " of " + std::to_string(runs.size()) +
                         " runs did not reach the tolerance of the solver; their best estimates are used");
  return scan;
}

CompositeScanRequest scan_request(const Arguments& arguments, const Context& context) {
  CompositeScanRequest request;
  const auto swept = [&](std::string_view name, std::string_view unit, double low, double high,
                         std::string_view range) -> std::vector<double> {
    if (!arguments.has(name)) return {};
    return detail::parse_sweep(name, arguments.text(name), unit, low, high, range);
  };
  request.fractions = swept("fraction", "vol%", 0.0, 0.99, "0 to 99 vol%");
  request.thicknesses = swept("interphase", "nm", 0.0, 1e-6, "0 to 1000 nm");
  request.wetted_fractions = swept("wetted", "%", 0.0, 1.0, "0 to 100 %");
  request.fillings = swept("filling", "%", 0.01, infinite, "1 % and more");
  request.cluster_sizes = swept("cluster-size", "nm", 0.0, 1e-3, "0 or more");
  const auto positive = [&](std::string_view name, std::string_view unit) -> std::optional<double> {
    const std::optional<base::Quantity> quantity = arguments.quantity(name, unit);
    if (!quantity) return std::nullopt;
    const double value = detail::measured(*quantity, name, arguments.text(name)).value;
    if (!(value > 0.0)) throw ParameterError(std::string(name), std::string(arguments.text(name)), "a value above 0");
    return value;
  };
  StructureRequest& structure = request.structure;
  structure.surface_area = positive("surface-area", "m2/g");
  structure.density = positive("density", "g/cm3");
  structure.pore_volume = positive("pore-volume", "cm3/g");
  if (structure.pore_volume && !request.fillings.empty())
    throw ParameterError("filling", std::string(arguments.text("filling")),
                         "a filling or a pore volume, not both: the pore volume gives the filling of every fraction");
  structure.particle_size = positive("particle-size", "nm");
  structure.size_spread = arguments.has("size-spread") ? arguments.quantity("size-spread", "1")->value : 0.0;
  structure.porosity = arguments.has("porosity") ? arguments.quantity("porosity", "%")->value : 0.0;
  if (arguments.has("size")) structure.size = parse_size("size", arguments.text("size"));
  structure.voxel = positive("voxel", "nm");
  structure.seed = context.seed;
  const long realisations = arguments.has("realisations") ? *arguments.integer("realisations") : 3;
  if (realisations < 1 || realisations > 100)
    throw ParameterError("realisations", std::to_string(realisations), "1 to 100");
  request.realisations = static_cast<std::size_t>(realisations);
  request.temperatures = temperatures_of(arguments);
  if (arguments.has("phase") || !arguments.has("contrast"))
    request.phases = phase_laws(arguments, request.temperatures, context);
  request.resume = std::string(arguments.text("resume"));
  return request;
}

report::Report composite_scan(const CompositeScanRequest& request, const Context& context) {
  const CompositeScan scan = scan_composite(request, context);
  report::Report report = detail::scan_report(request, scan);
  if (!request.table.empty()) {
    base::write_file_atomically(request.table, to_csv(table_of(scan)));
    report.provenance.emplace_back("written", request.table);
  }
  return report;
}

namespace {

constexpr auto options = [] {
  constexpr auto own = std::to_array<Option>({
      {"contrast", OptionType::text, "", "", "above 0",
       "interphase / bulk, instead of the interphase's conductivity: one, a list"},
      {"measured", OptionType::file, "", "", "", "CSV with fraction (vol%), T (degC), sigma (S/cm): drawn beside"},
      {"to", OptionType::path, "", "", "", "table of the results for composite fit --table"},
  });
  constexpr std::size_t a = scan_option_table.size(), b = phase_option_table.size(),
                        c = temperature_option_table.size();
  std::array<Option, a + b + c + own.size()> all{};
  std::ranges::copy(scan_option_table, all.begin());
  std::ranges::copy(phase_option_table, all.begin() + a);
  std::ranges::copy(temperature_option_table, all.begin() + a + b);
  std::ranges::copy(own, all.begin() + a + b + c);
  return all;
}();

report::Report run(const Arguments& arguments, const Context& context) {
  CompositeScanRequest request = scan_request(arguments, context);
  if (request.fractions.empty())
    request.fractions = detail::parse_sweep("fraction", "0 to 80 by 10 vol%", "vol%", 0.0, 1.0, "");
  if (arguments.has("contrast"))
    request.contrasts = detail::parse_sweep("contrast", arguments.text("contrast"), "1", 1e-12, 1e12, "above 0");
  if (arguments.has("measured")) request.measured = read_composite_points(std::string(arguments.text("measured")));
  request.table = std::string(arguments.text("to"));
  return composite_scan(request, context);
}

}  // namespace

constinit const Task composite_scan_task{
    "composite scan",
    "Scan a composite's conductivity over filler fraction, layer thickness, wetting, pore filling and temperature",
    options, run, "composite_scan"};

}  // namespace closo::tasks
