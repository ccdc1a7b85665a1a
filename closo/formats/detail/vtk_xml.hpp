/// Tags and texts of an XML file one after the other: enough for VTK files, whose last part may be raw bytes.
///
/// Source: W3C, Extensible Markup Language 1.0, 5th ed. (2008); declarations and comments are skipped, the five
/// predefined entities and numbered characters below 128 are known.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "closo/base/error.hpp"

namespace closo::formats::detail {

struct XmlTag {
  std::string name;
  std::map<std::string, std::string> attributes;
  bool is_end = false;    ///< </name>
  bool is_empty = false;  ///< <name/>
  std::size_t line = 0;

  /// Empty where there is no such attribute.
  std::string attribute(const std::string& key) const;
};

class XmlScanner {
 public:
  XmlScanner(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {}

  /// Moves to the next tag; false at the end. Throws: InputError with the line for what is no tag.
  bool next(XmlTag& tag);
  /// The text up to the next tag.
  std::string_view content();
  /// Everything behind the last tag, whatever it is.
  std::string_view rest() const noexcept { return text_.substr(at_); }

 private:
  [[noreturn]] void refuse(const std::string& what) const;
  std::size_t line() const;
  std::string decoded(std::string_view value) const;

  std::string_view text_;
  std::string file_;
  std::size_t at_ = 0;
  mutable std::size_t counted_to_ = 0, lines_ = 1;
};

}  // namespace closo::formats::detail
