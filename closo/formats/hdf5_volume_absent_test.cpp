#include "closo/formats/hdf5_volume.hpp"

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

using namespace closo;
using namespace closo::formats;

// Compiled in builds without the HDF5 library only.
TEST(Hdf5Absent, SaysWhatIsMissing) {
  EXPECT_FALSE(hdf5_is_available());
  const auto says_so = [](const base::InputError& error) {
    EXPECT_NE(std::string(error.what()).find("without the HDF5 library"), std::string::npos) << error.what();
    EXPECT_EQ(error.place().file, "image.h5");
  };
  try {
    read_hdf5_volume("image.h5");
    ADD_FAILURE() << "nothing was thrown";
  } catch (const base::InputError& error) {
    says_so(error);
  }
  try {
    write_hdf5_volume({}, "image.h5");
    ADD_FAILURE() << "nothing was thrown";
  } catch (const base::InputError& error) {
    says_so(error);
  }
}
