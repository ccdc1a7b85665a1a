#include "closo/tasks/composite_conductivity.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/composite/effective_medium.hpp"
#include "closo/tasks/arrhenius_figure.hpp"
#include "closo/tasks/composite_laws.hpp"
#include "closo/tasks/detail/measured_value.hpp"
#include "closo/tasks/impedance_input.hpp"
#include "closo/tasks/microstructure_pictures.hpp"
#include "closo/transport/arrhenius.hpp"

namespace closo::tasks {
namespace {

using base::Measured;
using base::ParameterError;
using composite::ConductivityResult;
using composite::Phase;
using composite::SolveStatus;
using detail::value_in;

constexpr const char* axis_names[3] = {"x", "y", "z"};

constexpr auto option_table = joined_options(
    structure_option_table, phase_option_table, temperature_option_table,
    std::to_array<Option>({
        {"axis", OptionType::choice, "", "all", "", "direction of the current; tensor: periodic, with off-diagonal elements",
         false, false, false, "x y z all tensor"},
        {"faces", OptionType::choice, "", "electrodes", "", "what the box ends at", false, false, false,
         "electrodes periodic"},
        {"grid-error", OptionType::choice, "", "bounds", "",
         "how the error of the voxel grid is stated: a rigorous pair of bounds, a finer grid (8 times the voxels), or both",
         false, false, false, "none bounds refine both"},
        {"tortuosity", OptionType::text, "", "", "", "tortuosity factor of this phase, it alone conducting"},
        {"tolerance", OptionType::quantity, "1", "1e-6", "above 0, below 1", "relative residual at the end"},
        {"iterations", OptionType::integer, "", "500", "1 or more", "most iterations of a solve"},
        {"no-pictures", OptionType::flag, "", "", "", "no slices, view and hot spots"},
    }));

/// One solve with what states its error.
struct Solve {
  double temperature = 0.0;
  std::size_t axis = 0;
  ConductivityResult result;
  std::optional<composite::Refined> refined;
};

/// Progress of one solve of several as progress of all.
base::Progress part_of(const base::Progress& whole, std::size_t done, std::size_t total, const std::string& what) {
  if (!whole) return {};
  return [whole, done, total, what](double share, std::string_view) {
    return whole((static_cast<double>(done) + share) / static_cast<double>(total), what);
  };
}

struct Run {
  const CompositeConductivityRequest& request;
  const Structure& structure;
  std::vector<Solve> solves;
  std::vector<std::array<std::array<double, 3>, 3>> tensors;  ///< one a temperature
};

composite::SolveOptions solve_options(const CompositeConductivityRequest& request, const Structure& structure,
                                      double temperature, const Context& context) {
  composite::SolveOptions options;
  options.boundary = request.boundary;
  options.tolerance = request.tolerance;
  options.max_iterations = request.max_iterations;
  options.threads = context.threads;
  options.surface_layers = surface_layers(structure, request.phases, temperature);
  options.with_bounds = (request.grid_error == GridError::bounds || request.grid_error == GridError::both) &&
                        options.surface_layers.empty();
  return options;
}

void solve_all(Run& run, const Context& context) {
  const CompositeConductivityRequest& request = run.request;
  const bool refines = request.grid_error == GridError::refine || request.grid_error == GridError::both;
  const std::size_t total = request.temperatures.size() * (request.tensor ? 3 : request.axes.size());
  for (const double temperature : request.temperatures) {
    const std::vector<double> sigma = label_conductivities(run.structure, request.phases, temperature);
    composite::SolveOptions options = solve_options(request, run.structure, temperature, context);
    if (request.tensor) {
      options.progress = part_of(context.progress, run.solves.size() / 3, request.temperatures.size(), "solving the tensor");
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
      options.progress = part_of(context.progress, run.solves.size(), total, std::string("solving along ") + axis_names[axis]);
      Solve solve{temperature, axis, composite::effective_conductivity(run.structure.image, sigma, options), std::nullopt};
      if (refines && solve.result.status == SolveStatus::converged) {
        composite::SolveOptions finer = options;
        finer.with_bounds = finer.with_field = false;
        solve.refined = composite::refine(run.structure.image, sigma, finer, 2);
      }
      run.solves.push_back(std::move(solve));
    }
  }
}

report::Value sigma_value(double conductivity, std::string_view source) {
  return value_in(Measured{conductivity, {}}, "S/cm", "computed", source);
}

report::Table result_table(const Run& run) {
  const bool with_bounds = std::ranges::any_of(run.solves, [](const Solve& solve) { return solve.result.bounds.has_value(); });
  const bool with_refined = std::ranges::any_of(run.solves, [](const Solve& solve) { return solve.refined.has_value(); });
  report::Table table{"conductivity", "Effective conductivity", {{"temperature_degC", "T (°C)"}, {"axis", "along"}, {"sigma_S_per_cm", "σ (S/cm)"}}, {}, {}};
  if (with_bounds) {
    table.columns.push_back({"lower_S_per_cm", "at least (S/cm)"});
    table.columns.push_back({"upper_S_per_cm", "at most (S/cm)"});
    table.caption = "At least, at most: rigorous for this voxel image with its exact faces.";
  }
  if (with_refined) {
    table.columns.push_back({"refined_S_per_cm", "finer grid (S/cm)"});
    table.caption += (table.caption.empty() ? "" : " ") +
                     std::string("Finer grid: continued from the image and its subdivision (Richardson).");
  }
  table.columns.push_back({"status", "status"});
  for (const Solve& solve : run.solves) {
    const ConductivityResult& result = solve.result;
    std::vector<report::Cell> row{value_in(Measured{solve.temperature, {}}, "degC", "", "option at"), axis_names[solve.axis],
                                  sigma_value(result.conductivity, "finite volumes, dissipated energy")};
    if (with_bounds) {
      if (result.bounds) {
        row.emplace_back(sigma_value(result.bounds->lower, "from a flux in equilibrium"));
        row.emplace_back(sigma_value(result.bounds->upper, "from a continuous potential"));
      } else {
        row.emplace_back("–");
        row.emplace_back("–");
      }
    }
    if (with_refined) {
      if (solve.refined) {
        report::Value value = sigma_value(solve.refined->conductivity, "Richardson, two levels");
        if (solve.refined->uncertainty > 0.0) value.uncertainty = 0.01 * solve.refined->uncertainty;
        row.emplace_back(value);
      } else {
        row.emplace_back("–");
      }
    }
    row.emplace_back(std::string(composite::to_string(result.status)));
    table.rows.push_back(std::move(row));
  }
  return table;
}

/// Mean over the axes at one temperature; 0 where nothing conducts through.
double mean_conductivity(const Run& run, double temperature) {
  double sum = 0.0;
  std::size_t count = 0;
  for (const Solve& solve : run.solves) {
    if (solve.temperature != temperature) continue;
    sum += solve.result.conductivity;
    ++count;
  }
  return sum / static_cast<double>(count);
}

/// The label that alone conducts, where there is one.
std::optional<std::size_t> only_conductor(const std::vector<double>& sigma) {
  if (std::ranges::count_if(sigma, [](double value) { return value > 0.0; }) != 1) return std::nullopt;
  return static_cast<std::size_t>(std::ranges::find_if(sigma, [](double value) { return value > 0.0; }) - sigma.begin());
}

report::Value tortuosity_value(double value) {
  report::Value shown;
  shown.kind = "computed";
  shown.source = "share of the phase × its conductivity / effective conductivity";
  if (std::isfinite(value)) {
    shown.value = value;
  } else {
    shown.note = "no path: infinite";
  }
  return shown;
}

void add_tortuosity(report::KeyValues& items, const Run& run, const std::vector<double>& sigma, const Context& context) {
  if (run.request.tortuosity) {
    const auto& image = run.structure.image;
    std::array<bool, 256> member{};
    double share = 0.0;
    for (std::size_t i = 0; i < image.phases.size(); ++i) {
      member[i] = image.phases[i] == *run.request.tortuosity;
      if (member[i]) share += run.structure.fractions[i];
    }
    const std::string name(composite::to_string(*run.request.tortuosity));
    if (share == 0.0) throw ParameterError("tortuosity", "'" + name + "'", "a phase that the image has");
    composite::SolveOptions options = solve_options(run.request, run.structure, run.request.temperatures.front(), context);
    options.surface_layers.clear();
    options.with_bounds = false;
    for (const std::size_t axis : run.request.axes) {
      options.axis = axis;
      const double factor =
          composite::tortuosity_factor(image, std::span<const bool>(member.data(), image.phases.size()), options);
      items.items.emplace_back("tortuosity factor of " + name + " along " + axis_names[axis], tortuosity_value(factor));
    }
    return;
  }
  const std::optional<std::size_t> label = only_conductor(sigma);
  if (!label || run.structure.thin_layer) return;
  for (const Solve& solve : run.solves) {
    if (solve.temperature != run.request.temperatures.front()) continue;
    const double share = run.structure.fractions[*label];
    const double factor = solve.result.conductivity > 0.0 ? share * sigma[*label] / solve.result.conductivity
                                                          : std::numeric_limits<double>::infinity();
    items.items.emplace_back("tortuosity factor of " + run.structure.names[*label] + " along " + axis_names[solve.axis],
                             tortuosity_value(factor));
  }
}

/// Mean, activation energy, tortuosity, and what the mean is against its best phase.
report::KeyValues summary(const Run& run, const std::vector<double>& sigma, const Context& context) {
  report::KeyValues items{"summary", {}};
  std::vector<transport::ConductivityPoint> points;
  for (const double temperature : run.request.temperatures) {
    const double mean = mean_conductivity(run, temperature);
    const bool several = run.solves.size() > run.request.temperatures.size();
    if (several)
      items.items.emplace_back("mean of the axes at " + celsius_text(temperature), sigma_value(mean, "mean of the solves"));
    if (mean > 0.0) points.push_back({temperature, mean, 0.0, 0.0});
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
  if (const double bulk = phase_conductivity(run.request.phases, Phase::bulk, run.request.temperatures.front()).value_or(0.0);
      bulk > 0.0) {
    report::Value ratio;
    ratio.value = mean_conductivity(run, run.request.temperatures.front()) / bulk;
    ratio.kind = "computed";
    ratio.source = "σ of the composite / σ of the bulk";
    items.items.emplace_back("σ / σ(bulk) at " + celsius_text(run.request.temperatures.front()), ratio);
  }
  add_tortuosity(items, run, sigma, context);
  return items;
}

report::Table tensor_table(const Run& run) {
  report::Table table{"tensor", "Conductivity tensor (S/cm)", {{"temperature_degC", "T (°C)"}, {"row", ""}, {"x_S_per_cm", "x"}, {"y_S_per_cm", "y"}, {"z_S_per_cm", "z"}}, {}, {}};
  for (std::size_t t = 0; t < run.tensors.size(); ++t) {
    for (std::size_t i = 0; i < 3; ++i) {
      std::vector<report::Cell> row{value_in(Measured{run.request.temperatures[t], {}}, "degC", "", "option at"), axis_names[i]};
      for (std::size_t j = 0; j < 3; ++j) {
        report::Value value = sigma_value(run.tensors[t][i][j], "mean flux");
        value.significant = 3;
        row.emplace_back(value);
      }
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

report::Figure temperature_figure(const Run& run) {
  const auto [low, high] = std::ranges::minmax(run.request.temperatures);
  report::Figure figure = arrhenius_figure("sigma_T", "Conductivity of phases and composite", low - 10.0, high + 10.0);
  std::vector<MeasuredPoint> points;
  for (const double temperature : run.request.temperatures) {
    const double mean = mean_conductivity(run, temperature);
    if (mean > 0.0)
      points.push_back({temperature, mean, 0.0,
                        base::format_number(0.01 * mean, 3) + " S/cm at " + celsius_text(temperature)});
  }
  add_points(figure, points, "composite");
  for (const PhaseLaw& law : run.request.phases) {
    const std::string name = law.phase ? std::string(composite::to_string(*law.phase)) : "label " + std::to_string(*law.number);
    if (law.law) {
      add_law(figure, *law.law, name, low - 10.0, high + 10.0);
    } else if (law.constant && *law.constant > 0.0) {
      report::Layer line;
      line.mark = report::Mark::line;
      line.series = name;
      line.x = {1000.0 / (high + 10.0), 1000.0 / (low - 10.0)};
      line.y = {0.01 * *law.constant, 0.01 * *law.constant};
      figure.layers.push_back(std::move(line));
    }
  }
  return figure;
}

/// Bounds of the shares that the image has, and the laws for filler with interphase.
void add_laws(report::Report& report, const Run& run, const std::vector<double>& sigma) {
  const Structure& structure = run.structure;
  report::KeyValues bounds{"law_bounds", {}};
  std::vector<double> values = sigma, shares = structure.fractions;
  double solids = 0.0, insulator = 0.0, interphase = 0.0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (structure.image.phases[i] != Phase::void_space) solids += shares[i];
    if (structure.image.phases[i] == Phase::insulator) insulator += shares[i];
    if (structure.image.phases[i] == Phase::interphase) interphase += shares[i];
  }
  if (structure.thin_layer) {
    // The layer's volume is taken from the label that it lies in.
    interphase = structure.reached ? structure.reached->interphase
                                   : std::min(shares[0], structure.thin_layer->thickness *
                                                             composite::interface_area_per_volume(
                                                                 structure.image, Phase::bulk, Phase::insulator));
    shares[structure.thin_layer->between[0]] -= interphase;
    shares.push_back(interphase);
    values.push_back(phase_conductivity(run.request.phases, Phase::interphase, run.request.temperatures.front()).value_or(0.0));
  }
  const auto [wiener_low, wiener_high] = composite::wiener_bounds(values, shares);
  const auto [low, high] = composite::hashin_shtrikman_bounds(values, shares);
  const char* shares_of = "all phases with the shares of the image";
  bounds.items.emplace_back("Wiener bounds", base::format_number(0.01 * wiener_low, 4) + " to " +
                                                 base::format_number(0.01 * wiener_high, 4) + " S/cm");
  bounds.items.emplace_back("Hashin–Shtrikman bounds", base::format_number(0.01 * low, 4) + " to " +
                                                           base::format_number(0.01 * high, 4) + " S/cm");
  bounds.items.emplace_back("of", shares_of);
  report::Section section{"laws", "Laws at " + celsius_text(run.request.temperatures.front()), {bounds}, false};
  const std::optional<double> bulk = phase_conductivity(run.request.phases, Phase::bulk, run.request.temperatures.front());
  if (bulk && insulator > 0.0) {
    composite::LawInput input;
    input.bulk = bulk;
    input.filler = phase_conductivity(run.request.phases, Phase::insulator, run.request.temperatures.front());
    input.interphase = phase_conductivity(run.request.phases, Phase::interphase, run.request.temperatures.front());
    input.filler_fraction = insulator / solids;
    if (input.interphase) input.interphase_fraction = interphase / solids;
    const StructureRequest& asked = run.request.structure;
    if (asked.image.empty() && (asked.particle_size || (asked.surface_area && asked.density))) {
      input.particle_radius = asked.particle_size ? 0.5 * *asked.particle_size : 3.0 / (*asked.surface_area * *asked.density);
      if (asked.thickness > 0.0) input.interphase_thickness = asked.thickness;
    }
    report::Table table = law_table(input, "laws", "Effective-medium laws at the shares of the solids");
    if (solids < 1.0 - 1e-9)
      table.caption = "The laws know no voids, which fill " + base::format_number(100.0 * (1.0 - solids), 3) +
                      " % of this box. " + table.caption;
    section.blocks.emplace_back(std::move(table));
  }
  report.sections.push_back(std::move(section));
}

report::Section numerics_section(const Run& run) {
  report::Table table{"numerics",
                      "Solves",
                      {{"temperature_degC", "T (°C)"},
                       {"axis", "along"},
                       {"iterations", "iterations"},
                       {"residual", "residual"},
                       {"flux_imbalance", "flux imbalance"},
                       {"flux_sigma_S_per_cm", "σ from the flux (S/cm)"},
                       {"removed_cells", "voxels without contact"},
                       {"memory_MB", "memory (MB)"}},
                      {},
                      "Residual: relative, recomputed in double precision; flux imbalance: largest difference between "
                      "planes across the current."};
  for (const Solve& solve : run.solves) {
    const ConductivityResult& result = solve.result;
    const auto number = [](double value, int significant) {
      report::Value shown;
      shown.value = value;
      shown.kind = "computed";
      shown.significant = significant;
      return shown;
    };
    report::Value memory = number(1e-6 * static_cast<double>(result.bytes), 4);
    memory.unit = "MB";
    table.rows.push_back({value_in(Measured{solve.temperature, {}}, "degC", "", "option at"), axis_names[solve.axis],
                          std::to_string(result.iterations), number(result.relative_residual, 2),
                          number(result.flux_imbalance, 2), sigma_value(result.flux_conductivity, "mean flux"),
                          std::to_string(result.removed_cells), memory});
  }
  report::Paragraph method{
      "div(σ grad φ) = 0 by cell-centred finite volumes with harmonic face conductances and multigrid-preconditioned "
      "conjugate gradients; σ from the dissipated energy. Conductors without contact to an electrode are left out. "
      "Multigrid: W. Hackbusch, Multi-Grid Methods and Applications (Springer, 1985); bounds: W. Prager, J. L. Synge, "
      "Q. Appl. Math. 5 (1947) 241, DOI 10.1090/qam/25902."};
  return {"numerics", "Numerics", {table, method}, true};
}

void add_pictures(report::Report& report, const Run& run) {
  report::Section section{"pictures", "Pictures", {slices_picture(run.structure.image, "slices", "Slices")}, false};
  const auto& size = run.structure.image.size;
  if (size[0] > 1 && size[1] > 1 && size[2] > 1)
    section.blocks.emplace_back(view_picture(run.structure.image, "view", "View into the box"));
  const Solve& first = run.solves.front();
  if (first.result.status != SolveStatus::no_path && !first.result.dissipation.empty()) {
    report::Picture picture =
        hot_spot_picture(run.structure.image, first.result.dissipation, "hot_spots",
                         std::string("Where the current along ") + axis_names[first.axis] + " heats", {first.axis});
    picture.caption += (picture.caption.empty() ? "" : " ") + std::string("The hottest 1 % of the voxels take ") +
                       base::format_number(100.0 * hottest_share(first.result.dissipation, 0.01), 3) + " % of the heat.";
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
  const bool with_bounds = request.grid_error == GridError::bounds || request.grid_error == GridError::both;
  if (request.structure.image.empty()) composite::check_solve_memory(request.structure.size, with_bounds, false);
  const Structure structure = make_structure(request.structure);
  const std::vector<double> sigma = label_conductivities(structure, request.phases, request.temperatures.front());
  Run run{request, structure, {}, {}};
  solve_all(run, context);

  report::Report report;
  report.task = "composite conductivity";
  report.title = "Conductivity of " + (request.structure.image.empty() ? "model " + request.structure.model
                                                                       : request.structure.image);
  report.subtitle = request.structure.image.empty() ? "seed " + std::to_string(request.structure.seed) : "";
  report.warnings = phase_warnings(structure, request.phases, request.temperatures);
  const bool no_path = std::ranges::any_of(run.solves, [](const Solve& s) { return s.result.status == SolveStatus::no_path; });
  if (no_path)
    report.doubts.push_back(
        "no path: nothing that conducts reaches from face to face; which pieces there are stands under Paths through the box");
  for (const Solve& solve : run.solves) {
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

  report::Section result{"conductivity", "Effective conductivity", {result_table(run)}, false};
  if (request.tensor) result.blocks.emplace_back(tensor_table(run));
  if (report::KeyValues items = summary(run, sigma, context); !items.items.empty()) result.blocks.emplace_back(std::move(items));
  if (request.temperatures.size() > 1) result.blocks.emplace_back(temperature_figure(run));
  report.sections.push_back(std::move(result));

  report::Section microstructure = structure_section(structure);
  microstructure.blocks.emplace_back(phase_table(structure, request.phases, request.temperatures));
  std::vector<bool> conducting(sigma.size());
  for (std::size_t i = 0; i < sigma.size(); ++i) conducting[i] = sigma[i] > 0.0;
  microstructure.blocks.emplace_back(percolation_table(structure, conducting));
  report.sections.push_back(std::move(microstructure));
  add_laws(report, run, sigma);
  if (request.pictures) add_pictures(report, run);
  report.sections.push_back(numerics_section(run));
  return report;
}

constinit const Task composite_conductivity_task{
    "composite conductivity", "Effective conductivity and tortuosity of a voxel image or model microstructure", option_table,
    run_task, "composite_conductivity"};

}  // namespace closo::tasks
