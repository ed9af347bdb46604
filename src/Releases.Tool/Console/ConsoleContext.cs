namespace Releases.Tool;

/// <summary>What every page of the console needs.</summary>
/// <param name="Rack">The rack.</param>
/// <param name="Time">The clock.</param>
/// <param name="By">Who does what its buttons do.</param>
/// <param name="Follower">Follows the promotions that its buttons began.</param>
/// <param name="Report">Where an unexpected failure is reported too.</param>
/// <param name="IsShared">Whether others can reach the console.</param>
internal sealed record ConsoleContext(Rack Rack, TimeProvider Time, string By, PromotionFollower Follower,
    ErrorReport Report, bool IsShared = false)
{
    /// <summary>Traces of the promotions that buttons begin.</summary>
    public PromotionTraces Traces { get; init; } = new(_ => null);

    public Sessions Sessions { get; } = new(Time, IsShared ? Session.SharedIdleTimeout : Session.MaxAge);

    public EventStreams Streams { get; } = new();

    public ActiveRequests ActiveRequests { get; } = new();

    public OneOffRuns Runs { get; } = new(Rack, Time, By, Report);

    public BackgroundErrors BackgroundErrors { get; } = new(Report);

    public ReleaseNames Releases { get; } = new(Rack.Store);
}
