#include "closo/formats/temperature_text.hpp"

#include <gtest/gtest.h>

using closo::formats::temperature_in_text;

TEST(TemperatureText, ReadsNamesTitlesAndComments) {
  struct Case {
    std::string_view text;
    double degC;
  };
  for (const Case& c :
       {Case{"s04147-140deg", 140}, Case{"s05751_25deg, 26.02.2025, 15:11", 25}, Case{"CH3_cool_40C_2.csv", 40},
        Case{"LiCB11H12 at 25 °C", 25}, Case{"cell_60degC.mpt", 60}, Case{"run_-20C.DTA", -20}, Case{"-20 deg C", -20},
        Case{"fit_413K.txt", 139.85}, Case{"300.5 K", 27.35}, Case{"Temperature: 30 C", 30},
        Case{"Temp. [°C]=2.5000e+01", 25}, Case{"Temperature [K] = 400", 126.85}, Case{"T = 300 K", 26.85},
        Case{"T=55", 55}, Case{"1.7 sccm CO, 1.50 sccm CO2, 800 C", 800}, Case{"37,5degC", 37.5},
        Case{"80C then 80C", 80}}) {
    const auto found = temperature_in_text(c.text);
    ASSERT_TRUE(found) << c.text;
    EXPECT_NEAR(*found, c.degC, 1e-6) << c.text;
  }
}

TEST(TemperatureText, LeavesOtherNumbersAlone) {
  for (const std::string_view text :
       {"", "exampleData.csv", "rate_2C.txt", "C06_PEIS.mpr", "1A2.txt", "12CA", "sample5K", "-300C", "9999degC",
        "from 25C to 80C", "Template: 5", "setT5", "temperature unknown", "99K", "CO2 400", "T", "5Celsiusx"}) {
    EXPECT_FALSE(temperature_in_text(text)) << text << " " << temperature_in_text(text).value_or(0.0);
  }
}
