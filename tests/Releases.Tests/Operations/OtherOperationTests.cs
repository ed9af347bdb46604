using Releases.Testing;
using Xunit;

namespace Releases.Tests.Operations;

/// <summary>Operations that begin no promotion, and what refuses a rollback or a restart.</summary>
public sealed class OtherOperationTests : OperationScenario
{
    [Fact]
    public async Task There_is_nothing_to_roll_back_restart_cancel_or_take_over_in_a_new_app()
    {
        var app = await Rack.Store.App(cancel: Cancel);
        foreach (var operation in (Func<Task>[])[
            () => new RollBack(Context).Run(new(app, null, new()), Cancel), () => new Restart(Context).Run(app, new(), Cancel),
            () => new CancelPromotion(Context).Run(app.Name, null, Cancel), () => new ApprovePromotion(Context).Run(app.Name, null, Cancel),
            () => new TakeOverPromotion(Context).Run(app, Cancel),
            () => new StartPromotion(Context).Run(new(app, null, new()), Cancel)])
            Assert.Equal(ProblemCode.Nothing, (await Refused(operation)).Code);
        Assert.Equal([EventKind.AppCreated], await Events());
    }

    [Fact]
    public async Task An_incomplete_release_is_not_gone_back_to()
    {
        var incomplete = await Rack.Store.Release(with: r =>
            r with { Services = new Dictionary<ServiceName, ReleaseService> { [A.Web] = new() } }, cancel: Cancel);
        await Active();
        var problem = await Refused(async () => await new RollBack(Context).Run(new(await App(), incomplete.Id, new()), Cancel));
        Assert.Equal((ProblemCode.Incomplete, 2), (problem.Code, await Releases()));
    }

    [Fact]
    public async Task Cancelling_is_recorded_and_heard()
    {
        await Active();
        var held = await Running(seenAgo: TimeSpan.Zero);
        var cancelled = await new CancelPromotion(Context).Run(A.App, null, Cancel);
        Assert.Equal((held.Promotion, true), (cancelled.Lock.Promotion, cancelled.Requested));
        Assert.Equal(A.Person, (await Rack.Store.FindLock(A.App, Cancel))!.CancelRequestedBy);
        Assert.Equal(1, Driver.Nudges);
        Assert.Contains(EventKind.PromotionCancelRequested, await Events());
    }

    [Fact]
    public async Task A_promotion_that_has_ended_is_neither_cancelled_nor_approved_in_place_of_the_one_that_is_running()
    {
        await Active();
        var held = await Running(seenAgo: TimeSpan.Zero);
        await Rack.Store.SavePromotion(held, (await Rack.Store.FindPromotion(A.App, held.Promotion, Cancel))! with
        {
            Status = PromotionStatus.RollingOut,
            Hold = new() { Seconds = 3600, Since = A.Moment },
        }, Cancel);
        var ended = PromotionId.New();
        Assert.Equal(
            $"the promotion ({ended}) has ended, so there is nothing to cancel.",
            (await Refused(() => new CancelPromotion(Context).Run(A.App, ended, Cancel))).Message);
        Assert.Equal(
            $"the promotion ({ended}) has ended, so there is nothing to approve.",
            (await Refused(() => new ApprovePromotion(Context).Run(A.App, ended, Cancel))).Message);
        Assert.True(await Rack.Store.FindLock(A.App, Cancel) is { ApprovedBy: null, CancelRequestedBy: null });
        Assert.Equal(held.Promotion, (await new ApprovePromotion(Context).Run(A.App, held.Promotion, Cancel)).Promotion);
    }

