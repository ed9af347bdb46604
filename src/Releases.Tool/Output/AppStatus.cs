namespace Releases.Tool;

/// <summary>What the record says of an app's releases right now: which is active, and which is being promoted.</summary>
/// <param name="App">The app.</param>
/// <param name="Lock">The lock of the promotion that runs; null: none does.</param>
/// <param name="Running">That promotion.</param>
internal sealed record AppStatus(App App, PromotionLock? Lock, Promotion? Running)
{
    /// <summary>A driver shows that it lives every few seconds; this long without a sign it counts as gone.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    public static async Task<AppStatus> Read(App app, IReleaseStore store, CancellationToken cancel)
    {
        var held = await store.FindLock(app.Name, cancel);
        return new(app, held, held is null ? null : await store.FindPromotion(app.Name, held.Promotion, cancel));
    }

    /// <summary>The STATUS of a release in JSON: <c>promoting</c> or <c>rollingBack</c>, <c>active</c>, <c>failed</c>, or none, in this order.</summary>
    public string? Code(Release release) =>
        Lock?.Release == release.Id ? Running?.Status == PromotionStatus.RollingBack ? "rollingBack" : "promoting"
        : App.Active == release.Id ? "active"
        : release.LastOutcome is PromotionStatus.Failed or PromotionStatus.Stuck ? "failed"
        : null;

    /// <summary>The same for people.</summary>
    public Cell CellOf(Release release, DateTimeOffset now) => Code(release) switch
    {
        "active" => new Cell("active", TextStyle.Good),
        "failed" => new("failed", TextStyle.Bad),
        "promoting" => new("promoting" + Gone(now), TextStyle.Busy),
        "rollingBack" => new("rolling back" + Gone(now), TextStyle.Busy),
        _ => "",
    };

    /// <summary><c> (driver gone 3h)</c> where the driver of the running promotion gave no sign for a while, else nothing.</summary>
    public string Gone(DateTimeOffset now) =>
        Lock is { } held && now - (held.RenewedAt ?? held.StartedAt) is var silent && silent >= Silence ? $" (driver gone {Coarse(silent)})" : "";

    /// <summary>Fails with <see cref="ProblemCode.Busy"/> while a promotion runs that somebody drives.</summary>
    public void RequireNoPromotion(DateTimeOffset now)
    {
        if (Lock is { } held && Gone(now).Length == 0) throw held.Busy().ToException();
    }

    private static string Coarse(TimeSpan span) => span switch
    {
        { TotalHours: < 1 } => $"{(int)span.TotalMinutes}m",
        { TotalDays: < 1 } => $"{(int)span.TotalHours}h",
        _ => $"{span.Days}d",
    };
}
