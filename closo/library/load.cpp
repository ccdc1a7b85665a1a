#include <algorithm>
#include <filesystem>
#include <unordered_set>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/library/detail/fact_schema.hpp"
#include "closo/library/detail/name_key.hpp"
#include "closo/library/library.hpp"
#include "closo/table/csv.hpp"

namespace closo::library {

namespace {

using detail::number_at;
using detail::split_list;
using Names = std::unordered_set<std::string>;

constexpr std::string_view own_source = "closo";  // criteria that closo itself sets

constexpr std::array<std::string_view, 10> material_columns{"id",         "name",  "formula", "role",    "family",
                                                            "mobile_ion", "anion", "phases",  "aliases", "note"};
constexpr std::array<std::string_view, 9> source_columns{"id",   "doi",    "authors", "title", "journal",
                                                         "year", "volume", "pages",   "note"};
constexpr std::array<std::string_view, 9> reference_columns{"id",   "source", "number", "authors", "journal",
                                                            "year", "volume", "page",   "doi"};
constexpr std::array<std::string_view, 16> electrode_columns{"id",
                                                             "material",
                                                             "electrode",
                                                             "formula",
                                                             "electrons_per_formula",
                                                             "mobile_ion",
                                                             "average_voltage_V",
                                                             "voltage_reference",
                                                             "volume_change_percent",
                                                             "density_g_cm3",
                                                             "kind",
                                                             "source",
                                                             "locator",
                                                             "references",
                                                             "flags",
                                                             "note"};
constexpr std::array<std::string_view, 11> criterion_columns{
    "id",   "quantity", "relation", "value", "unit", "temperature_K", "temperature_hi_K",
    "kind", "source",   "locator",  "note"};
constexpr std::array<std::string_view, 5> other_files{"materials", "sources", "references", "electrodes", "criteria"};

/// One file with its columns found; cells are asked for by position in the column list.
class File {
 public:
  File(const std::filesystem::path& path, std::span<const std::string_view> columns)
      : document_(table::parse_csv(base::read_text_file(path), path.string())),
        positions_(detail::columns_of(document_, columns)) {}

  const table::CsvDocument& document() const noexcept { return document_; }
  const std::vector<std::size_t>& positions() const noexcept { return positions_; }
  const std::string& text(const table::CsvRow& row, std::size_t column) const {
    return row.cells[positions_[column]].text;
  }
  std::optional<double> number(const table::CsvRow& row, std::size_t column) const {
    return number_at(document_, row, positions_[column]);
  }
  base::Place place(const table::CsvRow& row, std::size_t column) const {
    return document_.place(row, positions_[column]);
  }

  void insert_id(const table::CsvRow& row, Names& ids) const {
    const std::string& id = text(row, 0);
    if (id.empty()) throw base::InputError(place(row, 0), "the column 'id' is empty");
    if (!ids.insert(id).second) throw base::InputError(place(row, 0), "the id '" + id + "' stands twice");
  }

  void require_known(const table::CsvRow& row, std::size_t column, std::string_view what, const std::string& name,
                     const Names& names) const {
    if (names.contains(name)) return;
    try {
      detail::refuse_unknown(what, name, {names.begin(), names.end()});
    } catch (const base::InputError& error) {
      throw error.at(place(row, column));
    }
  }

