/// The pieces of the report page, each as HTML text with everything foreign escaped.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "closo/report/report.hpp"

namespace closo::report::detail {

/// Notes of the numbers of one block, numbered in the order they appear; equal notes share a number.
class Notes {
 public:
  /// The mark beside a number, or nothing for an empty note.
  std::string mark(const std::string& note);
  /// The list below the block, or nothing.
  std::string list() const;

 private:
  std::vector<std::string> notes_;
};

/// A number with its kind, source and note on hover and keyboard focus.
std::string value_html(const Value& value, const std::string& text, Notes& notes);

std::string verdicts_html(const std::vector<Verdict>& verdicts);
std::string table_html(const Table& table);
std::string key_values_html(const KeyValues& block);
std::string figure_html(const Figure& figure);
/// The pixels as a data: address; legend and bars as text that stays readable where the picture is drawn small.
std::string picture_html(const Picture& picture);

/// Every source named by a number of the report → how many numbers rest on it.
std::map<std::string, int> sources_of(const Report& report);

}  // namespace closo::report::detail
