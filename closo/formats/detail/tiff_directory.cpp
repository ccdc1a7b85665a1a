#include "closo/formats/detail/tiff_directory.hpp"

#include <set>

namespace closo::formats::detail {
namespace {

/// The parts in which classic and BigTIFF differ.
struct Widths {
  std::size_t count = 2;   ///< of entries in a directory
  std::size_t offset = 4;  ///< of offsets, and of counts in an entry
};

struct Entry {
  std::uint64_t tag = 0, type = 0, count = 0;
  std::size_t values = 0;  ///< where the values stand
};

std::size_t width_of(std::uint64_t type) noexcept {
  switch (type) {
    case 1:  // BYTE
    case 2:  // ASCII
    case 6:
    case 7:
      return 1;
    case 3:  // SHORT
    case 8:
      return 2;
    case 4:  // LONG
    case 9:
    case 11:
    case 13:  // IFD
      return 4;
    case 5:  // RATIONAL
    case 10:
    case 12:
    case 16:  // LONG8
    case 17:
    case 18:  // IFD8
      return 8;
    default:
      return 0;
  }
}

class DirectoryReader {
 public:
  DirectoryReader(std::string_view bytes, const std::string& file, ByteOrder order, Widths widths)
      : bytes_(bytes), file_(file), reader_(bytes, file, order), widths_(widths) {}

  TiffPage page(std::size_t offset, std::size_t number, std::size_t& next) {
    page_ = "page " + std::to_string(number);
    reader_.move_to(offset);
    const std::uint64_t entries = reader_.whole(widths_.count, "the directory of " + page_);
    const std::size_t size = 4 + 2 * widths_.offset;
    if (entries > reader_.remaining() / size) {
      throw base::InputError({file_}, "the directory of " + page_ + " lies beyond the end of the file",
                             "a complete file");
    }
    const std::size_t begin = reader_.position();
    TiffPage found;
    for (std::size_t i = 0; i < entries; ++i) {
      reader_.move_to(begin + i * size);
      Entry entry;
      entry.tag = reader_.whole(2, "a tag");
      entry.type = reader_.whole(2, "a tag");
      entry.count = reader_.whole(widths_.offset, "a tag");
      entry.values = reader_.position();
      take(entry, found);
    }
    reader_.move_to(begin + static_cast<std::size_t>(entries) * size);
    // Some writers end the file with the last directory and leave its zero out.
    next = reader_.remaining() < widths_.offset
               ? 0
               : static_cast<std::size_t>(reader_.whole(widths_.offset, "the next directory"));
    return found;
  }

 private:
  [[noreturn]] void refuse(const Entry& entry) const {
    throw base::InputError({file_},
                           "tag " + std::to_string(entry.tag) + " of " + page_ + " has type " +
                               std::to_string(entry.type) + " and " + std::to_string(entry.count) + " values",
                           "the types and counts of TIFF 6.0");
  }

  /// Moves to the values, which stand in the entry itself or where it points.
  void go_to_values(const Entry& entry) {
    const std::size_t width = width_of(entry.type);
    if (width == 0 || entry.count == 0 || entry.count > bytes_.size() / width) refuse(entry);
    reader_.move_to(entry.values);
    if (entry.count * width > widths_.offset) {
      reader_.move_to(static_cast<std::size_t>(reader_.whole(widths_.offset, "a tag")));
    }
  }

  std::vector<std::uint64_t> numbers(const Entry& entry) {
    const bool is_whole = entry.type == 1 || entry.type == 3 || entry.type == 4 || entry.type == 13 ||
                          entry.type == 16 || entry.type == 18;
    if (!is_whole) refuse(entry);
    go_to_values(entry);
    const std::size_t width = width_of(entry.type);
    if (entry.count > reader_.remaining() / width) refuse(entry);
    std::vector<std::uint64_t> values(static_cast<std::size_t>(entry.count));
    for (std::uint64_t& one : values) one = reader_.whole(width, "the values of a tag");
    return values;
  }
  std::uint64_t number(const Entry& entry) { return numbers(entry).front(); }

