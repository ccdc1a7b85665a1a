#include "closo/cell/protocol.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/base/quantity.hpp"
#include "closo/base/suggestion.hpp"
#include "closo/cell/loading.hpp"

namespace closo::cell {
namespace {

using base::InputError;
using base::Place;

constexpr std::size_t deepest_repeat = 20;
constexpr const char* example =
    "a step such as 'Discharge at C/20 until 1.7 V', 'Hold at 2.5 V until C/50' or 'Rest for 2 h'";

struct Word {
  std::string_view text;
  std::size_t column = 1;  // in characters, from 1
};

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// Words of a part of a line; `column` is where the part begins.
std::vector<Word> split(std::string_view text, std::size_t column) {
  std::vector<Word> words;
  std::size_t begin = 0;
  std::size_t begin_column = column;
  const auto close = [&](std::size_t end) {
    if (end > begin) words.push_back({text.substr(begin, end - begin), begin_column});
  };
  for (std::size_t k = 0; k < text.size(); ++k) {
    const bool continues = (static_cast<unsigned char>(text[k]) & 0xC0U) == 0x80U;
    if (is_blank(text[k])) {
      close(k);
      begin = k + 1;
      begin_column = column + 1;
    }
    if (!continues) ++column;
  }
  close(text.size());
  return words;
}

/// Near one of the keywords, and no unit itself.
bool is_mistyped(const std::string& word, std::span<const std::string> keywords) {
  if (word.size() < 3 || base::did_you_mean(word, keywords).empty()) return false;
  try {
    base::Unit::parse(word);
    return false;
  } catch (const InputError&) {
    return true;
  }
}

/// One statement being read, word by word.
class Statement {
 public:
  Statement(std::vector<Word> words, std::size_t line) : words_(std::move(words)), line_(line) {}

  bool is_at_end() const { return next_ == words_.size(); }
  std::string peek() const { return is_at_end() ? std::string() : lower(words_[next_].text); }
  bool accept(std::string_view word) {
    if (peek() != word) return false;
    ++next_;
    return true;
  }
  /// Throws with the near word unless the next word is this one.
  void expect(std::string_view word, const std::string& expected) {
    if (!accept(word)) fail(expected, std::array<std::string, 1>{std::string(word)});
  }
  [[noreturn]] void fail(const std::string& expected, std::span<const std::string> near = {}) const {
    if (is_at_end()) throw InputError(here(), "the step ends after '" + last() + "'", expected);
    const std::string found(words_[next_].text);
    const std::string hint = near.empty() ? std::string() : base::did_you_mean(found, near);
    throw InputError(here(), "found '" + found + "'", hint.empty() ? expected : expected + "; " + hint);
  }
  Place here() const {
    if (!is_at_end()) return {{}, line_, words_[next_].column};
    std::size_t end = words_.back().column;
    for (const char c : words_.back().text) end += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
    return {{}, line_, end};
  }
  /// The words up to the next keyword, joined by blanks as they were (one blank each); at least one.
  std::pair<std::string, Place> value(const std::string& expected) {
    const std::array<std::string, 2> ends{"until", "for"};
    const Place place = here();
    std::string text;
    while (!is_at_end() && peek() != "until" && peek() != "for" && peek() != "or") {
      if (!text.empty() && is_mistyped(peek(), ends)) fail("'until', 'for' or 'or' here", ends);
      if (!text.empty()) text += ' ';
      text += words_[next_++].text;
    }
    if (text.empty()) fail(expected);
    return {text, place};
  }
  std::string text() const {
    std::string joined;
    for (const Word& word : words_) joined += (joined.empty() ? "" : " ") + std::string(word.text);
    return joined;
  }
  std::size_t line() const { return line_; }

 private:
  std::string last() const { return next_ == 0 ? std::string() : std::string(words_[next_ - 1].text); }

