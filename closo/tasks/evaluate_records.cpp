// Cells of the library beside the one described: capacities, cycling, ageing; and the list of sources.
#include <algorithm>
#include <charconv>

#include "closo/base/number.hpp"
#include "closo/tasks/detail/evaluation.hpp"
#include "closo/tasks/detail/evidence.hpp"
#include "closo/tasks/library_access.hpp"

namespace closo::tasks::detail {
namespace {

using report::Outcome;

std::optional<double> number_condition(const library::Fact& fact, std::string_view key) {
  const std::string_view text = fact.condition(key);
  double value = 0.0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || result.ec != std::errc()) return std::nullopt;
  return value;
}

bool is_record(const library::Fact& fact) {
  static constexpr std::string_view shown[] = {
      "discharge capacity",   "initial discharge capacity", "reversible capacity",  "capacity retention",
      "Coulombic efficiency", "number of cycles",           "capacity fading rate", "capacity"};
  return std::find(std::begin(shown), std::end(shown), fact.quantity) != std::end(shown);
}

bool is_capacity(const library::Fact& fact) {
  return fact.quantity == "discharge capacity" || fact.quantity == "initial discharge capacity" ||
         fact.quantity == "reversible capacity";
}

report::Cell plain_number(std::optional<double> value, const char* unit) {
  if (!value) return std::string();
  report::Value cell;
  cell.value = value;
  cell.unit = unit;
  return cell;
}

std::string rate_text(const library::Fact& fact) {
  if (const std::string_view rate = fact.condition("rate_C"); !rate.empty()) return std::string(rate) + " C";
  if (const std::string_view current = fact.condition("current_density_mA_cm2"); !current.empty())
    return std::string(current) + " mA/cm²";
  if (const std::string_view current = fact.condition("current_density_mA_g"); !current.empty())
    return std::string(current) + " mA/g";
  return {};
}

/// Capacity against cycle number for every cell with the same cathode, this electrolyte's in front.
void add_figure(const Evaluation& evaluation, const std::vector<const library::Fact*>& records,
                report::Section& section) {
  report::Figure figure;
  figure.id = "cell_records";
  figure.title = "Discharge capacity of " + evaluation.system.cathode->active + " cells";
  figure.x.title = "cycle";
  figure.y.title = "capacity (mAh/g)";
  figure.y.low = 0.0;
  figure.height = 300;
  for (const library::Fact* fact : records) {
    const std::optional<double> cycle = number_condition(*fact, "cycle");
    if (!is_capacity(*fact) || !fact->value || !cycle ||
        fact->condition("cathode") != evaluation.system.cathode->active)
      continue;
    auto layer = std::find_if(figure.layers.begin(), figure.layers.end(),
                              [&](const report::Layer& each) { return each.series == fact->material; });
    if (layer == figure.layers.end()) {
      figure.layers.push_back({});
      layer = figure.layers.end() - 1;
      layer->mark = report::Mark::points;
      layer->series = fact->material;
    }
    layer->x.push_back(*cycle);
    layer->y.push_back(*fact->value);
    std::string hover = report::to_text(fact_value(evaluation.library, *fact)) + ", " + rate_text(*fact);
    if (fact->temperature) hover += ", " + celsius(*fact->temperature);
    layer->hover.push_back(hover + " — " + evaluation.library.citation(*fact));
  }
  if (!figure.layers.empty()) section.blocks.emplace_back(figure);
}

report::Verdict ageing_verdict(Evaluation& evaluation) {
  report::Verdict verdict;
  verdict.criterion = "ageing";
  const library::Criterion* criterion = find_criterion(evaluation.library, "capacity retention");
  const CriteriaEntry& own = evaluation.system.criteria;
  const double target = own.retention_at_least                     ? own.retention_at_least->value
                        : criterion != nullptr && criterion->value ? criterion->unit.to_si(*criterion->value)
                                                                   : 0.8;
  const double target_cycles = own.retention_cycles ? own.retention_cycles->value : 500.0;
  verdict.target = "≥ " + base::format_number(100.0 * target, 3) + " % at " + base::format_number(target_cycles, 4);
  const library::Fact* best = longest_retention(evaluation);
  if (best == nullptr) {
    verdict.finding = "unknown";
    verdict.reason =
        "the library has no capacity retention of this electrolyte with " + evaluation.system.cathode->active;
    return verdict;
  }
  const double cycles = *number_condition(*best, "cycle");
  const report::Value value = fact_value(evaluation.library, *best);
  verdict.values.push_back(value);
  verdict.finding = report::to_text(value) + " after " + base::format_number(cycles, 4) + " cycles (" +
                    std::string(library::to_string(best->kind)) + ")";
  verdict.source = value.source;
  const bool holds = *best->value_si >= target;
  if (!holds && cycles <= target_cycles) {
    verdict.outcome = Outcome::fail;
    verdict.reason = "the capacity fell below the target before the number of cycles asked for";
  } else if (holds && cycles >= target_cycles) {
    verdict.outcome = Outcome::pass;
    verdict.reason = "the capacity held for the number of cycles asked for";
  } else {
    verdict.reason = holds ? "the record ends before the number of cycles asked for"
                           : "the record is longer than asked for and fell below the target at an unknown cycle";
  }
  return verdict;
}

}  // namespace

