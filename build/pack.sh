#!/usr/bin/env bash
# Makes the packages: the tool (a pointer package, a native program, and a portable program for the .NET runtime) and Releases.Tasks.
# Prints nothing unless something fails. Runs from any folder.
#
#   build/pack.sh [folder]      packs into artifacts/packages, or into the folder, whose other packages stay
#   VERSION=0.2.1 …             packs another version than the source states; its build output stays out of bin and obj
#   NATIVE=no …                 skips ahead-of-time compilation, which takes most of the time; the pointer refers to the portable program
#   ARM64=yes …                 adds a native program for Linux on arm64 (Debian: gcc-aarch64-linux-gnu, libc6-dev-arm64-cross)
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
feed="${1:-$root/artifacts/packages}"
mkdir -p "$feed"
feed="$(cd "$feed" && pwd)"
scratch="$(mktemp -d)"
cross=aarch64-linux-gnu
trap 'rm -rf "$scratch"' EXIT

fail() { echo "pack.sh: $*" >&2; exit 1; }

quietly() {
    "$@" >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; fail "this failed: $*"; }
}

pack() {
    local project="$1"; shift
    quietly dotnet pack "$root/src/$project" -o "$scratch/packages" -nologo -tl:off "${as[@]}" "$@"
}

command -v dotnet >/dev/null || fail "dotnet is missing; install the .NET SDK 10 (https://dot.net)."
cd "$root" # global.json and nuget.config are found from here

runtimes=(any)
if [[ "${NATIVE:-}" == no ]]; then :
elif [[ "$(uname -sm)" == "Linux x86_64" ]]; then
    runtimes=(linux-x64 any)
    command -v ld >/dev/null && command -v objcopy >/dev/null ||
        fail "the native program needs a linker; install binutils (Debian: apt-get install gcc)."
    if command -v clang >/dev/null; then linker=()
    elif command -v gcc >/dev/null; then linker=(-p:CppCompilerAndLinker=gcc)
    else fail "the native program needs a linker driver; install gcc or clang (Debian: apt-get install gcc)."
    fi
    if [[ "${ARM64:-}" == yes ]]; then
        runtimes=(linux-x64 linux-arm64 any)
        command -v "$cross-gcc" >/dev/null ||
            fail "arm64 needs a cross compiler (Debian: apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross)."
    fi
else
    echo "pack.sh: this isn't Linux on x64, so dotnet-convox.linux-x64 isn't made; the tool runs on the .NET runtime here." >&2
fi

as=(-c Release "-p:ToolPackageRuntimeIdentifiers=\"$(IFS=';'; echo "${runtimes[*]}")\"")
# Analyzers already ran when the source was built as its own version.
if [[ -n "${VERSION:-}" ]]; then as+=(-p:Version="$VERSION" --artifacts-path "$scratch/build" -p:RunAnalyzers=false); fi

pack Releases.Tool
for runtime in "${runtimes[@]}"; do
    case "$runtime" in
        # The SDK never installs this package on a platform that has one of its own.
        any) pack Releases.Tool -r any -p:PublishAot=false "-p:OwnRuntimes=\"$(IFS=';'; echo "${runtimes[*]}")\"" ;;
        linux-x64) pack Releases.Tool -r linux-x64 "${linker[@]}" ;;
        linux-arm64) pack Releases.Tool -r linux-arm64 -p:CppCompilerAndLinker="$cross-gcc" -p:ObjCopyName="$cross-objcopy" ;;
    esac
done
ahead=""
if [[ " ${runtimes[*]} " == *" linux-x64 "* ]]; then
    ahead="$scratch/ahead"
    quietly dotnet publish "$root/src/Releases.Tasks" -r linux-x64 --no-self-contained -o "$ahead" -nologo -tl:off "${as[@]}" -p:PublishReadyToRun=true
fi
pack Releases.Tasks "-p:CompiledAhead=$ahead"

# A copy of the same version in NuGet's cache would hide a rebuilt package.
version="$(basename "$scratch"/packages/Releases.Tasks.*.nupkg .nupkg)"
version="${version#Releases.Tasks.}"
cache="$(dotnet nuget locals global-packages --list | sed -n 's/^global-packages: //p')"
for package in "$scratch"/packages/*.nupkg; do
    id="$(basename "$package" ".$version.nupkg" | tr '[:upper:]' '[:lower:]')"
    rm -rf "${cache:?}/$id/$(tr '[:upper:]' '[:lower:]' <<<"$version")"
done
# Replaces all packages of this version or none; artifacts/packages has one version only. Other packages in the folder are left alone.
[[ "$feed" != "$root/artifacts/packages" ]] || rm -f "$feed"/{dotnet-convox,Releases.Tasks}.*.nupkg
rm -f "$feed"/{dotnet-convox,dotnet-convox.any,dotnet-convox.linux-x64,dotnet-convox.linux-arm64,Releases.Tasks}."$version".nupkg
mv "$scratch"/packages/*.nupkg "$feed"
