#include "closo/tasks/library_import.hpp"

#include <algorithm>
#include <array>

#include "closo/base/element.hpp"
#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/library/energy_set.hpp"
#include "closo/library/import.hpp"
#include "closo/library/user_store.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks {
namespace {

constexpr std::array options = std::to_array<Option>({
    {"file", OptionType::file, "", "", "", "CSV file with own measurements", true},
    {"source", OptionType::text, "", "", "", "where the numbers are from; else the file's column or name"},
    {"keep-good", OptionType::flag, "", "", "", "store the good rows even if others are rejected"},
    {"dry-run", OptionType::flag, "", "", "", "check the file and store nothing"},
    {"formula", OptionType::text, "", "", "", "formula of a new material that the file does not describe"},
    {"family", OptionType::text, "", "", "", "family of such a material"},
    {"mobile-ion", OptionType::text, "", "", "", "mobile ion of such a material"},
    {"energies", OptionType::file, "", "", "",
     "CSV file with energies of phases instead: one set for hulls and windows"},
    {"name", OptionType::text, "", "", "", "name of the set of energies; else that of the file"},
    {"citation", OptionType::text, "", "", "", "whom to cite for the energies"},
    {"licence", OptionType::text, "", "", "", "licence of the energies"},
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

/// Elements of all phases, in the order of the periodic table.
std::string elements_text(const library::EnergySet& set) {
  std::vector<bool> is_there(base::elements().size() + 1, false);
  for (const library::EnergyRow& row : set.rows) {
    for (const base::ElementAmount& term : row.formula.terms()) {
      is_there[static_cast<std::size_t>(term.element->number)] = true;
    }
  }
  std::string text;
  for (const base::Element& element : base::elements()) {
    if (!is_there[static_cast<std::size_t>(element.number)]) continue;
    text += (text.empty() ? "" : " ") + std::string(element.symbol);
  }
  return text;
}

void check_set_name(const std::string& name, const Context& context) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  if (name.empty() || name.find_first_not_of(allowed) != std::string::npos) {
    throw base::ParameterError("name", name, "letters, digits, '-', '_' and '.', such as 'mp2019'");
  }
  const auto lower = [](std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
  };
  for (const library::EnergySetInfo& info : library::energy_sets(context.data, context.user_store)) {
    if (lower(info.id) != lower(name)) continue;
    throw base::InputError({}, "there is a set of energies '" + info.id + "' already",
                           info.from_user ? "another name, or its batch to be removed before" : "another name");
  }
}

report::Report import_energies(const LibraryImportRequest& request, const Context& context) {
  if (!request.source.empty() || !request.formula.empty() || !request.family.empty() || !request.mobile_ion.empty() ||
      request.keep_good) {
    throw base::ParameterError("energies", request.energies.string(),
                               "no options of measurements (source, keep-good, formula, family, mobile-ion) with it");
  }
  const std::string file = request.energies.string();
  library::EnergySet set = library::read_energy_set(base::read_text_file(request.energies), file);
  if (!request.name.empty()) set.id = request.name;
  set.citation = request.citation;
  set.licence = request.licence;
  check_set_name(set.id, context);
  std::optional<library::Batch> batch;
  if (!request.dry_run) {
    library::UserStore store = library::UserStore::open(context.user_store);
    batch = store.add_energies(file, set, context.progress);
  }
  report::Report report;
  report.title =
      batch ? "Imported " + file + " as batch " + std::to_string(batch->id) : "Checked " + file + ", nothing is stored";
  report.subtitle = std::to_string(set.rows.size()) + (set.rows.size() == 1 ? " phase" : " phases") +
                    (batch ? " stored" : " would be stored");
  report.warnings = set.notes;
  report::Table table{
      "set", "", {{"set", "set"}, {"kind", "kind"}, {"phases", "phases"}, {"elements", "elements"}}, {}, {}};
  table.rows.push_back({set.id,
                        std::string(set.kind == library::EnergyKind::gibbs ? "Gibbs energies" : "static energies"),
                        std::to_string(set.rows.size()), elements_text(set)});
  report.sections.push_back({"set", "Set of energies", {std::move(table)}, false});
  if (!set.citation.empty()) report.provenance.emplace_back("citation", set.citation);
  if (!set.licence.empty()) report.provenance.emplace_back("licence", set.licence);
  if (batch) report.provenance.emplace_back("store", context.user_store.string());
  return report;
}

void check_files(const LibraryImportRequest& request) {
  if (request.file.empty() == request.energies.empty()) {
    throw base::ParameterError("file", request.file.empty() ? "nothing" : request.file.string(),
                               request.file.empty() ? "a CSV file with measurements, or one with energies (--energies)"
                                                    : "either a file with measurements or one with energies");
  }
  if (request.energies.empty() && !(request.name.empty() && request.citation.empty() && request.licence.empty())) {
    throw base::ParameterError("energies", "nothing", "a file, which the options name, citation and licence describe");
  }
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
  request.energies = std::string(arguments.text("energies"));
  request.name = arguments.text("name");
  request.citation = arguments.text("citation");
  request.licence = arguments.text("licence");
  return library_import(request, context);
}

}  // namespace

report::Report library_import(const LibraryImportRequest& request, const Context& context) {
  check_files(request);
  if (!request.energies.empty()) return import_energies(request, context);
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
    .summary = "Put own measurements or energies of phases from a CSV file into the local store",
    .options = options,
    .run = run_library_import,
    .stem = "library_import",
};

}  // namespace closo::tasks
