#!/usr/bin/env bash
# Times the build without a compiler cache: a clean release build, a build with nothing to do, and a rebuild after one
# source and after one widely used header has changed. Usage: tools/time_build.sh [<jobs>]
set -euo pipefail
closo_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
jobs=${1:-$(nproc)}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export CCACHE_DISABLE=1

# A copy, so that touched files leave the source tree alone.
mkdir "$scratch/closo"
tar -C "$closo_root" --exclude=./build --exclude=./out --exclude=./.git -cf - . | tar -C "$scratch/closo" -xf -

timed() {
  local name=$1 start end
  shift
  start=$(date +%s%N)
  "$@" >"$scratch/log" 2>&1 || { tail -n 20 "$scratch/log"; exit 1; }
  end=$(date +%s%N)
  awk -v name="$name" -v ns=$((end - start)) 'BEGIN { printf "%-44s %7.1f s\n", name, ns / 1e9 }'
}
build() { ninja -C "$scratch/build" -j "$jobs"; }
touched() { touch "$scratch/closo/$1" && build; }

echo "$jobs jobs, $(c++ --version | head -n 1)"
timed "configure" cmake -S "$scratch/closo" -B "$scratch/build" -G Ninja \
  -DCMAKE_BUILD_TYPE=Release -DCLOSO_BUILD_TESTS=OFF
timed "clean release build" build
timed "nothing to do" build
timed "one source changed (closo/base/unit.cpp)" touched closo/base/unit.cpp
timed "one header changed (closo/base/unit.hpp)" touched closo/base/unit.hpp
