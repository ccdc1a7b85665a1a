#include "closo/tasks/cell_design.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "closo/base/error.hpp"
#include "closo/cell/sensitivity.hpp"
#include "closo/tasks/detail/cell_design_report.hpp"
#include "closo/tasks/detail/cell_settings.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;

constexpr std::size_t limit_points = 17, doubt_points = 9, map_points = 17;
constexpr double small_step = 0.02;  // relative, for the answer's elasticities

/// Everything the search needs, for one description.
class Search {
 public:
  Search(const CellDesignRequest& request, const Context& context) : request_(&request) {
    options_.protocol = cell::discharge_protocol(request.cell.description, request.rate, request.cell.lower_cutoff,
                                                 request.cell.upper_cutoff);
    options_.simulation = request.cell.mesh;
    options_.simulation.tolerance = std::min(options_.simulation.tolerance, 1e-5);
    options_.stack = request.stack;
    options_.threads = context.threads;
    if (context.progress) {
      options_.progress = [&context](double, std::string_view what) { return context.progress(0.5, what); };
    }
    for (const cell::SweepRange& range : request.free) free_.push_back(range.quantity);
  }

  const cell::SweepOptions& options() const { return options_; }

  cell::CellDescription at(const cell::CellDescription& description, std::span<const double> values) const {
    return cell::with_settings(description, free_, values);
  }
  std::vector<cell::CellOutcome> run(const cell::CellDescription& description, const cell::SweepPlan& plan) const {
    return cell::sweep(description, plan, options_);
  }
  double margin(const cell::CellOutcome& outcome) const { return cell::margin(request_->targets, outcome); }

  cell::DesignLimit limit(const cell::CellDescription& description, std::size_t points) const {
    return cell::find_limits(
        request_->free.front(),
        [&](std::span<const double> places) {
          cell::SweepPlan plan{free_, {}};
          for (const double place : places) plan.settings.push_back({place});
          std::vector<double> margins;
          for (const cell::CellOutcome& outcome : run(description, plan)) margins.push_back(margin(outcome));
          return margins;
        },
        points);
  }

 private:
  const CellDesignRequest* request_;
  cell::SweepOptions options_;
  std::vector<std::string> free_;
};

/// The end of the met range that the targets set; empty when they set none.
std::optional<double> answer_of(const cell::DesignLimit& limit) {
  if (limit.status != cell::LimitStatus::found) return std::nullopt;
  const cell::MetInterval* chosen = &limit.intervals.front();
  for (const cell::MetInterval& each : limit.intervals) {
    if (each.low <= limit.best && limit.best <= each.high) chosen = &each;
  }
  return chosen->is_low_bound ? chosen->high : chosen->low;
}

void check(const CellDesignRequest& request, const cell::CellOutcome& described) {
  for (const cell::DesignTarget& target : request.targets) {
    const bool is_known = target.quantity->value(described).has_value();
    if (is_known || described.status != cell::OutcomeStatus::complete) continue;
    std::string missing;
    const cell::CellStack stack = cell::stack_of_cell(request.cell.description, request.stack);
    const cell::StackEnergy energy = cell::stack_energy(stack.layers, base::Measured{1.0, {}}, base::Measured{1.0, {}});
    for (const std::string& each : energy.missing) missing += (missing.empty() ? "" : ", ") + each;
    if (missing.empty()) missing = "current collectors: --collector 'Cu, 8 um'";
    throw ParameterError("target", "'" + std::string(target.quantity->name) + "'",
                         "data for it; not given: " + missing +
                             (missing.find("anode") != std::string::npos ? " (or --np for a metal anode)" : ""));
  }
}

void check(const CellDesignRequest& request) {
  if (request.targets.empty())
    throw ParameterError("target", "missing", "at least one, as 'specific energy >= 250 Wh/kg'");
  if (request.free.size() > 2)
    throw ParameterError("free", std::to_string(request.free.size()) + " quantities", "none, one or two");
  if (!(request.practical_ratio > 0.0))
    throw ParameterError("practical N/P", std::to_string(request.practical_ratio), "a ratio above 0");
}

