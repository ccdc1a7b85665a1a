// [cell] of a system file: quantities by the schema of closo/cell, protocol, mesh.
#include <algorithm>
#include <vector>

#include "closo/cell/description.hpp"
#include "closo/cell/protocol.hpp"
#include "closo/tasks/detail/system_file_cell.hpp"

namespace closo::tasks::detail {
namespace {

using base::Quantity;

/// "cathode.particle_radius" → "cathode", "particle_radius"; no section: "".
struct SplitName {
  std::string section, key;
};

SplitName split(std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return {"", std::string(name)};
  return {std::string(name.substr(0, dot)), std::string(name.substr(dot + 1))};
}

Quantity checked(const PlacedText& given, const cell::DescribedQuantity& row) {
  Quantity quantity =
      checked_quantity(given, row.unit, std::string(row.name) + ", " + std::string(row.meaning), Range::any);
  try {
    cell::CellDescription().set(row.name, {quantity.value, quantity.uncertainty, {}, {}, cell::Mark::setting, {}});
  } catch (const base::ParameterError& error) {
    throw base::InputError(given.place, error.name() + " is " + error.value(), error.allowed());
  }
  return quantity;
}

std::optional<double> checked_end(TomlSection& table, const char* key, const cell::DescribedQuantity& row) {
  const std::vector<PlacedText> given = table.texts(key);
  if (given.empty()) return std::nullopt;
  return checked(given.front(), row).value;
}

/// { value = …, low = …, high = …, mark = …, source = … }
DescribedValueEntry read_table(TomlSection table, const cell::DescribedQuantity& row) {
  DescribedValueEntry entry;
  entry.place = table.place();
  const std::vector<PlacedText> value = table.texts("value");
  if (value.size() != 1) {
    throw base::InputError(table.has("value") ? table.place("value") : table.place(),
                           std::string(row.name) + " has no single 'value'", "value = \"a number with its unit\"");
  }
  entry.value = checked(value.front(), row);
  entry.low = checked_end(table, "low", row);
  entry.high = checked_end(table, "high", row);
  if (entry.low && entry.high && *entry.low > *entry.high)
    throw base::InputError(table.place("low"), std::string(row.name) + " has its low end above its high end",
                           "low below high");
  entry.mark = table.text("mark").value_or("setting");
  try {
    cell::parse_mark(entry.mark);
  } catch (const base::InputError& error) {
    throw base::InputError(table.place("mark"), error.problem(), error.expected());
  }
  entry.source = table.text("source").value_or("");
  table.finish();
  return entry;
}

DescribedValueEntry read_value(TomlSection& section, const std::string& key, const cell::DescribedQuantity& row) {
  if (section.is_table(key)) return read_table(*section.section(key), row);
  const std::vector<PlacedText> given = section.texts(key);
  if (given.size() != 1)
    throw base::InputError(section.place(key), std::string(row.name) + " is a list", "one number with its unit");
  DescribedValueEntry entry;
  entry.value = checked(given.front(), row);
  entry.mark = "setting";
  entry.place = given.front().place;
  return entry;
}

/// The quantities of one section, "" for [cell] itself.
void read_quantities(TomlSection& section, const std::string& name, CellEntry& entry) {
  for (const cell::DescribedQuantity& row : cell::described_quantities()) {
    const SplitName parts = split(row.name);
    if (parts.section != name) continue;
    if (section.has(parts.key)) {
      entry.values.insert_or_assign(std::string(row.name), read_value(section, parts.key, row));
    } else {
      section.texts(parts.key);  // a key that is known, for the near names
    }
  }
}

std::string read_protocol(TomlSection& section, base::Place& place) {
  const std::optional<std::string> text = section.text("protocol");
  if (!text) return {};
  place = section.place("protocol");
  try {
    cell::parse_protocol(*text);
  } catch (const base::InputError& error) {
    throw base::InputError(place,
                           "in line " + std::to_string(error.place().line) + ", column " +
                               std::to_string(error.place().column) + " of the protocol: " + error.problem(),
                           error.expected());
  }
  return *text;
}

void read_cathode_words(TomlSection& section, CellEntry& entry) {
  if (const auto curve = section.text("open_circuit")) {
    entry.open_circuit = *curve;
    entry.open_circuit_place = section.place("open_circuit");
  }
  if (const auto shape = section.text("particle_shape")) {
    if (*shape != "sphere" && *shape != "cylinder" && *shape != "slab")
      throw base::InputError(section.place("particle_shape"), "unknown shape '" + *shape + "'",
                             "\"sphere\", \"cylinder\" or \"slab\"");
    entry.particle_shape = *shape;
  }
  entry.has_thermodynamic_factor = section.boolean("thermodynamic_factor");
}

}  // namespace

CellEntry read_cell(TomlSection section) {
  CellEntry entry;
  read_quantities(section, "", entry);
  std::vector<std::string> names;
  for (const cell::DescribedQuantity& row : cell::described_quantities()) {
    const std::string name = split(row.name).section;
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  for (const std::string& name : names) {
    std::optional<TomlSection> part = section.section(name);
    if (!part) continue;
    read_quantities(*part, name, entry);
    if (name == "cathode") read_cathode_words(*part, entry);
    part->finish();
  }
  entry.protocol = read_protocol(section, entry.protocol_place);
  if (const auto mesh = section.text("mesh")) {
    entry.mesh = *mesh;
    entry.mesh_place = section.place("mesh");
  }
  section.finish();
  return entry;
}

}  // namespace closo::tasks::detail
