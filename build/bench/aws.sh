say "What a promotion on AWS asks of ECS and Secrets Manager, and how long after ECS it is done (simulated, in virtual time)"
"$root/build/dynamodb.sh" >/dev/null
with_own_packages dotnet build "$root/tests/Releases.Aws.Tests" -c Release -nologo -tl:off -v:quiet -clp:ErrorsOnly
"$root/tests/Releases.Aws.Tests/bin/Release/net10.0/Releases.Aws.Tests" -noColor -class '*EcsCallTests' -showLiveOutput | sed -n 's/.*\[OUTPUT\] //p'
