namespace Releases.Tool;

/// <summary>Represents what every page of the console needs.</summary>
/// <param name="Rack">The rack.</param>
/// <param name="Time">The clock.</param>
/// <param name="By">The name under which the buttons act.</param>
/// <param name="Follower">Follows the promotions that the buttons start.</param>
/// <param name="Report">The report for unexpected failures.</param>
/// <param name="IsShared">Whether others can reach the console.</param>
internal sealed record ConsoleContext(Rack Rack, TimeProvider Time, string By, PromotionFollower Follower,
    ErrorReport Report, bool IsShared = false)
{
    /// <summary>Gets the traces of the promotions that the buttons start.</summary>
    public PromotionTraces Traces { get; init; } = new(_ => null);

    public Sessions Sessions { get; } = new(Time, IsShared ? Session.SharedIdleTimeout : Session.MaxAge);

    public EventStreams Streams { get; } = new();

    public ActiveRequests ActiveRequests { get; } = new();

    public OneOffRuns Runs { get; } = new(Rack, Time, By, Report);

    public BackgroundErrors BackgroundErrors { get; } = new(Report);

    public ReleaseNames Releases { get; } = new(Rack.Store);
}
