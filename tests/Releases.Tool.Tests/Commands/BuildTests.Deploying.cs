using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed partial class BuildTests
{
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

    [Fact]
    public async Task That_cannot_be_promoted_once_it_is_made_says_how_to_do_so_later()
    {
        TwoServices();
        await Rack.Store.Release(cancel: Ending);
        Rack.DrivenBy = new ScriptedDriver(Rack);
        // Somebody else promotes while it compiles.
        Sdk.Meanwhile = async () =>
        {
            var before = (await Rack.Store.ListReleases(A.App, 1, cancel: Ending))[0];
            var held = await Rack.Store.BeginPromotion(A.Promotion(before), "elsewhere", A.Event(EventKind.PromotionStarted), Ending);
            await Rack.Store.RenewLock(held, Time.GetUtcNow(), Ending);
        };
        Assert.Equal(5, await Type("deploy"));
        var made = (await Rack.Store.ListReleases(A.App, 1, cancel: Ending))[0];
        Assert.Contains($"\nerror CONVOX0012: {made.Id} was made but not promoted. ", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_builds_and_promotes()
    {
        TwoServices();
        Rack.DrivenBy = new ScriptedDriver(Rack).Ends(PromotionStatus.Succeeded);
        Assert.Equal(0, await Type("deploy"));
        var app = await Rack.Store.RequireApp(A.App, Ending);
        Assert.Equal(app.Latest, app.Active);
        Assert.EndsWith($"{app.Active} is active\n", Data, StringComparison.Ordinal);
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
}
