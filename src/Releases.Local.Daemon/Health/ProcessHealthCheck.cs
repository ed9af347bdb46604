namespace Releases.Local;

/// <summary>
/// Runs health checks that count only if the process itself answered: before and after the check, every socket that can accept its
/// connection belongs to the process, and they are the same sockets.
/// </summary>
internal sealed class ProcessHealthCheck(HealthProbe probe)
{
    public async Task<HealthResult> Check(ProcessPort port, HealthCheck check, CancellationToken cancel)
    {
        try
        {
            return await CheckOwn(port, check, cancel);
        }
        catch (IOException unreadable) when (OpenFileLimit.IsReached(unreadable))
        {
            return HealthResult.Unknown;
        }
    }

    private async Task<HealthResult> CheckOwn(ProcessPort port, HealthCheck check, CancellationToken cancel)
    {
        var before = port.Look();
        if (Explain(before, port.Number) is { } notIts) return notIts;
        var seen = await probe.Check(port.Number, check, cancel);
        var after = port.Look();
        if (after.Holder == PortHolder.Stranger) return HealthResult.Taken(after.Owner!, port.Number);
        if (!seen.Healthy) return seen;
        return Explain(after, port.Number)
            ?? (after.Sockets.SetEquals(before.Sockets) ? seen with { AnsweredByChild = after.IsHeldByChild }
                : HealthResult.Bad("started listening again while it was checked"));
    }

    private static HealthResult? Explain(PortState state, int port) => state.Holder switch
    {
        PortHolder.Nobody => HealthResult.NotThere($"doesn't listen on 127.0.0.1:{port}"),
        PortHolder.Stranger => HealthResult.Taken(state.Owner!, port),
        PortHolder.Background => HealthResult.Bad($"left {state.Owner}, which listens on port {port}, in the background, where the rack "
            + "can't supervise it; run it in the foreground"),
        PortHolder.Hidden =>
            HealthResult.Bad($"runs with other rights than the rack, so the rack can't see whether port {port} is its own"),
        _ => null,
    };
}
