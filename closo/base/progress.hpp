/// How long work reports progress and is asked to stop. The library itself never prints.
#pragma once

#include <functional>
#include <string_view>

namespace closo::base {

/// Called with the finished share in [0, 1] and a short text; returns false to stop (the work then throws Cancelled).
using Progress = std::function<bool(double share, std::string_view what)>;

}  // namespace closo::base