  std::vector<Word> words_;
  std::size_t line_ = 1;
  std::size_t next_ = 0;
};

base::Quantity quantity(const std::pair<std::string, Place>& value, const std::string& expected) {
  base::Quantity result;
  try {
    result = base::parse_quantity(value.first);
  } catch (const InputError& error) {
    throw InputError(error.at(value.second).place(), error.problem(), expected);
  }
  if (result.qualifier != base::Qualifier::equal || result.uncertainty || !std::isfinite(result.value))
    throw InputError(value.second, "found '" + value.first + "'", expected);
  return result;
}

bool has_dimension(const base::Quantity& quantity, std::string_view unit) {
  return quantity.unit.dimension() == base::Unit::parse(unit).dimension();
}

double positive_in(const std::pair<std::string, Place>& value, std::string_view unit, const std::string& expected) {
  const base::Quantity found = quantity(value, expected);
  if (!has_dimension(found, unit) || !(found.value > 0.0))
    throw InputError(value.second, "found '" + value.first + "'", expected + ", above 0");
  return found.value;
}

double volts(const std::pair<std::string, Place>& value) {
  const std::string expected = "a voltage such as 2.5 V";
  const base::Quantity found = quantity(value, expected);
  if (!has_dimension(found, "V") || std::abs(found.value) > 1000.0)
    throw InputError(value.second, "found '" + value.first + "'", expected);
  return found.value;
}

bool looks_like_c_rate(std::string_view text) {
  const std::size_t c = text.find_first_of("Cc");
  if (c == std::string_view::npos) return false;
  return std::all_of(text.begin(), text.end(), [](char x) {
    return (x >= '0' && x <= '9') || x == '.' || x == '/' || x == ' ' || x == 'C' || x == 'c' || x == '-' || x == '+';
  });
}

constexpr const char* current_example = "a current such as C/20, 0.1 mA/cm2, 24 mA/g or 0.2 mA";

/// A current, or with power allowed W/m² and W into the step.
std::optional<CurrentSetting> current_or_power(const std::pair<std::string, Place>& value, ProtocolStep* step) {
  using Basis = CurrentSetting::Basis;
  if (looks_like_c_rate(value.first)) {
    try {
      return CurrentSetting{Basis::c_rate, parse_c_rate_per_hour(value.first)};
    } catch (const InputError& error) {
      throw InputError(error.at(value.second).place(), error.problem(), current_example);
    }
  }
  const std::string expected =
      step == nullptr ? current_example : std::string(current_example) + ", or a power such as 5 mW/cm2";
  const base::Quantity found = quantity(value, expected);
  if (!(found.value > 0.0)) {
    throw InputError(value.second, "found '" + value.first + "'",
                     "a number above 0: Discharge and Charge say the direction");
  }
  constexpr std::array<std::pair<std::string_view, Basis>, 3> currents{
      {{"A/m^2", Basis::density}, {"A/kg", Basis::specific}, {"A", Basis::total}}};
  for (const auto& each : currents) {
    if (has_dimension(found, each.first)) return CurrentSetting{each.second, found.value};
  }
  if (step != nullptr && has_dimension(found, "W/m^2")) {
    step->power_density = found.value;
    return std::nullopt;
  }
  if (step != nullptr && has_dimension(found, "W")) {
    step->power = found.value;
    return std::nullopt;
  }
  throw InputError(value.second, "found '" + value.first + "'", expected);
}

void read_until(Statement& statement, ProtocolStep& step) {
  const bool is_hold = step.kind == ProtocolStep::Kind::hold;
  const std::string expected = is_hold ? "a current such as C/50 or 5 uA/cm2" : "a voltage such as 1.7 V";
  const auto value = statement.value(expected);
  if (is_hold ? step.until_current.has_value() : step.until_voltage.has_value())
    throw InputError(value.second, "a second 'until'", "one end by voltage or current, and one by time");
  if (is_hold) {
    step.until_current = current_or_power(value, nullptr);
  } else {
    step.until_voltage = volts(value);
  }
}

void read_ends(Statement& statement, ProtocolStep& step) {
  const bool is_hold = step.kind == ProtocolStep::Kind::hold;
  const std::string expected = is_hold ? "an end: 'until C/50' or 'for 3 h'" : "an end: 'until 1.7 V' or 'for 3 h'";
  const std::array<std::string, 2> words{"until", "for"};
  do {
    if (statement.accept("until")) {
      read_until(statement, step);
    } else if (statement.accept("for")) {
      const auto value = statement.value("a time such as 3 h");
      if (step.duration) throw InputError(value.second, "a second 'for'", "one end by time");
      step.duration = positive_in(value, "s", "a time such as 3 h, 30 min or 10 s");
    } else {
      statement.fail(expected, words);
    }
  } while (statement.accept("or"));
  if (!statement.is_at_end()) statement.fail("nothing more, or 'or' and another end");
}

ProtocolStep read_step(Statement& statement) {
  using Kind = ProtocolStep::Kind;
  ProtocolStep step;
  step.text = statement.text();
  step.line = statement.line();
  if (statement.accept("rest")) {
    step.kind = Kind::rest;
    statement.expect("for", "'for' and a time such as 2 h");
    step.duration = positive_in(statement.value("a time such as 2 h"), "s", "a time such as 2 h, 30 min or 10 s");
    if (!statement.is_at_end()) statement.fail("nothing more");
    return step;
  }
  if (statement.accept("set")) {
    step.kind = Kind::set_temperature;
    statement.expect("temperature", "'temperature to' and a temperature such as 60 degC");
    statement.expect("to", "'to' and a temperature such as 60 degC");
    step.temperature =
        positive_in(statement.value("a temperature such as 60 degC"), "K", "a temperature such as 60 degC");
    if (!statement.is_at_end()) statement.fail("nothing more");
    return step;
  }
  if (statement.accept("hold")) {
    step.kind = Kind::hold;
    statement.expect("at", "'at' and a voltage such as 2.5 V");
    step.voltage = volts(statement.value("a voltage such as 2.5 V"));
    read_ends(statement, step);
    return step;
  }
  const bool is_discharge = statement.peek() == "discharge";
  if (is_discharge || statement.peek() == "charge") {
    statement.accept(statement.peek());
    step.kind = is_discharge ? Kind::discharge : Kind::charge;
    statement.expect("at", std::string("'at' and ") + current_example);
    step.current = current_or_power(statement.value(current_example), &step);
    read_ends(statement, step);
    return step;
  }
  const std::array<std::string, 7> verbs{"discharge", "charge", "hold", "rest", "set", "repeat", "end"};
  statement.fail(example, verbs);
}

/// A step, or the parts of a Repeat.
struct Node {
  std::size_t step = 0;
  std::size_t count = 0;  // 0: a step
  std::vector<Node> parts;
};

struct Reader {
  Protocol protocol;
  struct Open {
    Node node;
    Place place;
  };
  std::vector<Open> open{1};

