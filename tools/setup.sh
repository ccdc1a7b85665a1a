# Sourced by ./run, ./test and tools/time_build.sh: installs what is missing, configures and builds one preset.
# Everything it says goes to stderr, so that the output of closo itself can be piped.

export PATH
if [[ -z "${HOME:-}" ]]; then
  HOME=$(getent passwd "$(id -u)" 2>/dev/null | cut -d: -f6 || true)
  export HOME="${HOME:-/}"
fi

say() { printf 'closo: %s\n' "$*" >&2; }

# Prints the packages of the given groups that are neither installed nor replaced by a command.
missing_packages() {
  local group package command installed
  installed=$(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' 2>/dev/null | sed -n 's/^.i //p')
  while read -r group package command; do
    [[ " $* " == *" $group "* ]] || continue
    grep -qxF -e "$package" <<<"$installed" && continue
    [[ -n "$command" ]] && command -v "$command" >/dev/null && continue
    echo "$package"
  done < <(grep -v '^#' "$closo_root/tools/packages.txt")
}

# install_packages <group>…: nothing is called and nothing is said when nothing is missing.
install_packages() {
  [[ -z "${CLOSO_SKIP_PACKAGES:-}" ]] || return 0
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "this system has no apt-get. Install the equivalents of the packages in tools/packages.txt ($*)," \
        "then run again with CLOSO_SKIP_PACKAGES=1."
    return 1
  fi
  local missing as_root=()
  missing=$(missing_packages "$@" | tr '\n' ' ')
  missing=${missing% }
  [[ -n "$missing" ]] || return 0
  if [[ $(id -u) -ne 0 ]]; then
    if ! command -v sudo >/dev/null; then
      say "these packages are missing and neither root rights nor sudo are at hand; ask an administrator for:" \
          "apt-get install $missing"
      return 1
    fi
    as_root=(sudo)
    [[ -t 0 ]] || as_root=(sudo -n)
  fi
  local log="$closo_root/build/packages.log"
  mkdir -p "$closo_root/build"
  say "installing $missing"
  as_root+=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
  if ! { "${as_root[@]}" update && "${as_root[@]}" install -y --no-install-recommends $missing; } \
      >"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    say "the packages could not be installed; the whole log is $log"
    return 1
  fi
}

# Jobs that fit into the machine: one a core, and 1.2 GB of memory for each.
build_jobs() {
  local cores memory_kB
  cores=$(nproc)
  memory_kB=$(sed -n 's/^MemAvailable: *\([0-9]*\) kB$/\1/p' /proc/meminfo 2>/dev/null || true)
  local fit=$((${memory_kB:-4000000} / 1200000))
  ((fit >= 1)) || fit=1
  echo $((fit < cores ? fit : cores))
}

# Runs a command with its output in a log; on a terminal one line tells how far it is.
logged() {
  local log=$1
  shift
  if [[ -t 2 ]]; then
    local line status=0
    "$@" 2>&1 </dev/null | tee -a "$log" | while IFS= read -r line; do
      [[ "$line" =~ ^\[([0-9]+/[0-9]+)\] ]] && printf '\rcloso: building %s ' "${BASH_REMATCH[1]}" >&2
    done || status=${PIPESTATUS[0]}
    printf '\r\033[K' >&2
    return "$status"
  fi
  "$@" >>"$log" 2>&1 </dev/null
}

# build_preset <preset> [<ninja target>…]: a second call with nothing to do takes a fraction of a second.
build_preset() {
  local preset=$1
  shift
  local directory="$closo_root/build/$preset" log="$closo_root/build/$preset.log" arguments=()
  mkdir -p "$closo_root/build"
  : >"$log"
  if [[ ! -f "$directory/build.ninja" || "$closo_root/CMakePresets.json" -nt "$directory/build.ninja" ]] ||
      ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$closo_root" "$directory/CMakeCache.txt"; then
    if command -v ccache >/dev/null && [[ -w "$HOME" || -n "${CCACHE_DIR:-}" ]]; then
      arguments+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
    fi
    say "configuring the $preset build"
    if ! (cd "$closo_root" && logged "$log" cmake --fresh --preset "$preset" "${arguments[@]}"); then
      tail -n 30 "$log" >&2
      say "the $preset build could not be configured; the whole log is $log"
      return 1
    fi
    touch "$directory/build.ninja"
  fi
  if ninja -C "$directory" -n "$@" 2>/dev/null | tail -n 1 | grep -q 'no work to do'; then return 0; fi
  say "building $preset with $(build_jobs) jobs (log: $log)"
  if ! logged "$log" ninja -C "$directory" -j "$(build_jobs)" "$@"; then
    grep -A 20 -m 3 -E '^FAILED:|error:' "$log" | head -n 60 >&2 || tail -n 30 "$log" >&2
    say "the $preset build failed; the whole log is $log"
    return 1
  fi
}
