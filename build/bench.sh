#!/usr/bin/env bash
# Takes the measurements of docs/measurements.md: medians over whole processes that run in turn. Run build/pack.sh first.
#
#   build/bench.sh [part …]     runs one or more of the files in build/bench; all of them by default
#   RUNS=9 build/bench.sh …     runs each command nine times instead of five
#
# Prints each figure beside its limit and marks those that miss it. Uses racks of its own and leaves nothing running.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
source "$root/build/bench/common.sh"

parts=("$@")
[[ ${#parts[@]} -gt 0 ]] || parts=(loop publish files promote lists console aws agent)
[[ $# -gt 0 || ! -e "$root/build/bench/router.sh" ]] || parts+=(router steps)
for part in "${parts[@]}"; do
    [[ "$part" != common && -e "$root/build/bench/$part.sh" ]] || { echo "bench.sh: there is no part '$part'" >&2; exit 2; }
done

dotnet tool install dotnet-convox --tool-path "$scratch/tools" --source "$packages" >/dev/null
echo "$(nproc) × $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo) GB," \
    "load $(cut -d ' ' -f 1 /proc/loadavg); dotnet-convox $("$convox" --version); .NET SDK $(dotnet --version); $runs rounds"

for part in "${parts[@]}"; do
    cd "$scratch"
    source "$root/build/bench/$part.sh"
done
printf '\n%s of %s figures with a limit miss it\n' "$missed" "$limited"
