#include "closo/formats/numpy_volume.hpp"

#include <map>
#include <optional>

#include "closo/base/error.hpp"
#include "closo/formats/detail/npy_header.hpp"
#include "closo/formats/detail/text.hpp"
#include "closo/formats/detail/voxels.hpp"

namespace closo::formats {
namespace {

std::optional<detail::VoxelType> type_of(const std::string& kind) {
  using detail::NumberKind;
  // 'b1' are booleans; in front stands the byte order.
  static const std::map<std::string, detail::VoxelType, std::less<>> types = {
      {"b1", {NumberKind::whole, 1}},        {"u1", {NumberKind::whole, 1}},
      {"u2", {NumberKind::whole, 2}},        {"u4", {NumberKind::whole, 4}},
      {"u8", {NumberKind::whole, 8}},        {"i1", {NumberKind::signed_whole, 1}},
      {"i2", {NumberKind::signed_whole, 2}}, {"i4", {NumberKind::signed_whole, 4}},
      {"i8", {NumberKind::signed_whole, 8}}, {"f4", {NumberKind::real, 4}},
      {"f8", {NumberKind::real, 8}}};
  if (kind.size() != 5 || kind.front() != '\'' || kind.back() != '\'') return std::nullopt;
  const auto found = types.find(std::string_view(kind).substr(2, 2));
  return found == types.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

LabelVolume read_numpy_volume(std::string_view bytes, const std::string& file) {
  const detail::NpyHeader header = detail::read_npy_header(bytes, file);
  const std::optional<detail::VoxelType> type = type_of(header.kind);
  if (!type) {
    throw base::InputError({file}, "the numbers are " + detail::in_quotes(header.kind), "whole numbers such as '|u1'");
  }
  const std::size_t axes = header.shape.size();
  if (axes != 2 && axes != 3) {
    throw base::InputError({file}, "the array has " + std::to_string(axes) + " axes", "[z][y][x] or [y][x]");
  }
  LabelVolume volume;
  volume.size = {1, 1, 1};
  for (std::size_t i = 0; i < axes; ++i) volume.size[i] = header.shape[axes - 1 - i];
  const auto order = header.kind[1] == '>' ? detail::ByteOrder::big : detail::ByteOrder::little;
  const auto& size = volume.size;
  const detail::VoxelSize stored = header.is_fortran_order ? detail::VoxelSize{size[2], size[1], size[0]} : size;
  volume.labels = detail::to_labels(bytes.substr(header.data), *type, order, stored, {file});
  if (header.is_fortran_order) volume.labels = detail::from_z_fastest(volume.labels, size);
  return volume;
}

std::string write_numpy_volume(const LabelVolume& volume) {
  detail::check_writable(volume);
  const auto& size = volume.size;
  std::string header = "{'descr': '|u1', 'fortran_order': False, 'shape': (" + std::to_string(size[2]) + ", " +
                       std::to_string(size[1]) + ", " + std::to_string(size[0]) + "), }";
  // Magic, version and length take ten bytes; the numbers begin at a multiple of 64.
  header.resize((10 + header.size() + 1 + 63) / 64 * 64 - 11, ' ');
  header += '\n';
  std::string bytes = "\x93NUMPY\x01";
  bytes += '\0';
  bytes += static_cast<char>(header.size() & 0xFFU);
  bytes += static_cast<char>(header.size() >> 8U);
  bytes += header;
  bytes.append(reinterpret_cast<const char*>(volume.labels.data()), volume.labels.size());
  return bytes;
}

}  // namespace closo::formats
