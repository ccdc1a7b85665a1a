/// Figures as data: axes and layers, drawn by Vega-Lite.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace closo::report {

enum class Scale : unsigned char { linear, log10 };

struct Axis {
  std::string title = {};  ///< "1000/T (1/K)"
  Scale scale = Scale::linear;
  std::optional<double> low = {}, high = {};  ///< range; empty: from the data
  bool reversed = false;
  std::vector<std::string> names = {};  ///< ticks at 0, 1, 2 … carry these instead of numbers; empty ones are left out
  bool hidden = false;                  ///< no line, ticks or labels; both axes: a drawing that keeps its aspect
};

/// A second x axis on top whose ticks stand at given positions of the first: °C over 1000/T.
struct TopAxis {
  std::string title = {};              ///< "T (°C)"
  std::vector<double> positions = {};  ///< in units of the bottom axis
  std::vector<std::string> labels = {};
};

enum class Mark : unsigned char { points, line, band, rule_horizontal, rule_vertical, bars, text, boxes };

enum class Align : unsigned char { left, centre, right };

/// Colours of `Layer::value`, from pale at `low` (which may be the larger number) to strong at `high`; values beyond
/// keep the colour of the end.
struct ColourScale {
  std::string title = {};  ///< "mutual energy (eV/atom)"
  double low = 0.0, high = 1.0;
  bool diverging = false;  ///< blue at `low`, pale at zero, red at `high`
};

/// One data series. Arrays have equal length; unused ones are empty.
struct Layer {
  Mark mark = Mark::points;
  std::string series = {};  ///< legend entry; equal names share a colour; empty: no legend entry
  std::vector<double> x = {}, y = {};
  std::vector<double> y_low = {}, y_high = {};  ///< band edges or error bars of points
  std::vector<double> x_low = {}, x_high = {};  ///< boxes: left and right edges, beside y_low and y_high
  std::vector<double> value = {};               ///< boxes and points: coloured by Figure::colours
  std::vector<std::string> category = {};       ///< bars: the name of each (then x is empty); text: the words
  std::vector<std::string> hover = {};          ///< one text per point: value, source
  bool background = false;                      ///< drawn thin and grey behind the others
  bool dashed = false;
  bool hollow = false;                  ///< points: small rings
  double opacity = 1.0;                 ///< of the whole layer
  double fill_opacity = 0.2;            ///< band: of its area
  Align align = Align::left;            ///< text: the side that stands at x
  int lift = 0;                         ///< text: pixels above its place
  int least_width = 0, most_width = 0;  ///< text: left out where the figure is narrower or not narrower [px]; 0: never
  std::vector<double> room = {};  ///< text: width it may take, in units of x; where it is longer it is cut or left out
};

struct Figure {
  std::string id = {};  ///< file name of the Vega-Lite JSON: "conductivity"
  std::string title = {};
  std::string caption = {};
  Axis x = {}, y = {};
  std::optional<TopAxis> top = {};
  std::vector<Layer> layers = {};
  std::optional<ColourScale> colours = {};
  int width = 640, height = 400;
};

}  // namespace closo::report
