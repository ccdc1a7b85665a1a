/// Where this program's data lies and which version it is.
#pragma once

#include <filesystem>
#include <string_view>

namespace closo::base {

/// "0.1.0"; the one source is CMakeLists.txt.
std::string_view version() noexcept;

/// The folder with the shipped tables and report assets: $CLOSO_DATA_DIR if set, else found from the running program
/// (installed: <prefix>/share/closo beside <prefix>/bin; in a build tree: the source's data folder), so that an
/// installation can be moved. Throws: InputError naming every place that was tried.
std::filesystem::path data_directory();

}  // namespace closo::base
