#!/usr/bin/env bash
# Pictures of the console's pages, light, dark and on a phone, into artifacts/screenshots or another folder, to be looked at.
# docs/images/console.png is releases.png of them; made small with pngquant, so it is needed too (Debian: apt-get install chromium pngquant).
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
folder="$(realpath -m "${1:-$root/artifacts/screenshots}")"
mkdir -p "$folder"
cd "$root"
dotnet build tests/Releases.EndToEnd.Tests -c Release -nologo -tl:off -v:quiet
CONVOX_SCREENSHOTS="$folder" tests/Releases.EndToEnd.Tests/bin/Release/net10.0/Releases.EndToEnd.Tests -noColor -explicit only -class '*.Screenshots'
pngquant --force --skip-if-larger --strip --ext .png "$folder"/*.png || [[ $? -eq 98 ]]
echo "$folder"
