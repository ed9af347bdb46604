using Releases.Testing;
using Xunit;

namespace Releases.Tests.Hooks;

/// <summary>Every event of an app arrives at least once and in order, whatever the receiver and the deliverers do.</summary>
public sealed class HookDeliveryTests : IAsyncLifetime
{
    private HookScenario _here = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _here = await HookScenario.Start();

    public ValueTask DisposeAsync() => _here.DisposeAsync();

    [Fact]
    public async Task What_happened_before_a_hook_was_added_is_not_delivered_and_what_comes_after_is_once_and_in_order()
    {
        await _here.Happens("before");
        var added = await _here.Add();
        for (var i = 0; i < 120; i++) await _here.Happens($"{i}");

        await _here.Deliverer().Run(added.Hook, Cancel);
        await _here.Deliverer().Run(added.Hook, Cancel);

        Assert.Equal(Enumerable.Range(0, 120).Select(i => $"{i}"), _here.Receiver.Accepted.Select(HookScenario.DescriptionOf));
        Assert.Equal(120, _here.Receiver.Received.DistinctBy(r => r.Id).Count());
        Assert.Equal(10, (await _here.Status(added)).Progress.Deliveries.Count);
    }

    [Fact]
    public async Task A_hook_of_a_deleted_app_is_none_of_a_new_app_of_that_name()
    {
        await _here.Add();
        await _here.Store.DeleteApp(A.App, A.Event(EventKind.AppDeleted), Cancel);
        await _here.Store.CreateApp(A.App, A.Event() with { At = A.Moment.AddMinutes(1) }, Cancel);
        var hooks = new ManageHooks(_here.Operations);
        Assert.Empty(await hooks.List(A.App, Cancel));

        // By a machine whose clock is behind that of the one that created the app.
        var added = await _here.Add();
        Assert.Equal([added.Hook.Id], (await hooks.List(A.App, Cancel)).Select(h => h.Hook.Id));
    }

    [Fact]
    public async Task A_hook_gets_only_the_events_that_it_chose()
    {
        var ends = await _here.Add("promotionEnded");
        var release = await _here.Happens("chosen by nobody");
        await _here.Store.Promoted(release, cancel: Cancel);
        await _here.Deliverer().Run(ends.Hook, Cancel);
        Assert.Equal(["promotionEnded"], _here.Receiver.Accepted.Select(t => t.Kind));

        var others = await _here.Add("apps");
        await _here.Happens("chosen by nobody, again");
        await _here.Deliverer().Run(others.Hook, Cancel);
        Assert.Single(_here.Receiver.Accepted);
        // It has passed the events that it didn't choose, too.
        Assert.Equal(await _here.Store.LastPosition(A.App, Cancel), (await _here.Status(others)).Progress.Position);
    }

