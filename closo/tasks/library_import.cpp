#include "closo/tasks/library_import.hpp"

#include <algorithm>
#include <array>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/library/import.hpp"
#include "closo/library/user_store.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks {
namespace {

constexpr std::array options = std::to_array<Option>({
    {"file", OptionType::file, "", "", "", "CSV file with own measurements", true, true},
    {"source", OptionType::text, "", "", "", "where the numbers are from; else the file's column or name"},
    {"keep-good", OptionType::flag, "", "", "", "store the good rows even if others are rejected"},
    {"dry-run", OptionType::flag, "", "", "", "check the file and store nothing"},
    {"formula", OptionType::text, "", "", "", "formula of a new material that the file does not describe"},
    {"family", OptionType::text, "", "", "", "family of such a material"},
    {"mobile-ion", OptionType::text, "", "", "", "mobile ion of such a material"},
});

constexpr std::size_t listed_rejections = 20;

std::string rows_text(std::size_t count) { return std::to_string(count) + (count == 1 ? " row" : " rows"); }

std::string place_text(const base::Place& place) {
  return "line " + std::to_string(place.line) + (place.column == 0 ? "" : ", column " + std::to_string(place.column));
}

/// The user has to act: every rejected row with its place, so that one look at the file mends them all.
[[noreturn]] void refuse(const library::ImportResult& result) {
  std::string text = "nothing was imported: " + std::to_string(result.rejected.size()) + " of " +
                     rows_text(result.rows) + (result.rejected.size() == 1 ? " is wrong" : " are wrong");
  if (!result.facts.empty()) text += " (the option keep-good takes the others)";
  for (std::size_t i = 0; i < std::min(result.rejected.size(), listed_rejections); ++i) {
    text += "\n  " + place_text(result.rejected[i].place) + ": " + result.rejected[i].reason;
  }
  if (result.rejected.size() > listed_rejections) {
    text += "\n  and " + rows_text(result.rejected.size() - listed_rejections) + " more";
  }
  throw base::InputError({result.rejected.front().place.file, 0, 0}, text);
}

report::Table rejected_table(const library::ImportResult& result) {
  report::Table table{"rejected", "", {{"place", "place"}, {"reason", "reason"}}, {}, {}};
  for (const library::RejectedRow& row : result.rejected) table.rows.push_back({place_text(row.place), row.reason});
  return table;
}

report::Report run_library_import(const Arguments& arguments, const Context& context) {
  LibraryImportRequest request;
  request.file = std::string(arguments.text("file"));
  request.source = arguments.text("source");
  request.keep_good = arguments.flag("keep-good");
  request.dry_run = arguments.flag("dry-run");
  request.formula = arguments.text("formula");
  request.family = arguments.text("family");
  request.mobile_ion = arguments.text("mobile-ion");
  return library_import(request, context);
}

}  // namespace

report::Report library_import(const LibraryImportRequest& request, const Context& context) {
  const std::string file = request.file.string();
  const std::string text = base::read_text_file(request.file);
  library::Library library = load_library(context);
  const library::ImportResult result = library::read_measurements(
      text, file, library, {request.source, request.formula, request.family, request.mobile_ion});
  std::optional<library::Batch> batch;
  if (!request.dry_run) {
    if (!result.rejected.empty() && (!request.keep_good || result.facts.empty())) refuse(result);
    if (result.facts.empty()) throw base::InputError({file, 0, 0}, "there is no row to import");
    library::UserStore store = library::UserStore::open(context.user_store);
    batch = library::store_measurements(store, result, file, request.keep_good, context.progress);
  }

  report::Report report;
  report.title = request.dry_run ? "Checked " + file + ", nothing is stored"
                                 : "Imported " + file + " as batch " + std::to_string(batch->id);
  const std::size_t count = result.facts.size();
  report.subtitle =
      std::to_string(count) + (count == 1 ? " fact" : " facts") + (request.dry_run ? " would be stored" : " stored");
  report.warnings = result.notes;
  if (!result.rejected.empty()) {
    report.warnings.push_back(rows_text(result.rejected.size()) +
                              (request.dry_run ? " would be rejected" : " rejected"));
    report.sections.push_back({"rejected", "Rejected", {rejected_table(result)}, false});
  }
  // Shown with the new materials known and, when stored, with the numbers that the store gave the rows.
  std::vector<library::Fact> shown = result.facts;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (shown[i].id.empty())
      shown[i].id =
          batch ? "user-" + std::to_string(batch->id) + "-" + std::to_string(i + 1) : "new " + std::to_string(i + 1);
  }
  library.add(result.materials, shown);
  std::vector<const library::Fact*> facts;
  for (const library::Fact& fact : shown) facts.push_back(library.find_fact(fact.id));
  if (!facts.empty())
    report.sections.push_back({"facts", "Accepted", {fact_table(library, facts, "facts", true)}, false});
  for (const library::Material& material : result.materials) {
    report.warnings.push_back("new material '" + material.id + "' of the family " + material.family);
  }
  if (batch) report.provenance.emplace_back("store", context.user_store.string());
  return report;
}

constinit const Task library_import_task{
    .name = "library import",
    .summary = "Put own measurements from a CSV file into the local store",
    .options = options,
    .run = run_library_import,
    .stem = "library_import",
};

}  // namespace closo::tasks
