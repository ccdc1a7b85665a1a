#include "closo/composite/distributed/command.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string_view>
#include <system_error>

#include "closo/base/error.hpp"
#include "closo/base/installation.hpp"
#include "closo/base/number.hpp"
#include "closo/base/suggestion.hpp"

namespace closo::composite::distributed {
namespace {

using base::ParameterError;

constexpr std::string_view axis_names = "xyz";

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    parts.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::size_t count_of(const std::string& name, const std::string& text, const std::string& whole,
                     const std::string& allowed) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  // Coordinates in hypre are int; far above any image.
  if (error != std::errc() || end != text.data() + text.size() || value == 0 || value > 1000000)
    throw ParameterError(name, "'" + whole + "'", allowed);
  return value;
}

std::array<std::size_t, 3> three_counts(const std::string& name, const std::string& text, const std::string& allowed) {
  const std::vector<std::string> parts = split(text, 'x');
  if (parts.size() != 3) throw ParameterError(name, "'" + text + "'", allowed);
  return {count_of(name, parts[0], text, allowed), count_of(name, parts[1], text, allowed),
          count_of(name, parts[2], text, allowed)};
}

std::vector<double> numbers(const std::string& name, const std::string& text, const std::string& allowed) {
  std::vector<double> values;
  for (const std::string& part : split(text, ',')) {
    const std::optional<double> value = base::try_parse_number(part);
    if (!value) throw ParameterError(name, "'" + text + "'", allowed);
    values.push_back(*value);
  }
  return values;
}

void set_value(Command& command, const std::string& name, const std::string& value) {
  if (name == "--size") {
    command.size = three_counts(name, value, "voxels along x, y, z such as 128x128x128");
  } else if (name == "--conductivity") {
    command.conductivities = numbers(name, value, "S/m of label 0, 1, …, such as 1,1e3,1e-6");
  } else if (name == "--spacing") {
    const std::string allowed = "edges of a voxel along x, y, z such as 1,1,2";
    const std::vector<double> edges = numbers(name, value, allowed);
    if (edges.size() != 3) throw ParameterError(name, "'" + value + "'", allowed);
    command.spacing = {edges[0], edges[1], edges[2]};
  } else if (name == "--axis") {
    const std::size_t axis = value.size() == 1 ? axis_names.find(value[0]) : std::string_view::npos;
    if (axis == std::string_view::npos) throw ParameterError(name, "'" + value + "'", "x, y or z");
    command.options.axis = axis;
  } else if (name == "--tolerance") {
    const std::optional<double> tolerance = base::try_parse_number(value);
    if (!tolerance || !(*tolerance > 0.0) || !(*tolerance < 1.0))
      throw ParameterError(name, "'" + value + "'", "a number between 0 and 1");
    command.options.tolerance = *tolerance;
  } else if (name == "--iterations") {
    command.options.max_iterations = count_of(name, value, value, "a whole number from 1");
  } else {
    command.parts = three_counts(name, value, "ranks along x, y, z such as 1x2x2");
  }
}

}  // namespace

Command parse_command(std::span<const std::string> arguments) {
  const std::vector<std::string> with_value{"--size",      "--conductivity", "--spacing", "--axis",
                                            "--tolerance", "--iterations",   "--parts"};
  const std::vector<std::string> flags{"--json", "--help", "--version"};
  Command command;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (!argument.starts_with("--")) {
      if (!command.image.empty())
        throw ParameterError("image", "'" + argument + "'",
                             "one image; there is '" + command.image.string() + "' already");
      command.image = argument;
      continue;
    }
    const std::size_t equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    if (std::ranges::find(flags, name) != flags.end() && equals == std::string::npos) {
      command.json = command.json || name == "--json";
      command.help = command.help || name == "--help";
      command.version = command.version || name == "--version";
    } else if (std::ranges::find(with_value, name) != with_value.end()) {
      if (equals == std::string::npos && i + 1 == arguments.size())
        throw ParameterError(name, "nothing", "a value; see --help");
      set_value(command, name, equals == std::string::npos ? arguments[++i] : argument.substr(equals + 1));
    } else {
      std::vector<std::string> all = with_value;
      all.insert(all.end(), flags.begin(), flags.end());
      const std::string near = base::did_you_mean(name, all);
      throw ParameterError("option", "'" + argument + "'", near.empty() ? "an option of --help" : near);
    }
  }
  if (command.help || command.version) return command;
  if (command.image.empty()) throw ParameterError("image", "nothing", "a file of raw labels, one byte a voxel");
  if (command.size[0] == 0) throw ParameterError("--size", "nothing", "voxels along x, y, z such as 128x128x128");
  if (command.conductivities.empty())
    throw ParameterError("--conductivity", "nothing", "S/m of label 0, 1, …, such as 1,1e3,1e-6");
  return command;
}

