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

    internal void Say(string text, Remedy? next = null) => Notes.Report(new OperationNote.Sentence(text, next));
}