    [Fact]
    public async Task A_rack_without_hooks_is_asked_for_them_less_often()
    {
        await using var deliveries = new HookDeliveries(_here.Store, _here.Deliverer(), _ => { }, _here.Time);
        var (interval, withoutHooks) = (TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));
        var duty = deliveries.Duty(interval, withoutHooks);
        Assert.Equal(withoutHooks, await duty.Run(Cancel));
        await _here.Add();
        Assert.Equal(interval, await duty.Run(Cancel));
    }

    [Fact]
    public async Task A_receiver_that_is_down_gets_everything_in_order_once_it_is_back_and_is_asked_less_and_less_often()
    {
        var added = await _here.Add();
        foreach (var one in (string[])["first", "second", "third"]) await _here.Happens(one);
        await _here.Receiver.Stop();
        var (deliverer, pauses) = (_here.Deliverer(), new List<TimeSpan>());
        for (var i = 0; i < 12; i++)
        {
            await deliverer.Run(added.Hook, Cancel);
            var next = (await _here.Status(added)).Progress.NextAttempt!.Value;
            pauses.Add(next - _here.Time.GetUtcNow());
            // A moment too early nothing is tried.
            _here.Time.SetUtcNow(next - TimeSpan.FromMilliseconds(1));
            await deliverer.Run(added.Hook, Cancel);
            Assert.Equal(i + 1, (await _here.Status(added)).Progress.Attempts);
            _here.Time.SetUtcNow(next);
        }

        Assert.Equal([5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600], pauses.Select(p => p.TotalSeconds));
        Assert.Equal((HookOutcome.Retrying, 12), await _here.Status(added) is { Last: { } last } ? (last.Outcome, last.Attempt) : default);

        await _here.Receiver.Start();
        await deliverer.Run(added.Hook, Cancel);
        Assert.Equal(["first", "second", "third"], _here.Receiver.Accepted.Select(HookScenario.DescriptionOf));
        Assert.Equal((0, null), await _here.Status(added) is { Progress: var now } ? (now.Attempts, now.NextAttempt) : default);
    }

    [Theory]
    [InlineData(500, "it answered 500")]
    [InlineData(404, "it answered 404")]
    [InlineData(302, "it answered 302, and redirects aren't followed")]
    [InlineData(null, "no answer within 10s")]
    public async Task An_answer_that_is_none_or_not_2xx_is_a_failure(int? status, string detail)
    {
        _here.Receiver.Response = _ => status;
        _here.Receiver.Headers["Location"] = _here.Receiver.Address;
        var added = await _here.Add();
        await _here.Happens("one");

        var delivering = _here.Deliverer().Run(added.Hook, Cancel);
        await _here.Receiver.Until(r => r.Count > 0);
        if (status is null) _here.Time.Advance(HookHttp.Limit);
        await delivering;

        var last = (await _here.Status(added)).Last!;
        Assert.Equal((HookOutcome.Retrying, status, detail), (last.Outcome, last.Status, last.Detail));
        Assert.Single(_here.Receiver.Received);
    }

    [Fact]
    public async Task A_receiver_says_when_it_wants_to_be_asked_again()
    {
        _here.Receiver.Response = _ => 503;
        _here.Receiver.Headers["Retry-After"] = "120";
        var added = await _here.Add();
        await _here.Happens("one");
        await _here.Deliverer().Run(added.Hook, Cancel);
        Assert.Equal(_here.Time.GetUtcNow().AddSeconds(120), (await _here.Status(added)).Progress.NextAttempt);

        _here.Time.Advance(TimeSpan.FromSeconds(120));
        _here.Receiver.Headers["Retry-After"] = "86400";
        await _here.Deliverer().Run(added.Hook, Cancel);
        Assert.Equal(_here.Time.GetUtcNow().AddHours(1), (await _here.Status(added)).Progress.NextAttempt);
    }

    [Fact]
    public async Task After_a_day_an_event_is_given_up_with_those_of_its_age_and_younger_ones_keep_their_day()
    {
        var added = await _here.Add("releases,apps");
        await _here.Happens("old");
        await _here.Happens("as old");
        _here.Receiver.Response = _ => 500;
        await _here.Deliverer().Run(added.Hook, Cancel);
        _here.Time.Advance(TimeSpan.FromHours(23));
        await _here.Store.ChangeApp(A.App, a => a, A.Event(EventKind.Scaled) with { At = _here.Time.GetUtcNow() }, Cancel);
        await _here.Deliverer().Run(added.Hook, Cancel);
        Assert.Equal(HookOutcome.Retrying, (await _here.Status(added)).Last!.Outcome);

        _here.Time.Advance(TimeSpan.FromHours(1));
        await _here.Deliverer().Run(added.Hook, Cancel);
        Assert.Equal(HookOutcome.GivenUp, (await _here.Status(added)).Last!.Outcome);

        _here.Receiver.Response = _ => 204;
        _here.Time.Advance(TimeSpan.FromHours(1));
        await _here.Deliverer().Run(added.Hook, Cancel);
        Assert.Equal(["scaled"], _here.Receiver.Accepted.Select(t => t.Kind));
    }

    [Fact]
    public async Task What_waited_for_days_because_nobody_delivered_is_tried_for_a_day_too()
    {
        var added = await _here.Add();
        await _here.Happens("on Friday");
        await _here.Happens("on Friday, too");
        _here.Time.Advance(TimeSpan.FromDays(3));
        _here.Receiver.Response = _ => 500;
        await _here.Deliverer().Run(added.Hook, Cancel);
        _here.Time.Advance(TimeSpan.FromHours(23));
        await _here.Deliverer().Run(added.Hook, Cancel);
        Assert.Equal(HookOutcome.Retrying, (await _here.Status(added)).Last!.Outcome);

        _here.Receiver.Response = _ => 204;
        _here.Time.Advance(TimeSpan.FromMinutes(59));
        await _here.Deliverer().Run(added.Hook, Cancel);
        Assert.Equal(["on Friday", "on Friday, too"], _here.Receiver.Accepted.Select(HookScenario.DescriptionOf));
        Assert.Null((await _here.Status(added)).Progress.FailingSince);
    }

    [Fact]
    public async Task Progress_that_was_lost_delivers_everything_since_the_hook_again_under_the_same_ids()
    {
        var added = await _here.Add();
        foreach (var one in (string[])["first", "second"]) await _here.Happens(one);
        await _here.Deliverer().Run(added.Hook, Cancel);
        _here.Store.LoseProgress(A.App, added.Hook.Id);

        await _here.Deliverer().Run(added.Hook, Cancel);

        Assert.Equal(["first", "second", "first", "second"], _here.Receiver.Accepted.Select(HookScenario.DescriptionOf));
        Assert.Equal(["first", "second"], _here.TakenOnce);
    }

    [Fact]
    public async Task While_one_delivers_another_does_not_and_takes_over_once_that_one_has_died()
    {
        var added = await _here.Add();
        foreach (var one in (string[])["first", "second"]) await _here.Happens(one);
        _here.Receiver.Response = _ => null;
        using var killed = new CancellationTokenSource();
        var dying = _here.Deliverer(new DyingHooks(_here.Store)).Run(added.Hook, killed.Token);
        await _here.Receiver.Until(r => r.Count == 1);

        _here.Receiver.Response = _ => 204;
        await _here.Deliverer().Run(added.Hook, Cancel);
        Assert.Single(_here.Receiver.Received);

        await killed.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => dying);
        await _here.Deliverer().Run(added.Hook, Cancel);
        Assert.Single(_here.Receiver.Received);
        _here.Time.Advance(TimeSpan.FromMinutes(1));
        await _here.Deliverer().Run(added.Hook, Cancel);
        Assert.Equal(["first", "second"], _here.TakenOnce);
    }

    [Fact]
    public async Task A_deliverer_that_stops_gracefully_leaves_the_rest_to_the_next_at_once()
    {
        var added = await _here.Add();
        await _here.Happens("first");
        _here.Receiver.Response = _ => null;
        using var stopped = new CancellationTokenSource();
        var stopping = _here.Deliverer().Run(added.Hook, stopped.Token);
        await _here.Receiver.Until(r => r.Count == 1);
        await stopped.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopping);

        _here.Receiver.Response = _ => 204;
        await _here.Deliverer().Run(added.Hook, Cancel);
        Assert.Equal(["first"], _here.TakenOnce);
    }

    [Fact]
    public async Task A_hook_that_is_removed_during_a_delivery_gets_nothing_more()
    {
        var added = await _here.Add();
        foreach (var one in (string[])["first", "second"]) await _here.Happens(one);
        _here.Receiver.Response = _ =>
        {
            _here.Store.RemoveHook(A.App, added.Hook.Id, null).Wait();
            return 204;
        };
        await _here.Deliverer().Run(added.Hook, Cancel);
        Assert.Single(_here.Receiver.Received);
        Assert.Empty(await _here.Store.ListHooks(cancel: Cancel));
    }

    [Fact]
    public async Task The_deletion_of_an_app_is_the_last_thing_its_hooks_hear()
    {
        var added = await _here.Add("releases");
        await _here.Happens("last");
        await _here.Store.DeleteApp(A.App, A.Event(EventKind.AppDeleted), Cancel);
        await _here.Store.CreateApp(A.App, A.Event(), Cancel);
        await _here.Happens("of the next app of that name");
        await _here.Deliverer().Run(added.Hook, Cancel);
        Assert.Equal(["releaseCreated", "appDeleted"], _here.Receiver.Accepted.Select(t => t.Kind));
        Assert.Empty(await _here.Store.ListHooks(cancel: Cancel));
    }

    /// <summary>From the moment a send was cancelled on, this process writes nothing: it is dead.</summary>
    private sealed class DyingHooks(IHookStore hooks) : IHookStore
    {
        private int _reads;

        public Task<IReadOnlyList<Hook>> ListHooks(
            Action<ProblemException>? unreadable = null, CancellationToken cancel = default) => hooks.ListHooks(unreadable, cancel);

        public Task AddHook(Hook hook, Event what, CancellationToken cancel = default) => hooks.AddHook(hook, what, cancel);

        public Task<bool> RemoveHook(AppName app, HookId hook, Event? what, CancellationToken cancel = default) =>
            hooks.RemoveHook(app, hook, what, cancel);

        public Task<HookProgress?> FindProgress(AppName app, HookId hook, CancellationToken cancel = default) =>
            ++_reads > 1 ? throw new InvalidOperationException("It was killed.") : hooks.FindProgress(app, hook, cancel);

        public Task<bool> TrySaveProgress(HookProgress progress, CancellationToken cancel = default) =>
            hooks.TrySaveProgress(progress, cancel);

        public Task<IReadOnlyList<LoggedEvent>> EventsAfter(AppName app, string? position, int limit, CancellationToken cancel = default) =>
            hooks.EventsAfter(app, position, limit, cancel);

        public Task<string?> LastPosition(AppName app, CancellationToken cancel = default) => hooks.LastPosition(app, cancel);
    }
}
