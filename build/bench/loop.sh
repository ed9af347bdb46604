say "What build and deploy take, compared with dotnet publish, with everything up to date"
export CONVOX_HOME="$scratch/rack-loop"
web_app "$scratch/one/Shop"
for each in A B C; do
    web_app "$scratch/three/$each"
    sed -i "s|</PropertyGroup>|<ConvoxService>s${each,}</ConvoxService></PropertyGroup>|" "$scratch/three/$each/$each.csproj"
done
echo '<Solution><Project Path="A/A.csproj" /><Project Path="B/B.csproj" /><Project Path="C/C.csproj" /></Solution>' >"$scratch/three/Three.slnx"
quiet=(-nologo -tl:off -v:minimal)

cd "$scratch/one"
publish_one() { dotnet publish Shop "${quiet[@]}"; }
build_one() { "$convox" build; }
in_turn "$runs" publish_one build_one
row "dotnet publish" "${medians[publish_one]}" ms
row "dotnet-convox build" "${medians[build_one]}" ms
limit "  times dotnet publish" "$(ratio "${medians[build_one]}" "${medians[publish_one]}")" "" 1.15

cd "$scratch/three"
publish_three() { dotnet publish Three.slnx "${quiet[@]}"; }
build_three() { "$convox" build; }
in_turn "$runs" publish_three build_three
row "dotnet publish, a solution of three services" "${medians[publish_three]}" ms
row "dotnet-convox build, the same" "${medians[build_three]}" ms
limit "  times dotnet publish" "$(ratio "${medians[build_three]}" "${medians[publish_three]}")" "" 1.15

say "What deploy takes, compared with build and promote"
cd "$scratch/one"
# Each round has a change to deploy that needs no compilation.
change() { echo "{ \"Round\": \"$(now)\" }" >Shop/appsettings.json; }
build_changed() { change; "$convox" build; }
promote_it() { "$convox" promote; }
deploy_changed() { change; "$convox" deploy; }
deploy_same() { "$convox" deploy; }
in_turn "$runs" build_changed promote_it deploy_changed deploy_same
row "dotnet-convox build, of a change" "${medians[build_changed]}" ms
row "dotnet-convox promote" "${medians[promote_it]}" ms
row "dotnet-convox deploy, of a change" "${medians[deploy_changed]}" ms
limit "  beyond build and promote" "$(less "$(less "${medians[deploy_changed]}" "${medians[build_changed]}")" "${medians[promote_it]}")" ms 100
row "dotnet-convox deploy, of nothing new" "${medians[deploy_same]}" ms

say "What the SDK's own start takes of 'dotnet convox'"
version_by_sdk() { PATH="$scratch/tools:$PATH" dotnet convox --version; }
version() { "$convox" --version; }
sdk_version() { dotnet --version; }
in_turn "$((runs * 2 + 1))" version_by_sdk version sdk_version
row "dotnet convox --version" "${medians[version_by_sdk]}" ms
row "dotnet-convox --version" "${medians[version]}" ms
row "dotnet --version" "${medians[sdk_version]}" ms
"$convox" rack stop >/dev/null 2>&1
