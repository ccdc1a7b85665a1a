#include "closo/library/detail/sqlite.hpp"

#include <utility>

namespace closo::library::detail {

namespace {

constexpr int busy_milliseconds = 10'000;

}  // namespace

Connection::Connection(std::filesystem::path path, int flags) : path_(std::move(path)) {
  const int code = sqlite3_open_v2(path_.string().c_str(), &handle_, flags, nullptr);
  if (code != SQLITE_OK) {
    const base::InputError error = translated(code);
    sqlite3_close(handle_);
    throw error;
  }
  sqlite3_busy_timeout(handle_, busy_milliseconds);
}

Connection::~Connection() { sqlite3_close(handle_); }

base::InputError Connection::problem(std::string text, std::string expected) const {
  return base::InputError({path_.string(), 0, 0}, std::move(text), std::move(expected));
}

base::InputError Connection::translated(int code) const {
  switch (code & 0xFF) {
    case SQLITE_NOTADB:
      return problem("this file is not a store of closo", "a file that closo made, or a path where there is none yet");
    case SQLITE_CORRUPT:
      return problem("the store is damaged", "a copy from a backup, or a path where there is none yet");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return problem("another program keeps the store busy");
    case SQLITE_FULL:
      return problem("the disk is full; nothing was stored");
    case SQLITE_READONLY:
      return problem("the store cannot be written", "write permission for the file and its folder");
    case SQLITE_CANTOPEN:
      return problem("the store cannot be opened", "a file in a folder with write permission");
    default:
      return problem("the store cannot be used: " +
                     std::string(handle_ ? sqlite3_errmsg(handle_) : sqlite3_errstr(code)));
  }
}

void Connection::check(int code) const {
  if (code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE) throw translated(code);
}

void Connection::execute(const std::string& sql) const {
  check(sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr));
}

Statement::Statement(const Connection& connection, const std::string& sql) : connection_(connection) {
  connection_.check(sqlite3_prepare_v2(connection_.handle(), sql.c_str(), -1, &statement_, nullptr));
}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement& Statement::bind(int index, std::string_view text) {
  // A null pointer would bind NULL, not an empty text.
  const char* bytes = text.empty() ? "" : text.data();
  connection_.check(sqlite3_bind_text(statement_, index, bytes, static_cast<int>(text.size()), SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::bind(int index, long number) {
  connection_.check(sqlite3_bind_int64(statement_, index, number));
  return *this;
}

Statement& Statement::bind_real(int index, double number) {
  connection_.check(sqlite3_bind_double(statement_, index, number));
  return *this;
}

Statement& Statement::bind_null(int index) {
  connection_.check(sqlite3_bind_null(statement_, index));
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  connection_.check(code);
  return code == SQLITE_ROW;
}

void Statement::run() {
  step();
  reset();
}

void Statement::reset() { connection_.check(sqlite3_reset(statement_)); }

std::string Statement::text(int column) const {
  const unsigned char* bytes = sqlite3_column_text(statement_, column);
  return bytes == nullptr ? std::string{}
                          : std::string(reinterpret_cast<const char*>(bytes),
                                        static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

long Statement::number(int column) const { return static_cast<long>(sqlite3_column_int64(statement_, column)); }

double Statement::real(int column) const { return sqlite3_column_double(statement_, column); }

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

Transaction::Transaction(const Connection& connection, Purpose purpose) : connection_(connection) {
  // A writer takes its lock at once, so that two imports wait for each other instead of failing half-way.
  connection_.execute(purpose == Purpose::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  if (!committed_) sqlite3_exec(connection_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  connection_.execute("COMMIT");
  committed_ = true;
}

long number_of(const Connection& connection, const std::string& sql) {
  Statement statement(connection, sql);
  return statement.step() ? statement.number(0) : 0;
}

}  // namespace closo::library::detail
