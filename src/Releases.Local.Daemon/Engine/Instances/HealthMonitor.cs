using System.Net;

namespace Releases.Local;

/// <summary>
/// Watches the health of one process that listens, as long as it runs: by an answer every interval, and once a second by
/// the kernel alone, which sees a port change hands without the process being asked anything.
/// </summary>
internal sealed class HealthMonitor(
    ServiceInstance instance, ServiceProcess process, ProcessPort port, HealthProbe probe, TimeProvider time)
{
    private const int MaxFailedChecks = 3;
    private static readonly TimeSpan MinStartTime = TimeSpan.FromSeconds(60);
    /// <summary>Until then, a process that doesn't listen yet isn't reported.</summary>
    private static readonly TimeSpan ListenWarningDelay = TimeSpan.FromSeconds(3);

    /// <summary>Until then, it isn't searched for elsewhere, which reads every process of the system.</summary>
    private static readonly TimeSpan UsualStartTime = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan MinTimeElsewhere = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KernelCheckInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan InitialDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>How soon it is noticed that a starting process listens; that alone costs little to read.</summary>
    private static readonly TimeSpan ListenCheckInterval = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan MaxDelay = TimeSpan.FromMilliseconds(500);

    private readonly ProcessHealthCheck _check = new(probe);
    private readonly HealthCheck _health = instance.Revision.Service.Health;
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private DateTimeOffset? _elsewhereSince;

    /// <summary>Whether it, and no other process, still listens where it answered.</summary>
    public bool StillListens => port.IsUnchanged();

    /// <summary>Asks it once more, in addition to the running checks.</summary>
    public Task<HealthResult> CheckNow(CancellationToken cancel) => _check.Check(port, _health, cancel);

    /// <summary>Returns when the process is to end, or when it is cancelled.</summary>
    public async Task Run(CancellationToken ending)
    {
        var (failed, delay) = (0, InitialDelay);
        while (true)
        {
            var seen = await _check.Check(port, _health, ending);
            if (seen.Owner is { } owner)
            {
                instance.LostPort($"didn't get port {port.Number}, which {owner} has");
                return;
            }

            if (seen.Healthy)
            {
                failed = 0;
                _elsewhereSince = null;
                instance.BecomeHealthy();
                await IntervalOrChange(ending);
                continue;
            }

            if (seen.Refused && instance.State == InstanceState.Healthy) instance.Recheck();
            var (reason, isFinal) = IsExpected(seen) ? (seen.Reason!, false) : await Explain(seen, ending);
            if (!seen.Refused || _elsewhereSince is not null || time.GetUtcNow() - _startedAt >= ListenWarningDelay)
                instance.ReportUnhealthy(reason);
            if (isFinal)
            {
                instance.CannotBecomeHealthy(reason);
                return;
            }

            if (instance.State == InstanceState.Starting && time.GetUtcNow() - _startedAt < Longer(_health.Grace, MinStartTime))
            {
                await (seen.Refused ? DelayOrListening(delay, ending) : Task.Delay(delay, time, ending));
                delay = delay * 1.5 < MaxDelay ? delay * 1.5 : MaxDelay;
                continue;
            }

            if (++failed >= MaxFailedChecks)
            {
                instance.IsUnhealthy($"failed {MaxFailedChecks} health checks in a row: it {reason}");
                return;
            }

            await Task.Delay(_health.Interval, time, ending);
        }
    }

    /// <summary>Waits for the next check, which is due at once when something listens.</summary>
    private async Task DelayOrListening(TimeSpan delay, CancellationToken ending)
    {
        for (var left = delay; left > TimeSpan.Zero && !port.IsListenedAt; left -= ListenCheckInterval)
            await Task.Delay(left < ListenCheckInterval ? left : ListenCheckInterval, time, ending);
    }

    /// <summary>
    /// Waits for the next check, which is due at once where the process no longer listens, another program does, or it is no longer
    /// trusted.
    /// </summary>
    private async Task IntervalOrChange(CancellationToken ending)
    {
        for (var left = _health.Interval; left > TimeSpan.Zero && StillListens
            && instance.State == InstanceState.Healthy; left -= KernelCheckInterval)
            await Task.Delay(left < KernelCheckInterval ? left : KernelCheckInterval, time, ending);
    }

    private bool IsExpected(HealthResult seen) => seen.Refused && time.GetUtcNow() - _startedAt < UsualStartTime;

    /// <summary>
    /// What keeps it from being healthy. A process that listens elsewhere alone, and passes its check there, is ready and will not
    /// come to listen here; it gets the time that <c>health.grace</c> says, should it.
    /// </summary>
    private async Task<(string Reason, bool IsFinal)> Explain(HealthResult seen, CancellationToken ending)
    {
        if (!seen.Refused || ListeningSockets.ElsewhereThan(port.Number, process.ProcessId) is not { Count: > 0 } elsewhere)
        {
            _elsewhereSince = null;
            return (seen.Reason!, false);
        }

        var now = time.GetUtcNow();
        _elsewhereSince ??= now;
        var final = now - _elsewhereSince >= Longer(_health.Grace, MinTimeElsewhere)
            && (now - _startedAt >= Longer(_health.Grace, MinStartTime) || await AnswersAt(elsewhere, ending));
        return (WrongAddress(elsewhere), final);
    }

    private string WrongAddress(IReadOnlyList<IPEndPoint> elsewhere)
    {
        var artifact = instance.Revision.Spec.Content.Artifact;
        var (told, change) = artifact is { AspNetCore: true }
            ? ("PORT and ASPNETCORE_URLS tell", "remove its fixed address from app.Run(\"http://…\"), UseUrls, Urls or Kestrel:Endpoints")
            : ("PORT tells", "make it listen on the port in PORT");
        return $"listens on {string.Join(" and ", elsewhere)}, not on 127.0.0.1:{port.Number} as {told} it to; {change}";
    }

    private async Task<bool> AnswersAt(IReadOnlyList<IPEndPoint> elsewhere, CancellationToken ending)
    {
        foreach (var address in elsewhere)
            if (await probe.Check(Reachable(address), _health, ending) is { Healthy: true } or { SpeaksNoHttp: true }) return true;
        return false;
    }

    private static IPEndPoint Reachable(IPEndPoint at) =>
        at.Address.Equals(IPAddress.Any) ? new(IPAddress.Loopback, at.Port)
        : at.Address.Equals(IPAddress.IPv6Any) ? new(IPAddress.IPv6Loopback, at.Port)
        : at;

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
