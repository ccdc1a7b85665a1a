#include "closo/tasks/composite_optimise.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/tasks/composite_figures.hpp"
#include "closo/tasks/detail/scan_report.hpp"
#include "closo/tasks/detail/sweep_text.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;

constexpr double good_enough = 0.8;  // of the top
constexpr std::size_t resamplings = 500;

double mean_of(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

struct Top {
  double fraction = 0.0, conductivity = 0.0;
  bool at_edge = false;
};

/// Least-squares parabola of ln σ around the highest point; the point itself at an edge or where the parabola opens
/// upwards.
Top top_of(const std::vector<double>& fractions, const std::vector<double>& means) {
  const std::size_t best = static_cast<std::size_t>(std::ranges::max_element(means) - means.begin());
  Top top{fractions[best], means[best], best == 0 || best + 1 == means.size()};
  if (top.at_edge || !(means[best] > 0.0)) return top;
  const std::size_t first = best >= 2 ? best - 2 : 0, last = std::min(best + 2, means.size() - 1);
  double s[5] = {}, t[3] = {};
  const double scale = fractions[last] - fractions[first];
  std::size_t used = 0;
  for (std::size_t i = first; i <= last; ++i) {
    if (!(means[i] > 0.1 * means[best])) continue;  // far below the top the parabola holds no more
    ++used;
    const double x = (fractions[i] - fractions[best]) / scale, y = std::log(means[i] / means[best]);
    double power = 1.0;
    for (std::size_t k = 0; k < 5; ++k) {
      s[k] += power;
      if (k < 3) t[k] += power * y;
      power *= x;
    }
  }
  if (used < 3) return top;
  // Cramer's rule for c0 + c1 x + c2 x².
  const auto determinant = [](double a, double b, double c, double d, double e, double f, double g, double h,
                              double i) { return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g); };
  const double whole = determinant(s[0], s[1], s[2], s[1], s[2], s[3], s[2], s[3], s[4]);
  const double c0 = determinant(t[0], s[1], s[2], t[1], s[2], s[3], t[2], s[3], s[4]) / whole;
  const double c1 = determinant(s[0], t[0], s[2], s[1], t[1], s[3], s[2], t[2], s[4]) / whole;
  const double c2 = determinant(s[0], s[1], t[0], s[1], s[2], t[1], s[2], s[3], t[2]) / whole;
  if (!(c2 < 0.0)) return top;
  const double x = std::clamp(-0.5 * c1 / c2, (fractions[first] - fractions[best]) / scale,
                              (fractions[last] - fractions[best]) / scale);
  top.fraction = fractions[best] + x * scale;
  top.conductivity = means[best] * std::exp(c0 + c1 * x + c2 * x * x);
  return top;
}

double quantile(std::vector<double>& values, double share) {
  std::ranges::sort(values);
  const double place = share * static_cast<double>(values.size() - 1);
  const std::size_t below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
}

bool same_line(const ScanPoint& a, const ScanPoint& b) {
  return a.setting.thickness == b.setting.thickness && a.setting.wetted_fraction == b.setting.wetted_fraction &&
         a.setting.filling == b.setting.filling && a.setting.cluster_size == b.setting.cluster_size &&
         a.temperature == b.temperature;
}

/// One optimum: everything but the fraction the same.
struct Line {
  ScanPoint first;
  std::vector<ScanPoint> points;  ///< ascending in fraction
  Optimum optimum;
};

std::vector<Line> lines_of(const CompositeScan& scan, std::uint64_t seed) {
  std::vector<Line> lines;
  for (const ScanPoint& point : scan.points) {
    auto found = std::ranges::find_if(lines, [&](const Line& line) { return same_line(line.first, point); });
    if (found == lines.end()) {
      lines.push_back({point, {}, {}});
      found = std::prev(lines.end());
    }
    found->points.push_back(point);
  }
  for (Line& line : lines) {
    std::ranges::sort(line.points, {}, [](const ScanPoint& point) { return point.setting.fraction; });
    std::vector<OptimumPoint> points;
    for (const ScanPoint& point : line.points) points.push_back({point.setting.fraction, point.conductivity});
    line.optimum = find_optimum(points, seed);
  }
  return lines;
}