const library::Fact* longest_retention(const Evaluation& evaluation) {
  const library::Fact* best = nullptr;
  for (const library::Fact* fact : facts_of(evaluation, evaluation.electrolyte, "cell")) {
    if (fact->quantity != "capacity retention" || !fact->value_si || fact->is_doubtful()) continue;
    if (fact->condition("cathode") != evaluation.system.cathode->active) continue;
    const std::optional<double> cycle = number_condition(*fact, "cycle");
    if (cycle && (best == nullptr || *cycle > *number_condition(*best, "cycle"))) best = fact;
  }
  return best;
}

CyclingEvidence longest_cycling(const Evaluation& evaluation, const std::string& role, const std::string& electrode) {
  CyclingEvidence evidence;
  std::string_view cell_id;
  for (const library::Fact* fact : facts_of(evaluation, evaluation.electrolyte, "cell")) {
    if (fact->condition(role) != electrode || fact->kind != library::Kind::measured) continue;
    std::optional<double> cycles = number_condition(*fact, "cycle");
    if (fact->quantity == "number of cycles") cycles = fact->value;
    if (!cycles || *cycles <= evidence.cycles) continue;
    evidence.cycles = *cycles;
    evidence.fact = fact;
    evidence.at_least = fact->quantity == "number of cycles" && (fact->qualifier == base::Qualifier::greater ||
                                                                 fact->qualifier == base::Qualifier::greater_equal);
    cell_id = fact->condition("cell_id");
  }
  if (evidence.fact == nullptr) return evidence;
  for (const library::Fact* fact : facts_of(evaluation, evaluation.electrolyte, "cell")) {
    if (fact->quantity == "Coulombic efficiency" && fact->condition("cell_id") == cell_id && !fact->is_doubtful())
      evidence.coulombic_efficiency = fact;
  }
  return evidence;
}

std::string cycles_text(const CyclingEvidence& evidence) {
  return (evidence.at_least ? "more than " : "") + base::format_number(evidence.cycles, 4);
}

report::Verdict cycling_verdict(Evaluation& evaluation, report::Verdict verdict, const CyclingEvidence& evidence,
                                const std::string& what) {
  if (evidence.fact == nullptr) {
    verdict.finding = "unknown";
    verdict.reason = "the library has neither a reaction nor a cell of this electrolyte with " + what;
    return verdict;
  }
  verdict.finding = "cycled " + cycles_text(evidence) + " times";
  if (evidence.coulombic_efficiency != nullptr) {
    const report::Value efficiency = fact_value(evaluation.library, *evidence.coulombic_efficiency);
    verdict.finding += ", Coulombic efficiency " + report::to_text(efficiency);
    verdict.values.push_back(efficiency);
  }
  verdict.source = evaluation.library.citation(*evidence.fact);
  evaluation.used.push_back(evidence.fact);
  if (evidence.cycles >= enough_cycles) {
    verdict.outcome = Outcome::pass;
    verdict.reason = "a cell of this electrolyte with " + what + " ran for " + cycles_text(evidence) +
                     " cycles (closo counts " + base::format_number(enough_cycles) + " as enough)";
  } else {
    verdict.reason = "the longest known cell with " + what + " ran for " + cycles_text(evidence) +
                     " cycles; closo counts " + base::format_number(enough_cycles) + " as enough";
  }
  return verdict;
}

