#include "closo/library/check.hpp"

#include <array>
#include <cmath>

#include "closo/base/error.hpp"
#include "closo/base/formula.hpp"
#include "closo/library/flag.hpp"
#include "closo/library/quantity_rule.hpp"

namespace closo::library {

namespace {

class FactCheck {
 public:
  explicit FactCheck(const Fact& fact) : fact_(fact) {}

  std::vector<Finding> run() {
    check_rule();
    check_numbers();
    check_temperature();
    check_flags();
    return std::move(findings_);
  }

 private:
  void add(Severity severity, std::string text) { findings_.push_back({fact_.id, severity, std::move(text)}); }

  void check_rule() {
    const QuantityRule* rule = find_rule(fact_.quantity);
    if (rule == nullptr) {
      add(Severity::warning, "the quantity '" + fact_.quantity + "' has no rule, its unit and range are not checked");
      return;
    }
    if (fact_.value && !accepted_unit(*rule, fact_.unit)) {
      add(Severity::error,
          "'" + fact_.unit.text() + "' is no unit of " + fact_.quantity + "; expected " + std::string(rule->units));
      return;
    }
    for (const std::optional<double>& value : {fact_.value, fact_.value_hi}) {
      if (!value) continue;
      if (std::optional<std::string> defect = range_defect(*rule, *value, fact_.unit)) {
        add(Severity::error, fact_.quantity + ": " + *defect);
      }
    }
  }

  void check_numbers() {
    if (fact_.value_hi && !fact_.value) add(Severity::error, "a range has an upper end and no lower end");
    if (fact_.value && fact_.value_hi && *fact_.value_hi < *fact_.value) {
      add(Severity::error, "the upper end of the range lies below the lower end");
    }
    if (fact_.uncertainty && !(*fact_.uncertainty >= 0.0)) add(Severity::error, "the uncertainty is negative");
    if (fact_.uncertainty && !fact_.value) add(Severity::error, "there is an uncertainty and no value");
    if (fact_.value && fact_.qualifier == base::Qualifier::qualitative) {
      add(Severity::error, "a qualitative statement has a number");
    }
    if (fact_.pressure && !(*fact_.pressure >= 0.0)) add(Severity::error, "the pressure is negative");
  }

  void check_temperature() {
    for (const std::optional<double>& temperature : {fact_.temperature, fact_.temperature_hi}) {
      if (temperature && !(*temperature > 0.0 && std::isfinite(*temperature))) {
        add(Severity::error, "the temperature is not above absolute zero");
      }
    }
    if (fact_.temperature_hi && !fact_.temperature) {
      add(Severity::error, "a temperature range has an upper end and no lower end");
    }
    if (fact_.temperature && fact_.temperature_hi && *fact_.temperature_hi < *fact_.temperature) {
      add(Severity::error, "the upper end of the temperature range lies below the lower end");
    }
  }

  void check_flags() {
    std::string doubts;
    for (const std::string& name : fact_.flags) {
      const Flag* flag = find_flag(name);
      if (flag == nullptr) add(Severity::warning, "unknown flag '" + name + "'");
      if (flag != nullptr && flag->is_doubt) doubts += (doubts.empty() ? "" : ", ") + name;
    }
    if (!doubts.empty()) add(Severity::doubt, doubts + (fact_.note.empty() ? "" : ": " + fact_.note));
  }

  const Fact& fact_;
  std::vector<Finding> findings_;
};

void check_names(const Library& library, const Fact& fact, std::vector<Finding>& findings) {
  if (library.find_material(fact.material) == nullptr) {
    findings.push_back({fact.id, Severity::error, "unknown material '" + fact.material + "'"});
  }
  if (!fact.from_user && library.find_source(fact.source) == nullptr) {
    findings.push_back({fact.id, Severity::error, "unknown source '" + fact.source + "'"});
  }
  for (const std::string& reference : fact.references) {
    if (!fact.from_user && reference != "this work" && library.find_reference(reference) == nullptr) {
      findings.push_back({fact.id, Severity::error, "unknown reference '" + reference + "'"});
    }
  }
}

}  // namespace

std::string_view to_string(Severity severity) {
  static constexpr std::array<std::string_view, 3> names{"error", "warning", "doubt"};
  return names.at(static_cast<std::size_t>(severity));
}

std::vector<Finding> check_fact(const Fact& fact) { return FactCheck(fact).run(); }

std::vector<Finding> check(const Library& library) {
  std::vector<Finding> findings;
  for (const Material& material : library.materials()) {
    if (material.formula.empty()) continue;
    try {
      base::Formula::parse(material.formula);
    } catch (const base::InputError& error) {
      findings.push_back({material.id, Severity::error, "the formula '" + material.formula + "': " + error.problem()});
    }
  }
  for (const Fact& fact : library.facts()) {
    std::vector<Finding> own = check_fact(fact);
    std::move(own.begin(), own.end(), std::back_inserter(findings));
    check_names(library, fact, findings);
  }
  return findings;
}

}  // namespace closo::library
