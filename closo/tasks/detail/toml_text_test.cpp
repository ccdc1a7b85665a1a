#include "closo/tasks/detail/toml_text.hpp"

#include <gtest/gtest.h>

#include "closo/base/error.hpp"

namespace closo::tasks::detail {
namespace {

TEST(TomlText, ValuesAndTheirPlaces) {
  const toml::table table = parse_toml("# comment é\n[a]\nb = \"σ é\"\nc = '''\né'''\n", "own.toml");
  ASSERT_NE(table["a"]["b"].as_string(), nullptr);
  EXPECT_EQ(table["a"]["b"].as_string()->get(), "σ é");
  EXPECT_EQ(table["a"]["b"].node()->source().begin.line, 3U);
}

TEST(TomlText, ErrorsSayWhere) {
  const auto expect_at = [](const char* text, std::size_t line, std::size_t column) {
    try {
      parse_toml(text, "own.toml");
      FAIL() << text;
    } catch (const base::InputError& error) {
      EXPECT_EQ(error.place().file, "own.toml");
      EXPECT_EQ(error.place().line, line) << error.what();
      EXPECT_EQ(error.place().column, column) << error.what();
    }
  };
  expect_at("[a]\nb = \n", 2, 5);
  expect_at("a = 1\né = 2\n", 2, 1);
  expect_at("a = \"\\\"\" é\n", 1, 10);
}

}  // namespace
}  // namespace closo::tasks::detail
