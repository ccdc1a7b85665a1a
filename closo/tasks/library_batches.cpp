#include "closo/tasks/library_batches.hpp"

#include <algorithm>

#include "closo/library/user_store.hpp"

namespace closo::tasks {
namespace {

report::Report run_library_batches(const Arguments&, const Context& context) { return library_batches({}, context); }

}  // namespace

report::Report library_batches(const LibraryBatchesRequest&, const Context& context) {
  const std::optional<library::UserStore> store = library::UserStore::open_existing(context.user_store);
  const std::vector<library::Batch> batches = store ? store->batches() : std::vector<library::Batch>{};
  report::Report report;
  report.title = "Own imports";
  if (batches.empty()) {
    report.sections.push_back({"batches", "", {report::Paragraph{"Nothing was imported yet."}}, false});
    return report;
  }
  report::Table table{"batches",
                      "",
                      {{"batch", "batch"}, {"file", "file"}, {"imported_at", "imported (UTC)"}, {"facts", "facts"}},
                      {},
                      {}};
  const bool has_energies = std::ranges::any_of(batches, [](const auto& batch) { return !batch.energy_set.empty(); });
  if (has_energies) {
    table.columns.push_back({"phases", "phases"});
    table.columns.push_back({"set", "set of energies"});
  }
  for (const library::Batch& batch : batches) {
    const std::string rows = std::to_string(batch.rows);
    table.rows.push_back(
        {std::to_string(batch.id), batch.file, batch.imported_at, batch.energy_set.empty() ? rows : ""});
    if (!has_energies) continue;
    table.rows.back().emplace_back(batch.energy_set.empty() ? "" : rows);
    table.rows.back().emplace_back(batch.energy_set);
  }
  report.sections.push_back({"batches", "", {std::move(table)}, false});
  report.provenance.emplace_back("store", context.user_store.string());
  return report;
}

constinit const Task library_batches_task{
    .name = "library batches",
    .summary = "List the imports in the local store",
    .options = {},
    .run = run_library_batches,
    .stem = "library_batches",
};

}  // namespace closo::tasks