/// Fractions half-way between those around the tops of all lines.
std::vector<double> refined_fractions(const std::vector<double>& fractions, const std::vector<Line>& lines) {
  std::vector<double> more;
  for (const Line& line : lines) {
    if (line.optimum.status == OptimumStatus::no_path) continue;
    const auto best = std::ranges::max_element(line.points, {}, &ScanPoint::mean);
    const std::size_t at = static_cast<std::size_t>(best - line.points.begin());
    for (std::size_t i = at == 0 ? 0 : at - 1; i < std::min(at + 1, fractions.size() - 1); ++i)
      more.push_back(0.5 * (fractions[i] + fractions[i + 1]));
  }
  more.insert(more.end(), fractions.begin(), fractions.end());
  std::ranges::sort(more);
  more.erase(std::unique(more.begin(), more.end()), more.end());
  return more;
}

std::string percent(double fraction) { return base::format_number(100.0 * fraction, 3); }

std::string sentence(const Optimum& optimum) {
  switch (optimum.status) {
    case OptimumStatus::no_path:
      return "nothing conducts at any fraction";
    case OptimumStatus::at_edge:
      return "highest at the end of the range: the optimum lies there or beyond";
    case OptimumStatus::flat:
      return "flat: " + percent(optimum.as_good_from) + " to " + percent(optimum.as_good_to) + " vol% are as good";
    case OptimumStatus::found:
      break;
  }
  return percent(optimum.as_good_from) + " to " + percent(optimum.as_good_to) + " vol% are as good within 20 %";
}

}  // namespace

std::string_view to_string(OptimumStatus status) {
  switch (status) {
    case OptimumStatus::found:
      return "found";
    case OptimumStatus::at_edge:
      return "at the edge";
    case OptimumStatus::flat:
      return "flat";
    case OptimumStatus::no_path:
      break;
  }
  return "no path";
}

Optimum find_optimum(const std::vector<OptimumPoint>& points, std::uint64_t seed) {
  if (points.size() < 3)
    throw ParameterError("fraction", std::to_string(points.size()) + " fractions", "three and more");
  std::vector<double> fractions, means;
  double closest = 1.0;
  for (const OptimumPoint& point : points) {
    if (point.conductivity.empty()) throw ParameterError("realisations", "none", "at least one for every fraction");
    if (!fractions.empty()) {
      if (!(point.fraction > fractions.back()))
        throw ParameterError("fraction", percent(point.fraction) + " vol%", "ascending fractions, each once");
      closest = std::min(closest, point.fraction - fractions.back());
    }
    fractions.push_back(point.fraction);
    means.push_back(mean_of(point.conductivity));
  }
  Optimum optimum;
  const Top top = top_of(fractions, means);
  if (!(top.conductivity > 0.0)) return optimum;
  optimum.fraction = top.fraction;
  optimum.conductivity = top.conductivity;

  std::mt19937_64 engine(seed);
  std::vector<double> places, heights, drawn(means.size());
  for (std::size_t draw = 0; draw < resamplings; ++draw) {
    for (std::size_t i = 0; i < points.size(); ++i) {
      const std::vector<double>& sample = points[i].conductivity;
      drawn[i] = 0.0;
      // The remainder is not quite uniform: by less than 1e-16 for so few realisations.
      for (std::size_t k = 0; k < sample.size(); ++k)
        drawn[i] += sample[engine() % sample.size()] / static_cast<double>(sample.size());
    }
    const Top again = top_of(fractions, drawn);
    places.push_back(again.fraction);
    heights.push_back(again.conductivity);
  }
  const double resolution = 0.25 * closest;
  optimum.low = std::max(fractions.front(), std::min(quantile(places, 0.025), top.fraction - resolution));
  optimum.high = std::min(fractions.back(), std::max(quantile(places, 0.975), top.fraction + resolution));
  optimum.conductivity_low = std::min(quantile(heights, 0.025), top.conductivity);
  optimum.conductivity_high = std::max(quantile(heights, 0.975), top.conductivity);

  optimum.as_good_from = optimum.as_good_to = top.fraction;
  for (std::size_t i = 0; i < points.size(); ++i) {
    double squares = 0.0;
    const std::vector<double>& sample = points[i].conductivity;
    for (const double value : sample) squares += (value - means[i]) * (value - means[i]);
    const double n = static_cast<double>(sample.size());
    const double error = sample.size() > 1 ? std::sqrt(squares / (n - 1.0) / n) : 0.0;
    if (means[i] + error < good_enough * top.conductivity) continue;
    optimum.as_good_from = std::min(optimum.as_good_from, fractions[i]);
    optimum.as_good_to = std::max(optimum.as_good_to, fractions[i]);
  }
  const double range = fractions.back() - fractions.front();
  optimum.status = top.at_edge ? OptimumStatus::at_edge
                   : optimum.as_good_to - optimum.as_good_from > range / 3.0 || optimum.high - optimum.low > range / 3.0
                       ? OptimumStatus::flat
                       : OptimumStatus::found;
  return optimum;
}

