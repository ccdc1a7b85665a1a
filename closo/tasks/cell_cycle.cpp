#include "closo/tasks/cell_cycle.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/base/number.hpp"
#include "closo/cell/capability.hpp"
#include "closo/cell/long_run.hpp"
#include "closo/tasks/cell_simulate.hpp"
#include "closo/tasks/detail/cycle_report.hpp"
#include "closo/tasks/impedance_input.hpp"

namespace closo::tasks {
namespace {

using base::InputError;
using base::ParameterError;

constexpr std::size_t steps_a_piece = 500;  // between two looks at progress and clock
constexpr long most_cycles = 25000;
constexpr std::size_t usual_curves = 5;
constexpr std::size_t most_curves = 50;
constexpr double same_current = 0.01;  // relative

constexpr auto option_table = joined_options(
    cell_options,
    std::to_array<Option>({
        {"cycles", OptionType::integer, "", "", "1 to 25000", "how many; without it and a protocol 10"},
        {"discharge", OptionType::text, "", "", "",
         "current, as C/10, 0.1 mA/cm2, 24 mA/g; else the first rate of the file"},
        {"charge", OptionType::text, "", "", "", "current of the charge; else as the discharge"},
        {"hold", OptionType::text, "", "", "", "hold the upper voltage after each charge until this current, as C/50"},
        {"rest", OptionType::text, "", "", "", "rest after each half cycle, as '10 min'"},
        {"lower", OptionType::quantity, "V", "", "", "lower cut-off; else of the system file"},
        {"upper", OptionType::quantity, "V", "", "", "upper cut-off; else of the system file"},
        {"begin", OptionType::choice, "", "auto", "", "first half cycle; auto: by the cathode as built", false, false,
         false, "auto discharge charge"},
        {"protocol", OptionType::text, "", "", "", "the whole protocol in words instead, steps apart by ';'"},
        {"protocol-file", OptionType::file, "", "", "", "text file with the protocol"},
        {"curves", OptionType::text, "", "", "", "cycles whose voltage curves are shown, as '1, 50, 100'"},
        {"measured", OptionType::file, "", "", "", "CSV with cycle and capacity (mAh/g) or retention (%)"},
        {"checkpoint", OptionType::path, "", "", "",
         "state of the run: written as it goes on, taken up when it is there"},
        {"checkpoint-every", OptionType::quantity, "s", "10 s", "0 s or more", "computing time between two states"},
    }));

/// Throws: ParameterError with what the protocol's grammar says.
void check_words(const char* option, const std::string& text, const std::string& step) {
  // A line of its own text must not smuggle in another step.
  if (text.find_first_of(";\n#") != std::string::npos)
    throw ParameterError(option, "'" + text + "'", "one current or time");
  try {
    cell::parse_protocol(step);
  } catch (const InputError& error) {
    throw ParameterError(option, "'" + text + "'", error.expected().empty() ? error.problem() : error.expected());
  }
}

std::string volts(double value) { return base::format_exact(value) + " V"; }

std::uint32_t last_cycle(const cell::Protocol& protocol) {
  return protocol.visits.empty() ? 0 : protocol.visits.back().cycle;
}

std::vector<std::uint32_t> curves_of(const CellCycleRequest& request, std::uint32_t last) {
  std::vector<std::uint32_t> curves = request.curves;
  if (curves.empty()) {
    const double intervals = std::min<double>(usual_curves, last - 1.0);
    for (std::size_t k = 0; static_cast<double>(k) <= intervals; ++k) {
      const double share = intervals > 0.0 ? static_cast<double>(k) / intervals : 0.0;
      curves.push_back(static_cast<std::uint32_t>(std::lround(1.0 + share * (last - 1.0))));
    }
  }
  std::ranges::sort(curves);
  curves.erase(std::unique(curves.begin(), curves.end()), curves.end());
  if (curves.front() < 1 || curves.back() > last) {
    throw ParameterError("curves", std::to_string(curves.front() < 1 ? curves.front() : curves.back()),
                         "cycles from 1 to " + std::to_string(last));
  }
  if (curves.size() > most_curves)
    throw ParameterError("curves", std::to_string(curves.size()) + " cycles", "at most " + std::to_string(most_curves));
  return curves;
}

void restore(cell::LongRun& run, const std::string& file) {
  try {
    run.restore(base::read_file_bytes(file));
  } catch (const InputError& error) {
    const std::string remedy =
        (error.expected().empty() ? std::string() : error.expected() + "; ") + "or another name, to start anew";
    throw InputError({file, 0, 0}, error.problem(), remedy);
  }
}

void find_fade(CycleStudy& study) {
  std::vector<const cell::CycleRow*> counted;
  for (const cell::CycleRow& row : study.cycles) {
    if (row.is_complete && row.discharge_capacity > 0.0) counted.push_back(&row);
  }
  if (counted.empty()) return;
  study.reference = counted.front()->cycle;
  const auto first_charge =
      std::ranges::find_if(study.result.steps, [](const cell::StepSummary& step) { return step.charge != 0.0; });
  if (first_charge != study.result.steps.end() && first_charge->charge > 0.0) counted.erase(counted.begin());
  struct Group {
    const cell::CycleRow* first = nullptr;
    const cell::CycleRow* last = nullptr;
    std::size_t size = 0;
  };
  std::vector<Group> groups;
  for (const cell::CycleRow* row : counted) {
    const auto own = std::ranges::find_if(groups, [&](const Group& group) {
      return std::abs(row->largest_current / group.first->largest_current - 1.0) <= same_current;
    });
    if (own == groups.end()) {
      groups.push_back({row, row, 1});
    } else {
      own->last = row;
      ++own->size;
    }
  }
  const auto largest = std::ranges::max_element(groups, {}, &Group::size);
  if (largest == groups.end() || largest->size < 2) return;
  study.fade_from = largest->first->cycle;
  study.fade_to = largest->last->cycle;
  study.fade = cell::split_fade(*largest->first, *largest->last);
  study.fade_per_cycle = cell::fade_per_cycle(study.cycles, study.fade_from, study.fade_to);
}

CyclingPlan plan_of(const Arguments& arguments, const CellCase& cell) {
  CyclingPlan plan;
  plan.cycles = arguments.integer("cycles").value_or(plan.cycles);
  if (!cell.rates.empty()) plan.discharge = cell.rates.front().text;
  if (arguments.has("discharge")) plan.discharge = arguments.text("discharge");
  plan.charge = arguments.has("charge") ? std::string(arguments.text("charge")) : plan.discharge;
  plan.hold = arguments.text("hold");
  plan.rest = arguments.text("rest");
  plan.lower = cell.lower_cutoff;
  plan.upper = cell.upper_cutoff;
  if (const auto lower = arguments.quantity("lower", "V")) plan.lower = lower->value;
  if (const auto upper = arguments.quantity("upper", "V")) plan.upper = upper->value;
  const std::string_view begin = arguments.text("begin");
  plan.begins_with_charge =
      begin == "charge" || (begin != "discharge" && plan.upper > plan.lower &&
                            !cell::is_built_charged(cell::build(cell.description), plan.lower, plan.upper));
  return plan;
}

std::vector<std::uint32_t> parse_curves(std::string_view text) {
  std::vector<std::uint32_t> curves;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find(',', from), text.size());
    std::string word(text.substr(from, to - from));
    word.erase(std::remove(word.begin(), word.end(), ' '), word.end());
    const std::optional<double> number = base::try_parse_number(word);
    if (!number || *number != std::floor(*number) || *number < 1.0 || *number > 1e6)
      throw ParameterError("curves", "'" + std::string(text) + "'", "cycle numbers from 1 on, as '1, 50, 100'");
    curves.push_back(static_cast<std::uint32_t>(*number));
    from = to + 1;
  }
  return curves;
}

