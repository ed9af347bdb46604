using Releases.Testing;
using Xunit;

namespace Releases.Tests.Operations;

/// <summary>Operations that wait for a promotion which somebody else's change is part of: none of them undoes that change.</summary>
public sealed partial class OvertakenTests : OperationScenario
{
    private static readonly ServiceName Worker = ServiceName.Parse("worker");

    /// <summary>Every operation that makes or chooses a release, then may wait, and promotes it.</summary>
    public static TheoryData<string> Operations { get; } =
    [
        "environment", "environment of the active release", "build", "build of the active release", "unchanged build", "promote", "rollback",
        "restart",
    ];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task What_becomes_active_while_an_operation_waits_is_not_undone(string operation)
    {
        await Active();
        await Active();
        var built = operation.Contains("build", StringComparison.Ordinal) || operation == "promote"
            ? await Rack.Store.Release(with: Built, cancel: Cancel) : null;
        var once = true;
        Driver.BeforeItBegins = () =>
        {
            // The last moment: the release was made or chosen, and its promotion is asked for.
            if (!once) return;
            once = false;
            Somebody().GetAwaiter().GetResult();
        };
        var others = (await App()).Active;
        try
        {
            var started = await Run(operation, built, new() { WaitLock = TimeSpan.FromMinutes(1) });
            others = (await App()).Active;
            Assert.Equal(["ANN"], await Keys(others!.Value));
            Assert.Contains("ANN", await Keys(started.Release.Id));
            Assert.Equal(others, started.Previous);
            if (operation.StartsWith("environment", StringComparison.Ordinal))
                Assert.Equal(["ANN", "BOB"], await Keys(started.Release.Id));
            if (built is null) return;
            Assert.Equal(built.Services[A.Web].Artifact, started.Release.Services[A.Web].Artifact);
            Assert.Contains(
                $"{started.Active!.Label} became active meanwhile. Created {started.Release.Label}: {built.Label} with its environment.",
                Notes.OfType<OperationNote.Sentence>().Select(s => s.Text));
        }
        catch (ProblemException refused)
        {
            Assert.Equal(ProblemCode.ChooseBase, refused.Problems[0].Code);
            Assert.Contains("Nothing changed.", refused.Problems[0].Text, StringComparison.Ordinal);
            Assert.NotNull(refused.Problems[0].Remedy);
            Assert.Contains(operation, (string[])["promote", "rollback", "restart"]);
            Assert.Equal(["ANN"], await Keys((await App()).Active!.Value));
        }
    }

    [Fact]
    public async Task A_change_of_the_active_release_keeps_what_was_made_before_it_and_becomes_active_after_it()
    {
        await Active();
        var anns = (await new EnvironmentRelease(Rack, World).Create(new(A.App, new([new("ANN", "1")], []), null, "Ann"), Cancel))!.Release;
        var once = true;
        Driver.BeforeItBegins = () =>
        {
            if (once) Rack.Store.Promoted(anns, cancel: Cancel).GetAwaiter().GetResult();
            once = false;
        };
        var started = await Run("environment of the active release", null, new());
        Assert.Equal(["ANN", "BOB"], await Keys(started.Release.Id));
    }

    [Theory]
    [InlineData("active")]
    [InlineData(null)]
    public async Task Changes_at_once_that_wait_for_each_other_are_all_kept(string? from)
    {
        await Active();
        var changes = 1;
        Driver.BeforeItBegins = () =>
        {
            // Each is overtaken by the next one, at the last moment.
            if (changes < 4) Change(++changes).GetAwaiter().GetResult();
        };
        await Change(1);
        Assert.Equal(["A1", "A2", "A3", "A4"], await Keys((await App()).Active!.Value));
        Assert.Equal(5, await Releases());

        async Task Change(int n)
        {
            var options = new PromoteOptions { WaitLock = TimeSpan.FromMinutes(1) };
            await new ChangeEnvironment(Context).Run(new(await App(), new([new($"A{n}", "1")], []), from, options), Cancel);
            await Driver.Ends(PromotionStatus.Succeeded).Step();
        }
    }

