#include "closo/formats/raw_volume.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/suggestion.hpp"
#include "closo/formats/detail/text.hpp"
#include "closo/formats/detail/voxels.hpp"

namespace closo::formats {
namespace {

using Json = nlohmann::json;

constexpr std::string_view schema = "closo-volume/1";

const std::vector<std::string>& known_keys() {
  static const std::vector<std::string> keys = {"schema",  "data",         "size",   "type",     "byte_order", "order",
                                                "spacing", "spacing_unit", "labels", "periodic", "origin"};
  return keys;
}

Json parse(std::string_view text, const std::string& file) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    // Bytes count from 1; the offending one is the last that was read.
    const std::string_view before = text.substr(0, std::min(error.byte > 0 ? error.byte - 1 : 0, text.size()));
    const auto line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
    const std::size_t begin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    throw base::InputError({file, line, detail::character_column(before.substr(begin), before.size() - begin)},
                           "the header is no JSON text", "an object such as {\"schema\": \"closo-volume/1\", …}");
  } catch (const Json::exception&) {
    throw base::InputError({file}, "the header has a number outside the range of double", "smaller numbers");
  }
}

/// The values of one header, each read with a message that names its key.
class Reader {
 public:
  Reader(const Json& object, const std::string& file) : object_(object), file_(file) {}

  [[noreturn]] void refuse(const std::string& key, const std::string& expected) const {
    const bool is_there = object_.contains(key);
    throw base::InputError(
        {file_}, is_there ? "'" + key + "' has an unsuitable value" : "the key '" + key + "' is missing", expected);
  }
  const Json* find(const std::string& key) const {
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }
  std::string text(const std::string& key, const std::string& otherwise) const {
    const Json* const value = find(key);
    if (value == nullptr) return otherwise;
    if (!value->is_string()) refuse(key, "a text");
    return value->get<std::string>();
  }
  /// Index of the word among `words`; the first where the key is missing.
  std::size_t choice(const std::string& key, const std::vector<std::string>& words) const {
    const std::string word = text(key, words.front());
    const auto found = std::ranges::find(words, word);
    if (found == words.end()) refuse(key, "'" + words[0] + "' or '" + words[1] + "'");
    return static_cast<std::size_t>(found - words.begin());
  }
  std::array<double, 3> three_numbers(const std::string& key) const {
    const Json* const value = find(key);
    const std::string expected = "three positive numbers, [x, y, z]";
    if (value == nullptr || !value->is_array() || value->size() != 3) refuse(key, expected);
    std::array<double, 3> numbers{};
    for (std::size_t i = 0; i < 3; ++i) {
      const Json& one = (*value)[i];
      if (!one.is_number()) refuse(key, expected);
      numbers[i] = one.get<double>();
      if (!(numbers[i] > 0.0) || !std::isfinite(numbers[i])) refuse(key, expected);
    }
    return numbers;
  }

 private:
  const Json& object_;
  const std::string& file_;
};

/// Sizes of as many voxels that the user may have meant.
std::string sizes_that_fit(std::size_t bytes, const RawHeader& header) {
  const auto& size = header.shape.size;
  const std::size_t width = header.is_16_bit ? 2 : 1;
  std::vector<std::string> sizes;
  const auto add = [&](const detail::VoxelSize& one) { sizes.push_back(detail::to_text(one)); };
  const std::size_t other = header.is_16_bit ? size[0] * size[1] * size[2] : 2 * size[0] * size[1] * size[2];
  if (bytes == other) sizes.push_back(header.is_16_bit ? "one byte a voxel" : "two bytes a voxel");
  const std::size_t voxels = bytes / width;
  if (voxels > 0 && bytes % width == 0) {
    for (std::size_t axis = 3; axis-- > 0;) {
      const std::size_t area = size[(axis + 1) % 3] * size[(axis + 2) % 3];
      detail::VoxelSize changed = size;
      changed[axis] = voxels / area;
      if (voxels % area == 0) add(changed);
    }
    const auto edge = static_cast<std::size_t>(std::llround(std::cbrt(static_cast<double>(voxels))));
    if (edge * edge * edge == voxels) add({edge, edge, edge});
  }
  std::string text;
  for (const std::string& one : sizes) text += (text.empty() ? "; what would fit: " : ", ") + one;
  return text;
}

}  // namespace