    [Fact]
    public async Task Only_a_rollback_that_is_running_can_be_ended()
    {
        await Active();
        var held = await Running(seenAgo: TimeSpan.Zero);
        var cancel = new CancelPromotion(Context);
        Assert.Contains("isn't being rolled back, so there is no rollback to end.", (await Refused(() => cancel.EndRollback(A.App, null, Cancel))).Message,
            StringComparison.Ordinal);
        Assert.Null((await Rack.Store.FindLock(A.App, Cancel))!.RollbackEndedBy);

        await Rack.Store.SavePromotion(
            held, (await Rack.Store.FindPromotion(A.App, held.Promotion, Cancel))! with { Status = PromotionStatus.RollingBack }, Cancel);
        Assert.Contains("has ended, so there is no rollback to end.",
            (await Refused(() => cancel.EndRollback(A.App, PromotionId.New(), Cancel))).Message, StringComparison.Ordinal);
        Assert.True((await cancel.EndRollback(A.App, held.Promotion, Cancel)).Requested);
        Assert.True(await Rack.Store.FindLock(A.App, Cancel) is { RollbackEndedBy: A.Person, CancelRequestedBy: null });
        Assert.Equal(1, Driver.Nudges);
        var what = (await Rack.Store.ListEvents(A.App, 1, Cancel))[0];
        Assert.Equal((EventKind.PromotionCancelRequested, "its rollback ends unfinished"), (what.Kind, what.Detail));
    }

    [Theory]
    [InlineData("cancellation")]
    [InlineData("approval")]
    [InlineData("end of the rollback")]
    public async Task A_request_that_was_stored_counts_although_the_driver_cannot_be_reached(string what)
    {
        await Active();
        var held = await Running(seenAgo: TimeSpan.Zero);
        await Rack.Store.SavePromotion(held, (await Rack.Store.FindPromotion(A.App, held.Promotion, Cancel))! with
        {
            Status = what == "end of the rollback" ? PromotionStatus.RollingBack : PromotionStatus.RollingOut,
            Hold = new() { Seconds = 3600, Since = A.Moment },
        }, Cancel);
        Driver.Unreachable = new(ProblemCode.Daemon, "the rack's daemon doesn't answer.");

        var lost = await Refused(async () => _ = what switch
        {
            "approval" => (object)await new ApprovePromotion(Context).Run(A.App, null, Cancel),
            "cancellation" => await new CancelPromotion(Context).Run(A.App, null, Cancel),
            _ => await new CancelPromotion(Context).EndRollback(A.App, null, Cancel),
        });

        Assert.Equal((ProblemCode.NotFollowed, ProblemKind.NeedsPerson), (lost.Code, lost.Kind));
        Assert.Equal(
            $"the {what} of the promotion ({held.Promotion}) is recorded, but its driver can't be reached: "
                + "the rack's daemon doesn't answer. It takes effect as soon as the driver reads it.",
            lost.Message);
        Assert.Equal(Remedy.Do(Operation.WatchPromotion, "Follow it").Steps, lost.Remedy!.Steps);
        var stored = (await Rack.Store.FindLock(A.App, Cancel))!;
        Assert.Equal(A.Person, stored.CancelRequestedBy ?? stored.ApprovedBy ?? stored.RollbackEndedBy);
    }

