#!/usr/bin/env bash
# Runs a test program, or part of one: build/run-tests.sh <results> <name> <program> [filter …]
# With CONVOX_TEST_NAMESPACES=yes it runs in a network namespace of its own. Writes <results>/<name>.log, .xml and .code, which
# build/test-sums.sh reads, and always exits with 0.
set -euo pipefail

results="$1" name="$2"
shift 2

# Many times as long as any job takes, so that a test that hangs is reported with its log.
limit=(timeout --foreground -k 30 45m)
code=0
if [[ "${CONVOX_TEST_NAMESPACES:-}" == yes ]]; then
    # Keeps this job's ports apart from the racks, consoles and emulators of other jobs.
    within=(unshare --net -- sh -c 'ip link set lo up && exec "$@"' sh)
else
    within=()
fi
"${limit[@]}" "${within[@]}" "$@" -noColor -result-xml "$results/$name.xml" >"$results/$name.log" 2>&1 || code=$?
echo "$code" >"$results/$name.code"
sums="$(grep -oE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+.*Time: [0-9.]+s' "$results/$name.log" | tail -n 1 || true)"
echo "$name: ${sums:-ended with code $code and no sums}"
