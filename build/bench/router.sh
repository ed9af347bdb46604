# Compares the local rack's router with nginx. Both proxy the same process of a release, in turn, over 50 and 500 keep-alive connections,
# with small and with 100 KB responses. Needs nginx and wrk (Debian: apt-get install nginx-light wrk). A run takes LOAD_SECONDS, or 3.
say "What the router carries, beside nginx before the same process"
for needed in nginx wrk; do
    command -v "$needed" >/dev/null || { echo "bench.sh: router needs $needed (Debian: apt-get install nginx-light wrk)" >&2; exit 2; }
done
export CONVOX_HOME="$scratch/rack-router"
web_app "$scratch/router/Web"
cd "$scratch/router"
sed -i '/^app.Run/i var large = new byte[100 * 1024];\napp.MapGet("/large", () => Results.Bytes(large));' Web/Program.cs
printf 'services:\n  web:\n    build: Web\n    port: 8080\n    health: /health\n' >convox.yml
"$convox" deploy -a routed >"$scratch/out" 2>&1 || { cat "$scratch/out" >&2; exit 1; }

number() { sed -n "s/.*\"$1\": *\([0-9][0-9]*\).*/\1/p" | head -n 1; }
daemon="$("$convox" rack --json | number pid)"
served="$("$convox" ps -a routed --json | number pid)"
by_router="$("$convox" services -a routed --json | sed -n 's/.*"directUrl": *"\([^"]*\)".*/\1/p' | head -n 1)"
own="$(tr '\0' '\n' <"/proc/$served/environ" | sed -n 's/^PORT=//p')"
proxied=$((32000 + RANDOM % 700))
by_nginx="http://127.0.0.1:$proxied"
cat >"$scratch/nginx.conf" <<END
worker_processes auto; daemon off; pid $scratch/nginx.pid; error_log $scratch/nginx.log;
events { worker_connections 4096; }
http {
    access_log off;
    keepalive_requests 1000000000;
    client_body_temp_path $scratch/nginx-body;
    proxy_temp_path $scratch/nginx-proxy;
    fastcgi_temp_path $scratch/nginx-fastcgi; uwsgi_temp_path $scratch/nginx-uwsgi; scgi_temp_path $scratch/nginx-scgi;
    upstream app { server 127.0.0.1:$own; keepalive 1024; keepalive_requests 1000000000; }
    server {
        listen 127.0.0.1:$proxied;
        location / {
            proxy_pass http://app;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host \$http_host;
            proxy_set_header X-Forwarded-For \$remote_addr;
            proxy_set_header X-Forwarded-Proto http;
            proxy_set_header X-Forwarded-Host \$http_host;
        }
    }
}
END
nginx -c "$scratch/nginx.conf" -p "$scratch" 2>/dev/null & app=$!
until curl --silent --fail --output /dev/null "$by_nginx/health"; do sleep 0.1; done
curl --silent --fail --output /dev/null "$by_router/health"

# CPU time in hundredths of a second. nginx has worker processes that count; the daemon's child processes are the app and don't.
cpu_of() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
cpu_router() { cpu_of "$daemon"; }
cpu_nginx() {
    local each total=0
    for each in $app $(pgrep -P "$app"); do total=$((total + $(cpu_of "$each"))); done
    echo "$total"
}

# load <router|nginx> <path> <connections>: appends a line with requests per second, p99 in ms and CPU in µs per request.
load() {
    local address="by_$1" before after
    before="$("cpu_$1")"
    wrk --threads 1 --connections "$3" --duration "${LOAD_SECONDS:-3}s" --latency "${!address}/$2" >"$scratch/wrk"
    after="$("cpu_$1")"
    awk -v cpu=$((after - before)) '
        function ms(time) { return time ~ /us$/ ? time / 1000 : time ~ /ms$/ ? time + 0 : time * 1000 }
        /^ *99%/ { p99 = ms($2) } /requests in/ { all = $1 } /^Requests\/sec/ { rate = $2 } /Socket errors|Non-2xx/ { failed = $0 }
        END { if (failed) { print "bench.sh: " failed >"/dev/stderr"; exit 1 } print rate, p99, cpu * 10000 / all }' \
        "$scratch/wrk" >>"$scratch/$1.load"
}
column() { awk -v column="$2" '{ print $column }' "$scratch/$1.load" | median; }

for path in "" large; do
    for connections in 50 500; do
        : >"$scratch/nginx.load"; : >"$scratch/router.load"
        for ((i = 0; i < runs; i++)); do load nginx "$path" "$connections"; load router "$path" "$connections"; done
        what="${path:-small} answers, $connections connections"
        row "$what: requests per second, nginx" "$(column nginx 1)" "p99 $(column nginx 2) ms, CPU $(column nginx 3) µs"
        row "$what: requests per second, router" "$(column router 1)" "p99 $(column router 2) ms, CPU $(column router 3) µs"
        limit "  nginx's requests per second by the router's" "$(ratio "$(column nginx 1)" "$(column router 1)")" "" 1.11
        limit "  the router's p99 by nginx's" "$(ratio "$(column router 2)" "$(column nginx 2)")" "" 1
        row "  the router's CPU per request by nginx's" "$(ratio "$(column router 3)" "$(column nginx 3)")" ""
    done
done
kill $app; wait $app 2>/dev/null || true; app=""
row "the daemon right after it, resident" "$(resident "$daemon")" MB
sleep 30
limit "the daemon 30 s after it, resident" "$(resident "$daemon")" MB 40
