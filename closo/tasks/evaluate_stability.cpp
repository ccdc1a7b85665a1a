// What the electrolyte survives: electrochemical windows, the anode's metal, the cathode; and who moves (transference).
#include <algorithm>
#include <charconv>
#include <cmath>

#include "closo/base/number.hpp"
#include "closo/tasks/detail/evaluation.hpp"
#include "closo/tasks/detail/evidence.hpp"
#include "closo/tasks/detail/window_limits.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks::detail {
namespace {

using report::Outcome;

bool is_inert_voltammetry(std::string_view method) {
  return method.find("CV") != std::string_view::npos && method.find("carbon") == std::string_view::npos;
}

Limit from_file(const StatedLimit& stated, const std::string& source) {
  Limit limit{stated.potential.value, stated.potential.qualifier, is_inert_voltammetry(stated.method),
              stated_value(stated.potential, "V", "measured", source), stated.method};
  limit.value.note = stated.method;
  return limit;
}

bool decides(const library::Fact& fact) {
  const std::string_view kind = fact.condition("window_kind");
  const bool limit = kind == "stability window" || kind == "oxidation limit" || kind == "reduction limit";
  return limit && fact.value && !fact.is_doubtful() &&
         (fact.kind == library::Kind::measured || fact.kind == library::Kind::computed);
}

}  // namespace

Limits find_limits(const Evaluation& evaluation) {
  Limits limits;
  const ElectrolyteEntry& own = evaluation.system.electrolyte;
  const std::string source = own.source.empty() ? "system file" : own.source;
  for (const library::Fact* fact : facts_of(evaluation, evaluation.electrolyte, "window")) {
    if (!decides(*fact)) continue;
    const std::string_view kind = fact->condition("window_kind");
    const report::Value value = fact_value(evaluation.library, *fact);
    const bool inert = is_inert_voltammetry(fact->method);
    const auto take = [&](std::optional<Limit>& best, double potential, bool lower_is_stricter) {
      Limit candidate{potential, fact->qualifier, inert, value, fact->method};
      candidate.value.value = potential;
      candidate.value.value_hi.reset();
      if (!best) {
        best = candidate;
      } else if (best->inert_voltammetry != inert) {
        if (best->inert_voltammetry) best = candidate;
      } else if (lower_is_stricter ? potential < best->potential : potential > best->potential) {
        best = candidate;
      }
    };
    if (kind == "oxidation limit") take(limits.oxidation, *fact->value_si, true);
    if (kind == "reduction limit") take(limits.reduction, *fact->value_si, false);
    if (kind == "stability window" && fact->value_hi_si) {
      take(limits.reduction, *fact->value_si, false);
      take(limits.oxidation, *fact->value_hi_si, true);
    }
  }
  if (own.oxidation_limit) limits.oxidation = from_file(*own.oxidation_limit, source);
  if (own.reduction_limit) limits.reduction = from_file(*own.reduction_limit, source);
  return limits;
}

