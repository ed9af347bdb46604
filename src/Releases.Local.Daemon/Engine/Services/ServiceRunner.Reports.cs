namespace Releases.Local;

/// <content>The reports of its instances.</content>
internal sealed partial class ServiceRunner
{
    public void BecameHealthy(ServiceInstance instance) => Change(() => _ = instance.TurnHealthy());

    /// <summary>Checks an instance again that may no longer be healthy.</summary>
    public void Recheck(ServiceInstance instance) => Change(() => _ = instance.Confirm());

    /// <summary>Reports that the reason why an instance isn't healthy has changed.</summary>
    public void ReasonChanged(ServiceInstance instance, string reason)
    {
        lock (_gate)
            if (!instance.ChangeReason(reason)) return;
        changed();
    }

    /// <summary>Restarts an instance with another port because another program has its port.</summary>
    public void LostPort(ServiceInstance instance, string reason) => Change(() =>
    {
        if (instance.State == InstanceState.Ending) return;
        if (IsOurs(instance)) _failures.AddLostPort(instance, reason);
        instance.End();
    });

    /// <summary>Fails the revision, because a restart of the instance would fail the same way.</summary>
    public void CannotBecomeHealthy(ServiceInstance instance, string reason, IReadOnlyList<string> lastLines) => Change(() =>
    {
        if (instance.State == InstanceState.Ending) return;
        if (IsOurs(instance)) _failures.AddFinal(instance, reason, lastLines, Scheduler.Threshold(_wanted.Desired));
        instance.End();
    });

    /// <summary>Removes an ended instance. If it ended by itself, that counts as a failure of its revision.</summary>
    public void HasEnded(ServiceInstance instance, InstanceEnd end, IReadOnlyList<string> lastLines) => Change(() =>
    {
        _instances.Remove(instance);
        if (instance.State != InstanceState.Ending) NoteFailure(instance, end, lastLines);
        instance.Dispose();
    });

    /// <summary>Ends an instance that is running but not healthy, which counts as a failure of its revision.</summary>
    public void IsUnhealthy(ServiceInstance instance, string reason, IReadOnlyList<string> lastLines) => Change(() =>
    {
        if (instance.State == InstanceState.Ending) return;
        NoteFailure(instance, new(reason), lastLines);
        instance.End();
    });
}
