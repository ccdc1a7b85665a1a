/// Whole files in and out: read with clear errors, written to a temporary and renamed so that nothing is half-written.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace closo::base {

/// Largest text file that is read as a whole.
inline constexpr std::size_t max_text_bytes = 256U << 20U;

/// The file's bytes as they are. Throws: InputError when the file is missing, a folder, unreadable or larger than
/// `max_bytes`.
std::string read_file_bytes(const std::filesystem::path& path, std::size_t max_bytes = max_text_bytes);

/// The file's bytes as UTF-8 text; a byte-order mark is dropped.
/// Throws: InputError when the file is missing, a directory, unreadable, larger than `max_bytes`, or not UTF-8 (UTF-16
/// and Latin-1 are named, with the line of the first bad byte).
std::string read_text_file(const std::filesystem::path& path, std::size_t max_bytes = max_text_bytes);

/// Writes a temporary in the same folder, then renames it over `path`: readers see the old file or the new, never half.
/// Throws: InputError when the folder cannot be written.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

/// Checks UTF-8; returns npos when valid, else the offset of the first bad byte.
std::size_t find_invalid_utf8(std::string_view bytes) noexcept;

}  // namespace closo::base
