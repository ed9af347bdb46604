using FsCheck.Xunit;
using Releases.Testing;
using Xunit;

namespace Releases.Tests.Creating;

public sealed class RollbackTests : IDisposable
{
    private readonly PublishedApp _app = new();

    [Fact]
    public async Task A_rollback_is_a_copy_of_everything_based_on_the_latest()
    {
        var old = (await _app.Released("Hello")).Release;
        var latest = (await _app.Set("FOO", "1"))!.Release;
        var copy = await Copied(old.Id);
        Assert.Equal((3, latest.Id, old.Id), (copy.Number, copy.BasedOn, copy.CopyOf));
        Assert.Equal((old.Manifest, old.Environment, old.Build, old.Commit), (copy.Manifest, copy.Environment, copy.Build, copy.Commit));
        Assert.Equal(old.Services[A.Web].Artifact!.Digest, copy.Services[A.Web].Artifact!.Digest);
        Assert.Equal($"rollback to {old.Id}: a build", copy.Description);
    }

    [Fact]
    public async Task A_copy_of_a_copy_is_a_copy_of_the_original()
    {
        var old = (await _app.Released("Hello")).Release;
        var copy = await Copied(old.Id);
        var again = await Copied(copy.Id);
        Assert.Equal((old.Id, copy.Description), (again.CopyOf, again.Description));
    }

    [Fact]
    public async Task Rolling_back_twice_goes_two_back()
    {
        var releases = new List<Release>();
        for (var i = 1; i <= 3; i++)
        {
            releases.Add((await _app.Released("Hello", version: $"{i}")).Release);
            await _app.Rack.Store.Promoted(releases[^1]);
        }

        Assert.Equal(releases[1].Id, await RollBack());
        Assert.Equal(releases[0].Id, await RollBack());
        var end = (await Assert.ThrowsAsync<ProblemException>(RollBack)).Problems[0];
        var active = (await _app.Rack.Store.FindApp(A.App))!.Active;
        Assert.Equal(
            (ProblemCode.Nothing, $"hello has nothing to roll back to: no other release was promoted before v1 ({releases[0].Id}), "
                + $"which v5 ({active}) restores."), (end.Code, end.Message));
        var web = (await Assert.ThrowsAsync<ProblemException>(() => _app.Copy.ChooseTarget(A.App, A.Web))).Problems[0];
        Assert.Equal(
            $"web has nothing to roll back to: it ran nothing else before v1 ({releases[0].Id}), which v5 ({active}) restores.",
            web.Message);
    }

    [Fact]
    public async Task Promotions_that_failed_are_no_way_back()
    {
        var first = (await _app.Released("Hello")).Release;
        await _app.Rack.Store.Promoted(first);
        await _app.Rack.Store.Promoted((await _app.Released("Hello", version: "2")).Release, PromotionStatus.Failed);
        await _app.Rack.Store.Promoted((await _app.Released("Hello", version: "3")).Release);
        Assert.Equal(first.Id, await RollBack());
    }

    [Fact]
    public async Task Without_an_active_release_there_is_nothing_to_roll_back()
    {
        await _app.Released("Hello");
        Assert.True((await Assert.ThrowsAsync<ProblemException>(RollBack)).Is(ProblemCode.Nothing));
    }

    [Fact]
    public void A_restart_is_no_step()
    {
        var (a, b) = (A.Release(1), A.Release(2));
        Assert.Equal(a.Id, RollbackTarget.Find([a, b, b, b]));
    }

    [Fact]
    public void A_rollback_is_undone_by_naming_what_it_left_and_then_leads_back_the_way_it_came()
    {
        var (a, b) = (A.Release(1), A.Release(2));
        var undone = A.Release(4, copyOf: b.Id);
        Assert.Equal(a.Id, RollbackTarget.Find([a, b, A.Release(3, copyOf: a.Id), undone]));
    }

    [Fact]
    public void A_promotion_of_an_older_release_is_a_step_forward()
    {
        var (a, b, c) = (A.Release(1), A.Release(2), A.Release(3));
        Assert.Equal(c.Id, RollbackTarget.Find([a, b, c, a]));
    }

    /// <summary>Promotions and rollbacks in any order: the target is never what is active, and rolling back for as long as there is one
    /// ends at the first.</summary>
    [Property(MaxTest = 500)]
    public void Rolling_back_always_ends_at_the_first_promotion(bool[] steps)
    {
        var promoted = new List<Release> { A.Release(1) };
        foreach (var forward in steps)
            if (forward) promoted.Add(A.Release(promoted.Count + 1));
            else if (RollbackTarget.Find(promoted) is { } target) promoted.Add(A.Release(promoted.Count + 1, copyOf: target));

        for (var left = promoted.Count; RollbackTarget.Find(promoted) is { } target; left--)
        {
            Assert.NotEqual(promoted[^1].Content, target);
            Assert.True(left > 0, "It goes round in circles.");
            promoted.Add(A.Release(promoted.Count + 1, copyOf: target));
        }

        Assert.Equal(promoted[0].Id, promoted[^1].Content);
    }

    private async Task<ReleaseId> RollBack()
    {
        var target = await _app.Copy.ChooseTarget(A.App);
        await _app.Rack.Store.Promoted(await Copied(target.Id));
        return target.Id;
    }

    private Task<Release> Copied(ReleaseId source) =>
        _app.Copy.Create(A.App, source, A.Person, addition => _app.Rack.Store.TryAddRelease(addition));

    public void Dispose() => _app.Dispose();
}
