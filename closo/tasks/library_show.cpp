#include "closo/tasks/library_show.hpp"

#include <algorithm>
#include <array>

#include "closo/base/error.hpp"
#include "closo/base/formula.hpp"
#include "closo/base/number.hpp"
#include "closo/base/suggestion.hpp"
#include "closo/library/flag.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks {
namespace {

using library::Fact;
using library::Library;
using library::Material;
using Facts = std::vector<const Fact*>;

constexpr std::array options = std::to_array<Option>({
    {"name", OptionType::text, "", "", "", "a material (id, alias or formula), a fact, a source or a reference", true,
     true},
});

constexpr double pascals_per_megapascal = 1e6;
constexpr double per_gram_per_cubic_centimetre = 1000.0;  // kg/m³

/// Collects lines whose value is known.
class Lines {
 public:
  explicit Lines(std::string id) : items_{std::move(id), {}} {}
  void add(std::string name, std::string text) {
    if (!text.empty()) items_.items.emplace_back(std::move(name), std::move(text));
  }
  void add(std::string name, report::Value value) { items_.items.emplace_back(std::move(name), std::move(value)); }
  report::KeyValues take() { return std::move(items_); }

 private:
  report::KeyValues items_;
};

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + item;
  return text;
}

report::Value value_of(double number, std::string unit, std::string source, int significant = 6) {
  report::Value value;
  value.value = number;
  value.unit = std::move(unit);
  value.source = std::move(source);
  value.significant = significant;
  return value;
}

report::Section identity(const Material& material) {
  Lines lines("identity");
  lines.add("name", material.name == material.id ? std::string{} : material.name);
  lines.add("formula", material.formula);
  if (!material.formula.empty()) {
    report::Value mass =
        value_of(base::Formula::parse(material.formula).molar_mass() * 1000.0, "g/mol", "standard atomic weights");
    mass.kind = "computed";
    lines.add("molar mass", std::move(mass));
  }
  lines.add("family", material.family);
  lines.add("role", joined(material.roles));
  lines.add("mobile ion", joined(material.mobile_ions));
  lines.add("anions", joined(material.anions));
  lines.add("phases", joined(material.phases));
  lines.add("also called", joined(material.aliases));
  lines.add("note", material.note);
  return {"identity", "Identity", {lines.take()}, false};
}

report::Section electrode_section(const library::Electrode& electrode) {
  Lines lines("electrode");
  lines.add("role", electrode.role);
  if (electrode.electrons_per_formula) {
    lines.add("electrons per formula unit", value_of(*electrode.electrons_per_formula, "", electrode.id));
  }
  if (electrode.average_voltage) {
    lines.add("average voltage against " + electrode.voltage_reference,
              value_of(*electrode.average_voltage, "V", electrode.id));
  }
  if (electrode.volume_change_percent)
    lines.add("volume change", value_of(*electrode.volume_change_percent, "%", electrode.id));
  if (electrode.density) {
    lines.add("density", value_of(*electrode.density / per_gram_per_cubic_centimetre, "g/cm³", electrode.id));
  }
  lines.add("kind", electrode.kind);
  lines.add("flags", joined(electrode.flags));
  lines.add("note", electrode.note);
  return {"electrode", "As electrode", {lines.take()}, false};
}

report::Report show_material(const Library& library, const Material& material) {
  report::Report report;
  report.title = material.id;
  report.sections.push_back(identity(material));
  if (const library::Electrode* electrode = library.find_electrode(material.id)) {
    report.sections.push_back(electrode_section(*electrode));
  }
  library::Query query;
  query.material = material.id;
  const Facts facts = library.select(query);
  report.subtitle = std::to_string(facts.size()) + (facts.size() == 1 ? " fact" : " facts");
  std::vector<std::string> tables;
  for (const Fact* fact : facts) {
    if (std::ranges::find(tables, fact->table) == tables.end()) tables.push_back(fact->table);
    if (fact->is_doubtful()) report.doubts.push_back(doubt_text(*fact));
  }
  for (const std::string& name : tables) {
    Facts rows;
    std::ranges::copy_if(facts, std::back_inserter(rows), [&name](const Fact* fact) { return fact->table == name; });
    report.sections.push_back({name, name, {fact_table(library, rows, name, false)}, false});
  }
  add_sources(report, library, facts);
  return report;
}

