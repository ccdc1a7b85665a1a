#include "closo/library/library.hpp"

#include <algorithm>
#include <unordered_set>

#include "closo/base/error.hpp"
#include "closo/library/detail/name_key.hpp"

namespace closo::library {

using detail::contains_ignoring_case;
using detail::name_key;

void Library::index_materials(std::size_t first) {
  // Ids win over aliases, aliases over formulas; among equals the earlier material.
  for (std::size_t i = first; i < materials_.size(); ++i) material_index_.emplace(name_key(materials_[i].id), i);
  for (std::size_t i = first; i < materials_.size(); ++i) {
    for (const std::string& alias : materials_[i].aliases) material_index_.emplace(name_key(alias), i);
  }
  for (std::size_t i = first; i < materials_.size(); ++i) {
    if (!materials_[i].formula.empty()) material_index_.emplace(name_key(materials_[i].formula), i);
  }
}

const Material* Library::find_material(std::string_view name) const noexcept {
  const auto found = material_index_.find(name_key(name));
  return found == material_index_.end() ? nullptr : &materials_[found->second];
}

const Material& Library::material(std::string_view name) const {
  if (const Material* found = find_material(name)) return *found;
  std::vector<std::string> names;
  for (const Material& material : materials_) {
    names.push_back(material.id);
    names.insert(names.end(), material.aliases.begin(), material.aliases.end());
  }
  detail::refuse_unknown("material", name, std::move(names));
}

const Electrode* Library::find_electrode(std::string_view material) const noexcept {
  const Material* known = find_material(material);
  const std::string_view id = known != nullptr ? std::string_view(known->id) : material;
  const auto found = std::ranges::find(electrodes_, id, &Electrode::material);
  return found == electrodes_.end() ? nullptr : &*found;
}

const Source* Library::find_source(std::string_view id) const noexcept {
  const auto found = std::ranges::find(sources_, id, &Source::id);
  return found == sources_.end() ? nullptr : &*found;
}

const Reference* Library::find_reference(std::string_view id) const noexcept {
  const auto found = std::ranges::find(references_, id, &Reference::id);
  return found == references_.end() ? nullptr : &*found;
}

const Fact* Library::find_fact(std::string_view id) const noexcept {
  const auto found = std::ranges::find(facts_, id, &Fact::id);
  return found == facts_.end() ? nullptr : &*found;
}

void Library::add(std::vector<Material> materials, std::vector<Fact> facts) {
  std::unordered_set<std::string> ids;
  for (const Material& material : materials_) ids.insert(name_key(material.id));
  for (const Material& material : materials) {
    if (!ids.insert(name_key(material.id)).second) {
      throw base::InputError({}, "the material '" + material.id + "' exists already", "a new name");
    }
  }
  ids.clear();
  for (const Fact& fact : facts_) ids.insert(fact.id);
  for (const Fact& fact : facts) {
    if (!ids.insert(fact.id).second)
      throw base::InputError({}, "the fact '" + fact.id + "' exists already", "a new id");
  }
  const std::size_t first = materials_.size();
  std::ranges::move(materials, std::back_inserter(materials_));
  index_materials(first);
  std::ranges::move(facts, std::back_inserter(facts_));
}

namespace {

/// "J. D. Hehn; H. P. Rodenburg; …" → "Hehn et al.", "J. M. Tarascon; M. Armand" → "Tarascon & Armand",
/// "R. J. Chen et al." → "Chen et al.".
std::string short_authors(std::string_view authors) {
  const auto surname = [](std::string_view name) {
    while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
    // Initials end with a full stop; the surname is what follows the last of them.
    const std::size_t initials = name.rfind(". ");
    return std::string(initials == std::string_view::npos ? name : name.substr(initials + 2));
  };
  const std::size_t first_end = authors.find(';');
  if (first_end == std::string_view::npos) {
    const std::size_t others = authors.find(" et al");
    return surname(authors.substr(0, others)) + (others == std::string_view::npos ? "" : " et al.");
  }
  const std::string first = surname(authors.substr(0, first_end));
  const std::string_view rest = authors.substr(first_end + 1);
  return rest.find(';') == std::string_view::npos ? first + " & " + surname(rest) : first + " et al.";
}

std::string reference_text(const Reference& reference) {
  std::string text = short_authors(reference.authors);
  if (!reference.journal.empty()) text += ", " + reference.journal;
  if (!reference.volume.empty()) text += " " + reference.volume;
  if (!reference.year.empty()) text += " (" + reference.year + ")";
  if (!reference.page.empty()) text += " " + reference.page;
  return text;
}

}  // namespace

std::string Library::citation(const Fact& fact) const {
  std::string text = fact.source;
  if (const Source* source = find_source(fact.source)) text = short_authors(source->authors) + " " + source->year;
  if (!fact.locator.empty()) {
    const bool is_section = fact.locator.front() >= '0' && fact.locator.front() <= '9';
    text += (text.empty() ? "" : ", ") + std::string(is_section ? "sec. " : "") + fact.locator;
  }
  std::string references;
  for (const std::string& id : fact.references) {
    const Reference* reference = find_reference(id);
    if (id != "this work")
      references += (references.empty() ? "" : "; ") + (reference ? reference_text(*reference) : id);
  }
  return references.empty() ? text : text + " [" + references + "]";
}

std::string Library::doi(const Fact& fact) const {
  const Source* source = find_source(fact.source);
  return source == nullptr ? std::string{} : source->doi;
}

}  // namespace closo::library
