#include <gtest/gtest.h>

#include <string>

#include "closo/report/detail/sha256.hpp"

namespace closo::report::detail {
namespace {

// Digests from FIPS 180-2, appendix B, and the NIST example values, in Base64.
TEST(Sha256, PublishedDigests) {
  EXPECT_EQ(sha256_base64(""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  EXPECT_EQ(sha256_base64("abc"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
  EXPECT_EQ(sha256_base64("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "JI1qYdIGOLjlwCaTDD5gOaM85Flk/yFn9uzt1BnbBsE=");
  EXPECT_EQ(sha256_base64(std::string(1000000, 'a')), "zcduXJkU+5KBocfihNc+Z/GAmkiklyAOBG05zMcRLNA=");
}

// Every length around the 64-byte blocks gives a digest of its own with one padding sign.
TEST(Sha256, LengthsAroundABlock) {
  std::string before;
  for (std::size_t n = 50; n < 140; ++n) {
    const std::string digest = sha256_base64(std::string(n, 'x'));
    EXPECT_EQ(digest.size(), 44U);
    EXPECT_EQ(digest.find('='), 43U);
    EXPECT_NE(digest, before);
    before = digest;
  }
}

}  // namespace
}  // namespace closo::report::detail
