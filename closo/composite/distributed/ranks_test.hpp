/// The ranks that run the tests of this folder.
#pragma once

#include "closo/composite/distributed/world.hpp"

namespace closo::composite::distributed {

/// Valid from the start of main() to its end.
const World& test_world();

}  // namespace closo::composite::distributed
