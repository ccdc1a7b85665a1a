#include "closo/formats/biologic_mpr.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "closo/base/error.hpp"
#include "closo/formats/detail/byte_reader.hpp"
#include "closo/formats/detail/spectrum.hpp"

namespace closo::formats {
namespace {

enum class Kind : unsigned char { flag, unsigned1, unsigned2, unsigned4, float4, float8 };

struct KnownColumn {
  unsigned id;
  std::string_view name;
  Kind kind;
};

/// Ids of columns as EC-Lab numbers them. Flags share one byte, which stands where the first of them stands.
constexpr KnownColumn known_columns[] = {
    {1, "mode", Kind::flag},
    {2, "ox/red", Kind::flag},
    {3, "error", Kind::flag},
    {4, "time/s", Kind::float8},
    {5, "control/V/mA", Kind::float4},
    {6, "Ewe/V", Kind::float4},
    {7, "dQ/mA.h", Kind::float8},
    {8, "I/mA", Kind::float4},
    {9, "Ece/V", Kind::float4},
    {11, "<I>/mA", Kind::float8},
    {13, "(Q-Qo)/mA.h", Kind::float8},
    {16, "Analog IN 1/V", Kind::float4},
    {19, "control/V", Kind::float4},
    {20, "control/mA", Kind::float4},
    {21, "control changes", Kind::flag},
    {23, "dQ/mA.h", Kind::float8},
    {24, "cycle number", Kind::float8},
    {26, "Rapp/Ohm", Kind::float4},
    {31, "Ns changes", Kind::flag},
    {32, "freq/Hz", Kind::float4},
    {33, "|Ewe|/V", Kind::float4},
    {34, "|I|/A", Kind::float4},
    {35, "Phase(Z)/deg", Kind::float4},
    {36, "|Z|/Ohm", Kind::float4},
    {37, "Re(Z)/Ohm", Kind::float4},
    {38, "-Im(Z)/Ohm", Kind::float4},
    {39, "I Range", Kind::unsigned2},
    {65, "counter inc.", Kind::flag},
    {69, "R/Ohm", Kind::float4},
    {70, "P/W", Kind::float4},
    {74, "|Energy|/W.h", Kind::float8},
    {75, "Analog OUT/V", Kind::float4},
    {76, "<I>/mA", Kind::float4},
    {77, "<Ewe>/V", Kind::float4},
    {78, "Cs-2/uF-2", Kind::float4},
    {96, "|Ece|/V", Kind::float4},
    {98, "Phase(Zce)/deg", Kind::float4},
    {99, "|Zce|/Ohm", Kind::float4},
    {100, "Re(Zce)/Ohm", Kind::float4},
    {101, "-Im(Zce)/Ohm", Kind::float4},
    {123, "Energy charge/W.h", Kind::float8},
    {124, "Energy discharge/W.h", Kind::float8},
    {125, "Capacitance charge/uF", Kind::float8},
    {126, "Capacitance discharge/uF", Kind::float8},
    {131, "Ns", Kind::unsigned2},
    {163, "|Estack|/V", Kind::float4},
    {168, "Rcmp/Ohm", Kind::float4},
    {169, "Cs/uF", Kind::float4},
    {172, "Cp/uF", Kind::float4},
    {173, "Cp-2/uF-2", Kind::float4},
    {174, "<Ewe>/V", Kind::float4},
    {178, "(Q-Qo)/C", Kind::float4},
    {179, "dQ/C", Kind::float4},
    {182, "step time/s", Kind::float8},
    {211, "Q charge/discharge/mA.h", Kind::float8},
    {212, "half cycle", Kind::unsigned4},
    {213, "z cycle", Kind::unsigned4},
    {217, "THD Ewe/%", Kind::float4},
    {218, "THD I/%", Kind::float4},
    {220, "NSD Ewe/%", Kind::float4},
    {221, "NSD I/%", Kind::float4},
    {223, "NSR Ewe/%", Kind::float4},
    {224, "NSR I/%", Kind::float4},
    {434, "(Q-Qo)/C", Kind::float4},
    {435, "dQ/C", Kind::float4},
};

std::size_t width_of(Kind kind) {
  switch (kind) {
    case Kind::flag:
    case Kind::unsigned1:
      return 1;
    case Kind::unsigned2:
      return 2;
    case Kind::unsigned4:
    case Kind::float4:
      return 4;
    case Kind::float8:
      return 8;
  }
  return 0;
}

struct Module {
  std::string name;
  std::uint64_t version = 0;
  std::string date;
  std::string_view data;
};

std::vector<Module> read_modules(std::string_view bytes, const std::string& file) {
  constexpr std::string_view mark = "MODULE";
  constexpr std::size_t longest_header = 128;
  std::size_t at = bytes.substr(0, longest_header).find(mark, std::string_view("BIO-LOGIC MODULAR FILE").size());
  if (at == std::string_view::npos) {
    throw base::InputError({file}, "no module follows the header of the file", "modules of an EC-Lab .mpr file");
  }
  std::vector<Module> modules;
  detail::ByteReader reader(bytes, file, detail::ByteOrder::little);
  while (at < bytes.size()) {
    reader.move_to(at);
    const std::string place = "the header of module " + std::to_string(modules.size() + 1);
    if (reader.text(mark.size(), place) != mark) {
      throw base::InputError({file}, "no module begins at byte " + std::to_string(at), "the word MODULE");
    }
    Module module;
    module.name = detail::printable(reader.text(10, place));
    reader.text(25, place);
    std::uint64_t length = reader.whole(4, place);
    constexpr std::uint64_t unlimited = 0xFFFFFFFFU;
    const bool is_new = length == unlimited;
    if (is_new) length = reader.whole(4, place);
    module.version = reader.whole(4, place);
    if (is_new) {
      // Newer files keep the version in either of two numbers.
      const std::uint64_t other = reader.whole(4, place);
      if (module.version == 0) module.version = other;
    }
    module.date = detail::printable(reader.text(8, place));
    module.data = reader.text(static_cast<std::size_t>(length), "module '" + module.name + "'");
    at = reader.position();
    modules.push_back(std::move(module));
  }
  return modules;
}

/// One column of the packed rows.
struct Field {
  unsigned id = 0;
  const KnownColumn* known = nullptr;
  std::size_t offset = 0;
  std::size_t width = 0;
};

/// Where the rows begin, by the version of the module.
std::optional<std::size_t> offset_of_rows(std::uint64_t version) {
  switch (version) {
    case 0:
      return 100;
    case 2:
      return 405;
    case 3:
      return 406;
    case 10:
    case 11:
      return 1007;
    default:
      return std::nullopt;
  }
}

class DataModule {
 public:
  DataModule(const Module& module, const std::string& file) : module_(module), file_(file) { read_layout(); }

