#include "closo/library/energy_set.hpp"

#include <algorithm>

#include "closo/base/file.hpp"
#include "closo/base/suggestion.hpp"
#include "closo/library/detail/energy_tables.hpp"
#include "closo/library/detail/energy_text.hpp"
#include "closo/library/detail/fact_schema.hpp"
#include "closo/library/user_store.hpp"
#include "closo/table/csv.hpp"

namespace closo::library {
namespace {

/// One row of data/energies/sets.csv.
struct ShippedSet {
  EnergySetInfo info;
  std::vector<std::filesystem::path> files;
};

std::vector<ShippedSet> shipped_sets(const std::filesystem::path& data_directory) {
  const std::filesystem::path folder = data_directory / "energies";
  const std::filesystem::path path = folder / "sets.csv";
  const table::CsvDocument document = table::parse_csv(base::read_text_file(path), path.string());
  constexpr std::array<std::string_view, 7> columns{"id", "kind", "files", "title", "citation", "doi", "licence"};
  const std::vector<std::size_t> positions = detail::columns_of(document, columns);
  std::vector<ShippedSet> sets;
  for (const table::CsvRow& row : document.rows) {
    const auto text = [&](std::size_t column) { return row.cells[positions[column]].text; };
    ShippedSet set;
    set.info.id = text(0);
    set.info.kind = text(1) == to_string(EnergyKind::gibbs) ? EnergyKind::gibbs : EnergyKind::static_dft;
    if (text(1) != to_string(set.info.kind)) {
      throw base::InputError(document.place(row, positions[1]), "'" + text(1) + "' is no kind of energies",
                             "static_dft or gibbs");
    }
    for (const std::string& file : detail::split_list(text(2))) set.files.push_back(folder / file);
    set.info.title = text(3);
    set.info.citation = text(4);
    set.info.doi = text(5);
    set.info.licence = text(6);
    sets.push_back(std::move(set));
  }
  return sets;
}

/// Rows of a table without reading its cells: lines that are not blank, no comment and not the header.
std::size_t count_rows(const std::string& text) {
  std::size_t lines = 0;
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    if (end > start && text[start] != '#') ++lines;
    start = end + 1;
  }
  return lines == 0 ? 0 : lines - 1;
}

EnergySet load_shipped(const ShippedSet& shipped, const std::optional<detail::ElementMask>& elements) {
  EnergySet set;
  set.id = shipped.info.id;
  set.kind = shipped.info.kind;
  set.title = shipped.info.title;
  set.citation = shipped.info.citation;
  set.doi = shipped.info.doi;
  set.licence = shipped.info.licence;
  for (const std::filesystem::path& file : shipped.files) {
    EnergySet part = detail::read_energy_text(base::read_text_file(file), file.string(), elements);
    if (part.kind != set.kind) {
      throw base::InputError({file.string(), 0, 0}, "holds energies of the kind " + std::string(to_string(part.kind)) +
                                                        ", but the set '" + set.id + "' is " +
                                                        std::string(to_string(set.kind)));
    }
    set.rows.insert(set.rows.end(), std::make_move_iterator(part.rows.begin()),
                    std::make_move_iterator(part.rows.end()));
  }
  return set;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::string_view to_string(EnergyKind kind) { return kind == EnergyKind::gibbs ? "gibbs" : "static_dft"; }

std::string_view to_string(PhaseState state) {
  switch (state) {
    case PhaseState::liquid:
      return "liquid";
    case PhaseState::gas:
      return "gas";
    case PhaseState::solid:
      break;
  }
  return "solid";
}

EnergySet read_energy_set(std::string_view text, std::string file) {
  return detail::read_energy_text(text, std::move(file), std::nullopt);
}

std::vector<EnergySetInfo> energy_sets(const std::filesystem::path& data_directory,
                                       const std::filesystem::path& store) {
  std::vector<EnergySetInfo> infos;
  for (const ShippedSet& shipped : shipped_sets(data_directory)) {
    infos.push_back(shipped.info);
    for (const std::filesystem::path& file : shipped.files) infos.back().rows += count_rows(base::read_text_file(file));
  }
  if (const std::optional<UserStore> own = UserStore::open_existing(store)) {
    for (EnergySetInfo& info : own->energy_sets()) infos.push_back(std::move(info));
  }
  return infos;
}

EnergySet load_energy_set(const std::filesystem::path& data_directory, const std::filesystem::path& store,
                          std::string_view id, std::span<const std::string> elements) {
  std::optional<detail::ElementMask> mask;
  if (!elements.empty()) mask = detail::mask_of(elements);
  std::vector<std::string> known;
  for (const ShippedSet& shipped : shipped_sets(data_directory)) {
    if (equal_ignoring_case(shipped.info.id, id)) return load_shipped(shipped, mask);
    known.push_back(shipped.info.id);
  }
  if (const std::optional<UserStore> own = UserStore::open_existing(store)) {
    if (std::optional<EnergySet> set = own->energies(id, elements)) return std::move(*set);
    for (const EnergySetInfo& info : own->energy_sets()) known.push_back(info.id);
  }
  const std::string near = base::did_you_mean(id, known);
  std::string all;
  for (const std::string& name : known) all += (all.empty() ? "" : ", ") + name;
  throw base::InputError({},
                         "there is no set of energies '" + std::string(id) + "'" + (near.empty() ? "" : "; " + near),
                         "one of " + all + ", or an import with 'library import --energies'");
}

}  // namespace closo::library