  double rational(const Entry& entry) {
    if (entry.type != 5 || entry.count != 1) refuse(entry);
    go_to_values(entry);
    const auto numerator = static_cast<double>(reader_.whole(4, "a resolution"));
    const auto denominator = static_cast<double>(reader_.whole(4, "a resolution"));
    return denominator > 0.0 ? numerator / denominator : 0.0;
  }

  std::string text(const Entry& entry) {
    if (entry.type != 2 && entry.type != 1 && entry.type != 7) refuse(entry);
    go_to_values(entry);
    const std::string_view found = reader_.text(static_cast<std::size_t>(entry.count), "a description");
    return std::string(found.substr(0, found.find('\0')));
  }

  void take(const Entry& entry, TiffPage& page) {
    switch (entry.tag) {
      case 254:
        page.subfile = number(entry);
        break;
      case 256:
        page.width = number(entry);
        break;
      case 257:
        page.height = number(entry);
        break;
      case 258:
        page.bits = number(entry);
        break;
      case 259:
        page.compression = number(entry);
        break;
      case 262:
        page.photometric = number(entry);
        break;
      case 266:
        page.fill_order = number(entry);
        break;
      case 270:
        page.description = text(entry);
        break;
      case 273:
      case 324:
        page.offsets = numbers(entry);
        break;
      case 277:
        page.samples = number(entry);
        break;
      case 278:
        page.rows_per_strip = number(entry);
        break;
      case 279:
      case 325:
        page.byte_counts = numbers(entry);
        break;
      case 282:
        page.x_resolution = rational(entry);
        break;
      case 283:
        page.y_resolution = rational(entry);
        break;
      case 296:
        page.resolution_unit = number(entry);
        break;
      case 317:
        page.predictor = number(entry);
        break;
      case 322:
        page.tile_width = number(entry);
        break;
      case 323:
        page.tile_height = number(entry);
        break;
      case 339:
        page.sample_format = number(entry);
        break;
      default:
        break;
    }
  }

  std::string_view bytes_;
  std::string file_;
  ByteReader reader_;
  Widths widths_;
  std::string page_;
};

}  // namespace

bool is_tiff(std::string_view bytes) noexcept {
  return bytes.starts_with(std::string_view("II*\0", 4)) || bytes.starts_with(std::string_view("MM\0*", 4)) ||
         bytes.starts_with(std::string_view("II+\0", 4)) || bytes.starts_with(std::string_view("MM\0+", 4));
}

TiffFile read_tiff_directories(std::string_view bytes, const std::string& file) {
  if (!is_tiff(bytes)) {
    throw base::InputError({file}, "the file does not begin as TIFF files do", "the bytes II*, MM*, II+ or MM+");
  }
  TiffFile tiff;
  tiff.order = bytes.front() == 'I' ? ByteOrder::little : ByteOrder::big;
  ByteReader head(bytes, file, tiff.order, 2);
  Widths widths;
  if (head.whole(2, "the version") == 43) {
    widths = {8, 8};
    if (head.whole(2, "the width of offsets") != 8 || head.whole(2, "the header") != 0) {
      throw base::InputError({file}, "the BigTIFF header has offsets of another width", "8 bytes");
    }
  }
  auto offset = static_cast<std::size_t>(head.whole(widths.offset, "the first directory"));
  if (offset == 0) throw base::InputError({file}, "the file has no directory", "at least one page");
  DirectoryReader reader(bytes, file, tiff.order, widths);
  std::set<std::size_t> seen;
  for (std::size_t number = 1; offset != 0; ++number) {
    if (!seen.insert(offset).second) {
      throw base::InputError({file}, "the directories run in a circle after page " + std::to_string(number - 1),
                             "a chain that ends");
    }
    std::size_t next = 0;
    TiffPage page = reader.page(offset, number, next);
    constexpr std::uint64_t reduced = 1, mask = 4;
    if ((page.subfile & (reduced | mask)) == 0) tiff.pages.push_back(std::move(page));
    offset = next;
  }
  if (tiff.pages.empty()) throw base::InputError({file}, "the file has reduced images only", "at least one whole page");
  return tiff;
}

}  // namespace closo::formats::detail