namespace {

std::string volts(double value) { return base::format_number(value, 3) + " V"; }

report::Verdict window_verdict(const Evaluation& evaluation, const Limits& limits) {
  report::Verdict verdict;
  verdict.criterion = "window";
  const OperationEntry& operation = evaluation.system.operation;
  if (!operation.voltage_high) {
    verdict.target = "covers the cell voltage";
    verdict.finding = limits.oxidation ? "to " + volts(limits.oxidation->potential) : "unknown";
    verdict.reason = "the system file gives no voltage range of the cell";
    return verdict;
  }
  verdict.target =
      "covers " + base::format_number(operation.voltage_low->value, 3) + "–" + volts(operation.voltage_high->value);
  if (evaluation.system.anode && evaluation.system.anode->material != evaluation.system.mobile_ion) {
    verdict.finding = "unknown";
    verdict.reason = "the cell voltage is measured against " + evaluation.system.anode->material +
                     ", whose potential is not known here";
    return verdict;
  }
  if (!limits.oxidation) {
    verdict.finding = "no oxidation limit that can decide";
    verdict.reason = "neither the system file nor the library has an oxidation limit without doubt";
    return verdict;
  }
  const Limit& upper = *limits.oxidation;
  verdict.finding = limits.reduction ? volts(limits.reduction->potential) + " to " + volts(upper.potential)
                                     : "to " + volts(upper.potential);
  if (!upper.method.empty()) verdict.finding += " (" + upper.method.substr(0, upper.method.find(',')) + ")";
  verdict.values.push_back(upper.value);
  verdict.source = upper.value.source;
  const double high = operation.voltage_high->value;
  if (upper.potential < high) {
    verdict.outcome = Outcome::fail;
    verdict.reason = "oxidation starts at " + volts(upper.potential) + ", below the upper voltage limit " + volts(high);
  } else if (limits.reduction && limits.reduction->potential > operation.voltage_low->value) {
    verdict.outcome = Outcome::fail;
    verdict.reason = "reduction starts at " + volts(limits.reduction->potential) + ", above the lower voltage limit";
  } else if (upper.inert_voltammetry) {
    verdict.reason =
        "the limit comes from voltammetry on an inert electrode, which overestimates it (review 2018, sec. 4.2); "
        "carbon-mixed voltammetry or a computed window is needed";
  } else {
    verdict.outcome = Outcome::pass;
    verdict.reason = "oxidation starts at " + volts(upper.potential) + ", " + volts(upper.potential - high) +
                     " above the upper voltage limit";
  }
  return verdict;
}

report::Verdict anode_verdict(Evaluation& evaluation, const Limits& limits) {
  report::Verdict verdict;
  const std::string& anode = evaluation.system.anode->material;
  verdict.criterion = "anode " + anode;
  verdict.target = "stable, or passivated";
  const bool metal = anode == evaluation.system.mobile_ion;
  const CyclingEvidence cycling = longest_cycling(evaluation, "anode", anode);
  if (metal && limits.reduction && limits.reduction->potential <= 0.0) {
    verdict.outcome = Outcome::pass;
    verdict.finding = "no reduction down to " + volts(limits.reduction->potential);
    verdict.source = limits.reduction->value.source;
    verdict.reason = "the reduction limit lies at or below the potential of the metal" +
                     std::string(limits.reduction->method.empty() ? "" : " (" + limits.reduction->method + ")");
    if (cycling.fact != nullptr)
      verdict.reason += "; cells with this anode ran for " + cycles_text(cycling) + " cycles";
    return verdict;
  }
  if (metal && limits.reduction) {
    verdict.outcome = Outcome::fail;
    verdict.finding = "reduced below " + volts(limits.reduction->potential);
    verdict.values.push_back(limits.reduction->value);
    verdict.source = limits.reduction->value.source;
    verdict.reason = "the reduction limit lies above the potential of the metal; a passivating layer is not known";
    return verdict;
  }
  return cycling_verdict(evaluation, verdict, cycling, "this anode");
}

/// "TiS2" also meets "LiTiS2" and "NaCrO2" meets "Na0.5CrO2": charged and discharged states of one host.
bool same_host(std::string_view electrode, std::string_view active, std::string_view ion) {
  if (active.starts_with(ion) && active.size() > ion.size()) {
    active.remove_prefix(ion.size());
    while (!active.empty() && (active.front() == '.' || (active.front() >= '0' && active.front() <= '9')))
      active.remove_prefix(1);
  }
  return !active.empty() && electrode.find(active) != std::string_view::npos;
}

/// +1 compatible, -1 not, 0 says nothing of it.
int outcome_sign(const library::Fact& fact) {
  const std::string_view outcome = fact.condition("outcome");
  if (outcome.starts_with("stable") || outcome.starts_with("more stable") || outcome.starts_with("no reaction"))
    return 1;
  if (outcome.starts_with("less stable") || outcome.starts_with("reacts")) return -1;
  return 0;
}

report::Verdict cathode_verdict(Evaluation& evaluation, report::Section& section) {
  report::Verdict verdict;
  const std::string& active = evaluation.system.cathode->active;
  verdict.criterion = "cathode " + active;
  verdict.target = "compatible";
  report::Table table{"compatibility",
                      "Compatibility with " + active,
                      {{"electrolyte", "electrolyte"},
                       {"electrode", "electrode"},
                       {"quantity", "quantity"},
                       {"outcome", "outcome"},
                       {"method", "method"},
                       {"source", "source"}},
                      {},
                      {}};
  const library::Fact* decisive = nullptr;
  for (const library::Fact& fact : evaluation.library.facts()) {
    if (fact.table != "compatibility" || !same_host(fact.condition("electrode"), active, evaluation.system.mobile_ion))
      continue;
    evaluation.used.push_back(&fact);
    table.rows.push_back({fact.material, std::string(fact.condition("electrode")), fact.quantity,
                          std::string(fact.condition("outcome")), fact.method, evaluation.library.citation(fact)});
    const bool own = evaluation.electrolyte != nullptr && fact.material == evaluation.electrolyte->id;
    // One reaction found outweighs any number of pairs called stable.
    if (own && !fact.is_doubtful() && outcome_sign(fact) != 0 && (decisive == nullptr || outcome_sign(fact) < 0))
      decisive = &fact;
  }
  if (!table.rows.empty()) {
    table.caption = "Only rows of this electrolyte decide; the others show what is known of the same electrode.";
    section.blocks.emplace_back(table);
  }
  if (decisive != nullptr && outcome_sign(*decisive) < 0) {
    verdict.outcome = Outcome::fail;
    verdict.finding = std::string(decisive->condition("electrode")) + ": " +
                      std::string(decisive->condition("outcome")) + " (" + decisive->quantity + ")";
    verdict.source = evaluation.library.citation(*decisive);
    verdict.reason = "a reaction or low stability is reported for this pair";
    return verdict;
  }
  const CyclingEvidence cycling = longest_cycling(evaluation, "cathode", active);
  if (decisive != nullptr && cycling.cycles < enough_cycles) {
    verdict.outcome = Outcome::pass;
    verdict.finding = std::string(decisive->condition("electrode")) + ": " +
                      std::string(decisive->condition("outcome")) + " (" + decisive->quantity + ")";
    verdict.source = evaluation.library.citation(*decisive);
    verdict.reason = "reported as " + std::string(decisive->condition("outcome")) + " by " + decisive->method;
    return verdict;
  }
  return cycling_verdict(evaluation, verdict, cycling, "this cathode");
}

void add_window_table(Evaluation& evaluation, report::Section& section) {
  report::Table table{"windows",
                      "Electrochemical windows",
                      {{"material", "material"},
                       {"quantity", "quantity"},
                       {"value", "value"},
                       {"temperature_degC", "T (°C)"},
                       {"method", "method"},
                       {"use", "use"},
                       {"source", "source"}},
                      {},
                      {}};
  const ElectrolyteEntry& own = evaluation.system.electrolyte;
  const auto add_own = [&](const std::optional<StatedLimit>& limit, const char* quantity) {
    if (!limit) return;
    table.rows.push_back({evaluation.system.name, quantity, stated_value(limit->potential, "V", "measured", own.source),
                          "", limit->method, "decides", own.source});
  };
  add_own(own.oxidation_limit, "oxidation onset potential");
  add_own(own.reduction_limit, "cathodic stability limit");
  std::vector<const library::Material*> materials = {evaluation.electrolyte};
  if (evaluation.host != evaluation.electrolyte) materials.push_back(evaluation.host);
  for (const library::Material* material : materials) {
    for (const library::Fact* fact : facts_of(evaluation, material, "window")) {
      evaluation.used.push_back(fact);
      std::string use = "shown";
      if (material == evaluation.electrolyte && decides(*fact))
        use = is_inert_voltammetry(fact->method) && fact->condition("window_kind") != "reduction limit" ? "upper bound"
                                                                                                        : "may decide";
      if (fact->is_doubtful()) use = "doubtful";
      table.rows.push_back({fact->subject, fact->quantity, fact_value(evaluation.library, *fact),
                            fact->temperature ? report::Cell(temperature_value(*fact)) : report::Cell(std::string()),
                            fact->method, use, evaluation.library.citation(*fact)});
    }
  }
  if (!table.rows.empty()) section.blocks.emplace_back(table);
}

}  // namespace

