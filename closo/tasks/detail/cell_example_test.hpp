/// The example cell of the repository, Li | Li2B12H12 + ZrO2 | TiS2, for tests of cell tasks.
#pragma once

#include <filesystem>
#include <optional>

#include "closo/tasks/cell_access.hpp"

namespace closo::tasks {

inline Context example_context() {
  Context context;
  context.data = std::filesystem::path(CLOSO_SOURCE_DIR) / "data";
  return context;
}

inline CellCase example_cell(std::optional<double> temperature = {}) {
  return cell_case(read_system(std::filesystem::path(CLOSO_SOURCE_DIR) / "examples" / "li2b12h12-zro2.toml"),
                   temperature, example_context());
}

}  // namespace closo::tasks
