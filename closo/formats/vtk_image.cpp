#include "closo/formats/vtk_image.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/base/number.hpp"
#include "closo/formats/detail/base64.hpp"
#include "closo/formats/detail/inflate.hpp"
#include "closo/formats/detail/text.hpp"
#include "closo/formats/detail/voxels.hpp"
#include "closo/formats/detail/vtk_legacy.hpp"
#include "closo/formats/detail/vtk_xml.hpp"

namespace closo::formats {
namespace {

/// One DataArray with where its numbers stand.
struct DataArray {
  detail::XmlTag tag;
  std::string_view content;
  bool is_of_cells = false;
  bool is_scalars = false;  ///< named as the scalars of its cells or points
};

std::optional<detail::VoxelType> type_of(const std::string& name) {
  using detail::NumberKind;
  static const std::map<std::string, detail::VoxelType> types = {
      {"Int8", {NumberKind::signed_whole, 1}},  {"UInt8", {NumberKind::whole, 1}},
      {"Int16", {NumberKind::signed_whole, 2}}, {"UInt16", {NumberKind::whole, 2}},
      {"Int32", {NumberKind::signed_whole, 4}}, {"UInt32", {NumberKind::whole, 4}},
      {"Int64", {NumberKind::signed_whole, 8}}, {"UInt64", {NumberKind::whole, 8}},
      {"Float32", {NumberKind::real, 4}},       {"Float64", {NumberKind::real, 8}}};
  const auto found = types.find(name);
  return found == types.end() ? std::nullopt : std::optional(found->second);
}

std::vector<double> numbers_of(std::string_view text) {
  std::vector<double> numbers;
  for (text = detail::trimmed(text); !text.empty();) {
    const std::size_t end = std::min(text.find_first_of(" \t\r\n"), text.size());
    if (const auto value = base::try_parse_number(text.substr(0, end))) numbers.push_back(*value);
    text.remove_prefix(end);
    while (!text.empty() && (text.front() == ' ' || (text.front() >= '\t' && text.front() <= '\r')))
      text.remove_prefix(1);
  }
  return numbers;
}

/// Bytes one after the other, raw or base64.
class Source {
 public:
  Source(std::string_view data, bool is_base64, const base::Place& place)
      : raw_(data), base64_(data, place), is_base64_(is_base64), place_(place) {}

  std::string take(std::size_t count) {
    if (is_base64_) return base64_.take(count);
    if (count > raw_.size()) {
      throw base::InputError(place_, "the file ends inside the data of an array",
                             std::to_string(count - raw_.size()) + " more bytes (is it cut off?)");
    }
    std::string bytes(raw_.substr(0, count));
    raw_.remove_prefix(count);
    return bytes;
  }
  std::size_t remaining_at_most() const noexcept { return is_base64_ ? base64_.remaining_at_most() : raw_.size(); }

 private:
  std::string_view raw_;
  detail::Base64Reader base64_;
  bool is_base64_;
  base::Place place_;
};

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& file) : file_(file), scanner_(bytes, file) {}

  LabelVolume volume() {
    read_tags();
    const DataArray& array = chosen();
    LabelVolume volume;
    volume.size = size_of(array);
    detail::voxel_count(volume.size, {file_});
    take_fields(volume);
    std::array<double, 3> spacing{1.0, 1.0, 1.0};
    const std::vector<double> numbers = numbers_of(image_.attribute("Spacing"));
    for (std::size_t i = 0; i < std::min<std::size_t>(3, numbers.size()); ++i) spacing[i] = numbers[i];
    const auto unit = texts_.find("spacing_unit");
    detail::set_spacing(volume, spacing, unit == texts_.end() ? std::nullopt : detail::metres(unit->second));
    volume.labels = labels_of(array, volume.size);
    return volume;
  }

 private:
  [[noreturn]] void refuse(const detail::XmlTag& tag, const std::string& what, const std::string& expected) const {
    throw base::InputError({file_, tag.line}, what, expected);
  }

