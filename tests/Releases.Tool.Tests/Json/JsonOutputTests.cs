using System.CommandLine;
using System.CommandLine.Parsing;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>Every command in every state of an app prints the JSON that docs/json.schema.json promises, and no field more.</summary>
public sealed partial class JsonOutputTests : TypingJson
{
    /// <summary>They print no data, or a script or document in a form of its own.</summary>
    private static readonly string[] WithoutJson =
        ["apps lock", "apps unlock", "completion", "exec", "hooks remove", "rack agent", "rack init", "releases sbom", "run"];

    private static readonly ServiceName Api = ServiceName.Parse("api");

    private readonly ScriptedDriver _driver;

    public JsonOutputTests() => Rack.DrivenBy = _driver = new(Rack);

    [Fact]
    public async Task Is_as_the_schema_says_for_every_command_and_field()
    {
        await TheRack();
        await TheConsole();
        await AnAppWithoutAnything();
        await ItsEnvironment();
        await Builds();
        await ItsReleases();
        await Copies();
        await Promotions();
        await WhatRuns();
        await BuiltByTheTool();
        await Retention();
        await ItsHooks();
        await Json(0, "events", "--limit", "1000");
        await TheOthers();
        await ItsEnd();

        Assert.Equal(OutputSchema.Outputs.Select(o => o.Key).Order(StringComparer.Ordinal), Printed);
        Assert.Equal(
            Commands.Concat(["logs -f", "promote --dry-run"]).Order(StringComparer.Ordinal),
            Printed.Concat(WithoutJson).Order(StringComparer.Ordinal));
        Assert.Empty(OutputSchema.Fields.Except(Schema.SeenWithValue));
        Assert.Equal(OutputSchema.Nullable.Order(StringComparer.Ordinal), Schema.SeenWithout);
    }

    private async Task TheRack()
    {
        await Json(0, "rack");
        await Json(0, "rack", "start");
        Daemon.State = Daemon.State with { RouterProblem = "port 8480 is in use by another program." };
        await Json(0, "rack", "status");
        await Json(0, "rack", "restart");
        await Json(0, "rack", "stop");
        await Json(0, "rack", "backup", "convox.backup");
        await Json(0, "rack", "backup", "damaged.backup", "--with-key");
        await Json(0, "rack", "restore", "convox.backup");
        await Json(0, "rack", "restore", "keyless.backup");
        await Json(2, "rack", "backup", "convox.backup", "--rack", "aws://eu-central-1/prod");
        Rack.Agents = [new() { Id = "1", Owner = "agent 1 on box", Version = "0.3.0", StartedAt = A.Moment, SeenAt = A.Moment }];
        await Json(0, "rack", "--rack", "aws://eu-central-1/prod");
        await Json(0, "rack", "template");
        Findings.Add(new("kms:DescribeKey", "the key alias/convox-prod", null));
        await Json(0, "rack", "check", "--rack", "aws://eu-central-1/prod");
        Findings.Add(new("ecs:DescribeServices", "the cluster prod", "AWS refuses the caller."));
        await Json(1, "rack", "check", "--rack", "aws://eu-central-1/prod");
        await Json(2, "rack", "start", "--rack", "aws://eu-central-1/prod");
    }

    /// <summary>It runs until somebody interrupts it.</summary>
    private async Task TheConsole()
    {
        using var interrupt = new CancellationTokenSource();
        Browse = _ =>
        {
            interrupt.Cancel();
            return null;
        };
        Assert.Equal(130, await Begin(_ => { }, interrupt.Token, "console", "--json"));
        Schema.RequireOutput("console", Data);
        Printed.Add("console");
    }

    private async Task AnAppWithoutAnything()
    {
        await Json(0, "apps");
        await Json(1, "releases");
        await Json(0, "apps", "create", "short");
        await Json(0, "apps", "delete", "short", "--yes");
        await Json(0, "apps", "create", "hello");
        foreach (var list in (string[])["apps", "builds", "env", "logs", "promotions", "ps", "releases", "scale", "services"])
            await Json(0, list);
        await Json(0, "apps", "info");
        await Json(1, "cancel");
        await Json(1, "watch");
        await Json(2, "promote", "--no-such");
    }

    private async Task ItsEnvironment()
    {
        await Json(0, "env", "set", "OLD=1", "SECRET=2");
        await Json(0, "env", "set", "OLD=1");
        await Json(0, "env");
        await Json(0, "env", "get", "OLD");
        await Json(1, "env", "get", "NONE");
        await Json(0, "env", "unset", "NONE");
        await Json(0, "env", "unset", "SECRET");
        Edit = file => File.WriteAllTextAsync(file, "EDITED=1\n", Ending);
        await Json(0, "env", "edit");
        await Json(0, "releases", "info", "v1");
        await Json(1, "releases", "manifest", "v1");
    }

