/// VTK images: XML image data (.vti) and legacy structured points (.vtk), as ParaView reads and writes them.
///
/// Labels are taken from the scalars of the cells, else the first array of cells with one component, else the same of
/// the points. Read: ascii, base64 and raw parts, inline or appended, zlib compression, both byte orders; one piece.
/// Lengths in VTK have no unit: the spacing is relative unless the field data have a text "spacing_unit", as the files
/// written here do; names of labels, periodicity and origin are further texts of the field data.
/// Source: W. Schroeder, K. Martin, B. Lorensen, The Visualization Toolkit, 4th ed. (2006), chapter 14 (file formats).
#pragma once

#include <string>
#include <string_view>

#include "closo/formats/label_volume.hpp"

namespace closo::formats {

/// Either format, by content. Throws: InputError for other kinds of data sets, several pieces, compressions that are
/// not supported, data of another length than the extent says, values above 255.
LabelVolume read_vtk_image(std::string_view bytes, const std::string& file);

/// An XML file with appended raw data: array "labels" of the cells, spacing in nm, um, mm or m as spacing_unit says.
/// Throws: ParameterError for a volume that contradicts itself.
std::string write_vtk_image(const LabelVolume& volume);

}  // namespace closo::formats
