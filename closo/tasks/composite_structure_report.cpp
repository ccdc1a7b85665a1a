// What a report says of a structure: shares, interfaces, the recipe met, paths through the box.
#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "closo/composite/components.hpp"
#include "closo/tasks/composite_structure.hpp"
#include "closo/tasks/detail/measured_value.hpp"

namespace closo::tasks {

using base::Measured;
using composite::Phase;
using composite::VoxelImage;
using detail::value_in;

report::Section structure_section(const Structure& structure) {
  const VoxelImage& image = structure.image;
  report::KeyValues items{"structure", {}};
  std::string size, box;
  for (std::size_t i = 0; i < 3; ++i) {
    size += (i > 0 ? " × " : "") + std::to_string(image.size[i]);
    box += (i > 0 ? " × " : "") + report::length_text(static_cast<double>(image.size[i]) * image.spacing[i]);
  }
  items.items.emplace_back("voxels", size);
  const bool is_cubic = image.spacing[0] == image.spacing[1] && image.spacing[0] == image.spacing[2];
  items.items.emplace_back(
      "voxel", report::length_text(image.spacing[0]) + (is_cubic ? ""
                                                                 : " × " + report::length_text(image.spacing[1]) +
                                                                       " × " + report::length_text(image.spacing[2])));
  items.items.emplace_back("box", box + (image.is_periodic ? ", periodic" : ""));
  if (structure.thin_layer)
    items.items.emplace_back("interphase", "layer of " + report::length_text(structure.thin_layer->thickness, 3) +
                                               " (mean) on the faces, no voxels");
  items.items.emplace_back("origin", image.origin);

  report::Table shares{
      "phases", "Phases", {{"phase", "phase"}, {"label", "label"}, {"fraction_vol_percent", "vol%"}}, {}, {}};
  for (std::size_t i = 0; i < image.phases.size(); ++i) {
    if (structure.fractions[i] == 0.0) continue;
    shares.rows.push_back({structure.names[i], std::to_string(structure.numbers[i]),
                           value_in(Measured{structure.fractions[i], {}}, "%", "computed", "counted voxels")});
  }
  report::Table areas{"interfaces",
                      "Interfaces",
                      {{"between", "between"}, {"area_m2_per_cm3", "area (m²/cm³)"}},
                      {},
                      "Of the whole volume; voxel faces times 2/3, right for surfaces in random orientation."};
  for (std::size_t a = 0; a < 8; ++a) {
    for (std::size_t b = a + 1; b < 8; ++b) {
      const double area = composite::interface_area_per_volume(image, static_cast<Phase>(a), static_cast<Phase>(b));
      if (!(area > 0.0)) continue;
      areas.rows.push_back({std::string(composite::to_string(static_cast<Phase>(a))) + " | " +
                                std::string(composite::to_string(static_cast<Phase>(b))),
                            value_in(Measured{area, {}}, "m2/cm3", "computed", "counted faces")});
    }
  }
  report::Section section{"structure", "Microstructure", {items, shares}, false};
  if (structure.asked && structure.reached) {
    report::Table recipe{"recipe",
                         "Recipe",
                         {{"quantity", "of the whole"}, {"asked", "asked for"}, {"reached", "in the image"}},
                         {},
                         {}};
    const composite::Composition &asked = *structure.asked, &reached = *structure.reached;
    const auto row = [&](const char* name, double a, double r, const char* unit) {
      recipe.rows.push_back({name, value_in(Measured{a, {}}, unit, "computed", "composition of the recipe"),
                             value_in(Measured{r, {}}, unit, "computed", "counted voxels")});
    };
    row("insulator", asked.oxide, reached.oxide, "vol%");
    row("conductor", asked.conductor, reached.conductor, "vol%");
    row("of it interphase", asked.interphase, reached.interphase, "vol%");
    row("void", asked.void_space, reached.void_space, "vol%");
    row("surface of the insulator", asked.area_per_volume, reached.area_per_volume, "m2/cm3");
    if (asked.pore_filling > 0.0)
      recipe.rows.push_back({"filling of the powder's pores",
                             value_in(Measured{asked.pore_filling, {}}, "%", "computed", "conductor / pores"), ""});
    section.blocks.emplace_back(recipe);
  }
  if (!areas.rows.empty()) section.blocks.emplace_back(areas);
  return section;
}

report::Table percolation_table(const Structure& structure, const std::vector<bool>& conducting) {
  report::Table table{"percolation",
                      "Paths through the box",
                      {{"phase", "phase"},
                       {"spans", "from face to face along"},
                       {"connected_x_percent", "connected x (%)"},
                       {"connected_y_percent", "y (%)"},
                       {"connected_z_percent", "z (%)"},
                       {"components", "pieces"},
                       {"largest_percent", "largest (%)"}},
                      {},
                      "Neighbours share a face. Connected: share of the phase in pieces that reach both faces across "
                      "the axis; largest: share in the largest piece."};
  const std::size_t labels = structure.image.phases.size();
  const auto add = [&](const std::string& name, const std::vector<bool>& marks) {
    std::array<bool, 256> member{};
    for (std::size_t i = 0; i < labels; ++i) member[i] = marks[i];
    std::string axes;
    std::vector<report::Cell> row{name, ""};
    composite::Percolation found;
    for (std::size_t axis = 0; axis < 3; ++axis) {
      found = composite::percolation(structure.image, std::span<const bool>(member.data(), labels), axis);
      if (found.spans) axes += (axes.empty() ? "" : ", ") + std::string(1, "xyz"[axis]);
      row.emplace_back(
          value_in(Measured{found.spanning_fraction, {}}, "%", "computed", "pieces that reach both faces"));
    }
    row[1] = axes.empty() ? "none" : axes;
    row.emplace_back(std::to_string(found.components));
    const double voxels = found.fraction * static_cast<double>(structure.image.voxels());
    row.emplace_back(value_in(Measured{static_cast<double>(found.largest) / voxels, {}}, "%", "computed", ""));
    table.rows.push_back(std::move(row));
  };
  for (std::size_t role = 0; role < 8; ++role) {
    const auto phase = static_cast<Phase>(role);
    std::vector<bool> marks(labels, false);
    bool occurs = false;
    for (std::size_t i = 0; i < labels; ++i) {
      marks[i] = structure.image.phases[i] == phase;
      occurs = occurs || (marks[i] && structure.fractions[i] > 0.0);
    }
    if (occurs) add(std::string(composite::to_string(phase)), marks);
  }
  if (!conducting.empty() && std::ranges::count(conducting, true) > 1) add("all that conduct", conducting);
  return table;
}

}  // namespace closo::tasks