report::Report composite_optimise(const CompositeOptimiseRequest& request, const Context& context) {
  CompositeScanRequest scanned = request.scan;
  if (!scanned.contrasts.empty()) throw ParameterError("contrast", "given", "temperatures");
  std::ranges::sort(scanned.fractions);
  if (scanned.fractions.size() < 3)
    throw ParameterError("fraction", std::to_string(scanned.fractions.size()) + " fractions", "three and more");
  CompositeScan scan = scan_composite(scanned, context);
  std::vector<Line> lines = lines_of(scan, context.seed);
  if (request.refine) {
    const std::vector<double> fractions = refined_fractions(scanned.fractions, lines);
    if (fractions.size() > scanned.fractions.size()) {
      CompositeScanRequest more = scanned;
      more.fractions.clear();
      std::ranges::set_difference(fractions, scanned.fractions, std::back_inserter(more.fractions));
      const CompositeScan added = scan_composite(more, context);
      scan.points.insert(scan.points.end(), added.points.begin(), added.points.end());
      scan.runs += added.runs;
      scan.resumed += added.resumed;
      lines = lines_of(scan, context.seed);
    }
  }
  bool thickness = false, wetted = false, filling = false, cluster = false;
  for (const Line& line : lines) {
    const ScanSetting &a = line.first.setting, &b = lines.front().first.setting;
    thickness = thickness || a.thickness != b.thickness;
    wetted = wetted || a.wetted_fraction != b.wetted_fraction;
    filling = filling || a.filling != b.filling;
    cluster = cluster || a.cluster_size != b.cluster_size;
  }
  const auto name_of = [&](const Line& line) {
    const std::string setting = detail::setting_text(line.first.setting, thickness, wetted, filling, cluster);
    return setting + (setting.empty() ? "" : ", ") + celsius_text(line.first.temperature);
  };

  report::Report report;
  report.task = "composite optimise";
  report.title = "Best filler fraction";
  report.warnings = scan.notes;
  report::Section section{"optimum", "Optimum", {}, false};
  report::Table table{
      "optima",
      "Highest conductivity",
      {{"setting", "setting"},
       {"fraction_vol_percent", "filler (vol%)"},
       {"low", "95 % from"},
       {"high", "to"},
       {"sigma_S_per_cm", "σ (S/cm)"},
       {"sigma_low", "95 % from"},
       {"sigma_high", "to"},
       {"over_bulk", "σ/σ bulk"},
       {"status", "status"},
       {"remark", "remark"}},
      {},
      "Top of a parabola of ln σ through the highest points; intervals by resampling the realisations."};
  const Line* best = nullptr;
  for (const Line& line : lines) {
    if (best == nullptr || line.optimum.conductivity > best->optimum.conductivity) best = &line;
    report::Value ratio;
    ratio.value = line.optimum.conductivity / line.first.bulk;
    ratio.significant = 3;
    table.rows.push_back({name_of(line), percent(line.optimum.fraction), percent(line.optimum.low),
                          percent(line.optimum.high),
                          detail::sigma_value(line.optimum.conductivity, 0.0, "computed", "voxel runs"),
                          base::format_number(line.optimum.conductivity_low / 100.0, 3),
                          base::format_number(line.optimum.conductivity_high / 100.0, 3), ratio,
                          std::string(to_string(line.optimum.status)), sentence(line.optimum)});
  }
  if (best->optimum.status == OptimumStatus::no_path) {
    section.blocks.emplace_back(report::Paragraph{"Nothing conducts from face to face at any of the fractions."});
  } else {
    section.blocks.emplace_back(
        report::Paragraph{"Highest at " + percent(best->optimum.fraction) +
                          " vol% (95 %: " + percent(best->optimum.low) + " to " + percent(best->optimum.high) + "), " +
                          name_of(*best) + ": " + base::format_number(best->optimum.conductivity / 100.0, 3) +
                          " S/cm, " + base::format_number(best->optimum.conductivity / best->first.bulk, 3) +
                          " times the bulk; " + sentence(best->optimum) + "."});
  }
  section.blocks.emplace_back(detail::scan_facts(scanned, scan));
  section.blocks.emplace_back(std::move(table));
  FractionFigure content;
  content.id = "sigma_over_fraction";
  content.title = "σ over the filler fraction";
  for (const Line& line : lines) {
    if (content.series.size() == 8) break;
    FractionSeries series{name_of(line), {}, {}, {}};
    for (const ScanPoint& point : line.points) {
      series.fraction.push_back(point.setting.fraction);
      series.mean.push_back(point.mean);
      series.standard_error.push_back(point.standard_error);
    }
    content.series.push_back(std::move(series));
  }
  if (best->optimum.status != OptimumStatus::no_path) content.optimum = {best->optimum.low, best->optimum.high};
  content.measured = request.scan.measured;
  section.blocks.emplace_back(fraction_figure(content));
  report.sections.push_back(std::move(section));
  return report;
}

