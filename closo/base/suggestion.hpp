/// Nearest names for a typo, for messages that say what would be accepted.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace closo::base {

/// Up to `most` candidates within a third of the word's length in optimal-string-alignment distance (case ignored),
/// nearest first.
std::vector<std::string> nearest_names(std::string_view word, std::span<const std::string> candidates,
                                       std::size_t most = 3);

/// "did you mean 'TiS2' or 'TiS3'?" or, without a near name, an empty text.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace closo::base
