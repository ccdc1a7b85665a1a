#include "closo/formats/detail/inflate.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo::formats;

namespace {

std::string long_text() {
  std::string text;
  for (unsigned i = 0; i < 300000; ++i) text += static_cast<char>(i * i % 251);
  return text;
}

}  // namespace

TEST(Inflate, GivesBackWhatGzipTook) {
  for (const std::string& text : {std::string(), std::string("a"), long_text()}) {
    EXPECT_EQ(detail::inflate(detail::gzip(text), text.size(), {"a"}), text);
    EXPECT_EQ(detail::inflate(detail::gzip(text) + "more", text.size(), {"a"}), text);
  }
  EXPECT_LT(detail::gzip(std::string(100000, 'a')).size(), 1000U);
}

// zlib.compress(b"closo") of Python 3.
TEST(Inflate, ReadsZlibStreams) {
  const std::string stream("\x78\x9c\x4b\xce\xc9\x2f\xce\x07\x00\x06\x46\x02\x21", 13);
  EXPECT_EQ(detail::inflate(stream, 5, {"a"}), "closo");
}

TEST(Inflate, RefusesOtherLengthsAndDamage) {
  const std::string packed = detail::gzip(long_text());
  const std::size_t size = long_text().size();
  const auto inflated = [](const std::string& bytes, std::size_t wanted) {
    return [bytes, wanted] { detail::inflate(bytes, wanted, {"a"}); };
  };
  refusal(inflated(packed, size - 1), "more than the size says");
  refusal(inflated(packed, size + 1), "fewer than the size says");
  EXPECT_EQ(detail::inflate(packed, size + 1, {"a"}, true).size(), size);
  refusal(inflated(packed.substr(0, packed.size() / 2), size), "cut off after");
  refusal(inflated("", 5), "cut off after 0 bytes");
  refusal(inflated("plain text", 5), "damaged");
  std::string damaged = packed;
  damaged[packed.size() - 6] = static_cast<char>(damaged[packed.size() - 6] ^ 1);
  refusal(inflated(damaged, size), "damaged");
}
