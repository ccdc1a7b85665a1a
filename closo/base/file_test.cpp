#include "closo/base/file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "closo/base/error.hpp"

namespace closo::base {
namespace {

class FileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "closo_file_XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void put(const std::string& name, const std::string& bytes) const {
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }
  std::string problem(const std::string& name, std::size_t limit = max_text_bytes) const {
    try {
      read_text_file(folder_ / name, limit);
    } catch (const InputError& error) {
      return error.what();
    }
    return {};
  }

  std::filesystem::path folder_;
};

TEST_F(FileTest, WhatIsWrittenIsRead) {
  const std::string text = "T/°C;σ\r\n25;1e-3\n";
  write_file_atomically(folder_ / "a.csv", text);
  EXPECT_EQ(read_text_file(folder_ / "a.csv"), text);
  write_file_atomically(folder_ / "a.csv", "new");
  EXPECT_EQ(read_text_file(folder_ / "a.csv"), "new");
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) files += entry.is_regular_file() ? 1U : 0U;
  EXPECT_EQ(files, 1U) << "no temporary stays behind";
}

TEST_F(FileTest, ByteOrderMarkIsDropped) {
  put("bom.txt", "\xEF\xBB\xBFhello");
  EXPECT_EQ(read_text_file(folder_ / "bom.txt"), "hello");
}

TEST_F(FileTest, EveryRefusalSaysWhatIsWrong) {
  EXPECT_NE(problem("missing.txt").find("cannot be read"), std::string::npos);
  EXPECT_NE(problem(".").find("folder"), std::string::npos);
  put("latin.txt",
      "a\nT = 25 \xB0"
      "C\n");
  EXPECT_NE(problem("latin.txt").find("latin.txt:2"), std::string::npos) << problem("latin.txt");
  put("wide.txt", std::string("\xFF\xFEh\0", 4));
  EXPECT_NE(problem("wide.txt").find("UTF-16"), std::string::npos);
  put("large.txt", std::string(1000, 'x'));
  EXPECT_NE(problem("large.txt", 999).find("1000 bytes"), std::string::npos);
  EXPECT_EQ(problem("large.txt", 1000), "");
  EXPECT_THROW(write_file_atomically(folder_ / "no" / "such" / "folder.txt", "x"), InputError);
}

TEST(Utf8, FindsTheFirstBadByte) {
  EXPECT_EQ(find_invalid_utf8("plain"), std::string::npos);
  EXPECT_EQ(find_invalid_utf8("Ω ₁₂ 😀 \xEF\xBF\xBD"), std::string::npos);
  EXPECT_EQ(find_invalid_utf8("ab\xC0\xAF"), 2U);
  EXPECT_EQ(find_invalid_utf8("a\xED\xA0\x80"), 1U) << "surrogates are not text";
  EXPECT_EQ(find_invalid_utf8("abc\xE2\x82"), 3U) << "cut in the middle";
}

}  // namespace
}  // namespace closo::base
