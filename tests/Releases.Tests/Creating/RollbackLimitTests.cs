using Releases.Testing;
using Releases.Tests.Operations;
using Xunit;

namespace Releases.Tests.Creating;

/// <summary>How far back a rollback may go, and one service that rolls back alone.</summary>
public sealed class RollbackLimitTests : OperationScenario
{
    private static readonly ServiceName Api = ServiceName.Parse("api");

    [Fact]
    public async Task Beyond_what_the_active_release_states_is_refused_unless_it_is_forced()
    {
        var old = await Active();
        await Active();
        var active = await Made(r => r with { Oldest = 2 });
        await Rack.Store.Promoted(active, cancel: Cancel);
        var problem = await Refused(async () => await new RollBack(Context).Run(new(await App(), old.Id, new()), Cancel));
        Assert.Equal(ProblemCode.BreaksBefore, problem.Code);
        Assert.Contains("v3", problem.Message, StringComparison.Ordinal);
        Assert.Contains("before v2", problem.Message, StringComparison.Ordinal);
        Assert.Contains("dotnet convox rollback v1 --force", problem.Remedy!.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, await Releases());

        var started = await new RollBack(Context).Run(new(await App(), old.Id, new()) { Force = true }, Cancel);
        Assert.Equal((old.Id, 2L), (started.Release.CopyOf, started.Release.Oldest));
    }

    [Fact]
    public async Task The_oldest_one_that_works_can_be_rolled_back_to_and_a_copy_is_as_old_as_what_it_copies()
    {
        var old = await Active();
        var works = await Active();
        var copy = await new RollbackRelease(Rack, Context.Time).Create(
            A.App, old.Id, A.Person, a => Rack.Store.TryAddRelease(a), Cancel);
        await Rack.Store.Promoted(await Made(r => r with { Oldest = 2 }), cancel: Cancel);
        Assert.Equal(ProblemCode.BreaksBefore,
            (await Refused(async () => await new RollBack(Context).Run(new(await App(), copy.Id, new()), Cancel))).Code);
        Assert.Equal(works.Id, (await new RollBack(Context).Run(new(await App(), works.Id, new()), Cancel)).Release.CopyOf);
    }

    [Theory]
    [InlineData("v4")]
    [InlineData("v2")]
    [InlineData(null)]
    public async Task The_limit_itself_works_also_if_it_restores_an_older_one(string? to)
    {
        await Active();
        var content = await Active();
        await Active();
        var copy = await new RollbackRelease(Rack, Context.Time).Create(
            A.App, content.Id, A.Person, a => Rack.Store.TryAddRelease(a), Cancel);
        await Rack.Store.Promoted(copy, cancel: Cancel);
        await Rack.Store.Promoted(await Made(r => r with { Oldest = copy.Number }), cancel: Cancel);
        ReferenceOf(to, out var reference);
        var between = ReleaseReference.Parse("v3");
        Assert.Equal(ProblemCode.BreaksBefore,
            (await Refused(async () => await new RollBack(Context).Run(new(await App(), between, new()), Cancel))).Code);
        Assert.Equal(content.Id, (await new RollBack(Context).Run(new(await App(), reference, new()), Cancel)).Release.CopyOf);
    }

    [Fact]
    public async Task What_is_as_far_back_as_it_can_be_is_not_offered_to_go_there()
    {
        await Active();
        var limit = await Active();
        await Rack.Store.Promoted(await Made(r => r with { Oldest = 2 }), cancel: Cancel);
        var active = await RolledBack(limit.Id);
        var problem = await Refused(async () => await new RollBack(Context).Run(new(await App(), ReleaseReference.Parse("v1"), new()), Cancel));
        Assert.EndsWith(
            $"{active.Label}, which is active, states that releases before v2 no longer work with its changes. "
                + "It has the same content as v2 already, so it is as far back as it can be. Nothing changed.",
            problem.Text, StringComparison.Ordinal);
        Assert.Equal(
            "Roll back to v1 anyway, if you are sure that it works: dotnet convox rollback v1 --force", problem.Remedy!.ToString());
    }

