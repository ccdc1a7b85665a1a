#include "closo/tasks/cell_sweep.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/base/number.hpp"
#include "closo/report/render.hpp"
#include "closo/tasks/detail/cell_sweep_report.hpp"
#include "closo/tasks/detail/sweep_state.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;

constexpr std::size_t default_count = 10;
constexpr long most_sample = 100000;

cell::SweepPlan plan_of(const CellSweepRequest& request, const Context& context, CellSweep& sweep) {
  if (request.sample > 0) {
    if (request.variations.empty()) {
      sweep.ranges = cell::described_ranges(request.cell.description);
      if (sweep.ranges.empty())
        throw ParameterError("sample", "without ranges", "--vary NAME=LOW to HIGH, or low and high in the system file");
    }
    for (const detail::Variation& variation : request.variations) {
      if (!variation.range)
        throw ParameterError("vary", "'" + variation.quantity + "' with single values",
                             "a range for a sample, as '" + variation.quantity + "=LOW to HIGH'");
      sweep.ranges.push_back(*variation.range);
    }
    return cell::latin_hypercube_plan(sweep.ranges, request.sample, context.seed);
  }
  std::vector<cell::SweepAxis> axes;
  for (const detail::Variation& variation : request.variations) {
    axes.push_back({variation.quantity,
                    variation.range
                        ? cell::spaced_values(*variation.range, variation.count > 0 ? variation.count : default_count)
                        : variation.values});
  }
  return cell::grid_plan(axes);
}

}  // namespace

CellSweep run_cell_sweep(const CellSweepRequest& request, const Context& context) {
  if (request.rates.empty()) throw ParameterError("rate", "none", "at least one rate");
  CellSweep sweep;
  sweep.plan = plan_of(request, context, sweep);
  const cell::CellDescription& description = request.cell.description;
  detail::SweepState state(request.resume);
  std::atomic<std::size_t> resumed{0};
  const double rates = static_cast<double>(request.rates.size());
  for (std::size_t r = 0; r < request.rates.size(); ++r) {
    cell::SweepOptions options;
    options.protocol =
        cell::discharge_protocol(description, request.rates[r], request.cell.lower_cutoff, request.cell.upper_cutoff);
    options.simulation = request.cell.mesh;
    options.stack = request.stack;
    options.threads = context.threads;
    if (context.progress) {
      options.progress = [&, r](double share, std::string_view what) {
        const std::string rate = request.rates.size() > 1 ? " at " + request.rates[r] : std::string();
        return context.progress((static_cast<double>(r) + share) / rates, std::string(what) + rate);
      };
    }
    const auto key = [&](std::size_t i) {
      return detail::fingerprint(cell::with_settings(description, sweep.plan.quantities, sweep.plan.settings[i]),
                                 options.protocol, options.simulation, request.stack);
    };
    if (!request.resume.empty()) {
      options.known = [&](std::size_t i) -> std::optional<cell::CellOutcome> {
        try {
          std::optional<cell::CellOutcome> found = state.find(key(i));
          resumed += found ? 1U : 0U;
          return found;
        } catch (const ParameterError&) {
          return std::nullopt;  // no such cell: the run says so again
        }
      };
      options.finished = [&](std::size_t i, const cell::CellOutcome& outcome) {
        if (outcome.status != cell::OutcomeStatus::impossible) state.add(key(i), outcome);
      };
    }
    sweep.outcomes.push_back(cell::sweep(description, sweep.plan, options));
  }
  state.save();
  sweep.resumed = resumed;
  return sweep;
}

report::Report cell_sweep(const CellSweepRequest& request, const Context& context) {
  if (request.variations.empty() && request.sample == 0 && !request.has_sensitivity)
    throw ParameterError("vary", "missing", "a quantity to vary, --sample N or --sensitivity");
  report::Report report;
  report.task = "cell sweep";
  report.title = request.cell.description.name;
  for (const std::string& rate : request.rates) report.subtitle += (report.subtitle.empty() ? "" : ", ") + rate;
  const std::vector<const cell::OutcomeQuantity*> outcomes =
      request.outcomes.empty() ? detail::default_outcomes(request.cell.description, request.stack) : request.outcomes;
  if (!request.variations.empty() || request.sample > 0) {
    const CellSweep sweep = run_cell_sweep(request, context);
    detail::add_sweep_sections(request, sweep, outcomes, report);
    if (!request.table.empty()) {
      base::write_file_atomically(request.table, report::render_csv(detail::sweep_table(request, sweep)));
      report.provenance.emplace_back("written", request.table);
    }
  }
  if (request.has_sensitivity) detail::add_sensitivity_section(request, outcomes, context, report);
  detail::add_sweep_method(request, report);
  add_parameters(request.cell, report);
  if (request.sample > 0) report.provenance.emplace_back("seed", std::to_string(context.seed));
  return report;
}

namespace {

constexpr auto options = [] {
  constexpr auto own = std::to_array<Option>({
      {"vary", OptionType::text, "", "", "",
       "a quantity with a list or range: 'separator.thickness=30 um to 600 um, 10 log'; several make a grid", false,
       false, true},
      {"sample", OptionType::integer, "", "", "1 to 100000",
       "cells drawn from the ranges (Latin hypercube); without --vary from those of the system file"},
      {"rate", OptionType::text, "", "", "",
       "discharge rate such as C/3 or 1 mA/cm2; else the first of the system file", false, false, true},
      {"outcome", OptionType::text, "", "", "", "what figures and sensitivities show, as 'specific energy'", false,
       false, true},
      {"sensitivity", OptionType::flag, "", "", "", "which quantities matter at the first rate"},
      {"resume", OptionType::path, "", "", "", "file that keeps finished cells; a stopped sweep goes on from it"},
      {"to", OptionType::path, "", "", "", "CSV of all cells"},
  });
  constexpr std::size_t a = cell_options.size(), b = own.size(), c = detail::stack_options.size();
  std::array<Option, a + b + c> all{};
  std::ranges::copy(cell_options, all.begin());
  std::ranges::copy(own, all.begin() + a);
  std::ranges::copy(detail::stack_options, all.begin() + a + b);
  return all;
}();

report::Report run(const Arguments& arguments, const Context& context) {
  CellSweepRequest request;
  request.cell = cell_case(arguments, context);
  for (const std::string& text : arguments.texts("vary"))
    request.variations.push_back(detail::parse_variation("vary", text, request.cell.description));
  if (const std::optional<long> sample = arguments.integer("sample")) {
    if (*sample < 1 || *sample > most_sample)
      throw ParameterError("sample", std::to_string(*sample), "1 to " + std::to_string(most_sample) + " cells");
    request.sample = static_cast<std::size_t>(*sample);
  }
  request.rates = detail::rates_of(arguments, request.cell);
  for (const std::string& name : arguments.texts("outcome")) request.outcomes.push_back(&cell::outcome_quantity(name));
  request.has_sensitivity = arguments.flag("sensitivity");
  request.stack = detail::parse_stack(arguments);
  request.resume = std::string(arguments.text("resume"));
  request.table = std::string(arguments.text("to"));
  return cell_sweep(request, context);
}

}  // namespace

constinit const Task cell_sweep_task{"cell sweep",
                                     "Discharge a cell at many settings: grids, samples, which quantities matter",
                                     options, run, "cell_sweep"};

}  // namespace closo::tasks
