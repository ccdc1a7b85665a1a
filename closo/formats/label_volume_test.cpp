#include "closo/formats/label_volume.hpp"

#include <gtest/gtest.h>

#include <set>

#include "closo/formats/hdf5_volume.hpp"
#include "closo/formats/nrrd.hpp"
#include "closo/formats/spectrum_test.hpp"
#include "closo/formats/tiff_stack.hpp"
#include "closo/formats/volume_test.hpp"

using namespace closo;
using namespace closo::formats;

namespace {

namespace fs = std::filesystem;

/// A folder of its own for every test.
class VolumeFile : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              ("closo_volume_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path written(const std::string& name, const std::string& bytes) const {
    base::write_file_atomically(folder_ / name, bytes);
    return folder_ / name;
  }
  std::set<std::string> names() const {
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder_)) found.insert(entry.path().filename().string());
    return found;
  }

  fs::path folder_;
};

std::string slice(std::size_t z) {
  LabelVolume one = full_volume();
  one.size[2] = 1;
  one.labels = {one.labels.begin() + static_cast<std::ptrdiff_t>(20 * z),
                one.labels.begin() + static_cast<std::ptrdiff_t>(20 * (z + 1))};
  return write_tiff_stack(one);
}

}  // namespace

TEST_F(VolumeFile, ReadsBackEveryFormatThatCanBeWritten) {
  std::size_t written = 0;
  for (const VolumeFormat& format : volume_formats()) {
    const std::string extension(format.extensions.substr(0, format.extensions.find(' ')));
    if (!format.can_write || (format.id == "hdf5" && !hdf5_is_available())) continue;
    const fs::path path = folder_ / ("image" + extension);
    write_label_volume(full_volume(), path);
    const LabelVolume found = read_label_volume(path);
    if (format.id == "numpy") {
      expect_same_labels(found, full_volume());  // the format has no place for the rest
    } else {
      expect_same_volume(found, full_volume());
    }
    ++written;
  }
  EXPECT_GE(written, 5U);
  for (const char* const name : {"image.TIFF", "other.json"}) {
    write_label_volume(full_volume(), folder_ / name);
    expect_same_volume(read_label_volume(folder_ / name), full_volume());
  }
  for (const std::string& name : names()) EXPECT_FALSE(name.starts_with(".")) << "a temporary stays behind: " << name;
}

TEST_F(VolumeFile, DecidesByContent) {
  for (const auto& [format, name] :
       std::vector<std::pair<std::string, std::string>>{{"tiff_stack", "imagej_um"},
                                                        {"nrrd", "gzip_directions"},
                                                        {"vtk_image", "xml_raw"},
                                                        {"vtk_image", "legacy_text_points"}}) {
    expect_same_labels(read_label_volume(written("image.dat", seed(format, name))), example_volume());
  }
  refusal([&] { read_label_volume(written("image.tif", "no image")); }, "no voxel image that closo knows");
  refusal([&] { read_label_volume(written("empty.tif", "")); }, "no voxel image that closo knows");
  refusal([&] { read_label_volume(folder_ / "missing.tif"); }, "cannot be read");
}

TEST_F(VolumeFile, ReadsRawBytesWithAShape) {
  RawShape shape;
  shape.size = {5, 4, 3};
  const fs::path path = written("image.raw", as_bytes(example_volume()));
  expect_same_volume(read_raw_volume(path, shape), example_volume());
  shape.spacing = {1e-9, 1e-9, 2e-9};
  EXPECT_TRUE(read_raw_volume(path, shape).spacing_is_known);
  shape.size = {5, 4, 4};
  refusal([&] { read_raw_volume(path, shape); }, "the file has 60 bytes, 5 x 4 x 4 voxels need 80");
  refusal([&] { read_label_volume(path); }, "raw bytes (60) without a header; expected a header image.json");
  refusal([&] { read_raw_volume(folder_ / "missing.raw", shape); }, "cannot be read");
}

TEST_F(VolumeFile, ReadsTheFilesThatHeadersName) {
  write_label_volume(full_volume(), folder_ / "image.raw");
  EXPECT_EQ(names(), (std::set<std::string>{"image.json", "image.raw"}));
  fs::rename(folder_ / "image.json", folder_ / "image.raw.json");
  expect_same_volume(read_label_volume(folder_ / "image.raw"), full_volume());
  fs::remove(folder_ / "image.raw");
  refusal([&] { read_label_volume(folder_ / "image.raw.json"); }, "cannot be read");

  written("voxels.bin", as_bytes(example_volume()));
  const fs::path header = written(
      "image.nhdr", "NRRD0004\ntype: uchar\ndimension: 3\nsizes: 5 4 3\nencoding: raw\ndata file: voxels.bin\n");
  expect_same_labels(read_label_volume(header), example_volume());
}

