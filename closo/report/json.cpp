#include <cmath>
#include <string>

#include "closo/report/detail/check.hpp"
#include "closo/report/detail/json.hpp"
#include "closo/report/render.hpp"

namespace closo::report {
namespace detail {
namespace {

void add_text(Json& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

Json value_json(const Value& value) {
  Json object = Json::object();
  if (value.value) object["value"] = number_json(*value.value);
  if (value.value_hi) object["value_hi"] = number_json(*value.value_hi);
  if (value.uncertainty) object["uncertainty"] = number_json(*value.uncertainty);
  object["qualifier"] = value.qualifier;
  add_text(object, "unit", value.unit);
  add_text(object, "kind", value.kind);
  add_text(object, "source", value.source);
  add_text(object, "note", value.note);
  return object;
}

Json cell_json(const Cell& cell) {
  if (const auto* value = std::get_if<Value>(&cell)) return value_json(*value);
  return std::get<std::string>(cell);
}

Json verdict_json(const Verdict& verdict) {
  Json object = Json::object();
  object["criterion"] = verdict.criterion;
  object["outcome"] = to_string(verdict.outcome);
  object["finding"] = verdict.finding;
  object["target"] = verdict.target;
  add_text(object, "reason", verdict.reason);
  add_text(object, "source", verdict.source);
  if (verdict.probability) object["probability"] = number_json(*verdict.probability);
  object["values"] = Json::array();
  for (const Value& value : verdict.values) object["values"].push_back(value_json(value));
  return object;
}

Json table_json(const Table& table) {
  Json object = {{"type", "table"}, {"id", table.id}, {"title", table.title}};
  add_text(object, "caption", table.caption);
  object["columns"] = Json::array();
  for (const TableColumn& column : table.columns) {
    object["columns"].push_back(Json{{"key", column.key}, {"title", column.title}});
  }
  object["rows"] = Json::array();
  for (const auto& row : table.rows) {
    Json cells = Json::object();
    for (std::size_t c = 0; c < row.size(); ++c) cells[table.columns[c].key] = cell_json(row[c]);
    object["rows"].push_back(std::move(cells));
  }
  return object;
}

// The pixels stay in their file.
Json picture_json(const Picture& picture) {
  Json object = {{"type", "picture"}, {"id", picture.id}, {"title", picture.title}};
  add_text(object, "caption", picture.caption);
  object["file"] = "figures/" + picture.id + ".png";
  object["width"] = picture.width;
  object["height"] = picture.height;
  if (!picture.legend.empty()) object["legend"] = Json::array();
  for (const LegendEntry& entry : picture.legend)
    object["legend"].push_back(Json{{"name", entry.name}, {"colour", to_hex(entry.colour)}});
  if (picture.scale_bar) {
    object["scale_bar"] = Json{{"text", picture.scale_bar->text}, {"pixels", number_json(picture.scale_bar->pixels)}};
  }
  if (picture.colour_bar) {
    Json bar = {{"title", picture.colour_bar->title}, {"colours", Json::array()}, {"ticks", Json::array()}};
    for (const Colour& colour : picture.colour_bar->colours) bar["colours"].push_back(to_hex(colour));
    for (const ColourBar::Tick& tick : picture.colour_bar->ticks)
      bar["ticks"].push_back(Json{{"place", tick.place}, {"text", tick.text}});
    object["colour_bar"] = std::move(bar);
  }
  return object;
}

Json block_json(const Block& block) {
  if (const auto* paragraph = std::get_if<Paragraph>(&block)) {
    return Json{{"type", "paragraph"}, {"text", paragraph->text}};
  }
  if (const auto* items = std::get_if<KeyValues>(&block)) {
    Json object = {{"type", "key_values"}, {"id", items->id}, {"items", Json::array()}};
    for (const auto& item : items->items) {
      object["items"].push_back(Json{{"name", item.first}, {"value", cell_json(item.second)}});
    }
    return object;
  }
  if (const auto* table = std::get_if<Table>(&block)) return table_json(*table);
  if (const auto* picture = std::get_if<Picture>(&block)) return picture_json(*picture);
  const auto& figure = std::get<Figure>(block);
  Json object = {{"type", "figure"}, {"id", figure.id}, {"title", figure.title}};
  add_text(object, "caption", figure.caption);
  object["figure"] = figure_json(figure);
  return object;
}

// A name that stands more than once (several input files) becomes a list.
Json provenance_json(const Report& report) {
  Json object = Json::object();
  for (const auto& item : report.provenance) {
    if (!object.contains(item.first)) {
      object[item.first] = item.second;
      continue;
    }
    Json& present = object[item.first];
    if (!present.is_array()) present = Json::array({present});
    present.push_back(item.second);
  }
  return object;
}

}  // namespace

Json number_json(double number) { return std::isfinite(number) ? Json(number) : Json(nullptr); }

std::string dump(const Json& document, int indent) {
  return document.dump(indent, ' ', false, Json::error_handler_t::replace);
}

Json report_json(const Report& report) {
  check(report);
  Json document = {
      {"schema", "closo-report/1"}, {"task", report.task}, {"title", report.title}, {"subtitle", report.subtitle}};
  document["verdicts"] = Json::array();
  for (const Verdict& verdict : report.verdicts) document["verdicts"].push_back(verdict_json(verdict));
  document["doubts"] = report.doubts;
  document["warnings"] = report.warnings;
  document["sections"] = Json::array();
  for (const Section& section : report.sections) {
    Json object = {{"id", section.id}, {"title", section.title}};
    if (section.folded) object["folded"] = true;
    object["blocks"] = Json::array();
    for (const Block& block : section.blocks) object["blocks"].push_back(block_json(block));
    document["sections"].push_back(std::move(object));
  }
  document["provenance"] = provenance_json(report);
  return document;
}

}  // namespace detail

std::string render_json(const Report& report) { return detail::dump(detail::report_json(report), 2) + "\n"; }

}  // namespace closo::report
