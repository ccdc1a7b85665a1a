#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/base/suggestion.hpp"
#include "closo/impedance/circuit.hpp"

namespace closo::impedance {
namespace {

constexpr std::size_t max_depth = 64;
constexpr std::size_t max_elements = 64;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// A note whose target may stand later in the text.
struct SharedNote {
  std::size_t element = 0;
  std::size_t slot = 0;
  std::string target;
  std::size_t column = 0;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {
    dashed_ = text.find('-') != std::string_view::npos || text.find(',') != std::string_view::npos ||
              text.find("p(") != std::string_view::npos;
  }

  Circuit parse() {
    skip_blanks();
    if (at_end()) fail("the circuit is empty", "a circuit such as R0-p(R1,CPE1)");
    circuit_.root = dashed_ ? series() : code_series('\0');
    if (!at_end()) {
      if (is_closing(peek())) fail("'" + std::string(1, peek()) + "' closes nothing", "an opening bracket before it");
      if (dashed_) fail("found '" + shown() + "'", "'-' before the next element");
      fail("found '" + shown() + "'", "an element or a group");
    }
    number_unlabelled();
    check_labels();
    name_parameters();
    apply_shared();
    return std::move(circuit_);
  }

 private:
  bool at_end() const { return place_ >= text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[place_]; }
  static bool is_closing(char c) { return c == ')' || c == ']' || c == '}'; }

  /// The character at the place, whole in UTF-8.
  std::string shown() const {
    std::size_t length = 1;
    while (place_ + length < text_.size() && (static_cast<unsigned char>(text_[place_ + length]) & 0xC0U) == 0x80U) {
      ++length;
    }
    return std::string(text_.substr(place_, length));
  }

  std::size_t column_of(std::size_t place) const {
    std::size_t column = 1;
    for (std::size_t i = 0; i < place && i < text_.size(); ++i) {
      if ((static_cast<unsigned char>(text_[i]) & 0xC0U) != 0x80U) ++column;
    }
    return column;
  }

  [[noreturn]] void fail_at(std::size_t place, const std::string& problem, const std::string& expected) const {
    throw base::InputError({{}, 0, column_of(place)}, "circuit '" + std::string(text_) + "': " + problem, expected);
  }
  [[noreturn]] void fail(const std::string& problem, const std::string& expected) const {
    fail_at(place_, problem, expected);
  }

  void skip_blanks() {
    while (!at_end() && is_blank(peek())) ++place_;
  }

  std::size_t add_node(CircuitNode node) {
    circuit_.nodes.push_back(std::move(node));
    return circuit_.nodes.size() - 1;
  }

  /// A group of one child is that child; a group inside a group of the same type is dissolved.
  std::size_t group(CircuitNode::Type type, const std::vector<std::size_t>& children) {
    if (children.size() == 1) return children.front();
    CircuitNode node{type, 0, {}};
    for (const std::size_t child : children) {
      const CircuitNode& inner = circuit_.nodes[child];
      if (inner.type == type) {
        node.children.insert(node.children.end(), inner.children.begin(), inner.children.end());
      } else {
        node.children.push_back(child);
      }
    }
    return add_node(std::move(node));
  }

  void enter(std::size_t opening) {
    if (++depth_ > max_depth) fail_at(opening, "groups are nested too deep", "at most 64 levels");
  }

  // Dashed notation.

  std::size_t series() {
    std::vector<std::size_t> children;
    while (true) {
      skip_blanks();
      children.push_back(term());
      skip_blanks();
      if (peek() != '-') return group(CircuitNode::Type::series, children);
      ++place_;
    }
  }

  std::size_t term() {
    if (at_end()) fail("the circuit ends after '-'", "an element or p(…)");
    if (peek() == '(' || peek() == '[') {
      fail("'" + std::string(1, peek()) + "' belongs to the other notation", "p( for a parallel group");
    }
    if (peek() != 'p' || place_ + 1 >= text_.size() || text_[place_ + 1] != '(') return element();
    const std::size_t opening = place_ + 1;
    enter(opening);
    place_ += 2;
    std::vector<std::size_t> branches;
    while (true) {
      skip_blanks();
      if (at_end()) fail_at(opening, "'(' is never closed", "')'");
      if (peek() == ')' || peek() == ',') {
        fail(branches.empty() && peek() == ')' ? "the parallel group is empty"
                                               : "a branch of the parallel group is empty",
             "elements separated by ','");
      }
      branches.push_back(series());
      skip_blanks();
      if (at_end()) fail_at(opening, "'(' is never closed", "')'");
      if (peek() == ')') break;
      if (peek() != ',') fail("found '" + shown() + "' in a parallel group", "',', '-' or ')'");
      ++place_;
    }
    if (branches.size() < 2) fail_at(opening, "the parallel group has one branch", "two or more, separated by ','");
    ++place_;
    --depth_;
    return group(CircuitNode::Type::parallel, branches);
  }

