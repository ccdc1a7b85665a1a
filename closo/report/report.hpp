/// What every task returns: one document that each skin shows in its own way (terminal, JSON, CSV, HTML).
///
/// A report is data, not layout: sections of paragraphs, tables, figures and pictures. Every number that a user may
/// quote is a Value with unit, uncertainty, kind and source, so that no renderer can lose them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "closo/report/figure.hpp"
#include "closo/report/picture.hpp"

namespace closo::report {

/// A number as the user sees it. `value` is in `unit` (a customary unit of the field, not SI).
struct Value {
  std::optional<double> value = {};        ///< empty: unknown
  std::optional<double> value_hi = {};     ///< upper end of a range
  std::optional<double> uncertainty = {};  ///< one standard deviation, in `unit`
  std::string qualifier = "=";             ///< =, ~, <, >, <=, >=
  std::string unit = {};                   ///< "mS/cm"
  std::string kind = {};    ///< measured, computed, estimated, summary, target, setting; empty for plain input
  std::string source = {};  ///< citation, option or data that made it; shown on hover
  std::string note = {};    ///< doubt or remark, shown beside the number
  int significant = 4;
};

using Cell = std::variant<std::string, Value>;

/// "1.2 mS/cm", "0.42(1) eV", "> 0.9", "unknown".
std::string to_text(const Value& value);
std::string to_text(const Cell& cell);

enum class Outcome : unsigned char { pass, fail, unknown };
std::string_view to_string(Outcome outcome);

/// The verdict on one criterion.
struct Verdict {
  std::string criterion = {};      ///< "conductivity"
  std::string finding = {};        ///< what is known, in words, short ("to 3.8 V (CV + carbon)")
  std::vector<Value> values = {};  ///< the numbers the verdict rests on; those the finding does not quote follow it
  std::string target = {};         ///< "≥ 1 mS/cm at 55 °C"
  Outcome outcome = Outcome::unknown;
  std::string reason = {};                 ///< why, one sentence
  std::string source = {};                 ///< of the finding
  std::optional<double> probability = {};  ///< that the criterion is met, where the uncertainty is known
};

struct TableColumn {
  std::string key = {};    ///< JSON and CSV name with the unit: "sigma_S_per_cm"
  std::string title = {};  ///< "σ (S/cm)"
};

struct Table {
  std::string id = {};  ///< file name of the CSV: "conductivity_points"
  std::string title = {};
  std::vector<TableColumn> columns = {};
  std::vector<std::vector<Cell>> rows = {};
  std::string caption = {};
};

struct Paragraph {
  std::string text = {};
};

/// Name → value lines.
struct KeyValues {
  std::string id = {};
  std::vector<std::pair<std::string, Cell>> items = {};
};

using Block = std::variant<Paragraph, KeyValues, Table, Figure, Picture>;

struct Section {
  std::string id = {};  ///< "conductivity"
  std::string title = {};
  std::vector<Block> blocks = {};
  bool folded = false;  ///< method and sources: folded on the page, left out of the terminal
};

struct Report {
  std::string task = {};      ///< "evaluate"
  std::string title = {};     ///< "Li2B12H12 + 25 vol% ZrO2 | Li | TiS2"
  std::string subtitle = {};  ///< "40–60 °C"
  std::vector<Verdict> verdicts = {};
  std::vector<std::string> doubts = {};  ///< contradictions and flags a user must see
  std::vector<std::string> warnings = {};
  std::vector<Section> sections = {};
  std::vector<std::pair<std::string, std::string>> provenance =
      {};  ///< version, options, seed, data-set ids, input files
};

}  // namespace closo::report
