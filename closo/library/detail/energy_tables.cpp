#include "closo/library/detail/energy_tables.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

#include "closo/base/element.hpp"
#include "closo/base/number.hpp"
#include "closo/base/suggestion.hpp"

namespace closo::library::detail {
namespace {

constexpr std::size_t rows_between_reports = 4096;

/// "400 -1.05;500 -0.82"
std::string gibbs_text(const std::vector<std::pair<double, double>>& points) {
  std::string text;
  for (const auto& [temperature, energy] : points) {
    text += (text.empty() ? "" : ";") + base::format_exact(temperature) + ' ' + base::format_exact(energy);
  }
  return text;
}

std::vector<std::pair<double, double>> gibbs_points(const Connection& connection, const std::string& text) {
  std::vector<std::pair<double, double>> points;
  const char* position = text.data();
  const char* const end = text.data() + text.size();
  while (position < end) {
    std::pair<double, double> point;
    const auto first = std::from_chars(position, end, point.first);
    if (first.ec != std::errc{} || first.ptr == end) throw connection.problem("a Gibbs energy of the store is damaged");
    const auto second = std::from_chars(first.ptr + 1, end, point.second);
    if (second.ec != std::errc{}) throw connection.problem("a Gibbs energy of the store is damaged");
    points.push_back(point);
    position = second.ptr + 1;
  }
  return points;
}

void bind_optional(Statement& statement, int index, const std::optional<double>& value) {
  if (value)
    statement.bind_real(index, *value);
  else
    statement.bind_null(index);
}

std::optional<double> optional_real(const Statement& statement, int column) {
  if (statement.is_null(column)) return std::nullopt;
  return statement.real(column);
}

EnergyKind kind_of(const Connection& connection, const std::string& text) {
  for (const EnergyKind kind : {EnergyKind::static_dft, EnergyKind::gibbs}) {
    if (to_string(kind) == text) return kind;
  }
  throw connection.problem("the store has a set of energies of the unknown kind '" + text + "'");
}

}  // namespace

const char* const create_energy_tables = R"sql(
CREATE TABLE energy_sets (
  batch INTEGER PRIMARY KEY REFERENCES batches(id) ON DELETE CASCADE,
  id TEXT NOT NULL UNIQUE COLLATE NOCASE, kind TEXT NOT NULL, title TEXT NOT NULL, citation TEXT NOT NULL,
  doi TEXT NOT NULL, licence TEXT NOT NULL, rows INTEGER NOT NULL);
CREATE TABLE energy_rows (
  batch INTEGER NOT NULL REFERENCES batches(id) ON DELETE CASCADE,
  elements_low INTEGER NOT NULL, elements_high INTEGER NOT NULL, line INTEGER NOT NULL,
  name TEXT NOT NULL, phase TEXT NOT NULL, state INTEGER NOT NULL, energy_eV REAL NOT NULL, enthalpy_eV REAL,
  uncertainty_eV REAL, listed_hull_eV_per_atom REAL, gibbs_eV TEXT NOT NULL, grade TEXT NOT NULL,
  is_estimate INTEGER NOT NULL, source TEXT NOT NULL, note TEXT NOT NULL);
CREATE INDEX energy_rows_of_system ON energy_rows(batch, elements_low, elements_high);
)sql";

ElementMask mask_of(const base::Formula& formula) noexcept {
  ElementMask mask;
  for (const base::ElementAmount& term : formula.terms()) mask.add(term.element->number);
  return mask;
}

ElementMask mask_of(std::span<const std::string> symbols) {
  ElementMask mask;
  for (const std::string& symbol : symbols) {
    const base::Element* element = base::find_element(symbol);
    if (element == nullptr) {
      std::vector<std::string> known;
      for (const base::Element& candidate : base::elements()) known.emplace_back(candidate.symbol);
      const std::string near = base::did_you_mean(symbol, known);
      throw base::InputError({}, "there is no element '" + symbol + "'" + (near.empty() ? "" : "; " + near),
                             "symbols of elements such as Li");
    }
    mask.add(element->number);
  }
  return mask;
}

