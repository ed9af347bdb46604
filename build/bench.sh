#!/usr/bin/env bash
# Measures what docs/measurements.md says: whole processes, side by side in turn, medians. Needs build/pack.sh to have run.
# Usage: build/bench.sh [runs], 9 unless told. Uses a rack of its own and leaves nothing running.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
runs="${1:-9}"
scratch="$(mktemp -d)"
convox="$scratch/tools/dotnet-convox"
export CONVOX_ACTOR=bench@here DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
app="" consoles=()

clean_up() {
    [[ -n "$app" ]] && kill "$app" 2>/dev/null || true
    for each in "${consoles[@]}"; do kill "$each" 2>/dev/null || true; done
    CONVOX_HOME="$scratch/rack" "$convox" rack stop >/dev/null 2>&1 || true
    rm -rf "$scratch"
}
trap clean_up EXIT

say() { printf '\n== %s\n' "$*"; }
now() { echo "${EPOCHREALTIME/[.,]/}"; } # microseconds
median() { sort -n | awk '{ all[NR] = $1 } END { print NR % 2 ? all[(NR + 1) / 2] : (all[NR / 2] + all[NR / 2 + 1]) / 2 }'; }
row() { printf '%-58s %10s %s\n' "$@"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
less() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a - b }'; }

# Milliseconds that a command takes.
took() {
    local from; from="$(now)"
    "$@" >"$scratch/out" 2>&1 || { cat "$scratch/out" >&2; echo "bench.sh: this failed: $*" >&2; exit 1; }
    awk -v a="$from" -v b="$(now)" 'BEGIN { printf "%.2f\n", (b - a) / 1000 }'
}

# Runs commands (names of functions) in turn, so that what disturbs the machine disturbs them all; medians in the array 'medians'.
in_turn() {
    local times="$1"; shift
    local each i
    for each in "$@"; do took "$each" >/dev/null; : >"$scratch/$each"; done
    for ((i = 0; i < times; i++)); do
        for each in "$@"; do took "$each" >>"$scratch/$each"; done
    done
    for each in "$@"; do medians[$each]="$(median <"$scratch/$each")"; done
}
declare -A medians

dotnet tool install dotnet-convox --tool-path "$scratch/tools" --source "$root/artifacts/packages" >/dev/null
echo "$(nproc) cores; dotnet-convox $("$convox" --version); .NET SDK $(dotnet --version)"

say "What releases takes, with 10 and with 10,000 of them"
dotnet build "$root/tests/Releases.Testing.Worker" -c Release -nologo -tl:off -v:quiet -clp:ErrorsOnly
fill() { dotnet "$root/tests/Releases.Testing.Worker/bin/Release/net10.0/Releases.Testing.Worker.dll" "$scratch/$1" "$1" | tail -n 1 >/dev/null; }
fill 10
fill 10000
git init -q "$scratch/tags"
git -C "$scratch/tags" -c user.name=bench -c user.email=bench@here commit -q --allow-empty -m first
git -C "$scratch/tags" update-ref --stdin < <(for i in {1..10000}; do echo "create refs/tags/v$i HEAD"; done)
git -C "$scratch/tags" pack-refs --all
name="$(CONVOX_HOME="$scratch/10" "$convox" apps | awk 'NR == 2 { print $1 }')"
releases_of_10() { CONVOX_HOME="$scratch/10" "$convox" releases -a "$name"; }
releases_of_10000() { CONVOX_HOME="$scratch/10000" "$convox" releases -a "$name"; }
git_tags_of_10000() { git -C "$scratch/tags" for-each-ref refs/tags --sort=-creatordate --count=10 --format='%(refname:short) %(creatordate) %(subject)'; }
dotnet_version() { dotnet --version; }
in_turn $((runs * 4 + 1)) releases_of_10 releases_of_10000 git_tags_of_10000 dotnet_version
row "dotnet-convox releases, 10 releases" "${medians[releases_of_10]}" ms
row "dotnet-convox releases, 10,000 releases (at most 20)" "${medians[releases_of_10000]}" ms
row "  times the former (at most 1.3)" "$(ratio "${medians[releases_of_10000]}" "${medians[releases_of_10]}")" ""
row "git for-each-ref, the newest 10 of 10,000 tags" "${medians[git_tags_of_10000]}" ms
row "dotnet --version" "${medians[dotnet_version]}" ms