  // Circuit description code.

  std::vector<std::size_t> code_items(char closing, std::size_t opening) {
    std::vector<std::size_t> items;
    while (true) {
      skip_blanks();
      if (at_end()) {
        if (closing == '\0') return items;
        fail_at(opening, "'" + std::string(1, text_[opening]) + "' is never closed",
                "'" + std::string(1, closing) + "'");
      }
      const char c = peek();
      if (c == closing) {
        ++place_;
        return items;
      }
      if (is_closing(c)) {
        if (closing == '\0') return items;
        fail("found '" + std::string(1, c) + "'",
             "'" + std::string(1, closing) + "' for the bracket at column " + std::to_string(column_of(opening)));
      }
      items.push_back(code_item());
    }
  }

  std::size_t code_item() {
    const char c = peek();
    if (c != '(' && c != '[' && c != '{') return element();
    const std::size_t opening = place_;
    enter(opening);
    ++place_;
    const std::vector<std::size_t> items = code_items(c == '(' ? ')' : c == '[' ? ']' : '}', opening);
    --depth_;
    if (items.empty())
      fail_at(opening, c == '(' ? "the parallel group is empty" : "the series group is empty", "elements");
    if (c == '(' && items.size() < 2) fail_at(opening, "the parallel group has one branch", "two or more");
    return group(c == '(' ? CircuitNode::Type::parallel : CircuitNode::Type::series, items);
  }

  std::size_t code_series(char closing) {
    const std::vector<std::size_t> items = code_items(closing, 0);
    if (items.empty()) fail("found '" + shown() + "'", "an element or an opening bracket");
    return group(CircuitNode::Type::series, items);
  }

  // Both notations.

  std::size_t element() {
    const std::size_t begin = place_;
    const ElementInfo* found = nullptr;
    std::size_t length = 0;
    for (const ElementInfo& info : element_table()) {
      for (const std::string_view symbol : {info.symbol, info.cdc_symbol}) {
        // Boukamp's O and T are letters of description codes only.
        if (dashed_ && symbol == info.cdc_symbol && symbol != info.symbol && symbol != "Q") continue;
        if (symbol.size() > length && text_.substr(begin, symbol.size()) == symbol) {
          found = &info;
          length = symbol.size();
        }
      }
    }
    std::size_t word = begin;
    while (word < text_.size() && is_letter(text_[word])) ++word;
    // In dashed notation the whole word is the symbol: "CP1" is a mistake, not C.
    if (!found || (dashed_ && word != begin + length)) unknown_element(begin, word);
    if (circuit_.elements.size() == max_elements) fail("the circuit has too many elements", "at most 64");
    place_ = begin + length;
    const std::size_t label_begin = place_;
    if (peek() == '_') {
      ++place_;
      while (is_letter(peek()) || is_digit(peek()) || peek() == '_') ++place_;
      if (place_ == label_begin + 1) fail_at(label_begin, "'_' is not followed by a name", "a label such as R_gb");
    } else {
      while (is_digit(peek())) ++place_;
    }
    CircuitElement item;
    item.kind = found->kind;
    item.label = std::string(found->symbol) + std::string(text_.substr(label_begin, place_ - label_begin));
    columns_.push_back(begin);
    labelled_.push_back(place_ > label_begin);
    const std::size_t index = circuit_.elements.size();
    for (const ParameterInfo& info : found->parameters) {
      item.parameters.push_back(circuit_.parameters.size());
      Parameter parameter;
      parameter.name = info.name;
      parameter.unit = info.unit;
      parameter.role = info.role;
      parameter.scale = info.scale;
      parameter.lower = info.lower;
      parameter.upper = info.upper;
      circuit_.parameters.push_back(std::move(parameter));
    }
    circuit_.elements.push_back(std::move(item));
    skip_blanks();
    if (dashed_ || is_note_ahead()) notes(index);
    CircuitNode node;
    node.element = index;
    return add_node(std::move(node));
  }

