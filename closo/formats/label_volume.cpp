#include "closo/formats/label_volume.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <new>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/formats/detail/npy_header.hpp"
#include "closo/formats/detail/text.hpp"
#include "closo/formats/detail/tiff_directory.hpp"
#include "closo/formats/detail/voxels.hpp"
#include "closo/formats/hdf5_volume.hpp"
#include "closo/formats/nrrd.hpp"
#include "closo/formats/numpy_volume.hpp"
#include "closo/formats/raw_volume.hpp"
#include "closo/formats/tiff_stack.hpp"
#include "closo/formats/vtk_image.hpp"

namespace closo::formats {
namespace {

namespace fs = std::filesystem;

constexpr std::array<VolumeFormat, 7> formats = {{
    {"hdf5", "HDF5", ".h5 .hdf5", true},
    {"tiff", "TIFF stack, or folder of TIFF slices", ".tif .tiff", true},
    {"nrrd", "NRRD", ".nrrd .nhdr", true},
    {"vtk_xml", "VTK XML image data", ".vti", true},
    {"vtk_legacy", "VTK legacy structured points", ".vtk", false},
    {"numpy", "NumPy array", ".npy", true},
    {"raw", "raw bytes with a JSON header", ".raw .json", true},
}};

/// Twice the largest image, for 16-bit data.
constexpr std::size_t max_file_bytes = 2 * detail::max_voxels;

std::string_view as_text(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string bytes_of(const fs::path& file) { return base::read_file_bytes(file, max_file_bytes); }

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

std::string extension_of(const fs::path& file) { return detail::lower_case(file.extension().string()); }

/// Name of a slice around its last number.
struct SliceName {
  std::string before, after;
  unsigned long long number = 0;
  fs::path path;
};

std::optional<SliceName> slice_name(const fs::path& path) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const std::string stem = path.stem().string();
  const auto last = std::find_if(stem.rbegin(), stem.rend(), is_digit);
  if (last == stem.rend()) return std::nullopt;
  const auto first = std::find_if_not(last, stem.rend(), is_digit);
  const std::string digits(first.base(), last.base());
  constexpr std::size_t most_digits = 18;
  if (digits.size() > most_digits) return std::nullopt;
  return SliceName{std::string(stem.begin(), first.base()), std::string(last.base(), stem.end()), std::stoull(digits),
                   path};
}

/// The TIFF files of a folder in the order of their numbers, which have to be evenly spaced.
std::vector<fs::path> slices_of(const fs::path& folder) {
  const std::string name = folder.string();
  std::vector<SliceName> slices;
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error) throw base::InputError({name}, "the folder cannot be read", "a readable folder");
  for (const fs::directory_entry& entry : entries) {
    const fs::path& path = entry.path();
    const std::string extension = extension_of(path);
    const bool is_hidden = path.filename().string().starts_with('.');
    if (is_hidden || (extension != ".tif" && extension != ".tiff") || !is_file(path)) continue;
    std::optional<SliceName> slice = slice_name(path);
    if (!slice) {
      throw base::InputError({path.string()}, "the name of a slice has no number",
                             "slices named by number, slice_001.tif");
    }
    slices.push_back(std::move(*slice));
  }
  if (slices.empty())
    throw base::InputError({name}, "the folder has no TIFF files", "slices named by number, slice_001.tif");
  std::ranges::sort(slices, {}, [](const SliceName& one) { return std::pair(one.number, one.path); });
  std::vector<fs::path> paths;
  for (std::size_t i = 0; i < slices.size(); ++i) {
    const SliceName& slice = slices[i];
    if (slice.before != slices[0].before || slice.after != slices[0].after) {
      throw base::InputError({slice.path.string()},
                             "the name differs from " + slices[0].path.filename().string() + " in more than the number",
                             "a folder with the slices of one image only");
    }
    if (i > 0 && slice.number == slices[i - 1].number) {
      throw base::InputError({slice.path.string()}, "the number of the slice stands twice", "one file a slice");
    }
    if (i > 1 && slice.number - slices[i - 1].number != slices[1].number - slices[0].number) {
      throw base::InputError({name},
                             "slices are missing near " + slices[i - 1].path.filename().string() + " and " +
                                 slice.path.filename().string(),
                             "numbers with one distance");
    }
    paths.push_back(slice.path);
  }
  return paths;
}

LabelVolume read_folder(const fs::path& folder) {
  LabelVolume volume;
  for (const fs::path& slice : slices_of(folder)) append_tiff_slice(volume, bytes_of(slice), slice.string());
  return volume;
}

LabelVolume read_with_header(const fs::path& file, std::string_view json) {
  const RawHeader header = read_raw_header(json, file.string());
  const fs::path data = file.parent_path() / header.data;
  return read_raw_bytes(bytes_of(data), data.string(), header);
}

/// The header beside raw bytes, if there is one.
std::optional<fs::path> header_beside(const fs::path& file) {
  for (const fs::path& path : {fs::path(file).replace_extension(".json"), fs::path(file.string() + ".json")}) {
    if (is_file(path)) return path;
  }
  return std::nullopt;
}

bool begins_as_hdf5(const fs::path& file) {
  constexpr std::string_view magic = "\x89HDF\r\n\x1a\n";
  std::array<char, magic.size()> head{};
  std::ifstream(file, std::ios::binary).read(head.data(), head.size());
  return std::string_view(head.data(), head.size()) == magic;
}

bool begins_as_json(std::string_view bytes) {
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && bytes[first] == '{';
}

LabelVolume read(const fs::path& file) {
  std::error_code error;
  if (fs::is_directory(file, error)) return read_folder(file);
  const std::string name = file.string();
  // Raw bytes may begin as anything; the header beside them decides.
  if (extension_of(file) == ".raw") {
    if (const auto header = header_beside(file)) return read_with_header(*header, base::read_text_file(*header));
  }
  if (begins_as_hdf5(file)) return read_hdf5_volume(file);
  const std::string bytes = bytes_of(file);
  const std::string_view text = bytes;
  if (detail::is_tiff(text)) return read_tiff_stack(text, name);
  if (text.starts_with("NRRD000")) {
    return read_nrrd(text, name, [&file](const std::string& data) { return bytes_of(file.parent_path() / data); });
  }
  if (text.starts_with("<?xml") || text.starts_with("<VTKFile") || text.starts_with("# vtk"))
    return read_vtk_image(text, name);
  if (detail::is_npy(text)) return read_numpy_volume(text, name);
  if (begins_as_json(text)) return read_with_header(file, text);
  if (extension_of(file) == ".raw") {
    throw base::InputError({name}, "raw bytes (" + std::to_string(bytes.size()) + ") without a header",
                           "a header " + fs::path(file).replace_extension(".json").filename().string() +
                               " beside the file, or the size by hand");
  }
  throw base::InputError(
      {name}, "the file is no voxel image that closo knows",
      "TIFF, NRRD, VTK image, HDF5, NumPy array, raw bytes with a JSON header, or a folder of TIFF slices");
}

/// What a large image does to a small machine, as an error of the input.
LabelVolume guarded(const fs::path& file, const std::function<LabelVolume()>& action) {
  try {
    return action();
  } catch (const std::bad_alloc&) {
    throw base::InputError({file.string()}, "the image does not fit into memory", "a smaller image, or more memory");
  } catch (const std::length_error&) {
    throw base::InputError({file.string()}, "the image does not fit into memory", "a smaller image, or more memory");
  }
}

}  // namespace