void add_stability(Evaluation& evaluation) {
  report::Section section{"stability", "Electrochemical window and compatibility", {}, false};
  add_window_table(evaluation, section);
  const Limits limits = find_limits(evaluation);
  evaluation.report.verdicts.push_back(window_verdict(evaluation, limits));
  if (evaluation.system.anode) evaluation.report.verdicts.push_back(anode_verdict(evaluation, limits));
  if (evaluation.system.cathode) evaluation.report.verdicts.push_back(cathode_verdict(evaluation, section));
  if (!section.blocks.empty()) evaluation.report.sections.push_back(std::move(section));
}

namespace {

/// Target and best known value of one transference number.
report::Verdict transference_verdict(const std::string& name, const std::optional<report::Value>& known,
                                     double target) {
  report::Verdict verdict;
  verdict.criterion = name;
  verdict.target = "≥ " + base::format_number(target, 3);
  if (!known) {
    verdict.finding = "unknown";
    verdict.reason = "neither the system file nor the library has a value";
    return verdict;
  }
  verdict.finding = report::to_text(*known);
  verdict.values.push_back(*known);
  verdict.source = known->source;
  const double value = *known->value;
  const bool only_upper = known->qualifier == "<" || known->qualifier == "<=";
  const bool only_lower = known->qualifier == ">" || known->qualifier == ">=";
  if (only_upper && value >= target) {
    verdict.reason = "only an upper bound is known";
  } else if (only_lower && value < target) {
    verdict.reason = "only a lower bound is known, and it lies below the target";
  } else {
    const Decision decision = decide(value, known->uncertainty, target, false);
    verdict.outcome = decision.outcome;
    verdict.probability = decision.probability;
    verdict.reason = reason_of(decision, "the stated value");
  }
  return verdict;
}

std::optional<report::Value> library_transference(Evaluation& evaluation, bool ionic) {
  for (const library::Fact* fact : facts_of(evaluation, evaluation.electrolyte, "transport_number")) {
    const bool is_ionic = fact->quantity == "ionic transference number";
    if (is_ionic != ionic || !fact->value || fact->is_doubtful()) continue;
    evaluation.used.push_back(fact);
    return fact_value(evaluation.library, *fact);
  }
  return std::nullopt;
}

}  // namespace