/// Doubts of a design without a single answer: how the first target's outcome follows them.
std::vector<DesignDoubt> doubts_of_outcome(const CellDesignRequest& request, const Search& search,
                                           const CellDesign& design) {
  std::vector<std::string> doubtful;
  for (const std::string_view name : design.description.doubtful()) doubtful.emplace_back(name);
  if (doubtful.empty()) return {};
  const cell::OutcomeQuantity& quantity = *request.targets.front().quantity;
  const std::vector<std::string> names{std::string(quantity.name)};
  const cell::LocalSensitivities local =
      cell::local_sensitivities(design.description, doubtful, names, search.options());
  std::vector<DesignDoubt> doubts;
  std::vector<cell::SweepRange> ranges = cell::described_ranges(design.description);
  std::erase_if(ranges, [&](const cell::SweepRange& range) {
    return std::ranges::find(doubtful, range.quantity) == doubtful.end();
  });
  const std::vector<cell::Swing> ends = cell::swings(design.description, ranges, search.options());
  for (const cell::LocalSensitivity& row : local.rows) {
    DesignDoubt doubt;
    doubt.quantity = row.quantity;
    doubt.elasticity = row.elasticities.front().value;
    for (const cell::Swing& swing : ends) {
      if (swing.range.quantity != row.quantity) continue;
      doubt.range = swing.range;
      doubt.answer_at_low = quantity.value(swing.low);
      doubt.answer_at_high = quantity.value(swing.high);
    }
    doubts.push_back(std::move(doubt));
  }
  return doubts;
}

/// d ln(answer)/d ln(q) = -(∂m/∂ln q) / (∂m/∂ln a), m the margin.
std::vector<DesignDoubt> doubts_of_answer(const CellDesignRequest& request, const Search& search,
                                          const CellDesign& design) {
  const double answer = *design.answer;
  const std::string& free = request.free.front().quantity;
  std::vector<std::string> doubtful;
  for (const std::string_view name : request.cell.description.doubtful()) {
    if (name != free) doubtful.emplace_back(name);
  }
  const auto margin_with = [&](const cell::CellDescription& description, double place) {
    const cell::SweepPlan plan{{free}, {{place}}};
    return search.margin(search.run(description, plan).front());
  };
  const double slope = margin_with(request.cell.description, answer * (1.0 + small_step)) -
                       margin_with(request.cell.description, answer * (1.0 - small_step));
  const std::vector<cell::SweepRange> ranges = cell::described_ranges(request.cell.description);
  std::vector<DesignDoubt> doubts;
  for (const std::string& name : doubtful) {
    DesignDoubt doubt;
    doubt.quantity = name;
    const double value = request.cell.description.value(name);
    const auto with = [&](double changed) {
      return cell::with_settings(request.cell.description, std::span(&name, 1), std::span(&changed, 1));
    };
    try {
      const double change =
          margin_with(with(value * (1.0 + small_step)), answer) - margin_with(with(value * (1.0 - small_step)), answer);
      const double elasticity = -change / slope;
      if (value != 0.0 && std::abs(elasticity) < 1e3) doubt.elasticity = elasticity;
    } catch (const ParameterError&) {
      // At the edge of what is possible (100 % contact): no elasticity, the range below still tells.
    }
    const auto range = std::ranges::find(ranges, name, &cell::SweepRange::quantity);
    if (range != ranges.end()) {
      doubt.range = *range;
      const bool is_upper = design.limit->intervals.front().is_low_bound;
      const auto solved = [&](double end) -> std::optional<double> {
        const cell::DesignLimit limit = search.limit(with(end), doubt_points);
        if (limit.status == cell::LimitStatus::everywhere)
          return is_upper ? request.free.front().high : request.free.front().low;
        return answer_of(limit);
      };
      doubt.answer_at_low = solved(range->low);
      doubt.answer_at_high = solved(range->high);
    }
    doubts.push_back(std::move(doubt));
  }
  return doubts;
}

