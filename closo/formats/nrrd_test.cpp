#include "closo/formats/nrrd.hpp"

#include <gtest/gtest.h>

#include "closo/formats/spectrum_test.hpp"
#include "closo/formats/volume_test.hpp"

using namespace closo;
using namespace closo::formats;

namespace {

const std::string sizes = "NRRD0004\ntype: uchar\ndimension: 3\nsizes: 3 2 1\n";

std::string file(const std::string& lines = {}, const std::string& encoding = "raw",
                 const std::string& data = std::string("\0\1\2\3\4\5", 6)) {
  return sizes + "encoding: " + encoding + "\n" + lines + "\n" + data;
}

std::vector<std::uint8_t> labels(const std::string& bytes) { return read_nrrd(bytes, "a.nrrd").labels; }

void refuse(const std::string& bytes, const std::string& part, std::size_t line = 0) {
  refusal([&] { read_nrrd(bytes, "a.nrrd"); }, part, line);
}

const std::vector<std::uint8_t> counted = {0, 1, 2, 3, 4, 5};

}  // namespace

TEST(Nrrd, ReadsImagesOfOtherPrograms) {
  for (const char* const name : {"raw", "raw_big_endian_16_bit", "ascii", "gzip_directions"}) {
    const LabelVolume volume = read_nrrd(seed("nrrd", name), name);
    expect_same_labels(volume, example_volume());
    EXPECT_TRUE(volume.spacing_is_known) << name;
    expect_spacing(volume, 0.25e-6, 0.5e-6, 0.75e-6);
  }
}

TEST(Nrrd, ReadsBackWhatItWrites) {
  for (const LabelVolume& volume : {full_volume(), example_volume()}) {
    expect_same_volume(read_nrrd(write_nrrd(volume), "a.nrrd"), volume);
  }
}

TEST(Nrrd, ReadsEveryEncodingAndType) {
  EXPECT_EQ(labels(file()), counted);
  EXPECT_EQ(labels(file("# a comment\nlabel 1:=a: b\n")), counted);
  EXPECT_EQ(labels(file("", "text", "0 1 2\n3 4.0 5e0\n")), counted);
  EXPECT_EQ(labels(file("", "hex", "0001 0203\n04 05")), counted);
  EXPECT_EQ(labels(replaced(file("endian: big\n", "raw", std::string("\0\0\0\1\0\2\0\3\0\4\0\5", 12)), "uchar",
                            "unsigned short")),
            counted);
  EXPECT_EQ(labels(file("line skip: 1\n", "raw", "header\n" + std::string("\0\1\2\3\4\5", 6))), counted);
  EXPECT_EQ(labels(file("byte skip: 2\n", "raw", "xx" + std::string("\0\1\2\3\4\5", 6))), counted);
  EXPECT_EQ(labels(file("byte skip: -1\n", "raw", "anything" + std::string("\0\1\2\3\4\5", 6))), counted);
}

TEST(Nrrd, ReadsTwoAxesAndAxesOfLengthOne) {
  const LabelVolume flat = read_nrrd(
      replaced(replaced(file("spacings: 2 3\nunits: \"nm\" \"nm\"\n"), "3 2 1", "3 2"), "dimension: 3", "dimension: 2"),
      "a.nrrd");
  EXPECT_EQ(flat.size, (std::array<std::size_t, 3>{3, 2, 1}));
  expect_spacing(flat, 2e-9, 3e-9, 2e-9);
  const LabelVolume deep = read_nrrd(
      replaced(
          replaced(file("space directions: none (0.1,0,0) (0,0.2,0) (0,0,0.3)\nspace units: \"mm\" \"mm\" \"mm\"\n"),
                   "3 2 1", "1 3 2 1"),
          "dimension: 3", "dimension: 4"),
      "a.nrrd");
  EXPECT_EQ(deep.labels, counted);
  refuse(replaced(replaced(file(), "3 2 1", "3 2 2 2"), "dimension: 3", "dimension: 4"), "4 axes longer than 1", 4);
}

TEST(Nrrd, TakesSpacingsOnlyWithTheirUnit) {
  const LabelVolume plain = read_nrrd(file("spacings: 2 3 4\n"), "a.nrrd");
  EXPECT_FALSE(plain.spacing_is_known);
  expect_spacing(plain, 2, 3, 4);
  EXPECT_FALSE(read_nrrd(file("spacings: 2 3 nan\nunits: \"mm\" \"mm\" \"mm\"\n"), "a.nrrd").spacing_is_known);
  EXPECT_FALSE(read_nrrd(file("spacings: 2 3 4\nunits: \"mm\" \"mm\" \"s\"\n"), "a.nrrd").spacing_is_known);
  const LabelVolume turned = read_nrrd(
      file("space directions: (0.6,0.8,0) (-0.8,0.6,0) (0,0,2)\nspace units: \"um\" \"um\" \"um\"\n"), "a.nrrd");
  EXPECT_TRUE(turned.spacing_is_known);
  expect_spacing(turned, 1e-6, 1e-6, 2e-6);
}

