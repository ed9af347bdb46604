say "What twenty publishes of an app of 60 MB that change one assembly keep on disk"
export CONVOX_HOME="$scratch/rack-files"
web_app "$scratch/files/Files" package
with_content "$scratch/files/Files/Files.csproj"
megabytes "$scratch/files/Files/data" 60
cd "$scratch/files"
kept() { du -sm --apparent-size "$CONVOX_HOME" | cut -f 1; }
publish_files() { dotnet publish Files -nologo -tl:off -v:quiet -p:ConvoxRelease=true >"$scratch/out" 2>&1 || { cat "$scratch/out" >&2; exit 1; }; }
publish_files
after_one="$(kept)"
for ((i = 1; i < 20; i++)); do
    echo "class Round$i;" >Files/Round.cs
    publish_files
done
row "after one publish" "$after_one" MB
row "after twenty" "$(kept)" MB
limit "  times the former" "$(ratio "$(kept)" "$after_one")" "" 1.3
"$convox" rack stop >/dev/null 2>&1 || true
cd "$scratch"
rm -rf "$scratch/files"
