// The composite by its phases and microstructure: what interphase the measured conductivity implies, σ(T) predicted
// beside measured, and where the best filler fraction lies. Interpolated voxel runs: nothing is solved here.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "closo/base/constants.hpp"
#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/composite/mixture.hpp"
#include "closo/tasks/composite_figures.hpp"
#include "closo/tasks/composite_interphase.hpp"
#include "closo/tasks/detail/evaluation.hpp"
#include "closo/tasks/detail/scan_report.hpp"
#include "closo/transport/decades.hpp"
#include "closo/transport/estimate.hpp"

namespace closo::tasks::detail {
namespace {

using report::Outcome;

constexpr double S_per_cm = 100.0;
/// Layers of LiBH4 are 1.41(16) nm thick on carbon and 1.94(13) nm on silica (Suwarno et al., J. Phys. Chem. C 121
/// (2017) 4197, DOI 10.1021/acs.jpcc.6b13094); other interphases are not known better than 1 to 3 nm.
constexpr double usual_thickness = 2e-9, thin = 1e-9, thick = 3e-9;  // m
constexpr double least_wetted = 0.5;                                 // where nothing is known of the surface

/// Numbers of the conductivity of the pure host at a temperature, S/m.
struct Host {
  double value = 0.0, low = 0.0, high = 0.0;
  bool is_limit = false;  ///< only an upper limit is known
  std::string source;
};

double carried(const StatedConductivity& stated, const std::optional<base::Quantity>& energy, double temperature) {
  const double energy_eV = energy ? energy->value / base::elementary_charge : 0.5;
  return transport::anchored_law(stated.temperature, stated.sigma.value, {}, energy_eV, {}).conductivity(temperature);
}

const StatedConductivity* nearest(const std::vector<StatedConductivity>& list, double temperature) {
  const StatedConductivity* found = nullptr;
  for (const StatedConductivity& each : list) {
    if (found == nullptr || std::abs(each.temperature - temperature) < std::abs(found->temperature - temperature))
      found = &each;
  }
  return found;
}

std::optional<Host> host_at(const Evaluation& evaluation, double temperature) {
  const CompositeEntry& entry = *evaluation.system.composite;
  if (const StatedConductivity* stated = nearest(entry.host_conductivity, temperature)) {
    Host host;
    host.value = carried(*stated, entry.host_activation_energy, temperature);
    host.source = entry.source.empty() ? "system file" : entry.source;
    host.is_limit =
        stated->sigma.qualifier == base::Qualifier::less || stated->sigma.qualifier == base::Qualifier::less_equal;
    host.low = host.is_limit ? 0.1 * host.value : host.value / 1.2;
    host.high = host.is_limit ? host.value : 1.2 * host.value;
    return host;
  }
  if (evaluation.host == nullptr) return std::nullopt;
  const transport::ConductivityEstimate best =
      transport::estimate_conductivity(evaluation.library, evaluation.host->id, temperature).best;
  if (best.kind == transport::EstimateKind::none) return std::nullopt;
  const double factor = std::pow(10.0, best.decades_uncertainty);
  Host host{best.conductivity, best.conductivity / factor, best.conductivity * factor, false, "library, " + best.how};
  for (const library::Fact* fact : best.facts) host.source += "; " + fact->id;
  return host;
}

/// Volume fraction and powder of the filler; empty where the system file does not say enough.
struct Powder {
  double fraction = 0.0;
  StructureRequest structure;
};

std::optional<Powder> powder_of(const Evaluation& evaluation) {
  const CompositeEntry& entry = *evaluation.system.composite;
  const std::string host =
      evaluation.system.electrolyte.material.empty() ? "electrolyte" : evaluation.system.electrolyte.material;
  const auto density_of = [&](const std::string& name) -> std::optional<base::Measured> {
    const auto found = entry.densities.find(name);
    if (found != entry.densities.end()) return base::Measured{found->second.value, {}};
    if (name == host && evaluation.system.electrolyte.density)
      return base::Measured{evaluation.system.electrolyte.density->value, {}};
    return std::nullopt;
  };
  const std::optional<base::Measured> density = density_of(entry.filler);
  if (!density || !entry.surface_area || !(entry.surface_area->value > 0.0)) return std::nullopt;
  const composite::Mixture mixture = composite::mix(
      std::array{composite::Component{host, {}, density_of(host), {}},
                 composite::Component{entry.filler, base::Measured{entry.fraction.value, {}}, density, {}}},
      entry.fraction.unit.basis());
  if (mixture.volume.empty()) return std::nullopt;
  Powder powder;
  powder.fraction = mixture.volume[1].value;
  powder.structure.density = density->value;
  powder.structure.surface_area = entry.surface_area->value;
  if (entry.pore_volume && entry.pore_volume->value > 0.0) powder.structure.pore_volume = entry.pore_volume->value;
  return powder;
}

/// Layers that the system may have: the stated one, or the ends of what is usual.
struct Layer {
  double thickness = usual_thickness, wetted = 1.0;
};

std::vector<Layer> layers_of(const CompositeEntry& entry) {
  std::vector<double> thicknesses{usual_thickness, thin, thick}, shares{1.0, least_wetted};
  if (entry.interphase_thickness && entry.interphase_thickness->value > 0.0) {
    const double own = entry.interphase_thickness->value;
    const double error = entry.interphase_thickness->uncertainty.value_or(0.0);
    thicknesses = {own};
    if (error > 0.0 && error < own) thicknesses = {own, own - error, own + error};
  }
  if (entry.wetted_fraction && entry.wetted_fraction->value > 0.0) shares = {entry.wetted_fraction->value};
  std::vector<Layer> layers;
  for (const double share : shares) {
    for (const double thickness : thicknesses) layers.push_back({thickness, share});
  }
  return layers;  // the most likely first
}

struct Interval {
  double value = 0.0, low = std::numeric_limits<double>::infinity(), high = 0.0;
  void take(double number) {
    low = std::min(low, number);
    high = std::max(high, number);
  }
};

/// Conductivity of the interphase that explains the measured one, over all that is not known.
std::optional<Interval> implied_interphase(const InterphaseModel& model, const std::vector<Layer>& layers,
                                           const Host& host, double fraction, const base::Measured& measured) {
  const double error = measured.uncertainty.value_or(0.1 * measured.value);
  const double factor = 1.0 + 2.0 * error / measured.value;
  Interval interval;
  for (const Layer& layer : layers) {
    for (const double bulk : {host.value, host.low, host.high}) {
      for (const double sigma : {measured.value, measured.value / factor, measured.value * factor}) {
        const std::optional<double> implied =
            model.implied({0.0, 0.4, layer.thickness, layer.wetted, 0.0}, fraction, bulk, sigma);
        const bool is_central = &layer == &layers.front() && bulk == host.value && sigma == measured.value;
        if (is_central) {
          if (!implied) return std::nullopt;
          interval.value = *implied;
        }
        if (implied) interval.take(*implied);
      }
    }
  }
  return interval;
}

/// Best fraction of one layer and the fractions within 20 % of its conductivity.
struct Best {
  double fraction = 0.0, conductivity = 0.0, from = 0.0, to = 0.0;
  FractionCurve curve;
};

Best best_of(const InterphaseModel& model, const InterphaseGuess& guess, double temperature, double bulk) {
  Best best;
  for (int percent = 0; percent <= 70; ++percent) {
    const double fraction = 0.01 * percent;
    best.curve.fraction.push_back(fraction);
    best.curve.conductivity.push_back(model.conductivity(guess, fraction, temperature, bulk).conductivity);
    if (best.curve.conductivity.back() > best.conductivity) {
      best.conductivity = best.curve.conductivity.back();
      best.fraction = fraction;
    }
  }
  best.from = best.to = best.fraction;
  for (std::size_t i = 0; i < best.curve.fraction.size(); ++i) {
    if (best.curve.conductivity[i] < 0.8 * best.conductivity) continue;
    best.from = std::min(best.from, best.curve.fraction[i]);
    best.to = std::max(best.to, best.curve.fraction[i]);
  }
  return best;
}

std::string percent(double fraction) { return base::format_number(100.0 * fraction, 3); }

std::string range_text(double low, double high) {
  return percent(low) == percent(high) ? percent(low) : percent(low) + "–" + percent(high);
}

report::Value sigma_range(const Interval& interval, const std::string& source) {
  report::Value value = sigma_value(interval.value, 0.0, "computed", source);
  value.note = base::format_number(interval.low / S_per_cm, 2) + " to " +
               base::format_number(interval.high / S_per_cm, 2) + " S/cm over what is not known of layer and host";
  return value;
}

/// The section while it grows.
struct Draft {
  Evaluation& evaluation;
  const InterphaseModel& model;
  const Powder& powder;
  const std::vector<Layer>& layers;
  report::Section section{"composite", "Composite: phases and microstructure", {}, false};
};

void add_optimum(Draft& draft, const Host& host, const Interval& implied, const base::Measured& measured) {
  const double temperature = draft.evaluation.working_temperature, own = draft.powder.fraction;
  const CompositeEntry& entry = *draft.evaluation.system.composite;
  const bool is_known = entry.interphase_thickness.has_value() && entry.wetted_fraction.has_value();
  report::Verdict verdict;
  verdict.criterion = "filler fraction";
  verdict.target = "within 20 % of the best fraction's σ (model)";
  verdict.source = "interpolated voxel runs";
  FractionFigure content;
  content.id = "composite_fraction";
  content.title = "Composite: σ over the filler fraction at " + celsius(temperature);
  content.caption =
      "Each curve is a layer that explains the measured point; with less filler the bulk, with more filler "
      "voids and thinning conductor take over.";
  Interval best_fraction, as_good;
  std::size_t inside = 0, counted = 0;
  for (const Layer& layer : draft.layers) {
    const std::optional<double> conductivity =
        draft.model.implied({0.0, 0.4, layer.thickness, layer.wetted, 0.0}, own, host.value, measured.value);
    if (!conductivity) continue;
    Best best = best_of(draft.model, {*conductivity, 0.4, layer.thickness, layer.wetted, 0.0}, temperature, host.value);
    if (counted++ == 0) best_fraction.value = best.fraction;
    best_fraction.take(best.fraction);
    as_good.take(best.from);
    as_good.take(best.to);
    inside += own >= best.from - 0.005 && own <= best.to + 0.005 ? 1U : 0U;
    best.curve.name = "layer " + report::length_text(layer.thickness, 3) + ", wetted " + percent(layer.wetted) + " %";
    content.curves.push_back(std::move(best.curve));
  }
  if (counted == 0) {
    verdict.reason = "no layer of the usual thickness explains the measured conductivity";
    draft.evaluation.report.verdicts.push_back(std::move(verdict));
    return;
  }
  MeasuredComposite point;
  point.point = {own, temperature, measured.value,
                 measured.uncertainty.value_or(0.1 * measured.value) / measured.value};
  content.measured = {point};
  verdict.finding = percent(own) + " vol%; best " + range_text(best_fraction.low, best_fraction.high) + " vol%";
  if (inside == counted) {
    verdict.outcome = Outcome::pass;
    verdict.reason = std::string(is_known ? "with the stated layer" : "whatever the layer") +
                     ", no other fraction conducts more than 25 % better";
  } else if (inside == 0 && is_known) {
    verdict.outcome = Outcome::fail;
    verdict.reason =
        "with the stated layer another fraction conducts more than 25 % better, in this powder and its pores";
  } else if (inside == 0) {
    verdict.reason =
        "with layers of the usual thickness the model prefers another fraction; thickness, wetting and "
        "aggregates of this composite are not known, so it does not decide";
  } else {
    verdict.reason = "it depends on thickness and wetting of the layer, which are not known";
  }
  report::KeyValues values{"optimum", {}};
  report::Value fraction;
  fraction.value = 100.0 * best_fraction.value;
  fraction.unit = "vol%";
  fraction.kind = "computed";
  fraction.source = "interpolated voxel runs";
  fraction.note = range_text(best_fraction.low, best_fraction.high) + " vol% over thickness and wetting";
  fraction.significant = 3;
  values.items.emplace_back("best filler fraction", fraction);
  values.items.emplace_back("as good within 20 %", range_text(as_good.low, as_good.high) + " vol%");
  report::Value ratio;
  ratio.value = implied.value / host.value;
  ratio.qualifier = host.is_limit ? ">" : "=";
  ratio.kind = "computed";
  ratio.significant = 2;
  values.items.emplace_back("interphase / host", ratio);
  draft.section.blocks.emplace_back(values);
  draft.section.blocks.emplace_back(fraction_figure(content));
  draft.evaluation.report.verdicts.push_back(std::move(verdict));
}

/// σ(T): measured, and predicted with the stated interphase; without one the interphase that each temperature implies.
void add_temperatures(Draft& draft) {
  const Evaluation& evaluation = draft.evaluation;
  const CompositeEntry& entry = *evaluation.system.composite;
  const bool predicts = !entry.interphase_conductivity.empty();
  report::Table table{"composite_temperature",
                      "Phases and composite",
                      {{"temperature_C", "T (°C)"},
                       {"host_S_per_cm", "host (S/cm)"},
                       {"interphase_S_per_cm", predicts ? "interphase, stated (S/cm)" : "interphase, implied (S/cm)"},
                       {"predicted_S_per_cm", "host around bare filler (S/cm)"},
                       {"measured_S_per_cm", "composite (S/cm)"}},
                      {},
                      {}};
  if (predicts) table.columns[3].title = "predicted (S/cm)";
  TemperatureSeries hosts{"host", {}, {}, {}, true, false}, interphases{"interphase", {}, {}, {}, true, false},
      predicted{predicts ? "predicted composite" : "host around bare filler", {}, {}, {}, false, false},
      measured{"composite", {}, {}, {}, false, true};
  const Layer& layer = draft.layers.front();
  for (const double temperature : evaluation.temperatures) {
    const std::optional<Host> host = host_at(evaluation, temperature);
    const std::optional<Conductivity> own = conductivity_at(evaluation, temperature);
    if (!host) continue;
    report::Value host_value = sigma_value(host->value, 0.0, "computed", host->source);
    if (host->is_limit) host_value.qualifier = "<";
    report::Cell interphase_cell = std::string("unknown"), measured_cell = std::string("unknown");
    double interphase = host->value;
    if (predicts) {
      interphase = carried(*nearest(entry.interphase_conductivity, temperature), entry.interphase_activation_energy,
                           temperature);
      interphase_cell = sigma_value(interphase, 0.0, "computed", "system file");
    } else if (own) {
      if (const auto implied =
              implied_interphase(draft.model, draft.layers, *host, draft.powder.fraction, own->sigma)) {
        report::Value value = sigma_range(*implied, "from the composite's conductivity");
        value.note.clear();
        interphase_cell = value;
        interphases.temperature.push_back(temperature);
        interphases.conductivity.push_back(implied->value);
      }
    }
    // The guess holds at the model's reference temperature; the energy then plays no part.
    const double composite =
        draft.model
            .conductivity({predicts ? interphase * temperature / draft.model.reference_temperature() : 0.0, 0.0,
                           layer.thickness, layer.wetted, 0.0},
                          draft.powder.fraction, temperature, host->value)
            .conductivity;
    const double bare = draft.model
                            .conductivity({host->value * temperature / draft.model.reference_temperature(), 0.0,
                                           layer.thickness, layer.wetted, 0.0},
                                          draft.powder.fraction, temperature, host->value)
                            .conductivity;
    report::Value model_value = sigma_value(predicts ? composite : bare, 0.0, "computed", "interpolated voxel runs");
    if (host->is_limit && !predicts) model_value.qualifier = "<";
    if (predicts) {
      interphases.temperature.push_back(temperature);
      interphases.conductivity.push_back(interphase);
    }
    hosts.temperature.push_back(temperature);
    hosts.conductivity.push_back(host->value);
    predicted.temperature.push_back(temperature);
    predicted.conductivity.push_back(*model_value.value * S_per_cm);
    if (own) {
      measured_cell = sigma_value(own->sigma.value, own->sigma.uncertainty.value_or(0.0), own->kind, own->source);
      measured.temperature.push_back(temperature);
      measured.conductivity.push_back(own->sigma.value);
      measured.standard_error.push_back(own->sigma.uncertainty.value_or(0.0));
    }
    report::Value celsius_value;
    celsius_value.value = temperature - base::zero_celsius;
    table.rows.push_back({celsius_value, host_value, interphase_cell, model_value, measured_cell});
  }
  if (table.rows.empty()) return;
  draft.section.blocks.emplace_back(table);
  if (hosts.temperature.size() > 1)
    draft.section.blocks.emplace_back(composite_temperature_figure("composite_temperature_figure",
                                                                   "Composite: σ(T) of phases and composite",
                                                                   {hosts, interphases, predicted, measured}, {}));
}

}  // namespace

std::optional<Conductivity> composite_conductivity_at(const Evaluation& evaluation, double temperature,
                                                      const Context& context) {
  if (!evaluation.system.composite || evaluation.system.composite->interphase_conductivity.empty()) return std::nullopt;
  const CompositeEntry& entry = *evaluation.system.composite;
  const std::optional<Powder> powder = powder_of(evaluation);
  const std::optional<Host> host = host_at(evaluation, temperature);
  if (!powder || !(powder->fraction > 0.0 && powder->fraction < 1.0) || !host) return std::nullopt;
  const InterphaseModel model(powder->structure, InterphaseLaw::voxel_table, shipped_conductivity_table(context),
                              temperature);
  const Layer layer = layers_of(entry).front();
  const double interphase =
      carried(*nearest(entry.interphase_conductivity, temperature), entry.interphase_activation_energy, temperature);
  const double sigma = model
                           .conductivity({interphase, 0.0, layer.thickness, layer.wetted, 0.0}, powder->fraction,
                                         temperature, host->value)
                           .conductivity;
  return Conductivity{{sigma, {}}, "computed", "host and interphase of [composite], interpolated voxel runs"};
}

void add_composite_model(Evaluation& evaluation, const Context& context) {
  if (!evaluation.system.composite) return;
  const CompositeEntry& entry = *evaluation.system.composite;
  const std::optional<Powder> powder = powder_of(evaluation);
  if (!powder || !(powder->fraction > 0.0 && powder->fraction < 1.0)) return;
  const double temperature = evaluation.working_temperature;
  const InterphaseModel model(powder->structure, InterphaseLaw::voxel_table, shipped_conductivity_table(context),
                              temperature);
  const std::vector<Layer> layers = layers_of(entry);
  Draft draft{evaluation, model, *powder, layers};
  const std::optional<Host> host = host_at(evaluation, temperature);
  const std::optional<Conductivity> own = conductivity_at(evaluation, temperature);
  if (!host || !own) {
    const std::string what = !host ? "the host's conductivity at " : "the composite's conductivity at ";
    draft.section.blocks.emplace_back(
        report::Paragraph{"Interphase and best filler fraction cannot be inferred: " + what + celsius(temperature) +
                          " is not known (host_conductivity in [composite], conductivity in [electrolyte])."});
    evaluation.report.verdicts.push_back({"filler fraction",
                                          percent(powder->fraction) + " vol%",
                                          {},
                                          "within 20 % of the best fraction's σ (model)",
                                          Outcome::unknown,
                                          what + celsius(temperature) + " is not known",
                                          "interpolated voxel runs",
                                          {}});
    evaluation.report.sections.push_back(std::move(draft.section));
    return;
  }
  const std::optional<Interval> implied = implied_interphase(model, layers, *host, powder->fraction, own->sigma);
  if (!implied) {
    const bool needs_none = own->sigma.value <= host->high;
    const std::string reason = needs_none ? "the host alone is said to conduct as well (" +
                                                base::format_number(host->value / S_per_cm, 3) + " S/cm, " +
                                                host->source + "): the composite tells nothing of an interphase"
                                          : "no interphase of the usual thickness explains the measured conductivity";
    draft.section.blocks.emplace_back(report::Paragraph{"Interphase: " + reason + "."});
    evaluation.report.verdicts.push_back({"filler fraction",
                                          percent(powder->fraction) + " vol%",
                                          {},
                                          "within 20 % of the best fraction's σ (model)",
                                          Outcome::unknown,
                                          reason,
                                          "interpolated voxel runs",
                                          {}});
    add_temperatures(draft);
    evaluation.report.sections.push_back(std::move(draft.section));
    return;
  }
  report::KeyValues values{"interphase", {}};
  report::Value host_value = sigma_value(host->value, 0.0, "computed", host->source);
  if (host->is_limit) host_value.qualifier = "<";
  values.items.emplace_back("host at " + celsius(temperature), host_value);
  values.items.emplace_back(
      "layer assumed", report::length_text(layers.front().thickness, 3) + ", whole surface" +
                           (layers.size() > 1 ? std::string("; interval: ") +
                                                    (entry.interphase_thickness ? "stated thickness" : "1 to 3 nm") +
                                                    (entry.wetted_fraction ? "" : ", 50 to 100 % wetted")
                                              : std::string()));
  if (entry.wetted_fraction)
    values.items.back().second =
        report::length_text(layers.front().thickness, 3) + ", wetted " + percent(layers.front().wetted) + " %";
  values.items.emplace_back("implied interphase at " + celsius(temperature),
                            sigma_range(*implied, "from the composite's conductivity, " + own->source));
  draft.section.blocks.emplace_back(values);
  add_temperatures(draft);
  add_optimum(draft, *host, *implied, own->sigma);
  draft.section.blocks.emplace_back(report::Paragraph{
      "Model: spheres of the powder's area with a conducting layer, voids where the conductor does not fill the pores; "
      "interpolated voxel runs (closo composite scan), not this pellet's microstructure. closo composite fit takes "
      "conductivities of several fractions and says what they pin down."});
  evaluation.report.sections.push_back(std::move(draft.section));
}

}  // namespace closo::tasks::detail
