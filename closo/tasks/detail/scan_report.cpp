#include "closo/tasks/detail/scan_report.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "closo/base/number.hpp"
#include "closo/tasks/composite_figures.hpp"

namespace closo::tasks::detail {
namespace {

constexpr double S_per_cm = 100.0;
constexpr const char* voxel_runs = "voxel runs, mean and standard error of the realisations";

std::string percent(double share) { return base::format_number(100.0 * share, 3) + " %"; }

/// Which members differ between the points.
struct Varied {
  bool fraction = false, thickness = false, wetted = false, filling = false, cluster = false, temperature = false,
       contrast = false;
};

Varied varied_of(const CompositeScan& scan) {
  Varied varied;
  const ScanPoint& first = scan.points.front();
  for (const ScanPoint& point : scan.points) {
    varied.fraction |= point.setting.fraction != first.setting.fraction;
    varied.thickness |= point.setting.thickness != first.setting.thickness;
    varied.wetted |= point.setting.wetted_fraction != first.setting.wetted_fraction;
    varied.filling |= point.setting.filling != first.setting.filling;
    varied.cluster |= point.setting.cluster_size != first.setting.cluster_size;
    varied.temperature |= point.temperature != first.temperature;
    varied.contrast |=
        point.temperature == first.temperature && point.bulk == first.bulk && point.interphase != first.interphase;
  }
  return varied;
}

/// What a series of the fraction figure stands for.
std::string series_name(const ScanPoint& point, const Varied& varied) {
  std::string name = setting_text(point.setting, varied.thickness, varied.wetted, varied.filling, varied.cluster);
  const auto add = [&name](const std::string& word) { name += (name.empty() ? "" : ", ") + word; };
  if (varied.temperature) add(celsius_text(point.temperature));
  if (varied.contrast) add("contrast " + base::format_number(point.interphase / point.bulk, 3));
  return name.empty() ? "voxel runs" : name;
}

report::Table points_table(const CompositeScan& scan) {
  report::Table table{
      "scan",
      "Conductivity",
      {{"fraction_vol_percent", "filler (vol%)"},
       {"thickness_nm", "layer (nm)"},
       {"wetted_percent", "wetted (%)"},
       {"filling_percent", "filling (%)"},
       {"void_vol_percent", "void (vol%)"},
       {"cluster_nm", "aggregates (nm)"},
       {"temperature_C", "T (°C)"},
       {"contrast", "layer/bulk"},
       {"sigma_S_per_cm", "σ (S/cm)"},
       {"relative", "σ/σ bulk"},
       {"paths", "with path"},
       {"hashin_shtrikman_high_S_per_cm", "HS upper (S/cm)"},
       {"coated_filler_S_per_cm", "Nan (S/cm)"}},
      {},
      "σ: mean of the realisations with its standard error. HS: Hashin–Shtrikman upper bound of bulk, "
      "layer, insulator and void. Nan: coated filler, symmetric mixing; knows no voids, unwetted surface "
      "or aggregates."};
  const auto plain = [](double value) {
    report::Value cell;
    cell.value = value;
    cell.significant = 3;
    return cell;
  };
  for (const ScanPoint& point : scan.points) {
    report::Cell filling = std::string("–");
    if (point.asked.pore_filling > 0.0) filling = plain(100.0 * point.asked.pore_filling);
    report::Cell cluster = std::string("–");
    if (point.setting.cluster_size.value_or(0.0) > 0.0) cluster = plain(1e9 * *point.setting.cluster_size);
    table.rows.push_back(
        {plain(100.0 * point.setting.fraction), plain(1e9 * point.setting.thickness),
         plain(100.0 * point.setting.wetted_fraction), filling, plain(100.0 * point.asked.void_space), cluster,
         plain(point.temperature - 273.15), plain(point.interphase / point.bulk),
         sigma_value(point.mean, point.standard_error, "computed", voxel_runs), plain(point.mean / point.bulk),
         std::to_string(point.conductivity.size() - point.without_path) + " of " +
             std::to_string(point.conductivity.size()),
         sigma_value(point.laws.hashin_shtrikman_high, 0.0, "computed", "DOI 10.1063/1.1728579"),
         sigma_value(point.laws.coated_filler_symmetric, 0.0, "computed", "DOI 10.1016/0921-5107(91)90115-C")});
  }
  return table;
}

report::Figure fractions_of(const CompositeScanRequest& request, const CompositeScan& scan, const Varied& varied) {
  FractionFigure content;
  content.id = "sigma_over_fraction";
  content.title = "σ over the filler fraction";
  constexpr std::size_t most_series = 8;
  for (const ScanPoint& point : scan.points) {
    const std::string name = series_name(point, varied);
    auto found = std::ranges::find(content.series, name, &FractionSeries::name);
    if (found == content.series.end()) {
      if (content.series.size() == most_series) continue;
      content.series.push_back({name, {}, {}, {}});
      found = std::prev(content.series.end());
    }
    found->fraction.push_back(point.setting.fraction);
    found->mean.push_back(point.mean);
    found->standard_error.push_back(point.standard_error);
  }
  // Bounds and laws belong to one series: the first.
  const std::string first = series_name(scan.points.front(), varied);
  FractionBand bounds{"Hashin–Shtrikman bounds", {}, {}, {}}, wiener{"Wiener bounds", {}, {}, {}};
  FractionCurve maxwell{"coated filler (Maxwell–Garnett)", {}, {}}, symmetric{"coated filler (symmetric)", {}, {}};
  for (const ScanPoint& point : scan.points) {
    if (series_name(point, varied) != first) continue;
    for (FractionBand* band : {&bounds, &wiener}) band->fraction.push_back(point.setting.fraction);
    wiener.low.push_back(point.laws.wiener_low);
    wiener.high.push_back(point.laws.wiener_high);
    bounds.low.push_back(point.laws.hashin_shtrikman_low);
    bounds.high.push_back(point.laws.hashin_shtrikman_high);
    for (FractionCurve* curve : {&maxwell, &symmetric}) curve->fraction.push_back(point.setting.fraction);
    maxwell.conductivity.push_back(point.laws.coated_filler);
    symmetric.conductivity.push_back(point.laws.coated_filler_symmetric);
  }
  content.bands = {wiener, bounds};
  content.curves = {maxwell, symmetric};
  for (const MeasuredComposite& each : request.measured) {
    const bool wanted = std::ranges::any_of(scan.points, [&](const ScanPoint& point) {
      return std::abs(point.temperature - each.point.temperature) < 0.5;
    });
    if (wanted) content.measured.push_back(each);
  }
  if (content.series.size() > 1) content.caption = "Bounds and laws: " + first + ". ";
  if (scan.points.size() > 1 && content.series.size() == most_series)
    content.caption += "The table holds every setting; eight series are drawn.";
  return fraction_figure(content);
}

report::Figure temperatures_of_scan(const CompositeScanRequest& request, const CompositeScan& scan,
                                    const ScanPoint& best) {
  TemperatureSeries bulk{"bulk", {}, {}, {}, true, false}, layer{"interphase", {}, {}, {}, true, false},
      mixture{"composite, " + base::format_number(100.0 * best.setting.fraction, 3) + " vol%", {}, {}, {}, false, true};
  for (const ScanPoint& point : scan.points) {
    const ScanSetting &a = point.setting, &b = best.setting;
    if (a.fraction != b.fraction || a.thickness != b.thickness || a.wetted_fraction != b.wetted_fraction ||
        a.filling != b.filling || a.cluster_size != b.cluster_size)
      continue;
    for (TemperatureSeries* series : {&bulk, &layer, &mixture}) series->temperature.push_back(point.temperature);
    bulk.conductivity.push_back(point.bulk);
    layer.conductivity.push_back(point.interphase);
    mixture.conductivity.push_back(point.mean);
    mixture.standard_error.push_back(point.standard_error);
  }
  std::vector<MeasuredComposite> measured;
  for (const MeasuredComposite& each : request.measured) {
    if (std::abs(each.point.filler_fraction - best.setting.fraction) < 0.005) measured.push_back(each);
  }
  return composite_temperature_figure("sigma_over_temperature", "σ(T) of phases and composite", {bulk, layer, mixture},
                                      measured);
}

}  // namespace

std::string setting_text(const ScanSetting& setting, bool with_thickness, bool with_wetted, bool with_filling,
                         bool with_cluster) {
  std::string text;
  const auto add = [&text](const std::string& word) { text += (text.empty() ? "" : ", ") + word; };
  if (with_thickness) add("layer " + report::length_text(setting.thickness, 3));
  if (with_wetted) add("wetted " + percent(setting.wetted_fraction));
  if (with_filling && setting.filling) add("filling " + percent(*setting.filling));
  if (with_cluster)
    add(setting.cluster_size.value_or(0.0) > 0.0 ? "aggregates " + report::length_text(*setting.cluster_size, 3)
                                                 : "no aggregates");
  return text;
}

report::Value sigma_value(double conductivity, double uncertainty, const std::string& kind, const std::string& source) {
  report::Value value;
  value.value = conductivity / S_per_cm;
  if (uncertainty > 0.0) value.uncertainty = uncertainty / S_per_cm;
  value.unit = "S/cm";
  value.kind = kind;
  value.source = source;
  value.significant = 3;
  return value;
}

report::KeyValues scan_facts(const CompositeScanRequest& request, const CompositeScan& scan) {
  report::KeyValues facts{"runs", {}};
  const composite::Composition& asked = scan.points.back().asked;
  facts.items.emplace_back("particles", report::length_text(2.0 * asked.particle_radius, 3) + " in diameter");
  const std::array<std::size_t, 3>& size = request.structure.size;
  facts.items.emplace_back("box", std::to_string(size[0]) + " × " + std::to_string(size[1]) + " × " +
                                      std::to_string(size[2]) + " voxels of " + report::length_text(scan.voxel, 3));
  facts.items.emplace_back(
      "images",
      std::to_string(scan.runs) + ", " + std::to_string(request.realisations) + " for every setting" +
          (scan.resumed > 0 ? ", " + std::to_string(scan.resumed) + " of them from the state file" : std::string()));
  return facts;
}

report::Report scan_report(const CompositeScanRequest& request, const CompositeScan& scan) {
  report::Report report;
  report.task = "composite scan";
  report.title = "Composite scan";
  const Varied varied = varied_of(scan);
  const auto best = std::ranges::max_element(scan.points, {}, [](const ScanPoint& point) { return point.mean; });
  report.subtitle = std::to_string(scan.points.size()) + " points";
  report.warnings = scan.notes;

  report::Section section{"scan", "Scan", {}, false};
  section.blocks.emplace_back(scan_facts(request, scan));
  if (varied.fraction && best->mean > 0.0) {
    const std::string where =
        setting_text(best->setting, varied.thickness, varied.wetted, varied.filling, varied.cluster);
    section.blocks.emplace_back(report::Paragraph{
        "Highest of the scanned settings: " +
        (varied.contrast ? std::string() : base::format_number(best->mean / S_per_cm, 3) + " S/cm ") + "at " +
        base::format_number(100.0 * best->setting.fraction, 3) + " vol%" + (where.empty() ? "" : ", " + where) +
        (varied.temperature ? ", " + celsius_text(best->temperature) : std::string()) + ": " +
        base::format_number(best->mean / best->bulk, 3) + " times the bulk."});
  }
  section.blocks.emplace_back(points_table(scan));
  if (varied.fraction) section.blocks.emplace_back(fractions_of(request, scan, varied));
  if (varied.temperature) section.blocks.emplace_back(temperatures_of_scan(request, scan, *best));
  report.sections.push_back(std::move(section));
  return report;
}

}  // namespace closo::tasks::detail
