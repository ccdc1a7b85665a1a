#include "closo/tasks/detail/toml_text.hpp"

#include "closo/base/error.hpp"

namespace closo::tasks::detail {
namespace {

/// TOML allows only ASCII in bare text; toml++ 3.3 does not look closely enough, so it is looked at here first.
void check_bare_text(std::string_view text, const std::string& file) {
  std::size_t line = 1, start = 0;
  std::string_view quote;  // the quotes that end the text we are in; empty outside
  bool comment = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n') {
      ++line;
      start = i + 1;
      comment = false;
      if (quote.size() == 1) quote = {};  // not closed on its line: the parser says so
    } else if (comment) {
      continue;
    } else if (!quote.empty()) {
      if (c == '\\' && quote.front() == '"') {
        ++i;
      } else if (text.substr(i, quote.size()) == quote) {
        i += quote.size() - 1;
        quote = {};
      }
    } else if (c == '#') {
      comment = true;
    } else if (c == '"' || c == '\'') {
      const std::string_view triple = c == '"' ? "\"\"\"" : "\'\'\'";
      quote = text.substr(i, 3) == triple ? triple : triple.substr(0, 1);
      i += quote.size() - 1;
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      throw base::InputError({file, line, i - start + 1}, "a special character outside of quotes",
                             "plain ASCII keys; texts in quotes may hold any character");
    }
  }
}

}  // namespace

toml::table parse_toml(std::string_view text, const std::string& file) {
  check_bare_text(text, file);
  try {
    return toml::parse(text, std::string_view(file));
  } catch (const toml::parse_error& error) {
    const toml::source_region& region = error.source();
    throw base::InputError({file, region.begin.line, region.begin.column}, std::string(error.description()),
                           "valid TOML");
  }
}

}  // namespace closo::tasks::detail
