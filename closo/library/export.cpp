#include "closo/library/export.hpp"

#include <nlohmann/json.hpp>

#include "closo/library/detail/fact_schema.hpp"
#include "closo/table/csv.hpp"

namespace closo::library {

namespace {

using Json = nlohmann::ordered_json;

void put(Json& object, const char* key, const std::optional<double>& value) {
  if (value) object[key] = *value;
}

void put(Json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

Json fact_json(const Library& library, const Fact& fact) {
  Json object;
  object["id"] = fact.id;
  object["table"] = fact.table;
  object["material"] = fact.material;
  put(object, "subject", fact.subject);
  object["quantity"] = fact.quantity;
  object["qualifier"] = base::to_string(fact.qualifier);
  put(object, "value", fact.value);
  put(object, "value_hi", fact.value_hi);
  put(object, "uncertainty", fact.uncertainty);
  object["unit"] = fact.unit.text();
  put(object, "value_SI", fact.value_si);
  put(object, "value_hi_SI", fact.value_hi_si);
  put(object, "uncertainty_SI", fact.uncertainty_si);
  put(object, "temperature_K", fact.temperature);
  put(object, "temperature_hi_K", fact.temperature_hi);
  put(object, "temperature_note", fact.temperature_note);
  put(object, "pressure_Pa", fact.pressure);
  put(object, "phase", fact.phase);
  put(object, "preparation", fact.preparation);
  put(object, "method", fact.method);
  object["kind"] = to_string(fact.kind);
  for (const auto& [key, value] : fact.conditions) object["conditions"][key] = value;
  object["source"] = fact.source;
  put(object, "doi", library.doi(fact));
  object["citation"] = library.citation(fact);
  put(object, "locator", fact.locator);
  if (!fact.references.empty()) object["references"] = fact.references;
  if (!fact.flags.empty()) object["flags"] = fact.flags;
  object["doubtful"] = fact.is_doubtful();
  put(object, "note", fact.note);
  object["from_user"] = fact.from_user;
  return object;
}

}  // namespace

std::string facts_to_csv(std::span<const Fact* const> facts) {
  std::string text;
  for (const std::string_view column : detail::fact_columns) text += std::string(column) + ",";
  text += "table\n";
  for (const Fact* fact : facts) {
    for (const std::string& cell : detail::fact_cells(*fact)) text += table::csv_cell(cell) + ",";
    text += table::csv_cell(fact->table) + "\n";
  }
  return text;
}

std::string facts_to_json(const Library& library, std::span<const Fact* const> facts) {
  Json document;
  document["schema"] = "closo-facts/1";
  document["facts"] = Json::array();
  for (const Fact* fact : facts) document["facts"].push_back(fact_json(library, *fact));
  return document.dump(1) + "\n";
}

}  // namespace closo::library
