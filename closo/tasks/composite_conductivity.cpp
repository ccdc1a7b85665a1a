#include "closo/tasks/composite_conductivity.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/tasks/detail/conductivity_run.hpp"
#include "closo/tasks/impedance_input.hpp"
#include "closo/tasks/microstructure_pictures.hpp"
#include "closo/transport/arrhenius.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;
using composite::ConductivityResult;
using composite::Phase;
using composite::SolveStatus;
using detail::axis_names;
using detail::ConductivityRun;
using detail::ConductivitySolve;
using detail::sigma_value;

constexpr auto option_table = joined_options(
    structure_option_table, phase_option_table, temperature_option_table,
    std::to_array<Option>({
        {"axis", OptionType::choice, "", "all", "",
         "direction of the current; tensor: periodic, with off-diagonal elements", false, false, false,
         "x y z all tensor"},
        {"faces", OptionType::choice, "", "electrodes", "", "what the box ends at", false, false, false,
         "electrodes periodic"},
        {"grid-error", OptionType::choice, "", "bounds", "",
         "how the error of the voxel grid is stated: a rigorous pair of bounds, a finer grid (8 times the voxels), or "
         "both",
         false, false, false, "none bounds refine both"},
        {"tortuosity", OptionType::text, "", "", "", "tortuosity factor of this phase, it alone conducting"},
        {"tolerance", OptionType::quantity, "1", "1e-6", "above 0, below 1", "relative residual at the end"},
        {"iterations", OptionType::integer, "", "500", "1 or more", "most iterations of a solve"},
        {"no-pictures", OptionType::flag, "", "", "", "no slices, view and hot spots"},
    }));

/// Progress of one solve of several as progress of all.
base::Progress part_of(const base::Progress& whole, std::size_t done, std::size_t total, const std::string& what) {
  if (!whole) return {};
  return [whole, done, total, what](double share, std::string_view) {
    return whole((static_cast<double>(done) + share) / static_cast<double>(total), what);
  };
}

bool asks_for_bounds(const CompositeConductivityRequest& request) {
  return request.grid_error == GridError::bounds || request.grid_error == GridError::both;
}

composite::SolveOptions solve_options(const CompositeConductivityRequest& request, const Structure& structure,
                                      double temperature, const Context& context) {
  composite::SolveOptions options;
  options.boundary = request.boundary;
  options.tolerance = request.tolerance;
  options.max_iterations = request.max_iterations;
  options.threads = context.threads;
  options.surface_layers = surface_layers(structure, request.phases, temperature);
  options.with_bounds = asks_for_bounds(request) && options.surface_layers.empty();
  return options;
}

void solve_all(ConductivityRun& run, const Context& context) {
  const CompositeConductivityRequest& request = run.request;
  const bool refines = request.grid_error == GridError::refine || request.grid_error == GridError::both;
  const std::size_t total = request.temperatures.size() * (request.tensor ? 3 : request.axes.size());
  for (const double temperature : request.temperatures) {
    const std::vector<double> sigma = label_conductivities(run.structure, request.phases, temperature);
    composite::SolveOptions options = solve_options(request, run.structure, temperature, context);
    if (request.tensor) {
      options.progress =
          part_of(context.progress, run.solves.size() / 3, request.temperatures.size(), "solving the tensor");
      options.with_bounds = false;
      const composite::TensorResult tensor = composite::conductivity_tensor(run.structure.image, sigma, options);
      run.tensors.push_back(tensor.conductivity);
      for (std::size_t axis = 0; axis < 3; ++axis)
        run.solves.push_back({temperature, axis, tensor.solves[axis], std::nullopt});
      continue;
    }
    for (const std::size_t axis : request.axes) {
      options.axis = axis;
      options.with_field = request.pictures && run.solves.empty();
      options.progress =
          part_of(context.progress, run.solves.size(), total, std::string("solving along ") + axis_names[axis]);
      ConductivitySolve solve{temperature, axis, composite::effective_conductivity(run.structure.image, sigma, options),
                              std::nullopt};
      if (refines && solve.result.status == SolveStatus::converged) {
        composite::SolveOptions finer = options;
        finer.with_bounds = finer.with_field = false;
        solve.refined = composite::refine(run.structure.image, sigma, finer, 2);
      }
      run.solves.push_back(std::move(solve));
    }
  }
}

/// The label that alone conducts, where there is one.
std::optional<std::size_t> only_conductor(const std::vector<double>& sigma) {
  if (std::ranges::count_if(sigma, [](double value) { return value > 0.0; }) != 1) return std::nullopt;
  return static_cast<std::size_t>(std::ranges::find_if(sigma, [](double value) { return value > 0.0; }) -
                                  sigma.begin());
}