report::Report run(const Arguments& arguments, const Context& context) {
  CellCycleRequest request;
  request.cell = cell_case(arguments, context);
  constexpr const char* planned[] = {"cycles", "discharge", "charge", "hold", "rest", "lower", "upper"};
  const auto given = std::ranges::find_if(planned, [&](const char* name) { return arguments.has(name); });
  const bool is_planned = given != std::end(planned);
  const bool has_words = arguments.has("protocol") || arguments.has("protocol-file");
  if (has_words && is_planned)
    throw ParameterError(*given, "beside a protocol", "either --protocol or --cycles with currents and cut-offs");
  request.protocol = has_words || (!is_planned && !request.cell.protocol.empty())
                         ? protocol_of(arguments, request.cell)
                         : cell::parse_protocol(cycling_protocol(plan_of(arguments, request.cell)));
  if (arguments.has("curves")) request.curves = parse_curves(arguments.text("curves"));
  request.measured = arguments.text("measured");
  request.checkpoint = arguments.text("checkpoint");
  request.checkpoint_interval = arguments.quantity("checkpoint-every", "s")->value;
  if (!(request.checkpoint_interval >= 0.0))
    throw ParameterError("checkpoint-every", base::format_number(request.checkpoint_interval) + " s", "0 s or more");
  return cell_cycle(request, context);
}

}  // namespace

