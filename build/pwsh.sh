#!/usr/bin/env bash
# Gets PowerShell, which the tests of its completion run, into artifacts/pwsh; once.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
[[ -x "$root/artifacts/pwsh/pwsh" ]] || dotnet tool install PowerShell --version 7.6.9 --tool-path "$root/artifacts/pwsh" >/dev/null
