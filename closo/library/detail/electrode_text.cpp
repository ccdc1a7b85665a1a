#include "closo/library/detail/electrode_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <map>
#include <set>
#include <utility>

#include "closo/base/element.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/base/suggestion.hpp"
#include "closo/library/detail/fact_schema.hpp"
#include "closo/table/csv.hpp"

namespace closo::library::detail {
namespace {

constexpr double rise_allowed = 1e-3;  // V, as cell::OpenCircuit
constexpr double millivolt = 1e-3;

/// One file with its columns found by name.
class Sheet {
 public:
  Sheet(std::string_view text, std::string file, std::span<const std::string_view> columns)
      : document_(table::parse_csv(text, std::move(file))),
        names_(columns),
        positions_(columns_of(document_, columns)) {}

  const table::CsvDocument& document() const noexcept { return document_; }

  const std::string& text(const table::CsvRow& row, std::string_view column) const {
    return row.cells[position(column)].text;
  }
  std::optional<double> number(const table::CsvRow& row, std::string_view column) const {
    return number_at(document_, row, position(column));
  }
  double required(const table::CsvRow& row, std::string_view column) const {
    if (const auto value = number(row, column)) return *value;
    fail(row, column, "the column '" + std::string(column) + "' is empty", "a number");
  }
  /// A number in milli-units of the column → SI.
  std::optional<double> milli(const table::CsvRow& row, std::string_view column) const {
    const auto value = number(row, column);
    return value ? std::optional<double>(*value * millivolt) : std::nullopt;
  }
  [[noreturn]] void fail(const table::CsvRow& row, std::string_view column, std::string problem,
                         std::string expected = {}) const {
    throw base::InputError(document_.place(row, position(column)), std::move(problem), std::move(expected));
  }
  [[noreturn]] void refuse(const table::CsvRow& row, std::string_view column, const std::string& what,
                           const std::vector<std::string>& known) const {
    const std::string near = base::did_you_mean(text(row, column), known);
    std::string all;
    for (const std::string& each : known) all += (all.empty() ? "" : ", ") + each;
    fail(row, column, "unknown " + what + " '" + text(row, column) + "'" + (near.empty() ? "" : "; " + near),
         "one of " + all);
  }
  /// Index of the cell's text among choices.
  std::size_t choice(const table::CsvRow& row, std::string_view column, const std::string& what,
                     std::initializer_list<std::string_view> choices) const {
    const auto found = std::ranges::find(choices, std::string_view(text(row, column)));
    if (found == choices.end()) refuse(row, column, what, {choices.begin(), choices.end()});
    return static_cast<std::size_t>(found - choices.begin());
  }
  void require_known(const table::CsvRow& row, std::string_view column, const std::string& what,
                     const std::set<std::string>& known) const {
    if (!known.contains(text(row, column))) refuse(row, column, what, {known.begin(), known.end()});
  }
  void insert_id(const table::CsvRow& row, std::set<std::string>& ids) const {
    if (text(row, "id").empty()) fail(row, "id", "the column 'id' is empty");
    if (!ids.insert(text(row, "id")).second) fail(row, "id", "the id '" + text(row, "id") + "' stands twice");
  }

 private:
  std::size_t position(std::string_view column) const {
    const auto found = std::ranges::find(names_, column);
    if (found == names_.end()) throw base::InternalError("no column '" + std::string(column) + "' was asked for");
    return positions_[static_cast<std::size_t>(found - names_.begin())];
  }