void add_transference(Evaluation& evaluation) {
  const ElectrolyteEntry& own = evaluation.system.electrolyte;
  const auto target_of = [&](const std::optional<base::Quantity>& stated, std::string_view quantity) {
    if (stated) return stated->value;
    const library::Criterion* criterion = find_criterion(evaluation.library, quantity);
    return criterion != nullptr && criterion->value ? *criterion->value : 0.9;
  };
  const std::optional<report::Value> ionic =
      own.ionic_transference ? std::optional(stated_value(*own.ionic_transference, "1", "measured", own.source))
                             : library_transference(evaluation, true);
  const std::optional<report::Value> cation =
      own.cation_transference ? std::optional(stated_value(*own.cation_transference, "1", "measured", own.source))
                              : library_transference(evaluation, false);
  evaluation.report.verdicts.push_back(transference_verdict(
      "ionic transference", ionic,
      target_of(evaluation.system.criteria.ionic_transference_at_least, "ionic transference number")));
  const std::string charge = evaluation.system.mobile_ion == "Mg" ? "²⁺" : "⁺";
  evaluation.report.verdicts.push_back(transference_verdict(
      evaluation.system.mobile_ion + charge + " transport number", cation,
      target_of(evaluation.system.criteria.cation_transference_at_least, "cation transport number")));
}

}  // namespace closo::tasks::detail
