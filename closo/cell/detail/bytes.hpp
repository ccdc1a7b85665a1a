/// Plain values as bytes and back, for checkpoints on the same kind of machine.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "closo/base/error.hpp"

namespace closo::cell::detail {

class ByteWriter {
 public:
  template <class T>
  requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  void io(const T& value) { bytes_.append(reinterpret_cast<const char*>(&value), sizeof value); }
  template <class T>
  requires std::is_arithmetic_v<T>
  void io(const std::vector<T>& values) {
    io(static_cast<std::uint64_t>(values.size()));
    bytes_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  }
  void io(const std::string& text) {
    io(static_cast<std::uint64_t>(text.size()));
    bytes_ += text;
  }
  template <class T>
  std::size_t size_of(const std::vector<T>& values) {
    io(static_cast<std::uint64_t>(values.size()));
    return values.size();
  }
  const std::string& bytes() const noexcept { return bytes_; }

 private:
  std::string bytes_;
};

/// Every read throws InputError where the bytes end too early.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}
  template <class T>
  requires std::is_arithmetic_v<T> || std::is_enum_v<T>
  void io(T& value) { std::memcpy(&value, take(sizeof value), sizeof value); }
  template <class T>
  requires std::is_arithmetic_v<T>
  void io(std::vector<T>& values) {
    const std::size_t size = count(sizeof(T));
    values.resize(size);
    if (size > 0) std::memcpy(values.data(), take(size * sizeof(T)), size * sizeof(T));
  }
  void io(std::string& text) {
    const std::size_t size = count(1);
    text.assign(take(size), size);
  }
  /// Resizes to the count that was written; each element has at least one byte.
  template <class T>
  std::size_t size_of(std::vector<T>& values) {
    values.resize(count(1));
    return values.size();
  }
  bool is_at_end() const noexcept { return rest_.empty(); }

 private:
  std::size_t count(std::size_t width) {
    std::uint64_t size = 0;
    io(size);
    if (size > rest_.size() / width) fail();
    return static_cast<std::size_t>(size);
  }
  const char* take(std::size_t size) {
    if (size > rest_.size()) fail();
    const char* const data = rest_.data();
    rest_.remove_prefix(size);
    return data;
  }
  [[noreturn]] static void fail() {
    throw base::InputError({}, "the checkpoint ends too early", "the bytes of a whole checkpoint");
  }

  std::string_view rest_;
};

/// FNV-1a of bytes (Fowler, Noll, Vo): tells checkpoints and parameters apart.
std::uint64_t byte_hash(std::string_view bytes) noexcept;

}  // namespace closo::cell::detail