void insert_energy_set(const Connection& connection, long batch, const EnergySet& set, const base::Progress& progress) {
  {
    Statement existing(connection, "SELECT count(*) FROM energy_sets WHERE id = ?");
    existing.bind(1, set.id).step();
    if (existing.number(0) != 0) {
      throw connection.problem("the set of energies '" + set.id + "' is in the store already",
                               "another name, or its batch to be removed before");
    }
  }
  Statement head(connection, "INSERT INTO energy_sets VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  head.bind(1, batch).bind(2, set.id).bind(3, to_string(set.kind)).bind(4, set.title).bind(5, set.citation);
  head.bind(6, set.doi).bind(7, set.licence).bind(8, static_cast<long>(set.rows.size())).run();

  std::vector<ElementMask> masks;
  masks.reserve(set.rows.size());
  for (const EnergyRow& row : set.rows) masks.push_back(mask_of(row.formula));
  std::vector<std::size_t> order(set.rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  // Signed, as SQLite compares: the index then only grows at its end.
  const auto key = [&masks](std::size_t i) {
    return std::pair{static_cast<std::int64_t>(masks[i].bits[0]), static_cast<std::int64_t>(masks[i].bits[1])};
  };
  std::stable_sort(order.begin(), order.end(), [&key](std::size_t a, std::size_t b) { return key(a) < key(b); });

  Statement insert(connection, "INSERT INTO energy_rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  for (std::size_t done = 0; done < order.size(); ++done) {
    if (progress && done % rows_between_reports == 0 &&
        !progress(static_cast<double>(done) / static_cast<double>(order.size()), "storing")) {
      throw base::Cancelled();
    }
    const EnergyRow& row = set.rows[order[done]];
    const auto [low, high] = key(order[done]);
    insert.bind(1, batch).bind(2, static_cast<long>(low)).bind(3, static_cast<long>(high));
    insert.bind(4, static_cast<long>(order[done])).bind(5, row.name).bind(6, row.phase);
    insert.bind(7, static_cast<long>(row.state)).bind_real(8, row.energy_eV);
    bind_optional(insert, 9, row.enthalpy_eV);
    bind_optional(insert, 10, row.uncertainty_eV);
    bind_optional(insert, 11, row.listed_hull_eV_per_atom);
    insert.bind(12, gibbs_text(row.gibbs_eV)).bind(13, row.grade).bind(14, row.is_estimate ? 1L : 0L);
    insert.bind(15, row.source).bind(16, row.note);
    insert.run();
  }
}

std::vector<EnergySetInfo> read_energy_set_infos(const Connection& connection) {
  std::vector<EnergySetInfo> infos;
  Statement rows(connection, "SELECT id, title, citation, doi, licence, kind, rows FROM energy_sets ORDER BY batch");
  while (rows.step()) {
    infos.push_back({rows.text(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4),
                     kind_of(connection, rows.text(5)), static_cast<std::size_t>(rows.number(6)), true});
  }
  return infos;
}

std::optional<EnergySet> read_energy_set(const Connection& connection, std::string_view id,
                                         const std::optional<ElementMask>& elements) {
  EnergySet set;
  set.from_user = true;
  long batch = 0;
  {
    Statement head(connection, "SELECT batch, id, kind, title, citation, doi, licence FROM energy_sets WHERE id = ?");
    if (!head.bind(1, id).step()) return std::nullopt;
    batch = head.number(0);
    set.id = head.text(1);
    set.kind = kind_of(connection, head.text(2));
    set.title = head.text(3);
    set.citation = head.text(4);
    set.doi = head.text(5);
    set.licence = head.text(6);
  }
  Statement rows(connection,
                 "SELECT line, name, phase, state, energy_eV, enthalpy_eV, uncertainty_eV, listed_hull_eV_per_atom, "
                 "gibbs_eV, grade, is_estimate, source, note FROM energy_rows WHERE batch = ?1" +
                     std::string(elements ? " AND (elements_low & ?2) = 0 AND (elements_high & ?3) = 0" : ""));
  rows.bind(1, batch);
  if (elements) {
    rows.bind(2, static_cast<long>(~elements->bits[0])).bind(3, static_cast<long>(~elements->bits[1]));
  }
  while (rows.step()) {
    EnergyRow row;
    row.line = static_cast<std::size_t>(rows.number(0));
    row.name = rows.text(1);
    row.formula = base::Formula::parse(row.name);
    row.phase = rows.text(2);
    row.state = static_cast<PhaseState>(std::clamp(rows.number(3), 0L, 2L));
    row.energy_eV = rows.real(4);
    row.enthalpy_eV = optional_real(rows, 5);
    row.uncertainty_eV = optional_real(rows, 6);
    row.listed_hull_eV_per_atom = optional_real(rows, 7);
    row.gibbs_eV = gibbs_points(connection, rows.text(8));
    row.grade = rows.text(9);
    row.is_estimate = rows.number(10) != 0;
    row.source = rows.text(11);
    row.note = rows.text(12);
    set.rows.push_back(std::move(row));
  }
  std::sort(set.rows.begin(), set.rows.end(), [](const EnergyRow& a, const EnergyRow& b) { return a.line < b.line; });
  for (EnergyRow& row : set.rows) row.line = 0;  // a place in the store, not in a file
  return set;
}

}  // namespace closo::library::detail
