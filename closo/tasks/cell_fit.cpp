#include "closo/tasks/cell_fit.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/base/number.hpp"
#include "closo/base/unit.hpp"
#include "closo/tasks/detail/calibration_report.hpp"
#include "closo/tasks/detail/cell_settings.hpp"

namespace closo::tasks {
namespace {

using base::ParameterError;

std::string toml_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c == '\n' || c == '\t' ? ' ' : c;
  }
  return result + "\"";
}

std::string with_unit(double value, std::string_view unit) {
  return base::format_number(base::Unit::parse(unit).from_si(value), 8) + (unit == "1" ? "" : " " + std::string(unit));
}

/// { value = "…", low = "…", high = "…", mark = "…", source = "…" }
std::string value_text(const cell::DescribedQuantity& row, const cell::DescribedValue& given) {
  const base::Unit unit = base::Unit::parse(row.unit);
  std::string value = base::format_number(unit.from_si(given.value), 8);
  if (given.uncertainty && *given.uncertainty > 0.0)
    value += " ± " + base::format_number(unit.difference_from_si(*given.uncertainty), 3);
  if (row.unit != "1") value += " " + std::string(row.unit);
  std::string text = "{ value = " + toml_string(value);
  if (given.low) text += ", low = " + toml_string(with_unit(*given.low, row.unit));
  if (given.high) text += ", high = " + toml_string(with_unit(*given.high, row.unit));
  text += ", mark = " + toml_string(to_string(given.mark));
  if (!given.source.empty()) text += ", source = " + toml_string(given.source);
  return text + " }";
}

/// "cathode.loading" of " cathode.loading = 7 mg/cm2".
std::string name_of(std::string_view text) {
  std::string name(text.substr(0, text.find('=')));
  name.erase(0, std::min(name.find_first_not_of(" \t"), name.size()));
  name.erase(name.find_last_not_of(" \t") + 1);
  return name;
}

bool is_same_file(const std::filesystem::path& a, const std::filesystem::path& b) {
  std::error_code problem;
  return std::filesystem::weakly_canonical(a, problem) == std::filesystem::weakly_canonical(b, problem);
}

}  // namespace

cell::CalibrationParameter parse_fit_text(std::string_view text, const cell::CellDescription& description) {
  const std::size_t equals = text.find('=');
  const std::string name = name_of(text);
  if (equals == std::string_view::npos) return calibration_parameter(description, name);
  const detail::Variation variation = detail::parse_variation("fit", text, description);
  if (!variation.range || variation.count != 0)
    throw ParameterError("fit", "'" + std::string(text) + "'", "two bounds, as in '" + name + "=LOW to HIGH'");
  return calibration_parameter(description, name, variation.range->low, variation.range->high);
}

std::string fitted_system_text(const CellFitRequest& request, const cell::Calibration& calibration,
                               const std::filesystem::path& folder) {
  std::error_code problem;
  const std::filesystem::path system = std::filesystem::absolute(request.cell.system.file, problem);
  const std::filesystem::path near = system.lexically_relative(std::filesystem::absolute(folder, problem));
  std::string text = "# " + request.cell.description.name + ": fitted to " + request.experiments.file + ", " +
                     std::to_string(calibration.observed) +
                     " observed numbers, chi^2 = " + base::format_number(calibration.chi_square, 4) + " with " +
                     std::to_string(calibration.degrees_of_freedom) + " degrees of freedom (" +
                     std::string(to_string(calibration.status)) + ").\n\n[system]\nextends = " +
                     toml_string(near.empty() ? system.generic_string() : near.generic_string()) + "\n";
  std::set<std::string, std::less<>> names(request.settings.begin(), request.settings.end());
  for (const cell::CalibratedParameter& each : calibration.parameters) names.insert(each.given.name);
  const cell::DescribedValue* nominal = calibration.description.find("nominal_capacity");
  const cell::DescribedValue* before = request.cell.description.find("nominal_capacity");
  if (nominal != nullptr && (before == nullptr || before->value != nominal->value)) names.insert("nominal_capacity");
  std::string section = "none";
  for (const cell::DescribedQuantity& row : cell::described_quantities()) {
    if (!names.contains(row.name)) continue;
    const cell::DescribedValue* found = calibration.description.find(row.name);
    if (found == nullptr) continue;
    const std::size_t dot = row.name.find('.');
    const std::string own = dot == std::string_view::npos ? "cell" : "cell." + std::string(row.name.substr(0, dot));
    if (own != section) text += "\n[" + own + "]\n";
    section = own;
    cell::DescribedValue given = *found;
    for (const cell::CalibratedParameter& each : calibration.parameters) {
      if (each.given.name != row.name) continue;
      given.low = each.given.low;
      given.high = each.given.high;
      given.source = given.source + " of " + request.experiments.file + ", " + detail::judgement(each);
    }
    text += std::string(dot == std::string_view::npos ? row.name : row.name.substr(dot + 1)) + " = " +
            value_text(row, given) + "\n";
  }
  return text;
}

