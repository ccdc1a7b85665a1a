// Stands for hdf5_volume.cpp in a build without the HDF5 library.
#include "closo/base/error.hpp"
#include "closo/formats/hdf5_volume.hpp"

namespace closo::formats {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& file) {
  throw base::InputError({file.string()}, "this closo was built without the HDF5 library",
                         "a build with libhdf5-dev installed, or the image as NRRD, TIFF or VTK");
}

}  // namespace

bool hdf5_is_available() noexcept { return false; }

LabelVolume read_hdf5_volume(const std::filesystem::path& file, const std::string&) { refuse(file); }

void write_hdf5_volume(const LabelVolume&, const std::filesystem::path& file) { refuse(file); }

}  // namespace closo::formats
