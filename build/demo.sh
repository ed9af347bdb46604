#!/usr/bin/env bash
# Shows the whole product on this machine: packs and installs the tool, publishes the sample, promotes it, changes its environment,
# breaks it and watches it roll back. Uses a rack of its own and leaves nothing running.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
needs=(git:git curl:curl)
# Compiling the native tool takes most of a first run, so unless it was packed before, the demo uses the tool that runs on the .NET runtime.
native="$(compgen -G "$root/artifacts/packages/dotnet-convox.linux-x64.*.nupkg" || true)"
[[ -z "$native" ]] || needs+=(gcc:gcc gcc:libc6-dev ld:binutils)
"$root/build/need.sh" "${needs[@]}"
tools="$root/artifacts/tools"
scratch="$(mktemp -d)"
export CONVOX_HOME="$scratch/rack"
convox="$tools/dotnet-convox"

# The builds share one compiler server and MSBuild processes, which end with this script, whatever the environment sets for other builds.
# Analyzers are off, because the source is unchanged since they last ran.
export UseSharedCompilation=true SharedCompilationId="convox-demo-$$" MSBUILDNODEHANDSHAKESALT="convox-demo-$$" RunAnalyzers=false
unset MSBUILDDISABLENODEREUSE

clean_up() {
    [[ -x "$convox" ]] && "$convox" rack stop >/dev/null 2>&1 || true
    "$root/build/end-servers.sh" "$SharedCompilationId"
    rm -rf "$scratch"
}
trap clean_up EXIT

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

# Prints a command as a person would type it, then runs it.
show() {
    printf '$ %s\n' "${*/#$convox/dotnet convox}"
    "$@"
}

answer() {
    local url
    url="$("$convox" services --json | sed -n 's/.*"directUrl": *"\([^"]*\)".*/\1/p' | head -n 1)"
    printf '$ curl %s/\n' "$url"
    curl --silent --show-error --fail "$url/"
}

if [[ -n "$native" ]]; then
    say "Packing (the tool is compiled to a native program) …"
    "$root/build/pack.sh"
else
    say "Packing …"
    NATIVE=no "$root/build/pack.sh"
    echo "The tool runs on the .NET runtime here. build/pack.sh compiles it to a native program, which starts ten times as fast."
fi
rm -rf "$tools"
dotnet tool install dotnet-convox --tool-path "$tools" --source "$root/artifacts/packages" >/dev/null
echo "dotnet-convox $("$convox" --version) is in artifacts/tools"

cd "$root/samples/hello"

say "1. Publish: each project creates a build and a release; the newest release has both services"
show dotnet publish Hello.sln -p:ConvoxRelease=true -v:minimal -tl:off -nologo
show "$convox" releases

say "2. Promote it, and ask it"
show "$convox" promote
answer

say "3. Changing the environment creates a release too"
show "$convox" env set GREETING=Servus --promote
answer

say "4. A release that crashes at start is rolled back, and the service keeps answering"
code=0
show "$convox" env set CRASH=no-database --promote || code=$?
echo "(exit code $code)"
[[ $code -eq 3 ]] || { echo "demo.sh: expected exit code 3" >&2; exit 1; }
answer

say "5. The releases, the promotions, and the running processes"
show "$convox" releases
show "$convox" promotions
show "$convox" ps

say "6. Stop everything"
show "$convox" rack stop