  void read_tags() {
    detail::XmlTag tag;
    std::string section;
    std::string scalars;
    bool is_vtk = false;
    std::size_t pieces = 0;
    std::vector<std::pair<detail::XmlTag, std::string_view>> texts;
    while (scanner_.next(tag)) {
      if (tag.name == "VTKFile" && !tag.is_end) {
        is_vtk = true;
        root_ = tag;
        if (tag.attribute("type") != "ImageData") {
          refuse(tag, "the data set is " + detail::in_quotes(tag.attribute("type")), "ImageData");
        }
      } else if (!is_vtk) {
        refuse(tag, "the first tag is " + detail::in_quotes(tag.name), "VTKFile");
      } else if (tag.name == "ImageData" && !tag.is_end) {
        image_ = tag;
      } else if (tag.name == "Piece" && !tag.is_end) {
        if (++pieces > 1) refuse(tag, "the image is in several pieces", "one piece");
        piece_ = tag;
      } else if (tag.name == "FieldData" || tag.name == "PointData" || tag.name == "CellData") {
        section = tag.is_end || tag.is_empty ? "" : tag.name;
        scalars = tag.attribute("Scalars");
      } else if ((tag.name == "DataArray" || tag.name == "Array") && !tag.is_end) {
        const std::string_view content = tag.is_empty ? std::string_view() : scanner_.content();
        if (section == "FieldData") {
          texts.emplace_back(tag, content);
        } else if (!section.empty()) {
          const std::string components = tag.attribute("NumberOfComponents");
          if ((components.empty() || components == "1") && tag.attribute("type") != "String") {
            arrays_.push_back({tag, content, section == "CellData", tag.attribute("Name") == scalars});
          }
        }
      } else if (tag.name == "AppendedData" && !tag.is_end) {
        appended_ = scanner_.rest();
        const std::size_t mark = appended_.find('_');
        if (mark == std::string_view::npos)
          refuse(tag, "the appended data have no '_' before them", "'_' and the data");
        appended_.remove_prefix(mark + 1);
        const std::string encoding = tag.attribute("encoding");
        if (encoding != "raw" && encoding != "base64") {
          refuse(tag, "the appended data are encoded as " + detail::in_quotes(encoding), "raw or base64");
        }
        is_appended_base64_ = encoding == "base64";
        // Raw bytes may look like anything.
        break;
      }
    }
    if (!is_vtk) throw base::InputError({file_}, "the file has no tag 'VTKFile'", "a VTK XML file");
    for (const auto& text : texts) take_text(text.first, text.second);
  }

  const DataArray& chosen() const {
    const DataArray* best = nullptr;
    const auto rank = [](const DataArray& one) { return (one.is_of_cells ? 2 : 0) + (one.is_scalars ? 1 : 0); };
    for (const DataArray& one : arrays_) {
      if (best == nullptr || rank(one) > rank(*best)) best = &one;
    }
    if (best == nullptr) refuse(image_, "the image has no array with one component", "labels of the cells or points");
    return *best;
  }

  detail::VoxelSize size_of(const DataArray& array) const {
    const std::string text = image_.attribute("WholeExtent");
    const std::string part = piece_.attribute("Extent");
    const std::vector<double> extent = numbers_of(text);
    if (extent.size() != 6) refuse(image_, "the WholeExtent is " + detail::in_quotes(text), "six whole numbers");
    if (!part.empty() && numbers_of(part) != extent) {
      refuse(piece_, "the piece has the extent " + detail::in_quotes(part),
             "the whole extent, " + detail::in_quotes(text));
    }
    detail::VoxelSize size{};
    for (std::size_t i = 0; i < 3; ++i) {
      const double low = extent[2 * i], high = extent[2 * i + 1];
      constexpr double most = 2147483647.0;
      if (low != std::floor(low) || high != std::floor(high) || std::abs(low) > most || std::abs(high) > most ||
          high < low) {
        refuse(image_, "the WholeExtent is " + detail::in_quotes(text), "rising pairs of whole numbers");
      }
      const auto steps = static_cast<std::size_t>(high - low);
      // A flat image has one layer of cells.
      size[i] = array.is_of_cells ? std::max<std::size_t>(steps, 1) : steps + 1;
    }
    return size;
  }

