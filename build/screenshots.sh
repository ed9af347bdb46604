#!/usr/bin/env bash
# Takes screenshots of the console for review, into artifacts/screenshots or another folder: every page in every state at 360, 720, 820,
# 1100, 1440 and 2560 pixels, light and dark, on an in-memory rack (pages/), and some pages of a real rollout, of which releases.png is
# docs/images/console.png. Needs Chromium, and pngquant to compress them (Debian: apt-get install chromium-headless-shell pngquant).
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
folder="$(realpath -m "${1:-$root/artifacts/screenshots}")"
mkdir -p "$folder/pages"
cd "$root"
dotnet build tests/Releases.Tool.Tests -c Release -nologo -tl:off -v:quiet
CONVOX_SCREENSHOTS="$folder/pages" tests/Releases.Tool.Tests/bin/Release/net10.0/Releases.Tool.Tests -noColor -class '*.EveryPageTests'
dotnet build tests/Releases.EndToEnd.Tests -c Release -nologo -tl:off -v:quiet
CONVOX_SCREENSHOTS="$folder" tests/Releases.EndToEnd.Tests/bin/Release/net10.0/Releases.EndToEnd.Tests -noColor -explicit only -class '*.Screenshots'
pngquant --force --skip-if-larger --strip --ext .png "$folder"/*.png "$folder"/pages/*.png || [[ $? -eq 98 ]]
echo "$folder"
