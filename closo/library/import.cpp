#include "closo/library/import.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "closo/base/error.hpp"
#include "closo/base/formula.hpp"
#include "closo/base/number.hpp"
#include "closo/base/suggestion.hpp"
#include "closo/library/check.hpp"
#include "closo/library/detail/fact_schema.hpp"
#include "closo/library/detail/name_key.hpp"
#include "closo/library/detail/short_form.hpp"
#include "closo/library/quantity_rule.hpp"
#include "closo/table/csv.hpp"

namespace closo::library {

namespace {

constexpr std::string_view table_column = "table";

bool has_shipped_header(const table::CsvDocument& document) {
  return std::ranges::all_of(detail::fact_columns, [&document](std::string_view column) {
    return document.index_of(column) != std::string::npos;
  });
}

/// What makes two rows the same measurement; where they were written down does not.
std::string identity(const Fact& fact) {
  const auto text = [](const std::optional<double>& value) {
    return value ? base::format_number(*value, 12) : std::string{};
  };
  const char bar = '\x1F';
  std::string key;
  for (const std::string& part :
       {detail::name_key(fact.material), detail::name_key(fact.subject), detail::name_key(fact.quantity),
        std::string(base::to_string(fact.qualifier)), text(fact.value_si), text(fact.value_hi_si),
        text(fact.temperature), text(fact.temperature_hi), text(fact.pressure), detail::name_key(fact.phase),
        detail::name_key(fact.preparation), detail::name_key(fact.method), detail::join_conditions(fact.conditions)}) {
    key += part + bar;
  }
  return key;
}

class Import {
 public:
  Import(const table::CsvDocument& document, const Library& library, const ImportOptions& options)
      : document_(document), library_(library), options_(options) {
    for (const Fact& fact : library.facts()) {
      if (fact.from_user) seen_.emplace(identity(fact), "row '" + fact.id + "' of the store");
    }
  }

  ImportResult run() {
    for (const table::CsvProblem& problem : document_.problems)
      result_.rejected.push_back({problem.place, problem.reason});
    result_.rows = document_.problems.size();
    const bool shipped = has_shipped_header(document_);
    const std::vector<std::size_t> positions =
        shipped ? detail::columns_of(document_, detail::fact_columns, table_column) : std::vector<std::size_t>{};
    std::optional<detail::ShortForm> short_form;
    if (!shipped) short_form.emplace(document_, library_);
    for (const table::CsvRow& row : document_.rows) {
      if (std::ranges::all_of(row.cells, [](const table::CsvCell& cell) { return cell.text.empty(); })) continue;
      ++result_.rows;
      try {
        if (shipped) {
          accept_shipped(row, positions);
        } else {
          accept_short(row, short_form->read(row));
        }
      } catch (const base::InputError& error) {
        const base::InputError placed = error.at({document_.file, row.line, 0});
        result_.rejected.push_back(
            {placed.place(), placed.problem() + (placed.expected().empty() ? "" : "; expected " + placed.expected())});
      }
    }
    keep_used_materials();
    std::ranges::stable_sort(result_.rejected, {}, [](const RejectedRow& row) { return row.place.line; });
    std::ranges::sort(result_.notes);
    result_.notes.erase(std::unique(result_.notes.begin(), result_.notes.end()), result_.notes.end());
    return std::move(result_);
  }

 private:
  void accept_shipped(const table::CsvRow& row, const std::vector<std::size_t>& positions) {
    table::CsvRow with_id = row;  // read_fact wants an id; a user's file may leave it empty
    std::string& id = with_id.cells[positions[detail::column_id]].text;
    const bool has_id = !id.empty();
    if (!has_id) id = "new";
    Fact fact = detail::read_fact(document_, with_id, positions, units_);
    if (!has_id || library_.find_fact(fact.id) != nullptr || !ids_.emplace(fact.id, row.line).second) fact.id.clear();
    if (const std::size_t table = document_.index_of(table_column); table != std::string::npos) {
      fact.table = row.cells[table].text;
    }
    const std::string quantity = detail::quantity_named(library_, fact.quantity);
    if (quantity.empty()) {
      try {
        detail::refuse_quantity(library_, fact.quantity);
      } catch (const base::InputError& error) {
        throw error.at(document_.place(row, positions[detail::column_quantity]));
      }
    }
    fact.quantity = quantity;
    const QuantityRule* rule = find_rule(fact.quantity);
    if (fact.table.empty()) fact.table = rule != nullptr ? std::string(rule->table) : "measurement";
    const std::size_t column = positions[detail::column_material];
    const std::optional<Material> added = resolve_material(row, column, fact.material, {}, fact.material);
    std::vector<Fact> facts{std::move(fact)};
    finish(row, {positions[detail::column_value]}, facts);
    if (added) materials_.emplace(detail::name_key(added->id), *added);
  }

  void accept_short(const table::CsvRow& row, detail::ShortRow read) {
    std::string id;
    const std::optional<Material> added =
        resolve_material(row, read.material_column, read.material_name, read.definition, id);
    for (Fact& fact : read.facts) {
      fact.material = id;
      if (fact.subject.empty()) fact.subject = read.material_name;
      if (read.source) fact.source = *read.source;
    }
    finish(row, read.columns, read.facts);
    if (added) materials_.emplace(detail::name_key(added->id), *added);
    result_.notes.insert(result_.notes.end(), read.notes.begin(), read.notes.end());
  }