 private:
  table::CsvDocument document_;
  std::vector<std::size_t> positions_;
};

/// Names that rows may refer to.
struct Known {
  Names materials, sources, references, facts;
};

std::vector<Source> read_sources(const std::filesystem::path& path, Known& known) {
  std::vector<Source> sources;
  const File file(path, source_columns);
  for (const table::CsvRow& row : file.document().rows) {
    file.insert_id(row, known.sources);
    const auto text = [&](std::size_t column) { return file.text(row, column); };
    sources.push_back({text(0), text(1), text(2), text(3), text(4), text(5), text(6), text(7), text(8)});
  }
  return sources;
}

std::vector<Reference> read_references(const std::filesystem::path& path, Known& known) {
  std::vector<Reference> references;
  const File file(path, reference_columns);
  for (const table::CsvRow& row : file.document().rows) {
    file.insert_id(row, known.references);
    const auto text = [&](std::size_t column) { return file.text(row, column); };
    references.push_back({text(0), text(1), text(2), text(3), text(4), text(5), text(6), text(7), text(8)});
    file.require_known(row, 1, "source", text(1), known.sources);
  }
  return references;
}

std::vector<Material> read_materials(const std::filesystem::path& path, Known& known) {
  std::vector<Material> materials;
  const File file(path, material_columns);
  for (const table::CsvRow& row : file.document().rows) {
    file.insert_id(row, known.materials);
    const auto text = [&](std::size_t column) -> const std::string& { return file.text(row, column); };
    materials.push_back({text(0), text(1), text(2), split_list(text(3)), text(4), split_list(text(5)),
                         split_list(text(6)), split_list(text(7)), split_list(text(8)), text(9)});
  }
  return materials;
}

void check_references(const File& file, const table::CsvRow& row, std::size_t column,
                      const std::vector<std::string>& references, const Known& known) {
  for (const std::string& reference : references) {
    if (reference != "this work") file.require_known(row, column, "reference", reference, known.references);
  }
}

void read_facts(const std::filesystem::path& path, Known& known, detail::UnitCache& units, std::vector<Fact>& facts) {
  const File file(path, detail::fact_columns);
  const std::string table = path.stem().string();
  for (const table::CsvRow& row : file.document().rows) {
    Fact fact = detail::read_fact(file.document(), row, file.positions(), units);
    fact.table = table;
    file.insert_id(row, known.facts);
    file.require_known(row, detail::column_material, "material", fact.material, known.materials);
    file.require_known(row, detail::column_source, "source", fact.source, known.sources);
    check_references(file, row, detail::column_references, fact.references, known);
    facts.push_back(std::move(fact));
  }
}

base::Unit unit_at(const File& file, const table::CsvRow& row, std::size_t column, detail::UnitCache& units) {
  try {
    return units.parse(file.text(row, column));
  } catch (const base::InputError& error) {
    throw error.at(file.place(row, column));
  }
}

std::vector<Electrode> read_electrodes(const std::filesystem::path& path, const Known& known) {
  std::vector<Electrode> electrodes;
  const File file(path, electrode_columns);
  const base::Unit density = base::Unit::parse("g/cm3");
  Names ids;
  for (const table::CsvRow& row : file.document().rows) {
    file.insert_id(row, ids);
    const auto text = [&](std::size_t column) -> const std::string& { return file.text(row, column); };
    Electrode electrode;
    electrode.id = text(0);
    electrode.material = text(1);
    file.require_known(row, 1, "material", electrode.material, known.materials);
    electrode.role = text(2);
    if (electrode.role != "anode" && electrode.role != "cathode") {
      throw base::InputError(file.place(row, 2), "unknown electrode '" + electrode.role + "'", "anode or cathode");
    }
    electrode.formula = text(3);
    electrode.electrons_per_formula = file.number(row, 4);
    electrode.mobile_ion = text(5);
    electrode.average_voltage = file.number(row, 6);
    electrode.voltage_reference = text(7);
    electrode.volume_change_percent = file.number(row, 8);
    if (const auto value = file.number(row, 9)) electrode.density = density.to_si(*value);
    try {
      parse_kind(text(10));
    } catch (const base::InputError& error) {
      throw error.at(file.place(row, 10));
    }
    electrode.kind = text(10);
    electrode.source = text(11);
    file.require_known(row, 11, "source", electrode.source, known.sources);
    electrode.locator = text(12);
    electrode.references = split_list(text(13));
    check_references(file, row, 13, electrode.references, known);
    electrode.flags = split_list(text(14));
    electrode.note = text(15);
    electrodes.push_back(std::move(electrode));
  }
  return electrodes;
}

std::vector<Criterion> read_criteria(const std::filesystem::path& path, const Known& known, detail::UnitCache& units) {
  std::vector<Criterion> criteria;
  const File file(path, criterion_columns);
  Names ids;
  for (const table::CsvRow& row : file.document().rows) {
    file.insert_id(row, ids);
    const auto text = [&](std::size_t column) -> const std::string& { return file.text(row, column); };
    Criterion criterion;
    criterion.id = text(0);
    criterion.quantity = text(1);
    criterion.relation = text(2);
    criterion.value = file.number(row, 3);
    criterion.unit = unit_at(file, row, 4, units);
    criterion.temperature = file.number(row, 5);
    criterion.temperature_hi = file.number(row, 6);
    criterion.source = text(8);
    if (criterion.source != own_source) file.require_known(row, 8, "source", criterion.source, known.sources);
    criterion.locator = text(9);
    criterion.note = text(10);
    criteria.push_back(std::move(criterion));
  }
  return criteria;
}

/// The property tables: every CSV file that is none of the other files, by name.
std::vector<std::filesystem::path> fact_files(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files;
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(directory, problem)) {
    if (entry.path().extension() != ".csv") continue;
    if (std::ranges::find(other_files, entry.path().stem().string()) == other_files.end())
      files.push_back(entry.path());
  }
  if (problem || files.empty()) {
    throw base::InputError({directory.string(), 0, 0}, "there are no library tables here",
                           "a folder with conductivity.csv and the other tables of closo");
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

Library Library::load(const std::filesystem::path& data_directory) {
  const std::filesystem::path directory = data_directory / "library";
  const std::vector<std::filesystem::path> files = fact_files(directory);
  Known known;
  detail::UnitCache units;
  Library library;
  library.sources_ = read_sources(directory / "sources.csv", known);
  library.references_ = read_references(directory / "references.csv", known);
  library.materials_ = read_materials(directory / "materials.csv", known);
  library.index_materials(0);
  for (const std::filesystem::path& file : files) read_facts(file, known, units, library.facts_);
  library.electrodes_ = read_electrodes(directory / "electrodes.csv", known);
  library.criteria_ = read_criteria(directory / "criteria.csv", known, units);
  return library;
}

}  // namespace closo::library
