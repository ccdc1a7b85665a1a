/// Voxel runs of many realisations of recipes: on a few threads, and kept in a state file so that a stopped scan goes
/// on.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "closo/base/progress.hpp"
#include "closo/composite/recipe.hpp"

namespace closo::tasks::detail {

/// Conductivity [S/m] of every role, in the order of composite::Phase.
using RoleConductivities = std::array<double, 8>;

/// One realisation, solved for several sets of conductivities (temperatures, contrasts).
struct RealisationRun {
  composite::Recipe recipe;
  composite::Grid grid;  ///< with the seed
  std::vector<RoleConductivities> conductivities;
};

struct RealisationResult {
  std::vector<double> conductivity;  ///< S/m, one per set; 0: no path
  bool converged = true;             ///< of all sets
  composite::Composition reached;
  bool from_state = false;
};

/// What is finished, in a JSON file; every entry is known by all the numbers that enter it. Safe between threads.
class RealisationState {
 public:
  /// Throws: InputError when the file is there but is no state of a scan. An empty path keeps nothing.
  explicit RealisationState(std::filesystem::path file);

  std::optional<RealisationResult> find(const RealisationRun& run) const;
  /// The file is written anew (temporary, then rename): a run that is killed leaves a whole file.
  void add(const RealisationRun& run, const RealisationResult& result);
  std::size_t size() const;

 private:
  std::filesystem::path file_;
  std::map<std::string, RealisationResult> results_;
  mutable std::mutex guard_;
};

/// Makes the image and solves it along x. A layer thinner than two voxels conducts on the faces. Throws: as
/// composite::realise and composite::effective_conductivity.
RealisationResult run_realisation(const RealisationRun& run, const base::Progress& progress = {});

struct RunOptions {
  std::filesystem::path state;  ///< empty: none
  std::size_t threads = 1;
  base::Progress progress{};
};
/// Results in the order of the runs, whatever the number of threads. Throws: as run_realisation; Cancelled.
std::vector<RealisationResult> run_realisations(std::span<const RealisationRun> runs, const RunOptions& options);

}  // namespace closo::tasks::detail
