#!/usr/bin/env bash
# Installs the Debian packages of those commands that are missing: build/need.sh command:package …
# As root or through sudo. Where that can't be, it says at once exactly what to install, and fails.
set -euo pipefail

missing=()
for need in "$@"; do command -v "${need%%:*}" >/dev/null || missing+=("${need##*:}"); done
[[ ${#missing[@]} -gt 0 ]] || exit 0

ask() { echo "missing: ${missing[*]}. Install them: sudo apt-get install ${missing[*]}" >&2; exit 1; }
command -v apt-get >/dev/null || { echo "missing: ${missing[*]} (names of Debian's packages). Install what your system calls them." >&2; exit 1; }
as=()
if [[ $EUID -ne 0 ]]; then
    if command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then as=(sudo); else ask; fi
fi
echo "Installing ${missing[*]}" >&2
{ "${as[@]}" apt-get update -qq && "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null || ask
