#include "closo/formats/detail/inflate.hpp"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

namespace closo::formats::detail {
namespace {

constexpr std::size_t most_at_once = std::size_t{1} << 30U;  // zlib counts in 32 bits

/// zlib's state, ended on every way out.
struct Inflater {
  z_stream stream{};
  Inflater() {
    if (inflateInit2(&stream, 15 + 32) != Z_OK) throw std::bad_alloc();
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream); }
};

struct Deflater {
  z_stream stream{};
  Deflater() {
    if (deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  ~Deflater() { deflateEnd(&stream); }
};

/// zlib reads through a pointer to non-const but never writes there.
Bytef* input(std::string_view bytes) { return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data())); }

}  // namespace

std::string inflate(std::string_view compressed, std::size_t wanted, const base::Place& place, bool may_be_shorter) {
  Inflater inflater;
  z_stream& stream = inflater.stream;
  std::string bytes;
  int status = Z_OK;
  std::string chunk(std::clamp<std::size_t>(wanted + 1, 1U << 8U, 1U << 18U), '\0');
  while (status != Z_STREAM_END) {
    if (stream.avail_in == 0) {
      const std::size_t size = std::min(compressed.size(), most_at_once);
      stream.next_in = input(compressed.substr(0, size));
      stream.avail_in = static_cast<uInt>(size);
      compressed.remove_prefix(size);
    }
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = static_cast<uInt>(chunk.size());
    status = ::inflate(&stream, Z_NO_FLUSH);
    const std::size_t got = chunk.size() - stream.avail_out;
    bytes.append(chunk, 0, got);
    if (bytes.size() > wanted) {
      throw base::InputError(place, "the compressed data hold more than the size says",
                             std::to_string(wanted) + " bytes");
    }
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (status == Z_BUF_ERROR || (status == Z_OK && got == 0 && stream.avail_in == 0 && compressed.empty())) {
      throw base::InputError(place, "the compressed data are cut off after " + std::to_string(bytes.size()) + " bytes",
                             std::to_string(wanted) + " bytes");
    }
    if (status != Z_OK && status != Z_STREAM_END) {
      throw base::InputError(place,
                             std::string("the compressed data are damaged (") +
                                 (stream.msg != nullptr ? stream.msg : "no deflate stream") + ")",
                             "a zlib or gzip stream");
    }
  }
  if (bytes.size() < wanted && !may_be_shorter) {
    throw base::InputError(
        place, "the compressed data hold " + std::to_string(bytes.size()) + " bytes, fewer than the size says",
        std::to_string(wanted) + " bytes");
  }
  return bytes;
}

std::string gzip(std::string_view bytes) {
  Deflater deflater;
  z_stream& stream = deflater.stream;
  std::string compressed, chunk(1U << 18U, '\0');
  int status = Z_OK;
  while (status != Z_STREAM_END) {
    if (stream.avail_in == 0 && !bytes.empty()) {
      const std::size_t size = std::min(bytes.size(), most_at_once);
      stream.next_in = input(bytes.substr(0, size));
      stream.avail_in = static_cast<uInt>(size);
      bytes.remove_prefix(size);
    }
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = static_cast<uInt>(chunk.size());
    status = ::deflate(&stream, bytes.empty() ? Z_FINISH : Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END) throw base::InternalError("zlib refuses to compress");
    compressed.append(chunk, 0, chunk.size() - stream.avail_out);
  }
  return compressed;
}

}  // namespace closo::formats::detail
