/// Choices common to every reader of instrument files.
#pragma once

#include <cstddef>
#include <string>

namespace closo::formats {

/// How the numbers of an imaginary column are taken.
enum class ImaginarySign {
  automatic,   ///< by the header ("-Z''", "Im(Z)"); without a header by the slope of Z' over ln f
  as_written,  ///< the column holds Z'' (capacitive: negative)
  negated      ///< the column holds -Z''
};

struct ReadOptions {
  std::string format;  ///< a name of impedance_formats(); empty: found from the content
  ImaginarySign imaginary = ImaginarySign::automatic;
  std::size_t max_bytes = std::size_t{64} << 20U;  ///< larger files are refused
};

}  // namespace closo::formats
