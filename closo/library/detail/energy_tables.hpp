/// Sets of energies as tables of the user's store, found by the elements of a phase without reading the others.
///
/// Each row carries the elements of its phase as bits (atomic number), and rows are stored in the order of these bits,
/// so that an index over them finds the phases of a chemical system in a few milliseconds among a hundred thousand.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "closo/base/progress.hpp"
#include "closo/library/detail/sqlite.hpp"
#include "closo/library/energy_set.hpp"

namespace closo::library::detail {

/// One bit per element, by atomic number.
struct ElementMask {
  std::array<std::uint64_t, 2> bits{};

  void add(int number) noexcept {
    bits[static_cast<std::size_t>(number) / 64] |= std::uint64_t{1} << (static_cast<unsigned>(number) % 64U);
  }
  bool is_within(const ElementMask& other) const noexcept {
    return ((bits[0] & ~other.bits[0]) | (bits[1] & ~other.bits[1])) == 0;
  }
};

ElementMask mask_of(const base::Formula& formula) noexcept;
/// Throws: InputError for a symbol that is no element.
ElementMask mask_of(std::span<const std::string> symbols);

/// The tables that schema 2 adds to schema 1.
extern const char* const create_energy_tables;

/// Throws: InputError when the store has a set of this id; Cancelled when `progress` returns false.
void insert_energy_set(const Connection& connection, long batch, const EnergySet& set, const base::Progress& progress);
std::vector<EnergySetInfo> read_energy_set_infos(const Connection& connection);
/// The set with the rows within `elements` (nothing: all), in the order of the imported file; nothing without such a
/// set.
std::optional<EnergySet> read_energy_set(const Connection& connection, std::string_view id,
                                         const std::optional<ElementMask>& elements);

}  // namespace closo::library::detail