std::span<const VolumeFormat> volume_formats() noexcept { return formats; }

LabelVolume read_label_volume(const fs::path& file) {
  return guarded(file, [&file] { return read(file); });
}

LabelVolume read_raw_volume(const fs::path& file, const RawShape& shape) {
  return guarded(file, [&] {
    RawHeader header;
    header.shape = shape;
    header.spacing_is_known = shape.spacing != RawShape{}.spacing;
    return read_raw_bytes(bytes_of(file), file.string(), header);
  });
}

void write_label_volume(const LabelVolume& volume, const fs::path& file) {
  const std::string extension = extension_of(file);
  if (extension == ".tif" || extension == ".tiff") {
    base::write_file_atomically(file, write_tiff_stack(volume));
  } else if (extension == ".nrrd") {
    base::write_file_atomically(file, write_nrrd(volume));
  } else if (extension == ".vti") {
    base::write_file_atomically(file, write_vtk_image(volume));
  } else if (extension == ".h5" || extension == ".hdf5") {
    write_hdf5_volume(volume, file);
  } else if (extension == ".npy") {
    base::write_file_atomically(file, write_numpy_volume(volume));
  } else if (extension == ".raw" || extension == ".json") {
    const fs::path data = fs::path(file).replace_extension(".raw"), header = fs::path(file).replace_extension(".json");
    const std::string text = write_raw_header(volume, data.filename().string());
    // The header comes last: while it is missing the image is not there.
    base::write_file_atomically(data, as_text(volume.labels));
    base::write_file_atomically(header, text);
  } else {
    throw base::ParameterError("output", file.filename().string(),
                               "a file name that ends in .raw, .tif, .nrrd, .vti, .h5 or .npy");
  }
}

}  // namespace closo::formats
