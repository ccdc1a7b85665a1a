#include "closo/composite/detail/memory.hpp"

#include <algorithm>
#include <fstream>
#include <string>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/composite/conductivity.hpp"

namespace closo::composite {

std::size_t solve_bytes(std::array<std::size_t, 3> size, bool with_bounds, bool complex) {
  const auto slots = [](std::array<std::size_t, 3> cells) {
    // Both colours, ghosts and the rounding of rows included.
    return 2.0 * static_cast<double>((cells[0] + 4) / 2) * static_cast<double>((cells[1] + 2) * (cells[2] + 2));
  };
  const double fine = slots(size);
  double coarse = 0.0;
  for (std::array<std::size_t, 3> cells = size; cells[0] * cells[1] * cells[2] > 64;) {
    for (std::size_t& n : cells) n = (n + 1) / 2;
    coarse += slots(cells);
  }
  const double labels = static_cast<double>(size[0] * size[1] * size[2]);
  // Codes 1; potential 8; direction, its image, residual and correction 4 each; coarse grids: correction, residual,
  // three links.
  double bytes = labels + fine * (1 + 8 + 4 * 4) + coarse * (2 + 3) * 4;
  // Four complex fields of 16 and the numbers of the labels; the preconditioner's links are stored.
  if (complex) bytes += fine * (4 * 16 + 2 + 3 * 4 - (1 + 8 + 2 * 4));
  // The potential on the corners: links, four fields of 8, the preconditioner's two, while the first potential stays.
  if (with_bounds) bytes += fine * (3 * 4 + 4 * 8 + 2 * 4) + coarse * (2 + 3) * 4;
  // Component numbers live before the fields do, their flags beside them.
  return static_cast<std::size_t>(std::max(bytes + labels, 6.0 * labels));
}

void check_solve_memory(std::array<std::size_t, 3> size, bool with_bounds, bool complex) {
  detail::check_memory(size, with_bounds, complex);
}

namespace detail {

std::optional<std::size_t> available_memory() {
  std::ifstream file("/proc/meminfo");
  for (std::string line; std::getline(file, line);) {
    constexpr std::string_view key = "MemAvailable:";
    if (!line.starts_with(key)) continue;
    const std::size_t from = line.find_first_not_of(' ', key.size());
    const std::size_t to = line.find(' ', from);
    const std::optional<double> kilobytes = base::try_parse_number(line.substr(from, to - from));
    if (kilobytes) return static_cast<std::size_t>(*kilobytes * 1024.0);
  }
  return std::nullopt;
}

std::size_t largest_cube(std::size_t bytes, bool with_bounds, bool complex) {
  std::size_t low = 1, high = 1 << 16;
  while (high - low > 1) {
    const std::size_t middle = (low + high) / 2;
    (solve_bytes({middle, middle, middle}, with_bounds, complex) <= bytes ? low : high) = middle;
  }
  return low;
}

void check_memory(std::array<std::size_t, 3> size, bool with_bounds, bool complex) {
  const std::optional<std::size_t> available = available_memory();
  const std::size_t needed = solve_bytes(size, with_bounds, complex);
  if (!available || needed <= *available) return;
  const std::string edge = std::to_string(largest_cube(*available, with_bounds, complex));
  throw base::ParameterError("image",
                             std::to_string(size[0]) + " x " + std::to_string(size[1]) + " x " +
                                 std::to_string(size[2]) + " voxels (" +
                                 base::format_number(static_cast<double>(needed) * 1e-9) + " GB)",
                             "at most " + edge + " x " + edge + " x " + edge + " voxels in the " +
                                 base::format_number(static_cast<double>(*available) * 1e-9) + " GB that are free");
}

}  // namespace detail
}  // namespace closo::composite
