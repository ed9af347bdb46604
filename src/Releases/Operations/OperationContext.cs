namespace Releases;

/// <summary>What every operation has: where it works, by which clock, for whom, and where it reports to.</summary>
/// <param name="Rack">The rack.</param>
/// <param name="Time">The clock.</param>
/// <param name="By">Finds out who asks, for the records.</param>
/// <param name="Notes">Takes what an operation reports while it runs, at once and in order.</param>
public sealed record OperationContext(
    Rack Rack, TimeProvider Time, Func<CancellationToken, Task<string>> By, IProgress<OperationNote> Notes)
{
    /// <summary>The trace that a promotion which begins here belongs to; null: none.</summary>
    public PromotionTrace? Trace { get; init; }

    internal IReleaseStore Store => Rack.Store;

    internal DateTimeOffset Now => Time.GetUtcNow();

    internal void Say(string text, Remedy? next = null) => Notes.Report(new OperationNote.Sentence(text, next));
}
