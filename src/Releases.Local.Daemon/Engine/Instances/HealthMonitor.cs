using System.Net;

namespace Releases.Local;

/// <summary>
/// Monitors the health of one listening process while it is running: with a health check every interval, and once a second through the
/// kernel alone, which shows that a port changed hands without a request to the process.
/// </summary>
internal sealed class HealthMonitor(
    ServiceInstance instance, ServiceProcess process, ProcessPort port, HealthProbe probe, TimeProvider time)
{
    private const int MaxFailedChecks = 3;
    private static readonly TimeSpan MinStartTime = TimeSpan.FromSeconds(60);
    /// <summary>How long a process may not listen before that is reported.</summary>
    private static readonly TimeSpan ListenWarningDelay = TimeSpan.FromSeconds(3);

    /// <summary>How long a process may not listen before its sockets are searched, which reads all processes of the system.</summary>
    private static readonly TimeSpan UsualStartTime = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan MinTimeElsewhere = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KernelCheckInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan InitialDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>How often to check whether a starting process listens, which costs little.</summary>
    private static readonly TimeSpan ListenCheckInterval = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan MaxDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How long a process whose child answers has to remain: one that moves to the background answers through its child while it exits.
    /// </summary>
    private static readonly TimeSpan ParentTime = TimeSpan.FromSeconds(1);

    private readonly ProcessHealthCheck _check = new(probe);
    private readonly HealthCheck _health = instance.Revision.Service.Health;
    private readonly long _startedAt = time.GetTimestamp();
    private long? _elsewhereSince;

    private TimeSpan Age => time.GetElapsedTime(_startedAt);

    /// <summary>Gets whether the process, and no other, still listens on its port.</summary>
    public bool StillListens => port.IsUnchanged();

    /// <summary>Runs a health check. Its reason has no secrets.</summary>
    public async Task<HealthResult> CheckNow(CancellationToken cancel)
    {
        var seen = await _check.Check(port, _health, cancel);
        // The path and the host may contain values of the environment.
        return seen.Reason is { } reason ? seen with { Reason = instance.Revision.Spec.Redactor.Redact(reason) } : seen;
    }

    /// <summary>Monitors the process. Returns when the process has to end, and throws when cancelled.</summary>
    public async Task Run(CancellationToken ending)
    {
        var (failed, delay, remained) = (0, InitialDelay, false);
        while (true)
        {
            var seen = await CheckNow(ending);
            if (seen.IsUnknown)
            {
                await Task.Delay(KernelCheckInterval, time, ending);
                continue;
            }

            if (seen.Owner is { } owner)
            {
                // What it left behind isn't another program.
                if (!process.IsAlive) return;
                instance.LostPort($"didn't get port {port.Number}, which {owner} has");
                return;
            }

            if (seen.Healthy)
            {
                failed = 0;
                _elsewhereSince = null;
                if (seen.AnsweredByChild && !remained)
                {
                    await Task.Delay(ParentTime, time, ending);
                    remained = true;
                    continue;
                }

                instance.BecomeHealthy();
                await IntervalOrChange(ending);
                continue;
            }

            if (seen.Refused && instance.State == InstanceState.Healthy) instance.Recheck();
            var (reason, isFinal) = IsExpected(seen) ? (seen.Reason!, false) : await Explain(seen, ending);
            if (!seen.Refused || _elsewhereSince is not null || Age >= ListenWarningDelay)
                instance.ReportUnhealthy(reason);
            if (isFinal)
            {
                instance.CannotBecomeHealthy(reason);
                return;
            }

            if (instance.State == InstanceState.Starting && Age < Longer(_health.Grace, MinStartTime))
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

    /// <summary>Waits for the next check, which is due at once when something listens on the port.</summary>
    private async Task DelayOrListening(TimeSpan delay, CancellationToken ending)
    {
        for (var left = delay; left > TimeSpan.Zero && !port.IsListenedAt; left -= ListenCheckInterval)
            await Task.Delay(left < ListenCheckInterval ? left : ListenCheckInterval, time, ending);
    }

    /// <summary>
    /// Waits for the next check, which is due at once when the process no longer listens, another program does, or its health is in doubt.
    /// </summary>
    private async Task IntervalOrChange(CancellationToken ending)
    {
        for (var left = _health.Interval; left > TimeSpan.Zero && StillListens
            && instance.State == InstanceState.Healthy; left -= KernelCheckInterval)
            await Task.Delay(left < KernelCheckInterval ? left : KernelCheckInterval, time, ending);
    }

    private bool IsExpected(HealthResult seen) => seen.Refused && Age < UsualStartTime;

    /// <summary>
    /// Returns why the process isn't healthy, and whether that is final. A process that listens only elsewhere and passes its check there
    /// is ready and won't listen here; in case it does, it gets the time in <c>health.grace</c>.
    /// </summary>
    private async Task<(string Reason, bool IsFinal)> Explain(HealthResult seen, CancellationToken ending)
    {
        if (!seen.Refused || ListeningSockets.ElsewhereThan(port.Number, process.ProcessId) is not { Count: > 0 } elsewhere)
        {
            _elsewhereSince = null;
            return (seen.Reason!, false);
        }

        _elsewhereSince ??= time.GetTimestamp();
        var final = time.GetElapsedTime(_elsewhereSince.Value) >= Longer(_health.Grace, MinTimeElsewhere)
            && (Age >= Longer(_health.Grace, MinStartTime) || await AnswersAt(elsewhere, ending));
        return (WrongAddress(elsewhere), final);
    }

    private string WrongAddress(IReadOnlyList<IPEndPoint> elsewhere)
    {
        var artifact = instance.Revision.Spec.Content.Artifact;
        var (told, change) = artifact is { AspNetCore: true }
            ? ("PORT and ASPNETCORE_URLS tell", "remove its fixed address from app.Run(\"http://…\"), UseUrls, Urls or Kestrel:Endpoints, "
                + $"or declare Kestrel__Endpoints__Http__Url=http://127.0.0.1:${{PORT}} in {ManifestReader.FileName}")
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
