#include "closo/transport/detail/sample.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "closo/base/number.hpp"
#include "closo/transport/decades.hpp"

namespace closo::transport::detail {
namespace {

using library::Fact;
using library::Kind;

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

// Words of letters and digits; "P63/mmc" stays one word.
std::set<std::string> words(std::string_view text) {
  std::set<std::string> result;
  std::string word;
  for (const char c : lower(text) + " ") {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '/' || c == '-') {
      word += c;
    } else if (!word.empty()) {
      result.insert(word);
      word.clear();
    }
  }
  return result;
}

std::size_t common_words(std::string_view a, std::string_view b) {
  const std::set<std::string> left = words(a), right = words(b);
  return static_cast<std::size_t>(
      std::ranges::count_if(left, [&right](const std::string& word) { return right.contains(word); }));
}

enum class Milling { not_said, milled, unmilled };

Milling milling_of(const std::string& text) {
  if (text.find("not distinguished") != std::string::npos) return Milling::not_said;
  for (const char* word : {"not milled", "unmilled", "pristine", "as received", "as-received"}) {
    if (text.find(word) != std::string::npos) return Milling::unmilled;
  }
  return text.find("mill") != std::string::npos ? Milling::milled : Milling::not_said;
}

// Route of a preparation that excludes the others; empty where none is named.
std::string route_of(const std::string& text) {
  for (const char* word : {"melt-infiltrated", "melt infiltration", "solvothermal", "confined"}) {
    if (text.find(word) != std::string::npos) return word;
  }
  return {};
}

// The number before a unit ("50 h", "25 vol%"), or nothing.
std::optional<double> number_before(const std::string& text, std::string_view unit) {
  for (std::size_t at = text.find(unit); at != std::string::npos; at = text.find(unit, at + 1)) {
    const std::size_t behind = at + unit.size();
    if (behind < text.size() && std::isalpha(static_cast<unsigned char>(text[behind])) != 0) continue;
    std::size_t end = at;
    while (end > 0 && text[end - 1] == ' ') --end;
    std::size_t begin = end;
    while (begin > 0 && (std::isdigit(static_cast<unsigned char>(text[begin - 1])) != 0 || text[begin - 1] == '.'))
      --begin;
    if (const auto value = base::try_parse_number(std::string_view(text).substr(begin, end - begin))) return value;
  }
  return std::nullopt;
}

std::string sample_text(const Fact& fact) { return lower(fact.subject + " | " + fact.preparation); }

bool is_point(const Fact& fact) {
  return (fact.qualifier == base::Qualifier::equal || fact.qualifier == base::Qualifier::about) && fact.value &&
         fact.value_si && *fact.value_si > 0.0;
}

}  // namespace

std::vector<TransitionBand> transition_bands(const library::Library& library, std::string_view material) {
  std::vector<TransitionBand> all;
  for (const Fact& fact : library.facts()) {
    if (fact.table != "transition" || fact.material != material || !fact.value_si || fact.kind != Kind::measured)
      continue;
    if (fact.quantity.find("temperature") == std::string::npos) continue;
    all.push_back({*fact.value_si, *fact.value_si, std::string(fact.condition("from_phase")),
                   std::string(fact.condition("to_phase"))});
  }
  std::ranges::stable_sort(all, {}, &TransitionBand::low);
  std::vector<TransitionBand> bands;
  for (const TransitionBand& next : all) {
    if (!bands.empty() && next.low - bands.back().high <= 20.0) {
      bands.back().high = std::max(bands.back().high, next.high);
      if (bands.back().below.empty()) bands.back().below = next.below;
      if (bands.back().above.empty()) bands.back().above = next.above;
    } else {
      bands.push_back(next);
    }
  }
  return bands;
}

std::optional<std::size_t> phase_side(const std::vector<TransitionBand>& bands, std::string_view phase,
                                      std::optional<double> temperature) {
  for (std::size_t i = 0; !phase.empty() && i < bands.size(); ++i) {
    const std::size_t below = common_words(phase, bands[i].below);
    const std::size_t above = common_words(phase, bands[i].above);
    if (below > above) return i;
    if (above > below) return i + 1;
  }
  if (!temperature) return bands.empty() ? std::optional<std::size_t>(0) : std::nullopt;
  std::size_t side = 0;
  for (const TransitionBand& band : bands) {
    if (*temperature < band.low) return side;
    if (*temperature < band.high) return std::nullopt;
    ++side;
  }
  return side;
}

bool is_conductivity(const Fact& fact) {
  if (fact.kind != Kind::measured && fact.kind != Kind::estimated) return false;
  if (fact.table != "conductivity") return false;
  if (fact.quantity != "ionic conductivity" && fact.quantity != "total ionic conductivity") return false;
  if (!is_point(fact) || !fact.temperature || *fact.temperature <= 0.0 || fact.temperature_hi) return false;
  return !fact.pressure || *fact.pressure <= high_pressure;
}