    [Fact]
    public async Task An_approval_is_recorded_with_its_author_and_heard()
    {
        await Active();
        var held = await Running(seenAgo: TimeSpan.Zero);
        var approve = new ApprovePromotion(Context);
        await Hold(null);
        Assert.Contains("wasn't started with a hold", (await Refused(() => approve.Run(A.App, null, Cancel))).Message, StringComparison.Ordinal);
        await Hold(new() { Seconds = 60 });
        Assert.Contains("isn't ready for approval yet", (await Refused(() => approve.Run(A.App, null, Cancel))).Message,
            StringComparison.Ordinal);
        await Hold(new() { Seconds = 600, Since = A.Moment });
        Assert.EndsWith(" ended 5 minutes ago, so it will be rolled back.", (await Refused(() => approve.Run(A.App, null, Cancel))).Message,
            StringComparison.Ordinal);
        Assert.Equal(1, Driver.Nudges);
        Assert.Null((await Rack.Store.FindLock(A.App, Cancel))!.ApprovedBy);
        // A daemon that has driven it since before ends the wait by the time that passes, whatever the clock says.
        Rack.RunBy = new() { State = FakeDaemon.Running(ToolVersion.Text) };
        Assert.Equal(held.Promotion, (await approve.Run(A.App, null, Cancel)).Promotion);
        Assert.Equal(A.Person, (await Rack.Store.FindLock(A.App, Cancel))!.ApprovedBy);
        Assert.Equal(2, Driver.Nudges);
        // Whoever approves it once more makes sure that somebody drives it.
        Assert.Contains($"was already approved by {A.Person}", (await Refused(() => approve.Run(A.App, null, Cancel))).Message,
            StringComparison.Ordinal);
        Assert.Equal(3, Driver.Nudges);
        var what = (await Rack.Store.ListEvents(A.App, 1, Cancel))[0];
        Assert.Equal((EventKind.PromotionApproved, A.Person, held.Promotion, 2), (what.Kind, what.By, what.Promotion, what.Format));
        await Hold(new() { Seconds = 3600, Since = A.Moment, ApprovedBy = "another@box", ApprovedAt = A.Moment });
        Assert.Contains("was already approved by another@box", (await Refused(() => approve.Run(A.App, null, Cancel))).Message,
            StringComparison.Ordinal);
        await Hold(new() { Seconds = 3600, Since = A.Moment });
        await Rack.Store.RequestCancel(A.App, held.Promotion, A.Event(EventKind.PromotionCancelRequested, by: "ender@box"), Cancel);
        Assert.StartsWith("ender@box is cancelling the promotion of ", (await Refused(() => approve.Run(A.App, null, Cancel))).Message,
            StringComparison.Ordinal);

        async Task Hold(PromotionHold? hold) => await Rack.Store.SavePromotion(
            held, (await Rack.Store.FindPromotion(A.App, held.Promotion, Cancel))! with
            { Status = PromotionStatus.RollingOut, Hold = hold }, Cancel);
    }

    [Fact]
    public async Task A_lock_needs_a_reason_and_gives_the_one_that_it_replaces()
    {
        await Rack.Store.App(cancel: Cancel);
        var locking = new LockApp(Context);
        Assert.Equal(ProblemKind.Usage, (await Refused(async () => await locking.Lock(await App(), " \n", Cancel))).Kind);
        Assert.Null(await locking.Unlock(await App(), Cancel));
        Assert.Null(await locking.Lock(await App(), "one\n", Cancel));
        Assert.Equal("one", (await locking.Lock(await App(), "two", Cancel))!.Reason);
        Assert.Equal("two", (await locking.Unlock(await App(), Cancel))!.Reason);
        Assert.Equal([EventKind.AppUnlocked, EventKind.AppLocked, EventKind.AppLocked, EventKind.AppCreated], await Events());
    }

    [Fact]
    public async Task An_app_is_not_deleted_while_services_would_run_on_without_its_records()
    {
        await Active();
        Rack.Outlives.Add("hello-web");
        var delete = new DeleteApp(Context);
        Assert.Equal(ProblemCode.InUse, (await Refused(async () => await delete.Prepare(A.App, keepRunning: false, Cancel))).Code);
        await delete.Run(await delete.Prepare(A.App, keepRunning: true, Cancel), Cancel);
        Assert.NotNull((await Rack.Store.FindApp(A.App, Cancel))!.DeletedAt);
    }

    [Fact]
    public async Task An_app_is_not_deleted_while_it_is_promoted()
    {
        await Active();
        await Running(seenAgo: TimeSpan.Zero);
        var delete = new DeleteApp(Context);
        var deletion = await delete.Prepare(A.App, keepRunning: false, Cancel);
        Assert.Equal(ProblemCode.Busy, (await Refused(() => delete.Run(deletion, Cancel))).Code);
        Assert.Null((await App()).DeletedAt);
    }

