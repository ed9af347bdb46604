namespace Releases.Tool;

/// <summary>Represents the requests of the new and the old release while a promotion moves the traffic between them.</summary>
/// <param name="Since">When the traffic began to move, at the grain of a minute.</param>
/// <param name="Services">The releases of each service that the requests reached.</param>
internal sealed record TrafficComparison(DateTimeOffset Since, IReadOnlyList<ServiceMetrics> Services)
{
    private static readonly TimeSpan Grain = TimeSpan.FromMinutes(1);

    /// <summary>Reads the comparison, or returns null if no traffic moves or the rack doesn't measure it.</summary>
    public static async Task<TrafficComparison?> Read(PageRequest request, ProgressView progress)
    {
        var promotion = progress.Promotion;
        if (request.Rack.Metrics is not { } metrics || progress.CurrentStep is null) return null;
        if (promotion.Steps.FirstOrDefault(s => s.Percent > 0) is not { } first) return null;
        var since = TimeSpan.FromMinutes(Math.Ceiling((request.Now - first.Since) / Grain));
        var read = await metrics.Read(promotion.App, since < Grain ? Grain : since, request.Cancel);
        return new(read.From, [.. read.Services
            .Where(s => s.Release == promotion.Release || s.Release == promotion.Previous)
            .Where(s => s is not { Traffic: { Requests: 0, Failed: 0 }, InFlight: 0 })]);
    }
}