    private async Task Builds()
    {
        await Rack.Store.SaveBuild(A.Build(BuildStatus.Running) with { Commit = null, HeardAt = Time.GetUtcNow() }, Ending);
        await Rack.Store.SaveBuild(A.Build(BuildStatus.Failed) with { EndedAt = A.Moment, Reason = "the disk is full" }, Ending);
        var build = A.Build() with
        { EndedAt = A.Moment, Release = ReleaseId.New(), Artifacts = new Dictionary<ServiceName, Artifact> { [A.Web] = A.Artifact() } };
        await Rack.Store.SaveBuild(build, Ending);
        await Json(0, "builds");
        await Json(0, "builds", "info", build.Id.ToString());
        await Json(1, "builds", "info", "BAAAAAAAAAA");
    }

    private async Task ItsHooks()
    {
        Rack.Bus = new FakeBus();
        await Json(0, "hooks", "add", "https://example.org/hooks");
        await Json(0, "hooks", "add", "eventbridge:default", "--events", "all");
        var hooks = await Rack.Hooks.ListHooks(cancel: Ending);
        await Json(0, "hooks", "test", hooks[1].Id.ToString());
        await Json(1, "hooks", "info", "HAAAAAAAAAA");
        var attempt = new HookAttempt("evt_1", "promotionEnded", A.Moment, HookOutcome.Retrying, 3, 41, 500, "it answered 500");
        await Rack.Hooks.TrySaveProgress(HookProgress.Of(hooks[0]).Again(A.Moment.AddSeconds(20), attempt) with { Revision = 1 }, Ending);
        await Json(0, "hooks", "info", hooks[0].Id.ToString());
        await Json(0, "hooks");
    }

    private async Task BuiltByTheTool()
    {
        var sdk = new FakeSdk(Folder);
        Dotnet = sdk.Run;
        await Json(1, "build");
        sdk.Project("Web/Web.csproj");
        await Json(0, "build");
        await Json(0, "builds", "logs", (await Rack.Store.ListBuilds(A.App, 1, Ending))[0].Id.ToString());
        _driver.Ends(PromotionStatus.Succeeded);
        await Json(0, "deploy");
        await Json(0, "init");
        await Json(1, "init");
        await Json(0, "apps", "template");
    }

    /// <summary>v4 lacks an artifact, v5 and v6 are whole and differ in everything.</summary>
    private async Task ItsReleases()
    {
        await Add("services:\n  web: {}\n  api: {}\n", new() { [A.Web] = Service('a'), [Api] = new() });
        await Json(1, "promote", "--dry-run");
        await Json(0, "releases", "info", "v4");
        await Add("services:\n  web: {}\n", new() { [A.Web] = Service('b') });
        await Json(0, "promote", "--dry-run");
        await Add("services:\n  web: { scale: 2 }\n  api: {}\n", new() { [A.Web] = Service('c'), [Api] = Service('d') });
        await Json(0, "releases", "diff", "v1", "v6");
        await Json(0, "releases", "diff", "v6", "v5");
        await Json(0, "releases", "diff", "v3", "v5");
        await Json(1, "releases", "diff", "v6");
        await Json(0, "releases", "info", "v6");
        await Json(0, "releases", "manifest", "v6");
        await Json(0, "releases");
        await Json(2, "releases", "--limit", "0");
    }

    private async Task Copies()
    {
        var release = await Rack.Store.RequireRelease(A.App, ReleaseReference.Parse("v6"), Ending);
        foreach (var service in release.Services.Values) Rack.Stored.Add(service.Artifact!);
        await Json(0, "releases", "copy", "v6", "--to-app", "shop");
        await Json(2, "releases", "copy", "v6");
        await Json(1, "releases", "sbom", "v6");
        await Json(0, "releases", "verify", "v6");
        await Json(1, "releases", "verify", "v4");
        var evidence = new ServiceEvidence
        {
            Sdk = "10.0.401",
            Run = "https://ci.example/12",
            Sbom = A.Artifact("sbom").Digest,
            Provenance = A.Artifact("provenance").Digest
        };
        await Rack.Store.Release(AppName.Parse("evident"), with: r => r with
        {
            Services = new Dictionary<ServiceName, ReleaseService>
            { [A.Web] = r.Services[A.Web] with { Evidence = evidence }, [Api] = r.Services[A.Web] with { Evidence = new() } },
        }, cancel: Ending);
        await Json(0, "releases", "info", "v1", "--app", "evident");
        await Json(0, "releases", "info", "v1", "--app", "shop");
        await Json(0, "builds", "--app", "shop");
        await Json(0, "releases", "export", "v6", "-o", "hello.tar");
        await Json(0, "releases", "import", "hello.tar", "--app", "market");
        await Json(1, "releases", "import", "missing.tar");
        var origin = ReleaseOrigin.Of(release, "aws://eu-west-1/staging") with { Commit = release.Commit is null ? "7329df90c1" : null };
        var app = await Rack.Store.RequireApp(AppName.Parse("shop"), Ending);
        await Rack.Store.Release(app.Name, with: r => r with { Origin = origin }, cancel: Ending);
        await Json(0, "releases", "info", "v2", "--app", "shop");
    }