std::string help_text() {
  return R"(closo-composite-mpi: effective conductivity of a voxel image on many processes

  mpirun -n 4 closo-composite-mpi image.raw --size 128x128x128 --conductivity 1,1e3,1e-6

image.raw            labels, one byte a voxel, x fastest, no header; every process reads its own brick
--size XxYxZ         voxels along x, y, z
--conductivity A,B,  S/m of label 0, 1, …; 0 for an insulator
--spacing X,Y,Z      edges of a voxel; only the ratios matter (1,1,1)
--axis x|y|z         direction of the current (x)
--tolerance T        of residual, flux balance and energy (1e-6)
--iterations N       at most (1000)
--parts XxYxZ        processes along x, y, z (chosen for the least area between bricks)
--json               one JSON object instead of lines
--help, --version

exit codes: 0 solved or no path, 1 fault of the program, 2 usage, 3 input, 4 not converged
)";
}

std::string render_text(const Command& command, const Result& result, std::size_t ranks) {
  const auto number = [](double value, int digits = 3) { return base::format_number(value, digits); };
  std::string text = "effective conductivity along " + std::string(1, axis_names[command.options.axis]) + ": " +
                     number(result.conductivity, 9) + " S/m (" + std::string(to_string(result.status)) + ")\n";
  if (result.status != SolveStatus::no_path) {
    text += "from the flux:            " + number(result.flux_conductivity, 9) + " S/m\n";
    text += "relative residual:        " + number(result.relative_residual) + "\n";
    text += "flux imbalance:           " + number(result.flux_imbalance) + "\n";
    text += "iterations:               " + std::to_string(result.iterations) + "\n";
  }
  text += "conductor without a path: " + std::to_string(result.removed_cells) + " voxels\n";
  text += "seconds:                  " + number(result.regions_seconds) + " regions, " + number(result.setup_seconds) +
          " set-up, " + number(result.solve_seconds) + " solve\n";
  text += "memory of the largest of " + std::to_string(ranks) + " ranks: " + number(result.largest_rank_bytes / 1e6) +
          " MB\n";
  return text;
}

std::string render_json(const Command& command, const Result& result, std::size_t ranks) {
  nlohmann::ordered_json json;
  json["program"] = "closo-composite-mpi";
  json["version"] = base::version();
  json["image"] = command.image.string();
  json["size"] = command.size;
  json["spacing"] = command.spacing;
  json["conductivities_S_per_m"] = command.conductivities;
  json["axis"] = std::string(1, axis_names[command.options.axis]);
  json["tolerance"] = command.options.tolerance;
  json["ranks"] = ranks;
  json["parts"] = command.parts.value_or(std::array<std::size_t, 3>{});
  json["status"] = to_string(result.status);
  json["conductivity_S_per_m"] = result.conductivity;
  json["flux_conductivity_S_per_m"] = result.flux_conductivity;
  json["relative_residual"] = result.relative_residual;
  json["flux_imbalance"] = result.flux_imbalance;
  json["iterations"] = result.iterations;
  json["removed_cells"] = result.removed_cells;
  json["region_rounds"] = result.region_rounds;
  json["regions_s"] = result.regions_seconds;
  json["setup_s"] = result.setup_seconds;
  json["solve_s"] = result.solve_seconds;
  json["largest_rank_bytes"] = result.largest_rank_bytes;
  json["total_bytes"] = result.total_bytes;
  return json.dump(1) + "\n";
}

}  // namespace closo::composite::distributed