    [Fact]
    public async Task What_was_done_before_a_deletion_is_taken_back_if_the_app_is_promoted_meanwhile()
    {
        await Active();
        var delete = new DeleteApp(Context);
        var deletion = await delete.Prepare(A.App, keepRunning: false, Cancel);
        Rack.Deletes = () => Running(seenAgo: TimeSpan.Zero);
        Assert.Equal(ProblemCode.Busy, (await Refused(() => delete.Run(deletion, Cancel))).Code);
        Assert.Equal([A.App], Rack.NotDeleted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_done_before_a_deletion_is_taken_back_if_it_is_interrupted(bool isDone)
    {
        await Active();
        var delete = new DeleteApp(Context);
        var deletion = await delete.Prepare(A.App, keepRunning: false, Cancel);
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Rack.Deletes = async () =>
        {
            await interrupt.CancelAsync();
            if (!isDone) interrupt.Token.ThrowIfCancellationRequested();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delete.Run(deletion, interrupt.Token));
        Assert.Equal([A.App], Rack.NotDeleted);
        Assert.Null((await App()).DeletedAt);
    }

    [Fact]
    public async Task A_preview_mentions_a_promotion_that_would_be_finished_first()
    {
        await Active();
        await Running(seenAgo: TimeSpan.FromHours(3));
        var preview = await new PreviewPromotion(Context).Run(new(await App(), null, new()), Cancel);
        Assert.DoesNotContain(preview.Problems, p => p.Code == ProblemCode.Busy);
        Assert.Matches(
            @"^note: the promotion of v2 \(R\w+\) lost its driver 3 hours ago; it is finished first\.$",
            Assert.Single(Notes.OfType<OperationNote.Sentence>()).Text);
        Driver.Held = await Rack.Store.RenewLock(Driver.Held!, A.Moment, Cancel);
        Rack.RunBy = new() { State = FakeDaemon.Running(ToolVersion.Text) };
        preview = await new PreviewPromotion(Context).Run(new(await App(), null, new()), Cancel);
        Assert.Contains(preview.Problems, p => p.Code == ProblemCode.Busy);
    }

    [Fact]
    public async Task A_preview_has_the_steps_and_the_limit_of_the_rack()
    {
        await Active();
        await Rack.Store.Release(cancel: Cancel);
        Rack.Plans = new(new Dictionary<ServiceName, PlannedRollout>(), RolloutPlan.ShiftedByRack(TimeSpan.FromMinutes(7)));
        var options = new PromoteOptions { HoldFor = TimeSpan.FromHours(1) };
        var preview = await new PreviewPromotion(Context).Run(new(await App(), null, options), Cancel);
        Assert.Equal([0, 100], preview.Plan.Steps.Select(s => s.Percent));
        Assert.Equal(preview.Timeout + TimeSpan.FromMinutes(67), preview.Limit);
    }

    [Fact]
    public async Task A_preview_changes_nothing_and_has_everything_that_would_refuse_the_promotion()
    {
        var active = await Active();
        await Running(seenAgo: TimeSpan.Zero);
        var before = await Events();
        var latest = await Rack.Store.Release(cancel: Cancel);
        Rack.CannotRollOut = rollout => rollout.Terms.Holds ? [new(ProblemCode.NotSupported, "web can't be held.")] : [];
        var options = new PromoteOptions { ExpectActive = latest.Id, HoldFor = TimeSpan.FromHours(1) };
        var preview = await new PreviewPromotion(Context).Run(new(await App(), null, options), Cancel);
        Assert.Equal((active.Id, latest.Id), (preview.Active!.Id, preview.Release.Id));
        Assert.Superset(
            new HashSet<string> { ProblemCode.Busy, ProblemCode.ChooseBase, ProblemCode.NotSupported }, preview.Problems.Select(p => p.Code).ToHashSet());
        Assert.Equal([EventKind.ReleaseCreated, .. before], await Events());
        Assert.Empty(Driver.Begun);
    }
}