    /// <summary>v2 is made of the environment alone; v4 and v5 were built, one with a commit.</summary>
    private async Task Retention()
    {
        await Json(0, "apps", "retention", "off");
        await Json(0, "apps", "retention", "--keep", "1", "--days", "0");
        await Json(0, "releases", "pin", "v6");
        await Json(0, "apps", "retention");
        await Add("services:\n  web: {}\n", new() { [A.Web] = Service('f') });
        await Rack.Store.Release(with: r => r with
        {
            Services = new Dictionary<ServiceName, ReleaseService> { [A.Web] = Service('g') },
            CreatedAt = Time.GetUtcNow(),
            Oldest = 1
        }, cancel: Ending);
        await Json(0, "releases", "info", (await Rack.Store.RequireApp(A.App, Ending)).Latest.ToString()!);
        await Rack.Store.Release(with: r => r with { CreatedAt = Time.GetUtcNow() }, cancel: Ending);
        Time.Advance(TimeSpan.FromDays(1));
        await Json(0, "releases", "prune", "--dry-run");
        await Json(0, "releases", "prune");
        await Json(0, "releases");
        await Json(0, "releases", "unpin", "v6");
        var pruned = (await Rack.Store.ListReleases(A.App, 100, cancel: Ending)).First(r => r.PrunedAt is not null);
        await Json(0, "releases", "info", $"v{pruned.Number}");
        await Json(1, "promote", $"v{pruned.Number}");
    }

    /// <summary>Any other command is typed as its examples are.</summary>
    private async Task TheOthers()
    {
        foreach (var command in EveryCommand.Of(EveryCommand.Root()).Where(c => c is not RootCommand && c.Action is not null))
            if (CommandPath.Of(command) is var path && !Printed.Contains(path) && !WithoutJson.Contains(path))
                foreach (var example in EveryCommand.Examples(command)) await Json(0, [.. CommandLineParser.SplitCommandLine(example)]);
    }

    private async Task ItsEnd()
    {
        Assert.Equal(0, await Type("apps", "lock", "--reason", "a migration", "--json"));
        Assert.Equal("", Data);
        await Json(0, "apps", "info", "hello");
        await Json(1, "promote");
        Assert.Equal(0, await Type("apps", "unlock", "--json"));
        Assert.Equal("", Data);
        await Json(0, "apps", "delete", "hello", "--yes");
        await Json(1, "apps", "delete", "hello", "--yes");
    }

    private async Task Add(string manifest, Dictionary<ServiceName, ReleaseService> services)
    {
        var app = await Rack.Store.RequireApp(A.App, Ending);
        var (snapshot, variables) = (SnapshotId.New(), EnvironmentSet.Of([new("OLD", manifest), new($"V{app.LastNumber}", "1")]));
        var release = A.Release(app.LastNumber + 1) with
        {
            Manifest = ManifestId.Of(manifest),
            Environment = snapshot,
            Services = services,
            BasedOn = app.Latest,
            Commit = new('1', 40)
        };
        Assert.True(await Rack.Store.TryAddRelease(
            new(release, app.Latest, A.Event(EventKind.ReleaseCreated, release.Id), manifest,
                await Rack.Vault.Seal(A.App, snapshot, variables, Ending)), Ending));
    }

    private ReleaseService Service(char letter) => new()
    {
        Artifact = Rack.Stored.Add(new() { Digest = "sha256:" + new string(letter, 64), Kind = ArtifactKind.Folder, Bytes = 1 }),
        Build = BuildId.Parse("B" + new string(char.ToUpperInvariant(letter), 10)),
        Commit = new string('1', 40),
        Project = "Web/Web.csproj",
    };
}
