#include "closo/stability/entry_set.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <unordered_map>
#include <utility>

#include "closo/base/element.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/base/suggestion.hpp"

namespace closo::stability {
namespace {

constexpr double same_fraction = 1e-6;  // formulas written with few decimals still meet their entry
constexpr std::size_t most_elements = 32;

/// One bit per atomic number.
struct ElementMask {
  std::array<std::uint64_t, 2> bits{};

  void add(const base::Element& element) {
    const auto bit = static_cast<std::size_t>(element.number);
    bits[bit / 64] |= std::uint64_t{1} << (bit % 64);
  }
  bool holds(const base::Element& element) const {
    const auto bit = static_cast<std::size_t>(element.number);
    return ((bits[bit / 64] >> (bit % 64)) & 1U) != 0;
  }
  bool is_within(const ElementMask& other) const {
    return ((bits[0] & ~other.bits[0]) | (bits[1] & ~other.bits[1])) == 0;
  }
  bool operator==(const ElementMask&) const = default;
  bool operator<(const ElementMask& other) const { return bits < other.bits; }
};

ElementMask mask_of(const base::Formula& formula) {
  ElementMask mask;
  for (const base::ElementAmount& term : formula.terms()) mask.add(*term.element);
  return mask;
}

bool is_same_composition(const base::Formula& a, const base::Formula& b) {
  if (a.terms().size() != b.terms().size()) return false;
  const double atoms_a = a.atoms();
  const double atoms_b = b.atoms();
  return std::all_of(a.terms().begin(), a.terms().end(), [&](const base::ElementAmount& term) {
    const double there = b.amount(term.element->symbol);
    return there > 0.0 && std::abs(term.amount / atoms_a - there / atoms_b) <= same_fraction;
  });
}

double distance(const base::Formula& a, const base::Formula& b) {
  double sum = 0.0;
  for (const base::ElementAmount& term : a.terms()) {
    sum += std::abs(term.amount / a.atoms() - b.amount(term.element->symbol) / b.atoms());
  }
  return sum;
}

/// The form in which an element is bought as a gas or forms molecules.
Entry reference_of(const base::Element& element) {
  constexpr std::array<std::string_view, 5> gases = {"H", "N", "O", "F", "Cl"};
  constexpr std::array<std::string_view, 2> other_molecules = {"Br", "I"};
  Entry entry;
  const bool is_gas = std::find(gases.begin(), gases.end(), element.symbol) != gases.end();
  const bool is_molecule =
      is_gas || std::find(other_molecules.begin(), other_molecules.end(), element.symbol) != other_molecules.end();
  entry.formula = base::Formula({{&element, is_molecule ? 2.0 : 1.0}});
  entry.name = entry.formula.text();
  entry.source = "element reference";
  entry.is_reference = true;
  entry.is_gas = is_gas;
  return entry;
}

void check_entry(const Entry& entry, const std::string& label) {
  const std::string where = "entry '" + entry.name + "' of the set '" + label + "' ";
  if (entry.formula.terms().empty()) throw base::InputError({}, where + "has no formula", "a formula such as LiBH4");
  if (entry.formula.charge() != 0) {
    throw base::InputError({}, where + "has the charged formula " + entry.formula.text(), "a neutral formula");
  }
  if (!std::isfinite(entry.energy_eV)) {
    throw base::InputError({}, where + "has an energy that is not a number", "a finite energy in eV");
  }
  if (entry.uncertainty_eV && !(std::isfinite(*entry.uncertainty_eV) && *entry.uncertainty_eV >= 0.0)) {
    throw base::InputError({}, where + "has an uncertainty of " + base::format_number(*entry.uncertainty_eV) + " eV",
                           "a finite uncertainty of at least 0");
  }
}

base::Formula excluded_formula(const std::string& name) {
  base::Formula formula;
  try {
    formula = base::Formula::parse(name);
  } catch (const base::InputError& error) {
    throw base::InputError({}, "the phase to leave out, '" + name + "', is no formula: " + std::string(error.problem()),
                           error.expected());
  }
  if (formula.terms().size() == 1) {
    throw base::InputError({}, "'" + name + "' is an element, whose reference every energy counts from",
                           "compounds to leave out");
  }
  return formula;
}

std::vector<base::Formula> excluded_formulas(std::span<const std::string> names) {
  std::vector<base::Formula> formulas;
  for (const std::string& name : names) formulas.push_back(excluded_formula(name));
  return formulas;
}

const base::Element& known_element(const std::string& symbol) {
  const base::Element* element = base::find_element(symbol);
  if (element != nullptr) return *element;
  std::vector<std::string> symbols;
  for (const base::Element& known : base::elements()) symbols.emplace_back(known.symbol);
  const std::string near = base::did_you_mean(symbol, symbols);
  throw base::InputError({}, "'" + symbol + "' is not an element" + (near.empty() ? "" : ", " + near),
                         "element symbols such as Li, B, H");
}

std::string joined(std::span<const std::string> names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

/// Entries ordered by element set and then energy per atom: compositions are found by bisection, and a chemical system
/// is selected by one pass over contiguous masks.
struct EntrySet::Index {
  std::vector<ElementMask> masks;  ///< per entry
  std::vector<double> atoms;       ///< per entry
  std::vector<char> is_dilute;     ///< per entry
  std::vector<std::size_t> order;
  ElementMask all;

  explicit Index(const std::vector<Entry>& entries) : order(entries.size()) {
    for (const Entry& entry : entries) {
      masks.push_back(mask_of(entry.formula));
      atoms.push_back(entry.formula.atoms());
      is_dilute.push_back(is_dilute_alloy(entry.formula) ? 1 : 0);
      all.bits[0] |= masks.back().bits[0];
      all.bits[1] |= masks.back().bits[1];
    }
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      if (masks[a] != masks[b]) return masks[a] < masks[b];
      const double energy_a = entries[a].energy_eV / atoms[a];
      const double energy_b = entries[b].energy_eV / atoms[b];
      return energy_a != energy_b ? energy_a < energy_b : a < b;
    });
  }

