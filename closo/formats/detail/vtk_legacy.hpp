/// VTK's legacy files with structured points.
#pragma once

#include <string>
#include <string_view>

#include "closo/formats/label_volume.hpp"

namespace closo::formats::detail {

/// Throws: InputError with the line for other data sets, missing scalars and data that do not fit the dimensions.
LabelVolume read_vtk_legacy(std::string_view bytes, const std::string& file);

}  // namespace closo::formats::detail
