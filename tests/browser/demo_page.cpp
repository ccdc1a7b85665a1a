// Writes the pages of the browser test: closo_report_demo <assets folder> <folder to write>.
#include <cstdio>
#include <exception>
#include <filesystem>

#include "closo/report/render.hpp"
#include "demo_report.hpp"
#include "gallery_report.hpp"
#include "hostile_report.hpp"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: closo_report_demo <assets folder> <folder to write>\n", stderr);
    return 2;
  }
  const std::filesystem::path folder = argv[2];
  try {
    const closo::report::Report report = closo::browser_test::demo_report();
    for (const auto& path : closo::report::write_report(report, folder, argv[1])) std::puts(path.string().c_str());
    closo::report::write_report(closo::browser_test::hostile_report(), folder / "hostile", argv[1]);
    closo::report::write_report(closo::browser_test::gallery_report(), folder / "gallery", argv[1]);
    std::fputs(closo::report::render_text(report, {.summary = true}).c_str(), stdout);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