say "What -p:ConvoxRelease=true adds to dotnet publish"
export CONVOX_HOME="$scratch/rack"
cp -r "$root/samples" "$scratch/samples"
find "$scratch/samples" -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
# The sample takes its package from the repository's folder of packages; here it stands elsewhere.
cp "$root/Directory.Build.props" "$root/Directory.Packages.props" "$root/global.json" "$scratch/" 2>/dev/null
sed "s|\"artifacts/packages\"|\"$root/artifacts/packages\"|" "$root/nuget.config" >"$scratch/nuget.config"
export NUGET_PACKAGES="$scratch/nuget"
cd "$scratch/samples/hello"
printf 'services:\n  web:\n    build: Hello/Hello.csproj\n    port: 8080\n    health: /health\n' >convox.yml
publish_plain() { dotnet publish Hello/Hello.csproj -tl:off -nologo -v:quiet -o "$scratch/plain"; }
publish_release() { dotnet publish Hello/Hello.csproj -tl:off -nologo -v:quiet -o "$scratch/released" -p:ConvoxRelease=true; }
in_turn "$runs" publish_plain publish_release
row "dotnet publish" "${medians[publish_plain]}" ms
row "dotnet publish -p:ConvoxRelease=true" "${medians[publish_release]}" ms
row "  adds (at most 500)" "$(less "${medians[publish_release]}" "${medians[publish_plain]}")" ms

say "What promote takes beyond the app's own start"
port=$((30000 + RANDOM % 2000))
start_alone() {
    PORT=$port ASPNETCORE_URLS="http://127.0.0.1:$port" "$scratch/plain/Hello" >/dev/null 2>&1 &
    app=$!
    until curl --silent --fail --output /dev/null "http://127.0.0.1:$port/health"; do :; done
}
promote() { "$convox" promote; }
promote >/dev/null 2>&1
: >"$scratch/alone"; : >"$scratch/promote"
for ((i = 0; i < runs; i++)); do
    from="$(now)"; start_alone
    awk -v a="$from" -v b="$(now)" 'BEGIN { printf "%.2f\n", (b - a) / 1000 }' >>"$scratch/alone"
    kill "$app"; wait "$app" || true; app=""
    took promote >>"$scratch/promote"
done
alone="$(median <"$scratch/alone")" promoted="$(median <"$scratch/promote")"
row "the app alone, from start to its first healthy answer" "$alone" ms
row "dotnet-convox promote, whole" "$promoted" ms
row "  beyond the app's own (at most 1000)" "$(less "$promoted" "$alone")" ms

say "What the idle daemon keeps in memory"
resident() { awk '/^VmRSS/ { printf "%.1f", $2 / 1024 }' "/proc/$1/status"; }
daemon="$("$convox" rack --json | sed -n 's/.*"pid": *\([0-9]*\).*/\1/p')"
served="$("$convox" ps --json | sed -n 's/.*"pid": *\([0-9]*\).*/\1/p' | head -n 1)"
sleep 30
row "the daemon, 30 s after the last of these promotions (at most 40)" "$(resident "$daemon")" MB
row "the sample that it runs" "$(resident "$served")" MB

say "What the console's releases page takes, with 10 and with 10,000 of them, and what it keeps in memory"
page() { curl --silent --show-error --fail --cookie "$scratch/$1.cookies" --output /dev/null --write-out '%{time_total}\n' "$(<"$scratch/$1.url")/apps/$name/releases"; }
for rack in 10 10000; do
    CONVOX_HOME="$scratch/$rack" "$convox" console --no-open --json >"$scratch/$rack.json" 2>/dev/null & consoles+=($!)
    until [[ -s "$scratch/$rack.json" ]]; do sleep 0.1; done
    signed="$(sed 's/.*"url": *"\([^"]*\)".*/\1/' "$scratch/$rack.json")"
    echo "${signed%/sign-in*}" >"$scratch/$rack.url"
    curl --silent --fail --location --cookie-jar "$scratch/$rack.cookies" --output /dev/null "$signed"
    page "$rack" >/dev/null
done
for ((i = 0; i < runs * 4 + 1; i++)); do for rack in 10 10000; do page "$rack" >>"$scratch/$rack.page"; done; done
for rack in 10 10000; do row "a page of $rack releases, first to last byte (at most 10)" "$(awk '{ print $1 * 1000 }' "$scratch/$rack.page" | median)" ms; done
row "the console, after that (at most 60)" "$(resident "${consoles[1]}")" MB

say "What a promotion on AWS asks of ECS and Secrets Manager, and how long after ECS it is done (simulated, in virtual time)"
"$root/build/dynamodb.sh" >/dev/null
dotnet build "$root/tests/Releases.Aws.Tests" -c Release -nologo -tl:off -v:quiet -clp:ErrorsOnly
"$root/tests/Releases.Aws.Tests/bin/Release/net10.0/Releases.Aws.Tests" -noColor -class '*EcsCallTests' -showLiveOutput | sed -n 's/.*\[OUTPUT\] //p'
