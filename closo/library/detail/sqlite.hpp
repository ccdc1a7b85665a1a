/// SQLite with closo's errors: a connection, a prepared statement, a transaction that rolls back unless committed.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "closo/base/error.hpp"

namespace closo::library::detail {

/// The database handle; every failure of SQLite becomes an InputError that names the file.
class Connection {
 public:
  /// `flags` as of sqlite3_open_v2. Throws: InputError.
  Connection(std::filesystem::path path, int flags);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  sqlite3* handle() const noexcept { return handle_; }
  const std::filesystem::path& path() const noexcept { return path_; }
  /// An error about this file.
  base::InputError problem(std::string text, std::string expected = {}) const;
  /// Throws: InputError unless the code says that all is well.
  void check(int code) const;
  void execute(const std::string& sql) const;

 private:
  base::InputError translated(int code) const;

  std::filesystem::path path_;
  sqlite3* handle_ = nullptr;
};

/// A prepared statement; values are bound from 1 on and columns read from 0 on, as SQLite counts.
class Statement {
 public:
  Statement(const Connection& connection, const std::string& sql);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  Statement& bind(int index, std::string_view text);
  Statement& bind(int index, long number);
  Statement& bind_real(int index, double number);
  Statement& bind_null(int index);
  /// True while there is a row.
  bool step();
  /// Steps once and makes the statement ready for the next values.
  void run();
  void reset();
  std::string text(int column) const;
  long number(int column) const;
  double real(int column) const;
  bool is_null(int column) const;

 private:
  const Connection& connection_;
  sqlite3_stmt* statement_ = nullptr;
};

class Transaction {
 public:
  enum class Purpose : unsigned char { read, write };

  Transaction(const Connection& connection, Purpose purpose);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  const Connection& connection_;
  bool committed_ = false;
};

/// First column of the first row; 0 without a row.
long number_of(const Connection& connection, const std::string& sql);

}  // namespace closo::library::detail