  table::CsvDocument document_;
  std::span<const std::string_view> names_;
  std::vector<std::size_t> positions_;
};

constexpr std::array<std::string_view, 8> material_columns{"id",  "name", "formula", "electrons_per_formula",
                                                           "ion", "role", "aliases", "note"};
constexpr std::array<std::string_view, 8> source_columns{"id",   "authors", "title",   "published",
                                                         "year", "doi",     "licence", "note"};
constexpr std::array<std::string_view, 12> number_columns{"material", "quantity", "value",         "low",
                                                          "high",     "unit",     "temperature_K", "kind",
                                                          "use",      "source",   "locator",       "note"};
constexpr std::array<std::string_view, 17> curve_columns{"id",
                                                         "material",
                                                         "use",
                                                         "branch",
                                                         "form",
                                                         "file",
                                                         "low",
                                                         "high",
                                                         "shift_mV",
                                                         "temperature_K",
                                                         "temperature_low_K",
                                                         "temperature_high_K",
                                                         "uncertainty_mV",
                                                         "hysteresis_mV",
                                                         "kind",
                                                         "source",
                                                         "note"};
constexpr std::array<std::string_view, 6> term_columns{"curve", "function", "a", "b", "c", "is_thermal"};
constexpr std::array<std::string_view, 3> entropy_columns{"curve", "stoichiometry", "dUdT_mV_per_K"};
constexpr std::array<std::string_view, 2> table_columns{"stoichiometry", "potential_V"};

DataKind kind_of(const Sheet& sheet, const table::CsvRow& row) {
  constexpr std::array<DataKind, 5> kinds{DataKind::measured, DataKind::computed, DataKind::literature,
                                          DataKind::estimated, DataKind::guess};
  return kinds[sheet.choice(row, "kind", "kind", {"measured", "computed", "literature", "estimated", "guess"})];
}

bool is_preferred(const Sheet& sheet, const table::CsvRow& row) {
  return sheet.choice(row, "use", "use", {"preferred", "alternative"}) == 0;
}

class Reader {
 public:
  Reader(std::span<const ElectrodeFile> files, std::string folder) : files_(files), folder_(std::move(folder)) {}

  void read(std::vector<ElectrodeMaterial>& materials, std::vector<ElectrodeSource>& sources) {
    read_sources(sources);
    read_materials(materials);
    read_numbers(materials);
    std::vector<ElectrodeCurve> curves = read_curves();
    read_terms(curves);
    read_entropies(curves);
    for (const ElectrodeFile& file : files_) {
      if (!used_.contains(file.name)) {
        throw base::InputError({path(file.name), 0, 0}, "nothing refers to this file",
                               file.name.starts_with("ocp/") ? "a row in curves.csv" : "");
      }
    }
    for (ElectrodeMaterial& material : materials) distribute(curves, material);
  }

 private:
  std::string path(const std::string& name) const { return folder_.empty() ? name : folder_ + "/" + name; }

  Sheet sheet(const std::string& name, std::span<const std::string_view> columns) {
    for (const ElectrodeFile& file : files_) {
      if (file.name != name) continue;
      used_.insert(name);
      return {file.text, path(name), columns};
    }
    throw base::InputError({path(name), 0, 0}, "the file is missing");
  }

  void read_sources(std::vector<ElectrodeSource>& sources) {
    const Sheet file = sheet("sources.csv", source_columns);
    for (const table::CsvRow& row : file.document().rows) {
      file.insert_id(row, source_ids_);
      const auto text = [&](std::string_view column) { return file.text(row, column); };
      sources.push_back({text("id"), text("authors"), text("title"), text("published"), text("year"), text("doi"),
                         text("licence"), text("note")});
    }
  }

  void read_materials(std::vector<ElectrodeMaterial>& materials) {
    const Sheet file = sheet("materials.csv", material_columns);
    for (const table::CsvRow& row : file.document().rows) {
      file.insert_id(row, material_ids_);
      ElectrodeMaterial material;
      material.id = file.text(row, "id");
      material.name = file.text(row, "name");
      try {
        material.formula = base::Formula::parse(file.text(row, "formula"));
      } catch (const base::InputError& error) {
        throw error.at(file.document().place(row, file.document().index_of("formula")));
      }
      material.electrons = file.required(row, "electrons_per_formula");
      if (!(material.electrons > 0.0 && material.electrons <= 20.0)) {
        file.fail(row, "electrons_per_formula", "this cannot be exchanged per formula unit", "above 0 and at most 20");
      }
      material.ion = file.text(row, "ion");
      if (base::find_element(material.ion) == nullptr) file.fail(row, "ion", "no element", "a symbol such as Li");
      constexpr std::array<ElectrodeMaterial::Role, 3> roles{
          ElectrodeMaterial::Role::insertion, ElectrodeMaterial::Role::conversion, ElectrodeMaterial::Role::metal};
      material.role = roles[file.choice(row, "role", "role", {"insertion", "conversion", "metal"})];
      material.aliases = split_list(file.text(row, "aliases"));
      material.note = file.text(row, "note");
      materials.push_back(std::move(material));
    }
  }

