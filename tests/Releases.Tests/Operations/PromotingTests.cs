using Releases.Testing;
using Xunit;

namespace Releases.Tests.Operations;

/// <summary>The rules that hold whoever promotes: a command, a button or a build.</summary>
public sealed partial class PromotingTests : OperationScenario
{
    /// <summary>Every operation that ends in a promotion.</summary>
    public static TheoryData<string> Promoting { get; } = ["promote", "rollback", "restart", "environment"];

    [Theory]
    [MemberData(nameof(Promoting))]
    public async Task A_locked_app_is_not_promoted_and_nothing_is_made_for_it(string operation)
    {
        await Active();
        await Active();
        await Lock();
        var problem = await Refused(async () => await Run(operation, new()));
        Assert.Equal(ProblemCode.AppLocked, problem.Code);
        Assert.Equal((2, 0), (await Releases(), Driver.Begun.Count));
    }

    [Theory]
    [MemberData(nameof(Promoting))]
    public async Task Another_release_than_the_expected_one_is_not_replaced(string operation)
    {
        var first = await Active();
        await Active();
        var problem = await Refused(async () => await Run(operation, new() { ExpectActive = first.Id }));
        Assert.Equal(ProblemCode.ChooseBase, problem.Code);
        Assert.Equal(2, await Releases());
    }

    [Theory]
    [MemberData(nameof(Promoting))]
    public async Task A_promotion_that_runs_refuses_another_one_at_once(string operation)
    {
        await Active();
        await Active();
        await Running(seenAgo: TimeSpan.Zero);
        var problem = await Refused(async () => await Run(operation, new(), from: "active"));
        Assert.Equal((ProblemCode.Busy, ProblemKind.Busy), (problem.Code, problem.Kind));
        Assert.Equal((3, 0), (await Releases(), Driver.Begun.Count));
    }

