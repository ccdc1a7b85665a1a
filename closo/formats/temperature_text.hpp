/// Sample temperatures that people write into file names, titles and comments.
#pragma once

#include <optional>
#include <string_view>

namespace closo::formats {

/// Temperature [degC] in a text such as "s04147-140deg", "CH3_cool_40C_2.csv", "cell at 25 °C", "413K", "Temp.
/// [°C]=2.5e1", "Temperature: 30 C", "T = 300 K". A bare "C" counts behind two or more digits or a minus (2C is a
/// rate), a bare "K" behind three. Empty without one, and where two different ones stand in the text.
std::optional<double> temperature_in_text(std::string_view text);

}  // namespace closo::formats