  void read_numbers(std::vector<ElectrodeMaterial>& materials) {
    const Sheet file = sheet("numbers.csv", number_columns);
    std::vector<std::string> names;
    for (const ElectrodeQuantity& quantity : electrode_quantities()) names.emplace_back(quantity.name);
    for (const table::CsvRow& row : file.document().rows) {
      file.require_known(row, "material", "material", material_ids_);
      file.require_known(row, "source", "source", source_ids_);
      const std::string& quantity = file.text(row, "quantity");
      const auto rule = std::ranges::find(electrode_quantities(), quantity, &ElectrodeQuantity::name);
      if (rule == electrode_quantities().end()) file.refuse(row, "quantity", "quantity", names);
      ElectrodeNumber number = read_number(file, row, *rule);
      const auto material = std::ranges::find(materials, file.text(row, "material"), &ElectrodeMaterial::id);
      if (number.is_preferred && material->find(quantity) != nullptr) {
        file.fail(row, "use", material->id + " has a preferred " + quantity + " already", "alternative");
      }
      material->numbers.push_back(std::move(number));
    }
    for (const ElectrodeMaterial& material : materials) {
      for (const ElectrodeNumber& number : material.numbers) {
        if (material.find(number.quantity) != nullptr) continue;
        throw base::InputError({file.document().file, 0, 0},
                               material.id + " has only alternatives of " + number.quantity, "one preferred row");
      }
    }
  }

  ElectrodeNumber read_number(const Sheet& file, const table::CsvRow& row, const ElectrodeQuantity& rule) {
    const base::Unit& customary = units_.parse(std::string(rule.unit));
    ElectrodeNumber number;
    number.quantity = rule.name;
    try {
      number.unit = units_.parse(file.text(row, "unit"));
    } catch (const base::InputError& error) {
      throw error.at(file.document().place(row, file.document().index_of("unit")));
    }
    if (!number.unit.is_compatible_with(customary)) {
      file.fail(row, "unit", "'" + file.text(row, "unit") + "' does not measure " + number.quantity,
                "a unit such as " + std::string(rule.unit));
    }
    const auto inside = [&](std::string_view column, double value) {
      const double shown = customary.from_si(number.unit.to_si(value));
      // Conversion may round the ends of the range.
      if (!(shown >= rule.low - 1e-12 * std::abs(rule.low) && shown <= rule.high + 1e-12 * std::abs(rule.high))) {
        file.fail(
            row, column,
            base::format_number(shown) + " " + std::string(rule.unit) + " is no possible " + number.quantity,
            base::format_number(rule.low) + " to " + base::format_number(rule.high) + " " + std::string(rule.unit));
      }
      return number.unit.to_si(value);
    };
    number.value = inside("value", file.required(row, "value"));
    if (const auto low = file.number(row, "low")) number.low = inside("low", *low);
    if (const auto high = file.number(row, "high")) number.high = inside("high", *high);
    if ((number.low && *number.low > number.value) || (number.high && *number.high < number.value)) {
      file.fail(row, "value", "the value lies outside of its own range");
    }
    number.temperature = temperature(file, row, "temperature_K");
    number.kind = kind_of(file, row);
    number.is_preferred = is_preferred(file, row);
    number.source = file.text(row, "source");
    number.locator = file.text(row, "locator");
    number.note = file.text(row, "note");
    return number;
  }

