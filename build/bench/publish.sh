say "What -p:ConvoxRelease=true adds to dotnet publish, with everything up to date"
export CONVOX_HOME="$scratch/rack-publish"
web_app "$scratch/small/Small" package
web_app "$scratch/big/Big" package
with_content "$scratch/big/Big/Big.csproj"
megabytes "$scratch/big/Big/data" 300
quiet=(-nologo -tl:off -v:minimal)

cd "$scratch/small"
small_plain() { dotnet publish Small "${quiet[@]}"; }
small_release() { dotnet publish Small "${quiet[@]}" -p:ConvoxRelease=true; }
in_turn "$((runs * 2 - 1))" small_plain small_release
row "dotnet publish" "${medians[small_plain]}" ms
row "dotnet publish -p:ConvoxRelease=true" "${medians[small_release]}" ms
limit "  adds" "$(less "${medians[small_release]}" "${medians[small_plain]}")" ms 120

cd "$scratch/big"
# Publishes to a new folder each time, as in a pipeline, because MSBuild skips files that a folder already has.
big_plain() { rm -rf out; dotnet publish Big "${quiet[@]}" -o out; }
big_release() { rm -rf out; dotnet publish Big "${quiet[@]}" -o out -p:ConvoxRelease=true; }
in_turn "$runs" big_plain big_release
row "dotnet publish, 300 MB" "${medians[big_plain]}" ms
row "dotnet publish -p:ConvoxRelease=true, 300 MB" "${medians[big_release]}" ms
limit "  times the former" "$(ratio "${medians[big_release]}" "${medians[big_plain]}")" "" 1.05
cd "$scratch"
rm -rf "$scratch/big"
