#include "closo/tasks/impedance_input.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numbers>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/base/number.hpp"
#include "closo/formats/impedance_file.hpp"
#include "closo/impedance/fixture.hpp"

namespace closo::tasks {
namespace {

constexpr std::size_t max_file_bytes = 64U << 20U;

std::vector<std::filesystem::path> expanded(const std::vector<std::string>& paths) {
  std::vector<std::filesystem::path> files;
  for (const std::string& path : paths) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(path, ignored)) {
      files.emplace_back(path);
      continue;
    }
    std::vector<std::filesystem::path> inside;
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      const std::string name = entry.path().filename().string();
      if (entry.is_regular_file() && name.front() != '.') inside.push_back(entry.path());
    }
    std::sort(inside.begin(), inside.end());
    if (inside.empty()) throw base::InputError({path}, "the folder is empty", "impedance files");
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return files;
}

formats::ImaginarySign sign_of(const std::string& text) {
  if (text == "as-written") return formats::ImaginarySign::as_written;
  if (text == "negated") return formats::ImaginarySign::negated;
  return formats::ImaginarySign::automatic;
}

std::string metadata(const table::Table& table, const std::string& key) {
  const auto found = table.metadata.find(key);
  return found == table.metadata.end() ? std::string() : found->second;
}

/// Spectra of the empty and the short-circuited fixture.
struct FixtureReferences {
  std::optional<impedance::Spectrum> open, short_circuit;
};

std::optional<impedance::Spectrum> read_reference(const std::string& file, const ImpedanceInputOptions& options) {
  if (file.empty()) return std::nullopt;
  const std::string bytes = base::read_file_bytes(file, max_file_bytes);
  return impedance::spectrum_from(
      formats::read_impedance_file(bytes, file, {options.format, sign_of(options.sign), max_file_bytes}).front());
}

/// Removes the fixture where it was measured; what was done becomes remarks.
void compensate(ImpedanceInput& input, const FixtureReferences& references) {
  if (!references.open && !references.short_circuit) return;
  impedance::Corrected corrected =
      impedance::compensate_open_short(input.spectrum, references.open, references.short_circuit);
  corrected.spectrum.temperature = input.spectrum.temperature;
  input.spectrum = std::move(corrected.spectrum);
  input.remarks.insert(input.remarks.end(), corrected.steps.begin(), corrected.steps.end());
}

/// Range and inductive end, each masked point with its reason; what was masked becomes one remark.
void mask(ImpedanceInput& input, const ImpedanceInputOptions& options) {
  const auto note = [&input](const impedance::MaskReport& masked) {
    input.remarks.insert(input.remarks.end(), masked.remarks.begin(), masked.remarks.end());
  };
  if (options.lowest || options.highest) {
    note(impedance::mask_outside(input.spectrum, options.lowest.value_or(0.0), options.highest.value_or(1e300)));
  }
  if (options.keep_inductive) return;
  impedance::Spectrum masked = input.spectrum;
  try {
    note(impedance::mask_inductive_end(masked));
    input.spectrum = std::move(masked);
  } catch (const base::InputError& error) {
    // A spectrum that is inductive almost throughout is one of an inductor or a very low impedance: it stays whole.
    input.remarks.push_back("inductive points are kept: " + error.problem());
  }
}

ImpedanceInput input_from(const table::Table& table, const std::filesystem::path& file, std::size_t loop,
                          std::size_t loops) {
  ImpedanceInput input;
  input.file = file.string();
  input.label = file.filename().string();
  if (loops > 1) input.label += " loop " + std::to_string(loop + 1);
  input.spectrum = impedance::spectrum_from(table);
  if (const std::string celsius = metadata(table, "temperature_degC"); !celsius.empty()) {
    input.spectrum.temperature = base::parse_number(celsius) + 273.15;
    input.temperature_source = metadata(table, "temperature_source");
  } else if (input.spectrum.temperature) {
    input.temperature_source = "file";
  }
  for (const auto& entry : table.metadata) {
    if (entry.first.starts_with("warning.")) input.remarks.push_back(entry.second);
  }
  return input;
}

}  // namespace

ImpedanceInputs read_impedance_inputs(const std::vector<std::string>& paths, const ImpedanceInputOptions& options,
                                      const Context& context) {
  ImpedanceInputs inputs;
  const std::vector<std::filesystem::path> files = expanded(paths);
  const FixtureReferences references{read_reference(options.open_reference, options),
                                     read_reference(options.short_reference, options)};
  std::optional<base::InputError> first_problem;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (context.progress && !context.progress(static_cast<double>(i) / static_cast<double>(files.size()),
                                              "reading " + files[i].filename().string())) {
      throw base::Cancelled();
    }
    try {
      const std::string bytes = base::read_file_bytes(files[i], max_file_bytes);
      const std::vector<table::Table> tables = formats::read_impedance_file(
          bytes, files[i].string(), {options.format, sign_of(options.sign), max_file_bytes});
      for (std::size_t loop = 0; loop < tables.size(); ++loop) {
        ImpedanceInput input = input_from(tables[loop], files[i], loop, tables.size());
        compensate(input, references);
        mask(input, options);
        impedance::prepare(input.spectrum);  // refuses what no calculation could use, here, with the file's name
        inputs.spectra.push_back(std::move(input));
      }
    } catch (const base::InputError& error) {
      const base::InputError placed = error.at({files[i].string()});
      inputs.rejected.push_back({files[i].string(), placed.what()});
      if (!first_problem) first_problem = placed;
    }
  }
  if (inputs.spectra.empty() && first_problem) throw *first_problem;
  return inputs;
}

