#include "closo/tasks/library_find.hpp"

#include <array>

#include "closo/tasks/library_access.hpp"

namespace closo::tasks {
namespace {

report::Report run_library_find(const Arguments& arguments, const Context& context) {
  return library_find({query_of(arguments)}, context);
}

}  // namespace

report::Report library_find(const LibraryFindRequest& request, const Context& context) {
  const library::Library library = load_library(context);
  const std::vector<const library::Fact*> facts = library.select(request.query);
  report::Report report;
  report.title = "Library: " + std::to_string(facts.size()) + (facts.size() == 1 ? " fact" : " facts");
  if (facts.empty()) {
    report.sections.push_back({"facts", "", {report::Paragraph{"No fact matches all of these conditions."}}, false});
    return report;
  }
  report.sections.push_back({"facts", "", {fact_table(library, facts, "facts", !request.query.material)}, false});
  add_sources(report, library, facts);
  return report;
}

constinit const Task library_find_task{
    .name = "library find",
    .summary = "Facts that match: material, family, ion, quantity, temperature, range, flag",
    .options = query_options,
    .run = run_library_find,
    .stem = "library_find",
};

}  // namespace closo::tasks
