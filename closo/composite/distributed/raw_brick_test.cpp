#include "closo/composite/distributed/raw_brick.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "closo/base/error.hpp"

namespace closo::composite::distributed {
namespace {

namespace fs = std::filesystem;

class RawBrick : public testing::Test {
 protected:
  // Every process has a folder of its own: the ranks of one run share the disk.
  RawBrick() : folder_(fs::temp_directory_path() / ("closo_raw_brick_" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
  }
  ~RawBrick() override { fs::remove_all(folder_); }
  fs::path write(const std::string& bytes) const {
    const fs::path path = folder_ / "image.raw";
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  fs::path folder_;
};

TEST_F(RawBrick, BricksTogetherAreTheFile) {
  const std::array<std::size_t, 3> size{5, 6, 7};
  std::string bytes;
  for (std::size_t i = 0; i < 210; ++i) bytes += static_cast<char>(i);
  const fs::path path = write(bytes);
  for (const std::array<std::size_t, 3> parts :
       {std::array<std::size_t, 3>{1, 1, 1}, {1, 1, 3}, {1, 2, 1}, {2, 3, 2}}) {
    for (std::size_t rank = 0; rank < parts[0] * parts[1] * parts[2]; ++rank) {
      const Brick brick = brick_of(size, parts, rank);
      const std::vector<std::uint8_t> labels = read_raw_brick(path, size, brick);
      ASSERT_EQ(labels.size(), brick.voxels());
      std::array<std::size_t, 3> at{};
      for (at[2] = 0; at[2] < brick.size[2]; ++at[2]) {
        for (at[1] = 0; at[1] < brick.size[1]; ++at[1]) {
          for (at[0] = 0; at[0] < brick.size[0]; ++at[0]) {
            const std::size_t whole = brick.from[0] + at[0] + 5 * (brick.from[1] + at[1] + 6 * (brick.from[2] + at[2]));
            EXPECT_EQ(labels[brick.index(at)], whole);
          }
        }
      }
    }
  }
}

TEST_F(RawBrick, SaysWhatIsWrongWithAFile) {
  const Brick brick{{0, 0, 0}, {2, 2, 2}};
  EXPECT_THROW(read_raw_brick(folder_ / "absent.raw", {2, 2, 2}, brick), base::InputError);
  EXPECT_THROW(read_raw_brick(folder_, {2, 2, 2}, brick), base::InputError);
  for (const std::size_t length : {7U, 9U, 0U}) {
    const fs::path path = write(std::string(length, '\0'));
    try {
      read_raw_brick(path, {2, 2, 2}, brick);
      FAIL() << "nothing thrown";
    } catch (const base::InputError& error) {
      EXPECT_NE(error.problem().find(std::to_string(length) + " bytes"), std::string::npos);
      EXPECT_NE(error.expected().find("8 bytes"), std::string::npos);
      EXPECT_EQ(error.place().file, path.string());
    }
  }
}

}  // namespace
}  // namespace closo::composite::distributed
