#!/usr/bin/env bash
# Runs every check, or those of the part that you work on:
#
#   build/test.sh             what CI runs: no warnings, the format, and every test, with the packed packages and the native tool
#   build/test.sh unit        the test programs that need no package
#   build/test.sh racks       the installed tool on local racks: promotions, crashes, load, terminals, bad input
#   build/test.sh aws         the rack on AWS, with AWS emulated on loopback
#   build/test.sh console     the console in a browser
#   build/test.sh packages    the packages, publishing with them, and two versions in one rack
#
# Installs missing commands (build/need.sh). The last line of its output is 'N passed, N failed'.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"
part="${1:-all}"
case "$part" in
    all | unit | racks | aws | console | packages) ;;
    *) echo "usage: build/test.sh [unit|racks|aws|console|packages|all]" >&2; exit 2 ;;
esac
has() { local each; for each in "$@"; do [[ "$part" == all || "$part" == "$each" ]] && return 0; done; return 1; }

# The tests also run the program kill; in this shell, kill is a builtin.
needs=(git:git script:bsdutils ps:procps)
if has unit console racks && ! command -v chromium >/dev/null; then needs+=(chromium-headless-shell:chromium-headless-shell); fi
if has unit racks; then needs+=(ip:iproute2 unshare:util-linux); fi
if has racks aws console packages; then needs+=(gcc:gcc gcc:libc6-dev ld:binutils); fi
if has racks; then needs+=(zsh:zsh fish:fish curl:curl); fi
if has aws; then needs+=(java:default-jre-headless npm:npm); fi
if has aws packages; then needs+=(docker-registry:docker-registry); fi
if has unit; then needs+=(skopeo:skopeo); fi
build/need.sh "${needs[@]}"

# The apps of the tests are below this folder, where such a file applies to them too.
stray="$(find "${TMPDIR:-/tmp}" -maxdepth 1 \( -name '*.sln' -o -name '*.slnx' -o -name convox.yml -o -name .convox -o -name .git \
    -o -iname 'Directory.*.props' -o -iname 'Directory.*.targets' -o -iname nuget.config -o -name global.json \) -print -quit)"
if [[ -n "$stray" ]]; then echo "test.sh: $stray applies to the apps of the tests; some may fail. Remove it, or set TMPDIR." >&2; fi

# Whatever a test leaves is gone with this script. The name is short, since the path of a socket has at most 108 characters; everybody may
# use it like /tmp, because some tests run programs as other users.
scratch="$(mktemp -d "${TMPDIR:-/tmp}/cvx.XXXXXX")"
chmod 1777 "$scratch"
export TMPDIR="$scratch"
results="$scratch/results"
mkdir "$results"
# The builds share one compiler server and MSBuild processes, which end with this script.
export UseSharedCompilation=true SharedCompilationId="convox-test-$$" MSBUILDNODEHANDSHAKESALT="convox-test-$$"
# Nearly every process here lives for seconds or a few minutes and JIT-compiles its own code. Without PGO instrumentation and W^X, the
# builds take a quarter less CPU time and the tests a fifth less.
export DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0
# Under load, a successful build by the MSBuild server can exit with 1 and without its last lines (dotnet/msbuild#14172).
unset DOTNET_CLI_USE_MSBUILD_SERVER
# As a hook of git, the tests would work on the repository whose hook it is.
unset $(git rev-parse --local-env-vars)
# With it, tests write what they should compare.
unset CONVOX_GOLDEN
clean_up() {
    build/end-servers.sh "$SharedCompilationId"
    # What the artifacts of a rack are in is read-only.
    find "$scratch" -type d ! -perm -u+w -exec chmod u+w {} +
    rm -rf "$scratch"
}
trap clean_up EXIT

steps=() step="" began=0
begin() {
    [[ -z "$step" ]] || steps+=("$((SECONDS - began)) $step")
    step="$1" began=$SECONDS
    printf '\n== %s (after %d s)\n' "$step" "$SECONDS"
}