  void read(Statement statement) {
    if (statement.peek() == "repeat") return read_repeat(statement);
    if (statement.peek() == "end") {
      if (open.size() == 1) throw InputError(statement.here(), "'End' without a Repeat", example);
      statement.accept("end");
      statement.accept("repeat");
      if (!statement.is_at_end()) statement.fail("nothing more");
      close();
      return;
    }
    Node node;
    node.step = protocol.steps.size();
    protocol.steps.push_back(read_step(statement));
    open.back().node.parts.push_back(std::move(node));
  }

  void read_repeat(Statement& statement) {
    const Place place = statement.here();
    statement.accept("repeat");
    const std::string expected = "a number of times, as in 'Repeat 150 times'";
    const Place number_place = statement.here();
    const std::string text = statement.peek();
    const std::optional<double> count = base::try_parse_number(text);
    if (!count || !(*count >= 1.0) || *count != std::floor(*count) ||
        *count > static_cast<double>(most_protocol_visits)) {
      throw InputError(number_place, text.empty() ? "the step ends after 'Repeat'" : "found '" + text + "'",
                       expected + " (whole, 1 to " + std::to_string(most_protocol_visits) + ")");
    }
    statement.accept(text);
    if (!statement.accept("times") && !statement.accept("time"))
      statement.fail("'times'", std::array<std::string, 1>{"times"});
    if (!statement.is_at_end()) statement.fail("a new line or ':' behind 'times'");
    if (open.size() > deepest_repeat)
      throw InputError(place, "Repeats within more than " + std::to_string(deepest_repeat) + " others", "fewer levels");
    Open block;
    block.node.count = static_cast<std::size_t>(*count);
    block.place = place;
    open.push_back(std::move(block));
  }

  void close() {
    Open block = std::move(open.back());
    open.pop_back();
    if (block.node.parts.empty()) throw InputError(block.place, "a Repeat without a step", example);
    open.back().node.parts.push_back(std::move(block.node));
  }

  static double visits_of(const Node& node) {
    if (node.count == 0) return 1.0;
    double sum = 0.0;
    for (const Node& part : node.parts) sum += visits_of(part);
    return sum * static_cast<double>(node.count);
  }

  void write_out(const Node& node, std::uint32_t cycle) {
    if (node.count == 0) {
      protocol.visits.push_back({static_cast<std::uint32_t>(node.step), cycle});
      return;
    }
    for (std::size_t pass = 0; pass < node.count; ++pass) {
      for (const Node& part : node.parts) write_out(part, cycle);
    }
  }

  Protocol finish() {
    if (open.size() > 1) throw InputError(open.back().place, "this Repeat has no End", "'End' behind its last step");
    double visits = 0.0;
    for (const Node& node : open.front().node.parts) visits += visits_of(node);
    if (protocol.steps.empty()) throw InputError({{}, 1, 1}, "the protocol has no step", example);
    if (visits > static_cast<double>(most_protocol_visits)) {
      throw InputError({{}, 1, 1}, "the protocol has " + base::format_number(visits) + " steps with its repeats",
                       "at most " + std::to_string(most_protocol_visits));
    }
    std::uint32_t cycle = 0;
    bool is_in_stretch = false;
    for (const Node& node : open.front().node.parts) {
      if (node.count == 0) {
        if (!is_in_stretch) ++cycle;
        write_out(node, cycle);
      }
      is_in_stretch = node.count == 0;
      for (std::size_t pass = 0; pass < node.count; ++pass) {
        ++cycle;
        for (const Node& part : node.parts) write_out(part, cycle);
      }
    }
    return std::move(protocol);
  }
};

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  return count;
}

}  // namespace

Protocol parse_protocol(std::string_view text) {
  Reader reader;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view rest = text.substr(0, std::min(text.find('#'), end));
    text.remove_prefix(std::min(end + 1, text.size()));
    for (std::size_t column = 1; !rest.empty();) {
      const std::size_t cut = std::min(rest.find_first_of(";:"), rest.size());
      const std::string_view part = rest.substr(0, cut);
      std::vector<Word> words = split(part, column);
      if (cut < rest.size() && rest[cut] == ':' && (words.empty() || lower(words.front().text) != "repeat")) {
        throw InputError({{}, line, column + characters(part)}, "found ':'",
                         "':' only behind 'Repeat … times'; steps are separated by ';' or lines");
      }
      if (!words.empty()) reader.read(Statement(std::move(words), line));
      column += characters(part) + 1;
      rest.remove_prefix(std::min(cut + 1, rest.size()));
    }
  }
  return reader.finish();
}

}  // namespace closo::cell
