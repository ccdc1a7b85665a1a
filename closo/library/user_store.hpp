/// The user's own measurements and sets of energies: one SQLite file on this computer, one import = one transaction =
/// one batch.
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
#include <string_view>
#include <vector>

#include "closo/base/progress.hpp"
#include "closo/library/energy_set.hpp"
#include "closo/library/material.hpp"

namespace closo::library {

namespace detail {
class Connection;
}

/// One import.
struct Batch {
  long id = 0;
  std::string file;          ///< as the user named it
  std::string imported_at;   ///< UTC, "2025-03-01T12:00:00Z"
  std::size_t rows = 0;      ///< facts or phases stored
  std::string energy_set{};  ///< id of the set of energies that this import is; empty: facts
};

/// An open store. Move-only; one object must not be used by two threads at the same time, two objects may be.
class UserStore {
 public:
  /// 1: materials and facts; 2: sets of energies too. `open` brings an older store up, `open_existing` reads it as it
  /// is.
  static constexpr int schema_version = 2;

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

  /// Stores a set of energies as a new batch, all or nothing.
  /// Throws: InputError (a set of this id exists, an empty set or id, a full disk), Cancelled as `add`.
  Batch add_energies(std::string file, const EnergySet& set, const base::Progress& progress = {});
  std::vector<EnergySetInfo> energy_sets() const;
  /// The rows whose elements all lie among `elements` (symbols; empty: all), in the order of the file; nothing when
  /// there is no such set. Throws: InputError for an unknown element.
  std::optional<EnergySet> energies(std::string_view id, std::span<const std::string> elements = {}) const;

  /// Removes a batch with its facts, materials and energies and returns it.
  /// Throws: InputError for an unknown batch, or when facts of another batch use a material of this one.
  Batch remove(long batch);

 private:
  explicit UserStore(std::unique_ptr<detail::Connection> connection);

  std::unique_ptr<detail::Connection> connection_;
};

}  // namespace closo::library
