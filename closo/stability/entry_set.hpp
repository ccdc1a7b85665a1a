/// Phases with their energies at one temperature and pressure, all of one set: what hulls are made of.
///
/// Energies are formation energies from the elements; an element's reference counts zero and is added where it is
/// missing. Rows of different sets cannot come into one EntrySet: it is made from one library::EnergySet (gibbs.hpp)
/// or, for a new phase known only by a computed reaction energy, by the explicit `with_hybrid`.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "closo/base/formula.hpp"

namespace closo::stability {

struct Entry {
  std::string name;        ///< as users write it: "LiBH4"
  base::Formula formula;   ///< one formula unit; energies belong to it
  double energy_eV = 0.0;  ///< formation energy per formula unit
  std::optional<double> uncertainty_eV = {};
  std::string phase{}, source{}, grade{};
  bool is_estimate = false;
  bool is_reference = false;  ///< an element's reference state, energy shifted by nothing but gas pressure
  bool is_gas = false;
};

class EntrySet {
 public:
  /// `label` says set and conditions: "static", "gibbs, 298.15 K, 1 bar". Adds missing element references, behind the
  /// entries; gaseous elements as molecules ("H2"). Several entries of one composition are polymorphs.
  /// Throws: InputError for an energy that is not finite, an empty or charged formula, and an entry that is there twice
  /// with different energies (same name, phase and source), in words that name it.
  EntrySet(std::string label, std::vector<Entry> entries);

  const std::string& label() const noexcept { return label_; }
  std::span<const Entry> entries() const noexcept { return *entries_; }

  /// The entry of this composition with the lowest energy per atom; nullptr when there is none. The formula need not be
  /// reduced: Li20B20H80 finds LiBH4.
  const Entry* find(const base::Formula& composition) const;
  /// Throws: InputError "the set 'static' has no LiCB11H12; nearest: …; accepted: a formula of the set, or …".
  const Entry& at(const base::Formula& composition) const;

  /// Without the named phases (any multiple of the formula). Throws: InputError for a name that is no formula, and for
  /// an element, whose reference every energy counts from.
  EntrySet without(std::span<const std::string> names) const;
  /// With one more phase, marked as an estimate, whose energy comes from a computed reaction energy against phases of
  /// this set. Throws: as the constructor.
  EntrySet with_hybrid(Entry entry) const;

 private:
  friend class ChemicalSystem;
  struct Index;
  // Shared and never changed: copies of a set and its systems are cheap.
  std::string label_;
  std::shared_ptr<const std::vector<Entry>> entries_;
  std::shared_ptr<const Index> index_;
};

/// A binary with so little of the second element that it is a dilute alloy of the computation's cell, not a phase: more
/// than 60 atoms per reduced formula unit and less than 6 % of it (Mg149H, LiMg149, Li7C120). Such entries move the
/// limits of windows by spurious steps and are left out unless asked for. Compounds of three and more elements are
/// never meant: there the same shares belong to real crystals (Li3MgZn5B15H60).
bool is_dilute_alloy(const base::Formula& formula);

/// The entries within a set of elements, as columns of fractions: the form in which all computations use them.
struct SystemOptions {
  bool keep_dilute_alloys = false;
  std::vector<std::string> exclude{};  ///< formulas of phases to leave out; as EntrySet::without
};

class ChemicalSystem {
 public:
  /// Phases of `set` within `elements` (symbols, 1 to 32, any order, repeated ones count once). Throws: InputError for
  /// an unknown element, a set that holds nothing of one of them, named, or an exclusion as in EntrySet::without.
  ChemicalSystem(const EntrySet& set, std::vector<std::string> elements, const SystemOptions& options = {});

  std::span<const std::string> elements() const noexcept { return elements_; }
  /// Position of an element. Throws: InputError when it is not part of the system.
  std::size_t element(std::string_view symbol) const;

  std::size_t size() const noexcept { return members_.size(); }
  /// With the energy of the set, whatever `set_energies` did.
  const Entry& entry(std::size_t phase) const { return (*entries_)[members_[phase]]; }
  double atoms(std::size_t phase) const { return atoms_[phase]; }  ///< per formula unit
  double energy_eV_per_atom(std::size_t phase) const { return energies_[phase]; }
  /// Atom fractions of all phases, column-major, elements × phases.
  std::span<const double> fractions() const noexcept { return fractions_; }
  std::span<const double> energies_eV_per_atom() const noexcept { return energies_; }
  /// Replaces the energies (per atom), for draws and changes of temperature. Throws: ParameterError on size or
  /// for an energy that is not finite.
  void set_energies(std::span<const double> eV_per_atom);

  /// Amounts of a composition in the order of the elements. Throws: InputError for an element outside the system.
  std::vector<double> amounts(const base::Formula& composition) const;
  /// The phase with this composition and the lowest energy, or nothing.
  std::optional<std::size_t> find(const base::Formula& composition) const;

  const std::string& label() const noexcept { return label_; }

 private:
  std::string label_;
  std::vector<std::string> elements_;
  std::shared_ptr<const std::vector<Entry>> entries_;
  std::vector<std::size_t> members_;  ///< positions in the set
  std::vector<double> atoms_, energies_, fractions_;
};

/// Symbols of all elements in the compositions, each once, in the order of first appearance.
std::vector<std::string> elements_of(std::span<const base::Formula> compositions);

}  // namespace closo::stability
