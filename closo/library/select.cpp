#include <algorithm>
#include <functional>

#include "closo/base/error.hpp"
#include "closo/library/detail/name_key.hpp"
#include "closo/library/library.hpp"

namespace closo::library {

namespace {

using detail::contains_ignoring_case;
using detail::name_key;

constexpr std::string_view user_rows = "user";
constexpr std::string_view any_doubt = "any";

bool same_name(std::string_view a, std::string_view b) { return name_key(a) == name_key(b); }

bool has_name(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::any_of(names, [name](const std::string& candidate) { return same_name(candidate, name); });
}

/// "Li+", "Mg2+" → the element.
std::string ion_name(std::string_view text) {
  std::string ion(text);
  if (ion.ends_with('+')) ion.pop_back();
  while (!ion.empty() && ion.back() >= '0' && ion.back() <= '9') ion.pop_back();
  return ion;
}

using NamesOf = std::function<void(const Material&, std::vector<std::string>&)>;

/// Refuses a name that no material carries.
void require_material_name(const Library& library, std::string_view what, std::string_view name,
                           const NamesOf& names_of) {
  std::vector<std::string> names;
  for (const Material& material : library.materials()) names_of(material, names);
  if (!has_name(names, name)) detail::refuse_unknown(what, name, std::move(names));
}

/// Refuses a text that stands in no fact.
template <class Match, class Name>
void require_in_facts(const Library& library, std::string_view what, std::string_view name, const Match& match,
                      const Name& name_of) {
  if (std::ranges::any_of(library.facts(), match)) return;
  std::vector<std::string> names;
  for (const Fact& fact : library.facts()) name_of(fact, names);
  std::erase(names, std::string{});
  detail::refuse_unknown(what, name, std::move(names));
}

bool is_from(const Library& library, const Fact& fact, std::string_view source) {
  if (fact.from_user) return source == user_rows || contains_ignoring_case(fact.source, source);
  if (same_name(fact.source, source)) return true;
  const Source* entry = library.find_source(fact.source);
  return entry != nullptr && !entry->doi.empty() && same_name(entry->doi, source);
}

bool carries(const Fact& fact, std::string_view flag) {
  return flag == any_doubt ? fact.is_doubtful() : has_name(fact.flags, flag);
}

bool is_near(const Fact& fact, double temperature, double tolerance) {
  if (!fact.temperature) return false;
  // 333.15 K is within 0.15 K of 333 K although the difference of the two doubles is a little larger.
  const double reach = tolerance * (1.0 + 1e-9) + 1e-9;
  const double high = fact.temperature_hi.value_or(*fact.temperature);
  return temperature >= *fact.temperature - reach && temperature <= high + reach;
}

/// A range counts when any of it lies within the bounds; a bound that the source states only from the other side
/// ("< 1e-9" for at_least) does not.
bool is_within(const Fact& fact, const Query& query) {
  if (!query.at_least && !query.at_most) return true;
  if (!fact.value_si) return false;
  double low = *fact.value_si, high = fact.value_hi_si.value_or(*fact.value_si);
  if (query.bound_unit) {
    if (!base::is_convertible(fact.unit, *query.bound_unit)) return false;
    const auto in_unit_of_bound = [&](double value) {
      return query.bound_unit->to_si(base::convert(value, fact.unit, *query.bound_unit));
    };
    low = in_unit_of_bound(*fact.value);
    high = in_unit_of_bound(fact.value_hi.value_or(*fact.value));
  }
  const bool only_upper = fact.qualifier == base::Qualifier::less || fact.qualifier == base::Qualifier::less_equal;
  const bool only_lower =
      fact.qualifier == base::Qualifier::greater || fact.qualifier == base::Qualifier::greater_equal;
  if (query.at_least && (only_upper || std::max(low, high) < *query.at_least)) return false;
  return !query.at_most || (!only_lower && std::min(low, high) <= *query.at_most);
}

/// The ids of the materials that the query's material conditions leave.
class MaterialFilter {
 public:
  MaterialFilter(const Library& library, const Query& query) : library_(library), query_(query) {
    if (query.material) wanted_ = library.material(*query.material).id;
    if (query.family) {
      require_material_name(library, "family", *query.family,
                            [](const Material& m, std::vector<std::string>& names) { names.push_back(m.family); });
    }
    if (query.ion) {
      ion_ = ion_name(*query.ion);
      require_material_name(library, "ion", ion_, [](const Material& m, std::vector<std::string>& names) {
        names.insert(names.end(), m.mobile_ions.begin(), m.mobile_ions.end());
      });
    }
    if (query.anion) {
      require_material_name(library, "anion", *query.anion, [](const Material& m, std::vector<std::string>& names) {
        names.insert(names.end(), m.anions.begin(), m.anions.end());
      });
    }
    if (query.role) {
      require_material_name(library, "role", *query.role, [](const Material& m, std::vector<std::string>& names) {
        names.insert(names.end(), m.roles.begin(), m.roles.end());
      });
    }
    restricts_ = query.family || query.ion || query.anion || query.role;
  }

