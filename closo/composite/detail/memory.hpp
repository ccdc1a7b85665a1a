/// Is there enough memory for a solve? Said before it starts.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

namespace closo::composite::detail {

/// What the system can still give [bytes]; none where it does not say.
std::optional<std::size_t> available_memory();

/// Edge of the largest cube whose solve fits into `bytes`.
std::size_t largest_cube(std::size_t bytes, bool with_bounds, bool complex);

/// Throws: ParameterError with the largest cube that fits when the image needs more than there is.
void check_memory(std::array<std::size_t, 3> size, bool with_bounds, bool complex);

}  // namespace closo::composite::detail
