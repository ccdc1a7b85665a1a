/// Command line and output of closo-composite-mpi.
#pragma once

#include <array>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "closo/composite/distributed/conductivity.hpp"

namespace closo::composite::distributed {

struct Command {
  std::filesystem::path image;
  std::array<std::size_t, 3> size{};
  std::array<double, 3> spacing{1.0, 1.0, 1.0};
  std::vector<double> conductivities;               ///< S/m
  std::optional<std::array<std::size_t, 3>> parts;  ///< none: chosen
  Options options;
  bool json = false, help = false, version = false;
};

/// The arguments behind the program's name; "--option value" and "--option=value". Throws: ParameterError for an
/// unknown option (with the nearest one), a missing or unreadable value, a missing image, size or conductivity.
Command parse_command(std::span<const std::string> arguments);

std::string help_text();
/// Lines for a reader.
std::string render_text(const Command& command, const Result& result, std::size_t ranks);
/// One JSON object; names carry the units.
std::string render_json(const Command& command, const Result& result, std::size_t ranks);

}  // namespace closo::composite::distributed