  detail::SpectrumDraft draft() const {
    std::vector<detail::ColumnMeaning> columns;
    std::vector<const Field*> fields;
    for (const Field& field : fields_) {
      if (field.known == nullptr || field.known->kind == Kind::flag || field.width == 0) continue;
      columns.push_back(detail::column_meaning(field.known->name));
      fields.push_back(&field);
    }
    if (!unread_.empty() && !detail::find_spectrum_columns(columns)) {
      throw base::InputError(
          {file_},
          "the columns with the ids " + unread_ + " are not known here and hide the place of frequency or impedance",
          "a file whose first columns are the impedance, or its text export (.mpt)");
    }
    detail::SpectrumDraft draft =
        detail::SpectrumDraft::with_columns(file_, "biologic_mpr", std::move(columns), base::Place{file_});
    draft.has_dc_rows = true;
    draft.lines.assign(rows_, 0);
    for (std::size_t c = 0; c < fields.size(); ++c) {
      draft.values[c].reserve(rows_);
      for (std::size_t row = 0; row < rows_; ++row) draft.values[c].push_back(value(*fields[c], row));
    }
    if (!unknown_.empty()) draft.metadata["unknown_columns"] = unknown_;
    if (!unread_.empty()) draft.metadata["unread_columns"] = unread_;
    return draft;
  }

 private:
  void read_layout() {
    detail::ByteReader reader(module_.data, file_, detail::ByteOrder::little);
    const std::string what = "the header of module 'VMP data'";
    rows_ = static_cast<std::size_t>(reader.whole(4, what));
    const auto columns = static_cast<std::size_t>(reader.whole(1, what));
    const std::size_t id_width = module_.version == 0 ? 1 : 2;
    for (std::size_t i = 0; i < columns; ++i) {
      Field field;
      field.id = static_cast<unsigned>(reader.whole(id_width, what));
      const auto* const known =
          std::ranges::find_if(known_columns, [&field](const KnownColumn& k) { return k.id == field.id; });
      if (known != std::end(known_columns)) field.known = known;
      fields_.push_back(field);
    }
    if (rows_ == 0) throw base::InputError({file_}, "module 'VMP data' has no rows", "at least one point");
    place_fields(reader.position());
  }

  void place_fields(std::size_t header) {
    std::size_t known_width = 0, unknown = 0;
    bool has_flags = false;
    for (Field& field : fields_) {
      if (field.known == nullptr) {
        ++unknown;
      } else if (field.known->kind != Kind::flag) {
        field.width = width_of(field.known->kind);
      } else if (!has_flags) {
        field.width = 1;
        has_flags = true;
      }
      known_width += field.width;
    }
    const std::size_t size = module_.data.size();
    std::optional<std::size_t> begin = offset_of_rows(module_.version);
    if (unknown == 0) {
      // With every width known the rows end with the module, whatever the version says.
      if (known_width == 0 || rows_ > (size - header) / known_width) refuse_size(known_width);
      begin_ = size - rows_ * known_width;
      row_width_ = known_width;
    } else {
      if (!begin || *begin < header || *begin > size || (size - *begin) % rows_ != 0) refuse_unknown();
      begin_ = *begin;
      row_width_ = (size - *begin) / rows_;
      if (row_width_ < known_width + unknown) refuse_size(known_width);
      give_unknown_widths(row_width_ - known_width, unknown);
    }
    std::size_t offset = 0;
    for (Field& field : fields_) {
      field.offset = offset;
      offset += field.width;
    }
  }