TEST(Nrrd, TakesNamesOfSegments) {
  const LabelVolume volume = read_nrrd(
      file("Segment0_LabelValue:=2\nSegment0_Name:=oxide\nSegment1_LabelValue:=x\nSegment1_Name:=no\n"), "a.nrrd");
  EXPECT_EQ(volume.names, (std::vector<std::string>{"", "", "oxide"}));
}

TEST(Nrrd, AsksForTheDataFile) {
  std::string asked;
  const auto read = [&asked](const std::string& name) {
    asked = name;
    return std::string("\0\1\2\3\4\5", 6);
  };
  const std::string header = sizes + "encoding: raw\ndata file: a.raw\n";
  EXPECT_EQ(read_nrrd(header, "a.nhdr", read).labels, counted);
  EXPECT_EQ(asked, "a.raw");
  refuse(header, "the data lie in another file", 6);
  refusal([&] { read_nrrd(replaced(header, "a.raw", "LIST"), "a.nhdr", read); }, "a list of data files", 6);
  refusal([&] { read_nrrd(replaced(header, "a.raw", "a%03d.raw 1 3"), "a.nhdr", read); }, "a list of data files");
  const auto short_data =
      refusal([&] { read_nrrd(header, "a.nhdr", [](const std::string&) { return std::string("ab"); }); },
              "the data have 2 bytes, fewer than the size says");
  EXPECT_EQ(short_data.place().file, "a.raw");
}

TEST(Nrrd, RefusesHeadersThatMakeNoSense) {
  refuse("no image", "does not begin as NRRD files do", 1);
  refuse(sizes + "encoding: raw\n", "ends inside the header");
  refuse(file("words\n"), "the line 'words' is no field", 6);
  refuse(file("type: int\n"), "the field 'type' stands twice", 6);
  refuse("NRRD0004\ntype: uchar\n\n", "no field 'dimension'");
  refuse(replaced(file(), "sizes: 3 2 1", "sizes: 3 2"), "2 sizes for dimension 3", 4);
  refuse(replaced(file(), "3 2 1", "3 2 x"), "a size is 'x'", 4);
  refuse(replaced(file(), "3 2 1", "3 2 0"), "a size is '0'", 4);
  refuse(replaced(file(), "3 2 1", "9999999999 9999999999 1"), "at most 17179869184 voxels", 4);
  refuse(replaced(file(), "uchar", "block"), "the type is 'block'", 2);
  refuse(replaced(file(), "uchar", "short"), "no field 'endian'");
  refuse(replaced(file("endian: middle\n"), "uchar", "short"), "the endian is 'middle'", 6);
  refuse(file("", "bzip2"), "the encoding is 'bzip2'", 5);
  refuse(file("spacings: 1 2\n"), "there are 2 spacings", 6);
  refuse(file("line skip: x\n"), "the line skip is 'x'", 6);
  refuse(file("line skip: 3\n"), "among the lines to skip");
  refuse(file("byte skip: 9\n"), "among the bytes to skip");
  refuse(replaced(file("byte skip: -1\n"), "3 2 1", "3 2 9"), "fewer bytes than the sizes say");
  for (const char* const directions :
       {"(1,0,0) (0,1,0)", "(1,0,0) (0,1,0) (0,x,1)", "1 2 3", "(1,0,0) (0,1) (0,0,1)", "(1,0,0) (1,1,0) (0,0,1)"}) {
    refuse(file("space directions: " + std::string(directions) + "\n"), "the space directions", 6);
  }
}

TEST(Nrrd, RefusesDataThatDoNotFit) {
  refuse(file("", "raw", "abc"), "the data have 3 bytes, fewer than the size says");
  refuse(file("", "raw", "abcdefgh"), "the data have 8 bytes, more than the size says");
  refuse(file("", "text", "0 1 2 3"), "there are 4 numbers, fewer");
  refuse(file("", "text", "0 1 2 3 4 5 6"), "more numbers than the 6");
  refuse(file("", "text", "0 1 2 3 4 300"), "the voxel (2, 1, 0) has the value '300'");
  refuse(file("", "hex", "0g"), "a character that is no digit");
  refuse(file("", "gzip", "no gzip data at all"), "damaged");
  const std::string whole = write_nrrd(example_volume());
  refuse(whole.substr(0, whole.size() - 12), "cut off");
  refuse(replaced(whole, "5 4 3", "5 4 2"), "hold more than the size says");
  refuse(replaced(whole, "5 4 3", "5 4 9"), "fewer than the size says");
  refuse(replaced(whole, "5 4 3", "5000 4000 3"), "compressed bytes cannot hold 5000 x 4000 x 3 voxels");
  refuse(replaced(file("", "raw", std::string("\0\1\2\3\4\xFF", 6)), "uchar", "int8"),
         "the voxel (2, 1, 0) has the value -1");
}

TEST(Nrrd, RefusesToWriteContradictions) {
  LabelVolume volume = example_volume();
  volume.names = {"two\nlines"};
  EXPECT_THROW(write_nrrd(volume), base::ParameterError);
}
