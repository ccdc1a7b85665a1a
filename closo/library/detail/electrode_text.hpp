/// The tables of data/electrodes as texts turned into records, with every reference and range checked.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "closo/library/electrode_data.hpp"

namespace closo::library::detail {

/// As ElectrodeData::read.
void read_electrode_texts(std::span<const ElectrodeFile> files, const std::string& folder,
                          std::vector<ElectrodeMaterial>& materials, std::vector<ElectrodeSource>& sources);

}  // namespace closo::library::detail
