#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/report/png.hpp"
#include "closo/report/render.hpp"

namespace closo::report {

std::vector<std::filesystem::path> write_report(const Report& report, const std::filesystem::path& directory,
                                                const std::filesystem::path& assets) {
  // Everything is rendered before the first byte is written, so that a failure leaves the folder as it was.
  std::vector<std::pair<std::filesystem::path, std::string>> files;
  files.emplace_back(directory / "report.html", render_html(report, assets));
  files.emplace_back(directory / "report.json", render_json(report));
  for (const Section& section : report.sections) {
    for (const Block& block : section.blocks) {
      if (const auto* table = std::get_if<Table>(&block)) {
        files.emplace_back(directory / "tables" / (table->id + ".csv"), render_csv(*table));
      } else if (const auto* figure = std::get_if<Figure>(&block)) {
        files.emplace_back(directory / "figures" / (figure->id + ".vl.json"), vega_lite(*figure));
      } else if (const auto* picture = std::get_if<Picture>(&block)) {
        files.emplace_back(directory / "figures" / (picture->id + ".png"), png(*picture));
      }
    }
  }
  std::vector<std::filesystem::path> paths;
  for (const auto& file : files) {
    std::error_code error;
    std::filesystem::create_directories(file.first.parent_path(), error);
    if (error && !std::filesystem::is_directory(file.first.parent_path())) {
      throw base::InputError({.file = file.first.parent_path().string()},
                             "the folder cannot be made: " + error.message(), "a folder that can be written");
    }
    base::write_file_atomically(file.first, file.second);
    paths.push_back(file.first);
  }
  return paths;
}

}  // namespace closo::report
