#include "closo/tasks/library_export.hpp"

#include <array>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/library/export.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks {
namespace {

constexpr std::array options = with_query_options(std::to_array<Option>({
    {"format", OptionType::choice, "", "csv", "",
     "csv: columns of the shipped tables; json: numbers also in SI, with citations", false, false, false, "csv json"},
    {"to", OptionType::path, "", "", "", "the file to write", false, true},
}));

report::Report run_library_export(const Arguments& arguments, const Context& context) {
  return library_export({query_of(arguments), std::string(arguments.text("format")), std::string(arguments.text("to"))},
                        context);
}

}  // namespace

report::Report library_export(const LibraryExportRequest& request, const Context& context) {
  if (request.format != "csv" && request.format != "json") {
    throw base::ParameterError("format", "'" + request.format + "'", "csv or json");
  }
  const library::Library library = load_library(context);
  const std::vector<const library::Fact*> facts = library.select(request.query);
  base::write_file_atomically(
      request.to, request.format == "csv" ? library::facts_to_csv(facts) : library::facts_to_json(library, facts));
  report::Report report;
  report.title =
      std::to_string(facts.size()) + (facts.size() == 1 ? " fact" : " facts") + " written to " + request.to.string();
  add_sources(report, library, facts);
  return report;
}

constinit const Task library_export_task{
    .name = "library export",
    .summary = "Write facts that match to a CSV or JSON file",
    .options = options,
    .run = run_library_export,
    .stem = "library_export",
};

}  // namespace closo::tasks
