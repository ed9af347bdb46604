say "What releases takes, with 10 and with 10,000 of them"
with_own_packages dotnet build "$root/tests/Releases.Testing.Worker" -c Release -nologo -tl:off -v:quiet -clp:ErrorsOnly
fill() { dotnet "$root/tests/Releases.Testing.Worker/bin/Release/net10.0/Releases.Testing.Worker.dll" "$scratch/$1" "$1" | tail -n 1 >/dev/null; }
fill 10
fill 10000
git init -q "$scratch/tags"
git -C "$scratch/tags" -c user.name=bench -c user.email=bench@here commit -q --allow-empty -m first
git -C "$scratch/tags" update-ref --stdin < <(for i in {1..10000}; do echo "create refs/tags/v$i HEAD"; done)
git -C "$scratch/tags" pack-refs --all
name="$(CONVOX_HOME="$scratch/10" "$convox" apps | awk 'NR == 2 { print $1 }')"
releases_of_10() { CONVOX_HOME="$scratch/10" "$convox" releases -a "$name"; }
releases_of_10000() { CONVOX_HOME="$scratch/10000" "$convox" releases -a "$name"; }
git_tags_of_10000() { git -C "$scratch/tags" for-each-ref refs/tags --sort=-creatordate --count=10 --format='%(refname:short) %(creatordate) %(subject)'; }
in_turn $((runs * 4 + 1)) releases_of_10 releases_of_10000 git_tags_of_10000
row "dotnet-convox releases, 10 releases" "${medians[releases_of_10]}" ms
limit "dotnet-convox releases, 10,000 releases" "${medians[releases_of_10000]}" ms 20
limit "  times the former" "$(ratio "${medians[releases_of_10000]}" "${medians[releases_of_10]}")" "" 1.3
row "git for-each-ref, the newest 10 of 10,000 tags" "${medians[git_tags_of_10000]}" ms

say "What the console's releases page takes, with 10 and with 10,000 of them, and what it keeps in memory"
page() { curl --silent --show-error --fail --cookie "$scratch/$1.cookies" --output /dev/null --write-out '%{time_total}\n' "$(<"$scratch/$1.url")/apps/$name/releases"; }
for rack in 10 10000; do
    CONVOX_HOME="$scratch/$rack" "$convox" console --no-open --json >"$scratch/$rack.json" 2>/dev/null & consoles+=($!)
    until [[ -s "$scratch/$rack.json" ]]; do sleep 0.1; done
    signed="$(sed 's/.*"url": *"\([^"]*\)".*/\1/' "$scratch/$rack.json")"
    echo "${signed%/sign-in*}" >"$scratch/$rack.url"
    curl --silent --fail --location --cookie-jar "$scratch/$rack.cookies" --output /dev/null "$signed"
    page "$rack" >/dev/null
    : >"$scratch/$rack.page"
done
for ((i = 0; i < runs * 4 + 1; i++)); do for rack in 10 10000; do page "$rack" >>"$scratch/$rack.page"; done; done
for rack in 10 10000; do limit "a page of $rack releases, first to last byte" "$(awk '{ print $1 * 1000 }' "$scratch/$rack.page" | median)" ms 10; done
limit "the console, after that" "$(resident "${consoles[1]}")" MB 60
for each in "${consoles[@]}"; do kill "$each"; done
consoles=()
