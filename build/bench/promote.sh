say "What promote takes beyond the app's own start, for one service and for five"
export CONVOX_HOME="$scratch/rack-promote"
web_app "$scratch/promote/Web"
cd "$scratch/promote"
port=$((30000 + RANDOM % 2000))

# services <count>: prints a convox.yml with that many services, all of the same project.
services() {
    local i
    echo "services:"
    for ((i = 1; i <= $1; i++)); do printf '  web%s:\n    build: Web\n    port: 8080\n    health: /health\n' "$i"; done
}

# alone <count>: starts that many processes of the program at once, and returns once each has answered its health check.
alone() {
    local i
    app=""
    for ((i = 0; i < $1; i++)); do
        ASPNETCORE_URLS="http://127.0.0.1:$((port + i))" Web/bin/Release/net10.0/publish/Web >/dev/null 2>&1 &
        app+=" $!"
    done
    for ((i = 0; i < $1; i++)); do until curl --silent --fail --output /dev/null "http://127.0.0.1:$((port + i))/health"; do :; done; done
}
end_alone() { kill $app; wait $app 2>/dev/null || true; app=""; }

for count in 1 5; do
    services "$count" >convox.yml
    "$convox" deploy -a "bench$count" >"$scratch/out" 2>&1 || { cat "$scratch/out" >&2; exit 1; }
    promote_now() { "$convox" promote -a "bench$count"; }
    set_and_promote() { "$convox" env set -a "bench$count" "ROUND=$(now)" --promote; }
    for each in alone promote set; do : >"$scratch/$each.times"; done
    for ((i = 0; i < runs; i++)); do
        from="$(now)"; alone "$count"; to="$(now)"
        awk -v a="$from" -v b="$to" 'BEGIN { printf "%.2f\n", (b - a) / 1000 }' >>"$scratch/alone.times"
        end_alone
        took promote_now >>"$scratch/promote.times"
        took set_and_promote >>"$scratch/set.times"
    done
    own="$(median <"$scratch/alone.times")" promoted="$(median <"$scratch/promote.times")" changed="$(median <"$scratch/set.times")"
    row "the app alone, $count at once, from start to the first healthy answer of each" "$own" ms
    row "dotnet-convox promote, $count" "$promoted" ms
    limit "  beyond the app's own" "$(less "$promoted" "$own")" ms 150
    row "dotnet-convox env set --promote, $count" "$changed" ms
    limit "  beyond the app's own" "$(less "$changed" "$own")" ms 150
done

say "What the idle daemon keeps in memory"
daemon="$("$convox" rack --json | sed -n 's/.*"pid": *\([0-9]*\).*/\1/p')"
served="$("$convox" ps -a bench1 --json | sed -n 's/.*"pid": *\([0-9]*\).*/\1/p' | head -n 1)"
sleep 30
limit "the daemon, 30 s after the last of these promotions" "$(resident "$daemon")" MB 40
row "one of the processes that it runs" "$(resident "$served")" MB
"$convox" rack stop >/dev/null 2>&1
