#include "closo/tasks/microstructure_pictures.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/tasks/detail/canvas.hpp"
#include "closo/tasks/detail/voxel_view.hpp"

namespace closo::tasks {
namespace {

using composite::Phase;
using composite::VoxelImage;
using detail::Canvas;
using report::Colour;

constexpr Colour ink{31, 41, 51};
constexpr Colour no_current_in_solid{120, 126, 134}, no_current_in_void{214, 218, 222};
constexpr const char* axis_names[3] = {"x", "y", "z"};

Colour phase_colour(Phase phase) {
  switch (phase) {
    case Phase::bulk:
      return {0x56, 0xb4, 0xe9};
    case Phase::interphase:
      return {0xe6, 0x9f, 0x00};
    case Phase::insulator:
      return {0x6b, 0x6b, 0x6b};
    case Phase::void_space:
      return {0xff, 0xff, 0xff};
    case Phase::grain_boundary:
      return {0xcc, 0x79, 0xa7};
    case Phase::active_material:
      return {0x00, 0x72, 0xb2};
    case Phase::carbon:
      return {0x1c, 0x1c, 0x1c};
    case Phase::interlayer:
      return {0xf0, 0xe4, 0x42};
  }
  throw base::InternalError("a phase without a colour");
}

std::string size_text(const VoxelImage& image) {
  std::string text;
  for (std::size_t axis = 0; axis < 3; ++axis) text += (axis > 0 ? " × " : "") + std::to_string(image.size[axis]);
  text += " voxels of " + report::length_text(image.spacing[0]);
  if (image.spacing[1] != image.spacing[0] || image.spacing[2] != image.spacing[0])
    text += " × " + report::length_text(image.spacing[1]) + " × " + report::length_text(image.spacing[2]);
  return text;
}

// Labels that occur, with their share of the volume.
std::vector<report::LegendEntry> legend_of(const VoxelImage& image) {
  const std::vector<double> fractions = composite::fractions(image);
  const std::vector<Colour> colours = label_colours(image.phases);
  std::vector<report::LegendEntry> legend;
  for (std::size_t label = 0; label < fractions.size(); ++label) {
    if (fractions[label] == 0.0) continue;
    std::string name(composite::to_string(image.phases[label]));
    if (std::ranges::count(image.phases, image.phases[label]) > 1) name += " (label " + std::to_string(label) + ")";
    name += ", " + base::format_number(100.0 * fractions[label], 3) + " vol%";
    legend.push_back({.name = std::move(name), .colour = colours[label]});
  }
  return legend;
}

// A plane of the image: `right` and `up` are the axes drawn in these directions.
struct Plane {
  std::size_t right = 0, up = 1, across = 2;
  std::size_t position = 0;  // voxels along `across`
};

std::size_t voxel_of(const VoxelImage& image, const Plane& plane, std::size_t i, std::size_t j) {
  std::array<std::size_t, 3> voxel{};
  voxel[plane.right] = i;
  voxel[plane.up] = j;
  voxel[plane.across] = plane.position;
  return image.index(voxel[0], voxel[1], voxel[2]);
}

double edge(const VoxelImage& image, std::size_t axis) {
  return static_cast<double>(image.size[axis]) * image.spacing[axis];
}

// Pixel per metre so that the lengths fit; whole pixels a voxel where there are any.
double whole_scale(double largest, double finest_spacing) {
  const double pixels = largest * finest_spacing;
  return pixels >= 1.0 ? std::floor(pixels) / finest_spacing : largest;
}

struct Panel {
  std::size_t width = 0, height = 0;
  double scale = 0.0;  // pixels per metre
};

Panel panel_of(const VoxelImage& image, const Plane& plane, double scale) {
  const auto pixels = [&](std::size_t axis) {
    return std::max<std::size_t>(1, static_cast<std::size_t>(std::lround(edge(image, axis) * scale)));
  };
  return {.width = pixels(plane.right), .height = pixels(plane.up), .scale = scale};
}

// Voxel under a point of the panel, counted from its left lower corner.
std::size_t voxel_along(const VoxelImage& image, std::size_t axis, double place, std::size_t pixels) {
  const double n = static_cast<double>(image.size[axis]);
  return std::min(image.size[axis] - 1, static_cast<std::size_t>(place / static_cast<double>(pixels) * n));
}

// The middle voxel under every pixel, or where voxels are smaller than pixels the mean of up to 4 × 4.
void draw_panel(Canvas& canvas, std::size_t left, std::size_t top, const VoxelImage& image, const Plane& plane,
                const Panel& panel, const std::function<Colour(std::size_t)>& colour) {
  const auto samples = [&](std::size_t axis, std::size_t pixels) {
    const std::size_t each = (image.size[axis] + pixels - 1) / pixels;
    return std::min<std::size_t>(each, 4);
  };
  const std::size_t across = samples(plane.right, panel.width);
  const std::size_t down = samples(plane.up, panel.height);
  for (std::size_t y = 0; y < panel.height; ++y) {
    for (std::size_t x = 0; x < panel.width; ++x) {
      std::array<std::size_t, 3> sum{};
      for (std::size_t b = 0; b < down; ++b) {
        for (std::size_t a = 0; a < across; ++a) {
          const auto place = [](std::size_t pixel, std::size_t sample, std::size_t count) {
            return static_cast<double>(pixel) + (static_cast<double>(sample) + 0.5) / static_cast<double>(count);
          };
          const std::size_t i = voxel_along(image, plane.right, place(x, a, across), panel.width);
          const std::size_t j = voxel_along(image, plane.up, place(panel.height - 1 - y, b, down), panel.height);
          const Colour own = colour(voxel_of(image, plane, i, j));
          sum[0] += own.red;
          sum[1] += own.green;
          sum[2] += own.blue;
        }
      }
      const std::size_t count = across * down;
      const auto mean = [&](std::size_t k) { return static_cast<std::uint8_t>((sum[k] + count / 2) / count); };
      canvas.set(left + x, top + y, {mean(0), mean(1), mean(2)});
    }
  }
}

void draw_frame(Canvas& canvas, std::size_t left, std::size_t top, const Panel& panel) {
  const auto a = static_cast<std::ptrdiff_t>(left) - 1;
  const auto b = static_cast<std::ptrdiff_t>(top) - 1;
  const auto c = static_cast<std::ptrdiff_t>(left + panel.width);
  const auto d = static_cast<std::ptrdiff_t>(top + panel.height);
  for (std::ptrdiff_t x = a; x <= c; ++x) {
    canvas.mix(x, b, ink, 0.8);
    canvas.mix(x, d, ink, 0.8);
  }
  for (std::ptrdiff_t y = b + 1; y < d; ++y) {
    canvas.mix(a, y, ink, 0.8);
    canvas.mix(c, y, ink, 0.8);
  }
}

constexpr std::size_t axis_room = 26;  // left of a panel and below it, for arrows and letters [px]

void draw_axes(Canvas& canvas, std::size_t left, std::size_t top, const Panel& panel, const Plane& plane) {
  const double x = static_cast<double>(left);
  const double y = static_cast<double>(top + panel.height);
  const double length = 38.0;
  canvas.arrow({x, y + 13.0}, {x + length, y + 13.0}, ink, 1.4);
  canvas.axis_letter(plane.right, {x + length + 13.0, y + 13.0}, 10.0, ink);
  canvas.arrow({x - 13.0, y}, {x - 13.0, y - length}, ink, 1.4);
  canvas.axis_letter(plane.up, {x - 13.0, y - length - 13.0}, 10.0, ink);
}

// Dark or pale lines where neighbouring pixels show different labels.
void draw_outlines(Canvas& canvas, std::size_t left, std::size_t top, const VoxelImage& image, const Plane& plane,
                   const Panel& panel, Colour colour, double opacity) {
  const auto label = [&](std::size_t x, std::size_t y) {
    const std::size_t i = voxel_along(image, plane.right, static_cast<double>(x) + 0.5, panel.width);
    const std::size_t j = voxel_along(image, plane.up, static_cast<double>(panel.height - 1 - y) + 0.5, panel.height);
    return image.labels[voxel_of(image, plane, i, j)];
  };
  for (std::size_t y = 0; y < panel.height; ++y) {
    for (std::size_t x = 0; x < panel.width; ++x) {
      const std::uint8_t own = label(x, y);
      const bool differs =
          (x + 1 < panel.width && label(x + 1, y) != own) || (y + 1 < panel.height && label(x, y + 1) != own);
      if (differs)
        canvas.mix(static_cast<std::ptrdiff_t>(left + x), static_cast<std::ptrdiff_t>(top + y), colour, opacity);
    }
  }
}

void put(report::Picture& picture, const Canvas& canvas, double pixel) {
  picture.width = canvas.width();
  picture.height = canvas.height();
  picture.rgb = canvas.rgb();
  picture.scale_bar = report::scale_bar(pixel, canvas.width());
}

// The middle of a voxel along an axis.
std::string place_text(const VoxelImage& image, std::size_t axis, std::size_t position) {
  return std::string(axis_names[axis]) + " = " +
         report::length_text((static_cast<double>(position) + 0.5) * image.spacing[axis]);
}

Colour heat_colour(double share) {
  constexpr std::array<Colour, 10> inferno{{{0x00, 0x00, 0x04},
                                            {0x1b, 0x0c, 0x42},
                                            {0x4b, 0x0c, 0x6b},
                                            {0x78, 0x1c, 0x6d},
                                            {0xa5, 0x2c, 0x60},
                                            {0xcf, 0x44, 0x46},
                                            {0xed, 0x69, 0x25},
                                            {0xfb, 0x9a, 0x06},
                                            {0xf7, 0xd0, 0x3c},
                                            {0xfc, 0xff, 0xa4}}};
  const double place = std::clamp(share, 0.0, 1.0) * (inferno.size() - 1);
  const auto below = std::min<std::size_t>(static_cast<std::size_t>(place), inferno.size() - 2);
  return report::blend(inferno[below], inferno[below + 1], place - static_cast<double>(below));
}

std::string power_of_ten(int exponent) {
  if (exponent == 0) return "1";
  if (exponent == 1) return "10";
  constexpr const char* digits[10] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string text = exponent < 0 ? "10⁻" : "10";
  for (const char digit : std::to_string(std::abs(exponent))) text += digits[digit - '0'];
  return text;
}

struct Decades {
  int low = -1, high = 0;
};

// From the coldest hundredth of the plane to its hottest thousandth, at most five decades.
Decades decades_of(std::vector<float> values) {
  std::erase(values, 0.0F);
  if (values.empty()) return {};
  std::ranges::sort(values);
  const double last = static_cast<double>(values.size() - 1);
  const double hot = values[static_cast<std::size_t>(std::ceil(0.999 * last))];
  const double cold = values[static_cast<std::size_t>(0.01 * last)];
  const int high = static_cast<int>(std::ceil(std::log10(hot)));
  const int low = static_cast<int>(std::floor(std::log10(cold)));
  return {.low = std::min(high - 1, std::max(low, high - 5)), .high = high};
}

Plane hot_plane(const VoxelImage& image, std::span<const float> dissipation, const HotSpotPlane& wanted) {
  if (wanted.current_axis > 2)
    throw base::ParameterError("current_axis", std::to_string(wanted.current_axis), "0, 1 or 2");
  Plane plane{.right = wanted.current_axis, .across = wanted.across.value_or((wanted.current_axis + 1) % 3)};
  if (plane.across > 2 || plane.across == plane.right)
    throw base::ParameterError("across", std::to_string(plane.across), "one of the two other axes, 0, 1 or 2");
  plane.up = 3 - plane.right - plane.across;
  if (wanted.position) {
    plane.position = *wanted.position;
  } else {
    const auto hottest = static_cast<std::size_t>(std::ranges::max_element(dissipation) - dissipation.begin());
    const std::array<std::size_t, 3> voxel{hottest % image.size[0], hottest / image.size[0] % image.size[1],
                                           hottest / image.size[0] / image.size[1]};
    plane.position = voxel[plane.across];
  }
  if (plane.position >= image.size[plane.across]) {
    throw base::ParameterError("position", std::to_string(plane.position),
                               "below " + std::to_string(image.size[plane.across]));
  }
  return plane;
}

void check_dissipation(const VoxelImage& image, std::span<const float> dissipation) {
  if (dissipation.size() != image.voxels()) {
    throw base::ParameterError("dissipation", std::to_string(dissipation.size()) + " values",
                               std::to_string(image.voxels()) + ", one per voxel");
  }
  const auto bad = std::ranges::find_if(dissipation, [](float q) { return !(q >= 0.0F) || !std::isfinite(q); });
  if (bad != dissipation.end())
    throw base::ParameterError("dissipation", base::format_number(*bad), "finite values of at least 0");
}

}  // namespace

std::vector<Colour> label_colours(const std::vector<Phase>& phases) {
  std::array<int, 8> seen{};
  std::vector<Colour> colours;
  for (const Phase phase : phases) {
    const Colour own = phase_colour(phase);
    const int turn = seen.at(static_cast<std::size_t>(phase))++;
    if (phase == Phase::void_space || turn == 0) {
      colours.push_back(own);
      continue;
    }
    // Lighter, darker, still lighter … towards white and black.
    const double share = 1.0 - std::pow(0.6, (turn + 1) / 2);
    colours.push_back(report::blend(own, turn % 2 == 1 ? Colour{255, 255, 255} : Colour{0, 0, 0}, share));
  }
  return colours;
}

report::Picture slices_picture(const VoxelImage& image, std::string id, std::string title,
                               std::optional<std::array<std::size_t, 3>> at) {
  composite::check(image);
  std::array<std::size_t, 3> voxel{image.size[0] / 2, image.size[1] / 2, image.size[2] / 2};
  if (at) voxel = *at;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    if (voxel[axis] >= image.size[axis]) {
      throw base::ParameterError(std::string("voxel along ") + axis_names[axis], std::to_string(voxel[axis]),
                                 "below " + std::to_string(image.size[axis]));
    }
  }
  std::vector<Plane> planes;
  for (const auto& [right, up, across] : {std::array<std::size_t, 3>{0, 1, 2}, {0, 2, 1}, {1, 2, 0}}) {
    if (image.size[right] > 1 && image.size[up] > 1)
      planes.push_back({.right = right, .up = up, .across = across, .position = voxel[across]});
  }
  if (planes.empty()) planes.push_back({.right = 0, .up = 1, .across = 2, .position = voxel[2]});

