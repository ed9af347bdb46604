say "What an agent on AWS takes: until it runs, in memory, and of DynamoDB while nothing is promoted in 100 apps"
"$root/build/dynamodb.sh" >/dev/null
worker="$root/tests/Releases.Testing.Worker"
with_own_packages dotnet build "$worker" -c Release -nologo -tl:off -v:quiet -clp:ErrorsOnly
export CONVOX_RACK=aws://eu-west-1/production AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test

coproc table { exec dotnet "$worker/bin/Release/net10.0/Releases.Testing.Worker.dll" table convox-production 100; }
table_process="$table_PID"
app="$table_process"
read -r AWS_ENDPOINT_URL_DYNAMODB <&"${table[0]}"
export AWS_ENDPOINT_URL_DYNAMODB

# started: starts an agent, and returns once it has read the rack's table and reports that it is running.
started() {
    "$convox" rack agent >"$scratch/agent.log" 2>&1 &
    agent=$!
    app="$table_process $agent"
    until grep -q running "$scratch/agent.log"; do sleep 0.002; done
}
: >"$scratch/agent.times"
for ((i = 0; i < runs; i++)); do
    from="$(now)"; started; to="$(now)"
    awk -v a="$from" -v b="$to" 'BEGIN { printf "%.2f\n", (b - a) / 1000 }' >>"$scratch/agent.times"
    kill "$agent"; wait "$agent" || true
done
limit "dotnet-convox rack agent, until it runs" "$(median <"$scratch/agent.times")" ms 100

started
# The first poll scans all apps, as the agent does once an hour.
minutes=3
sleep 10
echo >&"${table[1]}"; read -r search <&"${table[0]}"
sleep $((60 * minutes))
echo >&"${table[1]}"; read -r reads <&"${table[0]}"
limit "the agent after $minutes minutes at rest" "$(resident "$agent")" MB 60
row "  reads of DynamoDB in its first 10 s and in these minutes" "$search, $reads" ""
limit "  reads in an hour" "$(awk -v a="$reads" -v m="$minutes" -v s="$search" 'BEGIN { printf "%.0f", a * 60 / m + s }')" "" 1000
kill "$agent"; wait "$agent" || true
exec {table[1]}>&-
wait "$table_process" || true
app=""
unset CONVOX_RACK
