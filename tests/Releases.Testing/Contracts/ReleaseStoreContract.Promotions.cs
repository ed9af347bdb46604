using Xunit;

namespace Releases.Testing;

public abstract partial class ReleaseStoreContract
{
    [Fact]
    public async Task A_second_promotion_is_told_who_holds_the_app_since_when_and_with_which_release()
    {
        var (release, _, held) = await Begun();
        var problem = await Fails(ProblemCode.Busy,
            () => Store.BeginPromotion(A.Promotion(release), "late", A.Event(EventKind.PromotionStarted), Cancel));

        Assert.Equal(ProblemKind.Busy, problem.Kind);
        Assert.Contains(A.Person, problem.Message, StringComparison.Ordinal);
        Assert.Contains("2026-01-02 03:04:05", problem.Message, StringComparison.Ordinal);
        Assert.Contains(release.Id.ToString(), problem.Message, StringComparison.Ordinal);
        Assert.Equal(held, await Store.FindLock(A.App, Cancel));
        Assert.Single(await Store.ListPromotions(A.App, 10, cancel: Cancel));
        await Fails(ProblemCode.Busy, () => Store.DeleteApp(A.App, A.Event(EventKind.AppDeleted), Cancel));
    }

    [Fact]
    public async Task Of_many_promotions_at_once_exactly_one_begins()
    {
        var release = await Store.Release(cancel: Cancel);
        var began = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                try
                {
                    await Store.BeginPromotion(A.Promotion(release), "one of many", A.Event(EventKind.PromotionStarted), Cancel);
                    return true;
                }
                catch (ProblemException e) when (e.Is(ProblemCode.Busy))
                {
                    return false;
                }
            },
            Cancel)));
        Assert.Single(began, true);
    }

    [Fact]
    public async Task A_driver_that_comes_back_after_a_take_over_is_fenced_off()
    {
        var (_, promotion, old) = await Begun();
        var renewed = await Store.RenewLock(old, A.Moment, Cancel);
        Assert.Equal((old.Beat + 1, A.Moment), (renewed.Beat, renewed.RenewedAt));

        Assert.Null(await Store.TakeOver(old, "too hasty", A.Event(EventKind.PromotionTakenOver), Cancel));
        var taken = await Store.TakeOver(renewed, "successor", A.Event(EventKind.PromotionTakenOver), Cancel);
        Assert.Equal(("successor", old.Token + 1), (taken!.Owner, taken.Token));
        Assert.Null(await Store.TakeOver(renewed, "second", A.Event(EventKind.PromotionTakenOver), Cancel));

        await Fails(ProblemCode.Fenced, () => Store.RenewLock(renewed, A.Moment, Cancel));
        await Fails(ProblemCode.Fenced, () => Store.SavePromotion(renewed, promotion with { Reason = "late" }, Cancel));
        await Fails(ProblemCode.Fenced, () => Store.FinishPromotion(
            renewed, promotion with { Status = PromotionStatus.Succeeded }, A.Event(EventKind.PromotionEnded), Cancel));
        Assert.Null((await Store.FindPromotion(A.App, promotion.Id, Cancel))!.Reason);

        await Store.SavePromotion(taken, promotion with { Reason = "mine" }, Cancel);
        Assert.Equal("mine", (await Store.FindPromotion(A.App, promotion.Id, Cancel))!.Reason);
    }

    [Fact]
    public async Task A_driver_of_an_ended_promotion_is_fenced_off_from_the_next_one()
    {
        var (release, promotion, old) = await Begun();
        await Store.FinishPromotion(old, promotion with { Status = PromotionStatus.Failed }, A.Event(EventKind.PromotionEnded), Cancel);
        await Store.BeginPromotion(A.Promotion(release), "next", A.Event(EventKind.PromotionStarted), Cancel);

        await Fails(ProblemCode.Fenced, () => Store.SavePromotion(old, promotion, Cancel));
        Assert.Null(await Store.TakeOver(old, "late", A.Event(EventKind.PromotionTakenOver), Cancel));
    }

    [Fact]
    public async Task A_success_moves_active_notes_the_outcome_and_frees_the_lock_in_one_write()
    {
        var first = await Store.Release(cancel: Cancel);
        var second = await Store.Release(cancel: Cancel);
        await Store.Promoted(first, cancel: Cancel);
        var promotion = await Store.Promoted(second, cancel: Cancel);

        var app = await Store.FindApp(A.App, Cancel);
        Assert.Equal((second.Id, promotion.Id, first.Id), (app!.Active, app.ActivePromotion, app.PreviousActive));
        Assert.Null(await Store.FindLock(A.App, Cancel));
        Assert.Equal(PromotionStatus.Succeeded, (await Store.FindRelease(A.App, second.Id, Cancel))!.LastOutcome);
        Assert.Equal(EventKind.PromotionEnded, (await Store.ListEvents(A.App, 1, Cancel))[0].Kind);
    }

    [Fact]
    public async Task A_failure_notes_the_outcome_and_leaves_active_where_it_was()
    {
        var first = await Store.Release(cancel: Cancel);
        var second = await Store.Release(cancel: Cancel);
        await Store.Promoted(first, cancel: Cancel);
        await Store.Promoted(second, PromotionStatus.Failed, Cancel);

        Assert.Equal(first.Id, (await Store.FindApp(A.App, Cancel))!.Active);
        Assert.Equal(
            [PromotionStatus.Failed, PromotionStatus.Succeeded],
            (await Store.ListReleases(A.App, 10, cancel: Cancel)).Select(r => r.LastOutcome));
    }

    [Fact]
    public async Task A_wish_to_cancel_reaches_the_driver_with_its_next_beat_and_survives_a_take_over()
    {
        var (_, promotion, held) = await Begun();
        Assert.True(await Store.RequestCancel(A.App, promotion.Id, A.Event(EventKind.PromotionCancelRequested, by: "canceller"), Cancel));
        Assert.False(await Store.RequestCancel(A.App, PromotionId.New(), A.Event(EventKind.PromotionCancelRequested), Cancel));

        var renewed = await Store.RenewLock(held, A.Moment, Cancel);
        Assert.Equal("canceller", renewed.CancelRequestedBy);
        Assert.Equal("canceller",
            (await Store.TakeOver(renewed, "next", A.Event(EventKind.PromotionTakenOver), Cancel))!.CancelRequestedBy);
    }

    [Fact]
    public async Task A_request_to_end_a_rollback_reaches_the_driver_and_survives_a_take_over()
    {
        var (_, promotion, held) = await Begun();
        var first = A.Event(EventKind.PromotionCancelRequested, by: "ender");
        Assert.True(await Store.RequestEndOfRollback(A.App, promotion.Id, first, Cancel));
        Assert.True(await Store.RequestEndOfRollback(A.App, promotion.Id, A.Event(EventKind.PromotionCancelRequested, by: "late"), Cancel));
        Assert.False(await Store.RequestEndOfRollback(A.App, PromotionId.New(), A.Event(EventKind.PromotionCancelRequested), Cancel));

        var renewed = await Store.RenewLock(held, A.Moment, Cancel);
        Assert.True(renewed is { RollbackEndedBy: "ender", CancelRequestedBy: null });
        Assert.Equal("ender", (await Store.TakeOver(renewed, "next", A.Event(EventKind.PromotionTakenOver), Cancel))!.RollbackEndedBy);
    }

    [Fact]
    public async Task An_approval_reaches_the_driver_with_its_event_and_the_first_one_counts()
    {
        var (_, promotion, held) = await Begun();
        var approval = A.Event(EventKind.PromotionApproved, by: "approver");
        Assert.True(await Store.Approve(A.App, promotion.Id, approval, Cancel));
        var late = A.Event(EventKind.PromotionApproved, by: "late") with { At = approval.At.AddMinutes(1) };
        Assert.True(await Store.Approve(A.App, promotion.Id, late, Cancel));
        Assert.False(await Store.Approve(A.App, PromotionId.New(), A.Event(EventKind.PromotionApproved), Cancel));

        var renewed = await Store.RenewLock(held, A.Moment, Cancel);
        Assert.Equal("approver", renewed.ApprovedBy);
        Assert.Equal(2, (await Store.ListEvents(A.App, 10, Cancel)).Count(e => e.Kind == EventKind.PromotionApproved));
    }

    [Fact]
    public async Task An_approval_after_the_wait_has_ended_is_refused_and_one_before_it_stays()
    {
        var (release, promotion, held) = await Begun();
        Assert.True(await Store.EndHold(held, Cancel) is { HoldEnded: true, ApprovedBy: null, Token: 1 });
        Assert.True(await Store.EndHold(held, Cancel) is { HoldEnded: true });
        Assert.False(await Store.Approve(A.App, promotion.Id, A.Event(EventKind.PromotionApproved), Cancel));
        Assert.DoesNotContain(await Store.ListEvents(A.App, 10, Cancel), e => e.Kind == EventKind.PromotionApproved);
        await Store.FinishPromotion(
            held, promotion with { Status = PromotionStatus.Failed, EndedAt = A.Moment }, A.Event(EventKind.PromotionEnded), Cancel);
        await Fails(ProblemCode.Fenced, () => Store.EndHold(held, Cancel));

        var second = A.Promotion(release);
        held = await Store.BeginPromotion(second, "driver", A.Event(EventKind.PromotionStarted), Cancel);
        Assert.True(await Store.Approve(A.App, second.Id, A.Event(EventKind.PromotionApproved, by: "approver"), Cancel));
        Assert.True(await Store.EndHold(held, Cancel) is { HoldEnded: false, ApprovedBy: "approver" });
    }

    [Fact]
    public async Task An_approval_after_a_request_to_cancel_is_refused()
    {
        var (_, promotion, held) = await Begun();
        Assert.True(await Store.RequestCancel(A.App, promotion.Id, A.Event(EventKind.PromotionCancelRequested), Cancel));
        Assert.False(await Store.Approve(A.App, promotion.Id, A.Event(EventKind.PromotionApproved), Cancel));

        Assert.Null((await Store.RenewLock(held, A.Moment, Cancel)).ApprovedBy);
        Assert.DoesNotContain(await Store.ListEvents(A.App, 10, Cancel), e => e.Kind == EventKind.PromotionApproved);
    }

    [Fact]
    public async Task Promotions_are_paged_in_the_order_in_which_they_began()
    {
        var release = await Store.Release(cancel: Cancel);
        var began = new List<PromotionId>();
        for (var i = 0; i < 5; i++) began.Add((await Store.Promoted(release, cancel: Cancel)).Id);
        began.Reverse();

        Assert.Equal(began[..2], (await Store.ListPromotions(A.App, 2, cancel: Cancel)).Select(p => p.Id));
        Assert.Equal(began[2..4], (await Store.ListPromotions(A.App, 2, began[1], Cancel)).Select(p => p.Id));
        Assert.Empty(await Store.ListPromotions(A.App, 2, began[4], Cancel));
    }

    [Fact]
    public async Task Older_promotions_are_kept_as_a_line_each_and_the_newest_as_they_are()
    {
        var release = await Store.Release(cancel: Cancel);
        var began = new List<PromotionId>();
        for (var i = 0; i < 7; i++) began.Add((await Detailed(release, $"reason {i}")).Id);
        foreach (var expected in (int[])[2, 2, 1, 0]) Assert.Equal(expected, await Shorten(2));
        began.Add((await Detailed(release, "reason 7")).Id);
        foreach (var expected in (int[])[1, 0]) Assert.Equal(expected, await Shorten(5));

        var kept = (await Store.ListPromotions(A.App, 10, cancel: Cancel)).Reverse().ToList();
        Assert.Equal(began, kept.Select(p => p.Id));
        Assert.Equal([true, true, true, true, true, true, false, false], kept.Select(p => p.IsShortened));
        Assert.All(kept, p => Assert.Equal((p.IsShortened ? 0 : 1, p.IsShortened), (p.Services.Count, p.Findings.Count == 0)));
        Assert.Equal(
            Enumerable.Range(0, 8).Select(i => (PromotionStatus.Failed, $"reason {i}", (DateTimeOffset?)A.Moment)),
            kept.Select(p => (p.Status, p.Reason!, p.EndedAt)));
        Assert.Equal(kept[0].Id, (await Store.RequirePromotion(A.App, began[0], Cancel)).Id);

        Task<int> Shorten(int most) => Store.ShortenPromotions(A.App, 2, most, Cancel);
    }

    [Fact]
    public async Task Whoever_shortens_at_the_same_time_loses_nothing_and_shortens_nothing_twice()
    {
        var release = await Store.Release(cancel: Cancel);
        for (var i = 0; i < 9; i++) await Detailed(release, $"reason {i}");
        var shortened = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            async () =>
            {
                var all = 0;
                while (await Store.ShortenPromotions(A.App, 2, 2, Cancel) is > 0 and var some) all += some;
                return all;
            },
            Cancel)));
        Assert.Equal(7, shortened.Sum());
        var kept = await Store.ListPromotions(A.App, 10, cancel: Cancel);
        Assert.Equal(Enumerable.Range(0, 9).Reverse().Select(i => (i < 7, $"reason {i}")), kept.Select(p => (p.IsShortened, p.Reason!)));
    }

    [Fact]
    public async Task A_deleted_app_that_is_made_again_begins_its_history_again()
    {
        var release = await Store.Release(cancel: Cancel);
        for (var i = 0; i < 3; i++) await Detailed(release, "before");
        Assert.Equal(2, await Store.ShortenPromotions(A.App, 1, 10, Cancel));
        await Store.DeleteApp(A.App, A.Event(EventKind.AppDeleted), Cancel);
        Assert.Equal(0, await Store.ShortenPromotions(A.App, 1, 10, Cancel));
        await Store.CreateApp(A.App, A.Event(), Cancel);
        var next = await Store.Release(cancel: Cancel);
        for (var i = 0; i < 3; i++) await Detailed(next, "after");
        Assert.True(await Store.ShortenPromotions(A.App, 1, 10, Cancel) > 0);
        Assert.Equal([false, true, true], (await Store.ListPromotions(A.App, 10, cancel: Cancel)).Select(p => p.IsShortened));
    }

    [Fact]
    public async Task However_many_services_fail_and_print_their_promotion_is_saved_and_ends()
    {
        var (_, promotion, held) = await Begun();
        var notes = System.Text.Json.JsonSerializer.SerializeToElement("the engine's notes");
        PromotionService[] services =
        [
            .. Enumerable.Range(1, 40).Select(n => new PromotionService
            {
                Service = ServiceName.Parse($"s{n}"),
                Status = ServiceStatus.Failed,
                Reason = $"s{n} crashed",
                LastLines = [.. Enumerable.Repeat(new string('"', 330), 23), $"the end of s{n}"],
                Engine = notes,
            }),
        ];
        var failing = promotion with { FailedService = services[3].Service, Services = services };
        await Store.SavePromotion(held, failing, Cancel);
        await Store.FinishPromotion(held, failing with { Status = PromotionStatus.Failed }, A.Event(EventKind.PromotionEnded), Cancel);

        var kept = (await Store.FindPromotion(A.App, promotion.Id, Cancel))!;
        Assert.Equal(PromotionStatus.Failed, kept.Status);
        Assert.Equal(services[3].LastLines, kept.Services[3].LastLines);
        Assert.Equal(services.Select(s => (s.Reason, s.LastLines[^1], "the engine's notes")),
            kept.Services.Select(s => (s.Reason, s.LastLines[^1], s.Engine!.Value.GetString()!)));
    }

    private async Task<Promotion> Detailed(Release release, string reason)
    {
        var promotion = A.Promotion(release) with
        {
            Reason = reason,
            Findings = [new("CONVOX0014", "a finding", null)],
            Services = [new() { Service = A.Web, Status = ServiceStatus.Failed, LastLines = ["a line"] }],
        };
        var held = await Store.BeginPromotion(promotion, "driver", A.Event(EventKind.PromotionStarted, release.Id, promotion.Id), Cancel);
        var ended = promotion with { Status = PromotionStatus.Failed, EndedAt = A.Moment };
        await Store.FinishPromotion(held, ended, A.Event(EventKind.PromotionEnded, release.Id, promotion.Id), Cancel);
        return ended;
    }

    private async Task<(Release Release, Promotion Promotion, PromotionLock Held)> Begun()
    {
        var release = await Store.Release(cancel: Cancel);
        var promotion = A.Promotion(release);
        var held = await Store.BeginPromotion(promotion, "driver", A.Event(EventKind.PromotionStarted, release.Id, promotion.Id), Cancel);
        return (release, promotion, held);
    }
}
