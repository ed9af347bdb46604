say "What each page of the console takes on the server, with 10 and with 100,000 releases, and how much travels, compressed"
fill 10
fill 100000
name="$(CONVOX_HOME="$scratch/10" "$convox" apps | awk 'NR == 2 { print $1 }')"

# fetch <rack> <path> <what curl reports>
fetch() {
    curl --silent --show-error --fail --header 'Accept-Encoding: gzip' --cookie "$scratch/$1.cookies" --output /dev/null --write-out "$3\n" "$(<"$scratch/$1.url")$2"
}

for rack in 10 100000; do
    CONVOX_HOME="$scratch/$rack" "$convox" console --no-open --json >"$scratch/$rack.json" 2>/dev/null & consoles+=($!)
    until [[ -s "$scratch/$rack.json" ]]; do sleep 0.1; done
    signed="$(sed 's/.*"url": *"\([^"]*\)".*/\1/' "$scratch/$rack.json")"
    echo "${signed%/sign-in*}" >"$scratch/$rack.url"
    curl --silent --fail --location --cookie-jar "$scratch/$rack.cookies" --output /dev/null "$signed"
done

assets=0
for file in console.css console.js icon.svg; do
    bytes="$(fetch 10 "/assets/$file" '%{size_download}')"
    assets=$((assets + bytes))
    row "  $file, once" "$bytes" bytes
done
for page in "" releases "releases?q=nowhere" "releases?at=active" releases/v1 releases/v1/promote "compare?from=v1&to=v2" promotions environment services logs builds hooks events; do
    path="/apps/$name/$page"
    [[ -n "$page" ]] || path=/
    for rack in 10 100000; do
        fetch "$rack" "$path" '%{time_total}' >/dev/null
        : >"$scratch/times"
        for ((i = 0; i < runs * 4 + 1; i++)); do fetch "$rack" "$path" '%{time_total}' >>"$scratch/times"; done
        # A search reads up to 500 releases, at least five times as many as a page shows.
        most=10
        [[ "$page" != *q=* ]] || most=60
        limit "$path, $rack releases" "$(awk '{ print $1 * 1000 }' "$scratch/times" | median)" ms "$most"
    done
    limit "  with its style, script and icon, four requests" "$(($(fetch 100000 "$path" '%{size_download}') + assets))" bytes 61440
done
limit "the console of 100,000 releases, resident after that" "$(resident "${consoles[1]}")" MB 60
for each in "${consoles[@]}"; do kill "$each"; done
consoles=()
