namespace Releases.Local;

/// <content>The failures of its instances, and how long they count.</content>
internal sealed partial class ServiceRunner
{
    private const string SideBySide =
        "Processes of a service run side by side, also old and new ones. If one of them has the port, set 'singleton: true' and a 'scale' "
        + "of 1 in convox.yml, so that only one runs at a time";

    private FailureHistory FailuresOf(ServiceInstance instance) => IsOurs(instance) ? _failures : _heldFailures;

    private void NoteFailure(ServiceInstance instance, InstanceEnd end, IReadOnlyList<string> lastLines)
    {
        var failures = FailuresOf(instance);
        // Of many instances one may fail every minute, and none of them again and again.
        if (!_wanted.Breaker && instance.Age >= FailureHistory.ForgetTime) failures.ResetCount();
        failures.Add(instance, end.Reason, lastLines, lastLines.Any(IsAddressInUse) && RunsBeside(instance) ? SideBySide : end.Hint);
    }

    /// <summary>A port that the rack gives to a process is no other's, so it is one that the program chose.</summary>
    private bool RunsBeside(ServiceInstance instance) => _instances.Any(i => i != instance && i.State != InstanceState.Ending);

    private static bool IsAddressInUse(string line) =>
        line.Contains("address already in use", StringComparison.OrdinalIgnoreCase)
        || line.Contains("EADDRINUSE", StringComparison.Ordinal);

    /// <summary>Forgets the failures before the instances became healthy for good. A release that was given up stays given up.</summary>
    private void ForgetOldFailures()
    {
        if (!_givenUp && AreHealthy(Ours, _wanted.Desired, FailureHistory.ForgetTime)) _failures.ResetCount();
        if (AreHealthy(Held, _wanted.Held ?? 0, FailureHistory.ForgetTime)) _heldFailures.ResetCount();
    }

    /// <summary>Determines whether there are enough instances, and all have been healthy for this long.</summary>
    private static bool AreHealthy(List<ServiceInstance> instances, int count, TimeSpan since) =>
        instances.Count >= count && instances.TrueForAll(i => i.HealthyFor >= since);

    /// <summary>Returns the time until the next instance after a failure has been healthy long enough, or null if none will.</summary>
    private TimeSpan? UntilProof() => _instances
        .Where(i => FailuresOf(i).Failures.Count > 0)
        .SelectMany(i => new[] { FailureHistory.ProofTime - i.HealthyFor, FailureHistory.ForgetTime - i.HealthyFor })
        .Where(left => left > TimeSpan.Zero)
        .Min();

    private List<ServiceInstance> Held => [.. _instances.Where(i => i.State != InstanceState.Ending && !IsOurs(i))];

    private static TimeSpan? Shorter(TimeSpan? one, TimeSpan? other) => one < other ? one : other ?? one;
}