report::Report show_fact(const Library& library, const Fact& fact) {
  report::Report report;
  report.title = fact.id + ": " + fact.quantity;
  report.subtitle = fact.material;
  Lines lines("fact");
  lines.add("material", fact.material);
  lines.add("sample or subject", fact.subject);
  report::Cell value = fact_value_or_text(library, fact);
  if (const auto* number = std::get_if<report::Value>(&value)) {
    lines.add(fact.quantity, *number);
  } else {
    lines.add(fact.quantity, std::get<std::string>(value));
  }
  lines.add("kind", std::string(library::to_string(fact.kind)));
  lines.add("temperature", fact.temperature ? temperature_text(fact) : std::string{});
  lines.add("remark on the temperature", fact.temperature_note);
  if (fact.pressure) lines.add("pressure", value_of(*fact.pressure / pascals_per_megapascal, "MPa", fact.id));
  lines.add("phase", fact.phase);
  lines.add("preparation", fact.preparation);
  lines.add("method", fact.method);
  for (const auto& [key, text] : fact.conditions) lines.add(key, text);
  lines.add("table", fact.table);
  lines.add("source", library.citation(fact));
  lines.add("DOI", library.doi(fact));
  for (const std::string& name : fact.flags) {
    const library::Flag* flag = library::find_flag(name);
    lines.add("flag", name + (flag == nullptr ? "" : ": " + std::string(flag->meaning)));
  }
  lines.add("note", fact.note);
  report.sections.push_back({"fact", "", {lines.take()}, false});
  if (fact.is_doubtful()) report.doubts.push_back(doubt_text(fact));
  add_sources(report, library, {&fact});
  return report;
}

report::Report show_source(const Library& library, const library::Source& source) {
  report::Report report;
  report.title = source.title;
  report.subtitle = source.id;
  Lines lines("source");
  lines.add("authors", source.authors);
  lines.add("journal", source.journal + " " + source.volume + (source.volume.empty() ? "" : " ") + "(" + source.year +
                           ") " + source.pages);
  lines.add("DOI", source.doi);
  lines.add("note", source.note);
  library::Query query;
  query.source = source.id;
  const Facts facts = library.select(query);
  report.sections.push_back({"source", "", {lines.take()}, false});
  report.sections.push_back({"facts", "Facts from it", {fact_table(library, facts, "facts", true)}, false});
  return report;
}

report::Report show_reference(const Library& library, const library::Reference& reference) {
  report::Report report;
  report.title = reference.id;
  Lines lines("reference");
  lines.add("authors", reference.authors);
  lines.add("journal", reference.journal + " " + reference.volume + " (" + reference.year + ") " + reference.page);
  lines.add("DOI", reference.doi);
  lines.add("number in " + reference.source, reference.number);
  Facts facts;
  for (const Fact& fact : library.facts()) {
    if (std::ranges::find(fact.references, reference.id) != fact.references.end()) facts.push_back(&fact);
  }
  report.sections.push_back({"reference", "", {lines.take()}, false});
  if (!facts.empty())
    report.sections.push_back({"facts", "Facts that cite it", {fact_table(library, facts, "facts", true)}, false});
  return report;
}

[[noreturn]] void refuse(const Library& library, const std::string& name) {
  std::vector<std::string> names;
  for (const Material& material : library.materials()) {
    names.push_back(material.id);
    names.insert(names.end(), material.aliases.begin(), material.aliases.end());
  }
  for (const Fact& fact : library.facts()) names.push_back(fact.id);
  for (const library::Source& source : library.sources()) names.push_back(source.id);
  for (const library::Reference& reference : library.references()) names.push_back(reference.id);
  const std::string near = base::did_you_mean(name, names);
  throw base::InputError({}, "the library has nothing called '" + name + "'" + (near.empty() ? "" : "; " + near),
                         "a material, a fact, a source or a reference of the library");
}

report::Report run_library_show(const Arguments& arguments, const Context& context) {
  return library_show({std::string(arguments.text("name"))}, context);
}

}  // namespace

report::Report library_show(const LibraryShowRequest& request, const Context& context) {
  const Library library = load_library(context);
  if (const Material* material = library.find_material(request.name)) return show_material(library, *material);
  if (const Fact* fact = library.find_fact(request.name)) return show_fact(library, *fact);
  if (const library::Source* source = library.find_source(request.name)) return show_source(library, *source);
  if (const library::Reference* reference = library.find_reference(request.name))
    return show_reference(library, *reference);
  refuse(library, request.name);
}

constinit const Task library_show_task{
    .name = "library show",
    .summary = "Everything known of one material, or one fact, source or reference",
    .options = options,
    .run = run_library_show,
    .stem = "library_show",
};

}  // namespace closo::tasks
