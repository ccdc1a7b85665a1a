#include "closo/tasks/library_access.hpp"

#include <algorithm>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/library/flag.hpp"
#include "closo/library/user_store.hpp"

namespace closo::tasks {

namespace {

/// Digits that a printed number can have; fewer are shown where fewer suffice.
constexpr int stated_digits = 8;

/// Reads a bound such as "1 mS/cm" and gives it in SI. Both bounds must be of one kind.
std::optional<double> bound_of(const Arguments& arguments, std::string_view name, std::optional<base::Unit>& unit) {
  if (!arguments.has(name)) return std::nullopt;
  const std::string text(arguments.text(name));
  try {
    const base::Quantity quantity = base::parse_quantity(text);
    if (quantity.qualifier != base::Qualifier::equal || quantity.uncertainty) {
      throw base::InputError({}, "a bound is a plain number with its unit");
    }
    if (unit && !(unit->dimension() == quantity.unit.dimension())) {
      throw base::InputError({}, "the other bound is in " + unit->text());
    }
    unit = quantity.unit;
    return quantity.value;
  } catch (const base::InputError& error) {
    throw base::ParameterError(std::string(name), "'" + text + "'",
                               "a number with unit such as '1 mS/cm' (" + error.problem() + ")");
  }
}

double tolerance_of(const Arguments& arguments) {
  const std::optional<base::Quantity> tolerance = arguments.quantity("tolerance", "K");
  if (!tolerance) return library::Query{}.temperature_tolerance;
  if (tolerance->unit.has_offset() || tolerance->value < 0.0) {
    throw base::ParameterError("tolerance", "'" + std::string(arguments.text("tolerance")) + "'",
                               "a difference of temperatures in K, 0 or more");
  }
  return tolerance->value;
}

/// What a reader of a table must see: that a number is not a measured one, and its doubts.
std::string remarks_text(const library::Fact& fact) {
  std::string text = fact.kind == library::Kind::measured ? std::string{} : std::string(library::to_string(fact.kind));
  const std::string doubts = doubt_flags_text(fact);
  return text.empty() || doubts.empty() ? text + doubts : text + "; " + doubts;
}

/// Rows of the store that the shipped tables have by now are left out or renamed.
void add_user_rows(library::Library& library, library::UserStore::Contents contents) {
  std::erase_if(contents.materials, [&library](const library::Material& material) {
    return library.find_material(material.id) != nullptr;
  });
  for (library::Fact& fact : contents.facts) {
    if (library.find_fact(fact.id) != nullptr) fact.id = "user:" + fact.id;
    if (const library::Material* known = library.find_material(fact.material)) fact.material = known->id;
  }
  library.add(std::move(contents.materials), std::move(contents.facts));
}

}  // namespace

library::Library load_library(const Context& context) {
  library::Library library = library::Library::load(context.data);
  if (context.user_store.empty()) return library;
  if (const std::optional<library::UserStore> store = library::UserStore::open_existing(context.user_store)) {
    add_user_rows(library, store->read());
  }
  return library;
}

report::Value fact_value(const library::Library& library, const library::Fact& fact) {
  report::Value value;
  value.value = fact.value;
  value.value_hi = fact.value_hi;
  value.uncertainty = fact.uncertainty;
  value.qualifier = base::to_string(fact.qualifier);
  value.unit = base::display(fact.unit);
  value.kind = library::to_string(fact.kind);
  value.source = library.citation(fact) + (fact.from_user ? " (own data)" : "");
  if (fact.is_doubtful()) value.note = doubt_flags_text(fact);
  value.significant = stated_digits;
  return value;
}

report::Cell fact_value_or_text(const library::Library& library, const library::Fact& fact) {
  if (fact.value || fact.value_hi) return fact_value(library, fact);
  for (const std::string_view key : {"outcome", "space_group"}) {
    if (const std::string_view text = fact.condition(key); !text.empty()) return std::string(text);
  }
  return fact.note.empty() ? "stated without number" : fact.note;
}

report::Value temperature_value(const library::Fact& fact) {
  report::Value value;
  value.unit = "°C";
  // A note such as "30 degC" only repeats the number in the unit of the source.
  const bool repeats =
      !fact.temperature_note.empty() && fact.temperature_note.front() >= '0' && fact.temperature_note.front() <= '9';
  if (!repeats) value.note = fact.temperature_note;
  if (fact.temperature) value.value = *fact.temperature - base::zero_celsius;
  if (fact.temperature_hi) value.value_hi = *fact.temperature_hi - base::zero_celsius;
  return value;
}

std::string temperature_text(const library::Fact& fact) {
  if (!fact.temperature) return fact.temperature_note;
  std::string text = base::format_number(*fact.temperature, 6);
  if (fact.temperature_hi) text += "–" + base::format_number(*fact.temperature_hi, 6);
  text += " K";
  if (fact.has_flag("nominal_temperature")) return "RT (" + text + ")";
  return fact.has_flag("temperature_lower_limit") ? "> " + text : text;
}

std::string short_citation(const library::Library& library, const library::Fact& fact) {
  library::Fact place;
  place.source = fact.source;
  place.locator = fact.locator;
  std::string numbers;
  for (const std::string& id : fact.references) {
    const library::Reference* reference = library.find_reference(id);
    if (reference != nullptr) numbers += (numbers.empty() ? "" : ",") + reference->number;
  }
  std::string text = library.citation(place);
  const auto shorten = [&text](std::string_view words, std::string_view by) {
    if (const std::size_t start = text.find(words); start != std::string::npos) text.replace(start, words.size(), by);
  };
  shorten(" et al. ", " ");
  shorten(", sec. ", ", §");
  return text + (numbers.empty() ? "" : " [" + numbers + "]");
}

std::string flags_text(const library::Fact& fact) {
  std::string text;
  for (const std::string& flag : fact.flags) text += (text.empty() ? "" : ", ") + flag;
  return text;
}

std::string doubt_flags_text(const library::Fact& fact) {
  std::string text;
  for (const std::string& name : fact.flags) {
    const library::Flag* flag = library::find_flag(name);
    if (flag != nullptr && flag->is_doubt) text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

std::string doubt_text(const library::Fact& fact) {
  return fact.id + " " + fact.quantity + " (" + doubt_flags_text(fact) + ")" +
         (fact.note.empty() ? "" : ": " + fact.note);
}

library::Query query_of(const Arguments& arguments) {
  library::Query query;
  const auto text = [&arguments](std::string_view name) -> std::optional<std::string> {
    if (!arguments.has(name)) return std::nullopt;
    return std::string(arguments.text(name));
  };
  query.material = text("material");
  query.family = text("family");
  query.ion = text("ion");
  query.anion = text("anion");
  query.role = text("role");
  query.table = text("table");
  query.quantity = text("quantity");
  query.phase = text("phase");
  if (const std::optional<std::string> kind = text("kind")) query.kind = library::parse_kind(*kind);
  query.source = text("source");
  if (const std::optional<base::Quantity> at = arguments.quantity("at", "K")) query.temperature = at->value;
  query.temperature_tolerance = tolerance_of(arguments);
  query.at_least = bound_of(arguments, "min", query.bound_unit);
  query.at_most = bound_of(arguments, "max", query.bound_unit);
  query.flag = text("flag");
  return query;
}

bool is_restricted(const library::Query& query) {
  return query.material || query.family || query.ion || query.anion || query.role || query.table || query.quantity ||
         query.phase || query.kind || query.source || query.temperature || query.at_least || query.at_most ||
         query.flag;
}

report::Table fact_table(const library::Library& library, const std::vector<const library::Fact*>& facts,
                         std::string id, bool with_material) {
  report::Table table{std::move(id), {}, {}, {}, {}};
  const auto any = [&facts](const auto& has) { return std::ranges::any_of(facts, has); };
  const bool subject =
      !with_material && any([](const library::Fact* f) { return !f->subject.empty() && f->subject != f->material; });
  const bool temperature = any([](const library::Fact* f) { return !temperature_text(*f).empty(); });
  const bool phase = any([](const library::Fact* f) { return !f->phase.empty(); });
  const bool remarks = any([](const library::Fact* f) { return !remarks_text(*f).empty(); });
  table.columns.push_back({"id", "id"});
  if (with_material) table.columns.push_back({"material", "material"});
  if (subject) table.columns.push_back({"subject", "sample or subject"});
  const bool one_quantity =
      !facts.empty() && !any([&facts](const library::Fact* f) { return f->quantity != facts.front()->quantity; });
  if (one_quantity) {
    table.title = facts.front()->quantity;
  } else {
    table.columns.push_back({"quantity", "quantity"});
  }
  table.columns.push_back({"value", "value"});
  if (temperature) table.columns.push_back({"temperature", "T"});
  if (phase) table.columns.push_back({"phase", "phase"});
  if (remarks) table.columns.push_back({"remarks", "remarks"});
  table.columns.push_back({"source", "source"});
  for (const library::Fact* fact : facts) {
    std::vector<report::Cell> row{fact->id};
    if (with_material) row.emplace_back(fact->material);
    if (subject) row.emplace_back(fact->subject == fact->material ? std::string{} : fact->subject);
    if (!one_quantity) row.emplace_back(fact->quantity);
    report::Cell cell = fact_value_or_text(library, *fact);
    if (auto* value = std::get_if<report::Value>(&cell)) value->note.clear();  // doubts stand in the remarks
    row.push_back(std::move(cell));
    if (temperature) row.emplace_back(temperature_text(*fact));
    if (phase) row.emplace_back(fact->phase);
    if (remarks) row.emplace_back(remarks_text(*fact));
    row.emplace_back(short_citation(library, *fact));
    table.rows.push_back(std::move(row));
  }
  return table;
}

void add_sources(report::Report& report, const library::Library& library,
                 const std::vector<const library::Fact*>& facts) {
  std::vector<std::string> texts;
  for (const library::Fact* fact : facts) {
    const std::string doi = library.doi(*fact);
    std::string text = doi.empty() ? fact->source : fact->source + ", DOI " + doi;
    if (std::ranges::find(texts, text) == texts.end()) texts.push_back(std::move(text));
  }
  for (std::string& text : texts) report.provenance.emplace_back("source", std::move(text));
}

}  // namespace closo::tasks
