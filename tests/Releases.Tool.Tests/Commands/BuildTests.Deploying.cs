using System.Text.Json;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed partial class BuildTests
{
    [Theory]
    [InlineData("build")]
    [InlineData("deploy")]
    public async Task Its_log_has_the_warnings_that_were_printed(string command)
    {
        TwoServices();
        Rack.DrivenBy = new ScriptedDriver(Rack).Ends(PromotionStatus.Succeeded);
        File.WriteAllText(
            Path.Combine(Folder, "convox.yml"),
            "services: { web: { build: Front, port: 8080, environment: [PORT=1] }, jobs: { build: Jobs } }");
        Assert.Equal(0, await Type(command));
        var warning = Assert.Single(Talk.Split('\n'), l => l.Contains("warning CONVOX0002: ", StringComparison.Ordinal));
        Assert.Contains("convox.yml(1,60): ", warning, StringComparison.Ordinal);
        await Type("builds", "logs", (await Rack.Store.ListBuilds(A.App, 1, Ending))[0].Id.ToString());
        Assert.EndsWith($"\n{warning}\n", Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_an_app_where_another_release_is_active_than_expected_is_not_begun()
    {
        TwoServices();
        await Rack.Store.Release(cancel: Ending);
        Rack.DrivenBy = new ScriptedDriver(Rack);
        Assert.Equal(1, await Type("deploy", "--expect-active", "v1"));
        Assert.Contains("no release is active in hello, not ", Talk, StringComparison.Ordinal);
        Assert.Empty(Sdk.Runs);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deploy_with_an_option_that_its_rack_lacks_is_refused_before_it_builds(bool isFirst)
    {
        TwoServices();
        if (!isFirst) await Rack.Store.Release(cancel: Ending);
        Rack.DrivenBy = new ScriptedDriver(Rack);
        Assert.Equal(2, await Type("deploy", "--drive"));
        Assert.Contains("has no agent: its daemon drives every promotion. Nothing changed.", Talk, StringComparison.Ordinal);
        Assert.Empty(Sdk.Runs);
    }

    [Fact]
    public async Task That_cannot_be_promoted_once_it_is_made_says_how_to_do_so_later()
    {
        TwoServices();
        await Rack.Store.Release(cancel: Ending);
        Rack.DrivenBy = new ScriptedDriver(Rack);
        // Somebody else promotes while it compiles.
        Sdk.WhilePublishing = async () =>
        {
            var before = (await Rack.Store.ListReleases(A.App, 1, cancel: Ending))[0];
            var held = await Rack.Store.BeginPromotion(A.Promotion(before), "elsewhere", A.Event(EventKind.PromotionStarted), Ending);
            await Rack.Store.RenewLock(held, Time.GetUtcNow(), Ending);
        };
        Assert.Equal(5, await Type("deploy"));
        var made = (await Rack.Store.ListReleases(A.App, 1, cancel: Ending))[0];
        Assert.Contains($"\nerror CONVOX0012: {made.Label} was made but not promoted: ", Talk, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing changed.", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_prints_the_id_of_the_release_that_it_promotes_also_where_another_one_overtook_it()
    {
        TwoServices();
        await Rack.Store.Promoted(await Rack.Store.Release(cancel: Ending), cancel: Ending);
        var driver = new ScriptedDriver(Rack).Ends(PromotionStatus.Succeeded);
        var once = true;
        driver.BeforeItBegins = () =>
        {
            if (!once) return;
            once = false;
            var request = new EnvironmentRequest(A.App, new([new("ANN", "1")], []), "active", A.Person, ToPromote: true);
            var theirs = new EnvironmentRelease(Rack, Time).Create(request, Ending).GetAwaiter().GetResult()!.Release;
            Rack.Store.Promoted(theirs, cancel: Ending).GetAwaiter().GetResult();
        };
        Rack.DrivenBy = driver;
        Assert.Equal(0, await Type("deploy", "--id"));
        var app = await Rack.Store.RequireApp(A.App, Ending);
        Assert.Equal((4, $"{app.Active}\n"), (app.LastNumber, Data));
        Assert.Contains(" became active meanwhile. Created v4 (", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_builds_and_promotes()
    {
        TwoServices();
        Rack.DrivenBy = new ScriptedDriver(Rack).Ends(PromotionStatus.Succeeded);
        Assert.Equal(0, await Type("deploy"));
        var app = await Rack.Store.RequireApp(A.App, Ending);
        Assert.Equal(app.Latest, app.Active);
        Assert.EndsWith($" ({app.Active}) is active\n", Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_that_is_interrupted_before_its_promotion_starts_prints_the_release_for_a_program()
    {
        TwoServices();
        using var interrupt = new CancellationTokenSource();
        Rack.DrivenBy = new ScriptedDriver(Rack)
        {
            BeforeItBegins = () =>
            {
                interrupt.Cancel();
                interrupt.Token.ThrowIfCancellationRequested();
            },
        };
        Assert.Equal(130, await Begin(_ => { }, interrupt.Token, "deploy", "--json"));
        var made = Assert.Single(await Rack.Store.ListReleases(A.App, 10, cancel: Ending));
        Assert.Equal($"{made.Id}", JsonDocument.Parse(Data).RootElement.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Deploy_of_a_locked_app_builds_nothing()
    {
        TwoServices();
        await Type("build");
        await Type("apps", "lock", "--reason", "a freeze");
        Sdk.Runs.Clear();
        Assert.Equal(1, await Type("deploy"));
        Assert.Empty(Sdk.Runs);
        Assert.Single(await Rack.Store.ListBuilds(A.App, 10, Ending));
    }

    [Fact]
    public async Task Deploy_of_unchanged_code_that_is_active_and_runs_makes_and_promotes_nothing_and_says_so()
    {
        var active = await Deployed();
        Runs(active, healthy: 1);
        Assert.Equal(0, await Type("deploy"));
        Assert.EndsWith($"Nothing changed since v1 ({active}), which is active, so nothing was promoted.\n", Talk,
            StringComparison.Ordinal);
        Assert.StartsWith($"v1 ({active}) is active\n", Data, StringComparison.Ordinal);
        Assert.Single(await Rack.Store.ListReleases(A.App, 10, cancel: Ending));
        Assert.Single(await Rack.Store.ListPromotions(A.App, 10, cancel: Ending));
        Assert.All(await Rack.Store.ListBuilds(A.App, 10, Ending),
            b => Assert.Equal((BuildStatus.Complete, active), (b.Status, b.Release)));

        Assert.Equal(0, await Type("deploy", "--id"));
        Assert.Equal($"{active}\n", Data);
        Assert.Equal(0, await Type("deploy", "--json"));
        using var view = JsonDocument.Parse(Data);
        Assert.Equal((active.ToString(), "active"),
            (view.RootElement.GetProperty("id").GetString(), view.RootElement.GetProperty("status").GetString()));
    }

    [Theory]
    [InlineData(PromotionStatus.Succeeded, 0, "active")]
    [InlineData(PromotionStatus.Failed, 3, "failed")]
    public async Task Deploy_prints_the_release_as_it_is_in_the_end(PromotionStatus outcome, int code, string status)
    {
        TwoServices();
        Rack.DrivenBy = new ScriptedDriver(Rack).Ends(outcome);
        Assert.Equal(code, await Type("deploy", "--json"));
        using var view = JsonDocument.Parse(Data);
        Assert.Equal(status, view.RootElement.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Deploy_of_unchanged_code_promotes_it_again_if_it_does_not_run()
    {
        var active = await Deployed();
        Runs(active, healthy: 0);
        Promotes();
        Assert.Equal(0, await Type("deploy"));
        Assert.Contains($"Nothing changed since v1 ({active}), which is active but isn't running as it should. Promoting it again.\n", Talk,
            StringComparison.Ordinal);
        Assert.Equal([active, active], (await Rack.Store.ListPromotions(A.App, 10, cancel: Ending)).Select(p => p.Release));
    }

    [Fact]
    public async Task Deploy_of_unchanged_code_that_was_not_promoted_promotes_that_release()
    {
        TwoServices();
        Rack.DrivenBy = new ScriptedDriver(Rack).Ends(PromotionStatus.Succeeded);
        Assert.Equal(0, await Type("build", "--id"));
        var made = ReleaseId.Parse(Data.Trim());
        Assert.Equal(0, await Type("deploy"));
        Assert.Contains($"Nothing changed since v1 ({made}), which isn't active yet.\n", Talk, StringComparison.Ordinal);
        var app = await Rack.Store.RequireApp(A.App, Ending);
        Assert.Equal((made, made), (app.Active, app.Latest));
    }

    [Fact]
    public async Task Deploy_of_changed_code_or_a_changed_convox_yml_makes_a_release()
    {
        var active = await Deployed();
        Runs(active, healthy: 1);
        Sdk.Program = "another program";
        Promotes();
        Assert.Equal(0, await Type("deploy"));
        Assert.Contains("Created v2 (", Data, StringComparison.Ordinal);

        File.AppendAllText(Path.Combine(Folder, "convox.yml"), "\n# changed");
        Promotes();
        Assert.Equal(0, await Type("deploy"));
        Assert.Contains("Created v3 (", Data, StringComparison.Ordinal);

        // Always: what was made before is not asked.
        Assert.Equal(0, await Type("build"));
        Assert.Contains("Created v4 (", Data, StringComparison.Ordinal);
    }

    private void Promotes() => Rack.DrivenBy = new ScriptedDriver(Rack).Ends(PromotionStatus.Succeeded);

    private async Task<ReleaseId> Deployed()
    {
        TwoServices();
        Promotes();
        Assert.Equal(0, await Type("deploy"));
        return (await Rack.Store.RequireApp(A.App, Ending)).Active!.Value;
    }

    private void Runs(ReleaseId release, int healthy) => Rack.NowRunning.ServiceList.AddRange(((string[])["jobs", "web"]).Select(s =>
        new RunningService(ServiceName.Parse(s), null, null, Desired: 1, Running: 1, healthy, release, null)));
}