  double wide = 0.0;
  double high = 0.0;
  for (const Plane& plane : planes) {
    wide += edge(image, plane.right);
    high = std::max(high, edge(image, plane.up));
  }
  constexpr double widest = 960.0;
  constexpr double highest = 480.0;
  const double room = widest - static_cast<double>(planes.size() * axis_room);
  const double scale = whole_scale(std::min(room / wide, highest / high), std::ranges::min(image.spacing));

  std::size_t width = 2;
  std::size_t tallest = 0;
  for (const Plane& plane : planes) {
    const Panel panel = panel_of(image, plane, scale);
    width += panel.width + axis_room;
    tallest = std::max(tallest, panel.height);
  }
  Canvas canvas(width, std::max<std::size_t>(tallest, 70) + axis_room + 2);
  const std::vector<Colour> colours = label_colours(image.phases);
  std::size_t left = 0;
  for (const Plane& plane : planes) {
    const Panel panel = panel_of(image, plane, scale);
    left += axis_room;
    const std::size_t top = canvas.height() - axis_room - panel.height;
    draw_panel(canvas, left, top, image, plane, panel, [&](std::size_t index) { return colours[image.labels[index]]; });
    draw_frame(canvas, left, top, panel);
    draw_axes(canvas, left, top, panel, plane);
    left += panel.width;
  }

