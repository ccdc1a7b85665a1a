#include "closo/formats/nrrd.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/formats/detail/inflate.hpp"
#include "closo/formats/detail/text.hpp"
#include "closo/formats/detail/voxels.hpp"

namespace closo::formats {
namespace {

struct Field {
  std::string value;
  std::size_t line = 0;
};

/// "field: value" and "key:=value" lines up to the blank line that ends the header.
struct Header {
  std::map<std::string, Field> fields;
  std::map<std::string, std::string> keys;
  std::size_t end = 0;  ///< where the data begin
  bool has_data_mark = false;
};

Header read_header(std::string_view bytes, const std::string& file) {
  Header header;
  std::size_t number = 0;
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t found = std::min(bytes.find('\n', at), bytes.size());
    std::string_view line = bytes.substr(at, found - at);
    at = std::min(found + 1, bytes.size());
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    header.end = at;
    if (number == 1) {
      if (!line.starts_with("NRRD000")) {
        throw base::InputError({file, 1}, "the file does not begin as NRRD files do", "the word NRRD000 and a version");
      }
      continue;
    }
    if (line.empty()) {
      header.has_data_mark = true;
      break;
    }
    if (line.starts_with('#')) continue;
    const std::size_t key = line.find(":="), mark = line.find(": ");
    if (key != std::string_view::npos && (mark == std::string_view::npos || key < mark)) {
      header.keys[std::string(line.substr(0, key))] = std::string(line.substr(key + 2));
    } else if (mark != std::string_view::npos) {
      const std::string name = detail::lower_case(line.substr(0, mark));
      const Field field{std::string(detail::trimmed(line.substr(mark + 2))), number};
      if (!header.fields.emplace(name, field).second) {
        throw base::InputError({file, number}, "the field " + detail::in_quotes(name) + " stands twice", "once");
      }
    } else {
      throw base::InputError({file, number}, "the line " + detail::in_quotes(line) + " is no field",
                             "'field: value', 'key:=value', or a blank line before the data");
    }
  }
  return header;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text) {
    if (c != ' ' && c != '\t') {
      word.push_back(c);
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, {}));
    }
  }
  if (!word.empty()) words.push_back(word);
  return words;
}

