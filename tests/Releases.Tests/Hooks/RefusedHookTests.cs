using Releases.Testing;
using Xunit;

namespace Releases.Tests.Hooks;

/// <summary>A receiver that answers 4xx: to one event, to all of them, or because it is gone.</summary>
public sealed class RefusedHookTests : IAsyncLifetime
{
    private HookScenario _here = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _here = await HookScenario.Start();

    public ValueTask DisposeAsync() => _here.DisposeAsync();

    [Theory]
    [InlineData(400)]
    [InlineData(422)]
    public async Task One_event_that_the_receiver_refuses_holds_up_those_behind_it_for_minutes_and_is_never_sent_after_them(int status)
    {
        var added = await _here.Add();
        foreach (var one in (string[])["first", "refused", "third", "fourth"]) await _here.Happens(one);
        _here.Receiver.Response = got => HookScenario.DescriptionOf(got) == "refused" ? status : 204;
        var (began, deliverer) = (_here.Time.GetUtcNow(), _here.Deliverer());
        for (var i = 0; i < HookRetries.MaxRefusals; i++) await NextAttempt(deliverer, added);
        Assert.Equal(TimeSpan.FromSeconds(75), _here.Time.GetUtcNow() - began);
        Assert.Equal(["first", "third", "fourth"], _here.Receiver.Accepted.Select(HookScenario.DescriptionOf));
        Assert.Equal(HookRetries.MaxRefusals, _here.Receiver.Received.Count(r => HookScenario.DescriptionOf(r) == "refused"));
        var given = (await _here.Status(added)).Progress.Deliveries.Single(d => d.Outcome == HookOutcome.GivenUp);
        Assert.Equal((status, $"it answered {status}, and took a later event"), (given.Status, given.Detail));
        Assert.Null((await _here.Status(added)).Progress.NextAttempt);
    }