  std::size_t header_width() const { return root_.attribute("header_type") == "UInt64" ? 8 : 4; }
  detail::ByteOrder order() const {
    return root_.attribute("byte_order") == "BigEndian" ? detail::ByteOrder::big : detail::ByteOrder::little;
  }

  std::size_t whole(Source& source) const {
    const std::string bytes = source.take(header_width());
    detail::ByteReader reader(bytes, file_, order());
    return static_cast<std::size_t>(reader.whole(header_width(), "the length of an array"));
  }

  /// The bytes of an array that is not written as text, which may be at most so many.
  std::string bytes_of(const detail::XmlTag& tag, std::string_view content, std::size_t most) const {
    const std::string format = tag.attribute("format");
    const base::Place place{file_, tag.line};
    std::string_view data = content;
    bool is_base64 = true;
    if (format == "appended") {
      const std::size_t offset = offset_of(tag);
      if (offset > appended_.size())
        refuse(tag, "the offset of an array lies behind the appended data", "a complete file");
      data = appended_.substr(offset);
      is_base64 = is_appended_base64_;
    } else if (format != "binary") {
      refuse(tag, "the array has the format " + detail::in_quotes(format), "ascii, binary or appended");
    }
    Source source(data, is_base64, place);
    const std::string compressor = root_.attribute("compressor");
    const auto refuse_size = [&](std::size_t size) {
      refuse(tag, "the array has " + std::to_string(size) + " bytes", std::to_string(most) + " bytes for the extent");
    };
    if (compressor.empty()) {
      const std::size_t size = whole(source);
      if (size > most) refuse_size(size);
      return source.take(size);
    }
    if (compressor != "vtkZLibDataCompressor") {
      refuse(tag, "the compressor is " + detail::in_quotes(compressor), "none or vtkZLibDataCompressor");
    }
    const std::size_t blocks = whole(source), block = whole(source), last = whole(source);
    if (blocks > source.remaining_at_most() / header_width()) refuse(tag, "the array is cut off", "a complete file");
    std::vector<std::size_t> lengths;
    for (std::size_t i = 0; i < blocks; ++i) lengths.push_back(whole(source));
    std::string bytes;
    for (std::size_t i = 0; i < blocks; ++i) {
      const std::size_t wanted = i + 1 == blocks && last != 0 ? last : block;
      if (wanted > most - bytes.size()) refuse_size(bytes.size() + wanted);
      if (lengths[i] > source.remaining_at_most()) refuse(tag, "the array is cut off", "a complete file");
      bytes += detail::inflate(source.take(lengths[i]), wanted, place);
    }
    return bytes;
  }

  std::size_t offset_of(const detail::XmlTag& tag) const {
    const std::vector<double> offset = numbers_of(tag.attribute("offset"));
    if (offset.size() != 1 || offset[0] < 0.0 || offset[0] > 1e15 || offset[0] != std::floor(offset[0])) {
      refuse(tag, "the offset of an array is " + detail::in_quotes(tag.attribute("offset")), "a whole number");
    }
    return static_cast<std::size_t>(offset[0]);
  }

  std::vector<std::uint8_t> labels_of(const DataArray& array, const detail::VoxelSize& size) const {
    const std::optional<detail::VoxelType> type = type_of(array.tag.attribute("type"));
    if (!type) {
      refuse(array.tag, "the array has the type " + detail::in_quotes(array.tag.attribute("type")),
             "Int8 to UInt64, Float32 or Float64");
    }
    const base::Place place{file_, array.tag.line};
    if (array.tag.attribute("format") == "ascii") return detail::text_to_labels(array.content, size, place);
    const std::size_t most = detail::voxel_count(size, place) * type->bytes;
    return detail::to_labels(bytes_of(array.tag, array.content, most), *type, order(), size, place);
  }

