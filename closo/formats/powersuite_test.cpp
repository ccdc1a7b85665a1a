#include "closo/formats/powersuite.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo;
using namespace closo::formats;

TEST(Powersuite, ReadsItsLineEnds) {
  const auto found =
      read_powersuite("Frequency\tZre\tZimg\r\r\n0.1\t4239.46\t-490.063\r\r\n10\t4000\t-50\r\r\n", "a.txt");
  ASSERT_EQ(found.size(), 1U);
  expect_point(found[0], 1, 10, 4000, -50);
  EXPECT_EQ(metadata(found[0], "source_line"), "2");
}

TEST(Powersuite, RefusesBrokenRows) {
  refusal([] { read_powersuite("Frequency\tZre\tZimg\r\r\n0.1\t4239.46\r\r\n", "a.txt"); }, "the row has 2 cells", 2);
  refusal([] { read_powersuite("Frequency\tZre\r\r\n0.1\t4239.46\r\r\n", "a.txt"); }, "no imaginary part", 1);
}