  /// In description codes `{` opens a series group; a note holds '=' or '~' before its '}'.
  bool is_note_ahead() const {
    if (peek() != '{') return false;
    const std::size_t end = text_.find_first_of("{}", place_ + 1);
    const std::string_view inside =
        text_.substr(place_, end == std::string_view::npos ? std::string_view::npos : end - place_);
    return inside.find('=') != std::string_view::npos || inside.find('~') != std::string_view::npos;
  }

  [[noreturn]] void unknown_element(std::size_t begin, std::size_t word) const {
    if (word == begin) fail_at(begin, "found '" + shown() + "'", "an element symbol");
    const std::string name(text_.substr(begin, word - begin));
    std::vector<std::string> symbols;
    std::string all;
    for (const ElementInfo& info : element_table()) {
      symbols.emplace_back(info.symbol);
      all += (all.empty() ? "" : ", ") + std::string(info.symbol);
    }
    const std::string near = base::did_you_mean(name, symbols);
    fail_at(begin, "unknown element '" + name + "'", near.empty() ? "one of " + all : near);
  }

  std::string_view trimmed(std::size_t begin, std::size_t end) const {
    while (begin < end && is_blank(text_[begin])) ++begin;
    while (end > begin && is_blank(text_[end - 1])) --end;
    return text_.substr(begin, end - begin);
  }

  void notes(std::size_t index) {
    if (peek() != '{') return;
    const std::size_t opening = place_;
    const std::size_t closing = text_.find('}', opening);
    if (closing == std::string_view::npos) fail_at(opening, "'{' is never closed", "'}'");
    std::size_t begin = opening + 1;
    while (begin <= closing) {
      const std::size_t end = std::min(text_.find(',', begin), closing);
      note(index, begin, end);
      begin = end + 1;
    }
    place_ = closing + 1;
  }

  void note(std::size_t index, std::size_t begin, std::size_t end) {
    const CircuitElement& item = circuit_.elements[index];
    const ElementInfo& info = element_info(item.kind);
    const std::size_t sign = text_.find_first_of("=~", begin);
    if (sign >= end) fail_at(begin, "the note has no '=' or '~'", "a note such as {n=0.9} or {n~0.9}");
    const std::string name(trimmed(begin, sign));
    std::size_t slot = info.parameters.size();
    std::vector<std::string> names;
    for (std::size_t i = 0; i < info.parameters.size(); ++i) {
      names.emplace_back(info.parameters[i].name);
      if (info.parameters[i].name == name || (name.empty() && info.parameters.size() == 1)) slot = i;
    }
    if (slot == info.parameters.size()) {
      std::string all;
      for (const std::string& other : names) all += (all.empty() ? "" : ", ") + other;
      fail_at(begin, std::string(info.symbol) + " has no parameter '" + name + "'", "one of " + all);
    }
    Parameter& parameter = circuit_.parameters[item.parameters[slot]];
    const std::string_view value = trimmed(sign + 1, end);
    const std::size_t at = static_cast<std::size_t>(value.data() - text_.data());
    if (value.empty()) fail_at(sign, "the note has no value", "a number");
    if (text_[sign] == '~') {
      parameter.start = number(parameter, value, at, parameter.start.has_value());
    } else if (const std::size_t dots = value.find(".."); dots != std::string_view::npos) {
      const double lower = number(parameter, value.substr(0, dots), at, parameter.bounded_by_user);
      const double upper = number(parameter, value.substr(dots + 2), at + dots + 2, false);
      if (!(lower < upper)) fail_at(at, "the lower bound is not below the upper bound", "bounds such as 0.5..1");
      parameter.lower = lower;
      parameter.upper = upper;
      parameter.bounded_by_user = true;
    } else if (is_letter(value.front())) {
      shared_.push_back({index, slot, std::string(value), at});
    } else {
      parameter.fixed = number(parameter, value, at, parameter.fixed.has_value());
    }
    const auto outside = [&parameter](const std::optional<double>& x) {
      return x && (*x < parameter.lower || *x > parameter.upper);
    };
    if (outside(parameter.start) || outside(parameter.fixed)) {
      fail_at(at, "the value is outside the bounds of " + std::string(names[slot]),
              base::format_number(parameter.lower, 6) + " to " + base::format_number(parameter.upper, 6));
    }
  }

  double number(const Parameter& parameter, std::string_view value, std::size_t at, bool again) const {
    if (again) fail_at(at, "the note is given twice", "one note of each kind");
    const std::optional<double> found = base::try_parse_number(value);
    if (!found)
      fail_at(at, "'" + std::string(value) + "' is not a number", "a number, bounds a..b or a parameter name");
    const bool logarithmic = parameter.scale == ParameterScale::logarithmic;
    if (!std::isfinite(*found) || (logarithmic && !(*found > 0.0)) ||
        (!logarithmic && (*found < 0.0 || *found > 1.0))) {
      fail_at(at, "'" + std::string(value) + "' is outside the range of the parameter",
              logarithmic ? "a positive number" : "a number from 0 to 1");
    }
    return *found;
  }

