using System.Text.Json;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class DiffTests : Typing
{
    private Release _one = null!;
    private Release _two = null!;

    [Fact]
    public async Task Two_releases_are_compared_by_artifact_keys_and_lines_and_never_by_values()
    {
        await TwoReleases();

        Assert.Equal(0, await Type("releases", "diff", "v1", "v2"));
        Assert.Equal(
            $"""
            SERVICE  CHANGE   BUILD                      COMMIT
            api      same     BAAAAAAAAAA
            gone     removed  BAAAAAAAAAA                1111111111
            new      added    BBBBBBBBBBB                2222222222
            web      changed  BAAAAAAAAAA → BBBBBBBBBBB  1111111111 → 2222222222
            env add:ADDED change:SECRET remove:OLD
            convox.yml
              -   gone: {"{}"}
              -   web: {"{ scale: 1 }"}
              +   new: {"{}"}
              +   web: {"{ scale: 2 }"}

            """, Data);
        Assert.Equal($"From v1 ({_one.Id}) to v2 ({_two.Id}):\n", Talk);
        Assert.Equal(0, await Type("releases", "diff", "v2", "v1"));
        Assert.Contains("env add:OLD change:SECRET remove:ADDED", Data, StringComparison.Ordinal);

        await Type("releases", "diff", "v1", "v2", "--json");
        Assert.DoesNotContain("hunter", Data, StringComparison.Ordinal);
        var json = JsonDocument.Parse(Data).RootElement;
        Assert.Equal(["ADDED"], json.GetProperty("environment").GetProperty("add").EnumerateArray().Select(k => k.GetString()));
        Assert.False(json.GetProperty("same").GetBoolean());
        Assert.Equal(0, await Type("releases", "diff", "v1", "v1"));
        Assert.EndsWith($"Both are v1 ({_one.Id}).\n", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_release_is_compared_with_what_is_active()
    {
        await TwoReleases();
        Assert.Equal(1, await Type("releases", "diff", "v2"));
        Assert.Contains("hello has no active release to compare with.", Talk, StringComparison.Ordinal);
        await Activate(_one);
        Assert.Equal(0, await Type("releases", "diff", "v2"));
        Assert.Equal($"From v1 ({_one.Id}) to v2 ({_two.Id}):\n", Talk);
    }

    [Fact]
    public async Task A_dry_run_tells_the_plan_and_what_would_refuse_it_and_does_nothing()
    {
        await TwoReleases();
        await Activate(_one);
        await Rack.Store.ChangeApp(A.App, a => a.Scaled(A.Web, 7), A.Event(EventKind.Scaled), Ending);

        Assert.Equal(0, await Type("promote", "v1", "--dry-run"));
        Assert.Equal(
            $"""
            Dry run: nothing changes.
            v1 ({_one.Id}) would be promoted again, with new processes, and roll back automatically unless it is complete within 10m.

            """, Talk);
        Assert.Equal(
            "SERVICE  PROCESSES  DURING THE ROLLOUT\napi      1          50 % to 200 %\ngone     1          50 % to 200 %\nweb      7          50 % to 200 %\n", Data);

        Rack.Stored.Damaged.Add(_two.Services[A.Web].Artifact!.Digest);
        Assert.Equal(1, await Type("promote", "--dry-run", "--timeout", "90s"));
        Assert.Contains("roll back automatically unless it is complete within 1m 30s.", Talk, StringComparison.Ordinal);
        Assert.Contains("It would be refused: the artifact sha256:bb", Talk, StringComparison.Ordinal);
        Assert.Contains("env add:ADDED change:SECRET remove:OLD", Data, StringComparison.Ordinal);
        Assert.Equal(1, await Type("promote", "--dry-run", "--json"));
        Assert.Single(JsonDocument.Parse(Data).RootElement.GetProperty("problems").EnumerateArray());
        Assert.Single(await Rack.Store.ListPromotions(A.App, 10, cancel: Ending));
        Assert.Equal(_one.Id, (await Rack.Store.RequireApp(A.App, Ending)).Active);
    }

    [Fact]
    public async Task The_time_limit_of_a_dry_run_includes_steps_bake_and_hold()
    {
        await TwoReleases();
        await Activate(_one);
        await Add(3, "services: { web: { port: 80, deployment: { strategy: canary, interval: 2m, bake: 5m } } }\n", 'c', "3", [], "web");
        Assert.Equal(0, await Type("promote", "--dry-run"));
        Assert.Contains("roll back automatically unless it is complete within 17m.", Talk, StringComparison.Ordinal);
        Assert.Equal(0, await Type("promote", "--dry-run", "--hold-for", "30m"));
        Assert.Contains("roll back automatically unless it is complete within 47m.", Talk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public async Task A_dry_run_has_no_step_for_a_service_without_processes(int count)
    {
        await TwoReleases();
        await Activate(_one);
        await Rack.Store.ChangeApp(A.App, a => a.Scaled(A.Web, count), A.Event(EventKind.Scaled), Ending);
        await Add(3, "services: { api: {}, web: { port: 80, verify: ./smoke.sh, deployment: { strategy: canary } } }\n", 'c', "3", [],
            "api", "web");
        Assert.Equal(0, await Type("promote", "--dry-run"));
        Assert.Equal(count > 0, Talk.Contains("Traffic: 10 % for", StringComparison.Ordinal));
        Assert.Equal(count > 0, Talk.Contains("the verify command runs: web.", StringComparison.Ordinal));
    }

    private async Task TwoReleases()
    {
        await Rack.Store.CreateApp(A.App, A.Event(EventKind.AppCreated), Ending);
        _one = await Add(1, "services:\n  api: {}\n  gone: {}\n  web: { scale: 1 }\n", 'a', "1",
            [new("OLD", "hunter1"), new("SECRET", "hunter2")], "api", "gone", "web");
        _two = await Add(2, "services:\n  api: {}\n  new: {}\n  web: { scale: 2 }\n", 'b', "2",
            [new("ADDED", "hunter3"), new("SECRET", "hunter4")], "api", "new", "web");
    }

    private async Task<Release> Add(long number, string manifest, char letter, string digit, KeyValuePair<string, string>[] variables,
        params string[] services)
    {
        var app = await Rack.Store.RequireApp(A.App, Ending);
        var snapshot = SnapshotId.New();
        var release = A.Release(number) with
        {
            Manifest = ManifestId.Of(manifest),
            Environment = snapshot,
            Services = services.ToDictionary(s => ServiceName.Parse(s),
                s => s == "api" ? Service('a', null) : Service(letter, new string(digit[0], 40))),
        };
        var sealedBytes = await Rack.Vault.Seal(A.App, snapshot, EnvironmentSet.Of(variables), Ending);
        Assert.True(await Rack.Store.TryAddRelease(new(release, app.Latest, A.Event(EventKind.ReleaseCreated, release.Id),
            manifest, sealedBytes), Ending));
        return release;
    }

    private ReleaseService Service(char letter, string? commit) => new()
    {
        Artifact = Rack.Stored.Add(new() { Digest = "sha256:" + new string(letter, 64), Kind = ArtifactKind.Folder }),
        Build = BuildId.Parse("B" + new string(char.ToUpperInvariant(letter), 10)),
        Commit = commit,
    };

    private async Task Activate(Release release)
    {
        var promotion = A.Promotion(release, previous: (await Rack.Store.RequireApp(A.App, Ending)).Active);
        var held = await Rack.Store.BeginPromotion(promotion, "a test",
            A.Event(EventKind.PromotionStarted, release.Id, promotion.Id), Ending);
        await Rack.Store.FinishPromotion(held, promotion with { Status = PromotionStatus.Succeeded, EndedAt = A.Moment },
            A.Event(EventKind.PromotionEnded, release.Id, promotion.Id), Ending);
    }
}
