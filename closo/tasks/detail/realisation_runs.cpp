#include "closo/tasks/detail/realisation_runs.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/base/number.hpp"
#include "closo/base/parallel.hpp"
#include "closo/composite/conductivity.hpp"
#include "closo/tasks/detail/progress_counter.hpp"

namespace closo::tasks::detail {
namespace {

constexpr const char* schema = "closo-scan/1";

/// Every number that decides the result, exactly.
std::string key_of(const RealisationRun& run) {
  std::string key;
  const auto put = [&key](double number) { key += base::format_exact(number) + " "; };
  const composite::Recipe& recipe = run.recipe;
  for (const double number :
       {recipe.oxide_fraction, recipe.oxide_density, recipe.surface_area, recipe.pore_volume.value_or(-1.0),
        recipe.particle_radius.value_or(-1.0), recipe.size_spread, recipe.interphase_thickness, recipe.wetted_fraction,
        recipe.aggregate_radius, recipe.residual_porosity, run.grid.voxel}) {
    put(number);
  }
  for (const std::size_t edge : run.grid.size) key += std::to_string(edge) + " ";
  key += (run.grid.periodic ? "p " : "o ") + std::to_string(run.grid.seed);
  for (const RoleConductivities& set : run.conductivities) {
    key += " |";
    for (const double sigma : set) key += " " + base::format_exact(sigma);
  }
  return key;
}

nlohmann::json json_of(const RealisationResult& result) {
  const composite::Composition& reached = result.reached;
  return {{"conductivity", result.conductivity},
          {"converged", result.converged},
          {"reached",
           {reached.oxide, reached.conductor, reached.interphase, reached.void_space, reached.pore_filling,
            reached.area_per_volume, reached.particle_radius}}};
}

RealisationResult result_of(const nlohmann::json& json) {
  RealisationResult result;
  result.conductivity = json.at("conductivity").get<std::vector<double>>();
  result.converged = json.at("converged").get<bool>();
  const auto shares = json.at("reached").get<std::array<double, 7>>();
  result.reached = {shares[0], shares[1], shares[2], shares[3], shares[4], shares[5], shares[6]};
  result.from_state = true;
  return result;
}

}  // namespace

RealisationState::RealisationState(std::filesystem::path file) : file_(std::move(file)) {
  std::error_code ignored;
  if (file_.empty() || !std::filesystem::exists(file_, ignored)) return;
  const auto refuse = [&](const std::string& problem) {
    return base::InputError({file_.string()}, problem, "a file that --resume of a composite scan wrote, or a new name");
  };
  try {
    const nlohmann::json state = nlohmann::json::parse(base::read_text_file(file_));
    if (state.at("schema") != schema) throw refuse("another kind of file");
    for (const auto& [key, value] : state.at("runs").items()) results_.emplace(key, result_of(value));
  } catch (const nlohmann::json::exception&) {
    throw refuse("this is no state of a composite scan");
  }
}

std::optional<RealisationResult> RealisationState::find(const RealisationRun& run) const {
  const std::lock_guard<std::mutex> lock(guard_);
  const auto found = results_.find(key_of(run));
  return found == results_.end() ? std::nullopt : std::optional(found->second);
}

void RealisationState::add(const RealisationRun& run, const RealisationResult& result) {
  const std::lock_guard<std::mutex> lock(guard_);
  results_[key_of(run)] = result;
  if (file_.empty()) return;
  nlohmann::json runs = nlohmann::json::object();
  for (const auto& [key, value] : results_) runs[key] = json_of(value);
  base::write_file_atomically(file_, nlohmann::json{{"schema", schema}, {"runs", std::move(runs)}}.dump(1) + "\n");
}

std::size_t RealisationState::size() const {
  const std::lock_guard<std::mutex> lock(guard_);
  return results_.size();
}

RealisationResult run_realisation(const RealisationRun& run, const base::Progress& progress) {
  const composite::Realisation made = composite::realise(run.recipe, run.grid);
  RealisationResult result;
  result.reached = made.reached;
  const bool thin = run.grid.voxel > 0.5 * run.recipe.interphase_thickness && run.recipe.interphase_thickness > 0.0 &&
                    run.recipe.wetted_fraction > 0.0;
  for (const RoleConductivities& set : run.conductivities) {
    std::vector<double> conductivities;
    for (const composite::Phase phase : made.image.phases)
      conductivities.push_back(set[static_cast<std::size_t>(phase)]);
    composite::SolveOptions options;
    options.progress = progress;
    if (thin) {
      options.surface_layers = {{{0, 1},
                                 run.recipe.interphase_thickness * run.recipe.wetted_fraction,
                                 set[static_cast<std::size_t>(composite::Phase::interphase)]}};
    }
    const composite::ConductivityResult solved = effective_conductivity(made.image, conductivities, options);
    result.converged = result.converged && solved.status != composite::SolveStatus::not_converged;
    result.conductivity.push_back(solved.conductivity);
  }
  return result;
}

std::vector<RealisationResult> run_realisations(std::span<const RealisationRun> runs, const RunOptions& options) {
  RealisationState state(options.state);
  std::vector<RealisationResult> results(runs.size());
  ProgressCounter counter(options.progress, runs.size(), "realisations done");
  base::parallel_for(runs.size(), options.threads, [&](std::size_t i) {
    if (std::optional<RealisationResult> known = state.find(runs[i])) {
      results[i] = std::move(*known);
    } else {
      results[i] = run_realisation(runs[i]);
      state.add(runs[i], results[i]);
    }
    counter.step();
  });
  return results;
}

}  // namespace closo::tasks::detail