void solve_one(const CellDesignRequest& request, const Search& search, CellDesign& design) {
  design.limit = search.limit(request.cell.description, limit_points);
  design.answer = answer_of(*design.limit);
  const cell::SweepRange& range = request.free.front();
  double chosen = design.answer.value_or(design.limit->best);
  if (design.limit->status == cell::LimitStatus::everywhere) {
    const double described = request.cell.description.value_or(range.quantity, design.limit->best);
    if (described >= range.low && described <= range.high) chosen = described;
  }
  design.chosen = {chosen};
}

/// Best of a grid, then smaller and smaller steps along the axes.
void solve_two(const CellDesignRequest& request, const Search& search, CellDesign& design) {
  std::vector<cell::SweepAxis> axes;
  for (const cell::SweepRange& range : request.free)
    axes.push_back({range.quantity, cell::spaced_values(range, map_points)});
  design.map = cell::grid_plan(axes);
  design.map_outcomes = search.run(request.cell.description, design.map);
  std::size_t best = 0;
  for (std::size_t i = 1; i < design.map_outcomes.size(); ++i) {
    if (search.margin(design.map_outcomes[i]) > search.margin(design.map_outcomes[best])) best = i;
  }
  std::array<double, 2> shares{static_cast<double>(best / map_points) / (map_points - 1),
                               static_cast<double>(best % map_points) / (map_points - 1)};
  const auto place = [&](std::size_t a, double share) {
    const cell::SweepRange& range = request.free[a];
    return range.is_logarithmic ? range.low * std::exp(share * std::log(range.high / range.low))
                                : range.low + share * (range.high - range.low);
  };
  double most = search.margin(design.map_outcomes[best]);
  for (double step = 0.5 / (map_points - 1); step > 1e-3; step *= 0.5) {
    cell::SweepPlan around{design.map.quantities, {}};
    std::vector<std::array<double, 2>> tried;
    for (std::size_t a = 0; a < 2; ++a) {
      for (const double sign : {-1.0, 1.0}) {
        std::array<double, 2> next = shares;
        next[a] = std::clamp(next[a] + sign * step, 0.0, 1.0);
        tried.push_back(next);
        around.settings.push_back({place(0, next[0]), place(1, next[1])});
      }
    }
    const std::vector<cell::CellOutcome> runs = search.run(request.cell.description, around);
    for (std::size_t i = 0; i < runs.size(); ++i) {
      if (!(search.margin(runs[i]) > most)) continue;
      most = search.margin(runs[i]);
      shares = tried[i];
    }
  }
  design.chosen = {place(0, shares[0]), place(1, shares[1])};
}

}  // namespace

std::string_view to_string(DesignStatus status) noexcept {
  switch (status) {
    case DesignStatus::met:
      return "met";
    case DesignStatus::limited:
      return "met in a part of the range";
    case DesignStatus::not_met:
      break;
  }
  return "not met";
}

