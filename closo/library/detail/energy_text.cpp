#include "closo/library/detail/energy_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <map>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "closo/base/constants.hpp"
#include "closo/base/element.hpp"
#include "closo/base/number.hpp"
#include "closo/base/suggestion.hpp"
#include "closo/table/csv.hpp"

namespace closo::library::detail {
namespace {

constexpr double kJ_per_mol_eV = 1000.0 / base::faraday_constant;  // eV per formula unit in 1 kJ/mol
constexpr double largest_formation_eV_per_atom = 20.0;             // beyond any compound: a wrong unit
constexpr std::size_t most_named = 5;                              // phases that a note names

enum class Role : unsigned char {
  formula,
  formula_key,
  phase,
  state,
  formation,  ///< static formation energy
  total,      ///< total energy of a computation
  gibbs,
  enthalpy,
  listed_hull,
  uncertainty,
  grade,
  estimate,
  source,
  source_enthalpy,
  source_gibbs,
  note,
};

struct Unit {
  double factor = 1.0;  ///< to eV
  bool per_atom = false;
};

struct Name {
  std::string_view text;
  Role role;
  Unit unit{};
};

constexpr Unit eV_per_atom{1.0, true}, eV{}, kJ_per_mol{kJ_per_mol_eV, false};

constexpr std::array names = std::to_array<Name>({
    {"formula", Role::formula},
    {"formula_pretty", Role::formula},
    {"formula_key", Role::formula_key},
    {"phase", Role::phase},
    {"structure", Role::phase},
    {"material_id", Role::phase},
    {"entry_id", Role::phase},
    {"state", Role::state},
    {"e_form_eV_per_atom", Role::formation, eV_per_atom},
    {"formation_energy_eV_per_atom", Role::formation, eV_per_atom},
    {"formation_energy_per_atom", Role::formation, eV_per_atom},
    {"e_form_eV", Role::formation, eV},
    {"formation_energy_eV", Role::formation, eV},
    {"e_form_kJ_per_mol", Role::formation, kJ_per_mol},
    {"energy_eV_per_atom", Role::total, eV_per_atom},
    {"energy_per_atom", Role::total, eV_per_atom},
    {"energy_eV", Role::total, eV},
    {"dGf298_kJ_per_mol", Role::gibbs, kJ_per_mol},
    {"dGf298_kJ_per_mol_fu", Role::gibbs, kJ_per_mol},
    {"dGf298_eV", Role::gibbs, eV},
    {"dGf298_eV_per_atom", Role::gibbs, eV_per_atom},
    {"dHf298_kJ_per_mol", Role::enthalpy, kJ_per_mol},
    {"dHf298_kJ_per_mol_fu", Role::enthalpy, kJ_per_mol},
    {"dHf298_eV", Role::enthalpy, eV},
    {"e_decomp_eV_per_atom", Role::listed_hull, eV_per_atom},
    {"uncertainty", Role::uncertainty},  // in the unit of the energy
    {"uncertainty_eV_per_atom", Role::uncertainty, eV_per_atom},
    {"uncertainty_eV", Role::uncertainty, eV},
    {"uncertainty_kJ_per_mol", Role::uncertainty, kJ_per_mol},
    {"uncertainty_kJ", Role::uncertainty, kJ_per_mol},
    {"grade", Role::grade},
    {"estimate", Role::estimate},
    {"is_estimate", Role::estimate},
    {"source", Role::source},
    {"source_id", Role::source},
    {"source_dHf", Role::source_enthalpy},
    {"source_dGf", Role::source_gibbs},
    {"note", Role::note},
});

constexpr const char* accepted_energies =
    "one column of energies: e_form_eV_per_atom, e_form_eV, dGf298_kJ_per_mol, dGf298_eV, or total energies as "
    "energy_eV_per_atom or energy_eV";

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

/// "dGf_400K_kJ_per_mol" or "dGf_400K_eV": the temperature and unit; nothing for another column.
std::optional<std::pair<double, Unit>> tabulated_temperature(std::string_view header) {
  const std::string text = lower(header);
  if (!text.starts_with("dgf_")) return std::nullopt;
  const std::size_t end = text.find("k_", 4);
  if (end == std::string::npos) return std::nullopt;
  const std::optional<double> kelvin = base::try_parse_number(std::string_view(text).substr(4, end - 4));
  const std::string_view unit = std::string_view(text).substr(end + 2);
  if (!kelvin || !(*kelvin > 0.0 && *kelvin <= 10'000.0)) return std::nullopt;
  if (unit == "kj_per_mol") return std::pair{*kelvin, kJ_per_mol};
  if (unit == "ev") return std::pair{*kelvin, eV};
  return std::nullopt;
}

struct Column {
  std::size_t position = 0;
  Unit unit{};
};

struct TableOfGibbs {
  double temperature = 0.0;
  Column column;
};

/// Which column holds what.
struct Layout {
  std::map<Role, Column> columns;
  std::vector<TableOfGibbs> temperatures;  ///< rising
  std::vector<std::string> notes;

  const Column* find(Role role) const {
    const auto found = columns.find(role);
    return found == columns.end() ? nullptr : &found->second;
  }
};

base::Place header_place(const table::CsvDocument& document) { return {document.file, document.header_line, 0}; }

void refuse_unknown_column(const table::CsvDocument& document, const std::string& header) {
  std::vector<std::string> known;
  for (const Name& name : names) known.emplace_back(name.text);
  const std::string near = base::did_you_mean(header, known);
  if (!near.empty()) {
    throw base::InputError(header_place(document), "the column '" + header + "' is unknown; " + near,
                           "the names of data/energies/README.md");
  }
}

/// The one column of energies; two different ones would be two sets in one file.
Role energy_role(const table::CsvDocument& document, const Layout& layout) {
  std::vector<Role> found;
  for (const Role role : {Role::formation, Role::gibbs, Role::total}) {
    if (layout.find(role) != nullptr) found.push_back(role);
  }
  if (found.empty())
    throw base::InputError(header_place(document), "there is no column of energies", accepted_energies);
  if (found.size() > 1) {
    throw base::InputError(header_place(document),
                           "the file mixes two kinds of energies, '" +
                               document.header[layout.find(found[0])->position] + "' and '" +
                               document.header[layout.find(found[1])->position] + "'",
                           accepted_energies);
  }
  return found.front();
}

Layout layout_of(const table::CsvDocument& document) {
  Layout layout;
  for (std::size_t i = 0; i < document.header.size(); ++i) {
    const std::string& header = document.header[i];
    if (const auto temperature = tabulated_temperature(header)) {
      layout.temperatures.push_back({temperature->first, {i, temperature->second}});
      continue;
    }
    const auto* const name =
        std::ranges::find_if(names, [text = lower(header)](const Name& n) { return lower(n.text) == text; });
    if (name == names.end()) {
      refuse_unknown_column(document, header);
      layout.notes.push_back("the column '" + header + "' is not used");
    } else if (!layout.columns.emplace(name->role, Column{i, name->unit}).second) {
      throw base::InputError(header_place(document),
                             "the columns '" + document.header[layout.columns.at(name->role).position] + "' and '" +
                                 header + "' say the same",
                             "one of them");
    }
  }
  if (layout.find(Role::formula) == nullptr) {
    const Column* key = layout.find(Role::formula_key);
    if (key == nullptr)
      throw base::InputError(header_place(document), "there is no column 'formula'", "a column 'formula'");
    layout.columns.emplace(Role::formula, *key);
  }
  std::ranges::sort(layout.temperatures, {}, &TableOfGibbs::temperature);
  for (std::size_t i = 1; i < layout.temperatures.size(); ++i) {
    if (layout.temperatures[i - 1].temperature == layout.temperatures[i].temperature) {
      throw base::InputError(header_place(document), "two columns hold the Gibbs energy at the same temperature",
                             "one column a temperature");
    }
  }
  return layout;
}

/// Bits of the element symbols in a formula, right for every formula that can be read; quicker than reading it.
ElementMask symbols_in(std::string_view formula) {
  ElementMask mask;
  for (std::size_t i = 0; i < formula.size(); ++i) {
    if (formula[i] < 'A' || formula[i] > 'Z') continue;
    const std::size_t length = i + 1 < formula.size() && formula[i + 1] >= 'a' && formula[i + 1] <= 'z' ? 2 : 1;
    if (const base::Element* element = base::find_element(formula.substr(i, length))) mask.add(element->number);
  }
  return mask;
}

/// Text that is equal for equal compositions: elements in order with their reduced amounts.
std::string composition_key(const base::Formula& formula, bool as_stated) {
  std::vector<std::pair<int, double>> amounts;
  long divisor = 0;
  bool are_whole = true;
  for (const base::ElementAmount& term : formula.terms()) {
    amounts.emplace_back(term.element->number, term.amount);
    are_whole = are_whole && term.amount == std::round(term.amount) && term.amount < 1e9;
    if (are_whole) divisor = std::gcd(divisor, static_cast<long>(term.amount));
  }
  if (!as_stated && are_whole) {
    for (auto& [number, amount] : amounts) amount /= static_cast<double>(divisor);
  } else if (!as_stated) {
    amounts.clear();
    const base::Formula reduced = formula.reduced();
    for (const base::ElementAmount& term : reduced.terms()) amounts.emplace_back(term.element->number, term.amount);
  }
  std::sort(amounts.begin(), amounts.end());
  std::string key;
  for (const auto& [number, amount] : amounts) {
    std::array<char, 1 + sizeof(double)> bytes{};
    bytes[0] = static_cast<char>(number);
    std::memcpy(bytes.data() + 1, &amount, sizeof amount);
    key.append(bytes.data(), bytes.size());
  }
  return key;
}

class Reader {
 public:
  Reader(const table::CsvDocument& document, const Layout& layout, Role energy)
      : document_(document), layout_(layout), energy_(energy) {}

  EnergySet read(const std::optional<ElementMask>& elements) {
    EnergySet set;
    set.kind = energy_ == Role::gibbs ? EnergyKind::gibbs : EnergyKind::static_dft;
    set.id = std::filesystem::path(document_.file).stem().string();
    set.title = std::filesystem::path(document_.file).filename().string();
    const std::size_t formula_position = layout_.find(Role::formula)->position;
    if (!elements) {
      set.rows.reserve(document_.rows.size());
      seen_.reserve(document_.rows.size());
    }
    for (const table::CsvRow& row : document_.rows) {
      if (elements && !symbols_in(row.cells[formula_position].text).is_within(*elements)) continue;
      if (std::optional<EnergyRow> read = read_row(row)) set.rows.push_back(std::move(*read));
    }
    if (energy_ == Role::total) subtract_elements(set);
    check_sizes(set);
    set.notes = layout_.notes;
    note_left_out(set);
    return set;
  }

 private:
  const std::string& text(const table::CsvRow& row, Role role) const {
    static const std::string none;
    const Column* column = layout_.find(role);
    return column == nullptr ? none : row.cells[column->position].text;
  }

  base::Place place(const table::CsvRow& row, Role role) const {
    return document_.place(row, layout_.find(role)->position);
  }

  /// Number of a cell as it stands; nothing for an empty cell.
  std::optional<double> number(const table::CsvRow& row, std::size_t position) const {
    const std::string& cell = row.cells[position].text;
    if (cell.empty()) return std::nullopt;
    double value = 0.0;
    const auto result = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (result.ec == std::errc{} && result.ptr == cell.data() + cell.size() && std::isfinite(value)) return value;
    try {
      return base::parse_number(cell);
    } catch (const base::InputError& error) {
      throw error.at(document_.place(row, position));
    }
  }

  std::optional<double> energy(const table::CsvRow& row, const Column& column, double atoms) const {
    const std::optional<double> value = number(row, column.position);
    if (!value) return std::nullopt;
    return *value * column.unit.factor * (column.unit.per_atom ? atoms : 1.0);
  }

  std::optional<double> energy(const table::CsvRow& row, Role role, double atoms) const {
    const Column* column = layout_.find(role);
    return column == nullptr ? std::nullopt : energy(row, *column, atoms);
  }

  base::Formula formula(const table::CsvRow& row) const {
    const std::string& cell = text(row, Role::formula);
    base::Formula formula;
    try {
      formula = base::Formula::parse(cell);
    } catch (const base::InputError& error) {
      throw error.at(place(row, Role::formula));
    }
    if (formula.charge() != 0) {
      throw base::InputError(place(row, Role::formula), "'" + cell + "' carries a charge", "a neutral formula");
    }
    return formula;
  }

  PhaseState state(const table::CsvRow& row, const std::string& phase) const {
    const std::string stated = lower(text(row, Role::state));
    if (stated.empty()) {
      const std::string words = lower(phase);
      return words == "gas" ? PhaseState::gas : words == "liquid" ? PhaseState::liquid : PhaseState::solid;
    }
    for (const PhaseState state : {PhaseState::solid, PhaseState::liquid, PhaseState::gas}) {
      if (stated == to_string(state) || stated == to_string(state).substr(0, 1)) return state;
    }
    throw base::InputError(place(row, Role::state), "'" + text(row, Role::state) + "' is no state of matter",
                           "solid, liquid or gas");
  }

  bool estimate(const table::CsvRow& row) const {
    const std::string stated = lower(text(row, Role::estimate));
    for (const std::string_view yes : {"yes", "true", "1"}) {
      if (stated == yes) return true;
    }
    for (const std::string_view no : {"", "no", "false", "0"}) {
      if (stated == no) return false;
    }
    throw base::InputError(place(row, Role::estimate), "'" + text(row, Role::estimate) + "' is neither yes nor no",
                           "yes, no or nothing");
  }

  std::string source(const table::CsvRow& row) const {
    if (layout_.find(Role::source) != nullptr) return text(row, Role::source);
    const std::string& enthalpy = text(row, Role::source_enthalpy);
    const std::string& gibbs = text(row, Role::source_gibbs);
    if (enthalpy.empty() || gibbs.empty() || enthalpy == gibbs) return enthalpy.empty() ? gibbs : enthalpy;
    return enthalpy + ";" + gibbs;
  }

  std::optional<double> uncertainty(const table::CsvRow& row, double atoms) const {
    const Column* column = layout_.find(Role::uncertainty);
    if (column == nullptr) return std::nullopt;
    Column in_unit = *column;
    if (lower(document_.header[column->position]) == "uncertainty") in_unit.unit = layout_.find(energy_)->unit;
    const std::optional<double> value = energy(row, in_unit, atoms);
    if (value && *value < 0.0) {
      throw base::InputError(place(row, Role::uncertainty), "the uncertainty is negative", "0 or more");
    }
    return value;
  }

  std::optional<EnergyRow> read_row(const table::CsvRow& row) {
    EnergyRow read;
    read.formula = formula(row);
    read.name = text(row, Role::formula);
    read.line = row.line;
    read.phase = text(row, Role::phase);
    read.state = state(row, read.phase);
    refuse_duplicate(row, read);
    const double atoms = read.formula.atoms();
    read.enthalpy_eV = energy(row, Role::enthalpy, atoms);
    const std::optional<double> value = energy(row, energy_, atoms);
    if (!value) {
      // An enthalpy alone has no place in a hull of Gibbs energies; without one the row says nothing at all.
      if (energy_ == Role::gibbs && read.enthalpy_eV) {
        left_out_.push_back(read.name);
        return std::nullopt;
      }
      throw base::InputError(place(row, energy_), "the phase '" + read.name + "' has no energy", "a number");
    }
    read.energy_eV = *value;
    read.uncertainty_eV = uncertainty(row, atoms);
    read.listed_hull_eV_per_atom = energy(row, Role::listed_hull, 1.0);
    for (const TableOfGibbs& point : layout_.temperatures) {
      if (const std::optional<double> at = energy(row, point.column, atoms)) {
        read.gibbs_eV.emplace_back(point.temperature, *at);
      }
    }
    read.grade = text(row, Role::grade);
    read.is_estimate = estimate(row);
    read.source = source(row);
    read.note = text(row, Role::note);
    return read;
  }

  /// Gases are told apart by their molecule (O2, O3), other phases by their composition.
  void refuse_duplicate(const table::CsvRow& row, const EnergyRow& read) {
    std::string key = composition_key(read.formula, read.state == PhaseState::gas);
    key += read.phase;
    const auto [first, is_new] = seen_.emplace(std::move(key), row.line);
    if (is_new) return;
    throw base::InputError(
        place(row, Role::formula),
        "'" + read.name + "'" + (read.phase.empty() ? "" : " (" + read.phase + ")") + " stands in line " +
            std::to_string(first->second) + " and in line " + std::to_string(row.line),
        "each phase once; modifications of one composition need different names in a column 'phase'");
  }

  /// Total energies become formation energies from the lowest row of each element.
  void subtract_elements(EnergySet& set) const {
    std::map<std::string_view, double> elements;
    for (const EnergyRow& row : set.rows) {
      if (row.formula.terms().size() != 1) continue;
      const double per_atom = row.energy_eV / row.formula.atoms();
      const auto [found, is_new] = elements.emplace(row.formula.terms().front().element->symbol, per_atom);
      if (!is_new) found->second = std::min(found->second, per_atom);
    }
    for (EnergyRow& row : set.rows) {
      for (const base::ElementAmount& term : row.formula.terms()) {
        const auto found = elements.find(term.element->symbol);
        if (found == elements.end()) {
          throw base::InputError({document_.file, row.line, 0},
                                 "'" + row.name + "' needs the total energy of the element " +
                                     std::string(term.element->symbol) + ", which the file does not hold",
                                 "a row for each element, or formation energies (e_form_eV_per_atom)");
        }
        row.energy_eV -= term.amount * found->second;
      }
    }
  }

  void check_sizes(const EnergySet& set) const {
    for (const EnergyRow& row : set.rows) {
      const double per_atom = row.energy_eV / row.formula.atoms();
      if (std::abs(per_atom) <= largest_formation_eV_per_atom) continue;
      throw base::InputError(
          {document_.file, row.line, 0},
          "'" + row.name + "' has a formation energy of " + base::format_number(per_atom) + " eV per atom",
          "at most 20 eV per atom: is the unit right?");
    }
  }

  void note_left_out(EnergySet& set) const {
    if (left_out_.empty()) return;
    std::string note = std::to_string(left_out_.size()) + (left_out_.size() == 1 ? " row has" : " rows have") +
                       " an enthalpy but no Gibbs energy and " + (left_out_.size() == 1 ? "is" : "are") + " left out: ";
    for (std::size_t i = 0; i < std::min(left_out_.size(), most_named); ++i)
      note += (i == 0 ? "" : ", ") + left_out_[i];
    if (left_out_.size() > most_named) note += ", …";
    set.notes.push_back(std::move(note));
  }

  const table::CsvDocument& document_;
  const Layout& layout_;
  Role energy_;
  std::unordered_map<std::string, std::size_t> seen_;  ///< composition and phase → line
  std::vector<std::string> left_out_;
};

}  // namespace

EnergySet read_energy_text(std::string_view text, std::string file, const std::optional<ElementMask>& elements) {
  const table::CsvDocument document = table::parse_csv(text, std::move(file));
  const Layout layout = layout_of(document);
  const Role energy = energy_role(document, layout);
  if (energy == Role::total && elements) throw base::InternalError("total energies need the rows of the elements");
  EnergySet set = Reader(document, layout, energy).read(elements);
  if (set.rows.empty() && !elements) {
    throw base::InputError({document.file, 0, 0}, "there is no energy in the file", "one row a phase below the header");
  }
  return set;
}

}  // namespace closo::library::detail
