#!/usr/bin/env bash
# Installs the Debian packages of missing commands, as root or through sudo: build/need.sh command:package …
# Where it can't, it prints exactly what to install and fails.
set -euo pipefail

command -v dotnet >/dev/null || { echo "The .NET SDK 10 is missing. Install it: https://dot.net" >&2; exit 1; }
missing=()
for need in "$@"; do command -v "${need%%:*}" >/dev/null || missing+=("${need##*:}"); done
[[ ${#missing[@]} -gt 0 ]] || exit 0

command -v apt-get >/dev/null ||
    { echo "Missing (by the names of Debian's packages): ${missing[*]}. Install them, then run this again." >&2; exit 1; }
sudo=()
if [[ $EUID -ne 0 ]]; then
    # Without a terminal nobody could type the password that sudo may ask for.
    if command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then sudo=(sudo)
    else echo "Missing: ${missing[*]}. Install them as root: apt-get install ${missing[*]}" >&2; exit 1
    fi
fi
echo "Installing ${missing[*]}" >&2
install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends)
{ "${sudo[@]}" apt-get update -qq && "${sudo[@]}" "${install[@]}" "${missing[@]}"; } >/dev/null ||
    { echo "apt-get failed. Install them: apt-get install ${missing[*]}" >&2; exit 1; }