bool is_conduction_energy(const Fact& fact) {
  return fact.table == "activation" && fact.kind == Kind::measured &&
         fact.quantity.starts_with("activation energy for ionic conduction") && is_point(fact) &&
         (!fact.pressure || *fact.pressure <= high_pressure);
}

std::string phase_of(const library::Library& library, const Fact& fact) {
  if (!fact.phase.empty()) return fact.phase;
  const library::Material* material = library.find_material(fact.material);
  if (material == nullptr) return {};
  const std::size_t open = fact.subject.rfind('(');
  const std::size_t close = fact.subject.rfind(')');
  if (open == std::string::npos || close == std::string::npos || close < open) return {};
  const std::string bracket = lower(fact.subject.substr(open + 1, close - open - 1));
  for (const std::string& phase : material->phases) {
    if (bracket == lower(phase)) return phase;
  }
  return {};
}

bool phases_compatible(std::string_view a, std::string_view b) {
  return a.empty() || b.empty() || common_words(a, b) > 0;
}

bool preparations_compatible(const Fact& a, const Fact& b) {
  const std::string left = sample_text(a), right = sample_text(b);
  const Milling milling_a = milling_of(left), milling_b = milling_of(right);
  if (milling_a != Milling::not_said && milling_b != Milling::not_said && milling_a != milling_b) return false;
  const std::string route_a = route_of(left), route_b = route_of(right);
  if (!route_a.empty() && !route_b.empty() && route_a != route_b) return false;
  for (const char* unit : {"h", "vol%", "wt%", "mol%"}) {
    const auto x = number_before(left, unit), y = number_before(right, unit);
    if (x && y && *x != *y) return false;
  }
  return true;
}

bool preparations_match(const Fact& a, const Fact& b) {
  const std::string left = sample_text(a), right = sample_text(b);
  const Milling milling = milling_of(left);
  const std::string route = route_of(left);
  return (milling != Milling::not_said && milling == milling_of(right)) || (!route.empty() && route == route_of(right));
}

bool same_sample(const library::Library& library, const Fact& a, const Fact& b) {
  if (a.material != b.material || a.source != b.source || a.from_user != b.from_user) return false;
  if (a.from_user && !a.subject.empty() && !b.subject.empty() && a.subject != b.subject) return false;
  const bool common = std::ranges::any_of(a.references, [&b](const std::string& reference) {
    return std::ranges::find(b.references, reference) != b.references.end();
  });
  if (!common && !(a.references.empty() && b.references.empty())) return false;
  return phases_compatible(phase_of(library, a), phase_of(library, b)) && preparations_compatible(a, b);
}

ReadConductivity read_conductivity(const Fact& fact) {
  ReadConductivity read;
  read.temperature = *fact.temperature;
  read.temperature_uncertainty = fact.has_flag("nominal_temperature") ? 3.0 : 0.0;
  read.conductivity = *fact.value_si;
  if (fact.value_hi_si && *fact.value_hi_si > read.conductivity) {
    // A range: its geometric mean, uniform in between.
    read.log_uncertainty = 0.5 * std::log(*fact.value_hi_si / read.conductivity) / std::sqrt(3.0);
    read.conductivity = std::sqrt(read.conductivity * *fact.value_hi_si);
    return read;
  }
  if (fact.uncertainty_si && *fact.uncertainty_si > 0.0) {
    read.log_uncertainty = *fact.uncertainty_si / read.conductivity;
    return read;
  }
  read.log_uncertainty = reading_uncertainty(fact.value.value_or(read.conductivity), fact.qualifier);
  if (fact.has_flag("order_of_magnitude")) read.log_uncertainty = std::max(read.log_uncertainty, 0.3 * ln_10);
  return read;
}

StatedEnergy read_energy(const Fact& fact) {
  // Stated per particle or per mole; the unit of the fact decides.
  const base::Unit electronvolt = base::Unit::parse("eV");
  const auto in_eV = [&](double value) { return base::convert(value, fact.unit, electronvolt); };
  StatedEnergy energy;
  energy.energy_eV = in_eV(*fact.value);
  if (fact.value_hi && *fact.value_hi > *fact.value) {
    const double high = in_eV(*fact.value_hi);
    energy.uncertainty_eV = 0.5 * (high - energy.energy_eV) / std::sqrt(3.0);
    energy.energy_eV = 0.5 * (high + energy.energy_eV);
  } else if (fact.uncertainty && *fact.uncertainty > 0.0) {
    energy.uncertainty_eV = in_eV(*fact.uncertainty);
  } else {
    energy.uncertainty_eV = energy.energy_eV * rounding_uncertainty(*fact.value, fact.qualifier);
  }
  for (const auto& condition : fact.conditions) {
    const std::string text = lower(condition.second);
    if (text.find("sigma t") != std::string::npos || text.find("sigma*t") != std::string::npos) {
      energy.form = ArrheniusForm::sigma_t;
    } else if (text.find("fit of sigma") != std::string::npos || text.find("ln(sigma)") != std::string::npos) {
      energy.form = ArrheniusForm::sigma;
    }
  }
  return energy;
}

}  // namespace closo::transport::detail
