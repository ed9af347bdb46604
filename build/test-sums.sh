#!/usr/bin/env bash
# Adds up the results of build/run-tests.sh, and shows the logs of failed jobs and the slowest tests.
# Usage: build/test-sums.sh <results> <file for 'N passed, N failed'>
# <results>/jobs has a line for each job, which begins with its name.
set -euo pipefail

results="$1" sums="$2"
passed=0 failed=0 skipped=0
while read -r job _; do
    code="$results/$job.code" log="$results/$job.log"
    # A job that died, such as on a full disk.
    if [[ ! -s "$code" ]]; then
        printf '\n== %s has no result\n' "$job"
        if [[ -f "$log" ]]; then cat "$log"; fi
        failed=$((failed + 1))
        continue
    fi
    line="$(grep -oE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+, Not Run: [0-9]+' "$log" | tail -n 1 || true)"
    read -r total errors bad left explicit <<<"$(grep -oE '[0-9]+' <<<"$line" | tr '\n' ' ')" || true
    if [[ -z "${explicit:-}" || $total -eq 0 || ( "$(<"$code")" -ne 0 && $((errors + bad)) -eq 0 ) ]]; then
        printf '\n== %s ended with code %s and no sums, or ran no test\n' "$job" "$(<"$code")"
        cat "$log"
        failed=$((failed + 1))
        continue
    fi
    if [[ "$(<"$code")" -ne 0 ]]; then
        printf '\n== %s\n' "$job"
        cat "$log"
    fi
    failed=$((failed + errors + bad))
    skipped=$((skipped + left))
    passed=$((passed + total - bad - left - explicit))
done <"$results/jobs"

printf '\n== The 20 slowest tests, in seconds\n'
{ grep -hoE '<test [^>]*' "$results"/*.xml || true; } |
    sed -E 's/.* name="([^"]*)".* time="([0-9.]+)".*/\2 \1/' | sort -rn | sed -n 1,20p
if [[ $skipped -gt 0 ]]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi >"$sums"