  static std::optional<double> temperature(const Sheet& file, const table::CsvRow& row, std::string_view column) {
    const auto value = file.number(row, column);
    if (value && !(*value >= 50.0 && *value <= 2000.0))
      file.fail(row, column, "no possible temperature", "50 to 2000 K");
    return value;
  }

  std::vector<ElectrodeCurve> read_curves() {
    const Sheet file = sheet("curves.csv", curve_columns);
    std::vector<ElectrodeCurve> curves;
    std::set<std::string> preferred;
    for (const table::CsvRow& row : file.document().rows) {
      file.insert_id(row, curve_ids_);
      file.require_known(row, "material", "material", material_ids_);
      file.require_known(row, "source", "source", source_ids_);
      ElectrodeCurve curve;
      curve.id = file.text(row, "id");
      curve.material = file.text(row, "material");
      curve.is_preferred = is_preferred(file, row);
      if (curve.is_preferred && !preferred.insert(curve.material).second) {
        file.fail(row, "use", curve.material + " has a preferred curve already", "alternative");
      }
      constexpr std::array<ElectrodeCurve::Branch, 3> branches{
          ElectrodeCurve::Branch::equilibrium, ElectrodeCurve::Branch::charge, ElectrodeCurve::Branch::discharge};
      curve.branch = branches[file.choice(row, "branch", "branch", {"equilibrium", "charge", "discharge"})];
      if (file.choice(row, "form", "form", {"formula", "table"}) == 1) {
        if (file.text(row, "file").empty()) file.fail(row, "file", "a table needs its file", "ocp/<curve>.csv");
        read_table(file.text(row, "file"), curve);
      } else {
        curve.low = file.required(row, "low");
        curve.high = file.required(row, "high");
        if (!(curve.low >= 0.0 && curve.low < curve.high && curve.high <= 1.0)) {
          file.fail(row, "low", "no possible range of stoichiometry", "0 ≤ low < high ≤ 1");
        }
        if (!file.text(row, "file").empty()) file.fail(row, "file", "a formula has no file", "an empty cell");
      }
      curve.shift = file.milli(row, "shift_mV").value_or(0.0);
      curve.temperature = temperature(file, row, "temperature_K").value_or(curve.temperature);
      curve.temperature_low = temperature(file, row, "temperature_low_K");
      curve.temperature_high = temperature(file, row, "temperature_high_K");
      curve.uncertainty = file.milli(row, "uncertainty_mV");
      curve.hysteresis = file.milli(row, "hysteresis_mV");
      curve.kind = kind_of(file, row);
      curve.source = file.text(row, "source");
      curve.note = file.text(row, "note");
      curves.push_back(std::move(curve));
    }
    for (const std::string& material : material_ids_) {
      if (!preferred.contains(material)) {
        throw base::InputError({file.document().file, 0, 0}, material + " has no preferred open-circuit curve");
      }
    }
    return curves;
  }

  void read_table(const std::string& name, ElectrodeCurve& curve) {
    const Sheet file = sheet(name, table_columns);
    double lowest = 0.0;
    for (const table::CsvRow& row : file.document().rows) {
      const double z = file.required(row, "stoichiometry");
      const double potential = file.required(row, "potential_V");
      if (!(z >= 0.0 && z <= 1.0)) file.fail(row, "stoichiometry", "no stoichiometry", "0 to 1");
      if (!curve.stoichiometry.empty() && !(z > curve.stoichiometry.back())) {
        file.fail(row, "stoichiometry", "the stoichiometry does not rise");
      }
      if (!(std::abs(potential) <= 10.0)) file.fail(row, "potential_V", "no possible potential", "-10 to 10 V");
      if (!curve.potential.empty() && potential > lowest + rise_allowed) {
        file.fail(row, "potential_V", "the potential rises with stoichiometry", "a falling curve");
      }
      lowest = curve.potential.empty() ? potential : std::min(lowest, potential);
      curve.stoichiometry.push_back(z);
      curve.potential.push_back(potential);
    }
    if (curve.stoichiometry.size() < 2) {
      throw base::InputError({file.document().file, 0, 0}, "a curve of fewer than two points");
    }
    curve.low = curve.stoichiometry.front();
    curve.high = curve.stoichiometry.back();
  }