TEST_F(VolumeFile, ReadsAFolderOfSlicesByTheirNumbers) {
  for (std::size_t z = 0; z < 3; ++z) written("scan_" + std::to_string(9 + z) + "_bin.tif", slice(z));
  written("notes.txt", "not a slice");
  written(".hidden.tif", "not a slice");
  expect_same_volume(read_label_volume(folder_), full_volume());
}

TEST_F(VolumeFile, RefusesFoldersThatAreNoStack) {
  const auto read = [&] { read_label_volume(folder_); };
  refusal(read, "the folder has no TIFF files");
  written("slice.tif", slice(0));
  refusal(read, "the name of a slice has no number");
  fs::remove(folder_ / "slice.tif");
  for (const int number : {1, 2, 4}) written("s" + std::to_string(number) + ".tif", slice(0));
  refusal(read, "slices are missing near s2.tif and s4.tif");
  fs::remove(folder_ / "s4.tif");
  written("s01.tif", slice(0));
  refusal(read, "the number of the slice stands twice");
  fs::remove(folder_ / "s01.tif");
  written("preview3.tif", slice(0));
  refusal(read, "in more than the number");
  fs::remove(folder_ / "preview3.tif");
  written("s3.tif", "no TIFF");
  const auto error = refusal(read, "does not begin as TIFF files do");
  EXPECT_TRUE(error.place().file.ends_with("s3.tif"));
}

TEST_F(VolumeFile, SaysWhatItCanWrite) {
  for (const char* const name : {"image", "image.png", "image.vtk", "image.nhdr"}) {
    EXPECT_THROW(write_label_volume(full_volume(), folder_ / name), base::ParameterError) << name;
  }
  LabelVolume broken = full_volume();
  broken.labels.pop_back();
  for (const char* const name : {"image.raw", "image.tif", "image.nrrd", "image.vti", "image.npy"}) {
    EXPECT_THROW(write_label_volume(broken, folder_ / name), base::ParameterError) << name;
    EXPECT_THROW(write_label_volume(full_volume(), folder_ / "missing" / name), base::InputError) << name;
  }
  EXPECT_TRUE(names().empty());
}

TEST_F(VolumeFile, NamesEveryFormatOnce) {
  const std::string page = base::read_text_file(fs::path(CLOSO_SOURCE_DIR) / "docs" / "formats.md");
  std::set<std::string_view> ids;
  for (const VolumeFormat& format : volume_formats()) {
    EXPECT_TRUE(ids.insert(format.id).second) << format.id;
    EXPECT_TRUE(format.extensions.starts_with("."));
    EXPECT_FALSE(format.name.empty());
    const std::string row = "| " + std::string(format.extensions) + " |";
    EXPECT_NE(page.find(row), std::string::npos) << "docs/formats.md has no row with " << row;
  }
}

// An image made by a generator of its own, with two label images in each byte.
TEST_F(VolumeFile, ReadsTheBenchmarkImage) {
  const fs::path path = fs::path(CLOSO_SHARED_DIR) / "data" / "composite" / "grf128.u8";
  if (!fs::exists(path)) GTEST_SKIP() << "the shared data are not here";
  RawShape shape;
  shape.size = {128, 128, 128};
  shape.z_fastest = true;
  const LabelVolume volume = read_raw_volume(path, shape);
  std::array<std::size_t, 3> phases{};
  std::size_t conductor = 0;
  for (const std::uint8_t label : volume.labels) {
    ++phases.at(label >> 1U);
    conductor += label & 1U;
  }
  const double voxels = 128.0 * 128.0 * 128.0;
  EXPECT_EQ(conductor, volume.labels.size() / 2);
  EXPECT_NEAR(static_cast<double>(phases[0]) / voxels, 0.58925, 5e-6);
  EXPECT_NEAR(static_cast<double>(phases[1]) / voxels, 0.16075, 5e-6);
  EXPECT_NEAR(static_cast<double>(phases[2]) / voxels, 0.25, 5e-6);
}
