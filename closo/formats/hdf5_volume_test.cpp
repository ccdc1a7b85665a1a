#include "closo/formats/hdf5_volume.hpp"

#include <gtest/gtest.h>
#include <hdf5.h>

#include <filesystem>
#include <functional>

#include "closo/formats/spectrum_test.hpp"
#include "closo/formats/volume_test.hpp"

using namespace closo;
using namespace closo::formats;

namespace {

namespace fs = std::filesystem;

/// A folder of its own for every test.
class Hdf5Volume : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              ("closo_hdf5_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// A file whose data sets `fill` makes with the library itself.
  fs::path made(const std::function<void(hid_t)>& fill) const {
    const fs::path path = folder_ / "made.h5";
    const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    fill(file);
    H5Fclose(file);
    return path;
  }

  fs::path folder_;
};

/// A data set of 16-bit big-endian numbers with these axes; returns it open.
hid_t add(hid_t file, const char* name, const std::vector<hsize_t>& axes, hid_t stored, hid_t memory,
          const void* data) {
  const hid_t space = H5Screate_simple(static_cast<int>(axes.size()), axes.data(), nullptr);
  const hid_t set = H5Dcreate2(file, name, stored, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  if (data != nullptr) H5Dwrite(set, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, data);
  H5Sclose(space);
  return set;
}

void attach(hid_t set, const char* name, const std::vector<double>& values) {
  const hsize_t count = values.size();
  const hid_t space = H5Screate_simple(1, &count, nullptr);
  const hid_t attribute = H5Acreate2(set, name, H5T_IEEE_F32BE, space, H5P_DEFAULT, H5P_DEFAULT);
  H5Awrite(attribute, H5T_NATIVE_DOUBLE, values.data());
  H5Aclose(attribute);
  H5Sclose(space);
}

void attach_text(hid_t set, const char* name, const std::string& text) {
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, text.size());
  const hid_t space = H5Screate(H5S_SCALAR);
  const hid_t attribute = H5Acreate2(set, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  H5Awrite(attribute, type, text.data());
  H5Aclose(attribute);
  H5Sclose(space);
  H5Tclose(type);
}

std::vector<int> wide_labels() {
  const LabelVolume volume = example_volume();
  return {volume.labels.begin(), volume.labels.end()};
}

}  // namespace

TEST_F(Hdf5Volume, ReadsBackWhatItWrites) {
  ASSERT_TRUE(hdf5_is_available());
  LabelVolume relative = example_volume();
  relative.spacing = {1, 1, 2};
  for (const LabelVolume& volume : {full_volume(), example_volume(), relative}) {
    const fs::path path = folder_ / "image.h5";
    write_hdf5_volume(volume, path);
    expect_same_volume(read_hdf5_volume(path), volume);
    expect_same_volume(read_hdf5_volume(path, "/labels"), volume);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1) << "nothing stays behind";
  }
}

TEST_F(Hdf5Volume, WritesEqualFilesForEqualVolumes) {
  write_hdf5_volume(full_volume(), folder_ / "a.h5");
  write_hdf5_volume(full_volume(), folder_ / "b.h5");
  EXPECT_EQ(base::read_file_bytes(folder_ / "a.h5"), base::read_file_bytes(folder_ / "b.h5"));
}

TEST_F(Hdf5Volume, TakesTheFirstImageByName) {
  const std::vector<int> labels = wide_labels();
  const std::vector<double> reals(60, 1.0);
  const fs::path path = made([&](hid_t file) {
    H5Dclose(add(file, "a_real", {3, 4, 5}, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, reals.data()));
    H5Dclose(add(file, "b_flat", {12, 5}, H5T_STD_I16BE, H5T_NATIVE_INT, labels.data()));
    const hid_t set = add(file, "c_labels", {3, 4, 5}, H5T_STD_I16BE, H5T_NATIVE_INT, labels.data());
    attach(set, "element_size_um", {0.75, 0.5, 0.25});
    H5Dclose(set);
  });
  const LabelVolume volume = read_hdf5_volume(path);
  expect_same_labels(volume, example_volume());
  EXPECT_TRUE(volume.spacing_is_known);
  expect_spacing(volume, 0.25e-6, 0.5e-6, 0.75e-6);
  EXPECT_EQ(read_hdf5_volume(path, "b_flat").size, (std::array<std::size_t, 3>{5, 12, 1}));
  refusal([&] { read_hdf5_volume(path, "a_real"); }, "has 3 x 4 x 5 real numbers");
  refusal([&] { read_hdf5_volume(path, "labels"); }, "the data set 'labels' is missing; expected one of: a_real");
}