  void number_unlabelled() {
    for (std::size_t i = 0; i < circuit_.elements.size(); ++i) {
      if (labelled_[i]) continue;
      const std::string symbol = circuit_.elements[i].label;
      for (std::size_t n = 1;; ++n) {
        const std::string label = symbol + std::to_string(n);
        const bool taken = std::any_of(circuit_.elements.begin(), circuit_.elements.end(),
                                       [&label](const CircuitElement& other) { return other.label == label; });
        if (taken) continue;
        circuit_.elements[i].label = label;
        break;
      }
    }
  }

  void check_labels() const {
    for (std::size_t i = 0; i < circuit_.elements.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (circuit_.elements[i].label == circuit_.elements[j].label) {
          fail_at(columns_[i],
                  "the label '" + circuit_.elements[i].label + "' stands at column " +
                      std::to_string(column_of(columns_[j])) + " already",
                  "different labels");
        }
      }
    }
  }

  void name_parameters() {
    for (const CircuitElement& item : circuit_.elements) {
      for (const std::size_t place : item.parameters) {
        Parameter& parameter = circuit_.parameters[place];
        parameter.name = item.parameters.size() > 1 ? item.label + "." + parameter.name : item.label;
      }
    }
  }

  void apply_shared() {
    std::vector<std::size_t> target(circuit_.parameters.size());
    for (std::size_t i = 0; i < target.size(); ++i) target[i] = i;
    for (const SharedNote& note : shared_) {
      std::size_t found = target.size();
      std::vector<std::string> names;
      for (std::size_t i = 0; i < circuit_.parameters.size(); ++i) {
        names.push_back(circuit_.parameters[i].name);
        if (names.back() == note.target) found = i;
      }
      if (found == target.size()) {
        const std::string near = base::did_you_mean(note.target, names);
        fail_at(note.column, "the circuit has no parameter '" + note.target + "'",
                near.empty() ? "a parameter such as '" + names.front() + "'" : near);
      }
      const std::size_t own = circuit_.elements[note.element].parameters[note.slot];
      const Parameter& parameter = circuit_.parameters[own];
      if (parameter.role != circuit_.parameters[found].role) {
        fail_at(note.column, "'" + parameter.name + "' and '" + note.target + "' are different quantities",
                "a parameter in " + parameter.unit);
      }
      if (parameter.fixed || parameter.start || parameter.bounded_by_user) {
        fail_at(note.column, "a shared parameter has another note too", "the notes at '" + note.target + "' only");
      }
      if (target[own] != own) fail_at(note.column, "the note is given twice", "one note of each kind");
      target[own] = found;
    }
    // Follows chains of notes; a chain that comes back to its start names itself.
    std::vector<std::size_t> place(target.size(), target.size());
    for (const SharedNote& note : shared_) {
      std::size_t at = circuit_.elements[note.element].parameters[note.slot];
      for (std::size_t steps = 0; target[at] != at; at = target[at]) {
        if (++steps > target.size()) fail_at(note.column, "the notes share in a circle", "a parameter of its own");
      }
    }
    // A parameter shared forwards keeps the earlier name, so that printing and reading give the same order.
    const auto end_of = [&target](std::size_t at) {
      while (target[at] != at) at = target[at];
      return at;
    };
    std::vector<Parameter> kept;
    for (std::size_t i = 0; i < target.size(); ++i) {
      const std::size_t end = end_of(i);
      if (place[end] == target.size()) {
        place[end] = kept.size();
        kept.push_back(circuit_.parameters[end]);
        kept.back().name = circuit_.parameters[i].name;
      }
    }
    for (CircuitElement& item : circuit_.elements) {
      for (std::size_t& parameter : item.parameters) parameter = place[end_of(parameter)];
    }
    circuit_.parameters = std::move(kept);
  }

  std::string_view text_;
  bool dashed_ = false;
  std::size_t place_ = 0;
  std::size_t depth_ = 0;
  Circuit circuit_;
  std::vector<std::size_t> columns_;
  std::vector<bool> labelled_;
  std::vector<SharedNote> shared_;
};

}  // namespace

Circuit parse_circuit(std::string_view text) { return Parser(text).parse(); }

}  // namespace closo::impedance