report::Report cell_fit(const CellFitRequest& request, const Context& context) {
  if (!request.write.empty()) {
    if (request.parameters.empty())
      throw ParameterError("write", request.write.string(), "quantities to fit: a comparison has nothing to write");
    for (const std::string& input : {request.cell.system.file, request.experiments.file}) {
      if (is_same_file(request.write, input))
        throw ParameterError("write", request.write.string(), "a file that is not one of the input files");
    }
  }
  cell::CalibrationOptions options = request.options;
  options.threads = std::max<std::size_t>(context.threads, 1);
  options.seed = context.seed;
  options.progress = context.progress;
  const cell::Calibration calibration =
      calibrate(request.cell.description, request.experiments.experiments, request.parameters, options);
  report::Report report = detail::calibration_report(request, calibration);
  report.task = "cell fit";
  report.title = (request.parameters.empty() ? "Comparison of " : "Calibration of ") +
                 (request.cell.description.name.empty() ? request.cell.system.file : request.cell.description.name);
  report.subtitle = request.experiments.name.empty() ? request.experiments.file : request.experiments.name;
  CellCase fitted = request.cell;
  fitted.description = calibration.description;
  add_parameters(fitted, report);
  report.provenance.emplace_back("system", request.cell.system.file);
  report.provenance.emplace_back("experiments", request.experiments.file);
  for (const std::string& file : request.experiments.curve_files) report.provenance.emplace_back("curve", file);
  if (!request.experiments.source.empty()) report.provenance.emplace_back("source", request.experiments.source);
  if (!request.parameters.empty()) report.provenance.emplace_back("seed", std::to_string(context.seed));
  if (!request.write.empty()) {
    base::write_file_atomically(request.write, fitted_system_text(request, calibration, request.write.parent_path()));
    report.provenance.emplace_back("fitted system written to", request.write.string());
  }
  return report;
}

namespace {

constexpr auto options = [] {
  constexpr auto own = std::to_array<Option>({
      {"experiments", OptionType::file, "", "", "", "The experiments file (TOML)", true, true},
      {"fit", OptionType::text, "", "", "",
       "a quantity and its bounds, as 'cathode.particle_radius=0.2 um to 10 um'; replaces the list of the file", false,
       false, true},
      {"compare", OptionType::flag, "", "", "", "fit nothing: the cell as described against what was measured"},
      {"starts", OptionType::integer, "", "4", "1 to 100", "searches, from the cell as described and from elsewhere"},
      {"intervals", OptionType::choice, "", "profile", "",
       "profile likelihood, or linear from the derivatives (faster for long cycling)", false, false, false,
       "profile linear"},
      {"tolerance", OptionType::quantity, "1", "1e-6", "1e-8 to 1e-3", "of the simulations"},
      {"write", OptionType::path, "", "", "", "a system file with the fitted values"},
  });
  std::array<Option, own.size() + cell_options.size()> all{};
  std::ranges::copy(cell_options, all.begin());
  std::ranges::copy(own, all.begin() + cell_options.size());
  return all;
}();

report::Report run(const Arguments& arguments, const Context& context) {
  CellFitRequest request;
  request.cell = cell_case(arguments, context);
  request.experiments = read_cell_experiments(std::string(arguments.text("experiments")));
  request.options.simulation = request.cell.mesh;
  request.options.simulation.keeps_rows = true;
  request.options.simulation.tolerance = arguments.quantity("tolerance", "1")->value;
  if (!(request.options.simulation.tolerance >= 1e-8 && request.options.simulation.tolerance <= 1e-3))
    throw ParameterError("tolerance", std::string(arguments.text("tolerance")), "1e-8 to 1e-3");
  const long starts = *arguments.integer("starts");
  if (starts < 1 || starts > 100) throw ParameterError("starts", std::to_string(starts), "1 to 100");
  request.options.starts = static_cast<std::size_t>(starts);
  request.options.has_profiles = arguments.text("intervals") == "profile";
  if (arguments.flag("compare") && arguments.has("fit"))
    throw ParameterError("compare", "beside --fit", "one of the two");
  if (!arguments.flag("compare")) {
    for (const std::string& text : arguments.texts("fit"))
      request.parameters.push_back(parse_fit_text(text, request.cell.description));
    if (request.parameters.empty()) {
      for (const FitText& each : request.experiments.fit) {
        try {
          request.parameters.push_back(parse_fit_text(each.text, request.cell.description));
        } catch (const base::InputError& error) {
          throw base::InputError(each.place, error.problem(), error.expected());
        } catch (const ParameterError& error) {
          throw base::InputError(each.place, error.name() + ": " + error.value(), error.allowed());
        }
      }
    }
    if (request.parameters.empty())
      throw ParameterError("fit", "nothing to fit",
                           "--fit 'cathode.particle_radius=0.2 um to 10 um', a list 'fit' in the experiments file, or "
                           "--compare");
  }
  for (const std::string& setting : arguments.texts("set")) request.settings.push_back(name_of(setting));
  if (arguments.has("at")) request.settings.emplace_back("temperature");
  request.write = std::string(arguments.text("write"));
  return cell_fit(request, context);
}

}  // namespace

constinit const Task cell_fit_task{
    "cell fit", "Fit quantities of a cell to curves, capacities and fade, and predict what was held out", options, run,
    "cell_fit"};

}  // namespace closo::tasks
