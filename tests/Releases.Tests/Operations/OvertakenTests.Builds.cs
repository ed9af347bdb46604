using Releases.Testing;
using Xunit;

namespace Releases.Tests.Operations;

/// <content>Builds that are made again on what became active, refused, or live already.</content>
public sealed partial class OvertakenTests
{
    /// <summary>The services and convox.yml of the base, of the build on it, and of what becomes active meanwhile.</summary>
    [Theory]
    [InlineData("1 1 a", "2 1 a", "1 1 a", null, true)]
    [InlineData("1 1 a", "2 1 b", "1 1 a", null, true)]
    [InlineData("1 1 a", "2 1 b", "2 1 b", null, true)]
    [InlineData("1 1 a", "2 1 a", "3 1 a", null, false)]
    [InlineData("1 1 a", "2 1 a", "1 3 a", null, false)]
    [InlineData("1 1 a", "2 1 b", "1 1 c", null, false)]
    [InlineData("1 1 a", "2 1 a", "3 1 a", "active", true)]
    [InlineData("1 1 a", "2 1 a", "3 3 a", "active", false)]
    [InlineData("1 1 a", "2 1 a", "1 1 b", "active", false)]
    public async Task A_build_is_promoted_with_the_environment_that_became_active_if_it_undoes_nothing_else(
        string @base, string build, string other, string? from, bool isMade)
    {
        await Rack.Store.Promoted(await Made(@base, null), cancel: Cancel);
        var basis = (await App()).Active;
        // A build on the active release may be newer than the one that becomes active meanwhile.
        var early = from is null ? null : await Made(other, basis);
        var built = await Made(build, basis);
        var overtaking = early ?? await Made(other, basis);
        await Rack.Store.Promoted(overtaking, cancel: Cancel);

        await Ends(built, overtaking, from, isMade);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_build_on_a_release_that_was_never_active_is_refused_if_what_became_active_lacks_it(bool isEnvironment)
    {
        await Rack.Store.Promoted(await Made("1 1 a", null), cancel: Cancel);
        var active = (await App()).Active!.Value;
        var between = isEnvironment
            ? (await new EnvironmentRelease(Rack, World).Create(new(A.App, new([new("X", "1")], []), "latest", "Ann"), Cancel))!.Release
            : await Made("2 1 a", active);
        var built = await Made(isEnvironment ? "2 1 a" : "2 2 a", between.Id);
        await Somebody();

        await Ends(built, (await Rack.Store.FindRelease(A.App, (await App()).Active!.Value, Cancel))!, null, isMade: false);
    }

    /// <summary>The build, and what is made on it and becomes active meanwhile; both services of it are in the first release.</summary>
    [Theory]
    [InlineData("2 1 a")]
    [InlineData("2 2 a")]
    [InlineData("3 1 b")]
    public async Task A_build_that_became_active_with_what_was_made_on_it_is_not_promoted_again(string other)
    {
        await Rack.Store.Promoted(await Made("1 1 a", null), cancel: Cancel);
        var built = await Made("2 1 a", (await App()).Active);
        var overtaking = await Made(other, built.Id);
        await Rack.Store.Promoted(overtaking, cancel: Cancel);

        Assert.Null(await new StartPromotion(Context).RunNew(await App(), built, null, new(), Cancel));
        Assert.Empty(Driver.Begun);
        Assert.Equal(3, await Releases());
        Assert.Equal(
            $"{overtaking.Label}, which was made on {built.Label}, became active meanwhile, so nothing is left to promote.",
            Notes.OfType<OperationNote.Sentence>().Single().Text);
    }

    [Fact]
    public async Task A_build_is_refused_if_what_became_active_is_a_rollback_that_was_made_after_it()
    {
        await Rack.Store.Promoted(await Made("1 1 a", null), cancel: Cancel);
        await Rack.Store.Promoted(await Made("2 1 a", null), cancel: Cancel);
        var built = await Made("3 1 a", (await App()).Active);
        await new RollBack(Context).Run(new(await App(), null, new()), Cancel);
        await Driver.Ends(PromotionStatus.Succeeded).Step();

        var active = await Rack.Store.RequireRelease(A.App, (await App()).Active!.Value, Cancel);
        Assert.Equal(built.Id, active.BasedOn);
        await Ends(built, active, null, isMade: false);
    }

    [Fact]
    public async Task A_build_that_was_pruned_while_it_waited_is_not_made_again()
    {
        await Rack.Store.Promoted(await Made("1 1 a", null), cancel: Cancel);
        var built = await Made("2 1 a", (await App()).Active);
        await Somebody();
        await Rack.Store.TryPrune(await App(), [built], A.Event(EventKind.Pruned), Cancel);

        var refused = await Refused(async () => await new StartPromotion(Context).RunNew(await App(), built, null, new(), Cancel));

        Assert.Equal((ProblemCode.Pruned, 3), (refused.Code, await Releases()));
    }

    private async Task Ends(Release built, Release overtaking, string? from, bool isMade)
    {
        var start = new StartPromotion(Context).RunNew(await App(), built, from, new(), Cancel);
        if (isMade)
        {
            var made = (await start)!.Release;
            Assert.Equal(built.Id, made.RemadeFrom);
            Assert.NotEqual(built.Id, made.Id);
            Assert.Equal((overtaking.Environment, built.Manifest), (made.Environment, made.Manifest));
            Assert.Equal(built.Services.Select(s => s.Value.Artifact!.Digest), made.Services.Select(s => s.Value.Artifact!.Digest));
            return;
        }

        var refused = (await Assert.ThrowsAsync<ProblemException>(() => start)).Problems[0];
        Assert.Equal(ProblemCode.ChooseBase, refused.Code);
        Assert.Equal(
            $"{built.Label} was made but not promoted: {overtaking.Label} became active meanwhile, and {built.Label} would undo some of it. "
                + "Deploy again: dotnet convox deploy --from active. "
                + $"Promote it anyway: dotnet convox promote {built.Id}", refused.Sentence);
        Assert.Equal(overtaking.Id, (await App()).Active);
    }

    /// <summary>A release with an image of web and of worker, and a convox.yml; an image has no build of its own.</summary>
    private Task<Release> Made(string content, ReleaseId? basis)
    {
        var (web, worker, manifest) = (content[..1], content[2..3], content[4..]);
        return Rack.Store.Release(with: r => r with
        {
            BasedOn = basis ?? r.BasedOn,
            Manifest = ManifestId.Of(manifest),
            Services = new Dictionary<ServiceName, ReleaseService>
            { [A.Web] = new() { Artifact = A.Artifact($"web {web}") }, [Worker] = new() { Artifact = A.Artifact($"worker {worker}") } },
        }, cancel: Cancel);
    }
}
