#!/usr/bin/env bash
# Ends the compiler server and the MSBuild processes of builds that had a name of their own: build/end-servers.sh <name>
# The name is the value of SharedCompilationId and of MSBUILDNODEHANDSHAKESALT, which keep them apart from other builds.
set -euo pipefail

for folder in /proc/[0-9]*; do
    command="$(tr '\0' '\n' 2>/dev/null <"$folder/cmdline")" || continue
    case "$command" in
        *VBCSCompiler*) grep -qx -- "-pipename:$1" <<<"$command" || continue ;;
        *MSBuild.dll*) tr '\0' '\n' 2>/dev/null <"$folder/environ" | grep -qx "MSBUILDNODEHANDSHAKESALT=$1" || continue ;;
        *) continue ;;
    esac
    kill "${folder#/proc/}" 2>/dev/null || true
done
# The socket of the compiler server.
rm -f "${TMPDIR:-/tmp}/$1"
