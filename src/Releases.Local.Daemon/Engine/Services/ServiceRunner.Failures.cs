namespace Releases.Local;

/// <content>The failures of its instances, and how long they count.</content>
internal sealed partial class ServiceRunner
{
    private FailureHistory FailuresOf(ServiceInstance instance) => IsOurs(instance) ? _failures : _heldFailures;

    private void NoteFailure(ServiceInstance instance, string reason, IReadOnlyList<string> lastLines) =>
        FailuresOf(instance).Add(instance, reason, lastLines);

    /// <summary>Forgets the failures before the instances became healthy for good. A release that was given up stays given up.</summary>
    private void ForgetOldFailures()
    {
        if (!_givenUp && AreHealthy(Ours, _wanted.Desired, FailureHistory.ForgetTime)) _failures.ResetCount();
        if (AreHealthy(Held, _wanted.Held ?? 0, FailureHistory.ForgetTime)) _heldFailures.ResetCount();
    }

    /// <summary>Determines whether there are enough instances, and all have been healthy for this long.</summary>
    private bool AreHealthy(List<ServiceInstance> instances, int count, TimeSpan since) =>
        instances.Count >= count && instances.TrueForAll(i => i.HealthySince is { } healthy && time.GetUtcNow() - healthy >= since);

    /// <summary>Returns when the next instance after a failure has been healthy long enough, or null if none will.</summary>
    private DateTimeOffset? NextProof(DateTimeOffset now) => _instances
        .Where(i => FailuresOf(i).Failures.Count > 0 && i.HealthySince is not null)
        .SelectMany(i => new[] { i.HealthySince + FailureHistory.ProofTime, i.HealthySince + FailureHistory.ForgetTime })
        .Where(at => at > now)
        .Min();

    private List<ServiceInstance> Held => [.. _instances.Where(i => i.State != InstanceState.Ending && !IsOurs(i))];

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one < other ? one : other ?? one;
}
