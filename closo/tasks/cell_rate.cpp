#include "closo/tasks/cell_rate.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/cell/loading.hpp"
#include "closo/tasks/detail/rate_report.hpp"
#include "closo/tasks/detail/sweep_text.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;

Rate parse_rate(std::string_view option, std::string_view text) {
  try {
    return {std::string(text), cell::parse_c_rate_per_hour(text)};
  } catch (const base::InputError& error) {
    throw ParameterError(std::string(option), "'" + std::string(text) + "'",
                         error.expected().empty() ? "a rate such as C/10, 0.5C or 2C" : error.expected());
  }
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::vector<Rate> parse_rates(std::string_view option, std::string_view text) {
  std::vector<Rate> rates;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    rates.push_back(parse_rate(option, trimmed(text.substr(from, comma - from))));
    from = comma + 1;
  }
  return rates;
}

CellRate rate_cells(const CellRateRequest& request, const Context& context) {
  if (request.cells.empty()) throw ParameterError("temperatures", "none", "at least one temperature");
  if (request.rates.empty()) throw ParameterError("rates", "none", "--rates, or [operation] rates in the system file");
  const CellCase& first = request.cells.front();
  if (!(first.upper_cutoff > first.lower_cutoff))
    throw ParameterError("voltage", "not given", "[operation] voltage = [\"1.7 V\", \"2.5 V\"] in the system file");
  cell::RateCapabilityOptions options;
  for (const Rate& rate : request.rates) options.per_hour.push_back(rate.per_hour);
  options.lower_cutoff = first.lower_cutoff;
  options.upper_cutoff = first.upper_cutoff;
  options.start = request.start;
  options.recharge_per_hour =
      request.recharge ? request.recharge->per_hour : *std::ranges::min_element(options.per_hour);
  options.threads = context.threads;
  options.mesh = first.mesh;
  CellRate rate;
  for (const CellCase& each : request.cells) rate.parameters.push_back(build(each.description));
  const std::vector<cell::RatePoint> points = rate_capability(rate.parameters, options, context.progress);
  for (std::size_t c = 0; c < request.cells.size(); ++c) {
    const auto begin = points.begin() + static_cast<std::ptrdiff_t>(c * request.rates.size());
    rate.points.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(request.rates.size()));
  }
  return rate;
}

report::Report cell_rate(const CellRateRequest& request, const Context& context) {
  return detail::rate_report(request, rate_cells(request, context), context);
}

namespace {

constexpr auto options = [] {
  constexpr auto own = std::to_array<Option>({
      {"rates", OptionType::text, "", "", "above 0", "list such as 'C/20, C/10, 1C'; else [operation] rates"},
      {"temperatures", OptionType::text, "", "", "above 0 K",
       "list or range such as '40, 60 degC' or '30 to 90 by 15 degC'; else --at, else [operation] temperatures"},
      {"start", OptionType::choice, "", "same", "",
       "same: every discharge from the same charged cell; recharged: one cell, slowly recharged in between", false,
       false, false, "same recharged"},
      {"recharge", OptionType::text, "", "", "above 0",
       "rate of the charges in between; else the slowest of the rates"},
  });
  std::array<Option, cell_options.size() + own.size()> all{};
  std::ranges::copy(cell_options, all.begin());
  std::ranges::copy(own, all.begin() + cell_options.size());
  return all;
}();

/// The same arguments at another temperature.
Arguments at_temperature(const Arguments& arguments, double temperature) {
  Arguments other;
  for (const auto& [name, texts] : arguments.all()) {
    if (name == "at") continue;
    for (const std::string& text : texts) other.set(name, text);
  }
  other.set("at", base::format_exact(temperature) + " K");
  return other;
}

report::Report run(const Arguments& arguments, const Context& context) {
  CellRateRequest request;
  CellCase first = cell_case(arguments, context);
  request.rates = arguments.has("rates") ? parse_rates("rates", arguments.text("rates")) : first.rates;
  std::vector<double> temperatures = first.temperatures;
  if (arguments.has("temperatures")) {
    if (arguments.has("at")) throw ParameterError("temperatures", "beside --at", "one of them");
    temperatures = detail::parse_sweep("temperatures", arguments.text("temperatures"), "K", 1.0, 2000.0, "above 0 K");
  } else if (arguments.has("at")) {
    temperatures = {arguments.quantity("at", "K")->value};
  }
  for (const double temperature : temperatures)
    request.cells.push_back(cell_case(at_temperature(arguments, temperature), context));
  if (arguments.text("start") == "recharged") request.start = cell::RateStart::recharged;
  if (arguments.has("recharge")) {
    if (request.start != cell::RateStart::recharged)
      throw ParameterError("recharge", "'" + std::string(arguments.text("recharge")) + "'",
                           "--start recharged beside it");
    request.recharge = parse_rate("recharge", trimmed(arguments.text("recharge")));
  }
  return cell_rate(request, context);
}

}  // namespace

constinit const Task cell_rate_task{
    "cell rate", "Capacity, energy, power and losses of a cell over discharge rates and temperatures", options, run,
    "cell_rate"};

}  // namespace closo::tasks
