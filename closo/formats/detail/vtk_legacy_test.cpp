#include "closo/formats/detail/vtk_legacy.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"
#include "closo/formats/volume_test.hpp"

using namespace closo::formats;

namespace {

std::string file(const std::string& data, const std::string& kind = "ASCII", const std::string& dimensions = "4 3 2",
                 const std::string& set = "STRUCTURED_POINTS") {
  return "# vtk DataFile Version 3.0\nseed 7\n" + kind + "\nDATASET " + set + "\nDIMENSIONS " + dimensions +
         "\nASPECT_RATIO 1 2 4\nORIGIN 0 0 0\n" + data;
}

const std::string scalars = "CELL_DATA 6\nSCALARS a int 1\nLOOKUP_TABLE default\n0 1 2\n3 4 5\n";

void refuse(const std::string& bytes, const std::string& part, std::size_t line = 0) {
  refusal([&] { detail::read_vtk_legacy(bytes, "a.vtk"); }, part, line);
}

const std::vector<std::uint8_t> counted = {0, 1, 2, 3, 4, 5};

}  // namespace

TEST(VtkLegacy, ReadsTextAndBytes) {
  const LabelVolume volume = detail::read_vtk_legacy(file(scalars), "a.vtk");
  EXPECT_EQ(volume.size, (std::array<std::size_t, 3>{3, 2, 1}));
  EXPECT_EQ(volume.labels, counted);
  EXPECT_EQ(volume.origin, "seed 7");
  expect_spacing(volume, 1, 2, 4);
  const std::string words("\0\0\0\1\0\2\0\3\0\4\0\5", 12);
  EXPECT_EQ(
      detail::read_vtk_legacy(file("CELL_DATA 6\nSCALARS a short\nLOOKUP_TABLE default\n" + words, "BINARY"), "a.vtk")
          .labels,
      counted);
  EXPECT_EQ(detail::read_vtk_legacy(file("CELL_DATA 6\nSCALARS a short\n" + words, "BINARY"), "a.vtk").labels, counted);
}

TEST(VtkLegacy, PassesOverOtherArrays) {
  const std::string field =
      "CELL_DATA 6\nFIELD FieldData 2\nv 2 6 float\n1 1 1 1 1 1\n1 1 1 1 1 1\nMETADATA\nINFORMATION 0\n\na 1 6 int\n0 "
      "1 2 3 4 5\n";
  EXPECT_EQ(detail::read_vtk_legacy(file(field), "a.vtk").labels, counted);
  const std::string colours =
      "CELL_DATA 6\nSCALARS v float 2\nLOOKUP_TABLE default\n1 1 1 1 1 1 1 1 1 1 1 1\nMETADATA\nx\n\nCOLOR_SCALARS a "
      "1\n0 0.00392157 0.00784314 0.0117647 0.0156863 0.0196078\n";
  EXPECT_EQ(detail::read_vtk_legacy(file(colours), "a.vtk").labels, counted);
}

TEST(VtkLegacy, RefusesWhatMakesNoSense) {
  refuse("text", "does not begin as legacy VTK files do", 1);
  refuse(file("", "TEXT"), "the third line is 'text'", 3);
  refuse(file("", "ASCII", "4 3 2", "POLYDATA"), "the data set is no image", 4);
  refuse(file("", "ASCII", "4 3"), "too short", 5);
  refuse(file("", "ASCII", "4 3 x"), "a dimension is 'x'", 5);
  refuse(file(""), "the file has no scalars");
  refuse(replaced(file(scalars), "CELL_DATA 6", "CELL_DATA 7"), "there are 7 values for 3 x 2 x 1 cells", 8);
  refuse(replaced(file(scalars), "CELL_DATA", "POINT_DATA"), "there are 6 values for 4 x 3 x 2 points", 8);
  refuse("# vtk DataFile Version 3.0\n\nASCII\nCELL_DATA 6\n", "before the dimensions", 4);
  refuse(replaced(file(scalars), "a int", "a bit"), "the scalars are of type 'bit'");
  refuse(replaced(file(scalars), "4 5\n", ""), "the file ends after 4 values");
  refuse(replaced(file(scalars), "5\n", "-5\n"), "the voxel (2, 1, 0) has the value '-5'");
  refuse(file("CELL_DATA 6\nSCALARS a int\nLOOKUP_TABLE default\nabc", "BINARY"), "the file ends after 0 values");
  refuse(file("CELL_DATA 6\nCOLOR_SCALARS a 1\n0 0 0 0 0 2.5\n"), "has the value '2.5'");
  refuse(file("CELL_DATA 6\nSCALARS a int 9999999999\n1"), "too many values");
  refuse(file("", "ASCII", "9999999999 9999999999 2") + "POINT_DATA 1\n", "at most 17179869184 voxels");
}
