#!/usr/bin/env bash
# Installs the Debian packages of those commands that are missing: build/need.sh command:package …
# As root or through sudo. Where that can't be, it says at once exactly what to install, and fails.
set -euo pipefail

command -v dotnet >/dev/null || { echo "The .NET SDK 10 is missing. Install it: https://dot.net" >&2; exit 1; }
missing=()
for need in "$@"; do command -v "${need%%:*}" >/dev/null || missing+=("${need##*:}"); done
[[ ${#missing[@]} -gt 0 ]] || exit 0

command -v apt-get >/dev/null ||
    { echo "Missing (by the names of Debian's packages): ${missing[*]}. Install them, then run this again." >&2; exit 1; }
sudo=()
if [[ $EUID -ne 0 ]]; then
    # Where sudo would ask for a password and nobody can type one, it isn't used.
    if command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then sudo=(sudo)
    else echo "Missing: ${missing[*]}. Install them as root: apt-get install ${missing[*]}" >&2; exit 1
    fi
fi
echo "Installing ${missing[*]}" >&2
install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends)
{ "${sudo[@]}" apt-get update -qq && "${sudo[@]}" "${install[@]}" "${missing[@]}"; } >/dev/null ||
    { echo "apt-get failed. Install them: apt-get install ${missing[*]}" >&2; exit 1; }