  /// Four bytes each where that fits the row; one unknown column has what is left. Else nothing behind the first is
  /// placed.
  void give_unknown_widths(std::size_t left, std::size_t unknown) {
    const bool is_one = unknown == 1 && (left == 1 || left == 2 || left == 4 || left == 8);
    if (is_one || left == 4 * unknown) {
      for (Field& field : fields_) {
        if (field.known != nullptr) continue;
        field.width = left / unknown;
        unknown_ += (unknown_.empty() ? "" : ", ") + std::to_string(field.id);
      }
      return;
    }
    bool is_behind = false;
    for (Field& field : fields_) {
      is_behind = is_behind || field.known == nullptr;
      if (!is_behind) continue;
      field.width = 0;
      unread_ += (unread_.empty() ? "" : ", ") + std::to_string(field.id);
    }
  }

  [[noreturn]] void refuse_size(std::size_t width) const {
    throw base::InputError({file_},
                           "module 'VMP data' has " + std::to_string(module_.data.size()) + " bytes for " +
                               std::to_string(rows_) + " rows of " + std::to_string(width) + " bytes",
                           "a complete file");
  }
  [[noreturn]] void refuse_unknown() const {
    throw base::InputError(
        {file_},
        "module 'VMP data' has version " + std::to_string(module_.version) + " and columns that are not known here",
        "versions 0, 2, 3, 10 or 11, or the text export (.mpt)");
  }

  double value(const Field& field, std::size_t row) const {
    detail::ByteReader reader(module_.data, file_, detail::ByteOrder::little, begin_ + row * row_width_ + field.offset);
    switch (field.known->kind) {
      case Kind::float4:
        return reader.float32("a row");
      case Kind::float8:
        return reader.float64("a row");
      default:
        return static_cast<double>(reader.whole(field.width, "a row"));
    }
  }

  const Module& module_;
  const std::string& file_;
  std::vector<Field> fields_;
  std::size_t rows_ = 0, begin_ = 0, row_width_ = 0;
  std::string unknown_, unread_;
};

/// Begins of the loops; nothing where they do not rise from the first row on.
void assign_loops(detail::SpectrumDraft& draft, const Module& module, const std::string& file) {
  detail::ByteReader reader(module.data, file, detail::ByteOrder::little);
  if (reader.remaining() < 4) return;
  const std::uint64_t count = reader.whole(4, "module 'VMP loop'");
  std::vector<std::uint64_t> starts = {0};
  for (std::uint64_t i = 0; i < count && reader.remaining() >= 4; ++i) {
    const std::uint64_t start = reader.whole(4, "module 'VMP loop'");
    if (start == 0 || start == draft.rows()) continue;
    if (start <= starts.back() || start > draft.rows()) return;
    starts.push_back(start);
  }
  if (starts.size() < 2) return;
  draft.loops.assign(draft.rows(), 0);
  for (std::size_t i = 0, k = 0; i < draft.rows(); ++i) {
    if (k + 1 < starts.size() && i == starts[k + 1]) ++k;
    draft.loops[i] = k;
  }
}

std::string technique_of(const Module& settings) {
  if (settings.data.empty()) return {};
  const auto id = static_cast<unsigned char>(settings.data.front());
  constexpr unsigned char potentiostatic = 0x1D, galvanostatic = 0x1E;
  if (id == potentiostatic) return "PEIS";
  if (id == galvanostatic) return "GEIS";
  return "technique " + std::to_string(id);
}

}  // namespace

std::vector<table::Table> read_biologic_mpr(std::string_view bytes, const std::string& file,
                                            const ReadOptions& options) {
  if (!bytes.starts_with("BIO-LOGIC MODULAR FILE")) {
    throw base::InputError({file}, "the file does not begin with 'BIO-LOGIC MODULAR FILE'", "an EC-Lab .mpr file");
  }
  const std::vector<Module> modules = read_modules(bytes, file);
  const auto find = [&modules](std::string_view name) {
    return std::ranges::find_if(modules, [name](const Module& m) { return m.name == name; });
  };
  const auto data = find("VMP data");
  if (data == modules.end()) {
    throw base::InputError({file}, "the file has no module 'VMP data'", "a file of a finished or running measurement");
  }
  detail::SpectrumDraft draft = DataModule(*data, file).draft();
  if (!data->date.empty()) draft.metadata["date"] = data->date;
  if (const auto settings = find("VMP Set"); settings != modules.end()) {
    const std::string technique = technique_of(*settings);
    if (!technique.empty()) draft.metadata["technique"] = technique;
  }
  if (const auto loop = find("VMP loop"); loop != modules.end()) assign_loops(draft, *loop, file);
  return finish_spectra(std::move(draft), options);
}

}  // namespace closo::formats
