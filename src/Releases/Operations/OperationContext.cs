namespace Releases;

/// <summary>Represents the context of an operation: the rack, the clock, the actor, and where to report progress.</summary>
/// <param name="Rack">The rack.</param>
/// <param name="Time">The clock.</param>
/// <param name="By">Determines the actor, for the records.</param>
/// <param name="Notes">Receives what an operation reports while it runs, immediately and in order.</param>
public sealed record OperationContext(
    Rack Rack, TimeProvider Time, Func<CancellationToken, Task<string>> By, IProgress<OperationNote> Notes)
{
    /// <summary>The trace that a promotion started here belongs to, or null if there is none.</summary>
    public PromotionTrace? Trace { get; init; }

    internal IReleaseStore Store => Rack.Store;

    internal DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>
    /// Reports that a daemon of another version does what is asked here. One that isn't running yet will be of this version.
    /// </summary>
    internal async Task SayOtherDaemon(CancellationToken cancel)
    {
        if ((await DaemonStatus(cancel))?.Version is not { } other || other == ToolVersion.Text) return;
        Say(
            $"The rack's daemon, which does this, has version {other}, this tool {ToolVersion.Text}.",
            ToolVersion.IsBelow(other)
                ? "Update this tool: dotnet tool update dotnet-convox"
                : Remedy.Do(Operation.RestartRack, "Update the daemon, which stops the services for a moment"));
    }

    /// <summary>
    /// Determines whether the running daemon gave the last beat of a promotion, so that it drives it even if the beat seems old: this
    /// machine's clock was set, or the machine slept. A beat from before its start is another daemon's, whose promotion it takes over.
    /// </summary>
    internal async Task<bool> IsDaemonsOwn(PromotionLock held, CancellationToken cancel) =>
        (await DaemonStatus(cancel))?.StartedAt <= (held.RenewedAt ?? held.StartedAt);

    /// <summary>Returns the status of the daemon, or null if there is none or it doesn't answer, as while it starts.</summary>
    private async Task<RackStatus?> DaemonStatus(CancellationToken cancel)
    {
        try
        {
            return Rack.Daemon is { } daemon ? await daemon.Status(cancel) : null;
        }
        catch (ProblemException silent) when (silent.Is(ProblemCode.Daemon))
        {
            return null;
        }
    }

    internal void Say(string text, Remedy? next = null) => Notes.Report(new OperationNote.Sentence(text, next));
}
