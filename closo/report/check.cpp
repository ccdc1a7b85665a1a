#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "closo/base/error.hpp"
#include "closo/report/detail/check.hpp"

namespace closo::report::detail {
namespace {

[[noreturn]] void broken(const std::string& what, std::string_view id, const std::string& why) {
  throw base::InternalError(what + " '" + std::string(id) + "' " + why);
}

// Ids become file names, so nothing that could leave the folder is accepted.
void check_id(const std::string& what, std::string_view id) {
  const bool safe = !id.empty() && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  if (!safe) broken(what, id, "has an id that is not made of letters, digits, '_' and '-'");
}

void check_layer(const Figure& figure, const Layer& layer) {
  const auto length = [&](std::size_t found, std::size_t expected, const char* array) {
    if (found != 0 && found != expected) {
      broken("figure", figure.id,
             std::string("has a layer whose ") + array + " has " + std::to_string(found) + " entries instead of " +
                 std::to_string(expected));
    }
  };
  const auto needed = [&](bool present, const char* array) {
    if (!present) broken("figure", figure.id, std::string("has a layer without ") + array);
  };
  std::size_t n = layer.y.size();
  switch (layer.mark) {
    case Mark::band:
      n = layer.x.size();
      needed(layer.y_low.size() == n && layer.y_high.size() == n, "both edges of its band");
      break;
    case Mark::rule_vertical:
      n = layer.x.size();
      break;
    case Mark::rule_horizontal:
      break;
    case Mark::points:
    case Mark::line:
    case Mark::text:
      needed(n == 0 || !layer.x.empty() || (layer.mark != Mark::text && !layer.category.empty()), "x");
      break;
    case Mark::bars:
      needed(n == 0 || !layer.x.empty() || !layer.category.empty(), "category or x");
      break;
    case Mark::boxes:
      n = layer.x_low.size();
      needed(layer.y_low.size() == n, "four edges of its boxes");
      break;
  }
  length(layer.x.size(), n, "x");
  length(layer.y.size(), n, "y");
  length(layer.y_low.size(), n, "y_low");
  length(layer.y_high.size(), n, "y_high");
  length(layer.x_low.size(), n, "x_low");
  length(layer.x_high.size(), n, "x_high");
  length(layer.value.size(), n, "value");
  length(layer.room.size(), n, "room");
  length(layer.category.size(), n, "category");
  length(layer.hover.size(), n, "hover");
  if (layer.y_low.size() != layer.y_high.size())
    broken("figure", figure.id, "has a layer with only one of y_low and y_high");
  if (layer.x_low.size() != layer.x_high.size())
    broken("figure", figure.id, "has a layer with only one of x_low and x_high");
  needed(layer.value.empty() || figure.colours.has_value(), "a colour scale for its values");
}

}  // namespace

void check(const Figure& figure) {
  check_id("figure", figure.id);
  if (figure.top && figure.top->positions.size() != figure.top->labels.size()) {
    broken("figure", figure.id, "has a top axis with unequal numbers of positions and labels");
  }
  for (const Layer& layer : figure.layers) check_layer(figure, layer);
}

void check(const Table& table) {
  check_id("table", table.id);
  std::set<std::string_view> keys;
  for (const TableColumn& column : table.columns) {
    if (!keys.insert(column.key).second) broken("table", table.id, "has the column '" + column.key + "' twice");
  }
  for (const auto& row : table.rows) {
    if (row.size() != table.columns.size()) {
      broken("table", table.id,
             "has a row of " + std::to_string(row.size()) + " cells for " + std::to_string(table.columns.size()) +
                 " columns");
    }
  }
}

void check(const Picture& picture) {
  check_id("picture", picture.id);
  if (picture.width == 0 || picture.height == 0) broken("picture", picture.id, "has no pixels");
  if (picture.rgb.size() != 3 * picture.width * picture.height) {
    broken("picture", picture.id,
           "has " + std::to_string(picture.rgb.size()) + " bytes for " + std::to_string(picture.width) + " × " +
               std::to_string(picture.height) + " pixels");
  }
  if (picture.scale_bar &&
      !(picture.scale_bar->pixels > 0.0 && picture.scale_bar->pixels <= static_cast<double>(picture.width))) {
    broken("picture", picture.id, "has a scale bar that is not inside it");
  }
  if (!picture.colour_bar) return;
  if (picture.colour_bar->colours.size() < 2)
    broken("picture", picture.id, "has a colour bar of less than two colours");
  for (const ColourBar::Tick& tick : picture.colour_bar->ticks) {
    if (!(tick.place >= 0.0 && tick.place <= 1.0)) broken("picture", picture.id, "has a tick beyond its colour bar");
  }
}

void check(const Report& report) {
  std::set<std::string_view> tables;
  std::set<std::string_view> figures;
  for (const Section& section : report.sections) {
    for (const Block& block : section.blocks) {
      if (const auto* table = std::get_if<Table>(&block)) {
        check(*table);
        if (!tables.insert(table->id).second) broken("table", table->id, "stands twice in the report");
      } else if (const auto* figure = std::get_if<Figure>(&block)) {
        check(*figure);
        if (!figures.insert(figure->id).second) broken("figure", figure->id, "stands twice in the report");
      } else if (const auto* picture = std::get_if<Picture>(&block)) {
        check(*picture);
        if (!figures.insert(picture->id).second) broken("picture", picture->id, "stands twice in the report");
      }
    }
  }
}

}  // namespace closo::report::detail
