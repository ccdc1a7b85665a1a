#include "closo/base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>

#include "closo/base/detail/utf8.hpp"
#include "closo/base/error.hpp"

namespace closo::base {
namespace {

/// Closes on every way out.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  int get() const noexcept { return value_; }
  int release() noexcept {
    const int value = value_;
    value_ = -1;
    return value;
  }

 private:
  int value_;
};

std::string reason() { return std::strerror(errno); }

}  // namespace

std::size_t find_invalid_utf8(std::string_view bytes) noexcept {
  for (std::size_t offset = 0; offset < bytes.size();) {
    if (static_cast<unsigned char>(bytes[offset]) < 0x80) {
      ++offset;
      continue;
    }
    const std::size_t before = offset;
    // U+FFFD itself is three bytes; a decoding failure consumes one.
    if (detail::decode_utf8(bytes, offset) == 0xFFFD && offset == before + 1) return before;
  }
  return std::string_view::npos;
}

std::string read_file_bytes(const std::filesystem::path& path, std::size_t max_bytes) {
  const std::string name = path.string();
  std::error_code status_error;
  if (std::filesystem::is_directory(path, status_error)) throw InputError({name}, "this is a folder", "a file");
  const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.get() < 0) throw InputError({name}, "the file cannot be read (" + reason() + ")", "a readable file");
  std::string bytes;
  // Regular files say how long they are; pipes and devices are read up to the same limit.
  const auto size = std::filesystem::file_size(path, status_error);
  if (!status_error) {
    if (size > max_bytes) {
      throw InputError({name}, "the file has " + std::to_string(size) + " bytes",
                       "at most " + std::to_string(max_bytes) + " bytes");
    }
    bytes.reserve(static_cast<std::size_t>(size) + 1);
  }
  char buffer[1U << 16U];
  while (true) {
    const ssize_t got = ::read(descriptor.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw InputError({name}, "reading failed (" + reason() + ")", "a readable file");
    if (got == 0) break;
    bytes.append(buffer, static_cast<std::size_t>(got));
    if (bytes.size() > max_bytes) {
      throw InputError({name}, "the file is larger than " + std::to_string(max_bytes) + " bytes", "a smaller file");
    }
  }
  return bytes;
}

std::string read_text_file(const std::filesystem::path& path, std::size_t max_bytes) {
  std::string bytes = read_file_bytes(path, max_bytes);
  const std::string name = path.string();
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    throw InputError({name}, "the file is UTF-16 text", "UTF-8 text (save it again as UTF-8 or plain CSV)");
  }
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.erase(0, 3);
  const std::size_t bad = find_invalid_utf8(bytes);
  if (bad != std::string_view::npos) {
    const auto line =
        static_cast<std::size_t>(std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(bad), '\n')) + 1;
    throw InputError({name, line}, "a byte that is not UTF-8 (perhaps Latin-1 text: °, µ, ± saved by an old program)",
                     "UTF-8 text (save it again as UTF-8)");
  }
  return bytes;
}

void write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  std::string temporary = (folder / ("." + path.filename().string() + ".XXXXXX")).string();
  Descriptor descriptor(::mkstemp(temporary.data()));
  if (descriptor.get() < 0) {
    throw InputError({path.string()}, "cannot write here (" + reason() + ")",
                     "a folder that exists and can be written");
  }
  const auto give_up = [&](const std::string& why) {
    ::unlink(temporary.c_str());
    throw InputError({path.string()}, "writing failed (" + why + ")", "a disk with free space");
  };
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t put = ::write(descriptor.get(), bytes.data() + done, bytes.size() - done);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) give_up(reason());
    done += static_cast<std::size_t>(put);
  }
  const mode_t mask = ::umask(0);
  ::umask(mask);
  if (::fchmod(descriptor.get(), 0666 & ~mask) != 0) give_up(reason());
  if (::close(descriptor.release()) != 0) give_up(reason());
  if (::rename(temporary.c_str(), path.c_str()) != 0) give_up(reason());
}

}  // namespace closo::base
