using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Xunit;

namespace Releases.Tests.Duties;

/// <summary>What a long-running process does again and again.</summary>
public sealed class PeriodicDutiesTests : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly SeenTime _time = new();
    private readonly Channel<int> _runs = Channel.CreateUnbounded<int>();
    private readonly SharedList<string> _reports = [];
    private readonly SharedList<AppName> _promoted = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private int _count;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Patience.Limit, Cancel);
        _stop.Dispose();
    }

    [Fact]
    public async Task A_duty_runs_at_once_and_again_when_its_pause_is_over()
    {
        Run(new PeriodicDuty("Counting", Count));
        await Next(1);
        await _time.Waited(Pause);
        _time.Advance(Pause - TimeSpan.FromSeconds(1));
        Assert.False(_runs.Reader.TryRead(out _));
        _time.Advance(TimeSpan.FromSeconds(1));
        await Next(2);
    }

    [Fact]
    public async Task What_is_due_after_promotions_does_not_wait_for_its_time_and_other_duties_do()
    {
        var duties = Run(new PeriodicDuty("Waiting", _ => Task.FromResult(Pause)),
            new PeriodicDuty("Counting", Count) { PromotionEnded = _promoted.Add });
        await Next(1);
        duties.PromotionEnded(A.App);
        await Next(2);
        duties.PromotionEnded(AppName.Parse("other"));
        await Next(3);
        Assert.Equal(["hello", "other"], _promoted.Select(a => a.ToString()));
    }

    [Fact]
    public async Task A_promotion_that_ends_during_a_run_makes_it_due_once_more()
    {
        var goOn = new TaskCompletionSource();
        var duties = Run(new PeriodicDuty("Counting", async cancel =>
        {
            var pause = await Count(cancel);
            if (_count == 1) await goOn.Task.WaitAsync(cancel);
            return pause;
        })
        { PromotionEnded = _promoted.Add });
        await Next(1);
        duties.PromotionEnded(A.App);
        goOn.SetResult();
        await Next(2);
    }

    [Fact]
    public async Task A_failure_is_reported_once_however_often_it_is_tried_and_once_when_it_is_over()
    {
        Run(new PeriodicDuty("Failing", async cancel =>
        {
            await Count(cancel);
            return _count < 4 ? throw Problem.Unavailable(ProblemCode.Unreachable, "DynamoDB can't be reached.").ToException() : Pause;
        }));
        foreach (var seconds in (int[])[5, 10, 20])
        {
            await _time.Waited(TimeSpan.FromSeconds(seconds));
            _time.Advance(TimeSpan.FromSeconds(seconds));
        }

        await _time.Waited(Pause);
        Assert.Equal(["Failing failed: DynamoDB can't be reached. Retrying.", "Failing works again after 35s."], _reports);
    }

    [Fact]
    public void One_outage_is_reported_once_however_many_duties_it_concerns_and_however_its_text_changes()
    {
        var (failures, tries) = (new OngoingFailures(_reports.Add, _time), 0);
        for (var i = 0; i < 3; i++)
            foreach (var duty in (string[])["Looking", "Delivering", "Beating"])
                failures.Failed(duty, new Problem(
                    i % 2 == 0 ? ProblemCode.Unavailable : ProblemCode.Unreachable,
                    $"DynamoDB throttles {duty} (tried {++tries} times).", "", ProblemKind.Unavailable).ToException());
        failures.Failed("Looking", new Problem(ProblemCode.NotSupported, "DynamoDB denied Query.", "").ToException());
        failures.Failed(
            "Looking",
            new Problem(ProblemCode.Unavailable, "DynamoDB throttles Query.", "", ProblemKind.Unavailable).ToException());
        _time.Advance(TimeSpan.FromMinutes(2));
        failures.Succeeded("Looking");
        failures.Succeeded("Beating");
        Assert.Equal(
            [
                "Looking failed: DynamoDB throttles Looking (tried 1 times). Retrying.",
                "Looking failed: DynamoDB denied Query. Retrying.",
            ],
            _reports);
        failures.Succeeded("Delivering");
        failures.Succeeded("Delivering");
        Assert.Equal("Looking works again after 2m.", Assert.Single(_reports.Skip(2)));
    }

    [Fact]
    public async Task It_stops_while_a_duty_runs()
    {
        Run(new PeriodicDuty("Hanging", async cancel =>
        {
            await Count(cancel);
            await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
            return Pause;
        }));
        await Next(1);
        await _stop.CancelAsync();
        await _running.WaitAsync(Patience.Limit, Cancel);
        Assert.Empty(_reports);
    }

    [Fact]
    public async Task A_pause_that_has_passed_already_is_none()
    {
        Run(new PeriodicDuty("Counting", async cancel => await Count(cancel) - Pause - TimeSpan.FromSeconds(_count == 1 ? 1 : -10)));
        await Next(1);
        await Next(2);
        Assert.Empty(_reports);
    }

    [Fact]
    public async Task A_duty_that_ends_by_an_error_of_its_own_is_reported_while_the_others_continue()
    {
        var running = new PeriodicDuties(
            [
                new("Failing", _ => throw new InvalidOperationException("It failed.")),
                new("Waiting", async cancel =>
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, cancel);
                    return Pause;
                }),
            ],
            line =>
            {
                _reports.Add(line);
                if (_reports.Count == 1) throw new IOException("The log can't be written.");
            },
            _time).Run(_stop.Token);
        Assert.StartsWith("Failing has stopped until the next restart: System.IO.IOException: The log can't be written.", _reports[1],
            StringComparison.Ordinal);
        Assert.False(running.IsCompleted);
        await _stop.CancelAsync();
        await Assert.ThrowsAsync<IOException>(() => running.WaitAsync(Patience.Limit, Cancel));
    }

    private PeriodicDuties Run(params PeriodicDuty[] duties)
    {
        var all = new PeriodicDuties(duties, _reports.Add, _time);
        _running = all.Run(_stop.Token);
        return all;
    }

    private async Task<TimeSpan> Count(CancellationToken cancel)
    {
        await _runs.Writer.WriteAsync(++_count, cancel);
        return Pause;
    }

    private async Task Next(int run) =>
        Assert.Equal(run, await _runs.Reader.ReadAsync(Cancel).AsTask().WaitAsync(Patience.Limit, Cancel));

    /// <summary>Tells that somebody waits.</summary>
    private sealed class SeenTime : FakeTimeProvider
    {
        private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _waits.Writer.TryWrite(dueTime);
            return timer;
        }

        /// <summary>The next wait, which has to be this long.</summary>
        public async Task Waited(TimeSpan span) =>
            Assert.Equal(span, await _waits.Reader.ReadAsync(Cancel).AsTask().WaitAsync(Patience.Limit, Cancel));
    }
}