RawHeader read_raw_header(std::string_view json, const std::string& file) {
  const Json object = parse(json, file);
  if (!object.is_object()) throw base::InputError({file}, "the header is no JSON object", "an object in braces");
  for (const auto& item : object.items()) {
    if (std::ranges::find(known_keys(), item.key()) == known_keys().end()) {
      const std::string near = base::did_you_mean(item.key(), known_keys());
      throw base::InputError({file}, "unknown key " + detail::in_quotes(item.key()),
                             near.empty() ? "the keys of " + std::string(schema) : near);
    }
  }
  const Reader reader(object, file);
  if (reader.text("schema", "") != schema) reader.refuse("schema", "'" + std::string(schema) + "'");
  RawHeader header;
  header.data = reader.text("data", "");
  if (header.data.empty()) reader.refuse("data", "the name of the file with the bytes");
  const std::array<double, 3> size = reader.three_numbers("size");
  for (std::size_t i = 0; i < 3; ++i) {
    if (size[i] != std::floor(size[i]) || size[i] > static_cast<double>(detail::max_voxels)) {
      reader.refuse("size", "three whole numbers from 1 to " + std::to_string(detail::max_voxels));
    }
    header.shape.size[i] = static_cast<std::size_t>(size[i]);
  }
  detail::voxel_count(header.shape.size, {file});
  header.is_16_bit = reader.choice("type", {"uint8", "uint16"}) == 1;
  header.is_big_endian = reader.choice("byte_order", {"little", "big"}) == 1;
  header.shape.z_fastest = reader.choice("order", {"x_fastest", "z_fastest"}) == 1;
  if (reader.find("spacing") != nullptr) {
    const std::array<double, 3> spacing = reader.three_numbers("spacing");
    LabelVolume scaled;
    std::optional<double> unit;
    if (reader.find("spacing_unit") != nullptr) {
      unit = detail::metres(reader.text("spacing_unit", ""));
      if (!unit) reader.refuse("spacing_unit", "a length such as 'nm' or 'um'");
    }
    if (!detail::set_spacing(scaled, spacing, unit)) reader.refuse("spacing", "numbers from 1e-30 to 1e30");
    header.shape.spacing = scaled.spacing;
    header.spacing_is_known = scaled.spacing_is_known;
  } else if (reader.find("spacing_unit") != nullptr) {
    reader.refuse("spacing", "three positive numbers to go with spacing_unit");
  }
  if (const Json* const labels = reader.find("labels"); labels != nullptr) {
    if (!labels->is_array() || labels->size() > 256) reader.refuse("labels", "at most 256 names in brackets");
    for (const Json& one : *labels) {
      if (!one.is_string()) reader.refuse("labels", "names in quotes");
      header.names.push_back(detail::on_one_line(one.get<std::string>()));
    }
  }
  if (const Json* const periodic = reader.find("periodic"); periodic != nullptr) {
    if (!periodic->is_boolean()) reader.refuse("periodic", "true or false");
    header.is_periodic = periodic->get<bool>();
  }
  header.origin = reader.text("origin", "");
  return header;
}

LabelVolume read_raw_bytes(std::string_view bytes, const std::string& file, const RawHeader& header) {
  const detail::VoxelSize& size = header.shape.size;
  const detail::VoxelType type{detail::NumberKind::whole, header.is_16_bit ? std::size_t{2} : std::size_t{1}};
  const std::size_t wanted = detail::voxel_count(size, {file}) * type.bytes;
  if (bytes.size() != wanted) {
    throw base::InputError({file},
                           "the file has " + std::to_string(bytes.size()) + " bytes, " + detail::to_text(size) +
                               " voxels need " + std::to_string(wanted),
                           "as many bytes as voxels" + sizes_that_fit(bytes.size(), header));
  }
  LabelVolume volume;
  volume.size = size;
  volume.spacing = header.shape.spacing;
  volume.spacing_is_known = header.spacing_is_known;
  volume.names = header.names;
  volume.is_periodic = header.is_periodic;
  volume.origin = header.origin;
  const auto order = header.is_big_endian ? detail::ByteOrder::big : detail::ByteOrder::little;
  const detail::VoxelSize stored = header.shape.z_fastest ? detail::VoxelSize{size[2], size[1], size[0]} : size;
  volume.labels = detail::to_labels(bytes, type, order, stored, {file});
  if (header.shape.z_fastest) volume.labels = detail::from_z_fastest(volume.labels, size);
  return volume;
}

std::string write_raw_header(const LabelVolume& volume, const std::string& data) {
  detail::check_writable(volume);
  nlohmann::ordered_json object;
  object["schema"] = schema;
  object["data"] = data;
  object["size"] = volume.size;
  object["type"] = "uint8";
  object["order"] = "x_fastest";
  const detail::SpacingText spacing = detail::handy_spacing(volume);
  object["spacing"] = spacing.values;
  if (volume.spacing_is_known) object["spacing_unit"] = spacing.unit;
  if (!volume.names.empty()) object["labels"] = volume.names;
  object["periodic"] = volume.is_periodic;
  if (!volume.origin.empty()) object["origin"] = volume.origin;
  // Names that are not UTF-8 become replacement characters instead of an exception.
  return object.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace closo::formats
