#include "closo/formats/detail/vtk_legacy.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/formats/detail/text.hpp"
#include "closo/formats/detail/voxels.hpp"

namespace closo::formats::detail {
namespace {

/// Types of legacy files; empty for others.
std::optional<VoxelType> type_of(std::string_view name) {
  static const std::map<std::string, VoxelType, std::less<>> types = {{"char", {NumberKind::signed_whole, 1}},
                                                                      {"unsigned_char", {NumberKind::whole, 1}},
                                                                      {"short", {NumberKind::signed_whole, 2}},
                                                                      {"unsigned_short", {NumberKind::whole, 2}},
                                                                      {"int", {NumberKind::signed_whole, 4}},
                                                                      {"unsigned_int", {NumberKind::whole, 4}},
                                                                      {"long", {NumberKind::signed_whole, 8}},
                                                                      {"unsigned_long", {NumberKind::whole, 8}},
                                                                      {"vtktypeint64", {NumberKind::signed_whole, 8}},
                                                                      {"vtktypeuint64", {NumberKind::whole, 8}},
                                                                      {"signed_char", {NumberKind::signed_whole, 1}},
                                                                      {"float", {NumberKind::real, 4}},
                                                                      {"double", {NumberKind::real, 8}}};
  const auto found = types.find(lower_case(name));
  return found == types.end() ? std::nullopt : std::optional(found->second);
}

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& file) : bytes_(bytes), file_(file) {}

  LabelVolume volume() {
    if (!next_line().starts_with("# vtk DataFile Version")) {
      refuse("the file does not begin as legacy VTK files do", "# vtk DataFile Version");
    }
    LabelVolume volume;
    volume.origin = on_one_line(next_line());
    const std::string kind = lower_case(trimmed(next_line()));
    if (kind != "ascii" && kind != "binary") refuse("the third line is " + in_quotes(kind), "ASCII or BINARY");
    is_text_ = kind == "ascii";
    std::array<double, 3> spacing{1.0, 1.0, 1.0};
    while (next_words()) {
      const std::string word = lower_case(words_[0]);
      if (word == "dataset") {
        if (words_.size() < 2 || lower_case(words_[1]) != "structured_points") {
          refuse("the data set is no image", "STRUCTURED_POINTS");
        }
      } else if (word == "dimensions") {
        need(4);
        for (std::size_t i = 0; i < 3; ++i) points_[i] = parse_size(words_[i + 1], "a dimension", place());
      } else if (word == "spacing" || word == "aspect_ratio") {
        need(4);
        for (std::size_t i = 0; i < 3; ++i) spacing[i] = base::try_parse_number(words_[i + 1]).value_or(0.0);
      } else if (word == "cell_data" || word == "point_data") {
        begin_data(word == "cell_data");
      } else if (word == "scalars" && count_ > 0) {
        need(3);
        const std::size_t components =
            words_.size() > 3 ? parse_size(words_[3], "the number of components", place()) : 1;
        const auto type = words_[2];
        const std::size_t begin = at_;
        if (next_words() && lower_case(words_[0]) != "lookup_table") at_ = begin;
        if (take(type, components, count_, volume)) break;
      } else if (word == "color_scalars" && count_ > 0) {
        need(3);
        const std::size_t components = parse_size(words_[2], "the number of components", place());
        if (take("unsigned_char", components, count_, volume, true)) break;
      } else if (word == "field" && count_ > 0) {
        need(3);
        if (take_field(volume)) break;
      } else if (word == "metadata") {
        skip_metadata();
      }
    }
    if (volume.labels.empty())
      refuse("the file has no scalars", "CELL_DATA or POINT_DATA with SCALARS of one component");
    set_spacing(volume, spacing, std::nullopt);
    return volume;
  }

 private:
  base::Place place() const { return {file_, line_}; }
  [[noreturn]] void refuse(const std::string& what, const std::string& expected) const {
    throw base::InputError(place(), what, expected);
  }

  std::string_view next_line() {
    const std::size_t end = std::min(bytes_.find('\n', at_), bytes_.size());
    std::string_view line = bytes_.substr(at_, end - at_);
    // The end of the file belongs to its last line.
    if (at_ < bytes_.size() || line_ == 0) ++line_;
    at_ = std::min(end + 1, bytes_.size());
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }
  /// The words of the next line that has any; false at the end.
  bool next_words() {
    words_.clear();
    while (words_.empty() && at_ < bytes_.size()) {
      std::string_view line = trimmed(next_line());
      while (!line.empty()) {
        const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
        words_.emplace_back(line.substr(0, end));
        line = trimmed(line.substr(end));
      }
    }
    return !words_.empty();
  }
  void need(std::size_t count) const {
    if (words_.size() < count)
      refuse("the line of " + in_quotes(words_[0]) + " is too short", std::to_string(count) + " words");
  }

