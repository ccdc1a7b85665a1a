/// Materials, their sources, and the facts measured or computed of them: the plain records of the knowledge base.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "closo/base/quantity.hpp"

namespace closo::library {

struct Material {
  std::string id;  ///< what a user types: "Li2B12H12", "Li2B12H12-ZrO2"
  std::string name;
  std::string formula;             ///< parseable; empty where there is no definite compound
  std::vector<std::string> roles;  ///< electrolyte, electrode, coating, filler, anion, molecule, class, other
  std::string family;              ///< slug: "closo-borate"
  std::vector<std::string> mobile_ions;
  std::vector<std::string> anions;
  std::vector<std::string> phases;
  std::vector<std::string> aliases;
  std::string note;

  bool has_role(std::string_view role) const noexcept;
};

/// A publication that facts are taken from.
struct Source {
  std::string id, doi, authors, title, journal, year, volume, pages, note;
};

/// An entry of a source's reference list: where the number was first printed.
struct Reference {
  std::string id;  ///< "review2018:24b"
  std::string source, number, authors, journal, year, volume, page, doi;
};

/// How a number came about.
enum class Kind : unsigned char { measured, computed, estimated, summary, target, setting };
std::string_view to_string(Kind kind);
/// Throws: InputError with the nearest name.
Kind parse_kind(std::string_view text);

/// One statement about one material. Numbers are kept in the unit they are stated in and in SI.
struct Fact {
  std::string id;
  std::string table;     ///< property group, the name of its file: "conductivity"
  std::string material;  ///< Material::id
  std::string subject;   ///< sample as labelled in the source
  std::string quantity;  ///< "ionic conductivity"
  base::Qualifier qualifier = base::Qualifier::equal;
  std::optional<double> value, value_hi, uncertainty;           ///< in `unit`
  std::optional<double> value_si, value_hi_si, uncertainty_si;  ///< SI; energies per particle
  base::Unit unit;
  std::optional<double> temperature, temperature_hi;  ///< K
  std::string temperature_note;
  std::optional<double> pressure;  ///< Pa
  std::string phase, preparation, method;
  Kind kind = Kind::measured;
  std::vector<std::pair<std::string, std::string>> conditions;  ///< further conditions, key → text
  std::string source;                                           ///< Source::id, or the user's own words for user rows
  std::string locator;                                          ///< section, table or figure caption
  std::vector<std::string> references;                          ///< Reference ids or "this work"
  std::vector<std::string> flags;                               ///< doubts a user must see: "conflict", "repaired", …
  std::string note;
  bool from_user = false;  ///< from the local store

  /// Text of a condition, or empty.
  std::string_view condition(std::string_view key) const noexcept;
  bool has_flag(std::string_view flag) const noexcept;
  /// Flags that question the number itself (not mere restatements or nominal temperatures).
  bool is_doubtful() const noexcept;
};

/// Anode or cathode active material.
struct Electrode {
  std::string id, material, role, formula;      ///< role: anode or cathode
  std::optional<double> electrons_per_formula;  ///< ions exchanged per formula unit
  std::string mobile_ion;
  std::optional<double> average_voltage;  ///< V against the metal of the mobile ion
  std::string voltage_reference;
  std::optional<double> volume_change_percent;
  std::optional<double> density;  ///< kg/m³
  std::string kind, source, locator;
  std::vector<std::string> references, flags;
  std::string note;
};

/// A default target of the dossier.
struct Criterion {
  std::string id, quantity, relation;  ///< relation: ">=", "<=", ">", "<", or a word ("covers", "stable")
  std::optional<double> value;         ///< in `unit`
  base::Unit unit;
  std::optional<double> temperature, temperature_hi;  ///< K
  std::string source, locator, note;
};

}  // namespace closo::library
