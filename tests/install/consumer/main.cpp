#include <iostream>

#include "closo/base/installation.hpp"
#include "closo/base/unit.hpp"
#include "closo/tasks/task.hpp"

int main() {
  using namespace closo;
  const double conductivity = base::convert(1.2, base::Unit::parse("mS/cm"), base::Unit::parse("S/m"));
  std::cout << base::version() << ' ' << conductivity << ' ' << (tasks::tasks().empty() ? "no tasks" : "tasks") << '\n';
}