  void begin_data(bool is_of_cells) {
    need(2);
    if (points_[0] == 0) refuse("the data come before the dimensions", "DIMENSIONS first");
    size_ = points_;
    for (std::size_t& one : size_) {
      if (is_of_cells) one = std::max<std::size_t>(one - 1, 1);
    }
    count_ = voxel_count(size_, place());
    if (parse_size(words_[1], "the number of values", place()) != count_) {
      refuse("there are " + words_[1] + " values for " + to_text(size_) + (is_of_cells ? " cells" : " points"),
             std::to_string(count_));
    }
  }

  /// Reads or skips one array. Returns whether it has become the labels. VTK writes bytes as colours: in text as
  /// fractions of 255.
  bool take(const std::string& type_name, std::size_t components, std::size_t tuples, LabelVolume& volume,
            bool is_colour = false) {
    const std::optional<VoxelType> type = type_of(type_name);
    if (!type) refuse("the scalars are of type " + in_quotes(type_name), "a whole or real number type");
    const bool is_wanted = components == 1 && tuples == count_;
    if (components > max_voxels / tuples)
      refuse("an array has too many values", "at most " + std::to_string(max_voxels));
    const std::size_t values = components * tuples;
    const std::size_t begin = at_;
    if (is_text_) {
      for (std::size_t i = 0; i < values; ++i) {
        while (at_ < bytes_.size() && is_blank(bytes_[at_])) {
          if (bytes_[at_] == '\n') ++line_;
          ++at_;
        }
        if (at_ == bytes_.size())
          refuse("the file ends after " + std::to_string(i) + " values", std::to_string(values));
        while (at_ < bytes_.size() && !is_blank(bytes_[at_])) ++at_;
      }
    } else {
      const std::size_t room = (bytes_.size() - at_) / type->bytes;
      if (room < values) refuse("the file ends after " + std::to_string(room) + " values", std::to_string(values));
      at_ += values * type->bytes;
    }
    if (!is_wanted) return false;
    const std::string_view data = bytes_.substr(begin, at_ - begin);
    volume.size = size_;
    if (is_text_) {
      volume.labels = text_to_labels(is_colour ? bytes_of_colours(data) : std::string(data), size_, {file_});
    } else {
      volume.labels = to_labels(data, *type, ByteOrder::big, size_, {file_});
    }
    return true;
  }

  /// Fractions as the numbers they stand for; what is no fraction stays to be refused.
  static std::string bytes_of_colours(std::string_view data) {
    std::string numbers;
    for (std::size_t at = 0; at < data.size();) {
      const std::size_t end = std::min(data.find_first_of(" \t\r\n\v\f", at), data.size());
      const std::string_view word = data.substr(at, end - at);
      const std::optional<double> value = base::try_parse_number(word);
      const bool is_fraction = value && *value >= 0.0 && *value <= 1.0;
      numbers += is_fraction ? std::to_string(std::lround(*value * 255.0)) : std::string(word);
      numbers += ' ';
      at = end + 1;
    }
    return numbers;
  }

  /// FIELD name n, and n times: name components tuples type, data.
  bool take_field(LabelVolume& volume) {
    const std::size_t arrays = parse_size(words_[2], "the number of arrays", place());
    for (std::size_t i = 0; i < arrays && next_words(); ++i) {
      if (lower_case(words_[0]) == "metadata") {
        skip_metadata();
        if (!next_words()) break;
      }
      need(4);
      const std::string type = words_[3];
      const std::size_t components = parse_size(words_[1], "the number of components", place());
      const std::size_t tuples = parse_size(words_[2], "the number of tuples", place());
      if (take(type, components, tuples, volume)) return true;
    }
    return false;
  }

  /// A block that ends with a blank line.
  void skip_metadata() {
    while (at_ < bytes_.size() && !trimmed(next_line()).empty()) continue;
  }

  static bool is_blank(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

  std::string_view bytes_;
  const std::string& file_;
  std::size_t at_ = 0, line_ = 0;
  bool is_text_ = true;
  std::vector<std::string> words_;
  VoxelSize points_{}, size_{};
  std::size_t count_ = 0;
};

}  // namespace

LabelVolume read_vtk_legacy(std::string_view bytes, const std::string& file) { return Reader(bytes, file).volume(); }

}  // namespace closo::formats::detail
