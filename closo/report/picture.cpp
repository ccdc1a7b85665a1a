#include "closo/report/picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"

namespace closo::report {

std::string to_hex(Colour colour) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text = "#";
  for (const std::uint8_t part : {colour.red, colour.green, colour.blue}) {
    text += digits[part / 16U];
    text += digits[part % 16U];
  }
  return text;
}

Colour blend(Colour from, Colour to, double share) {
  const double t = std::clamp(share, 0.0, 1.0);
  const auto part = [t](std::uint8_t a, std::uint8_t b) {
    return static_cast<std::uint8_t>(std::lround((1.0 - t) * a + t * b));
  };
  return {part(from.red, to.red), part(from.green, to.green), part(from.blue, to.blue)};
}

std::string length_text(double length, int significant) {
  struct Unit {
    double size, from;
    const char* name;
  };
  constexpr std::array<Unit, 5> units{
      {{1.0, 1.0, "m"}, {1e-3, 1e-3, "mm"}, {1e-6, 1e-6, "µm"}, {1e-9, 1e-10, "nm"}, {1e-12, 0.0, "pm"}}};
  const auto fits = [&](const Unit& unit) { return std::abs(length) >= unit.from * (1.0 - 1e-9); };
  const Unit& unit = *std::ranges::find_if(units, fits);
  return base::format_number(length / unit.size, significant) + " " + unit.name;
}

ScaleBar scale_bar(double pixel, std::size_t width, double share) {
  if (!(pixel > 0.0) || !std::isfinite(pixel))
    throw base::ParameterError("pixel", base::format_number(pixel) + " m", "a length above 0 m");
  if (width == 0) throw base::ParameterError("width", "0", "at least one pixel");
  if (!(share > 0.0 && share <= 1.0))
    throw base::ParameterError("share", base::format_number(share), "a number above 0 and at most 1");
  const double longest = pixel * static_cast<double>(width) * share;
  const double decade = std::pow(10.0, std::floor(std::log10(longest)));
  double length = decade;
  // A hair above, so that 2e-8 fits into 2e-8.
  for (const double factor : {2.0, 5.0}) {
    if (factor * decade <= longest * (1.0 + 1e-12)) length = factor * decade;
  }
  return {.text = length_text(length, 3), .pixels = length / pixel};
}

std::string alternative_text(const Picture& picture) {
  std::string text = picture.title.empty() ? picture.id : picture.title;
  std::string names;
  for (const LegendEntry& entry : picture.legend) names += (names.empty() ? "" : ", ") + entry.name;
  if (!names.empty()) text += "; colours: " + names;
  if (picture.colour_bar) {
    text += "; " + picture.colour_bar->title;
    const auto& ticks = picture.colour_bar->ticks;
    if (!ticks.empty()) text += " from " + ticks.front().text + " to " + ticks.back().text;
  }
  if (picture.scale_bar) text += "; scale bar " + picture.scale_bar->text;
  return text;
}

}  // namespace closo::report
