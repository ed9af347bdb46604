using System.Text.Json;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class ScaleTests : Typing
{
    [Fact]
    public async Task A_count_overrides_the_manifest_until_it_is_reset()
    {
        await Published("services:\n  web: { build: Web, scale: 2 }\n  worker: { build: Worker }\n");

        Assert.Equal(0, await Type("scale"));
        Assert.Equal("SERVICE  COUNT  CONVOX.YML\nweb      2      2\nworker   1      1\n", Data);
        Assert.Equal(0, await Type("scale", "web", "5"));
        Assert.Equal("SERVICE  COUNT  CONVOX.YML\nweb      5      2\nworker   1      1\n", Data);
        Assert.Equal("web: 2 → 5; applies when a release is promoted\n", Talk);
        Assert.Equal(1, Rack.Scaled);
        Assert.Equal(5, (await Rack.Store.RequireApp(A.App, Ending)).Scale[A.Web]);

        await Type("scale", "--json");
        var web = JsonDocument.Parse(Data).RootElement[0];
        Assert.Equal((5, 2, true),
            (web.GetProperty("count").GetInt32(), web.GetProperty("default").GetInt32(), web.GetProperty("overridden").GetBoolean()));
        Assert.Equal(0, await Type("scale", "web", "--reset"));
        Assert.Empty((await Rack.Store.RequireApp(A.App, Ending)).Scale);
        Assert.Equal("worker as in convox.yml", await LastEvent("scale", "worker", "--reset"));
    }

    [Fact]
    public async Task A_count_applies_when_a_stopped_rack_starts()
    {
        await Running();
        Daemon.IsAlive = false;
        Assert.Equal(0, await Type("scale", "web", "4"));
        Assert.Contains("; applies when the rack starts", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_could_not_be_applied_is_not_left_in_the_records_and_the_message_says_so()
    {
        await Running();
        Rack.Scales = () => throw new Problem("CONVOX0036", "AWS refused access: no.",
            "Give the caller ecs:UpdateService.", Unchanged: Problem.NothingWasStored).ToException();
        Assert.Equal(1, await Type("scale", "web", "4"));
        Assert.Equal(
            "error CONVOX0036: web wasn't scaled, and its recorded count is unchanged: AWS refused access: no. Give the caller ecs:UpdateService.\n", Talk);
        Assert.Equal(0, await Type("scale"));
        Assert.Equal("SERVICE  COUNT  CONVOX.YML\nweb      3      1\n", Data);
        Assert.Empty((await Rack.Store.RequireApp(A.App, Ending)).Scale);
    }

    [Fact]
    public async Task One_whose_answer_was_lost_is_read_back()
    {
        await Running();
        Rack.Scales = () =>
        {
            Rack.Counts![A.Web] = 4;
            throw Problem.Unavailable(ProblemCode.Unreachable, "AWS cannot be reached.").ToException();
        };
        Assert.Equal(0, await Type("scale", "web", "4"));
        Assert.Equal("web: 3 → 4\n", Talk);
    }

    [Fact]
    public async Task A_reset_that_the_service_does_not_follow_says_what_it_keeps()
    {
        await Running();
        Assert.Equal(0, await Type("scale", "web", "--reset"));
        Assert.Equal("web: still 3; convox.yml states no count, so the service keeps its own\n", Talk);
        Assert.Equal("SERVICE  COUNT  CONVOX.YML\nweb      3      1\n", Data);
    }

    private async Task Running()
    {
        await Published("services:\n  web: { build: Web }\n");
        await Rack.Store.Promoted(await Rack.Store.RequireRelease(A.App, ReleaseReference.Parse("v1"), Ending), cancel: Ending);
        Rack.Counts = new() { [A.Web] = 3 };
    }

    [Theory]
    [InlineData("the count must be from 0 to 1000, not -1.", "web", "--", "-1")]
    [InlineData("the count must be from 0 to 1000, not 1001.", "web", "1001")]
    [InlineData("<count> takes a number, not 'x'.", "web", "x")]
    [InlineData("pass either a count or --reset. For example: dotnet convox scale web 3", "web")]
    [InlineData("pass either a count or --reset. For example: dotnet convox scale web 3", "web", "3", "--reset")]
    [InlineData("pass either a count or --reset. For example: dotnet convox scale web 3", "--reset")]
    public async Task What_makes_no_sense_is_wrong_usage(string says, params string[] words)
    {
        Assert.Equal(2, await Type(["scale", .. words]));
        Assert.Contains(says, Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_there_is_not_is_refused_with_those_that_there_are()
    {
        await Published("services:\n  web: { build: Web }\n  worker: { build: Worker }\n");
        Assert.Equal(1, await Type("scale", "wroker", "2"));
        Assert.Contains("hello has no service 'wroker'; it has: web, worker.", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_locked_app_is_promoted_by_nobody_and_tells_why()
    {
        await Published("services:\n  web: { build: Web }\n");
        Assert.Equal(0, await Type("apps", "lock", "--reason", "migration until 15:00"));
        foreach (var words in (string[][])[["promote"], ["env", "set", "A=1", "--promote"]])
        {
            Assert.Equal(1, await Type(words));
            Assert.StartsWith($"error CONVOX0041: hello is locked by {A.Person}: \"migration until 15:00\". Nothing changed.", Talk,
                StringComparison.Ordinal);
        }

        Assert.Equal(1, (await Rack.Store.RequireApp(A.App, Ending)).LastNumber);
        Assert.Equal(0, await Type("scale", "web", "3"));
        await Type("apps", "info");
        Assert.Contains($"Locked   now by {A.Person}: migration until 15:00", Data, StringComparison.Ordinal);
        Assert.Equal(0, await Type("apps", "unlock"));
        Assert.Null((await Rack.Store.RequireApp(A.App, Ending)).Hold);
        Assert.Equal(0, await Type("apps", "unlock"));
        Assert.Equal("hello is not locked.\n", Talk);
        Assert.Equal(2, await Type("apps", "lock"));
        Assert.Equal(2, await Type("apps", "lock", "--reason", " "));
    }

    private async Task<string?> LastEvent(params string[] words)
    {
        Assert.Equal(0, await Type(words));
        return (await Rack.Store.ListEvents(A.App, 1, Ending))[0].Detail;
    }

    private async Task Published(string manifest)
    {
        var app = await Rack.Store.CreateApp(A.App, A.Event(EventKind.AppCreated), Ending);
        var release = A.Release(1) with { Manifest = ManifestId.Of(manifest) };
        Assert.True(await Rack.Store.TryAddRelease(new(release, app.Latest, A.Event(EventKind.ReleaseCreated, release.Id), manifest),
            Ending));
    }
}