/// The texts in quotes.
std::vector<std::string> texts_in_quotes(std::string_view text) {
  std::vector<std::string> found;
  while (true) {
    const std::size_t begin = text.find('"');
    const std::size_t end = begin == std::string_view::npos ? begin : text.find('"', begin + 1);
    if (end == std::string_view::npos) return found;
    found.emplace_back(text.substr(begin + 1, end - begin - 1));
    text.remove_prefix(end + 1);
  }
}

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& file, const DataFileReader& read_data)
      : bytes_(bytes), file_(file), read_data_(read_data), header_(read_header(bytes, file)) {}

  LabelVolume volume() {
    read_sizes();
    LabelVolume volume;
    volume.size = size_;
    detail::voxel_count(size_, place("sizes"));
    take_spacing(volume);
    take_keys(volume);
    volume.labels = labels();
    return volume;
  }

 private:
  base::Place place(const std::string& name) const {
    const auto found = header_.fields.find(name);
    return {file_, found == header_.fields.end() ? 0 : found->second.line};
  }
  const std::string* find(const std::string& name) const {
    const auto found = header_.fields.find(name);
    return found == header_.fields.end() ? nullptr : &found->second.value;
  }
  /// The field by its name or its other spelling.
  const std::string* find(const std::string& name, const std::string& other) const {
    const std::string* const found = find(name);
    return found != nullptr ? found : find(other);
  }
  const std::string& need(const std::string& name) const {
    const std::string* const found = find(name);
    if (found == nullptr)
      throw base::InputError({file_}, "the header has no field '" + name + "'", "type, dimension, sizes, encoding");
    return *found;
  }

  void read_sizes() {
    const std::size_t dimension = detail::parse_size(need("dimension"), "the dimension", place("dimension"));
    const std::vector<std::string> words = words_of(need("sizes"));
    if (words.size() != dimension || dimension > 16) {
      throw base::InputError(
          place("sizes"),
          "there are " + std::to_string(words.size()) + " sizes for dimension " + std::to_string(dimension),
          "one size for each of at most 16 axes");
    }
    std::vector<std::size_t> lengths;
    for (const std::string& word : words) lengths.push_back(detail::parse_size(word, "a size", place("sizes")));
    // Axes of length 1 beyond three (one component, one time) carry nothing.
    for (std::size_t i = 0; i < lengths.size(); ++i) axes_.push_back(i);
    for (std::size_t i = axes_.size(); i-- > 0 && axes_.size() > 3;) {
      if (lengths[axes_[i]] == 1) axes_.erase(axes_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (axes_.size() > 3) {
      throw base::InputError(place("sizes"), "the image has " + std::to_string(axes_.size()) + " axes longer than 1",
                             "two or three axes of labels");
    }
    dimension_ = dimension;
    size_ = {1, 1, 1};
    for (std::size_t i = 0; i < axes_.size(); ++i) size_[i] = lengths[axes_[i]];
  }

  detail::VoxelType type() const {
    using detail::NumberKind;
    static const std::map<std::string, detail::VoxelType> types = [] {
      std::map<std::string, detail::VoxelType> all;
      const auto add = [&all](detail::VoxelType one, std::initializer_list<const char*> names) {
        for (const char* const name : names) all[name] = one;
      };
      add({NumberKind::signed_whole, 1}, {"signed char", "int8", "int8_t"});
      add({NumberKind::whole, 1}, {"uchar", "unsigned char", "uint8", "uint8_t"});
      add({NumberKind::signed_whole, 2},
          {"short", "short int", "signed short", "signed short int", "int16", "int16_t"});
      add({NumberKind::whole, 2}, {"ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"});
      add({NumberKind::signed_whole, 4}, {"int", "signed int", "int32", "int32_t"});
      add({NumberKind::whole, 4}, {"uint", "unsigned int", "uint32", "uint32_t"});
      add({NumberKind::signed_whole, 8},
          {"longlong", "long long", "long long int", "signed long long", "signed long long int", "int64", "int64_t"});
      add({NumberKind::whole, 8}, {"ulonglong", "unsigned long long", "unsigned long long int", "uint64", "uint64_t"});
      add({NumberKind::real, 4}, {"float"});
      add({NumberKind::real, 8}, {"double"});
      return all;
    }();
    const auto found = types.find(detail::lower_case(need("type")));
    if (found == types.end()) {
      throw base::InputError(place("type"), "the type is " + detail::in_quotes(need("type")),
                             "a whole or real number such as 'uchar' or 'unsigned short'");
    }
    return found->second;
  }

  void take_spacing(LabelVolume& volume) const {
    if (const std::string* const spacings = find("spacings"); spacings != nullptr) {
      const std::vector<std::string> words = words_of(*spacings);
      if (words.size() != dimension_) {
        throw base::InputError(place("spacings"), "there are " + std::to_string(words.size()) + " spacings",
                               std::to_string(dimension_));
      }
      std::array<double, 3> values{1.0, 1.0, 1.0};
      for (std::size_t i = 0; i < axes_.size(); ++i) {
        // Unknown spacings are written as nan.
        values[i] = std::abs(base::try_parse_number(words[axes_[i]]).value_or(0.0));
      }
      if (axes_.size() < 3) values[2] = values[0];
      const std::string* const units = find("units");
      set_spacing(volume, values, units == nullptr ? std::vector<std::string>{} : texts_in_quotes(*units), true);
    } else if (const std::string* const directions = find("space directions"); directions != nullptr) {
      take_directions(volume, *directions);
    }
  }

  void set_spacing(LabelVolume& volume, std::array<double, 3> values, const std::vector<std::string>& units,
                   bool is_by_axis) const {
    std::array<double, 3> scale{1.0, 1.0, 1.0};
    bool is_known = !units.empty();
    for (std::size_t i = 0; i < axes_.size() && is_known; ++i) {
      const std::size_t at = is_by_axis ? axes_[i] : 0;
      const std::optional<double> one = at < units.size() ? detail::metres(units[at]) : std::nullopt;
      is_known = one.has_value();
      scale[i] = one.value_or(1.0);
    }
    if (axes_.size() < 3) scale[2] = scale[0];
    if (is_known) {
      for (std::size_t i = 0; i < 3; ++i) values[i] *= scale[i];
    }
    detail::set_spacing(volume, values, is_known ? std::optional(1.0) : std::nullopt);
  }

  /// Lengths of the axis vectors; where they point is not needed, but they have to be orthogonal.
  void take_directions(LabelVolume& volume, const std::string& text) const {
    std::vector<std::optional<std::vector<double>>> vectors;
    const auto refuse = [&](const std::string& what) {
      throw base::InputError(place("space directions"), "the space directions " + what,
                             "one vector such as (0.1,0,0) or 'none' for each axis");
    };
    for (std::size_t at = 0; at < text.size();) {
      if (text[at] == ' ' || text[at] == '\t') {
        ++at;
      } else if (text.compare(at, 4, "none") == 0) {
        vectors.emplace_back(std::nullopt);
        at += 4;
      } else if (text[at] == '(' && text.find(')', at) != std::string::npos) {
        const std::size_t end = text.find(')', at);
        std::vector<double> vector;
        for (std::size_t from = at + 1; from <= end;) {
          const std::size_t comma = std::min(text.find(',', from), end);
          const auto value = base::try_parse_number(detail::trimmed(std::string_view(text).substr(from, comma - from)));
          if (!value) refuse("have a part that is no number");
          vector.push_back(*value);
          from = comma + 1;
        }
        vectors.emplace_back(std::move(vector));
        at = end + 1;
      } else {
        refuse("are " + detail::in_quotes(text));
      }
    }
    if (vectors.size() != dimension_) refuse("are " + std::to_string(vectors.size()));
    std::array<double, 3> lengths{1.0, 1.0, 1.0};
    std::vector<const std::vector<double>*> used;
    for (std::size_t i = 0; i < axes_.size(); ++i) {
      const auto& vector = vectors[axes_[i]];
      if (!vector) return;
      double square = 0.0;
      for (const double one : *vector) square += one * one;
      lengths[i] = std::sqrt(square);
      for (std::size_t j = 0; j < used.size(); ++j) {
        if (used[j]->size() != vector->size()) refuse("have vectors of different length");
        double product = 0.0;
        for (std::size_t k = 0; k < vector->size(); ++k) product += (*vector)[k] * (*used[j])[k];
        constexpr double tolerance = 1e-4;  // headers carry few digits
        if (std::abs(product) > tolerance * lengths[i] * lengths[j]) refuse("are not orthogonal (a sheared image)");
      }
      used.push_back(&*vector);
    }
    if (axes_.size() < 3) lengths[2] = lengths[0];
    const std::string* const units = find("space units");
    set_spacing(volume, lengths, units == nullptr ? std::vector<std::string>{} : texts_in_quotes(*units), false);
  }

  void take_keys(LabelVolume& volume) const {
    if (const std::string* const content = find("content"); content != nullptr) volume.origin = *content;
    for (const auto& [key, value] : header_.keys) {
      std::size_t label = 0;
      const auto number = [&label](std::string_view text) {
        const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), label);
        return status == std::errc() && end == text.data() + text.size();
      };
      if (key.starts_with("label ") && number(std::string_view(key).substr(6))) {
        detail::set_name(volume.names, label, value);
      } else if (key == "periodic") {
        volume.is_periodic = value == "true";
      } else if (key.starts_with("Segment") && key.ends_with("_LabelValue")) {
        const auto name = header_.keys.find(key.substr(0, key.size() - std::string_view("LabelValue").size()) + "Name");
        if (name != header_.keys.end() && number(value)) {
          detail::set_name(volume.names, label, name->second);
        }
      }
    }
  }

  std::size_t skip(const std::string& name, const std::string& other, bool may_be_from_end) const {
    const std::string* const text = find(name, other);
    if (text == nullptr) return 0;
    if (may_be_from_end && *text == "-1") return from_end;
    std::size_t value = 0;
    const auto [end, status] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (status != std::errc() || end != text->data() + text->size()) {
      throw base::InputError(place(name), "the " + name + " is " + detail::in_quotes(*text), "a whole number");
    }
    return value;
  }

  std::vector<std::uint8_t> labels() const {
    const detail::VoxelType type = this->type();
    std::string detached;
    std::string_view data = bytes_.substr(header_.end);
    std::string data_file = file_;
    if (const std::string* const name = find("data file", "datafile"); name != nullptr) {
      if (name->starts_with("LIST") || name->find('%') != std::string::npos) {
        throw base::InputError(place("data file"), "the header names a list of data files", "one data file");
      }
      if (!read_data_)
        throw base::InputError(place("data file"), "the data lie in another file", "header and data in one file");
      detached = read_data_(*name);
      data = detached;
      data_file = *name;
    } else if (!header_.has_data_mark) {
      throw base::InputError({file_}, "the file ends inside the header", "a blank line and the data");
    }
    const base::Place where{data_file};
    for (std::size_t lines = skip("line skip", "lineskip", false); lines > 0; --lines) {
      const std::size_t end = data.find('\n');
      if (end == std::string_view::npos)
        throw base::InputError(where, "the file ends among the lines to skip", "the data behind them");
      data.remove_prefix(end + 1);
    }
    const std::string encoding = detail::lower_case(need("encoding"));
    const std::size_t wanted = detail::voxel_count(size_, place("sizes")) * type.bytes;
    const std::size_t bytes = skip("byte skip", "byteskip", true);
    const bool is_compressed = encoding == "gzip" || encoding == "gz";
    if (bytes == from_end) {
      if (encoding != "raw" || data.size() < wanted) {
        throw base::InputError(where, "the file has fewer bytes than the sizes say, or is compressed",
                               std::to_string(wanted) + " bytes at its end");
      }
      data.remove_prefix(data.size() - wanted);
    } else if (!is_compressed) {
      data = after(data, bytes, where);
    }
    if (encoding == "text" || encoding == "txt" || encoding == "ascii")
      return detail::text_to_labels(data, size_, where);
    if (encoding == "hex") return from_hex(data, type, where);
    std::string inflated;
    if (is_compressed) {
      // The bytes to skip are those of the inflated data.
      if (bytes > detail::max_voxels || (wanted + bytes) / detail::max_voxels_per_byte > data.size()) {
        throw base::InputError(
            where, std::to_string(data.size()) + " compressed bytes cannot hold " + detail::to_text(size_) + " voxels",
            "a complete file");
      }
      inflated = detail::inflate(data, wanted + bytes, where);
      data = after(inflated, bytes, where);
    } else if (encoding != "raw") {
      throw base::InputError(place("encoding"), "the encoding is " + detail::in_quotes(encoding),
                             "raw, gzip, text or hex");
    }
    return finished(data, type, where);
  }

  static std::string_view after(std::string_view data, std::size_t bytes, const base::Place& where) {
    if (bytes > data.size())
      throw base::InputError(where, "the file ends among the bytes to skip", "the data behind them");
    return data.substr(bytes);
  }

  std::vector<std::uint8_t> finished(std::string_view data, detail::VoxelType type, const base::Place& where) const {
    detail::ByteOrder order = detail::ByteOrder::little;
    if (type.bytes > 1) {
      const std::string endian = detail::lower_case(need("endian"));
      if (endian != "little" && endian != "big") {
        throw base::InputError(place("endian"), "the endian is " + detail::in_quotes(endian), "little or big");
      }
      order = endian == "big" ? detail::ByteOrder::big : detail::ByteOrder::little;
    }
    return detail::to_labels(data, type, order, size_, where);
  }

  std::vector<std::uint8_t> from_hex(std::string_view text, detail::VoxelType type, const base::Place& where) const {
    std::string data;
    int high = -1;
    for (const char c : text) {
      if (c == ' ' || (c >= '\t' && c <= '\r')) continue;
      const int value = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (value < 0) throw base::InputError(where, "the hex data have a character that is no digit", "0-9 and a-f");
      if (high < 0) {
        high = value;
      } else {
        data.push_back(static_cast<char>(16 * std::exchange(high, -1) + value));
      }
    }
    return finished(data, type, where);
  }

  static constexpr std::size_t from_end = static_cast<std::size_t>(-1);

  std::string_view bytes_;
  const std::string& file_;
  const DataFileReader& read_data_;
  Header header_;
  std::size_t dimension_ = 0;
  std::vector<std::size_t> axes_;  ///< of the file, for x, y, z
  detail::VoxelSize size_{};
};

}  // namespace

