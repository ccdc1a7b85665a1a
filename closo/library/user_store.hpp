/// The user's own measurements: one SQLite file on this computer, one import = one transaction = one batch.
///
/// SQLite's rollback journal with full synchronisation makes an import all or nothing, also when the program is killed
/// or the power fails; it needs no second file beside the store once the program has ended, and works on network
/// folders, where a write-ahead log must not be used. Readers wait for the short moment of a commit.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "closo/base/progress.hpp"
#include "closo/library/material.hpp"

namespace closo::library {

namespace detail {
class Connection;
}

/// One import.
struct Batch {
  long id = 0;
  std::string file;         ///< as the user named it
  std::string imported_at;  ///< UTC, "2025-03-01T12:00:00Z"
  std::size_t rows = 0;     ///< facts stored
};

/// An open store. Move-only; one object must not be used by two threads at the same time, two objects may be.
class UserStore {
 public:
  static constexpr int schema_version = 1;

  struct Contents {
    std::vector<Material> materials;
    std::vector<Fact> facts;  ///< from_user is set
  };

  /// Opens the store, creating file and folder when there is none.
  /// Throws: InputError when it cannot be opened, is damaged, belongs to another program or to a newer closo.
  static UserStore open(const std::filesystem::path& path);
  /// As open, but creates nothing: empty when there is no file.
  static std::optional<UserStore> open_existing(const std::filesystem::path& path);

  UserStore(UserStore&&) noexcept;
  UserStore& operator=(UserStore&&) noexcept;
  ~UserStore();

  /// Everything stored, in the order of import, as one consistent picture.
  Contents read() const;
  std::vector<Batch> batches() const;

  /// Stores materials and facts as a new batch, all or nothing; facts without id get "user-<batch>-<number>".
  /// Throws: InputError (an id that exists, a full disk), Cancelled when `progress` returns false; then nothing is
  /// stored.
  Batch add(std::string file, std::span<const Material> materials, std::span<const Fact> facts,
            const base::Progress& progress = {});

  /// Removes a batch with its facts and materials and returns it.
  /// Throws: InputError for an unknown batch, or when facts of another batch use a material of this one.
  Batch remove(long batch);

 private:
  explicit UserStore(std::unique_ptr<detail::Connection> connection);

  std::unique_ptr<detail::Connection> connection_;
};

}  // namespace closo::library
