#!/usr/bin/env bash
# Ends the compiler server and the MSBuild processes that builds under this name left: build/end-servers.sh <name>
# The name is the value of MSBUILDNODEHANDSHAKESALT, which keeps them apart from everybody else's.
set -euo pipefail

for environment in /proc/[0-9]*/environ; do
    process="${environment#/proc/}" process="${process%/environ}"
    tr '\0' '\n' 2>/dev/null <"$environment" | grep -qx "MSBUILDNODEHANDSHAKESALT=$1" || continue
    if tr '\0' ' ' 2>/dev/null <"/proc/$process/cmdline" | grep -qE 'MSBuild\.dll|VBCSCompiler'; then kill "$process" 2>/dev/null || true; fi
done