namespace {

constexpr auto options = [] {
  constexpr auto own = std::to_array<Option>({
      {"coarse", OptionType::flag, "", "", "", "no second pass around the top"},
      {"measured", OptionType::file, "", "", "", "CSV with fraction (vol%), T (degC), sigma (S/cm): drawn beside"},
  });
  constexpr std::size_t a = scan_option_table.size(), b = phase_option_table.size(),
                        c = temperature_option_table.size();
  std::array<Option, a + b + c + own.size()> all{};
  std::ranges::copy(scan_option_table, all.begin());
  std::ranges::copy(phase_option_table, all.begin() + a);
  std::ranges::copy(temperature_option_table, all.begin() + a + b);
  std::ranges::copy(own, all.begin() + a + b + c);
  return all;
}();

report::Report run(const Arguments& arguments, const Context& context) {
  CompositeOptimiseRequest request;
  request.scan = scan_request(arguments, context);
  if (request.scan.fractions.empty())
    request.scan.fractions = detail::parse_sweep("fraction", "5 to 80 by 15 vol%", "vol%", 0.0, 1.0, "");
  request.refine = !arguments.flag("coarse");
  if (arguments.has("measured")) request.scan.measured = read_composite_points(std::string(arguments.text("measured")));
  return composite_optimise(request, context);
}

}  // namespace

constinit const Task composite_optimise_task{
    "composite optimise", "Find the filler fraction with the highest conductivity, with its uncertainty", options, run,
    "composite_optimise"};

}  // namespace closo::tasks
