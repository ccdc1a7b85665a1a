#include "closo/tasks/library_list.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "closo/base/error.hpp"
#include "closo/library/flag.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks {
namespace {

using library::Fact;
using library::Library;
using Facts = std::vector<const Fact*>;

constexpr std::array options = with_query_options(std::to_array<Option>({
    {"what", OptionType::choice, "", "overview", "", "what to list", true, false, false,
     "overview materials families tables quantities sources references flags"},
}));

report::Value count(std::size_t number) {
  report::Value value;
  value.value = static_cast<double>(number);
  value.significant = 9;
  return value;
}

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  return text;
}

/// Names with the number of facts that have them, by name.
using Counts = std::map<std::string, std::size_t>;

report::Table count_table(const Counts& counts, const std::string& id, const std::string& title,
                          const std::string& column) {
  report::Table table{id, title, {{id, column}, {"facts", "facts"}}, {}, {}};
  for (const auto& [name, number] : counts) table.rows.push_back({name, count(number)});
  return table;
}

report::Table materials_table(const Library& library, const Facts& facts, bool all) {
  Counts counts;
  for (const Fact* fact : facts) ++counts[fact->material];
  report::Table table{"materials",
                      "Materials",
                      {{"material", "material"},
                       {"name", "name"},
                       {"family", "family"},
                       {"ion", "ion"},
                       {"role", "role"},
                       {"facts", "facts"}},
                      {},
                      {}};
  for (const library::Material& material : library.materials()) {
    const auto found = counts.find(material.id);
    if (!all && found == counts.end()) continue;
    table.rows.push_back({material.id, material.name == material.id ? std::string{} : material.name, material.family,
                          joined(material.mobile_ions), joined(material.roles),
                          count(found == counts.end() ? 0 : found->second)});
  }
  return table;
}

report::Table quantities_table(const Facts& facts) {
  std::map<std::pair<std::string, std::string>, std::size_t> counts;
  for (const Fact* fact : facts) ++counts[{fact->quantity, fact->table}];
  report::Table table{
      "quantities", "Quantities", {{"quantity", "quantity"}, {"table", "table"}, {"facts", "facts"}}, {}, {}};
  for (const auto& [key, number] : counts) table.rows.push_back({key.first, key.second, count(number)});
  return table;
}

report::Table sources_table(const Library& library, const Facts& facts) {
  Counts counts;
  for (const Fact* fact : facts) ++counts[fact->source];
  report::Table table{
      "sources",
      "Sources",
      {{"source", "source"}, {"facts", "facts"}, {"doi", "DOI"}, {"title", "title"}, {"journal", "journal"}},
      {},
      {}};
  for (const auto& [id, number] : counts) {
    const library::Source* source = library.find_source(id);
    if (source == nullptr) {
      table.rows.push_back({id, count(number), std::string{}, std::string("own data"), std::string{}});
      continue;
    }
    std::string journal = source->journal + (source->volume.empty() ? "" : " " + source->volume) + " (" + source->year +
                          ")" + (source->pages.empty() ? "" : " " + source->pages);
    table.rows.push_back({id, count(number), source->doi, source->title, std::move(journal)});
  }
  return table;
}

report::Table references_table(const Library& library, const Facts& facts) {
  Counts counts;
  for (const Fact* fact : facts) {
    for (const std::string& reference : fact->references) ++counts[reference];
  }
  report::Table table{"references",
                      "References",
                      {{"reference", "reference"}, {"facts", "facts"}, {"authors", "authors"}, {"where", "where"}},
                      {},
                      {}};
  for (const library::Reference& reference : library.references()) {
    const auto found = counts.find(reference.id);
    if (found == counts.end()) continue;
    table.rows.push_back({reference.id, count(found->second), reference.authors,
                          reference.journal + " " + reference.volume + " (" + reference.year + ") " + reference.page});
  }
  return table;
}

report::Table flags_table(const Facts& facts) {
  Counts counts;
  for (const Fact* fact : facts) {
    for (const std::string& flag : fact->flags) ++counts[flag];
  }
  report::Table table{
      "flags", "Flags", {{"flag", "flag"}, {"facts", "facts"}, {"doubt", "a doubt"}, {"meaning", "meaning"}}, {}, {}};
  for (const library::Flag& flag : library::known_flags()) {
    const auto found = counts.find(std::string(flag.name));
    if (found == counts.end()) continue;
    table.rows.push_back({std::string(flag.name), count(found->second), std::string(flag.is_doubt ? "yes" : "no"),
                          std::string(flag.meaning)});
  }
  return table;
}

report::KeyValues overview(const Library& library, const Facts& facts) {
  Counts materials, families, tables, quantities, sources;
  std::size_t own = 0, doubtful = 0;
  for (const Fact* fact : facts) {
    ++materials[fact->material];
    ++tables[fact->table];
    ++quantities[fact->quantity];
    ++sources[fact->source];
    own += fact->from_user ? 1 : 0;
    doubtful += fact->is_doubtful() ? 1 : 0;
    if (const library::Material* material = library.find_material(fact->material)) ++families[material->family];
  }
  report::KeyValues items{"overview", {}};
  items.items.emplace_back("facts", count(facts.size()));
  items.items.emplace_back("of them own", count(own));
  items.items.emplace_back("of them with a doubt", count(doubtful));
  items.items.emplace_back("materials", count(materials.size()));
  items.items.emplace_back("families", count(families.size()));
  items.items.emplace_back("quantities", count(quantities.size()));
  items.items.emplace_back("tables", count(tables.size()));
  items.items.emplace_back("sources", count(sources.size()));
  return items;
}

report::Block block_of(const std::string& what, const Library& library, const Facts& facts, bool all) {
  if (what == "overview") return overview(library, facts);
  if (what == "materials") return materials_table(library, facts, all);
  if (what == "quantities") return quantities_table(facts);
  if (what == "sources") return sources_table(library, facts);
  if (what == "references") return references_table(library, facts);
  if (what == "flags") return flags_table(facts);
  Counts counts;
  if (what == "tables") {
    for (const Fact* fact : facts) ++counts[fact->table];
    return count_table(counts, "tables", "Tables", "table");
  }
  if (what == "families") {
    for (const Fact* fact : facts) {
      if (const library::Material* material = library.find_material(fact->material)) ++counts[material->family];
    }
    return count_table(counts, "families", "Families", "family");
  }
  throw base::ParameterError("what", "'" + what + "'", "one of " + std::string(options[0].choices));
}

report::Report run_library_list(const Arguments& arguments, const Context& context) {
  return library_list({std::string(arguments.text("what")), query_of(arguments)}, context);
}

}  // namespace

report::Report library_list(const LibraryListRequest& request, const Context& context) {
  const Library library = load_library(context);
  const Facts facts = library.select(request.query);
  report::Report report;
  report.title = "Library: " + request.what;
  report.subtitle = std::to_string(facts.size()) + " facts";
  report.sections.push_back(
      {request.what, "", {block_of(request.what, library, facts, !is_restricted(request.query))}, false});
  return report;
}

constinit const Task library_list_task{
    .name = "library list",
    .summary = "What the library holds: materials, families, tables, quantities, sources, references, flags",
    .options = options,
    .run = run_library_list,
    .stem = "library_list",
};

}  // namespace closo::tasks
