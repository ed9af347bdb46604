namespace Releases.Local;

/// <content>What its instances report.</content>
internal sealed partial class ServiceRunner
{
    public void BecameHealthy(ServiceInstance instance) => Change(() =>
    {
        if (instance.TurnHealthy()) (IsOurs(instance) ? _failures : _heldFailures).ResetCount();
    });

    /// <summary>An instance may no longer be what it was seen to be.</summary>
    public void Recheck(ServiceInstance instance) => Change(() => _ = instance.Confirm());

    /// <summary>What keeps an instance from being healthy is known, or another thing than before.</summary>
    public void ReasonChanged() => changed();

    /// <summary>Another program has an instance's port: it is started again with another one.</summary>
    public void LostPort(ServiceInstance instance, string reason) => Change(() =>
    {
        if (instance.State == InstanceState.Ending) return;
        if (IsOurs(instance)) _failures.AddLostPort(instance, reason);
        instance.End();
    });

    /// <summary>Starting an instance again would come to the same: the revision has failed.</summary>
    public void CannotBecomeHealthy(ServiceInstance instance, string reason, IReadOnlyList<string> lastLines) => Change(() =>
    {
        if (instance.State == InstanceState.Ending) return;
        if (IsOurs(instance)) _failures.AddFinal(instance, reason, lastLines, Scheduler.Threshold(_wanted.Desired));
        instance.End();
    });

    /// <summary>An instance ended; by itself, that is a failure of its revision.</summary>
    public void HasEnded(ServiceInstance instance, string reason, IReadOnlyList<string> lastLines) => Change(() =>
    {
        _instances.Remove(instance);
        if (instance.State != InstanceState.Ending) NoteFailure(instance, reason, lastLines);
        instance.Dispose();
    });

    /// <summary>An instance lives and is not healthy: it is ended, and that is a failure of its revision.</summary>
    public void IsUnhealthy(ServiceInstance instance, string reason, IReadOnlyList<string> lastLines) => Change(() =>
    {
        if (instance.State == InstanceState.Ending) return;
        NoteFailure(instance, reason, lastLines);
        instance.End();
    });
}