    [Theory]
    [MemberData(nameof(Promoting))]
    public async Task While_one_waits_for_approval_the_refusal_says_so_and_how_to_approve_it(string operation)
    {
        await Active();
        var held = await Running(seenAgo: TimeSpan.Zero);
        var promotion = (await Rack.Store.FindPromotion(A.App, held.Promotion, Cancel))!;
        var hold = new PromotionHold { Seconds = 3600, Since = promotion.StartedAt };
        await Rack.Store.SavePromotion(held, promotion with { Status = PromotionStatus.RollingOut, Hold = hold }, Cancel);
        var problem = await Refused(async () => await Run(operation, new(), from: "active"));
        Assert.Equal(ProblemCode.Busy, problem.Code);
        Assert.Contains(" and waiting for approval. Nothing changed.", problem.Text, StringComparison.Ordinal);
        Assert.Contains("approve", problem.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Promoting))]
    public async Task While_one_rolls_back_the_refusal_says_until_when_and_offers_to_end_the_rollback(string operation)
    {
        await Active();
        var held = await Running(seenAgo: TimeSpan.Zero);
        var promotion = (await Rack.Store.FindPromotion(A.App, held.Promotion, Cancel))!;
        var limit = World.GetUtcNow() + TimeSpan.FromSeconds(700);
        await Rack.Store.SavePromotion(
            held, promotion with { Status = PromotionStatus.RollingBack, RollbackDeadline = limit }, Cancel);
        var problem = await Refused(async () => await Run(operation, new(), from: "active"));
        Assert.Equal(ProblemCode.Busy, problem.Code);
        Assert.Contains(
            $" and rolling back until {limit.UtcDateTime:HH:mm} UTC at the latest. Nothing changed.", problem.Text,
            StringComparison.Ordinal);
        Assert.Equal(
            Remedy.Do(Operation.WatchPromotion, "Follow it").Or(Remedy.Pass(OperationOption.WaitLock, "Wait for it", "13m"))
                .Or(Remedy.Do(Operation.CancelPromotion, "If it can't finish, end it", OperationOption.Force)).Steps,
            problem.Remedy!.Steps);
    }

    [Theory]
    [MemberData(nameof(Promoting))]
    public async Task A_promotion_that_was_left_open_is_finished_first(string operation)
    {
        await Active();
        await Active();
        var open = await Running(seenAgo: TimeSpan.FromHours(3));
        Driver.WaitsToBeDriven = true;
        Driver.Ends(PromotionStatus.Failed, "it did not start");
        var started = await Run(operation, new(), from: "active");
        Assert.Equal(PromotionStatus.Failed, (await Rack.Store.FindPromotion(A.App, open.Promotion, Cancel))!.Status);
        Assert.Equal(Assert.Single(Driver.Begun).Id, started.Promotion);
        Assert.Contains($"The promotion of {await Rack.Store.Label(A.App, open.Release)} lost its driver 3 hours ago; finishing it first.", Sentences());
    }

    [Theory]
    [MemberData(nameof(Promoting))]
    public async Task A_button_takes_over_what_was_left_open_and_is_refused_until_that_has_ended(string operation)
    {
        await Active();
        await Active();
        var open = await Running(seenAgo: TimeSpan.FromHours(3));
        var problem = await Refused(async () => await Run(operation, new() { FinishesAbandoned = false }, from: "active"));
        Assert.Equal(ProblemCode.Busy, problem.Code);
        Assert.True(Driver.Nudges > 0);
        Assert.Contains(new OperationNote.PromotionStarted(A.App, open.Promotion), Notes);
        Assert.Empty(Driver.Begun);
    }

    [Fact]
    public async Task A_promotion_that_runs_is_waited_for_as_long_as_is_wanted()
    {
        await Active();
        var running = await Running(seenAgo: TimeSpan.Zero);
        var problem = await Refused(async () => await Run("promote", new() { WaitLock = TimeSpan.FromSeconds(30) }));
        Assert.Equal(ProblemCode.Busy, problem.Code);
        Assert.Single(Sentences(), s => s.StartsWith("Waiting up to 30s for the promotion of v2 (", StringComparison.Ordinal));

        Driver.WaitsToBeDriven = true;
        Driver.Ends(PromotionStatus.Succeeded);
        var started = await Run("promote", new() { WaitLock = TimeSpan.FromSeconds(30) });
        Assert.Equal(started.Promotion, Assert.Single(Driver.Begun).Id);
        Assert.Equal((running.Release, running.Release), (started.Previous, started.Active!.Id));
    }

    [Fact]
    public async Task Without_a_name_the_latest_release_is_promoted_beside_the_active_one()
    {
        var active = await Active();
        var latest = await Rack.Store.Release(cancel: Cancel);
        var started = await Run("promote", new());
        Assert.Equal((latest.Id, active.Id), (started.Release.Id, started.Active!.Id));
        Assert.Contains(new OperationNote.PromotionStarted(A.App, started.Promotion), Notes);
    }

    [Fact]
    public async Task A_release_whose_promotion_is_refused_stays_and_the_problem_says_so()
    {
        await Active();
        var made = await Rack.Store.Release(cancel: Cancel);
        Driver.BeforeItBegins = () => throw new Problem(
            ProblemCode.Daemon, "the daemon doesn't start.", Unchanged: Problem.NothingWasStored).ToException();
        var problem = await Refused(async () => await new StartPromotion(Context).RunNew(await App(), made, null, new(), Cancel));
        Assert.Equal($"{made.Label} was made but not promoted: the daemon doesn't start.", problem.Text);
        Assert.Equal($"Promote it later: dotnet convox promote {made.Id}", problem.Remedy!.ToString());
        Assert.Equal(2, await Releases());
    }

    [Fact]
    public async Task A_changed_environment_whose_promotion_is_refused_leaves_no_release()
    {
        await Active();
        Driver.BeforeItBegins = () => throw new Problem(ProblemCode.Daemon, "the daemon doesn't start.").ToException();
        Assert.Equal("the daemon doesn't start.", (await Refused(async () => await Run("environment", new()))).Message);
        Assert.Equal((1, 0), (await Releases(), Notes.OfType<OperationNote.ReleaseCreated>().Count()));
        Driver.BeforeItBegins = () => { };
        Assert.Equal(2, (await Run("environment", new())).Release.Number);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("web")]
    public async Task A_promotion_that_begins_while_a_rollback_is_prepared_leaves_no_copy(string? service)
    {
        await Active();
        await Rack.Store.Promoted(await Rack.Store.Release(with: Rebuilt, cancel: Cancel), cancel: Cancel);
        var latest = await Rack.Store.Release(cancel: Cancel);
        var begins = true;
        Rack.Interfered = InterferedStore.Of(Rack.Records, (method, _, go) =>
        {
            // The last moment: everything was looked at, and the copy is about to be written.
            if (method.Name == nameof(IReleaseStore.TryAddRelease) && begins)
            {
                begins = false;
                Driver.Begin(new(PromotionId.New(), A.App, latest.Id, A.Person), Cancel).GetAwaiter().GetResult();
            }

            return go();
        });
        var request = new RollBackApp(await App(), null, new()) { Service = service is null ? null : ServiceName.Parse(service) };
        var problem = await Refused(() => new RollBack(Context).Run(request, Cancel));
        Assert.Equal(ProblemCode.Busy, problem.Code);
        Assert.EndsWith("Nothing changed.", problem.Text, StringComparison.Ordinal);
        Assert.Equal((3, latest.Id), (await Releases(), (await App()).Latest));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("web")]
    public async Task A_rollback_that_is_refused_leaves_no_copy(string? service)
    {
        await Active();
        await Rack.Store.Promoted(await Rack.Store.Release(with: Rebuilt, cancel: Cancel), cancel: Cancel);
        Driver.BeforeItBegins = () => throw new Problem(ProblemCode.Daemon, "the daemon doesn't start.").ToException();
        var request = new RollBackApp(await App(), null, new()) { Service = service is null ? null : ServiceName.Parse(service) };
        Assert.Equal("the daemon doesn't start.", (await Refused(() => new RollBack(Context).Run(request, Cancel))).Message);
        Assert.Equal((2, 0), (await Releases(), Notes.OfType<OperationNote.ReleaseCreated>().Count()));
        Driver.BeforeItBegins = () => { };
        Assert.Equal(3, (await new RollBack(Context).Run(request, Cancel)).Release.Number);
    }

    [Fact]
    public async Task Of_two_rollbacks_to_different_releases_at_once_the_one_that_loses_leaves_nothing()
    {
        var (oldest, older) = (await Active(), await Active());
        await Active();
        var once = true;
        Driver.BeforeItBegins = () =>
        {
            // The last moment: both were looked at, and the first copy is about to be written.
            if (!once) return;
            once = false;
            new RollBack(Context).Run(new(App().GetAwaiter().GetResult(), oldest.Id, new()), Cancel).GetAwaiter().GetResult();
        };
        var problem = await Refused(async () => await new RollBack(Context).Run(new(await App(), older.Id, new()), Cancel));
        Assert.Equal(ProblemCode.Busy, problem.Code);
        Assert.Equal((4, 1), (await Releases(), Driver.Begun.Count));
        Assert.Equal(oldest.Id, Assert.Single(Notes.OfType<OperationNote.ReleaseCreated>()).Release.CopyOf);
        Assert.Equal((await App()).Latest, (await Rack.Records.FindLock(A.App, Cancel))!.Release);
    }

    [Fact]
    public async Task A_release_that_is_made_while_a_rollback_is_prepared_comes_before_its_copy()
    {
        var older = await Active();
        await Active();
        var once = true;
        Driver.BeforeItBegins = () =>
        {
            if (once) Rack.Records.Release(cancel: Cancel).GetAwaiter().GetResult();
            once = false;
        };
        var started = await new RollBack(Context).Run(new(await App(), older.Id, new()), Cancel);
        Assert.Equal((4, 4L, started.Promotion), (await Releases(), started.Release.Number, Driver.Promotion));
    }

    [Fact]
    public async Task What_was_chosen_by_the_active_release_replaces_only_that_one()
    {
        await Active();
        var active = await Active();
        foreach (var operation in (string[])["restart", "rollback"])
        {
            await Run(operation, new());
            Assert.Equal(active.Id, Driver.Begun[^1].ExpectActive);
            await Driver.Ends(PromotionStatus.Failed).Step();
        }
    }

    private static Release Rebuilt(Release release)
    {
        var web = new ReleaseService { Artifact = A.Artifact("rebuilt"), Build = BuildId.New() };
        return release with { Services = new Dictionary<ServiceName, ReleaseService> { [A.Web] = web } };
    }

    private IEnumerable<string> Sentences() => Notes.OfType<OperationNote.Sentence>().Select(s => s.Text);

    private async Task<StartedPromotion> Run(string operation, PromoteOptions options, string? from = null)
    {
        var app = await App();
        return operation switch
        {
            "promote" => await new StartPromotion(Context).Run(new(app, null, options), Cancel),
            "rollback" => await new RollBack(Context).Run(new(app, null, options), Cancel),
            "restart" => await new Restart(Context).Run(app, options, Cancel),
            _ => (await new ChangeEnvironment(Context).Run(new(app, new([new("A", "1")], []), from, options), Cancel))!.Promotion!,
        };
    }
}