  /// Field data that are text: as numbers of characters (ascii) or bytes, each text ended by a zero.
  void take_text(const detail::XmlTag& tag, std::string_view content) {
    constexpr std::array<std::string_view, 4> known = {"label_names", "spacing_unit", "periodic", "origin"};
    const std::string name = tag.attribute("Name");
    if (tag.attribute("type") != "String" || std::ranges::find(known, name) == known.end()) return;
    std::string text;
    if (tag.attribute("format") == "ascii") {
      for (const double code : numbers_of(content)) {
        // VTK writes the bytes of UTF-8 as signed numbers.
        if (code < -128.0 || code > 255.0)
          refuse(tag, "the text has the byte " + base::format_number(code), "-128 to 255");
        text.push_back(static_cast<char>(static_cast<unsigned char>(static_cast<int>(code))));
      }
    } else {
      constexpr std::size_t most = 1U << 20U;
      text = bytes_of(tag, content, most);
    }
    texts_[name] = std::move(text);
  }

  void take_fields(LabelVolume& volume) {
    for (auto& [name, text] : texts_) {
      if (name == "label_names") {
        for (std::size_t at = 0, label = 0; at < text.size() && label < 256; ++label) {
          const std::size_t end = std::min(text.find('\0', at), text.size());
          detail::set_name(volume.names, label, text.substr(at, end - at));
          at = end + 1;
        }
        continue;
      }
      text = detail::on_one_line(text.substr(0, text.find('\0')));
      if (name == "periodic") volume.is_periodic = text == "true";
      if (name == "origin") volume.origin = text;
    }
  }

  const std::string& file_;
  detail::XmlScanner scanner_;
  detail::XmlTag root_, image_, piece_;
  std::vector<DataArray> arrays_;
  std::map<std::string, std::string> texts_;
  std::string_view appended_;
  bool is_appended_base64_ = false;
};

/// A text array of the field data.
std::string field_text(const std::string& name, const std::vector<std::string>& texts) {
  std::string element = "      <Array type=\"String\" Name=\"" + name + "\" NumberOfTuples=\"" +
                        std::to_string(texts.size()) + "\" format=\"ascii\">\n";
  for (const std::string& text : texts) {
    element += "       ";
    for (const char c : text) element += " " + std::to_string(static_cast<unsigned char>(c));
    element += " 0\n";
  }
  return element + "      </Array>\n";
}

}  // namespace

LabelVolume read_vtk_image(std::string_view bytes, const std::string& file) {
  if (bytes.starts_with("# vtk")) return detail::read_vtk_legacy(bytes, file);
  return Reader(bytes, file).volume();
}

std::string write_vtk_image(const LabelVolume& volume) {
  detail::check_writable(volume);
  const detail::SpacingText spacing = detail::handy_spacing(volume);
  std::string extent, steps;
  for (std::size_t i = 0; i < 3; ++i) {
    extent += (i == 0 ? "0 " : " 0 ") + std::to_string(volume.size[i]);
    steps += (i == 0 ? "" : " ") + base::format_exact(spacing.values[i]);
  }
  std::string text =
      "<?xml version=\"1.0\"?>\n"
      "<VTKFile type=\"ImageData\" version=\"1.0\" byte_order=\"LittleEndian\" header_type=\"UInt64\">\n"
      "  <ImageData WholeExtent=\"" +
      extent + "\" Origin=\"0 0 0\" Spacing=\"" + steps + "\">\n    <FieldData>\n";
  if (volume.spacing_is_known) text += field_text("spacing_unit", {std::string(spacing.unit)});
  if (!volume.names.empty()) text += field_text("label_names", volume.names);
  text += field_text("periodic", {volume.is_periodic ? "true" : "false"});
  if (!volume.origin.empty()) text += field_text("origin", {detail::on_one_line(volume.origin)});
  text += "    </FieldData>\n    <Piece Extent=\"" + extent +
          "\">\n      <CellData Scalars=\"labels\">\n"
          "        <DataArray type=\"UInt8\" Name=\"labels\" format=\"appended\" offset=\"0\"/>\n"
          "      </CellData>\n    </Piece>\n  </ImageData>\n  <AppendedData encoding=\"raw\">\n   _";
  for (std::size_t i = 0; i < 8; ++i) text.push_back(static_cast<char>(volume.labels.size() >> (8 * i) & 0xFFU));
  text.append(reinterpret_cast<const char*>(volume.labels.data()), volume.labels.size());
  return text + "\n  </AppendedData>\n</VTKFile>\n";
}

}  // namespace closo::formats
