namespace Releases;

/// <summary>Represents the recorded state of an app's releases: which one is active, and which one is being promoted.</summary>
/// <param name="App">The app.</param>
/// <param name="Lock">The lock of the running promotion, or null if none is running.</param>
/// <param name="Running">The running promotion.</param>
public sealed record AppStatus(App App, PromotionLock? Lock, Promotion? Running)
{
    /// <summary>Whether the rack has a daemon that isn't running, so that nothing drives an open promotion.</summary>
    public bool IsRackStopped { get; init; }

    /// <summary>Reads the status, and whether the rack is stopped if that matters.</summary>
    public static async Task<AppStatus> Read(App app, Rack rack, CancellationToken cancel)
    {
        var status = await Read(app, rack.Store, cancel);
        return status with { IsRackStopped = status.Lock is not null && rack.Daemon is { IsAlive: false } };
    }

    /// <summary>Reads the status.</summary>
    public static async Task<AppStatus> Read(App app, IReleaseStore store, CancellationToken cancel)
    {
        var held = await store.FindLock(app.Name, cancel);
        return new(app, held, held is null ? null : await store.FindPromotion(app.Name, held.Promotion, cancel));
    }

    /// <summary>
    /// Returns the status of a release, the first that applies: <c>promoting</c> or <c>rollingBack</c>, <c>active</c>, <c>pruned</c>,
    /// <c>failed</c>, or null.
    /// </summary>
    public string? Code(Release release) =>
        Lock?.Release == release.Id ? Running?.Status == PromotionStatus.RollingBack ? "rollingBack" : "promoting"
            : App.Active == release.Id ? "active"
            : release.PrunedAt is not null ? "pruned"
            : release.LastOutcome is PromotionStatus.Failed or PromotionStatus.Stuck ? "failed"
            : null;

    /// <summary>Determines whether there is an open promotion whose driver is gone.</summary>
    public bool IsAbandoned(DateTimeOffset now) => Lock is { } held && !held.IsDriven(now);

    /// <summary>
    /// Returns <c> (rack stopped)</c> or <c> (driver gone 3h)</c> if there is an open promotion that nothing drives, else an empty text.
    /// </summary>
    public string DriverGone(DateTimeOffset now) => Lock switch
    {
        null => "",
        _ when IsRackStopped => " (rack stopped)",
        { } held when !held.IsDriven(now) => $" (driver gone {LargestUnit(now - (held.RenewedAt ?? held.StartedAt))})",
        _ => "",
    };

    private static string LargestUnit(TimeSpan span) => span switch
    {
        { TotalHours: < 1 } => $"{(int)span.TotalMinutes}m",
        { TotalDays: < 1 } => $"{(int)span.TotalHours}h",
        _ => $"{span.Days}d",
    };
}
