#!/usr/bin/env bash
# Ends the compiler server and the MSBuild processes of the builds with a name: build/end-servers.sh <name>
# The name is their value of SharedCompilationId and MSBUILDNODEHANDSHAKESALT, which separate them from other builds.
set -euo pipefail

for folder in /proc/[0-9]*; do
    command="$(tr '\0' '\n' 2>/dev/null <"$folder/cmdline")" || continue
    case "$command" in
        *VBCSCompiler*) grep -qx -- "-pipename:$1" <<<"$command" || continue ;;
        */MSBuild*) tr '\0' '\n' 2>/dev/null <"$folder/environ" | grep -qx "MSBUILDNODEHANDSHAKESALT=$1" || continue ;;
        *) continue ;;
    esac
    kill "${folder#/proc/}" 2>/dev/null || true
done
# The compiler server's socket, which is in /tmp whatever TMPDIR is.
rm -f "/tmp/$1"