CellDesign find_cell_design(const CellDesignRequest& request, const Context& context) {
  check(request);
  const Search search(request, context);
  const cell::CellDescription& description = request.cell.description;
  CellDesign design;
  const cell::CellOutcome described =
      cell::evaluate(description, search.options().protocol, search.options().simulation, request.stack);
  if (described.status == cell::OutcomeStatus::impossible)
    throw ParameterError("system", "a cell that cannot be built", described.reason);
  check(request, described);

  if (request.free.size() == 1) solve_one(request, search, design);
  if (request.free.size() == 2) solve_two(request, search, design);
  design.description = request.free.empty() ? description : search.at(description, design.chosen);
  design.outcome =
      cell::evaluate(design.description, search.options().protocol, search.options().simulation, request.stack);
  design.margin = search.margin(design.outcome);
  if (request.free.size() == 1) {
    design.status = design.limit->status == cell::LimitStatus::everywhere ? DesignStatus::met
                    : design.limit->status == cell::LimitStatus::found    ? DesignStatus::limited
                                                                          : DesignStatus::not_met;
  } else {
    design.status = design.margin >= 0.0 ? DesignStatus::met : DesignStatus::not_met;
    const bool is_met_everywhere = std::ranges::all_of(
        design.map_outcomes, [&](const cell::CellOutcome& outcome) { return search.margin(outcome) >= 0.0; });
    if (design.status == DesignStatus::met && !is_met_everywhere) design.status = DesignStatus::limited;
  }
  design.doubts =
      design.answer ? doubts_of_answer(request, search, design) : doubts_of_outcome(request, search, design);
  return design;
}

report::Report cell_design(const CellDesignRequest& request, const Context& context) {
  const CellDesign design = find_cell_design(request, context);
  report::Report report;
  report.task = "cell design";
  report.title = request.cell.description.name;
  report.subtitle = request.rate;
  detail::add_design_sections(request, design, context, report);
  add_parameters(request.cell, report);
  return report;
}

namespace {

constexpr auto options = [] {
  constexpr auto own = std::to_array<Option>({
      {"target", OptionType::text, "", "", "",
       "what must be met: 'specific energy >= 250 Wh/kg', 'specific capacity >= 190 mAh/g', 'ohmic loss <= 50 mV'",
       false, true, true},
      {"free", OptionType::text, "", "", "",
       "up to two quantities to find, with their ranges: 'separator.thickness=10 um to 600 um'", false, false, true},
      {"rate", OptionType::text, "", "", "", "discharge rate such as C/3; else the first of the system file"},
      {"practical", OptionType::text, "", "", "",
       "a quantity of the practical stack beside the design; else 'separator.thickness=30 um'", false, false, true},
  });
  constexpr std::size_t a = cell_options.size(), b = own.size(), c = detail::stack_options.size();
  std::array<Option, a + b + c> all{};
  std::ranges::copy(cell_options, all.begin());
  std::ranges::copy(own, all.begin() + a);
  std::ranges::copy(detail::stack_options, all.begin() + a + b);
  return all;
}();

report::Report run(const Arguments& arguments, const Context& context) {
  CellDesignRequest request;
  request.cell = cell_case(arguments, context);
  for (const std::string& text : arguments.texts("target")) request.targets.push_back(detail::parse_target(text));
  for (const std::string& text : arguments.texts("free")) {
    const detail::Variation variation = detail::parse_variation("free", text, request.cell.description);
    if (!variation.range)
      throw ParameterError("free", "'" + text + "'", "a range, as '" + variation.quantity + "=LOW to HIGH'");
    for (const cell::SweepRange& other : request.free) {
      if (other.quantity == variation.quantity) throw ParameterError("free", "'" + text + "'", "each quantity once");
    }
    request.free.push_back(*variation.range);
  }
  request.rate = detail::rates_of(arguments, request.cell).front();
  request.stack = detail::parse_stack(arguments);
  for (const std::string& text : arguments.texts("practical")) {
    const detail::Variation variation = detail::parse_variation("practical", text, request.cell.description);
    if (variation.values.size() != 1) throw ParameterError("practical", "'" + text + "'", "one value");
    request.practical.emplace_back(variation.quantity, variation.values.front());
  }
  if (request.practical.empty()) request.practical.emplace_back("separator.thickness", 30e-6);
  if (request.stack.capacity_ratio) request.practical_ratio = *request.stack.capacity_ratio;
  return cell_design(request, context);
}

}  // namespace

constinit const Task cell_design_task{
    "cell design", "Find the thickness, loading, conductivity or contact that meets a target, and what it hangs on",
    options, run, "cell_design"};

}  // namespace closo::tasks
