#include "closo/formats/detail/base64.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using closo::formats::refusal;
using closo::formats::detail::Base64Reader;

// The test vectors of RFC 4648, section 10.
TEST(Base64, DecodesTheVectorsOfTheStandard) {
  for (const auto& [text, bytes] : std::vector<std::pair<std::string, std::string>>{{"Zg==", "f"},
                                                                                    {"Zm8=", "fo"},
                                                                                    {"Zm9v", "foo"},
                                                                                    {"Zm9vYg==", "foob"},
                                                                                    {"Zm9vYmE=", "fooba"},
                                                                                    {"Zm9vYmFy", "foobar"}}) {
    EXPECT_EQ(Base64Reader(text, {"a"}).take(bytes.size()), bytes);
  }
  EXPECT_EQ(Base64Reader("+/+/", {"a"}).take(3), "\xFB\xFF\xBF");
}

TEST(Base64, GoesOnBehindThePadding) {
  Base64Reader reader(" Zg==\n Zm9v\tYg== ", {"a"});
  EXPECT_EQ(reader.take(2), "ff");
  EXPECT_GE(reader.remaining_at_most(), 3U);
  EXPECT_EQ(reader.take(3), "oob");
}

TEST(Base64, RefusesOtherTexts) {
  const auto take = [](const std::string& text, std::size_t count) {
    return [text, count] { Base64Reader(text, {"a"}).take(count); };
  };
  refusal(take("Zm9v", 4), "cut off");
  refusal(take("Zg==Z     ", 2), "cut off");
  refusal(take("Zm9*", 3), "does not belong there");
  refusal(take("Z===", 1), "does not belong there");
  refusal(take("Zg=v", 1), "does not belong there");
}
