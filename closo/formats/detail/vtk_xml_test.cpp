#include "closo/formats/detail/vtk_xml.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"

using namespace closo::formats;
using closo::formats::detail::XmlScanner;
using closo::formats::detail::XmlTag;

TEST(VtkXml, GivesTagsTextsAndTheRest) {
  XmlScanner scanner(
      "<?xml version='1.0'?>\n<!-- <no> -->\n<!DOCTYPE a>\n<a b = \"1 &lt; &#50;&#x41;\" c='\"'>text\n<d/></a >\xFF<",
      "a.xml");
  XmlTag tag;
  ASSERT_TRUE(scanner.next(tag));
  EXPECT_EQ(tag.name, "a");
  EXPECT_EQ(tag.line, 4U);
  EXPECT_EQ(tag.attribute("b"), "1 < 2A");
  EXPECT_EQ(tag.attribute("c"), "\"");
  EXPECT_EQ(tag.attribute("e"), "");
  EXPECT_EQ(scanner.content(), "text\n");
  ASSERT_TRUE(scanner.next(tag));
  EXPECT_TRUE(tag.is_empty && !tag.is_end);
  EXPECT_EQ(tag.line, 5U);
  ASSERT_TRUE(scanner.next(tag));
  EXPECT_TRUE(tag.is_end);
  EXPECT_EQ(tag.name, "a");
  EXPECT_EQ(scanner.rest(), "\xFF<");
  XmlScanner end("no tags", "a.xml");
  EXPECT_FALSE(end.next(tag));
}

TEST(VtkXml, RefusesWhatIsNotWellFormed) {
  const auto refuse = [](const std::string& text, const std::string& part) {
    refusal(
        [&] {
          XmlScanner scanner(text, "a.xml");
          XmlTag tag;
          while (scanner.next(tag)) continue;
        },
        part, 2);
  };
  refuse("\n<!-- x", "a tag that does not end");
  refuse("\n<>", "a tag without a name");
  refuse("\n<a /b>", "a '/' inside the tag 'a'");
  refuse("\n<a b>", "the attribute 'b' has no value");
  refuse("\n<a b=1>", "is not in quotes");
  refuse("\n<a b='1>", "does not end");
  refuse("\n<a b='&lt'>", "an '&' without ';'");
  refuse("\n<a b='&uuml;'>", "the entity 'uuml' is not known");
  refuse("\n<a b='&#999;'>", "the entity '#999' is not known");
  refuse("\n<a b='&;'>", "is not known");
  refuse("\n<a ", "a tag without a name");
}
