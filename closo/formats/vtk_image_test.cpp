#include "closo/formats/vtk_image.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"
#include "closo/formats/volume_test.hpp"

using namespace closo;
using namespace closo::formats;

namespace {

const std::string head = "<VTKFile type=\"ImageData\" byte_order=\"LittleEndian\">\n";
const std::string image = "<ImageData WholeExtent=\"0 3 0 2 0 1\" Spacing=\"1 2 3\">\n<Piece Extent=\"0 3 0 2 0 1\">\n";
const std::string tail = "</Piece>\n</ImageData>\n</VTKFile>\n";
const std::string cells =
    "<CellData>\n<DataArray type=\"UInt8\" Name=\"a\" format=\"ascii\">\n0 1 2 3 4 5\n</DataArray>\n</CellData>\n";

const std::string plain = head + image + cells + tail;

void refuse(const std::string& bytes, const std::string& part, std::size_t line = 0) {
  refusal([&] { read_vtk_image(bytes, "a.vti"); }, part, line);
}

}  // namespace

TEST(VtkImage, ReadsImagesOfVtk) {
  for (const char* const name : {"xml_text_points", "xml_inline", "xml_inline_compressed", "xml_base64_compressed",
                                 "xml_base64_big_endian", "xml_raw_compressed", "xml_raw", "legacy_binary_cells",
                                 "legacy_text_points", "legacy_colours", "legacy_binary_colours"}) {
    const LabelVolume volume = read_vtk_image(seed("vtk_image", name), name);
    expect_same_labels(volume, example_volume());
    EXPECT_FALSE(volume.spacing_is_known) << name;
    expect_spacing(volume, 0.25, 0.5, 0.75);
  }
}

TEST(VtkImage, ReadsBackWhatItWrites) {
  LabelVolume foreign = full_volume();
  foreign.names[1] = "Grenzfläche";
  for (const LabelVolume& volume : {full_volume(), example_volume(), foreign}) {
    expect_same_volume(read_vtk_image(write_vtk_image(volume), "a.vti"), volume);
  }
}

TEST(VtkImage, ChoosesTheScalarsOfTheCells) {
  const auto array = [](const std::string& name, const std::string& numbers, const std::string& more = {}) {
    return "<DataArray type=\"Int32\" Name=\"" + name + "\" format=\"ascii\"" + more + ">" + numbers + "</DataArray>\n";
  };
  const std::string points =
      "<PointData Scalars=\"p\">" + array("p", "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 9") + "</PointData>";
  const std::string vector = array("v", "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", " NumberOfComponents=\"3\"");
  const std::string two =
      "<CellData Scalars=\"b\">" + vector + array("a", "9 9 9 9 9 9") + array("b", "0 1 2 3 4 5") + "</CellData>";
  EXPECT_EQ(read_vtk_image(head + image + points + two + tail, "a.vti").labels,
            (std::vector<std::uint8_t>{0, 1, 2, 3, 4, 5}));
  const LabelVolume of_points = read_vtk_image(head + image + points + tail, "a.vti");
  EXPECT_EQ(of_points.size, (std::array<std::size_t, 3>{4, 3, 2}));
  EXPECT_EQ(of_points.labels.back(), 9);
}

TEST(VtkImage, RefusesOtherXmlFiles) {
  refuse("<svg/>", "the first tag is 'svg'", 1);
  refuse("<?xml version=\"1.0\"?>", "no tag 'VTKFile'");
  refuse(replaced(plain, "\"ImageData\"", "\"PolyData\""), "the data set is 'PolyData'", 1);
  refuse(head + image + tail, "no array with one component", 2);
  refuse(replaced(plain, "<Piece Extent=\"0 3 0 2 0 1\">", "<Piece Extent=\"0 3 0 1 0 1\">"),
         "the piece has the extent", 3);
  refuse(replaced(plain, "</Piece>", "</Piece><Piece Extent=\"0 3 0 2 0 1\">"), "several pieces");
  refuse(replaced(plain, "WholeExtent=\"0 3", "WholeExtent=\"3"), "the WholeExtent is '3 0 2 0 1'", 2);
  refuse(replaced(replaced(plain, "0 3 0 2", "3 0 0 2"), "Extent=\"0 3 0 2 0 1\"", ""), "rising pairs of whole numbers",
         2);
  refuse(replaced(plain, "UInt8", "Complex"), "the array has the type 'Complex'", 5);
  refuse(replaced(plain, "\"ascii\"", "\"hex\""), "the array has the format 'hex'", 5);
  refuse(replaced(plain, "4 5\n", "4\n"), "there are 5 numbers");
  refuse(replaced(plain, "4 5\n", "4 256\n"), "the voxel (2, 1, 0) has the value '256'", 5);
}

TEST(VtkImage, RefusesDamagedData) {
  const std::string raw = write_vtk_image(example_volume());
  const std::size_t data = raw.find("   _") + 4;
  refuse(raw.substr(0, data), "the file ends inside the data of an array");
  refuse(raw.substr(0, data + 20), "the file ends inside the data of an array");
  refuse(replaced(raw, "<AppendedData encoding=\"raw\">\n   _", "<AppendedData encoding=\"raw\">"),
         "no '_' before them");
  refuse(replaced(raw, "encoding=\"raw\"", "encoding=\"hex\""), "encoded as 'hex'");
  refuse(replaced(raw, "offset=\"0\"", "offset=\"9999\""), "behind the appended data");
  refuse(replaced(raw, "offset=\"0\"", "offset=\"-1\""), "the offset of an array is '-1'");
  std::string longer = raw;
  longer[data] = 61;
  refuse(longer, "the array has 61 bytes; expected 60 bytes for the extent");
  longer[data] = 59;
  refuse(longer, "the data have 59 bytes, fewer");
  const std::string packed = seed("vtk_image", "xml_raw_compressed");
  refuse(replaced(packed, "vtkZLibDataCompressor", "vtkLZ4DataCompressor"), "the compressor is 'vtkLZ4DataCompressor'");
  refuse(packed.substr(0, packed.find('_', packed.find("AppendedData")) + 30), "cut off");
  std::string many = packed;
  many[packed.find('_', packed.find("AppendedData")) + 3] = 100;
  refuse(many, "the array is cut off");
}

TEST(VtkImage, RefusesToWriteContradictions) {
  LabelVolume volume = example_volume();
  volume.spacing[1] = 0.0;
  EXPECT_THROW(write_vtk_image(volume), base::ParameterError);
}
