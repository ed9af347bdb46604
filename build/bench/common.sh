# Functions and variables that the parts of build/bench.sh share; sourced, not run.
runs="${RUNS:-5}"
scratch="$(mktemp -d)"
packages="${PACKAGES:-$root/artifacts/packages}"
convox="$scratch/tools/dotnet-convox"
app="" missed=0 limited=0 worker_is_built=""
consoles=()
declare -A medians
cache="${NUGET_PACKAGES:-}"
export CONVOX_ACTOR=bench@here DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 NUGET_PACKAGES="$scratch/nuget"
# As on a developer's machine, the compiler server and MSBuild nodes are reused by the next build; these end with the benchmark.
export UseSharedCompilation=true SharedCompilationId="convox-bench-$$" MSBUILDNODEHANDSHAKESALT="convox-bench-$$"
unset MSBUILDDISABLENODEREUSE CONVOX_APP CONVOX_RACK

clean_up() {
    local each
    cd /
    [[ -z "$app" ]] || kill $app 2>/dev/null || true
    for each in "${consoles[@]}"; do kill "$each" 2>/dev/null || true; done
    for each in "$scratch"/rack-*; do [[ ! -d "$each" ]] || CONVOX_HOME="$each" "$convox" rack stop >/dev/null 2>&1 || true; done
    "$root/build/end-servers.sh" "$SharedCompilationId"
    chmod -R u+w "$scratch"
    rm -rf "$scratch"
}
trap clean_up EXIT

say() { printf '\n== %s\n' "$*"; }
now() { echo "${EPOCHREALTIME/[.,]/}"; } # microseconds
median() { sort -n | awk '{ all[NR] = $1 } END { printf "%.2f\n", NR % 2 ? all[(NR + 1) / 2] : (all[NR / 2] + all[NR / 2 + 1]) / 2 }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
less() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a - b }'; }
row() { printf '%-72s %10s %s\n' "$@"; }

# limit <what> <figure> <unit> <at most>
limit() {
    local mark=""
    limited=$((limited + 1))
    if awk -v a="$2" -v b="$4" 'BEGIN { exit !(a > b) }'; then mark=" MISSED"; missed=$((missed + 1)); fi
    row "$1" "$2" "$3 (at most $4)$mark"
}

# Prints how many milliseconds a command takes.
took() {
    local from to; from="$(now)"
    "$@" >"$scratch/out" 2>&1 || { cat "$scratch/out" >&2; echo "bench.sh: this failed: $*" >&2; exit 1; }
    to="$(now)"
    awk -v a="$from" -v b="$to" 'BEGIN { printf "%.2f\n", (b - a) / 1000 }'
}

# Runs commands (names of functions) in turn, so that a disturbance on the machine hits them all; stores their medians in 'medians'.
in_turn() {
    local times="$1" each i; shift
    for each in "$@"; do took "$each" >/dev/null; : >"$scratch/$each.times"; done
    for ((i = 0; i < times; i++)); do
        for each in "$@"; do took "$each" >>"$scratch/$each.times"; done
    done
    for each in "$@"; do medians[$each]="$(median <"$scratch/$each.times")"; done
}

# Runs a command with the user's package cache. Measured commands have their own, because they use rebuilt packages of the same version.
with_own_packages() { if [[ -n "$cache" ]]; then NUGET_PACKAGES="$cache" "$@"; else env -u NUGET_PACKAGES "$@"; fi; }

resident() { awk '/^VmRSS/ { printf "%.1f", $2 / 1024 }' "/proc/$1/status"; }

# fill <count>: creates a rack with that many releases, in the folder of that name, unless it exists.
fill() {
    local worker="$root/tests/Releases.Testing.Worker"
    [[ ! -d "$scratch/$1" ]] || return 0
    [[ -n "$worker_is_built" ]] || with_own_packages dotnet build "$worker" -c Release -nologo -tl:off -v:quiet -clp:ErrorsOnly
    worker_is_built=yes
    dotnet "$worker/bin/Release/net10.0/Releases.Testing.Worker.dll" "$scratch/$1" "$1" | tail -n 1 >/dev/null
}

# web_app <folder> [package]: creates an empty web app, which references Releases.Tasks if 'package' is given.
web_app() {
    local name version reference=""
    name="$(basename "$1")" version="$("$convox" --version)"
    [[ -z "${2:-}" ]] || reference="<PackageReference Include=\"Releases.Tasks\" Version=\"${version%%+*}\" PrivateAssets=\"all\" />"
    mkdir -p "$1"
    cat >"$1/$name.csproj" <<END
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup>$reference</ItemGroup>
</Project>
END
    cat >"$1/Program.cs" <<'END'
var app = WebApplication.Create(args);
app.MapGet("/", () => "Servus");
app.MapGet("/health", () => "ok");
app.Run();
END
    cat >"$(dirname "$1")/nuget.config" <<END
<configuration><packageSources><clear /><add key="packed" value="$packages" /></packageSources></configuration>
END
}

# megabytes <folder> <count>: writes that many megabytes, in incompressible files of 10 MB.
megabytes() {
    local i
    mkdir -p "$1"
    for ((i = 0; i < $2 / 10; i++)); do head -c 10000000 /dev/urandom >"$1/data-$i.bin"; done
}

# with_content <project file>: makes the project publish the folder 'data' beside it too.
with_content() { sed -i 's|</Project>|<ItemGroup><Content Include="data/**" CopyToPublishDirectory="PreserveNewest" /></ItemGroup></Project>|' "$1"; }
