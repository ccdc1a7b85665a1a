/// The four exceptions of closo, told apart by who must act.
///
/// Expected outcomes (a fit that did not converge, an unstable phase) are not exceptions: they are a status in the
/// result. The library never prints, exits or aborts; each skin translates these exceptions once
/// (command line: exit code 1 InternalError, 2 ParameterError, 3 InputError, 4 NumericsError).
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace closo::base {

/// A place in a text the user gave. Lines and columns count from 1; 0 means "not known". Columns count characters.
struct Place {
  std::string file;
  std::size_t line = 0;
  std::size_t column = 0;

  bool operator==(const Place&) const = default;
};

/// "file:line:column" with what is known; empty where nothing is.
std::string to_string(const Place& place);

/// Base class of everything closo throws on purpose.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The user's file or text is wrong: what was found, where, and what would be accepted.
class InputError : public Error {
 public:
  /// @param problem   what was found, a full clause ("unknown unit 'S/cmm'")
  /// @param expected  what would be accepted ("a conductivity such as S/cm"); may be empty
  InputError(Place place, std::string problem, std::string expected = {});

  const Place& place() const noexcept { return place_; }
  const std::string& problem() const noexcept { return problem_; }
  const std::string& expected() const noexcept { return expected_; }

  /// The same error with file, line and column filled in where they were not known yet; a column that was counted
  /// inside a cell or a value is moved by the column of that cell.
  InputError at(const Place& outer) const;

 private:
  Place place_;
  std::string problem_;
  std::string expected_;
};

/// A value handed to closo (option or function argument) is outside what the call accepts.
class ParameterError : public Error {
 public:
  /// @param name     name of the option or argument
  /// @param value    the value as text, with unit
  /// @param allowed  what would be accepted ("at least two temperatures")
  ParameterError(std::string name, std::string value, std::string allowed);

  const std::string& name() const noexcept { return name_; }
  const std::string& value() const noexcept { return value_; }
  const std::string& allowed() const noexcept { return allowed_; }

 private:
  std::string name_;
  std::string value_;
  std::string allowed_;
};

/// A calculation cannot be carried out at all (singular system without a meaningful status).
class NumericsError : public Error {
 public:
  using Error::Error;
};

/// closo itself is wrong: a broken promise between rooms.
class InternalError : public Error {
 public:
  using Error::Error;
};

/// A progress callback asked to stop; finished work stays as it is.
class Cancelled : public Error {
 public:
  Cancelled() : Error("stopped by the user") {}
};

}  // namespace closo::base
