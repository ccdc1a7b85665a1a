#include "closo/formats/detail/vtk_xml.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "closo/formats/detail/text.hpp"

namespace closo::formats::detail {
namespace {

bool is_blank(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

std::string XmlTag::attribute(const std::string& key) const {
  const auto found = attributes.find(key);
  return found == attributes.end() ? std::string() : found->second;
}

std::size_t XmlScanner::line() const {
  lines_ += static_cast<std::size_t>(std::ranges::count(text_.substr(counted_to_, at_ - counted_to_), '\n'));
  counted_to_ = at_;
  return lines_;
}

void XmlScanner::refuse(const std::string& what) const {
  throw base::InputError({file_, line()}, what, "a well-formed XML file");
}

std::string XmlScanner::decoded(std::string_view value) const {
  constexpr std::array<std::pair<std::string_view, char>, 5> entities = {
      {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}}};
  std::string text;
  while (!value.empty()) {
    const std::size_t mark = std::min(value.find('&'), value.size());
    text += value.substr(0, mark);
    value.remove_prefix(mark);
    if (value.empty()) break;
    const std::size_t end = value.find(';');
    if (end == std::string_view::npos) refuse("an '&' without ';'");
    const std::string_view name = value.substr(1, end - 1);
    const auto found = std::ranges::find(entities, name, &std::pair<std::string_view, char>::first);
    if (found != entities.end()) {
      text.push_back(found->second);
    } else {
      unsigned code = 0;
      const bool is_hex = name.starts_with("#x");
      const std::string_view digits = name.substr(std::min<std::size_t>(is_hex ? 2 : 1, name.size()));
      const auto [last, status] = std::from_chars(digits.data(), digits.data() + digits.size(), code, is_hex ? 16 : 10);
      const bool is_number = status == std::errc() && last == digits.data() + digits.size();
      if (!name.starts_with('#') || !is_number || code == 0 || code > 127) {
        refuse("the entity " + in_quotes(name) + " is not known");
      }
      text.push_back(static_cast<char>(code));
    }
    value.remove_prefix(end + 1);
  }
  return text;
}

std::string_view XmlScanner::content() {
  const std::size_t end = std::min(text_.find('<', at_), text_.size());
  const std::string_view found = text_.substr(at_, end - at_);
  at_ = end;
  return found;
}

bool XmlScanner::next(XmlTag& tag) {
  while (true) {
    const std::size_t begin = text_.find('<', at_);
    if (begin == std::string_view::npos) return false;
    at_ = begin;
    const auto skip_to = [&](std::string_view end) {
      const std::size_t found = text_.find(end, at_);
      if (found == std::string_view::npos) refuse("a tag that does not end");
      at_ = found + end.size();
    };
    if (text_.substr(at_).starts_with("<!--")) {
      skip_to("-->");
    } else if (text_.substr(at_).starts_with("<?") || text_.substr(at_).starts_with("<!")) {
      skip_to(">");
    } else {
      break;
    }
  }
  tag = {};
  tag.line = line();
  ++at_;
  const auto skip_blanks = [&] {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  };
  const auto word = [&] {
    const std::size_t begin = at_;
    while (at_ < text_.size() && !is_blank(text_[at_]) &&
           std::string_view("<>/=\"'").find(text_[at_]) == std::string_view::npos)
      ++at_;
    if (at_ == begin) refuse("a tag without a name");
    return std::string(text_.substr(begin, at_ - begin));
  };
  const auto take = [&](char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  };
  tag.is_end = take('/');
  tag.name = word();
  while (true) {
    skip_blanks();
    if (take('/')) {
      tag.is_empty = true;
      if (!take('>')) refuse("a '/' inside the tag " + in_quotes(tag.name));
      return true;
    }
    if (take('>')) return true;
    const std::string key = word();
    skip_blanks();
    if (!take('=')) refuse("the attribute " + in_quotes(key) + " has no value");
    skip_blanks();
    const char quote = at_ < text_.size() ? text_[at_] : ' ';
    if (quote != '"' && quote != '\'') refuse("the value of " + in_quotes(key) + " is not in quotes");
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) refuse("the value of " + in_quotes(key) + " does not end");
    tag.attributes[key] = decoded(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
  }
}

}  // namespace closo::formats::detail