  report::Picture picture{.id = std::move(id), .title = std::move(title)};
  put(picture, canvas, 1.0 / scale);
  picture.legend = legend_of(image);
  std::string places;
  for (const Plane& plane : planes)
    places += (places.empty() ? "" : ", ") + place_text(image, plane.across, plane.position);
  picture.caption =
      (planes.size() > 1 ? "Slices at " : "Slice at ") + places + " (from the left). " + size_text(image) + ".";
  if (planes.size() == 1) picture.caption = "Slice at " + places + ". " + size_text(image) + ".";
  return picture;
}

report::Picture view_picture(const VoxelImage& image, std::string id, std::string title, std::size_t pixels) {
  composite::check(image);
  std::vector<detail::Surface> surfaces;
  const std::vector<Colour> colours = label_colours(image.phases);
  for (std::size_t label = 0; label < colours.size(); ++label)
    surfaces.push_back({.colour = colours[label], .transparent = image.phases[label] == Phase::void_space});
  const detail::VoxelView view = detail::voxel_view(image, surfaces, {.pixels = pixels});
  report::Picture picture{.id = std::move(id), .title = std::move(title)};
  put(picture, view.canvas, view.pixel);
  picture.legend = legend_of(image);
  for (std::size_t axis = 0; axis < 3; ++axis)
    picture.caption += (axis == 0 ? "Box of " : " × ") + report::length_text(edge(image, axis));
  const bool is_flat = std::ranges::any_of(image.size, [](std::size_t n) { return n < 2; });
  if (!is_flat) picture.caption += ", the nearest octant cut out";
  if (composite::phase_fractions(image)[static_cast<std::size_t>(Phase::void_space)] > 0.0)
    picture.caption += ", voids transparent";
  picture.caption += ". Parallel view from above: the bar is a length across the line of sight, edges appear shorter.";
  return picture;
}

