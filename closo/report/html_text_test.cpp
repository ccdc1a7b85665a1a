#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "closo/report/detail/html_text.hpp"

namespace closo::report::detail {
namespace {

TEST(HtmlText, MarkupAndQuotesAreEscaped) {
  EXPECT_EQ(escape_html("<b a=\"1\" c='2'>&amp;"), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;");
  EXPECT_EQ(escape_html(std::string("a\0b\x1b\x7f\n\t", 7)), "ab\n\t");
  EXPECT_EQ(escape_html("σ ≥ 1"), "σ ≥ 1");
}

TEST(HtmlText, IdentifiersBecomeLinks) {
  EXPECT_EQ(
      escape_html_with_links("see DOI 10.1002/adma.201803533."),
      "see DOI <a href=\"https://doi.org/10.1002/adma.201803533\" rel=\"noreferrer\">10.1002/adma.201803533</a>.");
  EXPECT_EQ(
      escape_html_with_links("(10.1016/0013-4686(94)90055-8)"),
      "(<a href=\"https://doi.org/10.1016/0013-4686(94)90055-8\" rel=\"noreferrer\">10.1016/0013-4686(94)90055-8</a>)");
  for (const char* text :
       {"10.5 mV", "110.1002/x", "10.12/x", "10.1002/", "10.1002", "1.10.1002/x", "10.1234567890/x"}) {
    EXPECT_EQ(escape_html_with_links(text), text);
  }
}

TEST(HtmlText, LinksCannotCarryMarkup) {
  const std::string html = escape_html_with_links("10.1002/a'b&c\"onclick=x <script>");
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("\"onclick"), std::string::npos);
  EXPECT_NE(html.find("10.1002/a%27b%26c\""), std::string::npos);
}

TEST(HtmlText, JsonInAScriptKeepsItsMeaning) {
  const nlohmann::json json = {{"a</script>", "<!-- & ]]> \""}};
  const std::string text = escape_json_for_script(json.dump());
  EXPECT_EQ(text.find_first_of("<>&"), std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(text), json);
}

TEST(HtmlText, InlinedCodeCannotEndItsElement) {
  EXPECT_EQ(escape_for_inlining("'</script>' '</SCRIPT' '<!--' '</style>' a</b a<b\r\n"),
            "'<\\/script>' '<\\/SCRIPT' '<\\!--' '<\\/style>' a</b a<b\n");
  EXPECT_EQ(escape_for_inlining("x<"), "x<");
}

TEST(HtmlText, AddressesArePercentEncoded) {
  EXPECT_EQ(percent_encode("a b,\"σ\r\n~_.-"), "a%20b%2C%22%CF%83%0D%0A~_.-");
}

TEST(HtmlText, Base64) {
  // RFC 4648, section 10.
  const std::vector<std::pair<std::string, std::string>> vectors{{"", ""},
                                                                 {"f", "Zg=="},
                                                                 {"fo", "Zm8="},
                                                                 {"foo", "Zm9v"},
                                                                 {"foob", "Zm9vYg=="},
                                                                 {"fooba", "Zm9vYmE="},
                                                                 {"foobar", "Zm9vYmFy"}};
  for (const auto& vector : vectors) EXPECT_EQ(base64(vector.first), vector.second);
  EXPECT_EQ(base64("\xff\xfe\xfb"), "//77");
}

}  // namespace
}  // namespace closo::report::detail