void drop_refused(ImpedanceInputs& inputs, const std::vector<std::exception_ptr>& refusals) {
  std::vector<ImpedanceInput> kept;
  std::exception_ptr first;
  for (std::size_t i = 0; i < inputs.spectra.size(); ++i) {
    if (!refusals[i]) {
      kept.push_back(std::move(inputs.spectra[i]));
      continue;
    }
    if (!first) first = refusals[i];
    try {
      std::rethrow_exception(refusals[i]);
    } catch (const base::Error& error) {
      inputs.rejected.push_back({inputs.spectra[i].file, inputs.spectra[i].label + ": " + error.what()});
    }
  }
  if (kept.empty() && first) std::rethrow_exception(first);
  inputs.spectra = std::move(kept);
}

std::optional<PelletGeometry> pellet_geometry(const Arguments& arguments) {
  const auto thickness = arguments.quantity("thickness", "mm");
  const auto diameter = arguments.quantity("diameter", "mm");
  const auto area = arguments.quantity("area", "cm2");
  if (!thickness && !diameter && !area) return std::nullopt;
  if (!thickness) throw base::ParameterError("thickness", "missing", "a thickness to go with the diameter or area");
  if (diameter.has_value() == area.has_value())
    throw base::ParameterError("diameter", diameter ? "given with area" : "missing", "either a diameter or an area");
  for (const auto* quantity : {&thickness, &diameter, &area}) {
    if (*quantity && !((*quantity)->value > 0.0))
      throw base::ParameterError("geometry", base::format_quantity(**quantity, (*quantity)->unit), "values above zero");
  }
  PelletGeometry geometry;
  geometry.thickness = {thickness->value, thickness->uncertainty};
  if (area) {
    geometry.area = {area->value, area->uncertainty};
  } else {
    geometry.area = base::propagate_over([](double d) { return std::numbers::pi / 4.0 * d * d; },
                                         base::Measured{diameter->value, diameter->uncertainty});
  }
  return geometry;
}

ImpedanceInputOptions impedance_input_options(const Arguments& arguments) {
  ImpedanceInputOptions options;
  options.format = std::string(arguments.text("format"));
  options.sign = std::string(arguments.text("sign"));
  options.keep_inductive = arguments.flag("keep-inductive");
  options.open_reference = std::string(arguments.text("open"));
  options.short_reference = std::string(arguments.text("short"));
  if (const auto lowest = arguments.quantity("lowest-frequency", "Hz")) options.lowest = lowest->value;
  if (const auto highest = arguments.quantity("highest-frequency", "Hz")) options.highest = highest->value;
  if (options.lowest && options.highest && !(*options.lowest < *options.highest)) {
    throw base::ParameterError("highest-frequency", base::format_number(*options.highest) + " Hz",
                               "more than lowest-frequency");
  }
  return options;
}

void add_input_remarks(report::Report& report, const ImpedanceInputs& inputs) {
  for (const RejectedFile& rejected : inputs.rejected) report.warnings.push_back("not used: " + rejected.reason);
  report::Table table{"files",
                      "Files",
                      {{"spectrum", "spectrum"},
                       {"points", "points"},
                       {"masked", "masked"},
                       {"temperature_degC", "T (°C)"},
                       {"temperature_source", "T from"},
                       {"format", "format"},
                       {"remarks", "remarks"}},
                      {},
                      {}};
  const auto count = [](std::size_t number) {
    report::Value value;
    value.value = static_cast<double>(number);
    return value;
  };
  for (const ImpedanceInput& input : inputs.spectra) {
    std::string remarks;
    for (const std::string& remark : input.remarks) remarks += (remarks.empty() ? "" : "; ") + remark;
    report::Value temperature;
    if (input.spectrum.temperature) temperature.value = *input.spectrum.temperature - 273.15;
    temperature.unit = "°C";
    const auto format = input.spectrum.metadata.find("format");
    table.rows.push_back({input.label, count(input.spectrum.size()), count(input.spectrum.masked.size()),
                          input.spectrum.temperature ? report::Cell(temperature) : report::Cell(std::string()),
                          input.temperature_source,
                          format == input.spectrum.metadata.end() ? std::string() : format->second, remarks});
  }
  report.sections.push_back({"files", "Files read", {table}, true});
}

}  // namespace closo::tasks
