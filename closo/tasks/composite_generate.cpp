#include "closo/tasks/composite_generate.hpp"

#include <filesystem>

#include "closo/base/error.hpp"
#include "closo/formats/label_volume.hpp"
#include "closo/tasks/impedance_input.hpp"
#include "closo/tasks/microstructure_pictures.hpp"

namespace closo::tasks {
namespace {

constexpr auto options = joined_options(
    structure_option_table,
    std::to_array<Option>({
        {"to", OptionType::path, "", "", "", "file to write: .vti, .nrrd, .tif, .h5, .npy or .raw (with .json)"},
        {"no-pictures", OptionType::flag, "", "", "", "no slices, no view into the box"},
    }));

/// Before the image is made, which may take long.
void check_extension(const std::string& to) {
  const std::string extension = std::filesystem::path(to).extension().string();
  std::string accepted;
  for (const formats::VolumeFormat& format : formats::volume_formats()) {
    if (!format.can_write) continue;
    const std::string known = " " + std::string(format.extensions) + " ";
    if (!extension.empty() && known.find(" " + extension + " ") != std::string::npos) return;
    accepted += (accepted.empty() ? "" : " ") + std::string(format.extensions);
  }
  throw base::ParameterError("to", "'" + to + "'", "a file name that ends in one of " + accepted);
}

void write_structure(const Structure& structure, const std::string& to) {
  formats::LabelVolume volume;
  volume.size = structure.image.size;
  volume.spacing = structure.image.spacing;
  volume.spacing_is_known = true;
  volume.labels = structure.image.labels;
  for (const composite::Phase phase : structure.image.phases) volume.names.emplace_back(composite::to_string(phase));
  volume.is_periodic = structure.image.is_periodic;
  volume.origin = structure.image.origin;
  formats::write_label_volume(volume, to);
}

report::Report run(const Arguments& arguments, const Context& context) {
  CompositeGenerateRequest request;
  request.structure = structure_request(arguments, context);
  request.to = std::string(arguments.text("to"));
  request.pictures = !arguments.flag("no-pictures");
  return composite_generate(request, context);
}

}  // namespace

report::Report composite_generate(const CompositeGenerateRequest& request, const Context&) {
  if (!request.to.empty()) check_extension(request.to);
  const Structure structure = make_structure(request.structure);
  report::Report report;
  report.task = "composite generate";
  report.title = request.structure.image.empty() ? "Microstructure by model " + request.structure.model
                                                 : "Microstructure of " + request.structure.image;
  report.subtitle = request.structure.image.empty() ? "seed " + std::to_string(request.structure.seed) : "";
  report.warnings = structure.notes;
  report::Section section = structure_section(structure);
  if (!request.to.empty()) {
    write_structure(structure, request.to);
    report.provenance.emplace_back("written", request.to);
    std::get<report::KeyValues>(section.blocks.front()).items.emplace_back("written to", request.to);
    if (structure.thin_layer)
      report.warnings.push_back("the file cannot hold the layer of interphase that is thinner than a voxel");
  }
  section.blocks.emplace_back(percolation_table(structure));
  report.sections.push_back(std::move(section));
  if (request.pictures) {
    report::Section pictures{"pictures", "Pictures", {slices_picture(structure.image, "slices", "Slices")}, false};
    const auto& size = structure.image.size;
    if (size[0] > 1 && size[1] > 1 && size[2] > 1)
      pictures.blocks.emplace_back(view_picture(structure.image, "view", "View into the box"));
    report.sections.push_back(std::move(pictures));
  }
  return report;
}

constinit const Task composite_generate_task{"composite generate",
                                             "Make a voxel microstructure from volume shares, surface area and layers",
                                             options, run, "composite_generate"};

}  // namespace closo::tasks
