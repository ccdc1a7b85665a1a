/// Pictures as data: pixels with what is needed to read them (legend, scale bar, colour bar), kept apart from the
/// pixels so that words stay words: searchable, readable on a telephone, and in every face of a report.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace closo::report {

/// sRGB.
struct Colour {
  std::uint8_t red = 0, green = 0, blue = 0;

  bool operator==(const Colour&) const = default;
};

/// "#56b4e9".
std::string to_hex(Colour colour);

/// The colour on the straight line between two: `share` 0 is `from`, 1 is `to`; beyond both it stops.
Colour blend(Colour from, Colour to, double share);

struct LegendEntry {
  std::string name = {};
  Colour colour = {};
};

/// A length in the picture.
struct ScaleBar {
  std::string text = {};  ///< "20 nm"
  double pixels = 0.0;
};

/// The colours of a continuous quantity, from its low end to its high one.
struct ColourBar {
  struct Tick {
    double place = 0.0;  ///< 0: low end, 1: high end
    std::string text = {};
  };
  std::string title = {};            ///< "dissipation / mean"
  std::vector<Colour> colours = {};  ///< at equal distances, at least two
  std::vector<Tick> ticks = {};
};

struct Picture {
  std::string id = {};  ///< file name of the PNG: "slices"
  std::string title = {};
  std::string caption = {};
  std::size_t width = 0, height = 0;   ///< pixels
  std::vector<std::uint8_t> rgb = {};  ///< rows from the top, red, green and blue byte of every pixel
  std::vector<LegendEntry> legend = {};
  std::optional<ScaleBar> scale_bar = {};
  std::optional<ColourBar> colour_bar = {};
};

/// "32.5 nm": a length [m] in the largest of m, mm, µm, nm and pm that gives a number of at least 1, of nm of at least
/// 0.1.
std::string length_text(double length, int significant = 4);

/// The longest round length (1, 2 or 5 times a power of ten) that takes at most `share` of
/// the width, with its unit from pm to m. `pixel` [m].
/// Throws: ParameterError when the pixel is not above 0 and finite, the width 0, or the share not in (0, 1].
ScaleBar scale_bar(double pixel, std::size_t width, double share = 0.25);

/// For readers who do not see the picture: title, legend, scale and range of the colours.
std::string alternative_text(const Picture& picture);

}  // namespace closo::report
