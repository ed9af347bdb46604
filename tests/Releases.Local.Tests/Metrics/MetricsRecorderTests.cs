using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Metrics;

/// <summary>Minutes as a daemon writes them down.</summary>
public sealed class MetricsRecorderTests : IDisposable
{
    private static readonly ServiceKey Web = new(A.App, A.Web);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("metrics-");
    private readonly FakeTimeProvider _time = new(A.Moment + TimeSpan.FromSeconds(20));
    private readonly TrafficRegistry _traffic = new(TimeProvider.System);
    private readonly ReleaseId _release = ReleaseId.New();
    private readonly List<RunningProcess> _processes = [];

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_minute_has_what_happened_in_it()
    {
        using var recorder = Recorder();
        Serve(_release, 3, errors: 1);
        Pass(TimeSpan.FromMinutes(1));
        Serve(_release, 5);
        _time.Advance(TimeSpan.FromSeconds(10));

        var web = Assert.Single(recorder.Read(A.App, TimeSpan.FromHours(1)).Services);

        Assert.Equal((8, 1), (web.Traffic.Requests, web.Traffic.ServerErrors));
        Assert.Equal([(0, 3), (1, 5)],
            web.Minutes.Select(m => ((int)(m.At - MinuteRecord.MinuteOf(A.Moment)).TotalMinutes, (int)m.Traffic.Requests)));
        Assert.InRange(web.Traffic.P95!.Value.TotalMilliseconds, 20, 20 * 1.125);
    }

    [Fact]
    public void A_daemon_that_is_killed_loses_the_minute_that_ran_and_no_other()
    {
        using var killed = Recorder();
        Serve(_release, 3);
        Pass(TimeSpan.FromMinutes(1));
        Serve(_release, 5);

        using var successor = Recorder(new TrafficRegistry(TimeProvider.System));

        Assert.Equal(3, Assert.Single(successor.Read(A.App, TimeSpan.FromHours(1)).Services).Traffic.Requests);
    }

    [Fact]
    public void A_daemon_that_stops_writes_its_part_of_the_minute_and_the_next_adds_to_it()
    {
        using (Recorder()) Serve(_release, 3);
        var next = new TrafficRegistry(TimeProvider.System);
        using var successor = Recorder(next);
        Serve(_release, 4, traffic: next);

        var web = Assert.Single(successor.Read(A.App, TimeSpan.FromHours(1)).Services);

        Assert.Equal(7, Assert.Single(web.Minutes).Traffic.Requests);
    }

    [Fact]
    public void Releases_are_apart_and_a_promotion_of_the_same_one_is_not()
    {
        using var recorder = Recorder();
        var newer = ReleaseId.New();
        Serve(_release, 1);
        Pass(TimeSpan.FromMinutes(1));
        Serve(_release, 2);
        Serve(newer, 4);

        var services = recorder.Read(A.App, TimeSpan.FromHours(1)).Services;

        Assert.Equal([(_release, 3L), (newer, 4L)], services.Select(s => (s.Release, s.Traffic.Requests)));
    }

    [Fact]
    public void A_process_without_requests_has_minutes_of_processor_and_memory()
    {
        _processes.Add(new("worker-1", A.Web, _release, ProcessStatus.Healthy, _time.GetUtcNow(), 0, Environment.ProcessId, 4096));
        using var recorder = Recorder();
        Pass(TimeSpan.FromMinutes(1));

        var read = recorder.Read(A.App, TimeSpan.FromHours(1));

        var minute = Assert.Single(read.Services).Minutes[0];
        Assert.Equal((1, 4096, 0), (minute.Processes, minute.MemoryBytes, (int)minute.Traffic.Requests));
        Assert.True(!OperatingSystem.IsLinux() || minute.Cpu > TimeSpan.Zero);
        Assert.True(!OperatingSystem.IsLinux() || Assert.Single(read.Processes).Cpu > 0);
    }

    [Fact]
    public void Minutes_older_than_asked_for_are_left_out()
    {
        using var recorder = Recorder();
        for (var i = 0; i < 5; i++)
        {
            Serve(_release, 1);
            Pass(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(3, Assert.Single(recorder.Read(A.App, TimeSpan.FromMinutes(3)).Services).Traffic.Requests);
    }

    [Fact]
    public void A_disk_that_refuses_costs_minutes_and_nothing_else()
    {
        using var recorder = Recorder(file: _folder.FullName);
        Serve(_release, 1);
        Pass(TimeSpan.FromMinutes(1));
        Serve(_release, 2);
        Pass(TimeSpan.FromMinutes(1));

        Assert.Equal([], recorder.Read(AppName.Parse("other"), TimeSpan.FromHours(1)).Services);
    }

    [Fact]
    public void A_minute_that_ends_while_the_daemon_stops_is_written_once()
    {
        var late = new LateTimer(_time);
        using (new MetricsRecorder(
            _traffic, () => [], new(Path.Combine(_folder.FullName, "metrics.ring")), new(_time), late)) Serve(_release, 3);
        Serve(_release, 4);

        late.Fire();

        using var successor = Recorder(new TrafficRegistry(TimeProvider.System));
        Assert.Equal(3, Assert.Single(successor.Read(A.App, TimeSpan.FromHours(1)).Services).Traffic.Requests);
    }

    /// <summary>A clock whose timer fires when it was disposed already.</summary>
    private sealed class LateTimer(TimeProvider time) : TimeProvider
    {
        private TimerCallback _fire = _ => { };

        public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _fire = callback;
            return time.CreateTimer(_ => { }, state, Timeout.InfiniteTimeSpan, period);
        }

        public void Fire() => _fire(null);
    }

    private MetricsRecorder Recorder(TrafficRegistry? traffic = null, string? file = null) => new(
        traffic ?? _traffic, () => [new(Web, _release, null, 1, null, [.. _processes])],
        new(file ?? Path.Combine(_folder.FullName, "metrics.ring")),
        new(_time), _time);

    private void Serve(ReleaseId release, int count, int errors = 0, TrafficRegistry? traffic = null)
    {
        var served = (traffic ?? _traffic).Use(Web, release, PromotionId.New()).Traffic;
        for (var i = 0; i < count; i++)
        {
            served.Requested();
            served.Answered(i < errors ? 500 : 200, TimeSpan.FromMilliseconds(20));
        }
    }

    private void Pass(TimeSpan time) => _time.Advance(time);
}