LabelVolume read_nrrd(std::string_view bytes, const std::string& file, const DataFileReader& read_data) {
  return Reader(bytes, file, read_data).volume();
}

std::string write_nrrd(const LabelVolume& volume) {
  detail::check_writable(volume);
  const auto& size = volume.size;
  std::string text = "NRRD0005\ntype: uchar\ndimension: 3\n";
  text += "sizes: " + std::to_string(size[0]) + " " + std::to_string(size[1]) + " " + std::to_string(size[2]) + "\n";
  const detail::SpacingText spacing = detail::handy_spacing(volume);
  text += "spacings:";
  for (const double one : spacing.values) text += " " + base::format_exact(one);
  text += "\n";
  if (volume.spacing_is_known) {
    const std::string unit = " \"" + std::string(spacing.unit) + "\"";
    text += "units:" + unit + unit + unit + "\n";
  }
  text += "kinds: domain domain domain\nencoding: gzip\n";
  if (const std::string origin = detail::on_one_line(volume.origin); !origin.empty())
    text += "content: " + origin + "\n";
  for (std::size_t i = 0; i < volume.names.size(); ++i) {
    text += "label " + std::to_string(i) + ":=" + volume.names[i] + "\n";
  }
  if (volume.is_periodic) text += "periodic:=true\n";
  text += "\n";
  return text + detail::gzip({reinterpret_cast<const char*>(volume.labels.data()), volume.labels.size()});
}

}  // namespace closo::formats
