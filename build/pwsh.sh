#!/usr/bin/env bash
# Installs PowerShell, which the tests of the PowerShell completion run, into artifacts/pwsh unless it is there.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
[[ -x "$root/artifacts/pwsh/pwsh" ]] || dotnet tool install PowerShell --version 7.6.9 --tool-path "$root/artifacts/pwsh" >/dev/null