TEST_F(Hdf5Volume, TakesVoxelSizesWithAndWithoutUnit) {
  const std::vector<int> labels = wide_labels();
  const auto volume_of = [&](const std::string& unit) {
    return read_hdf5_volume(made([&](hid_t file) {
      const hid_t set = add(file, "labels", {3, 4, 5}, H5T_STD_U8LE, H5T_NATIVE_INT, labels.data());
      attach(set, "voxel_size", {4, 2, 1});
      if (!unit.empty()) attach_text(set, "voxel_size_unit", unit);
      H5Dclose(set);
    }));
  };
  EXPECT_FALSE(volume_of("").spacing_is_known);
  expect_spacing(volume_of(""), 1, 2, 4);
  EXPECT_FALSE(volume_of("pixel").spacing_is_known);
  EXPECT_TRUE(volume_of("nm").spacing_is_known);
  expect_spacing(volume_of("nm"), 1e-9, 2e-9, 4e-9);
}

TEST_F(Hdf5Volume, ReadsBooleansOfPython) {
  const hid_t type = H5Tenum_create(H5T_STD_I8LE);
  const signed char no = 0, yes = 1;
  H5Tenum_insert(type, "FALSE", &no);
  H5Tenum_insert(type, "TRUE", &yes);
  const std::vector<signed char> values = {0, 1, 1, 0, 0, 1};
  const fs::path path = made([&](hid_t file) { H5Dclose(add(file, "mask", {1, 2, 3}, type, type, values.data())); });
  H5Tclose(type);
  EXPECT_EQ(read_hdf5_volume(path).labels, (std::vector<std::uint8_t>{0, 1, 1, 0, 0, 1}));
}

TEST_F(Hdf5Volume, RefusesWhatIsNoImage) {
  const std::vector<int> values = {0, 1, 2, 3, 4, 300};
  refusal([&] { read_hdf5_volume(folder_ / "missing.h5"); }, "cannot be read");
  base::write_file_atomically(folder_ / "text.h5", "no HDF5 file");
  refusal([&] { read_hdf5_volume(folder_ / "text.h5"); }, "no HDF5 file");
  refusal([&] { read_hdf5_volume(made([](hid_t) {})); }, "the file has no data set");
  refusal(
      [&] {
        read_hdf5_volume(
            made([&](hid_t file) { H5Dclose(add(file, "a", {6}, H5T_STD_I32LE, H5T_NATIVE_INT, values.data())); }));
      },
      "no data set has three axes of whole numbers: a (6 whole)");
  refusal(
      [&] {
        read_hdf5_volume(made([&](hid_t file) {
          H5Dclose(add(file, "a", {1, 2, 3}, H5T_STD_I32LE, H5T_NATIVE_INT, values.data()));
        }));
      },
      "the voxel (2, 1, 0) has the value 300");
  refusal(
      [&] {
        read_hdf5_volume(made([&](hid_t file) {
          H5Dclose(add(file, "a", {2000, 2000, 2000}, H5T_STD_U8LE, H5T_NATIVE_INT, nullptr));
        }));
      },
      "2000 x 2000 x 2000 voxels but hardly any data");
  refusal(
      [&] {
        read_hdf5_volume(made([&](hid_t file) {
          H5Dclose(add(file, "a", {1U << 20U, 1U << 20U, 1U << 20U}, H5T_STD_U8LE, H5T_NATIVE_INT, nullptr));
        }));
      },
      "at most 17179869184 voxels");
}

TEST_F(Hdf5Volume, RefusesFilesThatAreCutOff) {
  write_hdf5_volume(full_volume(), folder_ / "image.h5");
  const std::string whole = base::read_file_bytes(folder_ / "image.h5");
  for (std::size_t size = 0; size < whole.size(); size += 97) {
    base::write_file_atomically(folder_ / "cut.h5", std::string_view(whole).substr(0, size));
    EXPECT_THROW(read_hdf5_volume(folder_ / "cut.h5"), base::InputError) << size;
  }
}

TEST_F(Hdf5Volume, LeavesNothingWhereItCannotWrite) {
  refusal([&] { write_hdf5_volume(example_volume(), folder_ / "missing" / "image.h5"); }, "cannot be written");
  fs::create_directory(folder_ / "image.h5");
  fs::create_directory(folder_ / "image.h5" / "inside");
  refusal([&] { write_hdf5_volume(example_volume(), folder_ / "image.h5"); }, "cannot be written");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
  LabelVolume volume = example_volume();
  volume.labels.clear();
  EXPECT_THROW(write_hdf5_volume(volume, folder_ / "other.h5"), base::ParameterError);
}
