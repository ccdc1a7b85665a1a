#include "closo/library/detail/sqlite.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <string>

namespace closo::library::detail {
namespace {

class Sqlite : public testing::Test {
 protected:
  Sqlite()
      : path_(std::filesystem::path(testing::TempDir()) / ("closo_sqlite_" + std::to_string(::getpid()) + ".sqlite")) {
    std::filesystem::remove(path_);
  }
  ~Sqlite() override { std::filesystem::remove(path_); }

  std::filesystem::path path_;
};

constexpr int create = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;

TEST_F(Sqlite, texts_and_numbers_come_back) {
  const Connection connection(path_, create);
  connection.execute("CREATE TABLE t (a TEXT NOT NULL, b INTEGER)");
  Statement insert(connection, "INSERT INTO t VALUES (?, ?)");
  insert.bind(1, "Ω x").bind(2, 7L).run();
  insert.bind(1, std::string_view{}).bind(2, -1L).run();  // an empty text, not NULL
  Statement rows(connection, "SELECT a, b FROM t ORDER BY rowid");
  ASSERT_TRUE(rows.step());
  EXPECT_EQ(rows.text(0), "Ω x");
  EXPECT_EQ(rows.number(1), 7);
  ASSERT_TRUE(rows.step());
  EXPECT_EQ(rows.text(0), "");
  EXPECT_FALSE(rows.step());
  EXPECT_EQ(number_of(connection, "SELECT count(*) FROM t"), 2);
  EXPECT_EQ(number_of(connection, "SELECT b FROM t WHERE b > 99"), 0);
}

TEST_F(Sqlite, real_numbers_come_back_exactly_and_nothing_stays_nothing) {
  const Connection connection(path_, create);
  connection.execute("CREATE TABLE t (a REAL, b REAL)");
  Statement insert(connection, "INSERT INTO t VALUES (?, ?)");
  insert.bind_real(1, -0.1).bind_null(2).run();
  Statement rows(connection, "SELECT a, b FROM t");
  ASSERT_TRUE(rows.step());
  EXPECT_EQ(rows.real(0), -0.1);
  EXPECT_FALSE(rows.is_null(0));
  EXPECT_TRUE(rows.is_null(1));
}

TEST_F(Sqlite, a_transaction_without_commit_changes_nothing) {
  const Connection connection(path_, create);
  connection.execute("CREATE TABLE t (a INTEGER)");
  {
    Transaction transaction(connection, Transaction::Purpose::write);
    connection.execute("INSERT INTO t VALUES (1)");
  }
  EXPECT_EQ(number_of(connection, "SELECT count(*) FROM t"), 0);
  {
    Transaction transaction(connection, Transaction::Purpose::write);
    connection.execute("INSERT INTO t VALUES (1)");
    transaction.commit();
  }
  EXPECT_EQ(number_of(connection, "SELECT count(*) FROM t"), 1);
}

TEST_F(Sqlite, errors_name_the_file) {
  EXPECT_THROW(Connection(path_ / "x" / "y", create), base::InputError);
  EXPECT_THROW(Connection(path_, SQLITE_OPEN_READWRITE), base::InputError);
  const Connection connection(path_, create);
  try {
    connection.execute("SELECT nonsense");
    ADD_FAILURE();
  } catch (const base::InputError& error) {
    EXPECT_EQ(error.place().file, path_.string());
    EXPECT_NE(error.problem().find("nonsense"), std::string::npos);
  }
}

}  // namespace
}  // namespace closo::library::detail
