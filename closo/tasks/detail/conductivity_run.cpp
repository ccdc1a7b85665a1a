#include "closo/tasks/detail/conductivity_run.hpp"

#include <algorithm>
#include <utility>

#include "closo/base/number.hpp"
#include "closo/composite/effective_medium.hpp"
#include "closo/tasks/arrhenius_figure.hpp"
#include "closo/tasks/composite_laws.hpp"
#include "closo/tasks/detail/measured_value.hpp"

namespace closo::tasks::detail {

using base::Measured;
using composite::ConductivityResult;
using composite::Phase;

namespace {

report::Value number(double value, int significant) {
  report::Value shown;
  shown.value = value;
  shown.kind = "computed";
  shown.significant = significant;
  return shown;
}

report::Value temperature_cell(double temperature) {
  return value_in(Measured{temperature, {}}, "degC", "", "option at");
}

bool has_bounds(const ConductivityRun& run) {
  return std::ranges::any_of(run.solves, [](const auto& solve) { return solve.result.bounds.has_value(); });
}

bool has_refined(const ConductivityRun& run) {
  return std::ranges::any_of(run.solves, [](const auto& solve) { return solve.refined.has_value(); });
}

}  // namespace

Measured ConductivitySolve::estimate() const {
  if (refined) return {refined->conductivity, refined->uncertainty};
  if (result.bounds && result.status == composite::SolveStatus::converged)
    return {0.5 * (result.bounds->lower + result.bounds->upper), 0.5 * (result.bounds->upper - result.bounds->lower)};
  return {result.conductivity, std::nullopt};
}

Measured ConductivityRun::mean(double temperature) const {
  double sum = 0.0, doubt = 0.0;
  std::size_t count = 0, doubted = 0;
  for (const ConductivitySolve& solve : solves) {
    if (solve.temperature != temperature) continue;
    const Measured estimate = solve.estimate();
    sum += estimate.value;
    doubt += estimate.uncertainty.value_or(0.0);
    ++count;
    if (estimate.uncertainty) ++doubted;
  }
  Measured result{sum / static_cast<double>(count), std::nullopt};
  // The grid errs in the same direction along every axis: doubts add up instead of averaging out.
  if (doubted == count) result.uncertainty = doubt / static_cast<double>(count);
  return result;
}

report::Value sigma_value(const Measured& conductivity, std::string_view source) {
  Measured shown = conductivity;
  if (shown.uncertainty && !(*shown.uncertainty > 1e-9 * shown.value)) shown.uncertainty.reset();
  return value_in(shown, "S/cm", "computed", source);
}

report::Table result_table(const ConductivityRun& run) {
  const bool with_bounds = has_bounds(run);
  report::Table table{
      "conductivity", "", {{"temperature_degC", "T (°C)"}, {"axis", "along"}, {"sigma_S_per_cm", "σ (S/cm)"}}, {}, {}};
  if (with_bounds) {
    table.columns.push_back({"lower_S_per_cm", "at least (S/cm)"});
    table.columns.push_back({"upper_S_per_cm", "at most (S/cm)"});
    table.caption =
        "At least, at most: rigorous bounds of the conductivity that these voxels have, however fine the grid inside "
        "them.";
  }
  table.columns.push_back({"status", "status"});
  if (has_refined(run)) {
    table.caption += (table.caption.empty() ? "σ: " : " σ: ") +
                     std::string("continued from this grid and its subdivision to ever finer ones.");
  } else if (with_bounds) {
    table.caption += " σ: their middle, with half of their distance in brackets.";
  } else {
    table.caption = "σ: finite volumes on these voxels; the error of the grid is not stated (--grid-error).";
  }
  for (const ConductivitySolve& solve : run.solves) {
    const ConductivityResult& result = solve.result;
    std::vector<report::Cell> row{
        temperature_cell(solve.temperature), axis_names[solve.axis],
        sigma_value(solve.estimate(), solve.refined   ? "Richardson, two levels"
                                      : result.bounds ? "middle of the bounds, half of their distance"
                                                      : "finite volumes, dissipated energy")};
    if (with_bounds && result.bounds) {
      row.emplace_back(sigma_value({result.bounds->lower, {}}, "from a flux in equilibrium"));
      row.emplace_back(sigma_value({result.bounds->upper, {}}, "from a continuous potential"));
    } else if (with_bounds) {
      row.insert(row.end(), 2, report::Cell("–"));
    }
    row.emplace_back(std::string(composite::to_string(result.status)));
    table.rows.push_back(std::move(row));
  }
  return table;
}

report::Table tensor_table(const ConductivityRun& run) {
  report::Table table{
      "tensor",
      "Conductivity tensor (S/cm)",
      {{"temperature_degC", "T (°C)"}, {"row", ""}, {"x_S_per_cm", "x"}, {"y_S_per_cm", "y"}, {"z_S_per_cm", "z"}},
      {},
      {}};
  for (std::size_t t = 0; t < run.tensors.size(); ++t) {
    for (std::size_t i = 0; i < 3; ++i) {
      std::vector<report::Cell> row{temperature_cell(run.request.temperatures[t]), axis_names[i]};
      for (std::size_t k = 0; k < 3; ++k) row.emplace_back(number(0.01 * run.tensors[t][i][k], 4));
      table.rows.push_back(std::move(row));
    }
  }
  return table;
}

report::Figure temperature_figure(const ConductivityRun& run) {
  const auto [lowest, highest] = std::ranges::minmax(run.request.temperatures);
  const double low = lowest - 10.0, high = highest + 10.0;
  report::Figure figure = arrhenius_figure("sigma_T", "Conductivity of phases and composite", low, high);
  std::vector<MeasuredPoint> points;
  for (const double temperature : run.request.temperatures) {
    const Measured mean = run.mean(temperature);
    if (mean.value > 0.0)
      points.push_back({temperature, mean.value, mean.uncertainty.value_or(0.0),
                        report::to_text(sigma_value(mean, "")) + " at " + celsius_text(temperature)});
  }
  add_points(figure, points, "composite");
  for (const PhaseLaw& law : run.request.phases) {
    const std::string name =
        law.phase ? std::string(composite::to_string(*law.phase)) : "label " + std::to_string(*law.number);
    if (law.law) {
      add_law(figure, *law.law, name, low, high);
    } else if (law.constant && *law.constant > 0.0) {
      report::Layer line;
      line.mark = report::Mark::line;
      line.series = name;
      line.x = {1000.0 / high, 1000.0 / low};
      line.y.assign(2, 0.01 * *law.constant);
      figure.layers.push_back(std::move(line));
    }
  }
  return figure;
}

report::Section laws_section(const ConductivityRun& run, const std::vector<double>& sigma) {
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
    values.push_back(
        phase_conductivity(run.request.phases, Phase::interphase, run.request.temperatures.front()).value_or(0.0));
  }
  const auto wiener = composite::wiener_bounds(values, shares);
  const auto isotropic = composite::hashin_shtrikman_bounds(values, shares);
  const auto range = [](const std::pair<double, double>& bound) {
    return base::format_number(0.01 * bound.first) + " to " + base::format_number(0.01 * bound.second) + " S/cm";
  };
  bounds.items.emplace_back("Wiener bounds of the image's shares", range(wiener));
  bounds.items.emplace_back("Hashin–Shtrikman bounds, isotropic", range(isotropic));
  report::Section section{"laws", "Laws at " + celsius_text(run.request.temperatures.front()), {bounds}, false};
  const std::optional<double> bulk =
      phase_conductivity(run.request.phases, Phase::bulk, run.request.temperatures.front());
  if (bulk && insulator > 0.0) {
    composite::LawInput input;
    input.bulk = bulk;
    input.filler = phase_conductivity(run.request.phases, Phase::insulator, run.request.temperatures.front());
    input.interphase = phase_conductivity(run.request.phases, Phase::interphase, run.request.temperatures.front());
    input.filler_fraction = insulator / solids;
    if (input.interphase) input.interphase_fraction = interphase / solids;
    const StructureRequest& asked = run.request.structure;
    if (asked.image.empty() && (asked.particle_size || (asked.surface_area && asked.density))) {
      input.particle_radius =
          asked.particle_size ? 0.5 * *asked.particle_size : 3.0 / (*asked.surface_area * *asked.density);
      if (asked.thickness > 0.0) input.interphase_thickness = asked.thickness;
    }
    report::Table table = law_table(input, "laws", "Effective-medium laws at the shares of the solids");
    if (solids < 1.0 - 1e-9)
      table.caption = "The laws know no voids, which fill " + base::format_number(100.0 * (1.0 - solids), 3) +
                      " % of this box. " + table.caption;
    section.blocks.emplace_back(std::move(table));
  }
  return section;
}