# In a network namespace of its own, each job has all ports; without one, jobs run one at a time. A job mostly waits for health checks,
# polls and exiting processes, and uses a quarter to a half of a core.
jobs=1
if [[ "${CONVOX_TEST_NAMESPACES:-}" != no ]] && unshare --net -- sh -c 'ip link set lo up' 2>/dev/null; then
    export CONVOX_TEST_NAMESPACES=yes
    jobs=$((3 * $(nproc)))
else
    export CONVOX_TEST_NAMESPACES=no
fi

if has aws racks; then begin "Get DynamoDB Local and PowerShell"; fi
if has aws; then build/dynamodb.sh; fi
if has racks; then build/pwsh.sh; fi

# Checks the files without loading projects, so that the check can run alongside the build.
check_format() {
    find build samples src tests -name "*.cs" -not -path "*/bin/*" -not -path "*/obj/*" |
        xargs dotnet format whitespace . --folder --verify-no-changes --include >"$scratch/format" 2>&1
}
begin "Build, without warnings"
if [[ "$part" == all ]]; then
    check_format &
    checking=$!
    dotnet build Releases.sln -c Release -nologo -tl:off -v:quiet
    wait "$checking" || { cat "$scratch/format"; exit 1; }
else
    programs=()
    if has unit; then programs+=(Releases.Tests Releases.Tool.Tests Releases.Local.Tests); fi
    if has aws; then programs+=(Releases.Aws.Tests); fi
    if has racks aws console packages; then programs+=(Releases.EndToEnd.Tests); fi
    for name in "${programs[@]}"; do dotnet build "tests/$name" -c Release -nologo -tl:off -v:quiet; done
fi

unit_jobs() {
    local name
    for name in "$@"; do echo "$name tests/$name/bin/Release/net10.0/$name"; done
}
# A job that dies is missing in the results, which the sums report. Usage: run <how many at a time> <jobs
run() { tee -a "$results/jobs" | xargs -r -P "$1" -L 1 build/run-tests.sh "$results" || true; }
in_process=() with_tool=()
if has aws; then in_process+=(Releases.Aws.Tests); fi
if has unit; then
    in_process+=(Releases.Tool.Tests Releases.Tests)
    # Starts the tool some hundred times: the native one where there is one.
    with_tool=(Releases.Local.Tests)
fi

if has racks aws console packages; then
    begin "Pack and install the native tool; meanwhile, the tests that don't need it"
    if [[ $jobs -gt 1 ]]; then unit_jobs "${in_process[@]}" | run 2 & beside=$!; fi
    build/pack.sh
    dotnet tool install dotnet-convox --tool-path "$scratch/tools" --source artifacts/packages >/dev/null
    export CONVOX_TEST_PACKAGES="$root/artifacts/packages"
    export CONVOX_TEST_TOOL="$scratch/tools/dotnet-convox"

    begin "End to end, $jobs at a time"
    if [[ $jobs -eq 1 ]]; then unit_jobs "${in_process[@]}" | run 1; fi
    end="tests/Releases.EndToEnd.Tests/bin/Release/net10.0/Releases.EndToEnd.Tests"
    build/test-jobs.sh "$part" "$end" >"$scratch/jobs"
    [[ -s "$scratch/jobs" ]] || { echo "test.sh: found no end-to-end tests." >&2; exit 1; }
    { unit_jobs "${with_tool[@]}"; cat "$scratch/jobs"; } | run "$jobs"
    [[ -z "${beside:-}" ]] || wait "$beside"
else
    begin "Tests"
    unit_jobs "${in_process[@]}" "${with_tool[@]}" | run "$jobs"
fi

begin "Sums"
build/test-sums.sh "$results" "$scratch/sums"
printf '\n== Seconds per step\n'
printf '%s\n' "${steps[@]}"
echo
cat "$scratch/sums"
grep -q ' 0 failed' "$scratch/sums"
