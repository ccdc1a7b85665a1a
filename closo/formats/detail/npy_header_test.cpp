#include "closo/formats/detail/npy_header.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo::formats;

namespace {

std::string file(const std::string& dictionary, char version = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += version;
  bytes += '\0';
  bytes += static_cast<char>(dictionary.size());
  bytes += '\0';
  if (version > 1) bytes += std::string(2, '\0');
  return bytes + dictionary;
}

}  // namespace

TEST(NpyHeader, ReadsTheThreeKeys) {
  for (const char version : {1, 2, 3}) {
    const std::string bytes = file("{'descr': '|u1', 'fortran_order': True, 'shape': (3, 4, 5), }\n", version);
    ASSERT_TRUE(detail::is_npy(bytes));
    const detail::NpyHeader header = detail::read_npy_header(bytes + "data", "a.npy");
    EXPECT_EQ(header.kind, "'|u1'");
    EXPECT_TRUE(header.is_fortran_order);
    EXPECT_EQ(header.shape, (std::vector<std::size_t>{3, 4, 5}));
    EXPECT_EQ(header.data, bytes.size());
  }
  EXPECT_FALSE(detail::is_npy("NUMPY"));
}

TEST(NpyHeader, RefusesWhatIsNoHeader) {
  const auto read = [](const std::string& bytes) { return [bytes] { detail::read_npy_header(bytes, "a.npy"); }; };
  refusal(read("no array"), "does not begin as NumPy arrays do");
  refusal(read(file("{}", 9)), "version 9");
  refusal(read(file("{'descr': '|u1', 'shape': (2,)}")), "no 'fortran_order'");
  refusal(read(file("{'descr': '|u1', 'fortran_order': False, 'shape': (0, 2)}")), "the size '0'");
  refusal(read(file("{'descr': '|u1'}").substr(0, 14)), "inside the header");
}
