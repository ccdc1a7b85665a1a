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
};

/// A second x axis on top whose ticks stand at given positions of the first: °C over 1000/T.
struct TopAxis {
  std::string title = {};              ///< "T (°C)"
  std::vector<double> positions = {};  ///< in units of the bottom axis
  std::vector<std::string> labels = {};
};

enum class Mark : unsigned char { points, line, band, rule_horizontal, rule_vertical, bars, text };

/// One data series. Arrays have equal length; unused ones are empty.
struct Layer {
  Mark mark = Mark::points;
  std::string series = {};  ///< legend entry; equal names share a colour; empty: no legend entry
  std::vector<double> x = {}, y = {};
  std::vector<double> y_low = {}, y_high = {};  ///< band edges or error bars of points
  std::vector<std::string> category = {};       ///< bars: the name of each (then x is empty); text: the words
  std::vector<std::string> hover = {};          ///< one text per point: value, source
  bool background = false;                      ///< drawn thin and grey behind the others
  bool dashed = false;
};

struct Figure {
  std::string id = {};  ///< file name of the Vega-Lite JSON: "conductivity"
  std::string title = {};
  std::string caption = {};
  Axis x = {}, y = {};
  std::optional<TopAxis> top = {};
  std::vector<Layer> layers = {};
  int width = 640, height = 400;
};

}  // namespace closo::report
