#include "closo/base/installation.hpp"

#include <cstdlib>
#include <string>
#include <system_error>
#include <vector>

#include "closo/base/error.hpp"

namespace closo::base {

std::filesystem::path data_directory() {
  const auto holds_data = [](const std::filesystem::path& folder) {
    std::error_code error;
    return std::filesystem::exists(folder / "library" / "materials.csv", error);
  };
  std::vector<std::filesystem::path> tried;
  if (const char* given = std::getenv("CLOSO_DATA_DIR"); given != nullptr && *given != '\0') {
    if (holds_data(given)) return given;
    tried.emplace_back(given);
  } else {
    std::error_code error;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
    if (!error) {
      // <prefix>/bin/closo → <prefix>/share/closo; test programs and Python modules lie deeper in a build tree.
      std::filesystem::path folder = program.parent_path();
      for (int level = 0; level < 5 && folder.has_relative_path(); ++level, folder = folder.parent_path()) {
        const std::filesystem::path candidate = folder / "share" / "closo";
        if (holds_data(candidate)) return candidate;
        tried.push_back(candidate);
      }
    }
  }
  std::string places;
  for (const auto& place : tried) places += (places.empty() ? "" : ", ") + place.string();
  throw InputError({}, "the data folder of closo was not found (tried " + places + ")",
                   "share/closo beside the folder of the program, or its place in CLOSO_DATA_DIR");
}

}  // namespace closo::base