  bool accepts(const Fact& fact) const {
    if (query_.material && fact.material != wanted_) return false;
    if (!restricts_) return true;
    const Material* material = library_.find_material(fact.material);
    if (material == nullptr) return false;
    return (!query_.family || same_name(material->family, *query_.family)) &&
           (!query_.ion || has_name(material->mobile_ions, ion_)) &&
           (!query_.anion || has_name(material->anions, *query_.anion)) &&
           (!query_.role || has_name(material->roles, *query_.role));
  }

 private:
  const Library& library_;
  const Query& query_;
  std::string wanted_, ion_;
  bool restricts_ = false;
};

void require_known_texts(const Library& library, const Query& query) {
  if (query.table) {
    require_in_facts(
        library, "table", *query.table, [&](const Fact& fact) { return same_name(fact.table, *query.table); },
        [](const Fact& fact, std::vector<std::string>& names) { names.push_back(fact.table); });
  }
  if (query.quantity) {
    require_in_facts(
        library, "quantity", *query.quantity,
        [&](const Fact& fact) { return contains_ignoring_case(fact.quantity, *query.quantity); },
        [](const Fact& fact, std::vector<std::string>& names) { names.push_back(fact.quantity); });
  }
  if (query.phase) {
    require_in_facts(
        library, "phase", *query.phase,
        [&](const Fact& fact) { return contains_ignoring_case(fact.phase, *query.phase); },
        [](const Fact& fact, std::vector<std::string>& names) { names.push_back(fact.phase); });
  }
  if (query.source && *query.source != user_rows) {
    require_in_facts(
        library, "source", *query.source, [&](const Fact& fact) { return is_from(library, fact, *query.source); },
        [](const Fact& fact, std::vector<std::string>& names) { names.push_back(fact.source); });
  }
  if (query.flag && *query.flag != any_doubt) {
    require_in_facts(
        library, "flag", *query.flag, [&](const Fact& fact) { return carries(fact, *query.flag); },
        [](const Fact& fact, std::vector<std::string>& names) {
          names.insert(names.end(), fact.flags.begin(), fact.flags.end());
        });
  }
}

}  // namespace

std::vector<const Fact*> Library::select(const Query& query) const {
  const MaterialFilter materials(*this, query);
  require_known_texts(*this, query);
  std::vector<const Fact*> selected;
  for (const Fact& fact : facts_) {
    if (materials.accepts(fact) && (!query.table || same_name(fact.table, *query.table)) &&
        (!query.quantity || contains_ignoring_case(fact.quantity, *query.quantity)) &&
        (!query.phase || contains_ignoring_case(fact.phase, *query.phase)) &&
        (!query.kind || fact.kind == *query.kind) && (!query.source || is_from(*this, fact, *query.source)) &&
        (!query.temperature || is_near(fact, *query.temperature, query.temperature_tolerance)) &&
        is_within(fact, query) && (!query.flag || carries(fact, *query.flag))) {
      selected.push_back(&fact);
    }
  }
  return selected;
}

}  // namespace closo::library
