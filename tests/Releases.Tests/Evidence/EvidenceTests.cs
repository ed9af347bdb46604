using System.Text.Json.Nodes;
using Releases.Testing;
using Releases.Tests.Creating;
using Releases.Tests.Operations;
using Xunit;

namespace Releases.Tests.Evidence;

/// <summary>A build records how its artifacts came about, and a release can be held against that.</summary>
public sealed class EvidenceTests : OperationScenario, IDisposable
{
    private const string Run = "https://ci.example/acme/hello/actions/runs/12";

    private readonly PublishedApp _app = new();

    public void Dispose() => _app.Dispose();

    [Fact]
    public async Task The_statement_names_the_artifact_the_run_the_sdk_and_the_source()
    {
        var release = await Released();
        var evidence = release.Services[A.Web].Evidence!;
        Assert.Equal(("10.0.401", Run), (evidence.Sdk, evidence.Run));
        var statement = await Document(evidence.Provenance!);
        Assert.Equal(("https://in-toto.io/Statement/v1", "https://slsa.dev/provenance/v1"),
            ($"{statement["_type"]}", $"{statement["predicateType"]}"));
        Assert.Equal(release.Services[A.Web].Artifact!.Digest, $"sha256:{statement["subject"]![0]!["digest"]!["sha256"]}");
        var (definition, run) = (statement["predicate"]!["buildDefinition"]!, statement["predicate"]!["runDetails"]!);
        Assert.Equal("Hello/Hello.csproj", $"{definition["externalParameters"]!["projects"]![0]}");
        Assert.Equal("10.0.401", $"{definition["internalParameters"]!["sdk"]}");
        Assert.Equal(("https://ci.example", Run), ($"{run["builder"]!["id"]}", $"{run["metadata"]!["invocationId"]}"));
        Assert.Equal("CycloneDX", $"{(await Document(evidence.Sbom!))["bomFormat"]}");
    }

    [Fact]
    public async Task A_release_that_is_what_was_recorded_is_sound_and_each_change_of_it_is_found()
    {
        var release = await Released();
        var sound = await Verified(release);
        Assert.Equal(["artifact", "runtime", "sbom", "provenance", "plan"], sound.Checks.Select(c => c.What));
        Assert.True(sound.IsSound);

        Rack.Stored.Damaged.Add(release.Services[A.Web].Artifact!.Digest);
        Assert.Equal(["artifact"], Wrong(await Verified(release)));
        Rack.Stored.Damaged.Clear();

        var other = await Rack.Store.Release(with: r => r with
        {
            Manifest = release.Manifest,
            Services = new Dictionary<ServiceName, ReleaseService>
            {
                [A.Web] = release.Services[A.Web] with
                {
                    Artifact = Rack.Stored.Add(A.Artifact("other")),
                    Evidence = release.Services[A.Web].Evidence! with { Sbom = A.Artifact().Digest }
                },
            },
        }, cancel: Cancel);
        Assert.Equal(["sbom", "provenance"], Wrong(await Verified(other)));
    }

    [Fact]
    public async Task A_release_that_lacks_a_variable_is_not_ready()
    {
        _app.Manifest("services: { web: { build: Hello, environment: [TOKEN] } }");
        Assert.Equal(["plan"], Wrong(await Verified(await Released())));
    }

    [Fact]
    public async Task The_evidence_goes_with_a_copy_and_with_an_environment_change()
    {
        var release = await Released();
        var changed = (await new EnvironmentRelease(Rack, TimeProvider.System)
            .Create(new(A.App, new([new("A", "1")], []), null, A.Person, false), Cancel))!.Release;
        Assert.Equal(release.Services[A.Web].Evidence, changed.Services[A.Web].Evidence);
        var other = new FakeRack { At = "local:/srv/other" };
        var copy = await new CopyRelease(Context with { Rack = other }).Run(Rack, A.App, release.Id, A.App, Cancel);
        Assert.True((await new VerifyRelease(Context with { Rack = other }).Run(A.App, copy.Release.Id, Cancel)).IsSound);
        Assert.Equal(release.Services[A.Web].Evidence, copy.Release.Services[A.Web].Evidence);
    }

    [Fact]
    public async Task A_dependencies_file_that_cannot_be_read_is_a_warning_and_the_release_is_made()
    {
        var request = _app.Publish("Hello");
        await File.WriteAllTextAsync(Path.Combine(request.Projects[0].Folder, "Program.deps.json"), "{", Cancel);
        var created = await new CreateRelease(Rack, TimeProvider.System).FromBuild(request, Cancel);
        Assert.Null(created.Release.Services[A.Web].Evidence!.Sbom);
        Assert.Equal(ProblemCode.Evidence, Assert.Single(created.Warnings, w => w.Code == ProblemCode.Evidence).Code);
    }

    private async Task<Release> Released()
    {
        var request = _app.Publish("Hello") with { Sdk = "10.0.401", Run = Run };
        await File.WriteAllTextAsync(Path.Combine(request.Projects[0].Folder, "Program.deps.json"), """
            { "runtimeTarget": { "name": "net" }, "targets": { "net": { "Program/1.0.0": {} } }, "libraries": { "Program/1.0.0": { "type": "project", "sha512": "" } } }
            """, Cancel);
        return (await new CreateRelease(Rack, TimeProvider.System).FromBuild(request, Cancel)).Release;
    }

    private Task<VerifiedRelease> Verified(Release release) => new VerifyRelease(Context).Run(A.App, release.Id, Cancel);

    private static IEnumerable<string> Wrong(VerifiedRelease verified) =>
        verified.Checks.Where(c => c.Problem is not null).Select(c => c.What);

    private async Task<JsonNode> Document(string digest) => JsonNode.Parse(await EvidenceOf.Read(Rack.Store, A.App, digest, Cancel))!;
}