  /// Entries with exactly these elements, by rising energy per atom.
  std::span<const std::size_t> with(const ElementMask& mask) const {
    const auto begin = std::lower_bound(order.begin(), order.end(), mask,
                                        [&](std::size_t i, const ElementMask& wanted) { return masks[i] < wanted; });
    const auto end = std::upper_bound(begin, order.end(), mask,
                                      [&](const ElementMask& wanted, std::size_t i) { return wanted < masks[i]; });
    return {begin, end};
  }
};

EntrySet::EntrySet(std::string label, std::vector<Entry> entries) : label_(std::move(label)) {
  ElementMask present;
  ElementMask referenced;
  std::unordered_map<std::string, double> energies;
  for (Entry& entry : entries) {
    check_entry(entry, label_);
    const double per_atom = entry.energy_eV / entry.formula.atoms();
    const std::string key = entry.name + '\n' + entry.phase + '\n' + entry.source;
    const auto [known, is_new] = energies.emplace(key, per_atom);
    if (!is_new && std::abs(known->second - per_atom) > 1e-9) {
      throw base::InputError({},
                             "entry '" + entry.name + "' stands twice in the set '" + label_ + "', with " +
                                 base::format_number(known->second, 6) + " and " + base::format_number(per_atom, 6) +
                                 " eV/atom",
                             "one energy for each phase; polymorphs with different phase names");
    }
    present.bits[0] |= mask_of(entry.formula).bits[0];
    present.bits[1] |= mask_of(entry.formula).bits[1];
    if (entry.formula.terms().size() > 1) continue;
    if (std::abs(per_atom) < 1e-9) entry.is_reference = true;
    if (entry.is_reference || per_atom < 0.0) referenced.add(*entry.formula.terms().front().element);
  }
  for (const base::Element& element : base::elements()) {
    if (present.holds(element) && !referenced.holds(element)) entries.push_back(reference_of(element));
  }
  auto owned = std::make_shared<const std::vector<Entry>>(std::move(entries));
  index_ = std::make_shared<const Index>(*owned);
  entries_ = std::move(owned);
}

const Entry* EntrySet::find(const base::Formula& composition) const {
  for (const std::size_t i : index_->with(mask_of(composition))) {
    if (is_same_composition((*entries_)[i].formula, composition)) return &(*entries_)[i];
  }
  return nullptr;
}

const Entry& EntrySet::at(const base::Formula& composition) const {
  if (const Entry* entry = find(composition)) return *entry;
  constexpr std::size_t most = 3;
  std::vector<std::pair<double, std::string>> near;
  for (const std::size_t i : index_->with(mask_of(composition))) {
    near.emplace_back(distance((*entries_)[i].formula, composition), (*entries_)[i].name);
  }
  std::sort(near.begin(), near.end());
  std::vector<std::string> names;
  for (const auto& candidate : near) {
    if (names.size() < most && (names.empty() || names.back() != candidate.second)) names.push_back(candidate.second);
  }
  if (names.empty() && !composition.terms().empty()) {
    std::vector<std::string> all;
    for (const Entry& entry : *entries_) all.push_back(entry.name);
    names = base::nearest_names(composition.text(), all, most);
  }
  throw base::InputError({},
                         "the set '" + label_ + "' has no " +
                             (composition.terms().empty() ? "phase without elements" : composition.text()) +
                             (names.empty() ? "" : "; nearest: " + joined(names)),
                         "a formula of the set, or a phase added to it with an energy of its own");
}

EntrySet EntrySet::without(std::span<const std::string> names) const {
  const std::vector<base::Formula> formulas = excluded_formulas(names);
  std::vector<char> is_out(entries_->size(), 0);
  std::vector<std::string> found;
  for (std::size_t k = 0; k < formulas.size(); ++k) {
    bool any = false;
    for (const std::size_t i : index_->with(mask_of(formulas[k]))) {
      if (is_out[i] != 0 || !is_same_composition((*entries_)[i].formula, formulas[k])) continue;
      is_out[i] = 1;
      any = true;
    }
    if (any) found.push_back(names[k]);
  }
  if (found.empty()) return *this;
  std::vector<Entry> kept;
  for (std::size_t i = 0; i < entries_->size(); ++i) {
    if (is_out[i] == 0) kept.push_back((*entries_)[i]);
  }
  constexpr std::size_t most_named = 3;
  std::string label = label_ + ", without " + joined(std::span(found).first(std::min(found.size(), most_named)));
  if (found.size() > most_named) label += " and " + std::to_string(found.size() - most_named) + " more";
  return EntrySet(std::move(label), std::move(kept));
}

EntrySet EntrySet::with_hybrid(Entry entry) const {
  std::vector<Entry> entries = *entries_;
  entry.is_estimate = true;
  std::string label = label_ + " + " + entry.name + " (estimate)";
  entries.push_back(std::move(entry));
  return EntrySet(std::move(label), std::move(entries));
}

bool is_dilute_alloy(const base::Formula& formula) {
  constexpr double most_atoms = 60.0;
  constexpr double least_share = 0.06;
  if (formula.terms().size() != 2) return false;
  const base::Formula reduced = formula.reduced();
  const double atoms = reduced.atoms();
  const double smaller = std::min(reduced.terms()[0].amount, reduced.terms()[1].amount);
  return atoms > most_atoms && smaller < least_share * atoms;
}

ChemicalSystem::ChemicalSystem(const EntrySet& set, std::vector<std::string> elements, const SystemOptions& options)
    : label_(set.label_), entries_(set.entries_) {
  constexpr signed char absent = -1;
  std::array<signed char, 128> rows{};
  rows.fill(absent);
  ElementMask wanted;
  for (std::string& symbol : elements) {
    const base::Element& element = known_element(symbol);
    if (wanted.holds(element)) continue;
    if (!set.index_->all.holds(element)) {
      throw base::InputError({}, "the set '" + label_ + "' holds nothing of " + symbol,
                             "elements for which the set has energies");
    }
    wanted.add(element);
    rows[static_cast<std::size_t>(element.number)] = static_cast<signed char>(elements_.size());
    elements_.push_back(std::move(symbol));
  }
  if (elements_.empty() || elements_.size() > most_elements) {
    throw base::InputError({}, "a chemical system of " + std::to_string(elements_.size()) + " elements",
                           "1 to " + std::to_string(most_elements) + " elements");
  }
  std::vector<base::Formula> excluded = excluded_formulas(options.exclude);
  std::erase_if(excluded, [&](const base::Formula& formula) { return !mask_of(formula).is_within(wanted); });

  const EntrySet::Index& index = *set.index_;
  for (std::size_t i = 0; i < index.masks.size(); ++i) {
    if (!index.masks[i].is_within(wanted)) continue;
    const Entry& entry = (*entries_)[i];
    if (index.is_dilute[i] != 0 && !options.keep_dilute_alloys) continue;
    const bool is_out = std::any_of(excluded.begin(), excluded.end(), [&](const base::Formula& formula) {
      return is_same_composition(formula, entry.formula);
    });
    if (is_out) continue;
    members_.push_back(i);
    atoms_.push_back(index.atoms[i]);
    energies_.push_back(entry.energy_eV / index.atoms[i]);
    const std::size_t column = fractions_.size();
    fractions_.resize(column + elements_.size(), 0.0);
    for (const base::ElementAmount& term : entry.formula.terms()) {
      const auto row = static_cast<std::size_t>(rows[static_cast<std::size_t>(term.element->number)]);
      fractions_[column + row] = term.amount / index.atoms[i];
    }
  }
}

std::size_t ChemicalSystem::element(std::string_view symbol) const {
  const auto found = std::find(elements_.begin(), elements_.end(), symbol);
  if (found == elements_.end()) {
    throw base::InputError({}, "the system has no element '" + std::string(symbol) + "'",
                           "one of its elements: " + joined(elements_));
  }
  return static_cast<std::size_t>(found - elements_.begin());
}

void ChemicalSystem::set_energies(std::span<const double> eV_per_atom) {
  if (eV_per_atom.size() != size()) {
    throw base::ParameterError("energies", std::to_string(eV_per_atom.size()) + " numbers",
                               "one for each of the " + std::to_string(size()) + " phases");
  }
  for (const double energy : eV_per_atom) {
    if (!std::isfinite(energy))
      throw base::ParameterError("energies", "a number that is not finite", "finite energies");
  }
  energies_.assign(eV_per_atom.begin(), eV_per_atom.end());
}

std::vector<double> ChemicalSystem::amounts(const base::Formula& composition) const {
  std::vector<double> result(elements_.size(), 0.0);
  for (const base::ElementAmount& term : composition.terms()) result[element(term.element->symbol)] = term.amount;
  return result;
}

std::optional<std::size_t> ChemicalSystem::find(const base::Formula& composition) const {
  const std::size_t rows = elements_.size();
  std::vector<double> wanted(rows, 0.0);
  const double atoms = composition.atoms();
  for (const base::ElementAmount& term : composition.terms()) {
    const auto found = std::find(elements_.begin(), elements_.end(), term.element->symbol);
    if (found == elements_.end()) return std::nullopt;
    wanted[static_cast<std::size_t>(found - elements_.begin())] = term.amount / atoms;
  }
  std::optional<std::size_t> best;
  for (std::size_t phase = 0; phase < size(); ++phase) {
    const double* column = fractions_.data() + phase * rows;
    bool is_same = true;
    for (std::size_t row = 0; is_same && row < rows; ++row) {
      is_same = std::abs(column[row] - wanted[row]) <= same_fraction && (column[row] > 0.0) == (wanted[row] > 0.0);
    }
    if (is_same && (!best || energies_[phase] < energies_[*best])) best = phase;
  }
  return best;
}

std::vector<std::string> elements_of(std::span<const base::Formula> compositions) {
  std::vector<std::string> symbols;
  for (const base::Formula& composition : compositions) {
    for (const base::ElementAmount& term : composition.terms()) {
      if (std::find(symbols.begin(), symbols.end(), term.element->symbol) == symbols.end()) {
        symbols.emplace_back(term.element->symbol);
      }
    }
  }
  return symbols;
}

}  // namespace closo::stability