  static ElectrodeCurve& curve_at(const Sheet& file, const table::CsvRow& row, std::vector<ElectrodeCurve>& curves) {
    const auto found = std::ranges::find(curves, file.text(row, "curve"), &ElectrodeCurve::id);
    if (found == curves.end()) {
      std::vector<std::string> known;
      for (const ElectrodeCurve& curve : curves) known.push_back(curve.id);
      file.refuse(row, "curve", "curve", known);
    }
    return *found;
  }

  void read_terms(std::vector<ElectrodeCurve>& curves) {
    const Sheet file = sheet("terms.csv", term_columns);
    for (const table::CsvRow& row : file.document().rows) {
      ElectrodeCurve& curve = curve_at(file, row, curves);
      if (!curve.stoichiometry.empty()) file.fail(row, "curve", "this curve is a table, it has no terms");
      using Function = ElectrodeCurveTerm::Function;
      constexpr std::array<Function, 5> functions{Function::power, Function::exponential, Function::tanh,
                                                  Function::ideal, Function::redlich_kister};
      ElectrodeCurveTerm term;
      term.function = functions[file.choice(row, "function", "function",
                                            {"power", "exponential", "tanh", "ideal", "redlich_kister"})];
      term.a = file.required(row, "a");
      term.b = term.function == Function::ideal ? 0.0 : file.required(row, "b");
      const bool has_offset = term.function == Function::exponential || term.function == Function::tanh;
      term.c = has_offset ? file.required(row, "c") : 0.0;
      term.is_thermal = file.choice(row, "is_thermal", "answer", {"no", "yes"}) == 1;
      curve.terms.push_back(term);
    }
    for (const ElectrodeCurve& curve : curves) {
      if (curve.stoichiometry.empty() && curve.terms.empty()) {
        throw base::InputError({file.document().file, 0, 0}, "the formula '" + curve.id + "' has no terms");
      }
    }
  }

  void read_entropies(std::vector<ElectrodeCurve>& curves) {
    const Sheet file = sheet("entropy.csv", entropy_columns);
    for (const table::CsvRow& row : file.document().rows) {
      ElectrodeCurve& curve = curve_at(file, row, curves);
      const double z = file.required(row, "stoichiometry");
      const double slope = file.required(row, "dUdT_mV_per_K") * millivolt;
      if (!(z >= 0.0 && z <= 1.0)) file.fail(row, "stoichiometry", "no stoichiometry", "0 to 1");
      if (!curve.entropy_stoichiometry.empty() && !(z > curve.entropy_stoichiometry.back())) {
        file.fail(row, "stoichiometry", "the stoichiometry does not rise");
      }
      if (!(std::abs(slope) <= 5e-3)) file.fail(row, "dUdT_mV_per_K", "no possible entropy", "-5 to 5 mV/K");
      curve.entropy_stoichiometry.push_back(z);
      curve.entropy.push_back(slope);
    }
  }

  static void distribute(const std::vector<ElectrodeCurve>& curves, ElectrodeMaterial& material) {
    for (const bool preferred : {true, false}) {
      for (const ElectrodeCurve& curve : curves) {
        if (curve.material == material.id && curve.is_preferred == preferred) material.curves.push_back(curve);
      }
    }
  }

  std::span<const ElectrodeFile> files_;
  std::string folder_;
  std::set<std::string> used_, source_ids_, material_ids_, curve_ids_;
  UnitCache units_;
};

}  // namespace

void read_electrode_texts(std::span<const ElectrodeFile> files, const std::string& folder,
                          std::vector<ElectrodeMaterial>& materials, std::vector<ElectrodeSource>& sources) {
  Reader(files, folder).read(materials, sources);
}

}  // namespace closo::library::detail
