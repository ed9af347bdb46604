say "What releases takes, with 10 and with 10,000 of them"
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
