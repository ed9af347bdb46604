# What a step of a promotion takes: all traffic goes from the old processes to the new ones, which are ready, while 10 connections keep
# asking. Needs wrk (Debian: apt-get install wrk).
say "What a step of the traffic takes"
command -v wrk >/dev/null || { echo "bench.sh: steps needs wrk (Debian: apt-get install wrk)" >&2; exit 2; }
export CONVOX_HOME="$scratch/rack-steps"
web_app "$scratch/steps/Web"
cd "$scratch/steps"
sed -i '/^app.Run/i app.MapGet("/release", () => Environment.GetEnvironmentVariable("RELEASE"));' Web/Program.cs
cat >convox.yml <<'END'
services:
  web:
    build: Web
    port: 8080
    health: /health
    environment: ["*"]
    deployment: { strategy: blue-green, bake: 1s, judge: off }
END
"$convox" deploy -a stepped >"$scratch/out" 2>&1 || { cat "$scratch/out" >&2; exit 1; }
served="$("$convox" services -a stepped --json | sed -n 's/.*"directUrl": *"\([^"]*\)".*/\1/p' | head -n 1)"

step_now() {
    local asked since last first failed requests
    wrk --threads 1 --connections 10 --duration 8s --script "$root/build/bench/steps.lua" "$served/release" >"$scratch/wrk" & asked=$!
    sleep 1
    "$convox" env set -a stepped "ROUND=$(now)" --promote >"$scratch/out" 2>&1 || { cat "$scratch/out" >&2; exit 1; }
    wait "$asked"
    since="$("$convox" promotions info -a stepped --json | sed -n '/"step": 1,/,/"verdicts"/s/.*"since": "\([^"]*\)".*/\1/p' | head -n 1)"
    since="$(date --date "$since" +%s%6N)"
    read -r _ last first failed requests < <(grep '^steps ' "$scratch/wrk")
    awk -v since="$since" -v last="$last" -v first="$first" -v failed="$failed" -v requests="$requests" \
        'BEGIN { printf "%.2f %.2f %d %d\n", (last - since) / 1000, (first - since) / 1000, failed, requests }' >>"$scratch/steps.times"
}
: >"$scratch/steps.times"
for ((i = 0; i < runs; i++)); do step_now; done
step_column() { awk -v column="$1" '{ print $column }' "$scratch/steps.times"; }
row "from a step's time, before its write, to the first answer of a new process" "$(step_column 2 | median)" ms
limit "from a step's time, before its write, to the last answer of an old process" "$(step_column 1 | median)" ms 100
limit "  failed requests while these promotions ran" "$(step_column 3 | awk '{ all += $1 } END { print all + 0 }')" \
    "of $(step_column 4 | awk '{ all += $1 } END { print all }')" 0
"$convox" rack stop >/dev/null 2>&1