    [Theory]
    [InlineData("build")]
    [InlineData("unchanged build")]
    [InlineData("promote")]
    public async Task The_first_release_that_becomes_active_while_an_operation_waits_is_not_undone_either(string operation)
    {
        var first = await Rack.Store.Release(cancel: Cancel);
        var built = await Rack.Store.Release(with: Built, cancel: Cancel);
        var once = true;
        Driver.BeforeItBegins = () =>
        {
            if (once) Somebody(first.Id.ToString()).GetAwaiter().GetResult();
            once = false;
        };
        if (operation == "promote")
        {
            Assert.Equal(ProblemCode.ChooseBase, (await Refused(() => Run(operation, built, new()))).Code);
            return;
        }

        var started = await Run(operation, built, new());
        Assert.NotNull(started.Previous);
        Assert.Equal(["ANN"], await Keys(started.Release.Id));
    }

    [Fact]
    public async Task A_base_that_was_named_by_its_id_is_kept_whatever_becomes_active()
    {
        var first = await Active();
        var built = await Rack.Store.Release(cancel: Cancel);
        await Somebody();
        var started = await new StartPromotion(Context).RunNew(await App(), built, first.Id.ToString(), new(), Cancel);
        Assert.Equal(built.Id, started!.Release.Id);
    }

    [Fact]
    public async Task A_build_on_the_latest_release_is_not_made_again_when_an_older_one_is_active()
    {
        var first = await Active();
        await Active();
        var built = await Rack.Store.Release(cancel: Cancel);
        await Rack.Store.Promoted(first, cancel: Cancel);
        var started = await new StartPromotion(Context).RunNew(await App(), built, null, new(), Cancel);
        Assert.Equal((built.Id, first.Id), (started!.Release.Id, started.Previous));
    }

    /// <summary>Somebody else changes the environment of the active release, and it becomes active.</summary>
    private async Task Somebody(string from = "active")
    {
        var release = (await new EnvironmentRelease(Rack, World).Create(
            new(A.App, new([new("ANN", "1")], []), from, "Ann"), Cancel))!.Release;
        await Rack.Store.Promoted(release, cancel: Cancel);
    }

    private async Task<IEnumerable<string>> Keys(ReleaseId release) =>
        (await new EnvironmentRelease(Rack, World).Read(A.App, release.ToString(), Cancel)).Select(v => v.Key).Order();

    private static Release Built(Release release)
    {
        var build = BuildId.New();
        var web = new ReleaseService { Artifact = A.Artifact("built"), Build = build };
        return release with { Build = build, Services = new Dictionary<ServiceName, ReleaseService> { [A.Web] = web } };
    }

    private async Task<StartedPromotion> Run(string operation, Release? built, PromoteOptions options)
    {
        var (app, start) = (await App(), new StartPromotion(Context));
        var change = new EnvironmentEdit([new("BOB", "1")], []);
        return operation switch
        {
            "environment" => (await new ChangeEnvironment(Context).Run(new(app, change, null, options), Cancel))!.Promotion!,
            "environment of the active release" =>
                (await new ChangeEnvironment(Context).Run(new(app, change, "active", options), Cancel))!.Promotion!,
            "build" => (await start.RunNew(app, built!, null, options, Cancel))!,
            "build of the active release" => (await start.RunNew(app, built!, "active", options, Cancel))!,
            "unchanged build" => (await start.RunUnchanged(app, built!, null, options, Cancel))!,
            "promote" => await start.Run(new(app, null, options), Cancel),
            "rollback" => await new RollBack(Context).Run(new(app, null, options), Cancel),
            _ => await new Restart(Context).Run(app, options, Cancel),
        };
    }
}
