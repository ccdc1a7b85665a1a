#include "closo/formats/detail/cells.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

#include "closo/formats/detail/text.hpp"

namespace closo::formats::detail {
namespace {

bool is_blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }

class Splitter {
 public:
  explicit Splitter(std::string_view line) : line_(line) {}

  void add(std::size_t begin, std::size_t end) {
    while (begin < end && is_blank(line_[begin])) ++begin;
    while (end > begin && is_blank(line_[end - 1])) --end;
    if (end - begin >= 2 && line_[begin] == '"' && line_[end - 1] == '"') {
      ++begin, --end;
      while (begin < end && is_blank(line_[begin])) ++begin;
      while (end > begin && is_blank(line_[end - 1])) --end;
    }
    // Cells come in order, so the characters before one are counted once.
    if (begin > counted_) {
      character_ += character_column(line_.substr(counted_), begin - counted_) - 1;
      counted_ = begin;
    }
    cells_.push_back({line_.substr(begin, end - begin), character_});
  }

  std::vector<Cell> take() { return std::move(cells_); }

 private:
  std::string_view line_;
  std::vector<Cell> cells_;
  std::size_t counted_ = 0;
  std::size_t character_ = 1;
};

std::vector<Cell> split_at_blanks(std::string_view line, std::size_t least) {
  Splitter splitter(line);
  std::size_t i = 0;
  while (i < line.size() && is_blank(line[i])) ++i;
  while (i < line.size()) {
    const std::size_t begin = i;
    std::size_t end = line.size();
    for (; i < line.size(); ++i) {
      if (!is_blank(line[i])) continue;
      std::size_t after = i;
      bool has_tab = false;
      for (; after < line.size() && is_blank(line[after]); ++after) has_tab = has_tab || line[after] == '\t';
      if (after - i >= least || has_tab || after == line.size()) {
        end = i;
        i = after;
        break;
      }
      i = after - 1;
    }
    splitter.add(begin, end);
  }
  return splitter.take();
}

}  // namespace

std::vector<Cell> split_cells(std::string_view line, Separator separator) {
  if (separator == Separator::blank) return split_at_blanks(line, 1);
  if (separator == Separator::wide_blank) return split_at_blanks(line, 2);
  const char mark = separator == Separator::tab ? '\t' : separator == Separator::semicolon ? ';' : ',';
  Splitter splitter(line);
  std::size_t begin = 0;
  for (;;) {
    std::size_t search = begin;
    std::size_t first = begin;
    while (first < line.size() && line[first] != mark && is_blank(line[first])) ++first;
    if (first < line.size() && line[first] == '"') {
      const std::size_t closing = line.find('"', first + 1);
      if (closing != std::string_view::npos) search = closing + 1;
    }
    const std::size_t end = std::min(line.find(mark, search), line.size());
    splitter.add(begin, end);
    if (end == line.size()) break;
    begin = end + 1;
  }
  return splitter.take();
}

void drop_empty_tail(std::vector<Cell>& cells) noexcept {
  while (!cells.empty() && cells.back().text.empty()) cells.pop_back();
}

std::optional<double> try_number(std::string_view text, DecimalMark mark) noexcept {
  constexpr std::size_t longest = 64;
  if (text.empty() || text.size() > longest) return std::nullopt;
  if (text.front() == '+') {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::array<char, longest> plain{};
  bool has_digit = false, negative_exponent = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == ',') {
      if (mark != DecimalMark::comma) return std::nullopt;
      c = '.';
    } else if (c == '.') {
      if (mark == DecimalMark::comma) return std::nullopt;
    } else if (c == 'D' || c == 'd') {
      c = 'e';
    }
    const bool allowed = (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
    if (!allowed) return std::nullopt;
    has_digit = has_digit || (c >= '0' && c <= '9');
    negative_exponent = negative_exponent || (c == '-' && i > 0);
    plain[i] = c;
  }
  if (!has_digit || plain[0] == '+') return std::nullopt;
  double value = 0.0;
  const char* end = plain.data() + text.size();
  const auto [stop, error] = std::from_chars(plain.data(), end, value);
  if (stop != end) return std::nullopt;
  if (error == std::errc::result_out_of_range) return negative_exponent ? std::optional(0.0) : std::nullopt;
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

std::optional<double> NumberReader::read(std::string_view text) noexcept {
  if (mark_ != DecimalMark::unknown) return try_number(text, mark_);
  const bool has_comma = text.find(',') != std::string_view::npos;
  const bool has_point = text.find('.') != std::string_view::npos;
  const DecimalMark mark = has_comma ? DecimalMark::comma : DecimalMark::point;
  const std::optional<double> value = try_number(text, mark);
  if (value && (has_comma || has_point)) mark_ = mark;
  return value;
}

bool is_not_a_number_text(std::string_view text) {
  std::string word = lower_case(trimmed(text));
  if (!word.empty() && (word.front() == '-' || word.front() == '+')) word.erase(0, 1);
  return word == "nan" || word == "inf" || word == "infinity" || word == "n/a" || word.starts_with("1.#") ||
         word.starts_with("nan(") || (word.starts_with('#') && word.size() > 1);
}

std::optional<RowStyle> row_of_numbers(std::string_view line, std::size_t least) {
  for (const Separator separator : {Separator::tab, Separator::semicolon, Separator::comma, Separator::blank}) {
    std::vector<Cell> cells = split_cells(line, separator);
    drop_empty_tail(cells);
    if (cells.size() < least) continue;
    NumberReader numbers(separator == Separator::comma ? DecimalMark::point : DecimalMark::unknown);
    const bool all = std::ranges::all_of(cells, [&numbers](const Cell& cell) {
      return cell.text.empty() ? false : numbers.read(cell.text).has_value();
    });
    if (all) return RowStyle{separator, cells.size()};
  }
  return std::nullopt;
}

}  // namespace closo::formats::detail
