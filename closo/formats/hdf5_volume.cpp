#include "closo/formats/hdf5_volume.hpp"

#include <hdf5.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "closo/base/error.hpp"
#include "closo/formats/detail/text.hpp"
#include "closo/formats/detail/voxels.hpp"

namespace closo::formats {
namespace {

/// An identifier of the library, closed on every way out.
class Handle {
 public:
  Handle(hid_t id, herr_t (*closer)(hid_t)) : id_(id), close_(closer) {}
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  ~Handle() { close(); }
  hid_t get() const noexcept { return id_; }
  bool is_valid() const noexcept { return id_ >= 0; }
  bool close() noexcept { return id_ < 0 || close_(std::exchange(id_, -1)) >= 0; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

/// The library prints its errors unless told otherwise; as it was afterwards.
class Silence {
 public:
  Silence() {
    H5Eget_auto2(H5E_DEFAULT, &function_, &data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
  ~Silence() { H5Eset_auto2(H5E_DEFAULT, function_, data_); }

 private:
  H5E_auto2_t function_ = nullptr;
  void* data_ = nullptr;
};

Handle open_attribute(hid_t object, const std::string& name) {
  const bool is_there = H5Aexists(object, name.c_str()) > 0;
  return {is_there ? H5Aopen(object, name.c_str(), H5P_DEFAULT) : -1, H5Aclose};
}

/// The three numbers of an attribute, or none.
std::optional<std::array<double, 3>> three_numbers(hid_t object, const std::string& name) {
  const Handle attribute = open_attribute(object, name);
  if (!attribute.is_valid()) return std::nullopt;
  const Handle space(H5Aget_space(attribute.get()), H5Sclose);
  std::array<double, 3> values{};
  if (H5Sget_simple_extent_npoints(space.get()) != 3) return std::nullopt;
  if (H5Aread(attribute.get(), H5T_NATIVE_DOUBLE, values.data()) < 0) return std::nullopt;
  return values;
}

/// The texts of an attribute, of fixed or variable length; empty where it is none.
std::vector<std::string> texts_of(hid_t object, const std::string& name) {
  std::vector<std::string> texts;
  const Handle attribute = open_attribute(object, name);
  if (!attribute.is_valid()) return texts;
  const Handle space(H5Aget_space(attribute.get()), H5Sclose);
  const Handle type(H5Aget_type(attribute.get()), H5Tclose);
  const hssize_t count = H5Sget_simple_extent_npoints(space.get());
  if (H5Tget_class(type.get()) != H5T_STRING || count < 1 || count > 256) return texts;
  const auto size = static_cast<std::size_t>(count);
  if (H5Tis_variable_str(type.get()) > 0) {
    std::vector<char*> pointers(size, nullptr);
    const Handle memory(H5Tcopy(type.get()), H5Tclose);
    if (H5Aread(attribute.get(), memory.get(), pointers.data()) < 0) return texts;
    for (const char* const text : pointers) texts.emplace_back(text == nullptr ? "" : detail::on_one_line(text));
    H5Dvlen_reclaim(memory.get(), space.get(), H5P_DEFAULT, pointers.data());
    return texts;
  }
  const std::size_t width = H5Tget_size(type.get());
  constexpr std::size_t most = 65536;
  if (width == 0 || width > most) return texts;
  std::string bytes(width * size, '\0');
  if (H5Aread(attribute.get(), type.get(), bytes.data()) < 0) return texts;
  for (std::size_t i = 0; i < size; ++i) {
    const std::string text = bytes.substr(i * width, width);
    texts.push_back(detail::on_one_line(text.substr(0, text.find('\0'))));
  }
  return texts;
}

bool is_true(hid_t object, const std::string& name) {
  const Handle attribute = open_attribute(object, name);
  if (!attribute.is_valid()) return false;
  const Handle space(H5Aget_space(attribute.get()), H5Sclose);
  const Handle type(H5Aget_type(attribute.get()), H5Tclose);
  unsigned char value[8] = {};
  if (H5Sget_simple_extent_npoints(space.get()) != 1 || H5Tget_size(type.get()) > sizeof value) return false;
  if (H5Tget_class(type.get()) == H5T_STRING) return false;
  if (H5Aread(attribute.get(), type.get(), value) < 0) return false;
  return std::ranges::any_of(value, [](unsigned char byte) { return byte != 0; });
}

/// Axes and kind of numbers of a data set.
struct Description {
  std::vector<hsize_t> axes;
  H5T_class_t kind = H5T_NO_CLASS;
  std::size_t width = 0;
  bool is_signed = false;

  bool is_whole() const noexcept { return kind == H5T_INTEGER || kind == H5T_ENUM || kind == H5T_BITFIELD; }
  std::string text() const {
    std::string words;
    for (const hsize_t one : axes) words += (words.empty() ? "" : " x ") + std::to_string(one);
    return (words.empty() ? "a single value" : words) + (is_whole()          ? " whole"
                                                         : kind == H5T_FLOAT ? " real"
                                                                             : " other");
  }
};

Description describe(hid_t dataset) {
  Description description;
  const Handle space(H5Dget_space(dataset), H5Sclose);
  const Handle type(H5Dget_type(dataset), H5Tclose);
  description.kind = H5Tget_class(type.get());
  description.width = H5Tget_size(type.get());
  description.is_signed = description.kind == H5T_INTEGER && H5Tget_sign(type.get()) == H5T_SGN_2;
  const int axes = H5Sget_simple_extent_ndims(space.get());
  if (axes > 0) {
    description.axes.resize(static_cast<std::size_t>(axes));
    H5Sget_simple_extent_dims(space.get(), description.axes.data(), nullptr);
  }
  return description;
}

/// Filled while the objects of a file are visited.
struct Search {
  std::string first;
  std::string seen;
};

extern "C" herr_t visit(hid_t file, const char* name, const H5O_info_t* info, void* data) {
  if (info->type != H5O_TYPE_DATASET) return 0;
  try {
    auto& search = *static_cast<Search*>(data);
    const Handle dataset(H5Dopen2(file, name, H5P_DEFAULT), H5Dclose);
    if (!dataset.is_valid()) return 0;
    const Description description = describe(dataset.get());
    search.seen += (search.seen.empty() ? "" : "; ") + std::string(name) + " (" + description.text() + ")";
    if (description.axes.size() != 3 || !description.is_whole()) return 0;
    search.first = name;
    return 1;
  } catch (...) {
    return -1;  // nothing may leave through the C library
  }
}

std::string first_of(hid_t file, const std::string& name) {
  Search search;
  H5Ovisit(file, H5_INDEX_NAME, H5_ITER_INC, visit, &search);
  if (search.first.empty()) {
    throw base::InputError({name},
                           search.seen.empty() ? "the file has no data set"
                                               : "no data set has three axes of whole numbers: " + search.seen,
                           "a three-dimensional image of labels");
  }
  return search.first;
}

/// The type of the numbers in memory: the whole numbers behind an enumeration, in the machine's byte order.
Handle memory_type(hid_t dataset, const Description& description) {
  const Handle stored(H5Dget_type(dataset), H5Tclose);
  if (description.kind == H5T_INTEGER) return {H5Tget_native_type(stored.get(), H5T_DIR_ASCEND), H5Tclose};
  return {H5Tcopy(stored.get()), H5Tclose};
}

detail::ByteOrder order_of(hid_t type) {
  const bool is_enumeration = H5Tget_class(type) == H5T_ENUM;
  const Handle base(is_enumeration ? H5Tget_super(type) : H5Tcopy(type), H5Tclose);
  return H5Tget_order(base.get()) == H5T_ORDER_BE ? detail::ByteOrder::big : detail::ByteOrder::little;
}

void take_attributes(hid_t dataset, bool is_flat, LabelVolume& volume) {
  const auto turned = [](const std::array<double, 3>& zyx) { return std::array<double, 3>{zyx[2], zyx[1], zyx[0]}; };
  if (const auto micrometres = three_numbers(dataset, "element_size_um")) {
    detail::set_spacing(volume, turned(*micrometres), 1e-6);
  } else if (const auto size = three_numbers(dataset, "voxel_size")) {
    const std::vector<std::string> unit = texts_of(dataset, "voxel_size_unit");
    detail::set_spacing(volume, turned(*size), unit.empty() ? std::nullopt : detail::metres(unit[0]));
  }
  if (is_flat && !volume.spacing_is_known) volume.spacing = {1.0, 1.0, 1.0};
  volume.names = texts_of(dataset, "label_names");
  volume.is_periodic = is_true(dataset, "periodic");
  const std::vector<std::string> origin = texts_of(dataset, "origin");
  if (!origin.empty()) volume.origin = origin[0];
}

void write_texts(hid_t object, const std::string& name, const std::vector<std::string>& texts, bool is_list) {
  const Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.get(), H5T_VARIABLE);
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  const hsize_t count = texts.size();
  const Handle space(is_list ? H5Screate_simple(1, &count, nullptr) : H5Screate(H5S_SCALAR), H5Sclose);
  const Handle attribute(H5Acreate2(object, name.c_str(), type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  std::vector<const char*> pointers;
  for (const std::string& text : texts) pointers.push_back(text.c_str());
  if (!attribute.is_valid() || H5Awrite(attribute.get(), type.get(), pointers.data()) < 0) {
    throw base::InternalError("HDF5 refuses the attribute " + name);
  }
}

/// Whether everything was written.
bool write_file(const LabelVolume& volume, const std::string& path) {
  Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), H5Fclose);
  if (!file.is_valid()) return false;
  const std::array<hsize_t, 3> axes = {volume.size[2], volume.size[1], volume.size[0]};
  {
    const Handle space(H5Screate_simple(3, axes.data(), nullptr), H5Sclose);
    const Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    constexpr hsize_t edge = 64;
    const std::array<hsize_t, 3> chunk = {std::min(edge, axes[0]), std::min(edge, axes[1]), std::min(edge, axes[2])};
    H5Pset_chunk(properties.get(), 3, chunk.data());
    H5Pset_deflate(properties.get(), 4);
    H5Pset_obj_track_times(properties.get(), 0);  // equal volumes give equal files
    const Handle dataset(
        H5Dcreate2(file.get(), "labels", H5T_STD_U8LE, space.get(), H5P_DEFAULT, properties.get(), H5P_DEFAULT),
        H5Dclose);
    if (!dataset.is_valid()) return false;
    if (H5Dwrite(dataset.get(), H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, volume.labels.data()) < 0)
      return false;
    const double scale = volume.spacing_is_known ? 1e6 : 1.0;
    const std::array<double, 3> spacing = {volume.spacing[2] * scale, volume.spacing[1] * scale,
                                           volume.spacing[0] * scale};
    const hsize_t three = 3;
    const Handle numbers(H5Screate_simple(1, &three, nullptr), H5Sclose);
    const char* const name = volume.spacing_is_known ? "element_size_um" : "voxel_size";
    const Handle size(H5Acreate2(dataset.get(), name, H5T_IEEE_F64LE, numbers.get(), H5P_DEFAULT, H5P_DEFAULT),
                      H5Aclose);
    if (H5Awrite(size.get(), H5T_NATIVE_DOUBLE, spacing.data()) < 0) return false;
    const Handle single(H5Screate(H5S_SCALAR), H5Sclose);
    const Handle periodic(H5Acreate2(dataset.get(), "periodic", H5T_STD_U8LE, single.get(), H5P_DEFAULT, H5P_DEFAULT),
                          H5Aclose);
    const unsigned char flag = volume.is_periodic ? 1 : 0;
    if (H5Awrite(periodic.get(), H5T_NATIVE_UCHAR, &flag) < 0) return false;
    if (!volume.names.empty()) write_texts(dataset.get(), "label_names", volume.names, true);
    if (!volume.origin.empty()) write_texts(dataset.get(), "origin", {detail::on_one_line(volume.origin)}, false);
  }
  return file.close();
}

}  // namespace

bool hdf5_is_available() noexcept { return true; }

LabelVolume read_hdf5_volume(const std::filesystem::path& path, const std::string& name) {
  const Silence silence;
  const std::string text = path.string();
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    throw base::InputError({text}, "the file cannot be read", "an HDF5 file");
  }
  const Handle file(H5Fopen(text.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
  if (!file.is_valid())
    throw base::InputError({text}, "the file is no HDF5 file, or damaged or cut off", "an HDF5 file");
  const std::string found = name.empty() ? first_of(file.get(), text) : name;
  const Handle dataset(H5Dopen2(file.get(), found.c_str(), H5P_DEFAULT), H5Dclose);
  const std::string what = "the data set " + detail::in_quotes(found);
  if (!dataset.is_valid()) {
    Search search;
    H5Ovisit(file.get(), H5_INDEX_NAME, H5_ITER_INC, visit, &search);
    throw base::InputError({text}, what + " is missing", search.seen.empty() ? "a data set" : "one of: " + search.seen);
  }
  const Description description = describe(dataset.get());
  const std::size_t axes = description.axes.size();
  const std::size_t width = description.width;
  if (!description.is_whole() || (axes != 2 && axes != 3) || (width != 1 && width != 2 && width != 4 && width != 8)) {
    throw base::InputError({text}, what + " has " + description.text() + " numbers",
                           "two or three axes of whole numbers");
  }
  LabelVolume volume;
  volume.size = {1, 1, 1};
  for (std::size_t i = 0; i < axes; ++i) volume.size[i] = static_cast<std::size_t>(description.axes[axes - 1 - i]);
  const std::size_t count = detail::voxel_count(volume.size, {text});
  // Chunks that were never written take no room and would read as zeros.
  if (count / detail::max_voxels_per_byte > H5Dget_storage_size(dataset.get())) {
    throw base::InputError({text}, what + " has " + detail::to_text(volume.size) + " voxels but hardly any data",
                           "a complete file");
  }
  const Handle type = memory_type(dataset.get(), description);
  const detail::VoxelType voxel{description.is_signed ? detail::NumberKind::signed_whole : detail::NumberKind::whole,
                                width};
  const Handle space(H5Dget_space(dataset.get()), H5Sclose);
  // Slab by slab, so that wide numbers need no second copy of the image.
  const std::size_t slabs = axes == 3 ? volume.size[2] : 1, area = count / slabs;
  const std::size_t at_once = std::clamp<std::size_t>((std::size_t{1} << 24U) / area, 1, slabs);
  std::string bytes;
  for (std::size_t z = 0; z < slabs; z += at_once) {
    const std::size_t layers = std::min(at_once, slabs - z);
    std::vector<hsize_t> start(axes, 0), extent = description.axes;
    if (axes == 3) start[0] = z, extent[0] = layers;
    H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, extent.data(), nullptr);
    const Handle memory(H5Screate_simple(static_cast<int>(axes), extent.data(), nullptr), H5Sclose);
    bytes.resize(layers * area * width);
    if (H5Dread(dataset.get(), type.get(), memory.get(), space.get(), H5P_DEFAULT, bytes.data()) < 0) {
      throw base::InputError({text}, what + " cannot be read (damaged, or a filter that is not installed)",
                             "data without filter, or deflated");
    }
    detail::append_labels(volume.labels, bytes, voxel, order_of(type.get()), volume.size, {text});
  }
  take_attributes(dataset.get(), axes == 2, volume);
  return volume;
}

void write_hdf5_volume(const LabelVolume& volume, const std::filesystem::path& path) {
  detail::check_writable(volume);
  const Silence silence;
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const std::filesystem::path temporary =
      folder / ("." + path.filename().string() + "." + std::to_string(::getpid()) + ".part");
  std::error_code error;
  bool is_written = false;
  try {
    is_written = write_file(volume, temporary.string());
  } catch (const base::InternalError&) {
    std::filesystem::remove(temporary, error);
    throw;
  }
  if (is_written) std::filesystem::rename(temporary, path, error);
  if (!is_written || error) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw base::InputError({path.string()}, "the file cannot be written",
                           "a folder that exists and can be written, and a disk with free space");
  }
}

}  // namespace closo::formats