/// `full`: share of the phase × its conductivity.
report::Value tortuosity_value(double full, const base::Measured& estimate) {
  report::Value shown;
  shown.kind = "computed";
  shown.source = "share of the phase × its conductivity / effective conductivity";
  if (!(estimate.value > 0.0)) {
    shown.note = "no path: infinite";
    return shown;
  }
  shown.value = full / estimate.value;
  if (estimate.uncertainty && *estimate.uncertainty > 1e-9 * estimate.value)
    shown.uncertainty = *shown.value * *estimate.uncertainty / estimate.value;
  return shown;
}

void add_tortuosity(report::KeyValues& items, const ConductivityRun& run, const std::vector<double>& sigma,
                    const Context& context) {
  if (run.request.tortuosity) {
    const auto& image = run.structure.image;
    const std::string name(composite::to_string(*run.request.tortuosity));
    std::vector<double> alone(image.phases.size(), 0.0);
    double share = 0.0;
    for (std::size_t i = 0; i < alone.size(); ++i) {
      if (image.phases[i] != *run.request.tortuosity) continue;
      alone[i] = 1.0;
      share += run.structure.fractions[i];
    }
    if (share == 0.0) throw ParameterError("tortuosity", "'" + name + "'", "a phase that the image has");
    composite::SolveOptions options =
        solve_options(run.request, run.structure, run.request.temperatures.front(), context);
    if (!options.surface_layers.empty()) {
      options.surface_layers.clear();
      options.with_bounds = asks_for_bounds(run.request);
    }
    for (const std::size_t axis : run.request.axes) {
      options.axis = axis;
      const ConductivitySolve solve{0.0, axis, composite::effective_conductivity(image, alone, options), std::nullopt};
      items.items.emplace_back("tortuosity factor of " + name + " along " + axis_names[axis],
                               tortuosity_value(share, solve.estimate()));
    }
    return;
  }
  const std::optional<std::size_t> label = only_conductor(sigma);
  if (!label || run.structure.thin_layer) return;
  for (const ConductivitySolve& solve : run.solves) {
    if (solve.temperature != run.request.temperatures.front()) continue;
    const double share = run.structure.fractions[*label];
    items.items.emplace_back("tortuosity factor of " + run.structure.names[*label] + " along " + axis_names[solve.axis],
                             tortuosity_value(share * sigma[*label], solve.estimate()));
  }
}

/// Mean, activation energy, tortuosity, and what the mean is against its best phase.
report::KeyValues summary(const ConductivityRun& run, const std::vector<double>& sigma, const Context& context) {
  report::KeyValues items{"summary", {}};
  std::vector<transport::ConductivityPoint> points;
  for (const double temperature : run.request.temperatures) {
    const base::Measured mean = run.mean(temperature);
    const bool several = run.solves.size() > run.request.temperatures.size();
    if (several)
      items.items.emplace_back("mean of the axes at " + celsius_text(temperature),
                               sigma_value(mean, "mean of the solves"));
    if (mean.value > 0.0) points.push_back({temperature, mean.value, 0.0, 0.0});
  }
  std::vector<double> different = run.request.temperatures;
  std::ranges::sort(different);
  different.erase(std::unique(different.begin(), different.end()), different.end());
  if (points.size() == run.request.temperatures.size() && different.size() > 1) {
    const transport::ArrheniusFit fit = transport::fit_arrhenius(points, {});
    report::Value energy;
    energy.value = fit.law.activation_energy_eV;
    energy.unit = "eV";
    energy.kind = "computed";
    energy.source = "line through ln(σT) of the composite";
    items.items.emplace_back("activation energy of the composite", energy);
  }
  if (const double bulk =
          phase_conductivity(run.request.phases, Phase::bulk, run.request.temperatures.front()).value_or(0.0);
      bulk > 0.0) {
    report::Value ratio;
    ratio.value = run.mean(run.request.temperatures.front()).value / bulk;
    ratio.kind = "computed";
    ratio.source = "σ of the composite / σ of the bulk";
    items.items.emplace_back("σ / σ(bulk) at " + celsius_text(run.request.temperatures.front()), ratio);
  }
  add_tortuosity(items, run, sigma, context);
  return items;
}

void add_pictures(report::Report& report, const ConductivityRun& run) {
  report::Section section{"pictures", "Pictures", {slices_picture(run.structure.image, "slices", "Slices")}, false};
  const auto& size = run.structure.image.size;
  if (size[0] > 1 && size[1] > 1 && size[2] > 1)
    section.blocks.emplace_back(view_picture(run.structure.image, "view", "View into the box"));
  const ConductivitySolve& first = run.solves.front();
  if (first.result.status != SolveStatus::no_path && !first.result.dissipation.empty()) {
    report::Picture picture =
        hot_spot_picture(run.structure.image, first.result.dissipation, "hot_spots",
                         std::string("Where the current along ") + axis_names[first.axis] + " heats", {first.axis});
    picture.caption += (picture.caption.empty() ? "" : " ") + std::string("The hottest 1 % of the voxels take ") +
                       base::format_number(100.0 * hottest_share(first.result.dissipation, 0.01), 3) +
                       " % of the heat.";
    section.blocks.emplace_back(std::move(picture));
  }
  report.sections.push_back(std::move(section));
}

