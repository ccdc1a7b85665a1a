#include "closo/tasks/library_remove.hpp"

#include <array>

#include "closo/base/error.hpp"
#include "closo/library/user_store.hpp"

namespace closo::tasks {
namespace {

constexpr std::array options = std::to_array<Option>({
    {"batch", OptionType::integer, "", "", "1 or more", "number of the import, as 'library batches' lists it", true,
     true},
});

report::Report run_library_remove(const Arguments& arguments, const Context& context) {
  return library_remove({arguments.integer("batch").value_or(0)}, context);
}

}  // namespace

report::Report library_remove(const LibraryRemoveRequest& request, const Context& context) {
  std::optional<library::UserStore> store = library::UserStore::open_existing(context.user_store);
  if (!store) {
    throw base::InputError({context.user_store.string(), 0, 0}, "nothing was imported yet, there is no store here",
                           "an import before");
  }
  const library::Batch batch = store->remove(request.batch);
  report::Report report;
  report.title = "Removed batch " + std::to_string(batch.id);
  const std::string noun = batch.energy_set.empty() ? " fact" : " phase";
  const std::string what = noun + (batch.rows == 1 ? "" : "s") +
                           (batch.energy_set.empty() ? "" : " of the set of energies '" + batch.energy_set + "'");
  report.subtitle = std::to_string(batch.rows) + what + " of " + batch.file;
  report.provenance.emplace_back("store", context.user_store.string());
  return report;
}

constinit const Task library_remove_task{
    .name = "library remove",
    .summary = "Take one import out of the local store",
    .options = options,
    .run = run_library_remove,
    .stem = "library_remove",
};

}  // namespace closo::tasks
