// Conductivity against temperature: points, law, target, the library's other electrolytes behind it, and the rank among
// them.
#include <algorithm>
#include <cmath>

#include "closo/base/number.hpp"
#include "closo/tasks/arrhenius_figure.hpp"
#include "closo/tasks/detail/evaluation.hpp"
#include "closo/tasks/library_access.hpp"
#include "closo/transport/consistency.hpp"
#include "closo/transport/decades.hpp"
#include "closo/transport/estimate.hpp"

namespace closo::tasks::detail {
namespace {

constexpr double mS_per_cm = 0.1;  // S/m
constexpr double joule_per_eV = 1.602176634e-19;

double relative_uncertainty(const base::Quantity& sigma) {
  if (sigma.uncertainty) return *sigma.uncertainty / sigma.value;
  return std::hypot(usual_uncertainty, transport::reading_uncertainty(sigma.value, sigma.qualifier));
}

bool is_bound(base::Qualifier qualifier) {
  return qualifier != base::Qualifier::equal && qualifier != base::Qualifier::about;
}

transport::ArrheniusForm form_of(const ElectrolyteEntry& own) {
  return own.activation_energy_form == "sigma" ? transport::ArrheniusForm::sigma : transport::ArrheniusForm::sigma_t;
}

std::vector<transport::ConductivityPoint> own_points(const ElectrolyteEntry& own) {
  std::vector<transport::ConductivityPoint> points;
  for (const StatedConductivity& stated : own.conductivity) {
    if (is_bound(stated.sigma.qualifier)) continue;
    points.push_back(
        {stated.temperature, stated.sigma.value, stated.sigma.value * relative_uncertainty(stated.sigma), 0.0});
  }
  std::sort(points.begin(), points.end(), [](const auto& a, const auto& b) { return a.temperature < b.temperature; });
  return points;
}

/// Own points with the stated slope through their weighted mean in (1/T, ln sigma T); without a stated energy the
/// fitted line.
std::optional<transport::ArrheniusLaw> own_law(const ElectrolyteEntry& own) {
  const std::vector<transport::ConductivityPoint> points = own_points(own);
  if (points.empty()) return std::nullopt;
  const transport::ArrheniusForm form = form_of(own);
  std::optional<transport::ArrheniusLaw> law;
  if (own.activation_energy) {
    double weight = 0.0, inverse = 0.0, logarithm = 0.0;
    for (const transport::ConductivityPoint& point : points) {
      const double w = std::pow(point.conductivity / point.uncertainty, 2);
      const double factor = form == transport::ArrheniusForm::sigma_t ? point.temperature : 1.0;
      weight += w;
      inverse += w / point.temperature;
      logarithm += w * std::log(point.conductivity * factor);
    }
    const double temperature = weight / inverse;
    const double factor = form == transport::ArrheniusForm::sigma_t ? temperature : 1.0;
    const double sigma = std::exp(logarithm / weight) / factor;
    const std::optional<double> energy_uncertainty =
        own.activation_energy->uncertainty ? std::optional(*own.activation_energy->uncertainty / joule_per_eV)
                                           : std::nullopt;
    law = transport::anchored_law(temperature, sigma, sigma / std::sqrt(weight),
                                  own.activation_energy->value / joule_per_eV, energy_uncertainty, form);
  } else if (points.size() >= 2) {
    const transport::ArrheniusFit fit = transport::fit_arrhenius(points, {form, false});
    if (fit.status != num::FitStatus::ok) return std::nullopt;
    law = fit.law;
  }
  if (law) {
    law->low_temperature = points.front().temperature;
    law->high_temperature = points.back().temperature;
  }
  return law;
}

report::Value sigma_value(const Conductivity& conductivity, double unit, const char* unit_text) {
  report::Value value;
  value.value = conductivity.sigma.value / unit;
  if (conductivity.sigma.uncertainty) value.uncertainty = *conductivity.sigma.uncertainty / unit;
  value.unit = unit_text;
  value.kind = conductivity.kind;
  value.source = conductivity.source;
  if (conductivity.extrapolated) value.note = "extrapolated";
  value.significant = 3;
  return value;
}

report::Value energy_value(double energy_eV, std::optional<double> uncertainty, const char* kind,
                           const std::string& source) {
  report::Value value;
  value.value = energy_eV;
  value.uncertainty = uncertainty;
  value.unit = "eV";
  value.kind = kind;
  value.source = source;
  value.significant = 3;
  return value;
}

std::string own_source(const Evaluation& evaluation) {
  const std::string& source = evaluation.system.electrolyte.source;
  return source.empty() ? "system file" : source;
}

void add_energies(const Evaluation& evaluation, report::KeyValues& values) {
  const ElectrolyteEntry& own = evaluation.system.electrolyte;
  if (evaluation.measured && evaluation.law) {
    const transport::ArrheniusLaw& law = evaluation.law->at(evaluation.working_temperature);
    values.items.emplace_back(
        "measured activation energy",
        energy_value(law.activation_energy_eV,
                     law.uncertainty_known ? std::optional(std::sqrt(law.energy_variance)) : std::nullopt, "measured",
                     evaluation.law_source + ", ln σT form"));
  }
  if (own.activation_energy) {
    report::Value stated = stated_value(*own.activation_energy, "eV", "measured", own_source(evaluation));
    stated.note = own.activation_energy_form == "sigma" ? "ln σ form" : "ln σT form";
    values.items.emplace_back("activation energy", stated);
  } else if (evaluation.law && !evaluation.measured) {
    const transport::ArrheniusLaw& law = evaluation.law->at(evaluation.working_temperature);
    values.items.emplace_back(
        "activation energy",
        energy_value(law.activation_energy_eV,
                     law.uncertainty_known ? std::optional(std::sqrt(law.energy_variance)) : std::nullopt, "computed",
                     evaluation.law_source + ", ln σT form"));
  }
  const std::vector<transport::ConductivityPoint> points = own_points(own);
  if (own.activation_energy && points.size() >= 2) {
    const double implied = transport::implied_activation_energy(points.front(), points.back(), form_of(own));
    const double span = 1.0 / points.front().temperature - 1.0 / points.back().temperature;
    const double spread = std::hypot(points.front().uncertainty / points.front().conductivity,
                                     points.back().uncertainty / points.back().conductivity);
    values.items.emplace_back(
        "activation energy implied by the stated conductivities",
        energy_value(implied, 8.617333262145179e-5 * spread / span, "computed",
                     "from " + celsius(points.front().temperature) + " and " + celsius(points.back().temperature)));
  }
}

/// Contradictions among the library's numbers of the host and the composite.
void add_doubts(Evaluation& evaluation) {
  for (const transport::EnergyCheck& check : transport::find_contradictions(evaluation.library)) {
    for (const library::Material* material : {evaluation.electrolyte, evaluation.host}) {
      if (material == nullptr || check.energy->material != material->id) continue;
      evaluation.report.doubts.push_back("library: " + transport::describe(check));
      break;
    }
  }
}

/// Own value among the library's electrolytes at the working temperature.
struct Rank {
  std::size_t place = 0, of = 0;
  std::size_t unknown = 0;
};

std::optional<Rank> add_ranking(Evaluation& evaluation, report::Section& section) {
  const std::optional<Conductivity> own = conductivity_at(evaluation, evaluation.working_temperature);
  transport::Ranking ranking = transport::rank_at(evaluation.library, evaluation.working_temperature);
  const auto is_own = [&](const transport::MaterialEstimate& each) { return each.material == evaluation.electrolyte; };
  std::erase_if(ranking.ranked, is_own);
  std::erase_if(ranking.without, is_own);

  report::Table table{"ranking",
                      "Electrolytes at " + celsius(evaluation.working_temperature),
                      {{"rank", "rank"},
                       {"material", "material"},
                       {"family", "family"},
                       {"sigma_mS_per_cm", "σ (mS/cm)"},
                       {"uncertainty_decades", "± (decades)"},
                       {"how", "how"},
                       {"facts", "facts"}},
                      {},
                      {}};
  std::size_t place = 0;
  Rank rank{0, ranking.ranked.size() + (own ? 1U : 0U), ranking.without.size()};
  const auto rank_cell = [](std::size_t value) {
    report::Value cell;
    cell.value = static_cast<double>(value);
    return cell;
  };
  const auto add_own = [&] {
    rank.place = ++place;
    report::Value spread;
    if (own->sigma.uncertainty) spread.value = *own->sigma.uncertainty / own->sigma.value / transport::ln_10;
    spread.significant = 2;
    table.rows.push_back({rank_cell(place), "▶ " + evaluation.system.name,
                          evaluation.electrolyte != nullptr ? evaluation.electrolyte->family : std::string(),
                          sigma_value(*own, mS_per_cm, "mS/cm"), spread, own->kind, "system file"});
  };
  for (const transport::MaterialEstimate& each : ranking.ranked) {
    if (own && rank.place == 0 && each.best.conductivity < own->sigma.value) add_own();
    report::Value sigma;
    sigma.value = each.best.conductivity / mS_per_cm;
    sigma.unit = "mS/cm";
    sigma.significant = 3;
    sigma.kind = each.best.kind == transport::EstimateKind::measured ? "measured" : "computed";
    std::string ids;
    for (const library::Fact* fact : each.best.facts) {
      sigma.source += (sigma.source.empty() ? "" : "; ") + fact->id + " " + evaluation.library.citation(*fact);
      ids += (ids.empty() ? "" : ", ") + fact->id;
      evaluation.used.push_back(fact);
    }
    if (each.best.doubtful) sigma.note = "doubtful";
    report::Value spread;
    spread.value = each.best.decades_uncertainty;
    spread.significant = 2;
    table.rows.push_back(
        {rank_cell(++place), each.material->id, each.material->family, sigma, spread, each.best.how, ids});
  }
  if (own && rank.place == 0) add_own();
  table.caption =
      std::to_string(rank.unknown) +
      " electrolytes of the library have no number that could be carried to this temperature within one phase.";
  section.blocks.emplace_back(table);
  return own ? std::optional(rank) : std::nullopt;
}

/// Lowest and highest temperature worth drawing.
std::pair<double, double> drawn_range(const Evaluation& evaluation) {
  double low = std::min(298.15, evaluation.temperatures.front()),
         high = std::max(373.15, evaluation.temperatures.back());
  for (const StatedConductivity& stated : evaluation.system.electrolyte.conductivity) {
    low = std::min(low, stated.temperature);
    high = std::max(high, stated.temperature);
  }
  return {low - 10.0, high + 15.0};
}

std::string point_hover(const Evaluation& evaluation, const library::Fact& fact) {
  return fact.subject + ": " + report::to_text(fact_value(evaluation.library, fact)) + " at " +
         celsius(*fact.temperature) + " — " + evaluation.library.citation(fact);
}

/// Points of the library, sorted into those of the system's entity, of its pure host, and of all others.
struct LibraryPoints {
  std::vector<MeasuredPoint> entity, host;
  std::vector<BackgroundPoint> others;
};

bool is_drawn(const library::Fact& fact, double low, double high) {
  constexpr double ambient_limit = 1e9;  // Pa; phases under GPa are other materials
  if (fact.table != "conductivity" || !fact.value_si || !fact.temperature) return false;
  if (fact.kind != library::Kind::measured && fact.kind != library::Kind::estimated) return false;
  if (fact.pressure && *fact.pressure > ambient_limit) return false;
  if (is_bound(fact.qualifier)) return false;
  return *fact.temperature >= low && *fact.temperature <= high;
}

LibraryPoints library_points(Evaluation& evaluation, double low, double high, double lowest_sigma) {
  LibraryPoints points;
  for (const library::Fact& fact : evaluation.library.facts()) {
    if (!is_drawn(fact, low, high)) continue;
    const library::Material* material = evaluation.library.find_material(fact.material);
    if (material == nullptr || !material->has_role("electrolyte")) continue;
    const std::string hover = point_hover(evaluation, fact);
    if (material == evaluation.electrolyte || material == evaluation.host) {
      evaluation.used.push_back(&fact);
      (material == evaluation.electrolyte ? points.entity : points.host)
          .push_back({*fact.temperature, *fact.value_si, 0.0, hover});
    } else if (*fact.value_si >= lowest_sigma) {
      points.others.push_back({*fact.temperature, *fact.value_si, hover});
    }
  }
  return points;
}

/// Three decades below the smallest number of this system or its target.
double lowest_drawn(const Evaluation& evaluation, double target, double low, double high) {
  double lowest = target;
  for (const StatedConductivity& stated : evaluation.system.electrolyte.conductivity)
    lowest = std::min(lowest, stated.sigma.value);
  for (const library::Fact* fact : facts_of(evaluation, evaluation.electrolyte, "conductivity")) {
    if (is_drawn(*fact, low, high)) lowest = std::min(lowest, *fact->value_si);
  }
  return std::pow(10.0, std::floor(std::log10(lowest)) - 3.0);
}

void add_figure(Evaluation& evaluation, double target, double target_temperature, report::Section& section) {
  const auto [low, high] = drawn_range(evaluation);
  const ElectrolyteEntry& own = evaluation.system.electrolyte;
  report::Figure figure = arrhenius_figure("conductivity", "Conductivity against temperature", low, high);
  const double lowest = lowest_drawn(evaluation, target, low, high);
  figure.y.low = lowest / 100.0;  // S/cm
  figure.y.high = 1.0;
  for (const library::Material& material : evaluation.library.materials()) {
    if (!material.has_role("electrolyte") || &material == evaluation.electrolyte || &material == evaluation.host)
      continue;
    const auto law = transport::library_law(evaluation.library, material.id);
    if (law && law->conductivity(std::clamp(298.15, low, high)) >= lowest)
      add_background_law(figure, *law, material.id);
  }
  const LibraryPoints points = library_points(evaluation, low, high, lowest);
  add_background_points(figure, points.others, "other electrolytes");
  if (evaluation.law) add_law(figure, *evaluation.law, evaluation.system.name, low, high);
  if (evaluation.host != evaluation.electrolyte && evaluation.host != nullptr)
    add_points(figure, points.host, evaluation.host->id + " without filler");
  std::vector<MeasuredPoint> stated;
  for (const StatedConductivity& point : own.conductivity) {
    stated.push_back({point.temperature, point.sigma.value, point.sigma.value * relative_uncertainty(point.sigma),
                      base::format_quantity(point.sigma, base::Unit::parse("mS/cm")) + " at " +
                          celsius(point.temperature) + " — " + own_source(evaluation)});
  }
  if (evaluation.measured) {
    std::vector<MeasuredPoint> measured;
    const SeriesConductivity& total = evaluation.measured->conductivities.front();
    for (std::size_t i = 0; i < total.sigma.size(); ++i) {
      measured.push_back({total.temperature[i], total.sigma[i].value, total.sigma[i].total_uncertainty().value_or(0.0),
                          "measured: " + base::format_number(total.sigma[i].value / mS_per_cm, 4) + " mS/cm at " +
                              celsius(total.temperature[i])});
    }
    add_points(figure, measured, evaluation.system.name);
    add_points(figure, stated.empty() ? points.entity : stated, stated.empty() ? "library" : "stated");
  } else {
    add_points(figure, stated.empty() ? points.entity : stated, evaluation.system.name);
  }
  add_target(figure, target, target_temperature, "target");
  figure.caption =
      "Coloured: this system with its law (dashed where extrapolated) and 95 % band; grey: the library's other "
      "electrolytes; "
      "dashed rules: the target " +
      base::format_number(target / mS_per_cm) + " mS/cm at " + celsius(target_temperature) + ".";
  section.blocks.emplace_back(figure);
}

void add_tables(Evaluation& evaluation, report::Section& section) {
  report::Table points{"conductivity_points",
                       "Conductivities stated and published",
                       {{"sample", "sample"}, {"temperature_degC", "T (°C)"}, {"sigma", "σ"}, {"source", "source"}},
                       {},
                       {}};
  const ElectrolyteEntry& own = evaluation.system.electrolyte;
  for (const StatedConductivity& stated : own.conductivity) {
    points.rows.push_back({evaluation.system.name,
                           stated_value({stated.temperature, {}, base::Qualifier::equal, base::Unit::parse("K")},
                                        "degC", "setting", own_source(evaluation)),
                           stated_value(stated.sigma, "S/cm", "measured", own_source(evaluation)),
                           own_source(evaluation)});
  }
  std::vector<const library::Material*> materials = {evaluation.electrolyte};
  if (evaluation.host != evaluation.electrolyte) materials.push_back(evaluation.host);
  for (const library::Material* material : materials) {
    for (const char* name : {"conductivity", "activation"}) {
      for (const library::Fact* fact : facts_of(evaluation, material, name)) {
        if (fact->kind == library::Kind::target) continue;
        evaluation.used.push_back(fact);
        report::Cell temperature = std::string(fact->temperature_note);
        if (fact->temperature) temperature = temperature_value(*fact);
        const bool energy = std::string_view(name) == "activation";
        points.rows.push_back({energy ? fact->subject + ", " + fact->quantity : fact->subject, temperature,
                               fact_value(evaluation.library, *fact), evaluation.library.citation(*fact)});
      }
    }
  }
  if (!points.rows.empty()) section.blocks.emplace_back(points);
}

/// Target conductivity [S/m] and its temperature [K], with where they come from.
struct Target {
  double sigma = 0.1;
  double temperature = 328.15;
  std::string source;
};

Target target_of(const Evaluation& evaluation) {
  Target target;
  if (const library::Criterion* criterion = find_criterion(evaluation.library, "ionic conductivity")) {
    if (criterion->value) target.sigma = criterion->unit.to_si(*criterion->value);
    if (criterion->temperature) target.temperature = *criterion->temperature;
    target.source = criterion->note;
  }
  const CriteriaEntry& own = evaluation.system.criteria;
  if (own.conductivity_at_least) target.sigma = own.conductivity_at_least->value;
  if (own.conductivity_temperature) target.temperature = *own.conductivity_temperature;
  if (own.conductivity_at_least || own.conductivity_temperature) target.source = "system file";
  return target;
}

report::Verdict conductivity_verdict(const Evaluation& evaluation, const Target& target,
                                     const std::optional<Rank>& rank) {
  report::Verdict verdict;
  verdict.criterion = "conductivity";
  verdict.target = "≥ " + base::format_number(target.sigma / mS_per_cm) + " mS/cm at " + celsius(target.temperature);
  const std::optional<Conductivity> at_target = conductivity_at(evaluation, target.temperature);
  if (!at_target) {
    verdict.finding = "unknown";
    verdict.reason = "neither the system file nor the library has a conductivity that reaches " +
                     celsius(target.temperature) + " within one phase";
    return verdict;
  }
  const report::Value value = sigma_value(*at_target, mS_per_cm, "mS/cm");
  verdict.values.push_back(value);
  verdict.source = at_target->source;
  verdict.finding = report::to_text(value) + " at " + celsius(target.temperature);
  if (rank) {
    verdict.finding += " · rank " + std::to_string(rank->place) + " of " + std::to_string(rank->of) + " at " +
                       celsius(evaluation.working_temperature);
  }
  const double logarithm = std::log(at_target->sigma.value);
  const std::optional<double> spread = at_target->sigma.uncertainty
                                           ? std::optional(*at_target->sigma.uncertainty / at_target->sigma.value)
                                           : std::nullopt;
  const Decision decision = decide(logarithm, spread, std::log(target.sigma), false);
  verdict.outcome = decision.outcome;
  verdict.probability = decision.probability;
  verdict.reason =
      reason_of(decision, "the conductivity at " + celsius(target.temperature)) + "; target: " + target.source;
  return verdict;
}

}  // namespace

std::optional<Conductivity> conductivity_at(const Evaluation& evaluation, double temperature) {
  const ElectrolyteEntry& own = evaluation.system.electrolyte;
  if (evaluation.measured) {
    if (const std::optional<Conductivity> measured = measured_at(evaluation, temperature)) return measured;
  }
  for (const StatedConductivity& stated : own.conductivity) {
    if (evaluation.measured) break;  // own spectra stand before stated numbers
    if (is_bound(stated.sigma.qualifier) || std::abs(stated.temperature - temperature) > same_temperature) continue;
    return Conductivity{{stated.sigma.value, stated.sigma.value * relative_uncertainty(stated.sigma)},
                        "measured",
                        own_source(evaluation)};
  }
  if (evaluation.measured || !own.conductivity.empty() || !own.phase.empty()) {
    if (!evaluation.law) return std::nullopt;
    const transport::ConductivityPrediction prediction = transport::predict(*evaluation.law, temperature);
    base::Measured sigma{prediction.conductivity, {}};
    if (prediction.log_uncertainty) sigma.uncertainty = sigma.value * *prediction.log_uncertainty;
    return Conductivity{sigma, "computed", evaluation.law_source, prediction.extrapolated()};
  }
  if (evaluation.electrolyte == nullptr) return std::nullopt;
  const transport::ConductivityEstimate best =
      transport::estimate_conductivity(evaluation.library, evaluation.electrolyte->id, temperature).best;
  if (best.kind == transport::EstimateKind::none) return std::nullopt;
  std::string source = "library, " + best.how;
  for (const library::Fact* fact : best.facts) source += "; " + fact->id + " " + evaluation.library.citation(*fact);
  return Conductivity{{best.conductivity, best.conductivity * transport::ln_10 * best.decades_uncertainty},
                      best.kind == transport::EstimateKind::measured ? "measured" : "computed",
                      source,
                      best.kind == transport::EstimateKind::extrapolated};
}

void find_law(Evaluation& evaluation) {
  const ElectrolyteEntry& own = evaluation.system.electrolyte;
  if (std::optional<transport::ConductivityLaw> measured = measured_law(evaluation)) {
    evaluation.law = std::move(measured);
    evaluation.law_source = "Arrhenius law of the measured spectra";
  } else if (const std::optional<transport::ArrheniusLaw> law = own_law(own)) {
    evaluation.law = transport::ConductivityLaw{{*law}, {}};
    evaluation.law_source =
        own.activation_energy ? "stated conductivities and activation energy" : "fit of the stated conductivities";
  } else if (own.conductivity.empty() && evaluation.electrolyte != nullptr) {
    evaluation.law = transport::library_law(evaluation.library, evaluation.electrolyte->id, own.phase);
    evaluation.law_source = "library facts of " + evaluation.electrolyte->id;
  }
}

void add_conductivity(Evaluation& evaluation) {
  const ElectrolyteEntry& own = evaluation.system.electrolyte;
  find_law(evaluation);
  const Target target = target_of(evaluation);
  report::Section section{"conductivity", "Ionic conductivity", {}, false};
  add_figure(evaluation, target.sigma, target.temperature, section);

  report::KeyValues values{"conductivity", {}};
  add_energies(evaluation, values);
  std::vector<double> temperatures = evaluation.temperatures;
  if (std::find(temperatures.begin(), temperatures.end(), target.temperature) == temperatures.end())
    temperatures.push_back(target.temperature);
  for (const double temperature : temperatures) {
    const std::optional<Conductivity> conductivity = conductivity_at(evaluation, temperature);
    report::Value missing;
    missing.unit = "mS/cm";
    missing.note = "no number reaches this temperature within one phase";
    values.items.emplace_back("conductivity at " + celsius(temperature),
                              conductivity ? sigma_value(*conductivity, mS_per_cm, "mS/cm") : missing);
  }
  if (!own.conductivity.empty() && !evaluation.measured) {
    bool assumed = false;
    for (const StatedConductivity& stated : own.conductivity) assumed = assumed || !stated.sigma.uncertainty;
    if (assumed) {
      section.blocks.emplace_back(report::Paragraph{
          "Stated conductivities without an uncertainty count with 10 % (closo's assumption for thickness, area and "
          "contact of one "
          "laboratory's pellet) and the rounding of the printed digits. Between laboratories the spread is larger "
          "(Ohno et al. 2020, DOI 10.1021/acsenergylett.9b02764)."});
    }
  }
  section.blocks.emplace_back(values);
  add_tables(evaluation, section);
  const std::optional<Rank> rank = add_ranking(evaluation, section);
  add_doubts(evaluation);
  evaluation.report.verdicts.push_back(conductivity_verdict(evaluation, target, rank));
  evaluation.report.sections.push_back(std::move(section));
}

}  // namespace closo::tasks::detail
