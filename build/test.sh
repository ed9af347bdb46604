#!/usr/bin/env bash
# Everything that has to hold: no warnings, the format, and all tests, on the packed packages and the native tool.
# Ends with 'N passed, N failed' alone on a line. What it lacks it installs (build/need.sh).
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"
build/need.sh gcc:gcc gcc:libc6-dev ld:binutils git:git curl:curl java:default-jre-headless npm:npm docker-registry:docker-registry \
    zsh:zsh fish:fish chromium:chromium ip:iproute2 unshare:util-linux script:bsdutils

scratch="$(mktemp -d)"
results="$scratch/results"
mkdir "$results"
trap 'rm -rf "$scratch"' EXIT
step() { printf '\n== %s (after %d s)\n' "$*" "$SECONDS"; }
program() { echo "tests/$1/bin/Release/net10.0/$1"; }

# With a network of its own, each job has all ports; without, jobs take turns.
jobs=1
if unshare --net -- sh -c 'ip link set lo up' 2>/dev/null; then
    export CONVOX_TEST_NAMESPACES=yes
    jobs=3
fi

step "Get DynamoDB Local and PowerShell"
build/dynamodb.sh
build/pwsh.sh

step "Build, without warnings"
dotnet build Releases.sln -c Release -nologo -tl:off -v:quiet

step "Format"
dotnet format whitespace Releases.sln --no-restore --verify-no-changes

step "Pack and install the native tool; meanwhile, the tests that don't need it"
in_process() {
    for name in Releases.Tests Releases.Tool.Tests Releases.Local.Tests Releases.Aws.Tests; do
        build/run-tests.sh "$results" "$name" "$(program "$name")"
    done
}
if [[ $jobs -gt 1 ]]; then in_process & fi

build/pack.sh
dotnet tool install dotnet-convox --tool-path "$scratch/tools" --source artifacts/packages >/dev/null
VERSION=99.0.0 NATIVE=no build/pack.sh "$scratch/later"
export CONVOX_TEST_PACKAGES="$root/artifacts/packages"
export CONVOX_TEST_LATER="$scratch/later"
export CONVOX_TEST_TOOL="$scratch/tools/dotnet-convox"

step "End to end, $jobs at a time"
if [[ $jobs -eq 1 ]]; then in_process; fi
# Each class is a job, but those that publish share what they have published, and of the longest class each test is one. The longest go first.
end="$(program Releases.EndToEnd.Tests)"
longest=Releases.EndToEnd.Tests.A_daemon_that_dies_at_any_moment
"$end" -list methods -noColor | grep '^Releases\.EndToEnd\.Tests\.' | tr -d '\r' >"$scratch/methods"
grep -q "^$longest\." "$scratch/methods" || { echo "The end-to-end tests were not found." >&2; exit 1; }
{
    grep "^$longest\." "$scratch/methods" | while read -r method; do echo "${method#Releases.EndToEnd.Tests.} $end -method $method"; done
    echo "Publishing $end -namespace Releases.EndToEnd.Tests.Publishing"
    sed 's/\.[^.]*$//' "$scratch/methods" | sort -u | while read -r class; do
        [[ "$class" == "$longest" || "$class" == Releases.EndToEnd.Tests.Publishing.* ]] || echo "${class#Releases.EndToEnd.Tests.} $end -class $class"
    done
} | xargs -P "$jobs" -L 1 build/run-tests.sh "$results"
wait

passed=0 failed=0 skipped=0
for code in "$results"/*.code; do
    log="${code%.code}.log"
    sums="$(grep -oE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+, Not Run: [0-9]+' "$log" | tail -n 1 || true)"
    read -r total errors bad left explicit <<<"$(grep -oE '[0-9]+' <<<"$sums" | tr '\n' ' ')" || true
    if [[ -z "${explicit:-}" || ( "$(<"$code")" -ne 0 && $((errors + bad)) -eq 0 ) ]]; then
        step "$(basename "$log" .log) ended with code $(<"$code") and no sums"
        cat "$log"
        failed=$((failed + 1))
        continue
    fi
    if [[ "$(<"$code")" -ne 0 ]]; then
        step "$(basename "$log" .log)"
        cat "$log"
    fi
    failed=$((failed + errors + bad))
    skipped=$((skipped + left))
    passed=$((passed + total - bad - left - explicit))
done

step "The 20 slowest tests, in seconds"
grep -hoE '<test [^>]*' "$results"/*.xml | sed -E 's/.* name="([^"]*)".* time="([0-9.]+)".*/\2 \1/' | sort -rn | sed -n 1,20p

step "Done"
echo
if [[ $skipped -gt 0 ]]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
[[ $failed -eq 0 ]]
