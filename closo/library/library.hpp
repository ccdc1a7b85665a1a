/// The knowledge base in memory: shipped facts and the user's own, with queries.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "closo/library/material.hpp"

namespace closo::library {

/// What a query asks for; empty members do not restrict. Names match case-insensitively.
struct Query {
  std::optional<std::string> material{};  ///< id, alias or formula
  std::optional<std::string> family{};
  std::optional<std::string> ion{};
  std::optional<std::string> anion{};
  std::optional<std::string> role{};
  std::optional<std::string> table{};
  std::optional<std::string> quantity{};  ///< substring
  std::optional<std::string> phase{};     ///< substring
  std::optional<Kind> kind{};
  std::optional<std::string> source{};  ///< id or DOI; for user rows a part of their words, "user" for all of them
  std::optional<double> temperature{};  ///< K; rows within `temperature_tolerance`
  double temperature_tolerance = 5.0;   ///< K
  std::optional<double> at_least{}, at_most{};  ///< bound on value, SI
  std::optional<base::Unit> bound_unit{};       ///< with a bound: only facts that this unit can express
  std::optional<std::string> flag{};            ///< rows with this flag; "any": rows with a doubt
};

/// Shipped and user facts, read-only after loading; safe to share between threads.
class Library {
 public:
  /// Reads <directory>/library/*.csv. Throws: InputError with file, line and column.
  static Library load(const std::filesystem::path& data_directory);

  std::span<const Material> materials() const noexcept { return materials_; }
  std::span<const Fact> facts() const noexcept { return facts_; }
  std::span<const Source> sources() const noexcept { return sources_; }
  std::span<const Reference> references() const noexcept { return references_; }
  std::span<const Electrode> electrodes() const noexcept { return electrodes_; }
  std::span<const Criterion> criteria() const noexcept { return criteria_; }

  /// By id, alias or formula, case ignored; nullptr when unknown.
  const Material* find_material(std::string_view name) const noexcept;
  /// Throws: InputError with near names ("unknown material 'TiS'; did you mean 'TiS2'?").
  const Material& material(std::string_view name) const;
  const Electrode* find_electrode(std::string_view material) const noexcept;
  const Source* find_source(std::string_view id) const noexcept;
  const Reference* find_reference(std::string_view id) const noexcept;
  const Fact* find_fact(std::string_view id) const noexcept;

  /// Facts that match, in library order. Throws: InputError for an unknown material, family, ion, table, … with near
  /// names.
  std::vector<const Fact*> select(const Query& query) const;

  /// "Hehn et al. 2025, sec. 3.2" / "Pang et al. 2018, sec. 2.2.1 [Unemoto et al., Mater. Trans. 57 (2016) 1639]".
  std::string citation(const Fact& fact) const;
  /// DOI of the fact's source, or empty.
  std::string doi(const Fact& fact) const;

  /// Adds the user's facts and materials (from the local store). Throws: InputError on ids that exist already.
  void add(std::vector<Material> materials, std::vector<Fact> facts);

 private:
  void index_materials(std::size_t first);

  std::vector<Material> materials_;
  std::vector<Fact> facts_;
  std::vector<Source> sources_;
  std::vector<Reference> references_;
  std::vector<Electrode> electrodes_;
  std::vector<Criterion> criteria_;
  std::unordered_map<std::string, std::size_t> material_index_;  ///< lower-case id, alias, formula → position
};

}  // namespace closo::library
