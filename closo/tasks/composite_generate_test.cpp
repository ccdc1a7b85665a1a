#include "closo/tasks/composite_generate.hpp"

#include <gtest/gtest.h>

#include "closo/formats/label_volume.hpp"
#include "closo/tasks/impedance_trial_test.hpp"

namespace closo::tasks {
namespace {

using trial::Given;
using trial::message_of;
using trial::ScratchFolder;

const Given spheres = {
    {"fraction", "30 vol%"}, {"particle-size", "10 nm"}, {"interphase", "1 nm"}, {"size", "20x18x16"}};

report::Report ask(Given given, const Given& more, unsigned long long seed = 1) {
  given.insert(given.end(), more.begin(), more.end());
  Context context;
  context.seed = seed;
  return trial::ask(composite_generate_task, given, context);
}

TEST(CompositeGenerate, EveryFormatKeepsTheImage) {
  const ScratchFolder folder;
  const Structure expected = make_structure(structure_request(trial::arguments_of(spheres), Context{{}, {}, {}, 1, 5}));
  for (const formats::VolumeFormat& format : formats::volume_formats()) {
    if (!format.can_write || format.id == "hdf5") continue;  // HDF5 depends on a library that may be absent
    const std::string extension(format.extensions.substr(0, format.extensions.find(' ')));
    const std::string file = folder.file("image" + extension);
    const report::Report report = ask(spheres, {{"to", file}, {"no-pictures", "true"}}, 5);
    EXPECT_EQ(report.sections.size(), 1U);
    const formats::LabelVolume volume = formats::read_label_volume(file);
    EXPECT_EQ(volume.size, expected.image.size) << extension;
    EXPECT_EQ(volume.labels, expected.image.labels) << extension;
  }
}

TEST(CompositeGenerate, AWrittenFileNeedsNoRoles) {
  const ScratchFolder folder;
  const std::string file = folder.file("image.vti");
  ask(spheres, {{"to", file}});
  const report::Report report = trial::ask(composite_generate_task, {{"image", file}});
  const auto& items = trial::block_of<report::KeyValues>(report, "structure");
  EXPECT_EQ(report::to_text(trial::item_of(items, "voxel")), "0.5 nm");
  EXPECT_EQ(trial::block_of<report::Table>(report, "phases").rows.size(), 3U);
}

TEST(CompositeGenerate, SeedsDecide) {
  const auto table_of = [](unsigned long long seed) {
    return report::render_json(ask(spheres, {{"no-pictures", "true"}}, seed)).substr(0, 100000);
  };
  EXPECT_EQ(table_of(3), table_of(3));
  EXPECT_NE(table_of(3), table_of(4));
}

TEST(CompositeGenerate, ShowsSlicesAndAView) {
  const report::Report report = ask(spheres, {});
  EXPECT_NO_THROW(trial::block_of<report::Picture>(report, "slices"));
  EXPECT_NO_THROW(trial::block_of<report::Picture>(report, "view"));
  const report::Report flat =
      ask({{"model", "layers"}, {"layer", "bulk 50 %"}, {"layer", "void 50 %"}}, {{"size", "8x1x8"}});
  EXPECT_NO_THROW(trial::block_of<report::Picture>(flat, "slices"));
  EXPECT_THROW(trial::block_of<report::Picture>(flat, "view"), base::InternalError);
}

TEST(CompositeGenerate, SaysThatAFileCannotHoldAThinLayer) {
  const ScratchFolder folder;
  const report::Report report = ask(spheres, {{"voxel", "2 nm"}, {"to", folder.file("image.nrrd")}});
  EXPECT_TRUE(trial::warns(report, "cannot hold the layer"));
}

TEST(CompositeGenerate, RefusesAFormatBeforeTheWork) {
  const std::string message = message_of<base::ParameterError>([] { ask(spheres, {{"to", "image.png"}}); });
  EXPECT_NE(message.find(".nrrd"), std::string::npos) << message;
  EXPECT_THROW(ask(spheres, {{"to", "image"}}), base::ParameterError);
  EXPECT_THROW(ask(spheres, {{"to", "/no/such/folder/image.nrrd"}}), base::InputError);
}

}  // namespace
}  // namespace closo::tasks