    [Fact]
    public async Task An_event_that_comes_behind_a_refused_one_waits_five_minutes_at_most_also_behind_many_that_the_hook_does_not_want()
    {
        var added = await _here.Add();
        await _here.Happens("refused");
        _here.Receiver.Response = got => HookScenario.DescriptionOf(got) == "refused" ? 422 : 204;
        var deliverer = _here.Deliverer();
        for (var i = 0; i < 20; i++) await NextAttempt(deliverer, added);
        for (var i = 0; i < 120; i++) await _here.Store.ChangeApp(A.App, a => a, A.Event(EventKind.Scaled), Cancel);
        await _here.Happens("second");
        var last = _here.Time.GetUtcNow();
        await NextAttempt(deliverer, added);
        Assert.Equal(["second"], _here.TakenOnce);
        Assert.Equal(TimeSpan.FromMinutes(5), _here.Time.GetUtcNow() - last);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_receiver_that_refuses_everything_gets_everything_in_order_once_it_takes_it(int status)
    {
        var added = await _here.Add();
        foreach (var one in (string[])["first", "second", "third"]) await _here.Happens(one);
        _here.Receiver.Response = _ => status;
        var deliverer = _here.Deliverer();
        while (_here.Time.GetUtcNow() < A.Moment + TimeSpan.FromHours(20)) await NextAttempt(deliverer, added);
        _here.Receiver.Response = _ => 204;
        for (var i = 0; i < 2; i++) await NextAttempt(deliverer, added);
        Assert.Equal(["first", "second", "third"], _here.Receiver.Accepted.Select(HookScenario.DescriptionOf));
    }

    [Fact]
    public async Task A_refused_event_is_not_given_up_because_the_one_behind_it_needs_no_delivery()
    {
        var added = await AddGitHubBefore(await Committed());
        _here.Receiver.Response = _ => 401;
        var deliverer = _here.Deliverer();
        for (var i = 0; i < HookRetries.MaxRefusals + 2; i++) await NextAttempt(deliverer, added);
        await _here.Store.Promoted(await Committed(), cancel: Cancel);
        await NextAttempt(deliverer, added);
        Assert.Empty(_here.Receiver.Accepted);

        _here.Receiver.Response = got => got.Method == "POST" ? 201 : 200;
        await NextAttempt(deliverer, added);
        Assert.Equal(["failure", "in_progress", "success"], States());
        Assert.DoesNotContain((await _here.Status(added)).Progress.Deliveries, d => d.Outcome == HookOutcome.GivenUp);
    }

    [Fact]
    public async Task A_refused_event_is_given_up_once_one_behind_those_that_need_no_delivery_is_taken()
    {
        var refused = await Committed();
        var added = await AddGitHubBefore(refused);
        await _here.Store.Promoted(await Committed("0be4c77d2a1908f7e6d5c4b3a29180f7e6d5c4b3"), cancel: Cancel);
        _here.Receiver.Response = got =>
            got.Path.Contains(refused.Commit!, StringComparison.Ordinal) ? 400 : got.Method == "POST" ? 201 : 200;
        var deliverer = _here.Deliverer();
        for (var i = 0; i < HookRetries.MaxRefusals; i++) await NextAttempt(deliverer, added);
        Assert.Equal(["in_progress", "success"], States());
        Assert.Equal(
            [HookOutcome.Delivered, HookOutcome.Delivered, HookOutcome.Skipped, HookOutcome.Skipped, HookOutcome.GivenUp],
            (await _here.Status(added)).Progress.Deliveries.Select(d => d.Outcome));
    }

    [Fact]
    public async Task A_receiver_that_is_gone_for_good_gets_nothing_more()
    {
        var added = await _here.Add();
        foreach (var one in (string[])["first", "second"]) await _here.Happens(one);
        _here.Receiver.Response = _ => 410;
        var deliverer = _here.Deliverer();
        for (var i = 0; i < 3; i++)
        {
            await deliverer.Run(added.Hook, Cancel);
            _here.Time.Advance(TimeSpan.FromHours(1));
        }

        Assert.Single(_here.Receiver.Received);
        var progress = (await _here.Status(added)).Progress;
        Assert.Equal((A.Moment, null, HookOutcome.GivenUp), (progress.DisabledAt, progress.NextAttempt, progress.Deliveries[0].Outcome));
    }

    private Task<Release> Committed(string commit = "7329df90c1a5c9f3d3b2f6c4a1e0d9c8b7a69584") =>
        _here.Store.Release(with: r => r with { Commit = commit }, cancel: Cancel);

    /// <summary>Adds a hook while a release is being promoted. Then that fails, and a release without a commit is promoted.</summary>
    private async Task<AddedHook> AddGitHubBefore(Release fails)
    {
        var promotion = A.Promotion(fails);
        var held = await _here.Store.BeginPromotion(
            promotion, "a test", A.Event(EventKind.PromotionStarted, fails.Id, promotion.Id), Cancel);
        var added = await _here.Add(null, $"http://{_here.Receiver.Authority}/acme/shop", HookFormat.GitHub, "ghp_secret");
        await _here.Store.FinishPromotion(
            held, promotion with { Status = PromotionStatus.Failed, EndedAt = A.Moment.AddMinutes(1), Reason = "web exited." },
            A.Event(EventKind.PromotionEnded, fails.Id, promotion.Id), Cancel);
        await _here.Store.Promoted(await _here.Happens("without a commit"), cancel: Cancel);
        _here.Receiver.Body = got => got.Method == "POST" ? "{\"id\": 4711}" : "[]";
        return added;
    }

    private IEnumerable<string> States() => _here.Receiver.Accepted
        .Where(got => got.Path.EndsWith("/statuses", StringComparison.Ordinal)).Select(got => got.Json["state"]!.GetValue<string>());

    /// <summary>Goes to the next attempt, and makes it.</summary>
    private async Task NextAttempt(HookDelivery deliverer, AddedHook added)
    {
        if ((await _here.Status(added)).Progress.NextAttempt is { } next) _here.Time.SetUtcNow(next);
        await deliverer.Run(added.Hook, Cancel);
    }
}
