using System.Text.Json.Nodes;
using Releases.Aws.Tests.Engine;
using Releases.Testing;
using Releases.Testing.Simulation;
using Releases.Testing.Simulation.Ecs;
using Xunit;

namespace Releases.Aws.Tests.Matrix;

/// <summary>Apps as a publish leaves them: in the records, and with a service for each of theirs on ECS.</summary>
internal sealed class SeededApps(DynamoReleaseStore records, KmsVault vault, SimulatedEcs ecs, SimulatedEcr ecr, SimulatedLogs logs)
{
    private int _apps;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A new app with a release of two services, each of which runs a bootstrap on ECS.</summary>
    public async Task<MatrixApp> Make(string manifest)
    {
        var name = AppName.Parse($"hello{++_apps}x");
        var release = await Release(name, "first", manifest);
        var app = new MatrixApp(name, release, []);
        foreach (var service in (string[])["web", "api"])
        {
            var bootstrap = EcsWorld.Bootstrap();
            bootstrap["family"] = $"bootstrap-{name}-{service}";
            bootstrap["containerDefinitions"]![0]!["logConfiguration"]!["options"]!["awslogs-group"] = name.ToString();
            app.Bootstrap[service] = ecs.Definitions.Add(bootstrap);
            ecs.Add($"{name}-{service}", app.Bootstrap[service], 2,
                [new JsonObject { ["key"] = "convox:app", ["value"] = name.ToString() }]);
            ecr.Add($"convox/{name}-{service}");
        }

        logs.Groups[name.ToString()] = [(ecs.Time.GetUtcNow(), "a line")];
        return app;
    }

    /// <summary>One more release of an app.</summary>
    public async Task<Release> Release(AppName name, string secret, string manifest, char digit = 'a')
    {
        var app = await records.FindApp(name, Cancel) ?? await records.CreateApp(name, A.Event(), Cancel);
        var snapshot = SnapshotId.New();
        var digest = "sha256:" + new string(digit, 64);
        var release = A.Release(app.LastNumber + 1, name) with
        {
            Manifest = ManifestId.Of(manifest),
            Environment = snapshot,
            Services = ManifestReader.Read(manifest, "convox.yml").Require().Services.ToDictionary(s => s.Name, s => new ReleaseService
            {
                Artifact = new()
                {
                    Digest = digest,
                    Kind = ArtifactKind.Image,
                    Reference = $"111122223333.dkr.ecr.eu-west-1.amazonaws.com/convox/{name}-{s.Name}@{digest}",
                    RuntimeIdentifiers = ["linux-x64"]
                },
                Build = BuildId.New(),
                Commit = "7329df90c1a5c9f3d3b2f6c4a1e0d9c8b7a69584",
            }),
        };
        var environment = EnvironmentSet.Of([KeyValuePair.Create("SECRET", secret)]);
        Assert.True(await records.TryAddRelease(new(release, app.Latest, A.Event(EventKind.ReleaseCreated, release.Id), manifest,
            await vault.Seal(name, snapshot, environment, Cancel)), Cancel));
        return release;
    }
}

/// <summary>One app.</summary>
internal sealed record MatrixApp(AppName Name, Release Release, Dictionary<string, string> Bootstrap);