double hottest_share(std::span<const float> dissipation, double fraction) {
  if (!(fraction >= 0.0 && fraction <= 1.0))
    throw base::ParameterError("fraction", base::format_number(fraction), "0 to 1");
  // The upper half of the bits of a positive number sorts as the number does: 128 bins a factor of two.
  struct Bin {
    std::size_t count = 0;
    double sum = 0.0;
  };
  std::vector<Bin> bins(std::size_t{1} << 16U);
  double total = 0.0;
  for (const float value : dissipation) {
    Bin& bin = bins[std::bit_cast<std::uint32_t>(std::max(value, 0.0F)) >> 16U];
    ++bin.count;
    bin.sum += value;
    total += value;
  }
  if (!(total > 0.0)) return 0.0;
  double left = fraction * static_cast<double>(dissipation.size());
  double hottest = 0.0;
  for (auto bin = bins.rbegin(); bin != bins.rend() && left > 0.0; ++bin) {
    if (bin->count == 0) continue;
    const double taken = std::min(left, static_cast<double>(bin->count));
    hottest += bin->sum * taken / static_cast<double>(bin->count);
    left -= taken;
  }
  return hottest / total;
}

report::Picture hot_spot_picture(const VoxelImage& image, std::span<const float> dissipation, std::string id,
                                 std::string title, const HotSpotPlane& wanted) {
  composite::check(image);
  check_dissipation(image, dissipation);
  const Plane plane = hot_plane(image, dissipation, wanted);
  constexpr double widest = 760.0;
  constexpr double highest = 640.0;
  const double scale = whole_scale(
      std::min((widest - static_cast<double>(axis_room)) / edge(image, plane.right), highest / edge(image, plane.up)),
      std::min(image.spacing[plane.right], image.spacing[plane.up]));
  const Panel panel = panel_of(image, plane, scale);
  Canvas canvas(panel.width + axis_room + 2, std::max<std::size_t>(panel.height, 70) + axis_room + 2);
  const std::size_t top = canvas.height() - axis_room - panel.height;

  std::vector<float> in_plane;
  bool cold_solid = false;
  bool cold_void = false;
  const auto is_void = [&](std::size_t index) { return image.phases[image.labels[index]] == Phase::void_space; };
  for (std::size_t j = 0; j < image.size[plane.up]; ++j) {
    for (std::size_t i = 0; i < image.size[plane.right]; ++i) {
      const std::size_t index = voxel_of(image, plane, i, j);
      in_plane.push_back(dissipation[index]);
      if (dissipation[index] == 0.0F) (is_void(index) ? cold_void : cold_solid) = true;
    }
  }
  const Decades decades = decades_of(in_plane);
  draw_panel(canvas, axis_room, top, image, plane, panel, [&](std::size_t index) {
    const double value = dissipation[index];
    if (value == 0.0) return is_void(index) ? no_current_in_void : no_current_in_solid;
    return heat_colour((std::log10(value) - decades.low) / (decades.high - decades.low));
  });
  // One pixel is a broad line where a voxel has hardly more.
  const double voxel_pixels = scale * std::min(image.spacing[plane.right], image.spacing[plane.up]);
  draw_outlines(canvas, axis_room, top, image, plane, panel, {255, 255, 255},
                std::clamp(voxel_pixels / 6.0, 0.1, 0.75));
  draw_frame(canvas, axis_room, top, panel);
  draw_axes(canvas, axis_room, top, panel, plane);

  report::Picture picture{.id = std::move(id), .title = std::move(title)};
  put(picture, canvas, 1.0 / scale);
  const bool some = std::ranges::any_of(in_plane, [](float q) { return q > 0.0F; });
  if (some) {
    report::ColourBar bar{.title = "dissipation / mean"};
    constexpr int stops = 18;
    for (int i = 0; i <= stops; ++i) bar.colours.push_back(heat_colour(static_cast<double>(i) / stops));
    for (int exponent = decades.low; exponent <= decades.high; ++exponent) {
      const double place = static_cast<double>(exponent - decades.low) / (decades.high - decades.low);
      bar.ticks.push_back({.place = place, .text = power_of_ten(exponent)});
    }
    picture.colour_bar = std::move(bar);
  }
  if (cold_solid) picture.legend.push_back({.name = "no current, solid", .colour = no_current_in_solid});
  if (cold_void) picture.legend.push_back({.name = "no current, void", .colour = no_current_in_void});
  picture.caption = "Plane " + place_text(image, plane.across, plane.position) + ", current along " +
                    axis_names[plane.right] + ", boundaries of the phases pale. ";
  const float hottest = std::ranges::max(dissipation);
  if (hottest > 0.0F) {
    picture.caption += "The hottest voxel of the whole image has " + base::format_number(hottest, 2) +
                       " times the mean" + (wanted.position ? "" : " and lies in this plane") +
                       "; the hottest 1 % of the volume makes " +
                       base::format_number(100.0 * hottest_share(dissipation, 0.01), 2) + " % of the heat.";
  } else {
    picture.caption += "Nothing dissipates.";
  }
  return picture;
}

}  // namespace closo::tasks
