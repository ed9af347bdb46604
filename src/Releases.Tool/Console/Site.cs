namespace Releases.Tool;

/// <summary>What every page of the console is about.</summary>
/// <param name="Rack">The rack.</param>
/// <param name="Time">The clock.</param>
/// <param name="By">Who does what its buttons do.</param>
/// <param name="Followed">The promotions that its buttons began.</param>
/// <param name="Report">Where an unexpected failure is reported too.</param>
internal sealed record Site(Rack Rack, TimeProvider Time, string By, Followed Followed, ErrorReport Report)
{
    public Sessions Sessions { get; } = new(Time);

    public EventStreams Streams { get; } = new();

    public ActiveRequests ActiveRequests { get; } = new();

    public UnreportedErrors UnreportedErrors { get; } = new(Report);
}
