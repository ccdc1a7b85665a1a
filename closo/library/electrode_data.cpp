#include "closo/library/electrode_data.hpp"

#include <algorithm>
#include <array>

#include "closo/base/error.hpp"
#include "closo/base/file.hpp"
#include "closo/base/suggestion.hpp"
#include "closo/library/detail/electrode_text.hpp"

namespace closo::library {
namespace {

constexpr std::array<ElectrodeQuantity, 14> quantities{{
    {"specific_capacity", "mAh/g", 1.0, 5000.0},
    {"usable_capacity", "mAh/g", 1.0, 5000.0},
    {"maximum_concentration", "mol/m3", 1e3, 3e5},
    {"density", "g/cm3", 0.3, 25.0},
    {"molar_volume", "cm3/mol", 1.0, 500.0},
    {"volume_change", "%", -30.0, 400.0},
    {"diffusion_coefficient", "m2/s", 1e-24, 1e-8},
    {"diffusion_activation_energy", "kJ/mol", 0.0, 200.0},
    {"exchange_current_density", "A/m2", 1e-8, 1e6},
    {"exchange_current_activation_energy", "kJ/mol", 0.0, 200.0},
    {"electronic_conductivity", "S/m", 1e-30, 1e9},
    {"initial_stoichiometry", "1", 1e-6, 1.0 - 1e-6},
    {"lower_cutoff", "V", -1.0, 6.0},
    {"upper_cutoff", "V", -1.0, 6.0},
}};

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, [&](char x, char y) { return lower(x) == lower(y); });
}

[[noreturn]] void refuse(const std::string& what, std::string_view name, const std::vector<std::string>& known) {
  const std::string near = base::did_you_mean(name, known);
  std::string all;
  for (const std::string& each : known) all += (all.empty() ? "" : ", ") + each;
  throw base::InputError({}, "there is no " + what + " '" + std::string(name) + "'" + (near.empty() ? "" : "; " + near),
                         all.empty() ? "" : "one of " + all);
}

}  // namespace

std::string_view to_string(DataKind kind) noexcept {
  switch (kind) {
    case DataKind::measured:
      return "measured";
    case DataKind::computed:
      return "computed";
    case DataKind::literature:
      return "literature";
    case DataKind::estimated:
      return "estimated";
    case DataKind::guess:
      break;
  }
  return "guess";
}

std::span<const ElectrodeQuantity> electrode_quantities() noexcept { return quantities; }

const ElectrodeNumber* ElectrodeMaterial::find(std::string_view quantity) const noexcept {
  for (const ElectrodeNumber& number : numbers) {
    if (number.is_preferred && number.quantity == quantity) return &number;
  }
  return nullptr;
}

const ElectrodeNumber& ElectrodeMaterial::number(std::string_view quantity) const {
  if (const ElectrodeNumber* found = find(quantity)) return *found;
  std::vector<std::string> known;
  for (const ElectrodeNumber& each : numbers) {
    if (each.is_preferred) known.push_back(each.quantity);
  }
  refuse("number of " + id + " called", quantity, known);
}

const ElectrodeCurve& ElectrodeMaterial::curve(std::string_view wanted) const {
  std::vector<std::string> known;
  for (const ElectrodeCurve& each : curves) {
    if (wanted.empty() || equal_ignoring_case(each.id, wanted)) return each;
    known.push_back(each.id);
  }
  refuse("open-circuit curve of " + id + " called", wanted, known);
}

std::vector<ElectrodeNumber> ElectrodeMaterial::doubtful() const {
  std::vector<ElectrodeNumber> result;
  for (const ElectrodeNumber& each : numbers) {
    if (each.is_preferred && (each.kind == DataKind::estimated || each.kind == DataKind::guess)) result.push_back(each);
  }
  return result;
}

ElectrodeData ElectrodeData::read(std::span<const ElectrodeFile> files, const std::string& folder) {
  ElectrodeData data;
  detail::read_electrode_texts(files, folder, data.materials_, data.sources_);
  return data;
}

ElectrodeData ElectrodeData::load(const std::filesystem::path& data_directory) {
  const std::filesystem::path folder = data_directory / "electrodes";
  std::vector<ElectrodeFile> files;
  for (const std::string& part : {std::string(), std::string("ocp")}) {
    std::vector<std::string> names;
    std::error_code problem;
    for (const auto& entry : std::filesystem::directory_iterator(part.empty() ? folder : folder / part, problem)) {
      if (entry.path().extension() == ".csv") names.push_back(entry.path().filename().string());
    }
    if (problem || names.empty()) {
      throw base::InputError({(part.empty() ? folder : folder / part).string(), 0, 0}, "there are no electrode tables",
                             "a data folder with electrodes/materials.csv and electrodes/ocp");
    }
    std::ranges::sort(names);
    for (const std::string& name : names) {
      const std::string inside = part.empty() ? name : part + "/" + name;
      files.push_back({inside, base::read_text_file(folder / inside)});
    }
  }
  return read(files, folder.string());
}

const ElectrodeMaterial* ElectrodeData::find(std::string_view name) const noexcept {
  for (const ElectrodeMaterial& material : materials_) {
    if (equal_ignoring_case(material.id, name)) return &material;
  }
  for (const ElectrodeMaterial& material : materials_) {
    for (const std::string& alias : material.aliases) {
      if (equal_ignoring_case(alias, name)) return &material;
    }
  }
  return nullptr;
}

const ElectrodeMaterial& ElectrodeData::material(std::string_view name) const {
  if (const ElectrodeMaterial* found = find(name)) return *found;
  std::vector<std::string> known;
  for (const ElectrodeMaterial& each : materials_) known.push_back(each.id);
  refuse("electrode material", name, known);
}

std::string ElectrodeData::citation(std::string_view source) const {
  for (const ElectrodeSource& each : sources_) {
    if (each.id != source) continue;
    const std::size_t end = each.authors.find(';');
    std::string text = each.authors.substr(0, end) + (end == std::string::npos ? "" : " et al.");
    text += ", " + each.published + " (" + each.year + ")";
    if (!each.doi.empty()) text += ", DOI " + each.doi;
    return text;
  }
  return std::string(source);
}

}  // namespace closo::library
