#include "hostile_report.hpp"

#include <string>

#include "demo_report.hpp"

namespace closo::browser_test {
namespace {

using namespace report;

void spoil(std::string& text) {
  text +=
      " </script><script>window.broken=1</script><!--<script> \"'><img src=x onerror=window.broken=1> \\' ${1} &lt; "
      "\u2028\x1b[31m";
}

void spoil(Value& value) {
  spoil(value.unit);
  spoil(value.kind);
  spoil(value.source);
  spoil(value.note);
}

void spoil(Cell& cell) {
  if (auto* value = std::get_if<Value>(&cell)) {
    spoil(*value);
  } else {
    spoil(std::get<std::string>(cell));
  }
}

void spoil(Table& table) {
  spoil(table.title);
  spoil(table.caption);
  for (TableColumn& column : table.columns) {
    spoil(column.key);
    spoil(column.title);
  }
  for (auto& row : table.rows) {
    for (Cell& cell : row) spoil(cell);
  }
}

void spoil(Figure& figure) {
  spoil(figure.title);
  spoil(figure.caption);
  spoil(figure.x.title);
  spoil(figure.y.title);
  if (figure.top) {
    spoil(figure.top->title);
    for (std::string& label : figure.top->labels) spoil(label);
  }
  for (Layer& layer : figure.layers) {
    if (!layer.series.empty()) spoil(layer.series);
    for (std::string& text : layer.category) spoil(text);
    for (std::string& text : layer.hover) spoil(text);
  }
}

void spoil(Picture& picture) {
  spoil(picture.title);
  spoil(picture.caption);
  for (LegendEntry& entry : picture.legend) spoil(entry.name);
  if (picture.scale_bar) spoil(picture.scale_bar->text);
  if (!picture.colour_bar) return;
  spoil(picture.colour_bar->title);
  for (ColourBar::Tick& tick : picture.colour_bar->ticks) spoil(tick.text);
}

void spoil(Section& section) {
  spoil(section.title);
  for (Block& block : section.blocks) {
    if (auto* paragraph = std::get_if<Paragraph>(&block)) {
      spoil(paragraph->text);
    } else if (auto* items = std::get_if<KeyValues>(&block)) {
      for (auto& item : items->items) {
        spoil(item.first);
        spoil(item.second);
      }
    } else if (auto* table = std::get_if<Table>(&block)) {
      spoil(*table);
    } else if (auto* picture = std::get_if<Picture>(&block)) {
      spoil(*picture);
    } else {
      spoil(std::get<Figure>(block));
    }
  }
}

}  // namespace

Report hostile_report() {
  Report report = demo_report();
  for (std::string* text : {&report.task, &report.title, &report.subtitle}) spoil(*text);
  for (Verdict& verdict : report.verdicts) {
    for (std::string* text :
         {&verdict.criterion, &verdict.finding, &verdict.target, &verdict.reason, &verdict.source}) {
      spoil(*text);
    }
    for (Value& value : verdict.values) spoil(value);
  }
  for (std::string& text : report.doubts) spoil(text);
  report.warnings.emplace_back("warning");
  for (std::string& text : report.warnings) spoil(text);
  for (Section& section : report.sections) {
    spoil(section.id);
    spoil(section);
  }
  for (auto& item : report.provenance) {
    spoil(item.first);
    spoil(item.second);
  }
  return report;
}

}  // namespace closo::browser_test