report::Section numerics_section(const ConductivityRun& run) {
  report::Table table{"numerics",
                      "Solves",
                      {{"temperature_degC", "T (°C)"},
                       {"axis", "along"},
                       {"iterations", "iterations"},
                       {"residual", "residual"},
                       {"flux_imbalance", "flux imbalance"},
                       {"finite_volume_sigma_S_per_cm", "finite volumes (S/cm)"},
                       {"flux_sigma_S_per_cm", "from the flux (S/cm)"},
                       {"removed_cells", "voxels without contact"},
                       {"memory_MB", "memory (MB)"}},
                      {},
                      "Residual: relative, recomputed in double precision; flux imbalance: largest difference between "
                      "planes across the current."};
  for (const ConductivitySolve& solve : run.solves) {
    const ConductivityResult& result = solve.result;
    report::Value memory = number(1e-6 * static_cast<double>(result.bytes), 4);
    memory.unit = "MB";
    table.rows.push_back({temperature_cell(solve.temperature), axis_names[solve.axis],
                          std::to_string(result.iterations), number(result.relative_residual, 2),
                          number(result.flux_imbalance, 2), sigma_value({result.conductivity, {}}, "dissipated energy"),
                          sigma_value({result.flux_conductivity, {}}, "mean flux"),
                          std::to_string(result.removed_cells), memory});
  }
  report::Paragraph method{
      "div(σ grad φ) = 0 by cell-centred finite volumes with harmonic face conductances and multigrid-preconditioned "
      "conjugate gradients; σ from the dissipated energy. Harmonic faces take the current straight from centre to "
      "centre, "
      "so that the finite volumes' own value lies below the lower bound. Conductors without contact to an electrode "
      "are left out. "
      "Multigrid: W. Hackbusch, Multi-Grid Methods and Applications (Springer, 1985); bounds: W. Prager, J. L. Synge, "
      "Q. Appl. Math. 5 (1947) 241, DOI 10.1090/qam/25902."};
  return {"numerics", "Numerics", {table, method}, true};
}

}  // namespace closo::tasks::detail