    [Fact]
    public async Task A_service_that_is_as_far_back_as_it_can_be_is_not_offered_to_go_there()
    {
        foreach (var content in (string[])["1", "2", "3"])
            await Rack.Store.Promoted(await Two(content, content == "3" ? 2 : null), cancel: Cancel);
        await OneBack("v2");
        var problem = await Refused(() => OneBack("v1"));
        Assert.Contains("It has web of v2 already, so it is as far back as it can be.", problem.Message, StringComparison.Ordinal);
        Assert.Equal(
            "Roll back to v1 anyway, if you are sure that it works: dotnet convox rollback --service web v1 --force",
            problem.Remedy!.ToString());
        Assert.StartsWith(
            "Roll back to v2 at most: dotnet convox rollback --service api v2.",
            (await Refused(() => OneBack("v1", "api"))).Remedy!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_that_was_pruned_is_not_offered()
    {
        await Active();
        var limit = await Active();
        await Active();
        await Rack.Store.Promoted(await Made(r => r with { Oldest = 2 }), cancel: Cancel);
        Assert.True(await Rack.Store.TryPrune(await App(), [limit], A.Event(EventKind.Pruned), Cancel));
        Assert.StartsWith(
            "Choose another one: dotnet convox releases. Roll back to v1 anyway",
            (await Refused(async () => await new RollBack(Context).Run(new(await App(), ReleaseReference.Parse("v1"), new()), Cancel)))
                .Remedy!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_that_restores_one_service_is_as_old_as_that()
    {
        foreach (var content in (string[])["1", "2", "3"]) await Rack.Store.Promoted(await Two(content), cancel: Cancel);
        var one = await OneBack("v1");
        await Rack.Store.Promoted(await Made(r => r with { Oldest = 2 }), cancel: Cancel);
        var problem = await Refused(async () => await new RollBack(Context).Run(new(await App(), one.Id, new()), Cancel));
        Assert.Contains($"can't roll back to v4 ({one.Id}), which restores v1: ", problem.Message, StringComparison.Ordinal);
        Assert.Contains("dotnet convox rollback v4 --force", problem.Remedy!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_service_goes_back_alone_and_a_second_time_one_further()
    {
        foreach (var content in (string[])["1", "2", "3"]) await Rack.Store.Promoted(await Two(content), cancel: Cancel);
        var first = await OneBack(null);
        Assert.Equal((Digest("web 2"), Digest("api 3")), (first.Services[A.Web].Artifact!.Digest, first.Services[Api].Artifact!.Digest));
        Assert.True(first.IsRollback);
        Assert.Equal((await Numbered(2)).Id, first.Restores[A.Web]);
        Assert.StartsWith("rollback web to R", first.Description, StringComparison.Ordinal);
        Assert.False(await Rack.Store.IsNew(await App(), first, Cancel));

        var second = await OneBack(null);
        Assert.Equal((Digest("web 1"), Digest("api 3")), (second.Services[A.Web].Artifact!.Digest, second.Services[Api].Artifact!.Digest));
        Assert.Equal(ProblemCode.Nothing, (await Refused(() => OneBack(null))).Code);
        Assert.Equal(Digest("web 3"), (await OneBack("v3")).Services[A.Web].Artifact!.Digest);
    }

    [Fact]
    public async Task A_service_that_the_active_release_or_the_older_one_does_not_have_is_refused()
    {
        await Active();
        await Rack.Store.Promoted(await Two("2"), cancel: Cancel);
        Assert.Equal(ProblemCode.NotFound, (await Refused(() => OneBack("v1", "wbe"))).Code);
        Assert.Equal(ProblemCode.Incomplete, (await Refused(() => OneBack("v1", "api"))).Code);
    }

    [Fact]
    public async Task What_is_active_already_makes_no_release()
    {
        await Rack.Store.Promoted(await Two("1"), cancel: Cancel);
        var active = await Two("1");
        await Rack.Store.Promoted(active, cancel: Cancel);
        var same = await Refused(() => OneBack("v1"));
        Assert.Equal(
            (ProblemCode.Nothing,
                $"web of the active release, v2 ({active.Id}), is the same as in v1, so there is nothing to roll back. Nothing changed."),
            (same.Code, same.Text));
        var whole = await Refused(async () => await new RollBack(Context).Run(new(await App(), active.Id, new()), Cancel));
        Assert.Equal(
            (ProblemCode.Nothing, $"v2 ({active.Id}) is the active release, so there is nothing to roll back. Nothing changed."),
            (whole.Code, whole.Text));
        Assert.Equal("Restart its processes: dotnet convox restart", whole.Remedy!.ToString());
        Assert.Equal(2, await Releases());
    }

    [Fact]
    public async Task One_service_is_taken_from_what_is_active_not_from_what_is_latest()
    {
        foreach (var content in (string[])["1", "2"]) await Rack.Store.Promoted(await Two(content), cancel: Cancel);
        await Two("3");
        Assert.Equal(Digest("api 2"), (await OneBack(null)).Services[Api].Artifact!.Digest);
    }

    [Fact]
    public async Task A_rollback_keeps_the_limit_of_what_is_active_not_that_of_what_is_latest()
    {
        var (first, second) = (await Active(), await Active());
        await Active();
        await Made(r => r with { Oldest = 4 });
        var started = await RolledBack(second.Id);
        Assert.Null(started.Oldest);
        Assert.Null((await RolledBack(first.Id)).Oldest);

        await Rack.Store.Promoted(await Made(r => r with { Oldest = 7 }), cancel: Cancel);
        await Made(r => r with { Oldest = null });
        Assert.Equal(7, (await RolledBack(second.Id, force: true)).Oldest);
        Assert.Equal(ProblemCode.BreaksBefore,
            (await Refused(async () => await new RollBack(Context).Run(new(await App(), first.Id, new()), Cancel))).Code);
    }

    [Theory]
    [InlineData("x-convox: { oldest: v12 }", 12L)]
    [InlineData("x-convox: {}", null)]
    [InlineData("x-other: { oldest: v12 }", null)]
    public void Convox_yml_states_it(string line, long? oldest) =>
        Assert.Equal(oldest, ManifestReader.Read($"{line}\nservices: {{ web: {{}} }}\n", "convox.yml").Require().Oldest);

    [Theory]
    [InlineData("x-convox: { oldest: 12 }", "'oldest' is the number of a release.")]
    [InlineData("x-convox: { oldst: v12 }", "'x-convox' has no key 'oldst'.")]
    [InlineData("x-convox: [1]", "expected keys and values for 'x-convox'.")]
    public void What_is_wrong_in_convox_yml_is_reported_with_its_line(string line, string message)
    {
        var problem = Assert.Single(ManifestReader.Read($"services: {{ web: {{}} }}\n{line}\n", "convox.yml").Problems);
        Assert.Equal((message, 2), (problem.Message, problem.Location!.Line));
        Assert.Empty(ManifestReader.ReadStored($"services: {{ web: {{}} }}\n{line}\n", "a release").Problems);
    }

    private async Task<Release> OneBack(string? to, string service = "web")
    {
        ReferenceOf(to, out var reference);
        return await Done(await new RollBack(Context).Run(
            new(await App(), reference, new()) { Service = ServiceName.Parse(service) }, Cancel));
    }

    private async Task<Release> RolledBack(ReleaseId to, bool force = false) =>
        await Done(await new RollBack(Context).Run(new(await App(), to, new()) { Force = force }, Cancel));

    /// <summary>Drives the promotion of a rollback until it finishes.</summary>
    private async Task<Release> Done(StartedPromotion started)
    {
        var release = await Rack.Store.RequireRelease(A.App, started.Release.Id, Cancel);
        var held = await Rack.Store.FindLock(A.App, Cancel);
        if (held is not null)
            await Rack.Store.FinishPromotion(held, (await Rack.Store.RequirePromotion(A.App, held.Promotion, Cancel)) with
            { Status = PromotionStatus.Succeeded, EndedAt = A.Moment }, A.Event(EventKind.PromotionEnded), Cancel);
        return release;
    }

    private static void ReferenceOf(string? text, out ReleaseReference? reference) =>
        reference = text is null ? null : ReleaseReference.Parse(text);

    private Task<Release> Numbered(long number) => Rack.Store.RequireRelease(A.App, new ReleaseReference(null, number), Cancel);

    private Task<Release> Made(Func<Release, Release> with) => Rack.Store.Release(with: with, cancel: Cancel);

    private Task<Release> Two(string content, long? oldest = null) => Made(r => r with
    {
        Oldest = oldest,
        Services = new Dictionary<ServiceName, ReleaseService>
        {
            [A.Web] = new() { Artifact = Rack.Stored.Add(A.Artifact($"web {content}")), Build = BuildId.New() },
            [Api] = new() { Artifact = Rack.Stored.Add(A.Artifact($"api {content}")), Build = BuildId.New() },
        },
    });

    private static string Digest(string content) => A.Artifact(content).Digest;
}