  /// Sets `id` to the library's or the file's material; returns a definition that this row brings along.
  std::optional<Material> resolve_material(const table::CsvRow& row, std::size_t column, const std::string& name,
                                           const Material& definition, std::string& id) {
    if (const Material* known = library_.find_material(name)) {
      id = known->id;
      return std::nullopt;
    }
    if (const auto found = materials_.find(detail::name_key(name)); found != materials_.end()) {
      id = found->second.id;
      return std::nullopt;
    }
    Material material = definition;
    material.id = name;
    if (material.name.empty()) material.name = name;
    if (material.formula.empty()) material.formula = options_.formula;
    if (material.family.empty()) material.family = options_.family;
    if (material.mobile_ions.empty()) material.mobile_ions = detail::split_list(options_.mobile_ion);
    if (material.roles.empty()) material.roles = {"electrolyte"};
    if (material.family.empty() || material.mobile_ions.empty()) refuse_material(row, column, name);
    if (!material.formula.empty()) {
      try {
        base::Formula::parse(material.formula);
      } catch (const base::InputError& error) {
        throw base::InputError(document_.place(row, column),
                               "the formula '" + material.formula + "' of '" + name + "': " + error.problem());
      }
    }
    note_new_family(material.family);
    id = material.id;
    return material;
  }

  [[noreturn]] void refuse_material(const table::CsvRow& row, std::size_t column, const std::string& name) const {
    const std::string new_one = "for a new material the columns or options formula, family and mobile_ion";
    try {
      static_cast<void>(library_.material(name));
    } catch (const base::InputError& error) {
      throw base::InputError(document_.place(row, column), error.problem(), new_one);
    }
    throw base::InternalError("the material '" + name + "' is both known and unknown");
  }

  void note_new_family(const std::string& family) {
    std::vector<std::string> families;
    for (const Material& material : library_.materials()) families.push_back(material.family);
    if (std::ranges::find(families, family) != families.end()) return;
    std::ranges::sort(families);
    families.erase(std::unique(families.begin(), families.end()), families.end());
    const std::string near = base::did_you_mean(family, families);
    result_.notes.push_back("'" + family + "' is a new family" + (near.empty() ? "" : "; " + near));
  }

  /// Checks the facts of a row, whose numbers stand in `columns`, and takes all of them or, by throwing, none.
  void finish(const table::CsvRow& row, const std::vector<std::size_t>& columns, std::vector<Fact>& facts) {
    std::vector<std::string> identities;
    for (std::size_t i = 0; i < facts.size(); ++i) {
      Fact& fact = facts[i];
      const base::Place place = document_.place(row, columns[i]);
      fact.from_user = true;
      if (fact.source.empty()) {
        fact.source = options_.source.empty() ? "own measurement, " + document_.file : options_.source;
      }
      for (const Finding& finding : check_fact(fact)) {
        if (finding.severity == Severity::error) throw base::InputError(place, finding.text);
        if (finding.severity == Severity::warning) result_.notes.push_back(finding.text);
      }
      identities.push_back(identity(fact));
      if (const auto found = seen_.find(identities.back()); found != seen_.end()) {
        throw base::InputError(place, "the same measurement as " + found->second);
      }
    }
    for (std::size_t i = 0; i < facts.size(); ++i) {
      seen_.emplace(identities[i], "line " + std::to_string(row.line));
      result_.facts.push_back(std::move(facts[i]));
    }
  }

  void keep_used_materials() {
    for (auto& [key, material] : materials_) {
      const auto uses = [&material = material](const Fact& fact) { return fact.material == material.id; };
      if (std::ranges::any_of(result_.facts, uses)) result_.materials.push_back(std::move(material));
    }
  }

  const table::CsvDocument& document_;
  const Library& library_;
  const ImportOptions& options_;
  ImportResult result_;
  detail::UnitCache units_;
  std::map<std::string, Material> materials_;          ///< new ones by key
  std::unordered_map<std::string, std::string> seen_;  ///< identity → where it stands
  std::unordered_map<std::string, std::size_t> ids_;   ///< ids of the file → line
};

}  // namespace

ImportResult read_measurements(std::string_view text, std::string file, const Library& library,
                               const ImportOptions& options) {
  const table::CsvDocument document = table::parse_csv(text, std::move(file), table::CsvErrors::collect);
  return Import(document, library, options).run();
}

std::optional<Batch> store_measurements(UserStore& store, const ImportResult& result, std::string file, bool keep_good,
                                        const base::Progress& progress) {
  if (result.facts.empty() || (!result.rejected.empty() && !keep_good)) return std::nullopt;
  return store.add(std::move(file), result.materials, result.facts, progress);
}

std::vector<Fact> read_facts_csv(std::string_view text, std::string file) {
  const table::CsvDocument document = table::parse_csv(text, std::move(file));
  const std::vector<std::size_t> positions = detail::columns_of(document, detail::fact_columns, table_column);
  const std::size_t table = document.index_of(table_column);
  detail::UnitCache units;
  std::vector<Fact> facts;
  for (const table::CsvRow& row : document.rows) {
    facts.push_back(detail::read_fact(document, row, positions, units));
    if (table != std::string::npos) facts.back().table = row.cells[table].text;
  }
  return facts;
}

}  // namespace closo::library