std::string cycling_protocol(const CyclingPlan& plan) {
  if (plan.cycles < 1 || plan.cycles > most_cycles)
    throw ParameterError("cycles", std::to_string(plan.cycles), "1 to " + std::to_string(most_cycles));
  if (!(plan.upper > plan.lower)) {
    throw ParameterError("upper", volts(plan.upper) + ", with a lower cut-off of " + volts(plan.lower),
                         "above the lower cut-off (--lower, --upper or [operation] voltage)");
  }
  check_words("discharge", plan.discharge, "Discharge at " + plan.discharge + " for 1 h");
  check_words("charge", plan.charge, "Charge at " + plan.charge + " for 1 h");
  if (!plan.hold.empty()) check_words("hold", plan.hold, "Hold at 1 V until " + plan.hold);
  if (!plan.rest.empty()) check_words("rest", plan.rest, "Rest for " + plan.rest);
  const std::string rest = plan.rest.empty() ? "" : "  Rest for " + plan.rest + "\n";
  const std::string discharge = "  Discharge at " + plan.discharge + " until " + volts(plan.lower) + "\n" + rest;
  std::string charge = "  Charge at " + plan.charge + " until " + volts(plan.upper) + "\n";
  if (!plan.hold.empty()) charge += "  Hold at " + volts(plan.upper) + " until " + plan.hold + "\n";
  charge += rest;
  return "Repeat " + std::to_string(plan.cycles) + " times:\n" +
         (plan.begins_with_charge ? charge + discharge : discharge + charge) + "End\n";
}

CycleStudy run_cycles(const CellCycleRequest& request, const Context& context) {
  CycleStudy study;
  study.active_mass = cell::cathode_geometry(request.cell.description).active_mass;
  const std::uint32_t cycles = last_cycle(request.protocol);
  study.curves = curves_of(request, cycles);
  cell::LongRun run(cell::build(request.cell.description), request.protocol, request.cell.mesh, study.curves);
  const auto cycle_now = [&] {
    return request.protocol.visits[std::min(run.visit(), request.protocol.visits.size() - 1)].cycle;
  };

  std::error_code ignored;
  if (!request.checkpoint.empty() && std::filesystem::exists(request.checkpoint, ignored)) {
    restore(run, request.checkpoint);
    study.resumed_at = cycle_now();
  }
  const auto save = [&] {
    if (!request.checkpoint.empty()) base::write_file_atomically(request.checkpoint, run.state());
  };
  save();  // a folder that cannot be written is told before the run
  using Clock = std::chrono::steady_clock;
  Clock::time_point saved = Clock::now();
  for (cell::RunStatus status = cell::RunStatus::running; status == cell::RunStatus::running;) {
    status = run.advance(steps_a_piece);
    const double share = static_cast<double>(run.visit()) / static_cast<double>(request.protocol.visits.size());
    if (context.progress &&
        !context.progress(share, "cycle " + std::to_string(cycle_now()) + " of " + std::to_string(cycles))) {
      save();
      throw base::Cancelled();
    }
    if (status == cell::RunStatus::running &&
        std::chrono::duration<double>(Clock::now() - saved).count() >= request.checkpoint_interval) {
      save();
      saved = Clock::now();
    }
  }
  save();
  study.result = run.result();
  study.rows = run.rows();
  study.cycles = cell::cycle_rows(request.protocol, study.result.steps);
  find_fade(study);
  return study;
}

report::Report cell_cycle(const CellCycleRequest& request, const Context& context) {
  // A wrong file of measured points is refused before the long run.
  detail::CyclePoints measured;
  if (!request.measured.empty()) {
    measured = detail::parse_cycle_points(base::read_text_file(request.measured), request.measured,
                                          cell::cathode_geometry(request.cell.description).active_mass);
  }
  const CycleStudy study = run_cycles(request, context);
  return detail::cycle_report(request, study, measured, detail::library_cycle_points(request.cell.system, context));
}

constinit const Task cell_cycle_task{"cell cycle",
                                     "Cycle a cell: capacity, efficiency, retention and what the fade is made of",
                                     option_table, run, "cell_cycle"};

}  // namespace closo::tasks