void add_records(Evaluation& evaluation) {
  if (!evaluation.system.cathode) return;
  std::vector<const library::Fact*> records;
  const auto is_own = [&](const library::Fact& fact) {
    return evaluation.electrolyte != nullptr && fact.material == evaluation.electrolyte->id;
  };
  for (const library::Fact& fact : evaluation.library.facts()) {
    if (fact.table != "cell" || !is_record(fact) || !fact.value) continue;
    if (is_own(fact) || fact.condition("cathode") == evaluation.system.cathode->active) records.push_back(&fact);
  }
  std::stable_sort(records.begin(), records.end(),
                   [&](const library::Fact* a, const library::Fact* b) { return is_own(*a) > is_own(*b); });

  report::Section section{"records", "Cells of the library", {}, false};
  add_figure(evaluation, records, section);
  report::Table table{"cell_records",
                      "Cells with this electrolyte or with " + evaluation.system.cathode->active,
                      {{"cell", "cell"},
                       {"electrolyte", "electrolyte"},
                       {"cathode", "cathode"},
                       {"quantity", "quantity"},
                       {"value", "value"},
                       {"cycle", "cycle"},
                       {"rate", "rate"},
                       {"temperature_degC", "T (°C)"},
                       {"source", "source"}},
                      {},
                      {}};
  for (const library::Fact* fact : records) {
    evaluation.used.push_back(fact);
    table.rows.push_back(
        {std::string(fact->condition("cell_id")), fact->material, std::string(fact->condition("cathode")),
         fact->quantity, fact_value(evaluation.library, *fact), plain_number(number_condition(*fact, "cycle"), ""),
         rate_text(*fact), fact->temperature ? report::Cell(temperature_value(*fact)) : report::Cell(std::string()),
         evaluation.library.citation(*fact)});
  }
  if (!table.rows.empty()) section.blocks.emplace_back(table);
  evaluation.report.verdicts.push_back(ageing_verdict(evaluation));
  if (!section.blocks.empty()) evaluation.report.sections.push_back(std::move(section));
}

void add_sources(Evaluation& evaluation) {
  report::Section section{"sources", "Method and sources", {}, true};
  section.blocks.emplace_back(report::Paragraph{
      "Own data of the system file stand before facts of the library. Facts flagged as doubtful are shown and decide "
      "nothing. A verdict is "
      "pass when the target is met with a probability of at least 84 % (one standard deviation), fail when it is "
      "missed with that "
      "probability, unknown otherwise; without a stated uncertainty the bare numbers are compared. Conductivities are "
      "interpolated and "
      "extrapolated by the Arrhenius law of one phase, ln(σT) against 1/T, never through a known phase transition."});
  report::Table table{"facts",
                      "Facts of the library used here",
                      {{"id", "fact"},
                       {"subject", "subject"},
                       {"quantity", "quantity"},
                       {"value", "value"},
                       {"flags", "flags"},
                       {"note", "note"},
                       {"source", "source"},
                       {"doi", "DOI"}},
                      {},
                      {}};
  std::vector<const library::Fact*> used = evaluation.used;
  std::sort(used.begin(), used.end(), [](const library::Fact* a, const library::Fact* b) { return a->id < b->id; });
  used.erase(std::unique(used.begin(), used.end()), used.end());
  for (const library::Fact* fact : used) {
    std::string flags;
    for (const std::string& flag : fact->flags) flags += (flags.empty() ? "" : ", ") + flag;
    table.rows.push_back({fact->id, fact->subject, fact->quantity, fact_value_or_text(evaluation.library, *fact), flags,
                          fact->note, evaluation.library.citation(*fact), evaluation.library.doi(*fact)});
  }
  if (!table.rows.empty()) section.blocks.emplace_back(table);
  evaluation.report.sections.push_back(std::move(section));
}

}  // namespace closo::tasks::detail
