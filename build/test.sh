#!/usr/bin/env bash
# Everything that has to hold: no warnings, the format, and all tests, on the packed packages and the native tool.
# Ends with 'N passed, N failed' alone on a line.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
cd "$root"

step() { printf '\n== %s\n' "$*"; }

step "Build, without warnings"
dotnet build Releases.sln -c Release -nologo -tl:off -v:quiet

step "Format"
dotnet format Releases.sln --no-restore --verify-no-changes

step "Pack, and install the native tool"
build/pack.sh
dotnet tool install dotnet-convox --tool-path "$scratch/tools" --source artifacts/packages >/dev/null
VERSION=99.0.0 NATIVE=no build/pack.sh "$scratch/later"
export CONVOX_TEST_PACKAGES="$root/artifacts/packages"
export CONVOX_TEST_LATER="$scratch/later"
export CONVOX_TEST_TOOL="$scratch/tools/dotnet-convox"

command -v docker-registry >/dev/null || { echo "test.sh: docker-registry is missing; install it (Debian: apt-get install docker-registry)." >&2; exit 1; }

for shell in zsh fish; do
    command -v "$shell" >/dev/null || { echo "test.sh: $shell is missing, and completion is tested in it; install it (Debian: apt-get install $shell)." >&2; exit 1; }
done

command -v chromium >/dev/null || { echo "test.sh: chromium is missing, and the console is tested in it; install it (Debian: apt-get install chromium)." >&2; exit 1; }

step "Get DynamoDB Local and PowerShell"
build/dynamodb.sh
build/pwsh.sh

passed=0 failed=0 skipped=0
for project in tests/*.Tests; do
    name="$(basename "$project")"
    step "$name"
    # The log is the test program's own; its last lines tell the sums.
    code=0
    "$project/bin/Release/net10.0/$name" -noColor >"$scratch/log" 2>&1 || code=$?
    sums="$(grep -oE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$scratch/log" | tail -n 1 || true)"
    read -r total errors bad left <<<"$(grep -oE '[0-9]+' <<<"$sums" | tr '\n' ' ')" || true
    if [[ -z "${left:-}" || ( $code -ne 0 && $((errors + bad)) -eq 0 ) ]]; then
        cat "$scratch/log"
        echo "$name ended with code $code and no sums"
        failed=$((failed + 1))
        continue
    fi
    [[ $code -eq 0 ]] || cat "$scratch/log"
    echo "$sums"
    failed=$((failed + errors + bad))
    skipped=$((skipped + left))
    passed=$((passed + total - bad - left))
done

echo
if [[ $skipped -gt 0 ]]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
[[ $failed -eq 0 ]]