report::Report run_task(const Arguments& arguments, const Context& context) {
  CompositeConductivityRequest request;
  request.structure = structure_request(arguments, context);
  request.temperatures = temperatures_of(arguments);
  request.phases = phase_laws(arguments, request.temperatures, context);
  const std::string_view axis = arguments.text("axis");
  request.tensor = axis == "tensor";
  if (axis.size() == 1) request.axes = {static_cast<std::size_t>(axis.front() - 'x')};
  request.boundary =
      arguments.text("faces") == "periodic" ? composite::Boundary::periodic : composite::Boundary::electrodes;
  const std::string_view error = arguments.text("grid-error");
  request.grid_error = error == "none"     ? GridError::none
                       : error == "refine" ? GridError::refine
                       : error == "both"   ? GridError::both
                                           : GridError::bounds;
  if (arguments.has("tortuosity")) request.tortuosity = composite::parse_phase(arguments.text("tortuosity"));
  request.tolerance = arguments.quantity("tolerance", "1")->value;
  if (!(request.tolerance > 0.0 && request.tolerance < 1.0))
    throw ParameterError("tolerance", std::string(arguments.text("tolerance")), "above 0, below 1");
  const long iterations = *arguments.integer("iterations");
  if (iterations < 1) throw ParameterError("iterations", std::to_string(iterations), "1 or more");
  request.max_iterations = static_cast<std::size_t>(iterations);
  request.pictures = !arguments.flag("no-pictures");
  return composite_conductivity(request, context);
}

}  // namespace

report::Report composite_conductivity(const CompositeConductivityRequest& request, const Context& context) {
  if (request.temperatures.empty()) throw ParameterError("at", "missing", "at least one temperature");
  if (request.axes.empty() && !request.tensor) throw ParameterError("axis", "missing", "at least one axis");
  const bool with_bounds = asks_for_bounds(request);
  if (request.structure.image.empty()) composite::check_solve_memory(request.structure.size, with_bounds, false);
  const Structure structure = make_structure(request.structure);
  const std::vector<double> sigma = label_conductivities(structure, request.phases, request.temperatures.front());
  ConductivityRun run{request, structure, {}, {}};
  solve_all(run, context);

  report::Report report;
  report.task = "composite conductivity";
  report.title = "Conductivity of " +
                 (request.structure.image.empty() ? "model " + request.structure.model : request.structure.image);
  report.subtitle = request.structure.image.empty() ? "seed " + std::to_string(request.structure.seed) : "";
  report.warnings = phase_warnings(structure, request.phases, request.temperatures);
  const bool no_path = std::ranges::any_of(
      run.solves, [](const ConductivitySolve& s) { return s.result.status == SolveStatus::no_path; });
  if (no_path)
    report.doubts.push_back(
        "no path: nothing that conducts reaches from face to face; which pieces there are stands under Paths through "
        "the box");
  for (const ConductivitySolve& solve : run.solves) {
    if (solve.result.status == SolveStatus::not_converged)
      report.doubts.push_back(std::string("not converged along ") + axis_names[solve.axis] + " after " +
                              std::to_string(solve.result.iterations) + " iterations (residual " +
                              base::format_number(solve.result.relative_residual, 2) +
                              "): more --iterations or a larger --tolerance");
  }
  if (with_bounds && structure.thin_layer)
    report.warnings.push_back(
        "no bounds with a layer thinner than the voxels: --grid-error refine, or a --voxel of at most half the layer");
  if (with_bounds && request.tensor) report.warnings.push_back("no bounds for the tensor: one --axis has them");

  report::Section result{"conductivity", "Effective conductivity", {detail::result_table(run)}, false};
  if (request.tensor) result.blocks.emplace_back(detail::tensor_table(run));
  if (report::KeyValues items = summary(run, sigma, context); !items.items.empty())
    result.blocks.emplace_back(std::move(items));
  if (request.temperatures.size() > 1) result.blocks.emplace_back(detail::temperature_figure(run));
  report.sections.push_back(std::move(result));

  report::Section microstructure = structure_section(structure);
  microstructure.blocks.emplace_back(phase_table(structure, request.phases, request.temperatures));
  std::vector<bool> conducting(sigma.size());
  for (std::size_t i = 0; i < sigma.size(); ++i) conducting[i] = sigma[i] > 0.0;
  microstructure.blocks.emplace_back(percolation_table(structure, conducting));
  report.sections.push_back(std::move(microstructure));
  report.sections.push_back(detail::laws_section(run, sigma));
  if (request.pictures) add_pictures(report, run);
  report.sections.push_back(detail::numerics_section(run));
  return report;
}

constinit const Task composite_conductivity_task{
    "composite conductivity", "Effective conductivity and tortuosity of a voxel image or model microstructure",
    option_table, run_task, "composite_conductivity"};

}  // namespace closo::tasks
